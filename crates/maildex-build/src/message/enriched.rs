//! The text of `text/enriched` (RFC 1896) and `text/richtext` (RFC 1341), which mailers of the 1990s wrote.

/// Removes the commands. In enriched text a single line break is a blank and `<<` is a literal `<`; in richtext `<nl>`
/// breaks a line and `<lt>` is a `<`.
pub(super) fn text(source: &str, is_richtext: bool) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find(['<', '\n']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(lines) = rest.strip_prefix('\n') {
            let breaks = lines.bytes().take_while(|&byte| byte == b'\n').count();
            if breaks == 0 || is_richtext {
                out.push(' ');
            }
            out.extend(std::iter::repeat_n('\n', breaks));
            rest = &lines[breaks..];
        } else if let Some(tail) = rest.strip_prefix("<<").filter(|_| !is_richtext) {
            out.push('<');
            rest = tail;
        } else {
            rest = command(rest, &mut out);
        }
    }
    out.push_str(rest);
    out
}

/// Skips the command at the front, and for `<param>` and `<comment>` what it encloses.
fn command<'a>(rest: &'a str, out: &mut String) -> &'a str {
    // A command has at most 60 characters; a `<` without an end is text.
    let end = rest.char_indices().take(64).find(|&(_, c)| c == '>').map(|(at, _)| at);
    let Some(end) = end else {
        out.push('<');
        return &rest[1..];
    };
    let tail = &rest[end + 1..];
    match rest[1..end].to_ascii_lowercase().as_str() {
        "nl" | "np" => out.push('\n'),
        "lt" => out.push('<'),
        "paragraph" | "/paragraph" => out.push_str("\n\n"),
        "param" => return after(tail, "</param>"),
        "comment" => return after(tail, "</comment>"),
        _ => {}
    }
    tail
}

/// What follows `end`, looked for in the next 1,000 bytes so that unclosed commands cost no quadratic time.
fn after<'a>(tail: &'a str, end: &str) -> &'a str {
    let near = &tail[..tail.floor_char_boundary(1000)];
    near.find(end).map_or(tail, |at| &tail[at + end.len()..])
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn enriched() {
        let source = "<bold>Now</bold> is\nthe time\n\nfor <color><param>red</param>all</color> a << b";
        assert_eq!(text(source, false), "Now is the time\nfor all a < b");
    }

    #[test]
    fn richtext() {
        assert_eq!(text("a<nl>b <lt> c<comment>no</comment>", true), "a\nb < c");
        assert_eq!(text("1 < 2 and <", true), "1 < 2 and <");
    }

    #[test]
    fn unclosed_params_take_linear_time() {
        let source = "<param>".repeat(200_000);
        assert!(text(&source, false).is_empty());
    }
}
