//! Style attributes that are safe to show. Everything is built anew from an allow-list of properties and a narrow
//! grammar of values, so nothing that CSS may one day mean gets through: no `url()` or other function but colours, no
//! escapes, comments or at-rules, no `position`, no `!important`, no negative lengths.

/// Properties that keep their place on the page and load nothing.
const PROPERTIES: [&str; 56] = [
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "min-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "vertical-align",
    "white-space",
    "width",
];
/// Functions that only name a colour.
const FUNCTIONS: [&str; 4] = ["hsl", "hsla", "rgb", "rgba"];
/// Bytes of a style attribute that are read.
const MAX_STYLE: usize = 4096;

/// The safe declarations of a style attribute, or `None` where none is left.
pub(super) fn filter(style: &str) -> Option<String> {
    let style = &style[..style.floor_char_boundary(MAX_STYLE)];
    let mut out = String::new();
    // A semicolon inside a string or bracket leaves two pieces that the grammar refuses, or that are safe alone.
    for declaration in style.split(';') {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let property = property.trim().to_ascii_lowercase();
        if PROPERTIES.binary_search(&property.as_str()).is_err() {
            continue;
        }
        let value = value.trim().to_ascii_lowercase();
        let value = value.strip_suffix("!important").unwrap_or(&value).trim_end();
        if !is_plain(value) {
            continue;
        }
        if !out.is_empty() {
            out.push(';');
        }
        out.push_str(&property);
        out.push(':');
        out.push_str(value);
    }
    (!out.is_empty()).then_some(out)
}

/// Words, numbers, colours and quoted font names; brackets only after a colour function.
fn is_plain(value: &str) -> bool {
    if value.is_empty() || value.len() > 200 {
        return false;
    }
    let mut rest = value;
    let mut quote = None;
    let mut depth = 0;
    while let Some(c) = rest.chars().next() {
        let tail = &rest[c.len_utf8()..];
        match c {
            '"' | '\'' if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            'a'..='z' if quote.is_none() => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                if after.starts_with('(') && !FUNCTIONS.contains(&word) {
                    return false;
                }
                depth += i32::from(after.starts_with('('));
                rest = after.strip_prefix('(').unwrap_or(after);
                continue;
            }
            ')' if quote.is_none() && depth > 0 => depth -= 1,
            // A minus before a digit is a negative length, which could cover other text.
            '-' if quote.is_none() && tail.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
                return false;
            }
            'a'..='z' | '0'..='9' | ' ' | '#' | '%' | ',' | '.' | '-' | '_' => {}
            _ => return false,
        }
        rest = tail;
    }
    quote.is_none() && depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_sorted() {
        assert!(PROPERTIES.is_sorted());
    }

    #[test]
    fn keeps_what_is_harmless() {
        let style =
            "COLOR: Red !important; font-family: 'Segoe UI', Arial; background:#fff; margin: 0 .5em 1px";
        let want = "color:red;font-family:'segoe ui', arial;background:#fff;margin:0 .5em 1px";
        assert_eq!(filter(style).as_deref(), Some(want));
        assert_eq!(filter("color: rgba(1, 2, 3, .5)").as_deref(), Some("color:rgba(1, 2, 3, .5)"));
    }

    #[test]
    fn refuses_everything_else() {
        for style in [
            "background: url(http://x/)",
            "background: u\\rl(http://x/)",
            "background:/**/url(//x)",
            "background:image-set('http://x' 1x)",
            "width: expression(alert(1))",
            "color: var(--x)",
            "color: attr(title)",
            "color: env(x)",
            "width: calc(1px)",
            "position: fixed",
            "behavior: url(#x)",
            "-moz-binding: url(x)",
            "margin: -100px",
            "content: 'x'",
            "@import 'x'",
            "font-family: 'x\u{201d}",
            "color: red} body {color: blue",
            "color: <!--",
            "filter: url(#x)",
            "cursor: url(x)",
            "list-style: url(x)",
            "font-family: \"a",
            "color: red)",
        ] {
            assert_eq!(filter(style), None, "{style}");
        }
    }
}
