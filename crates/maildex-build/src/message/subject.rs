//! The base subject of RFC 5256, section 2.1: what is left of a subject without the marks of replies and forwards.

use maildex_core::text::fold;

/// Marks of RFC 5256.
const STANDARD: [&str; 3] = ["re", "fw", "fwd"];
/// Extension: what localised mailers write for them (German, Scandinavian, Finnish, Dutch, Polish, French, Spanish,
/// Portuguese, Italian, Turkish, Hungarian, Chinese). One-letter marks are left out: they are too often words.
const LOCALISED: [&str; 22] = [
    "aw",
    "wg",
    "sv",
    "vs",
    "vb",
    "vl",
    "antw",
    "doorst",
    "odp",
    "pd",
    "tr",
    "réf",
    "ref",
    "rv",
    "res",
    "enc",
    "rif",
    "ynt",
    "ilt",
    "vá",
    "továbbítás",
    "reenv",
];
const LOCALISED_WIDE: [&str; 6] = ["回复", "回覆", "答复", "答覆", "转发", "轉寄"];

/// Removes the marks of replies and forwards, list tags at the front and `(fwd)` at the end, again and again until
/// nothing is left to remove; blanks are made single. The flag tells whether a mark of a reply or forward was among
/// them. Only the first 1,000 bytes count, which bounds the time that a row of tags takes.
pub fn base_subject(subject: &str) -> (String, bool) {
    let subject = &subject[..subject.floor_char_boundary(1000)];
    let single = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = single.as_str();
    let mut is_reply = false;
    loop {
        let before = rest.len();
        while let Some(shorter) = without_trailer(rest) {
            rest = shorter;
            is_reply = true;
        }
        loop {
            if let Some(shorter) = without_leader(rest) {
                rest = shorter;
                is_reply = true;
            } else if let Some(shorter) = blob(rest).filter(|shorter| !shorter.is_empty()) {
                rest = shorter;
            } else {
                break;
            }
        }
        rest = rest.trim();
        if let Some(inner) = strip_ascii_prefix(rest, "[fwd:").and_then(|inner| inner.strip_suffix(']')) {
            rest = inner.trim();
            is_reply = true;
        }
        if rest.len() == before {
            return (rest.to_owned(), is_reply);
        }
    }
}

/// What subjects are put in order by: the base subject, folded, without the signs that it begins with.
pub fn sort_key(subject: &str) -> String {
    fold(base_subject(subject).0.trim_start_matches(|c: char| !c.is_alphanumeric()))
}

/// Whether a subject says that the message passes another one on: `Fw: x`, `[list] Fwd: x`, `x (fwd)`, `[Fwd: x]`.
pub fn is_forward(subject: &str) -> bool {
    const WORDS: [&str; 6] = ["fw", "fwd", "wg", "tr", "rv", "enc"];
    let mut rest = subject.trim_start();
    if strip_ascii_prefix(rest, "[fwd:").is_some() || without_trailer(rest).is_some() {
        return true;
    }
    while let Some(shorter) = blob(rest) {
        rest = shorter;
    }
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    WORDS.contains(&rest[..end].to_lowercase().as_str()) && mark(rest).is_some()
}

fn without_trailer(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let at = text.len().checked_sub(5)?;
    text.get(at..)?.eq_ignore_ascii_case("(fwd)").then(|| text[..at].trim_end())
}

/// `*subj-blob subj-refwd` at the front: tags followed by a mark.
fn without_leader(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    while let Some(shorter) = blob(rest) {
        rest = shorter;
    }
    mark(rest)
}

/// `[tag]` at the front and the blanks after it.
fn blob(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let end = inner.find(['[', ']'])?;
    inner[end..].strip_prefix(']').map(str::trim_start)
}

/// `re:`, `Fwd :`, `Re[2]:`, `Re^3:`, `Re(2):`, `AW:` at the front and the blanks after it.
fn mark(text: &str) -> Option<&str> {
    let wide = LOCALISED_WIDE.iter().find_map(|word| text.strip_prefix(word));
    let rest = match wide {
        Some(rest) => rest,
        None => {
            let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
            let word = text[..end].to_lowercase();
            if !STANDARD.contains(&word.as_str()) && !LOCALISED.contains(&word.as_str()) {
                return None;
            }
            &text[end..]
        }
    };
    let rest = rest.trim_start();
    let rest = counter(rest).trim_start();
    let rest = rest.strip_prefix(':').or_else(|| rest.strip_prefix('：'))?;
    Some(rest.trim_start())
}

/// Skips how many times a mailer has replied: a tag (RFC 5256), or the extensions `^3`, `*3`, `(3)`.
fn counter(text: &str) -> &str {
    if let Some(rest) = blob(text) {
        return rest;
    }
    let Some(rest) = text.strip_prefix(['^', '*', '(']) else { return text };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if text.starts_with('(') { rest.strip_prefix(')').unwrap_or(text) } else { rest }
}

fn strip_ascii_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::{base_subject, is_forward, sort_key};

    #[track_caller]
    fn check(subject: &str, base: &str, is_reply: bool) {
        assert_eq!(base_subject(subject), (base.to_owned(), is_reply), "{subject:?}");
    }

    #[test]
    fn what_passes_another_on() {
        for subject in ["Fwd: x", "FW : x", "[list] Fw: x", "[a] [b] WG: x", "x (fwd)", "[Fwd: x]"] {
            assert!(is_forward(subject), "{subject}");
        }
        for subject in ["x", "Re: x", "forward: x", "[list] x", "Fw x", ""] {
            assert!(!is_forward(subject), "{subject}");
        }
    }

    #[test]
    fn order() {
        for (subject, key) in [("Re: [list] \"Éa b\"", "ea b\""), ("FW: ", ""), ("...", ""), ("(a)", "a)")] {
            assert_eq!(sort_key(subject), key);
        }
    }

    #[test]
    fn rfc_5256() {
        check("lunch", "lunch", false);
        check("Re: lunch", "lunch", true);
        check("RE:re: Fwd:  lunch  today (fwd) (FWD)", "lunch today", true);
        check("[list] lunch", "lunch", false);
        check("[list]", "[list]", false);
        check("Re: [list] Re: [list] lunch", "lunch", true);
        check("[a] [b] re[2]: lunch", "lunch", true);
        check("[fwd: [fwd: lunch]]", "lunch", true);
        check("[Fwd: Re: [x] lunch (fwd)]", "lunch", true);
        check("Re:", "", true);
        check("", "", false);
        check("Regarding: lunch", "Regarding: lunch", false);
        check("re lunch", "re lunch", false);
    }

    #[test]
    fn extensions() {
        check("Re^3: lunch", "lunch", true);
        check("Re(12): Re*2: lunch", "lunch", true);
        check("AW: WG: Antw: SV: RE : lunch", "lunch", true);
        check("回复：转发: 午饭", "午饭", true);
        check("Re^3 lunch", "Re^3 lunch", false);
        check("C: drive", "C: drive", false);
    }

    #[test]
    fn odd_input() {
        check("[[[[", "[[[[", false);
        check("[fwd:", "[fwd:", false);
        check("é(fwd)", "é", true);
        check(&"Re: ".repeat(50_000), "", true);
        check(&"[".repeat(100_000), &"[".repeat(1000), false);
        check(&"[x]".repeat(100_000), "[", false);
    }
}
