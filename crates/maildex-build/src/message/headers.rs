//! The header block: who, when, which ids, and the fields that are kept as text.

use super::words::{self, Hint};
use super::{Mailbox, Message, ParseOptions, Problem, ProblemKind, date, mime, order, pipermail};

/// The fields that are kept, in lower case and in order. People, subject and date; ids; the list; the program and the
/// organisation; what Gmail, Google Groups, Yahoo Groups, Enron's export and Outlook know of threads, labels and
/// folders; and the top Content-Type. Trace, signatures and spam marks are left out: they are most of the bytes of
/// modern mail and nobody reads them. Fields that begin with `list-` or `resent-` are kept too, Resent-Bcc apart.
pub(super) const KEPT: [&str; 52] = [
    "apparently-to",
    "approved",
    "archived-at",
    "bcc",
    "cc",
    "comments",
    "content-language",
    "content-type",
    "date",
    "delivered-to",
    "disposition-notification-to",
    "envelope-to",
    "errors-to",
    "expires",
    "followup-to",
    "from",
    "importance",
    "in-reply-to",
    "keywords",
    "mail-followup-to",
    "mailing-list",
    "message-id",
    "newsgroups",
    "organisation",
    "organization",
    "original-message-id",
    "precedence",
    "priority",
    "references",
    "reply-to",
    "return-path",
    "sender",
    "sensitivity",
    "subject",
    "supersedes",
    "thread-index",
    "thread-topic",
    "to",
    "user-agent",
    "x-cc",
    "x-filename",
    "x-folder",
    "x-from",
    "x-gm-thrid",
    "x-gmail-labels",
    "x-google-groups",
    "x-keywords",
    "x-mailer",
    "x-newsreader",
    "x-origin",
    "x-original-to",
    "x-to",
];

/// Bytes of one field's value that are kept as text; ids and addresses are read from all of it.
const MAX_VALUE: usize = 64 << 10;
/// Fields that are kept.
const MAX_FIELDS: usize = 2_000;

/// Reads the header block of `root` into `message` and returns what it says about charsets.
pub(super) fn read<'m>(
    root: mime::Part<'m>,
    envelope: Option<i64>,
    options: &ParseOptions,
    message: &mut Message,
) -> Hint<'m> {
    let hint = hint(root);
    let mut found = Found::default();
    for (name, raw) in root.headers() {
        field(name, raw, hint, options, message, &mut found);
    }
    if message.from.is_empty() {
        message.from = std::mem::take(&mut found.sender);
    }
    if message.from.is_empty() {
        message.problems.push(Problem::new(ProblemKind::NoSender, ""));
    }
    if message.message_id.is_none() {
        message.problems.push(Problem::new(ProblemKind::NoMessageId, ""));
    }
    let header = found.date.as_deref().map(|text| (text, date::parse(text)));
    order::settle(header, envelope, &found.received, message);
    hint
}

/// What is read from fields and used only after the last one.
#[derive(Default)]
struct Found {
    date: Option<String>,
    received: Vec<i64>,
    sender: Vec<Mailbox>,
    has_subject: bool,
    has_from: bool,
    n_kept: usize,
}

fn field(
    name: &str,
    raw: &[u8],
    hint: Hint<'_>,
    options: &ParseOptions,
    message: &mut Message,
    found: &mut Found,
) {
    let lower = name.to_ascii_lowercase();
    if lower == "received" {
        found.received.extend(received_date(raw));
    }
    let is_blind = matches!(lower.as_str(), "bcc" | "resent-bcc" | "x-bcc");
    let is_kept = KEPT.binary_search(&lower.as_str()).is_ok()
        || lower.starts_with("list-")
        || lower.starts_with("resent-")
        || options.all_headers;
    if is_blind && !options.keep_bcc || !(is_kept || is_blind) {
        return;
    }
    let value = words::clean(raw, hint);
    match lower.as_str() {
        // Of doubled fields the first counts, as mail readers show it; a forged second one is further down.
        "from" if !found.has_from => {
            message.from = people(pipermail::restored(&value).as_deref().unwrap_or(&value));
            found.has_from = !message.from.is_empty();
        }
        "to" | "apparently-to" => message.to.extend(people(&value)),
        "cc" => message.cc.extend(people(&value)),
        "bcc" => message.bcc.extend(people(&value)),
        "delivered-to" | "envelope-to" | "x-original-to" => message.delivered_to.extend(people(&value)),
        "sender" => found.sender = people(&value),
        "subject" if !found.has_subject => {
            message.subject = one_line(&mime::unstructured(&value));
            found.has_subject = true;
        }
        "message-id" if message.message_id.is_none() => {
            message.message_id = ids(&value).into_iter().next();
        }
        "date" if found.date.is_none() => found.date = Some(one_line(&String::from_utf8_lossy(&value))),
        _ => {}
    }
    if found.n_kept < MAX_FIELDS {
        found.n_kept += 1;
        let text = text_value(&value);
        // Read of what is kept, so that whoever has the record reads the same ([`ids_of`]); some programs encode long ids.
        match lower.as_str() {
            "in-reply-to" => message.in_reply_to.extend(replied_ids(text.as_bytes())),
            "references" => message.references.extend(ids(text.as_bytes())),
            _ => {}
        }
        message.headers.push((name.to_owned(), text));
    }
}

fn text_value(value: &[u8]) -> String {
    let cut = &value[..value.len().min(MAX_VALUE)];
    one_line(&mime::unstructured(cut))
}

/// The charset of the first text part near the top and the top-level domain of the sender.
fn hint<'m>(root: mime::Part<'m>) -> Hint<'m> {
    let charset = root.param("charset").or_else(|| root.children().find_map(|part| part.param("charset")));
    let tld = root.header("from").and_then(|value| std::str::from_utf8(value).ok()).and_then(|value| {
        let domain = value.trim_end().trim_end_matches('>').rsplit_once('@')?.1;
        let label = domain.split([' ', '>', '\r', '\n', '(', ',']).next()?.rsplit_once('.')?.1;
        // Two letters are a country, which tells a language; `com` tells nothing.
        (label.len() == 2 && label.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(label)
    });
    Hint { charset, tld }
}

/// The date of a Received field stands after its last semicolon.
fn received_date(raw: &[u8]) -> Option<i64> {
    let at = raw.iter().rposition(|&byte| byte == b';')?;
    let text = std::str::from_utf8(&raw[at + 1..]).ok()?;
    date::parse(text).map(|stamp| stamp.time)
}

/// The mailboxes of an address field. What has neither name nor address is left out; words without an address are a
/// name (`To: Undisclosed recipients`).
pub(super) fn people(value: &[u8]) -> Vec<Mailbox> {
    let mut people = mime::mailboxes(value);
    for person in &mut people {
        person.name = one_line(&person.name);
        person.address = one_line(&person.address);
        if person.name.is_empty() && !person.address.contains('@') && person.address.contains(' ') {
            person.name = std::mem::take(&mut person.address);
        } else if person.address.starts_with('@') && !person.name.is_empty() {
            // `"a b"@example.org`: the quoted part is the local part, not a name.
            person.address = format!("\"{}\"{}", person.name, person.address);
            person.name.clear();
        }
    }
    people.retain(|person| !person.name.is_empty() || !person.address.is_empty());
    people
}

/// The ids of a Message-ID or References field: what stands in angle brackets without its blanks (folded ids), else
/// every word with an `@`, else the whole value where it is one word.
pub(super) fn ids(value: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(value);
    let mut ids = Vec::new();
    let mut rest = &*text;
    while let Some((_, tail)) = rest.split_once('<') {
        let Some((inner, after)) = tail.split_once('>') else { break };
        // `<a <b>`: the first bracket was never closed.
        let inner = inner.rsplit('<').next().unwrap_or(inner);
        push_id(inner, &mut ids);
        rest = after;
    }
    if ids.is_empty() {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        for word in &words {
            if word.contains('@') || words.len() == 1 {
                push_id(word.trim_matches(['<', '>', ',', ';', '"']), &mut ids);
            }
        }
    }
    ids
}

impl Message {
    /// The conversation that Gmail says it belongs to, as its exports have it (`X-GM-THRID`, a decimal number).
    pub fn conversation(&self) -> Option<u64> {
        let named = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-gm-thrid"));
        named.and_then(|(_, value)| value.trim().parse().ok())
    }
}

/// The ids of References and In-Reply-To among kept headers.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn ids_of(headers: &[(String, String)]) -> [Vec<String>; 2] {
    let of = |wanted: &str, read: fn(&[u8]) -> Vec<String>| {
        let own = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        own.flat_map(|(_, value)| read(value.as_bytes())).collect()
    };
    [of("references", ids), of("in-reply-to", replied_ids)]
}

fn push_id(text: &str, ids: &mut Vec<String>) {
    let id: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if !id.is_empty() {
        ids.push(id);
    }
}

/// The ids of In-Reply-To. Old mailers wrote a sentence there ("Message from Ann <ann@example.org> of … <id>"): then
/// brackets may hold an address, and the id stands last.
fn replied_ids(value: &[u8]) -> Vec<String> {
    let mut ids = ids(value);
    if ids.len() > 1 && has_prose(&String::from_utf8_lossy(value)) {
        ids.drain(..ids.len() - 1);
    }
    ids
}

fn has_prose(text: &str) -> bool {
    let mut depth = 0_u32;
    text.chars().any(|c| {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => return depth == 0 && c.is_alphabetic(),
        }
        false
    })
}

/// Text on one line: control characters become blanks, runs of blanks around them one.
pub(super) fn one_line(text: &str) -> String {
    let text = text.trim();
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_control() {
            gap = true;
            continue;
        }
        if gap && c == ' ' {
            continue;
        }
        if gap && !out.ends_with(' ') {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_names_are_sorted() {
        assert!(KEPT.is_sorted());
    }

    #[test]
    fn ids_in_the_wild() {
        assert_eq!(ids(b" <a@b> <c@d>"), ["a@b", "c@d"]);
        assert_eq!(ids(b" <a\r\n @b>"), ["a@b"]);
        assert_eq!(ids(b" a@b"), ["a@b"]);
        assert_eq!(ids(b" some words"), Vec::<String>::new());
        assert_eq!(ids(b" 12345"), ["12345"]);
        assert_eq!(ids(b" <a@b"), ["a@b"]);
        assert_eq!(ids(b" <x <a@b>"), ["a@b"]);
        assert_eq!(ids(b" <>"), Vec::<String>::new());
    }

    #[test]
    fn replies_with_prose() {
        let value = b" Message from Ann <ann@example.org> of \"Mon, 1 Jan 2001\" <1@example.org>";
        assert_eq!(replied_ids(value), ["1@example.org"]);
        assert_eq!(replied_ids(b" <1@a> <2@b>"), ["1@a", "2@b"]);
        assert_eq!(replied_ids(b" <1@a> (Ann's message)"), ["1@a"]);
    }

    #[test]
    fn one_line_joins() {
        assert_eq!(one_line(" a\r\n\tb \u{0} c\n"), "a b c");
    }
}
