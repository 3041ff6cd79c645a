//! Names of files and of mail folders, as a reader sees them.

/// What holds a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A file of many messages: the file is the mail folder.
    Mbox,
    /// A file of one message: the mail folder is the folder around it.
    File,
}

/// The path of a container's member without anything that could lead elsewhere or change a terminal: no `..`, no
/// drive, no control characters. It is only ever shown, never opened.
pub(crate) fn clean_path(name: &str) -> String {
    let parts = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    let parts = parts.filter(|part| !(part.len() == 2 && part.ends_with(':')));
    let path = parts.map(clean_name).collect::<Vec<_>>().join("/");
    if path.is_empty() { "unnamed".to_owned() } else { path }
}

/// One name, with U+FFFD for control characters, for characters that turn the direction of writing, and for slashes.
pub(crate) fn clean_name(name: &str) -> String {
    let bad = |c: char| {
        c.is_control()
            || matches!(c, '/' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    name.chars().map(|c| if bad(c) { '\u{FFFD}' } else { c }).collect()
}

/// The mail folder of a message in the file `path` (as in [`crate::input::Place::path`]) of the input `source`.
pub(crate) fn mail_folder(source: &str, path: &str, holder: Holder) -> String {
    let whole = if path.is_empty() { source } else { path };
    let mut parts: Vec<&str> = whole.split('/').collect();
    let file = parts.pop().unwrap_or_default();
    if holder == Holder::File {
        if matches!(parts.last(), Some(&("cur" | "new"))) {
            parts.pop();
            return maildir_folder(&parts);
        }
        if path.is_empty() {
            return String::new();
        }
    }
    let mut names: Vec<&str> = parts.iter().copied().map(stem).collect();
    if holder == Holder::Mbox {
        // Apple Mail keeps the mailbox X in X.mbox/mbox.
        let around = parts.last().copied().unwrap_or(source);
        match (file == "mbox" && around.ends_with(".mbox"), parts.is_empty()) {
            (true, true) => names.push(stem(source)),
            (true, false) => {}
            (false, _) => names.push(stem(file)),
        }
    }
    names.join("/")
}

/// The mail folder of a file in Apple Mail's tree, which is all the `X.mbox` around it; `None` outside of such a tree.
/// What lies between is Apple's: `V10`, ids of accounts, `Data/1/2/Messages`.
pub(crate) fn apple_folder(path: &str) -> Option<String> {
    let folders = path.rsplit_once('/')?.0.split('/');
    let names: Vec<&str> = folders.filter_map(|name| name.strip_suffix(".mbox")).collect();
    (!names.is_empty()).then(|| names.join("/"))
}

/// Tells whether a file that holds one message after a separator is named as a message is and not as a mailbox:
/// `00001.7c53…`, `12.`, `note.eml`, but not `Drafts`.
pub(crate) fn is_message_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit()) || has_mail_ending(name) || name.ends_with(".txt")
}

/// Tells whether the name says that the file is a message: `.eml` and the like, or a number as in MH and CMU trees.
pub(crate) fn has_mail_ending(name: &str) -> bool {
    let number = name.strip_suffix('.').unwrap_or(name);
    let numeric = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let lower = name.to_ascii_lowercase();
    numeric || [".eml", ".msg", ".mail", ".email", ".mht"].iter().any(|ending| lower.ends_with(ending))
}

/// A file's or folder's name without the endings that tell how it is packed.
fn stem(name: &str) -> &str {
    let mut stem = name.strip_suffix('!').unwrap_or(name);
    let endings = [".gz", ".zst", ".xz", ".tgz", ".tzst", ".txz", ".tar", ".zip", ".mbox", ".sbd"];
    while let Some(shorter) =
        endings.iter().find_map(|ending| stem.strip_suffix(ending)).filter(|s| !s.is_empty())
    {
        stem = shorter;
    }
    stem
}

/// The name of a Maildir: `INBOX` for the outermost; in Maildir++, `.A.B` is the folder B of A.
fn maildir_folder(parts: &[&str]) -> String {
    let mut names = Vec::new();
    for part in parts {
        match part.strip_prefix('.') {
            Some(nested) => names.extend(nested.split('.').filter(|name| !name.is_empty()).map(utf7)),
            None => names.push(utf7(stem(part))),
        }
    }
    if names.is_empty() { "INBOX".to_owned() } else { names.join("/") }
}

/// Decodes IMAP's modified UTF-7 (RFC 3501 5.1.3); a name that is not valid in it stays as it is.
fn utf7(name: &str) -> String {
    decode_utf7(name).map_or_else(|| name.to_owned(), |decoded| clean_name(&decoded))
}

fn decode_utf7(name: &str) -> Option<String> {
    let mut decoded = String::new();
    let mut rest = name;
    while let Some((plain, shifted)) = rest.split_once('&') {
        let (base64, after) = shifted.split_once('-')?;
        decoded.push_str(plain);
        if base64.is_empty() {
            decoded.push('&');
        } else {
            decoded.push_str(&decode_utf16(base64)?);
        }
        rest = after;
    }
    decoded.push_str(rest);
    Some(decoded)
}

/// Base64 with `,` for `/` and without padding, of UTF-16BE.
fn decode_utf16(base64: &str) -> Option<String> {
    let (mut bits, mut n_bits) = (0_u32, 0);
    let mut units = Vec::new();
    for byte in base64.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b',' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        n_bits += 6;
        if n_bits >= 16 {
            n_bits -= 16;
            units.push((bits >> n_bits) as u16);
            bits &= (1 << n_bits) - 1;
        }
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_leads_nowhere_else() {
        assert_eq!(clean_path("../../etc/passwd"), "etc/passwd");
        assert_eq!(clean_path("/etc/./passwd"), "etc/passwd");
        assert_eq!(clean_path("C:\\mail\\..\\a.eml"), "mail/a.eml");
        assert_eq!(clean_path("a\u{1b}[31m\n/b\u{202E}gpj"), "a\u{FFFD}[31m\u{FFFD}/b\u{FFFD}gpj");
        assert_eq!(clean_path("../.."), "unnamed");
        assert_eq!(clean_path("Entwürfe/ä.eml"), "Entwürfe/ä.eml");
    }

    #[test]
    fn a_mailbox_is_named_after_its_file() {
        let check =
            |path: &str, expected: &str| assert_eq!(mail_folder("source.mbox", path, Holder::Mbox), expected);
        check("", "source");
        check("list-archive.9901", "list-archive.9901");
        check("Takeout/Mail/All mail.mbox", "Takeout/Mail/All mail");
        check("2001/july.mbox.gz", "2001/july");
        check("Local/Inbox.sbd/Work", "Local/Inbox/Work");
        check("Archive.mbox/mbox", "Archive");
        check("mbox", "source");
        assert_eq!(mail_folder("Mail", "mbox", Holder::Mbox), "mbox");
        check("mail.tar.gz!/a/b.mbox", "mail/a/b");
    }

    #[test]
    fn a_message_is_in_the_folder_around_it() {
        let check =
            |path: &str, expected: &str| assert_eq!(mail_folder("source", path, Holder::File), expected);
        check("", "");
        check("a.eml", "");
        check("skilling-j/sent_items/1.", "skilling-j/sent_items");
        check("cur/12.M3P4.host:2,S", "INBOX");
        check(".Lists.Rust/cur/12.M3P4.host:2,", "Lists/Rust");
        check("Work/new/12.M3P4.host", "Work");
        check(".Entw&APw-rfe/cur/1", "Entwürfe");
        check(".A &- B/cur/1", "A & B");
        check(".bad &utf/cur/1", "bad &utf");
    }

    #[test]
    fn apples_folders_are_the_mailboxes_around() {
        let path = "V10/1A-2B/Work.mbox/Old.mbox/3C-4D/Data/1/Messages/12.emlx";
        assert_eq!(apple_folder(path).as_deref(), Some("Work/Old"));
        assert_eq!(apple_folder("Messages/12.emlx"), None);
        assert_eq!(apple_folder("12.emlx"), None);
    }

    #[test]
    fn a_message_is_told_from_a_mailbox_by_its_name() {
        for name in ["00001.7c53336b37003a9286aba55d2945844c", "1.", "12", "x.eml", "x.EML", "mail.txt"] {
            assert!(is_message_name(name), "{name}");
        }
        for name in ["Drafts", "inbox", "mbox", "Sent.mbox"] {
            assert!(!is_message_name(name), "{name}");
        }
    }
}
