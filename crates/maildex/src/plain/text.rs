//! What people wrote, as text of HTML and XML.

use maildex_core::format::record::Person;

/// Makes a text safe between tags and in quoted attributes, of HTML and of XML. Characters that XML forbids, and those
/// that turn the direction of what follows, become U+FFFD: a name must not rearrange the line that it stands in.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\r' => {}
            '\t' | '\n' => safe.push(c),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {
                safe.push('\u{fffd}');
            }
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// A person without the address: the name, else what stands before the `@`.
pub(crate) fn person(person: &Person) -> String {
    let name = person.name.trim();
    let name = if name.is_empty() { &person.address } else { name };
    match name.split_once('@') {
        Some((before, _)) => format!("{before}@…"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_byte_becomes_markup() {
        assert_eq!(
            escape("<b a='\"'>&\u{0}\u{202e}x\r\n"),
            "&lt;b a=&#39;&quot;&#39;&gt;&amp;\u{fffd}\u{fffd}x\n"
        );
    }

    #[test]
    fn a_title_is_only_text() {
        assert_eq!(escape(r#"Amy's "<script>" & Co"#), "Amy&#39;s &quot;&lt;script&gt;&quot; &amp; Co");
    }

    #[test]
    fn no_address_is_shown() {
        let who = |name: &str, address: &str| person(&Person { name: name.into(), address: address.into() });
        assert_eq!(who("Amy Lind", "amy@harbour.example"), "Amy Lind");
        assert_eq!(who("", "amy@harbour.example"), "amy@…");
        assert_eq!(who("amy@harbour.example", "amy@harbour.example"), "amy@…");
    }
}
