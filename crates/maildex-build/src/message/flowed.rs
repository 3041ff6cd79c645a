//! Joins the lines of `format=flowed` text (RFC 3676), so that paragraphs are lines.

/// Undoes space-stuffing and joins soft-broken lines of the same quote depth. With `del_sp` the blank at a soft break
/// is not part of the text. `-- ` never flows.
pub(super) fn join(text: &str, del_sp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The depth of the paragraph that is still open.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|&byte| byte == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_signature = content == "-- ";
        if open != Some(depth) || is_signature {
            if open.is_some() {
                end_line(&mut out);
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !content.is_empty() {
                out.push(' ');
            }
        }
        let flows = content.ends_with(' ') && !is_signature;
        out.push_str(if flows && del_sp { &content[..content.len() - 1] } else { content });
        if flows {
            open = Some(depth);
        } else {
            open = None;
            out.push('\n');
        }
    }
    if open.is_some() {
        end_line(&mut out);
    }
    out
}

/// Ends a paragraph whose last line promised another one.
fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn paragraphs_quotes_and_signature() {
        let text = "One \ntwo.\n\n> quoted \n> more\n>> deeper \n> back \nmine\n-- \nme \nhere\n";
        let want = "One two.\n\n> quoted more\n>> deeper\n> back\nmine\n-- \nme here\n";
        assert_eq!(join(text, false), want);
    }

    #[test]
    fn space_stuffing_and_del_sp() {
        assert_eq!(join(" From here\n >not a quote\n", false), "From here\n>not a quote\n");
        assert_eq!(join("実 \n装\n", true), "実装\n");
        assert_eq!(join("> a \n", false), "> a\n");
        assert_eq!(join("", true), "");
    }

    #[test]
    fn many_quote_marks_are_linear() {
        let text = format!("{} \n", ">".repeat(1 << 20));
        assert_eq!(join(&text, false).len(), (1 << 20) + 1);
    }
}
