//! What reaches the terminal: colours only where they are wanted, and no control character of anyone's mail.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use anyhow::Result;
use serde::Serialize;

/// Where a command writes.
pub(crate) struct Terminal<'a> {
    /// The answer.
    pub(crate) out: &'a mut dyn Write,
    /// Everything that is said about the answer.
    pub(crate) err: &'a mut dyn Write,
    /// Colours and marks may be used in the answer.
    pub(crate) styled: bool,
    /// A person watches what is said about the answer: a moving bar may be drawn.
    pub(crate) watched: bool,
}

impl Terminal<'_> {
    /// Runs `work` with the terminal of this process. See <https://no-color.org> for the variable.
    pub(crate) fn with_process<T>(work: impl FnOnce(&mut Terminal<'_>) -> T) -> T {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let mut out = io::BufWriter::new(io::stdout().lock());
        let mut err = io::stderr();
        let styled = io::stdout().is_terminal() && !no_color;
        let watched = io::stderr().is_terminal();
        work(&mut Terminal { out: &mut out, err: &mut err, styled, watched })
    }

    /// Writes `value` as indented JSON, in which every character that [`line`] would change is escaped.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<()> {
        let json = serde_json::to_string_pretty(value)?;
        writeln!(self.out, "{}", escape_json(&json))?;
        Ok(())
    }

    /// Returns `text` in bold where styles are wanted.
    pub(crate) fn bold<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.style(text, "1")
    }

    /// Returns `text` dimmed where styles are wanted.
    pub(crate) fn dim<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.style(text, "2")
    }

    /// Returns `text` as a mark on a hit: bold and underlined, or unchanged.
    pub(crate) fn mark<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.style(text, "1;4")
    }

    fn style<'t>(&self, text: &'t str, code: &str) -> Cow<'t, str> {
        if self.styled && !text.is_empty() {
            Cow::Owned(format!("\x1b[{code}m{text}\x1b[0m"))
        } else {
            Cow::Borrowed(text)
        }
    }
}

/// Makes text of mail safe to print on one line: what moves the cursor, colours, rings or reorders is shown by its
/// number instead.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escape(text, is_active)
}

/// As [`line`], and lets line ends and tabs pass: for text of more than one line.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| c != '\n' && c != '\t' && is_active(c))
}

fn escape(text: &str, is_unsafe: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unsafe(c) {
            safe.push_str(&format!("<U+{:04X}>", u32::from(c)));
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// Characters that do something rather than show something: C0 and C1 controls (a terminal may read U+009B as
/// ESC [), line and paragraph separators, the bidirectional controls of UAX 9, the invisible ones that hide text
/// (zero width space, word joiner, byte order mark, tags). Joiners stay: Persian and emoji need them.
fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Escapes active characters in finished JSON. They can only stand inside its strings, except for the line ends
/// of the indentation.
fn escape_json(json: &str) -> Cow<'_, str> {
    if !json.chars().any(|c| c != '\n' && is_active(c)) {
        return Cow::Borrowed(json);
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if c != '\n' && is_active(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_cannot_steer_the_terminal() {
        let hostile = "a\x1b[31mred\x07\u{9b}2J\r\u{202e}gpj.exe\u{2066}\u{feff}\u{e0041}b";
        let safe = line(hostile);
        assert!(!safe.chars().any(is_active), "{safe:?}");
        assert_eq!(
            safe,
            "a<U+001B>[31mred<U+0007><U+009B>2J<U+000D><U+202E>gpj.exe<U+2066><U+FEFF><U+E0041>b"
        );
    }

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in ["", "Grüße, 日本語, עברית", "می\u{200c}خواهم 👩\u{200d}🔬"] {
            assert!(matches!(line(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn line_ends_pass_only_in_lines() {
        assert_eq!(line("a\n\tb"), "a<U+000A><U+0009>b");
        assert_eq!(lines("a\n\tb\rc"), "a\n\tb<U+000D>c");
    }

    #[test]
    fn json_stays_json_and_loses_nothing() {
        let hostile = "\x1b[2J\u{9b}\u{202e}\u{e0041}\n\"";
        let mut out = Vec::new();
        let mut err = Vec::new();
        let mut terminal = Terminal { out: &mut out, err: &mut err, styled: true, watched: false };
        terminal.json(&vec![hostile]).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert!(!json.chars().any(|c| c != '\n' && is_active(c)), "{json:?}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [hostile]);
    }

    #[test]
    fn styles_only_where_wanted() {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal { out: &mut out, err: &mut err, styled: false, watched: false };
        assert_eq!(terminal.mark("x"), "x");
        terminal.styled = true;
        assert_eq!(terminal.mark("x"), "\x1b[1;4mx\x1b[0m");
    }
}
