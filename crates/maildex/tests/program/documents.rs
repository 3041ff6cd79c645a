//! Attached documents: their words are found, and one that is made to do harm costs its own line in the report.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::pdf::{drawn, pdf};
use crate::{done, maildex};

/// A zip archive whose members are not packed.
fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let offset = file.len() as u32;
        let mut about = [20u16, 0, 0, 0, 0].map(u16::to_le_bytes).concat();
        let numbers = [crc32fast::hash(content.as_bytes()), content.len() as u32, content.len() as u32];
        about.extend(numbers.map(u32::to_le_bytes).concat());
        about.extend([name.len() as u16, 0].map(u16::to_le_bytes).concat());
        file.extend([b"PK\x03\x04", &about[..], name.as_bytes(), content.as_bytes()].concat());
        directory.extend(
            [b"PK\x01\x02\x14\0", &about[..], &[0; 10], &offset.to_le_bytes(), name.as_bytes()].concat(),
        );
    }
    let (start, n) = (file.len() as u32, members.len() as u16);
    file.extend_from_slice(&directory);
    file.extend_from_slice(b"PK\x05\x06");
    file.extend([0, 0, n, n].map(u16::to_le_bytes).concat());
    file.extend([directory.len() as u32, start].map(u32::to_le_bytes).concat());
    file.extend([0, 0]);
    file
}

fn document(content: &str) -> Vec<u8> {
    zip(&[("[Content_Types].xml", ""), ("word/document.xml", content)])
}

/// A mailbox of messages, each with one of the files, all under a name and a type that tell nothing.
fn mailbox(folder: &Path, files: &[Vec<u8>]) {
    let mail = |(number, file): (usize, &Vec<u8>)| {
        format!(
            "From ann@quay.example Thu Jan  1 00:00:{number:02} 2004\nFrom: Ann <ann@quay.example>\n\
             Date: Thu, 1 Jan 2004 00:00:{number:02} +0000\nMessage-ID: <{number}@quay.example>\nSubject: letter {number}\n\
             MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee the file\n\
             --b\nContent-Type: application/octet-stream; name=\"file{number}.bin\"\nContent-Disposition: attachment\n\
             Content-Transfer-Encoding: base64\n\n{}\n--b--\n\n",
            STANDARD.encode(file)
        )
    };
    let mails: String = files.iter().enumerate().map(mail).collect();
    fs::write(folder.join("a.mbox"), mails).expect("written");
}

/// The subjects of what a query finds.
fn found(folder: &Path, site: &str, query: &str) -> Vec<String> {
    let json =
        String::from_utf8(maildex(folder, &["search", site, query, "--json", "--sort", "oldest"]).stdout);
    let json = json.expect("text");
    let rows = json.split("\"subject\":").skip(1);
    rows.map(|row| row.trim_start().trim_start_matches('"').split('"').next().expect("a subject").to_owned())
        .collect()
}

/// The bytes of a site's index, by name.
fn index(site: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(site)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file() && !path.ends_with("about.json"))
        .map(|path| {
            (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(&path).expect("read"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn words_of_documents_are_found_and_give_their_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let secret =
        "<!DOCTYPE d [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><w:p><w:t>tide&e;mark</w:t></w:p>";
    mailbox(
        at,
        &[
            pdf(&drawn("The ferry leaves at nine"), ""),
            document("<w:p><w:t>The lighthouse</w:t></w:p><w:p><w:t>keeper</w:t></w:p>"),
            document(secret),
            zip(&[("plans/harbour.dwg", "x")]),
        ],
    );
    done(at, &["build", "a.mbox", "-o", "site"]);
    assert_eq!(found(at, "site", "attachment:\"ferry leaves\""), ["letter 0"]);
    assert_eq!(found(at, "site", "attachment:keeper"), ["letter 1"]);
    assert_eq!(found(at, "site", "attachment:tidemark"), ["letter 2"]);
    assert_eq!(found(at, "site", "attachment:harbour"), ["letter 3"]);
    let why = done(at, &["search", "site", "attachment:ferry", "--explain"]);
    assert!(why.contains("attachment text “ferry”"), "{why}");
    done(at, &["build", "a.mbox", "-o", "without", "--documents", "skip"]);
    assert!(found(at, "without", "attachment:ferry").is_empty());
}

#[test]
fn what_is_excluded_or_blacked_out_is_so_in_documents() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    mailbox(at, &[pdf(&drawn("The ferry leaves"), ""), document("<w:p><w:t>lighthouse keeper</w:t></w:p>")]);
    done(at, &["build", "a.mbox", "-o", "site", "--exclude", "attachment:ferry"]);
    assert_eq!(found(at, "site", ""), ["letter 1"]);
    fs::write(at.join("list.txt"), "lighthouse\n").expect("written");
    done(at, &["build", "a.mbox", "-o", "redacted", "--redact", "list.txt"]);
    assert!(found(at, "redacted", "attachment:lighthouse").is_empty());
    assert_eq!(found(at, "redacted", "attachment:keeper"), ["letter 1"]);
}

/// Each harmful file stands between others, whose words are all found, whoever read what.
#[cfg(unix)]
#[test]
fn a_harmful_document_costs_its_own_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let plain = |number: usize| pdf(&drawn(&format!("plain{number}")), "");
    let locked = zip(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", "x"),
        ("META-INF/manifest.xml", "<m:encryption-data/>"),
    ]);
    mailbox(
        at,
        &[
            plain(0),
            pdf("/Again Do", "/Again Do"),
            plain(2),
            locked,
            plain(4),
            b"PK\x03\x04 and no more".to_vec(),
            plain(6),
            document(&format!("<w:p><w:t>{}</w:t></w:p>", "much ".repeat(1 << 18))),
            plain(8),
            pdf("/Again Do", "/Again Do"),
        ],
    );
    done(at, &["build", "a.mbox", "-o", "site", "--report", "report.json", "--threads", "1"]);
    for number in [0, 2, 4, 6, 8] {
        assert_eq!(found(at, "site", &format!("attachment:plain{number}")), [format!("letter {number}")]);
    }
    let report = fs::read_to_string(at.join("report.json")).expect("read");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let rows = ["damages", "remarks"].map(|kind| report[kind].as_array().expect("rows").clone()).concat();
    let n_of = |name: &str| {
        let row = rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name}: {rows:?}"));
        row["n"].as_u64().expect("a number")
    };
    assert_eq!(n_of("attachment-failed"), 2);
    assert_eq!(n_of("attachment-locked"), 1);
    assert_eq!(n_of("attachment-damaged"), 1);
    assert_eq!(n_of("attachment-cut"), 1);
    assert_eq!(report["indexed"], 10);
    done(at, &["build", "a.mbox", "-o", "again", "--threads", "3"]);
    assert_eq!(index(&at.join("site")), index(&at.join("again")));
}
