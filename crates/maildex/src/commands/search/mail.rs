//! Messages as files of their own and as entries of a mailbox: as they came where the archive keeps originals.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use maildex_build::build::copy_file;
use maildex_core::format::line::Line;
use maildex_core::format::record::{Person, Record};

use crate::archive::Site;
use crate::kept;

/// Characters of a subject in a file name.
const SUBJECT: usize = 60;

/// The message as it came, with its SHA-256 compared; put together where the archive does not keep that.
pub(super) fn raw(site: &mut Site, line: &Line, record: &Record) -> Result<Vec<u8>> {
    let original = match record.original.is_some() {
        true => site.ask(|archive| archive.file(line.key, None))?.filter(|file| file.parts.is_some()),
        false => None,
    };
    let Some(file) = original else { return Ok(put_together(line.date, record).into_bytes()) };
    let mut bytes = Vec::new();
    copy_file(&site.folder, &file, &mut bytes)
        .with_context(|| format!("cannot read the original of {:016x}", line.key))?;
    Ok(bytes)
}

/// The name of a message's file: its day, its subject and its key, so that none is hidden and none is there twice.
pub(super) fn file_name(line: &Line, subject: &str) -> String {
    let time = line.date.and_then(|date| Timestamp::from_second(date).ok());
    let day = time.map(|time| time.strftime("%Y-%m-%d").to_string()).filter(|day| !day.starts_with('-'));
    let words =
        subject.split(|c: char| c.is_whitespace() || "/\\".contains(c)).filter(|word| !word.is_empty());
    let words: String = words.collect::<Vec<_>>().join(" ").chars().take(SUBJECT).collect();
    let words = match kept::safe_name(&words, 0) {
        name if name == "attachment-0" => String::new(),
        name => name + " ",
    };
    format!("{} {words}{:016x}.eml", day.as_deref().unwrap_or("undated"), line.key)
}

/// A message as an mbox has it: behind a separator, and lines that begin as one are quoted as in mboxrd.
pub(super) fn entry(date: Option<i64>, message: &[u8]) -> Vec<u8> {
    let time = date.and_then(|date| Timestamp::from_second(date).ok()).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut out = format!("From maildex@localhost {}\n", time.strftime("%a %b %e %H:%M:%S %Y")).into_bytes();
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        if line[marks..].starts_with(b"From ") {
            out.push(b'>');
        }
        out.extend_from_slice(line);
    }
    if !message.ends_with(b"\n") {
        out.push(b'\n');
    }
    out.push(b'\n');
    out
}

/// A message put together from what the archive keeps: its headers, decoded (RFC 6532), and its text. A header of its own
/// says so.
fn put_together(date: Option<i64>, record: &Record) -> String {
    let time = date.and_then(|date| Timestamp::from_second(date).ok()).unwrap_or(Timestamp::UNIX_EPOCH);
    let others = record.headers.iter().filter(|(name, _)| is_kept(name));
    let is_dated = date.is_none() || others.clone().any(|(name, _)| name.eq_ignore_ascii_case("date"));
    let id = if record.message_id.is_empty() { String::new() } else { format!("<{}>", record.message_id) };
    let sent =
        if is_dated { String::new() } else { time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string() };
    let (from, to, cc) = (addresses(&record.from), addresses(&record.to), addresses(&record.cc));
    let read = [("Message-ID", &id), ("Date", &sent), ("From", &from), ("To", &to), ("Cc", &cc)];
    let others = others.map(|(name, value)| (name.as_str(), value));
    let mut out = String::new();
    for (name, value) in read.into_iter().chain([("Subject", &record.subject)]).chain(others) {
        // A line end in a header would begin another one, or the text.
        let lines = value.split(['\r', '\n']).map(str::trim).filter(|one| !one.is_empty());
        let lines: Vec<&str> = lines.collect();
        if !lines.is_empty() {
            out += &format!("{name}: {}\n", lines.join("\n "));
        }
    }
    out += "X-Maildex-Reconstructed: headers and text as an archive keeps them; attachments and layout are not in it
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

";
    for line in record.text.trim_end_matches('\n').lines() {
        out += line;
        out.push('\n');
    }
    out
}

/// `"Amy Lee" <amy@acme.example>, …` (RFC 5322, section 3.4).
fn addresses(people: &[Person]) -> String {
    let plain = |text: &str| {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let one = |person: &Person| {
        let mailbox = format!("<{}>", plain(&person.address).replace(['<', '>'], ""));
        match plain(&person.name).replace('\\', "\\\\").replace('"', "\\\"") {
            name if name.is_empty() => mailbox,
            name => format!("\"{name}\" {mailbox}"),
        }
    };
    people.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Headers that have a name (RFC 5322, section 3.6.8), are not made of what the archive has read of them, and do not tell
/// how a body was packed, which here is text.
fn is_kept(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_packing =
        lower == "mime-version" || lower.starts_with("content-") || lower.starts_with("x-maildex-");
    let is_read = matches!(&*lower, "from" | "to" | "cc" | "subject" | "message-id");
    let is_name = !name.is_empty() && name.bytes().all(|byte| matches!(byte, b'!'..=b'9' | b';'..=b'~'));
    is_name && !is_packing && !is_read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn together(date: Option<i64>, record: &Record) -> String {
        String::from_utf8(entry(date, put_together(date, record).as_bytes())).expect("text is UTF-8")
    }

    #[test]
    fn a_reconstructed_message_says_so_and_its_text_ends_no_message() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let record = Record {
            headers: vec![
                header("From", "somebody else"),
                header("X-Note", "x\r\n\r\nFrom evil Thu"),
                header("Content-Type", "multipart/mixed; boundary=x"),
                header("X-Maildex-Reconstructed", "no"),
                header("Bad name", "left out"),
            ],
            message_id: "a@b".to_owned(),
            from: vec![Person { name: "Amy \"A\" \r\nBcc: x".into(), address: "amy@acme.example".into() }],
            subject: "a \"b\", c".to_owned(),
            text: "Hi\r\nFrom here\n>From there\n>>x\n\n\n".to_owned(),
            ..Record::default()
        };
        let expect = "\
From maildex@localhost Sun Sep  9 01:46:40 2001
Message-ID: <a@b>
Date: Sun, 09 Sep 2001 01:46:40 +0000
From: \"Amy \\\"A\\\" Bcc: x\" <amy@acme.example>
Subject: a \"b\", c
X-Note: x
 From evil Thu
X-Maildex-Reconstructed: headers and text as an archive keeps them; attachments and layout are not in it
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Hi
>From here
>>From there
>>x

";
        assert_eq!(together(Some(1_000_000_000), &record), expect);
        assert!(together(None, &record).starts_with("From maildex@localhost Thu Jan  1 00:00:00 1970\n"));
    }

    #[test]
    fn an_original_stands_in_a_mailbox_byte_for_byte_but_for_the_marks_of_mboxrd() {
        let check = |message: &[u8], expect: &[u8]| {
            let entry = entry(None, message);
            let (separator, rest) =
                entry.split_at(entry.iter().position(|b| *b == b'\n').expect("a line") + 1);
            assert_eq!(separator, b"From maildex@localhost Thu Jan  1 00:00:00 1970\n");
            assert_eq!(rest, expect);
        };
        check(b"A: b\r\n\r\nFrom me\r\n>>From you\r\n", b"A: b\r\n\r\n>From me\r\n>>>From you\r\n\n");
        check(b"> From\nFrom: z\n", b"> From\nFrom: z\n\n");
        check(b"no end \xff\0", b"no end \xff\0\n\n");
        check(b"", b"\n\n");
    }

    #[test]
    fn names_of_files_lead_nowhere_and_are_there_once() {
        let name = |date: Option<i64>, subject: &str| {
            file_name(&Line { key: 0xabc, date, ..Line::default() }, subject)
        };
        let of = |subject: &str| name(Some(1_000_000_000), subject);
        assert_eq!(of("Budget"), "2001-09-09 Budget 0000000000000abc.eml");
        assert_eq!(of("../../etc/passwd"), "2001-09-09 etc passwd 0000000000000abc.eml");
        assert_eq!(of("a\r\nb\u{202E}c"), "2001-09-09 a bc 0000000000000abc.eml");
        for nothing in ["", "..", "/", "\0"] {
            assert_eq!(of(nothing), "2001-09-09 0000000000000abc.eml", "{nothing:?}");
        }
        for date in [None, Some(i64::MAX), Some(i64::MIN), Some(-300_000_000_000)] {
            assert_eq!(name(date, ""), "undated 0000000000000abc.eml");
        }
        assert!(of(&"\u{1F600}".repeat(5000)).len() < 255);
        assert_eq!(of("CON"), "2001-09-09 _CON 0000000000000abc.eml");
    }
}
