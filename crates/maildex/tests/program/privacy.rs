//! What must not be published is in no byte of what is built: not in a file as it lies there, not in a block of the
//! archive when it is unpacked, not in anything that a reader is shown.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use maildex_build::build::site::{SegmentEntry, read_manifest};
use maildex_core::format::block::SectionId;
use maildex_core::format::front::read_front;
use maildex_core::query::parse;
use maildex_core::{Archive, Request, Sort, Step};
use memchr::memmem::Finder;

use crate::maildex;

/// What must be nowhere, in lower case. They are made so that no other word holds them.
const SECRETS: [&str; 3] = ["zyxqwv", "vwqxyz", "\u{17c}\u{f3}\u{142}wik"];

/// How a secret may be written: as it is, in capitals, without accents, in UTF-16, in base64 at each of its places.
fn spellings(secret: &str) -> Vec<Vec<u8>> {
    let plain = maildex_core::text::fold(secret);
    let texts = [secret.to_owned(), secret.to_uppercase(), plain.clone(), plain.to_uppercase()];
    let mut all: Vec<Vec<u8>> = Vec::new();
    for text in texts {
        all.push(text.clone().into_bytes());
        all.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        for before in 0..3 {
            let coded = BASE64_STANDARD_NO_PAD.encode([&vec![0; before], text.as_bytes()].concat());
            // The first and last letters depend on what is around.
            let (from, until) = (before * 4 / 3 + usize::from(before > 0), coded.len() - 1);
            all.push(coded.as_bytes()[from..until].to_vec());
        }
    }
    all.retain(|own| own.len() >= 5);
    all
}

/// The spelling of a secret that stands in some bytes.
fn secret_in(bytes: &[u8]) -> Option<String> {
    static ALL: LazyLock<Vec<(Finder<'static>, Finder<'static>)>> = LazyLock::new(|| {
        let all = SECRETS.iter().flat_map(|secret| spellings(secret));
        all.map(|own| (Finder::new(&own).into_owned(), Finder::new(&own.to_ascii_lowercase()).into_owned()))
            .collect()
    });
    let lower = bytes.to_ascii_lowercase();
    let found = ALL.iter().find(|(own, small)| own.find(bytes).is_some() || small.find(&lower).is_some());
    found.map(|(own, _)| String::from_utf8_lossy(own.needle()).into_owned())
}

fn assert_clean(what: &str, bytes: &[u8]) {
    assert_eq!(secret_in(bytes), None, "in {what}");
}

#[test]
fn a_secret_is_seen_however_it_is_written() {
    let wide: Vec<u8> = "vwqxyz".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [b"xZyXqWvx".as_slice(), b"ZOLWIK", "\u{17b}\u{d3}\u{141}WIK".as_bytes(), &wide] {
        assert!(secret_in(bytes).is_some(), "{bytes:?}");
    }
    assert!(
        secret_in(base64::prelude::BASE64_STANDARD.encode("about zyxqwv and others").as_bytes()).is_some()
    );
    assert_eq!(secret_in(b"nothing of it"), None);
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, all) } else { all.push(path) }
    }
}

/// A frame of zstd, the magic of which is left out in the archive; nothing if it is none.
fn unpacked(payload: &[u8], dictionary: &[u8]) -> Vec<u8> {
    let framed = [&[0x28, 0xb5, 0x2f, 0xfd], payload].concat();
    let mut out = Vec::new();
    let reader = zstd::Decoder::with_dictionary(Cursor::new(framed), dictionary);
    let read = reader.and_then(|mut reader| std::io::copy(&mut reader, &mut out));
    if read.is_ok() { out } else { Vec::new() }
}

/// Every block of a segment, unpacked under every dictionary that there is. Gives how many were unpacked.
fn blocks(folder: &Path, entry: &SegmentEntry) -> usize {
    let blob: Vec<u8> =
        entry.shards.iter().flat_map(|shard| fs::read(folder.join(&shard.name)).expect("a shard")).collect();
    let front = read_front(&blob[..entry.front_length as usize]).expect("a front");
    assert_clean("the front", format!("{front:?}").as_bytes());
    let variable = |id: SectionId| {
        let mut payloads = Vec::new();
        for section in front.sections.iter().filter(|section| section.id == id && section.payload == 0) {
            let mut rest = &blob[section.start as usize..][..section.length as usize];
            while let Some((length, after)) = rest.split_first_chunk::<4>() {
                let n = u32::from_le_bytes(*length) as usize;
                payloads.push(after[..n].to_vec());
                rest = &after[n + 4..];
            }
        }
        payloads
    };
    let mut dictionaries = vec![Vec::new(), front.lines_dictionary.clone()];
    for id in [SectionId::TextsDictionary, SectionId::RecordsDictionary] {
        for payload in variable(id) {
            let content = unpacked(&payload, &[]);
            assert_clean(id.name(), &content);
            // A dictionary of zstd's begins with its magic; before it stands a list of words.
            let magic = [0x37, 0xa4, 0x30, 0xec];
            let at = content.windows(4).position(|window| window == magic).unwrap_or(content.len());
            dictionaries.push(content[at..].to_vec());
        }
    }
    let mut n = 0;
    for section in &front.sections {
        for payload in variable(section.id) {
            assert_clean(section.id.name(), &payload);
            for dictionary in &dictionaries {
                let content = unpacked(&payload, dictionary);
                n += usize::from(!content.is_empty());
                assert_clean(section.id.name(), &content);
            }
        }
    }
    n
}

/// All that a reader can be shown, and what a search for the secrets finds.
fn shown(folder: &Path) {
    let manifest = read_manifest(folder).expect("a manifest");
    let mut archive = Archive::new();
    for (number, entry) in manifest.segments.iter().enumerate() {
        entry.add_to(&mut archive).expect("a front");
        // The front of messages is in the manifest; that of other kinds comes with the first shard.
        for shard in &entry.shards[usize::from(!entry.front.is_empty())..] {
            let bytes = fs::read(folder.join(&shard.name)).expect("a shard");
            archive.put(number, shard.offset, &bytes).expect("sound bytes");
        }
    }
    fn done<T>(step: Result<Step<T>, maildex_core::Error>) -> T {
        match step.expect("a sound archive") {
            Step::Done(value) => value,
            Step::Missing(wants) => panic!("{wants:?} is missing"),
        }
    }
    let context = archive.context(0, false);
    let all = |text: &str| {
        let query = parse(text, &context);
        let request = Request { query: &query, typing: false, sort: Sort::Oldest, offset: 0, limit: 10_000 };
        done(archive.search(&request)).lines
    };
    for line in all("kind:any") {
        assert_clean("a line", format!("{line:?}").as_bytes());
        let message = done(archive.message(line.key)).expect("a message");
        assert_clean("a message", format!("{message:?}").as_bytes());
        assert_clean("a text", message.1.text.as_bytes());
        let html = done(archive.html(line.key)).unwrap_or_default();
        assert_clean("HTML", html.as_bytes());
        assert_clean("a thread", format!("{:?}", done(archive.thread(line.key))).as_bytes());
    }
    for secret in SECRETS {
        for query in [format!("*{secret}*"), format!("from:{secret}"), format!("attachment:{secret}")] {
            assert_eq!(all(&format!("kind:any {query}")).len(), 0, "{query}");
        }
    }
}

fn assert_site_is_clean(folder: &Path) {
    let mut all = Vec::new();
    files(folder, &mut all);
    for file in &all {
        assert_clean(&file.display().to_string(), &fs::read(file).expect("a file"));
    }
    let manifest = read_manifest(folder).expect("a manifest");
    let n: usize = manifest.segments.iter().map(|entry| blocks(folder, entry)).sum();
    assert!(n >= 5, "only {n} blocks could be unpacked");
    shown(folder);
}

/// Mail with secrets wherever a message has room for one.
fn planted(n: usize) -> String {
    let coded =
        base64::prelude::BASE64_STANDARD.encode("the words of Zyxqwv in a file, and others beside them");
    let secret = "\u{17b}\u{f3}\u{142}wik";
    let encoded = base64::prelude::BASE64_STANDARD.encode(secret);
    format!(
        "From ann@a.example Mon May  5 10:{:02}:{:02} 2003\n\
From: \"Ann Vwq\n Xyz\" <zyxqwv@a.example>\nTo: =?utf-8?b?{encoded}?= <bob@zyxqwv.example>\n\
Cc: vwqxyz@c.example (ZYXQWV)\nBcc: zyxqwv@d.example\nDelivered-To: zyxqwv@e.example\n\
Subject: About Zyx\n qwv and ZYXQWV =?iso-8859-1?q?and_zyxqwv?= {n}\n\
Message-ID: <{n}.zyxqwv@host.example>\nReferences: <{}.zyxqwv@host.example> <r@zyxqwv.example>\n\
List-Id: Zyxqwv's list <dev.zyxqwv.example>\nOrganization: ZYXQWV\nX-Folder: \\\\Zyxqwv\\Old\n\
X-Gmail-Labels: Inbox,Zyxqwv\nDate: Mon, 5 May 2003 10:{:02}:{:02} +0000\nMIME-Version: 1.0\n\
Content-Type: multipart/mixed; boundary=\"b\"; name*=utf-8''Zyx%71wv\n\n--b\n\
Content-Type: multipart/alternative; boundary=\"i\"\n\n--i\n\
Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n\
Number {n}: zy=\nxqwv, zy=C2=ADxqwv, Z=CC=87o=CC=81=C5=82wik, ann@c.vwqxyz.example.\n> from zyxqwv\n\
{}\n--i\nContent-Type: text/html\n\n<p title=\"Zyxqwv\">Z<b>yx</b>qwv &#90;yxqwv \
<a href=\"http://x.example/%7ayxqwv\">x</a><img src=\"data:image/png;base64,{coded}\"></p>\n--i--\n--b\n\
Content-Type: text/plain; name=\"zyxqwv.txt\"\nContent-Disposition: attachment; filename=\"zyxqwv.txt\"\n\
Content-Transfer-Encoding: base64\n\n{coded}\n--b\nContent-Type: text/x-vcard\n\
Content-Disposition: attachment; filename*=utf-8''Zyxqw%76.vcf\n\nBEGIN:VCARD\nFN:Zyx\n  qwv\nEND:VCARD\n--b\n\
Content-Type: text/calendar\nContent-ID: <zyxqwv@g.example>\n\nBEGIN:VCALENDAR\nSUMMARY:Zyxq\n wv\nEND:VCALENDAR\n\
--b\nContent-Type: message/rfc822\n\nFrom: Zyxqwv <v@w.vwqxyz.example>\nBcc: zyxqwv@x.example\nSubject: =?utf-8?q?Zyxqwv?=\n\n\
Inside zyxqwv\n--b--\n\n",
        n / 60 % 60,
        n % 60,
        n.saturating_sub(1),
        n / 60 % 60,
        n % 60,
        filling(n),
    )
}

/// Words that differ, so that words and dictionaries are learnt; with a secret among them.
fn filling(n: usize) -> String {
    let words = (0..500).map(|at| format!("w{} zyxqwv", (at * 7 + n * 13) % 900));
    words.collect::<Vec<_>>().chunks(8).map(|line| line.join(" ") + "\n").collect()
}

#[test]
fn what_is_blacked_out_is_in_no_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::create_dir(path.join("zyxqwv-mail")).expect("a folder");
    let mut mbox = fs::File::create(path.join("zyxqwv-mail/Vwqxyz.mbox")).expect("a file");
    (0..200).for_each(|n| mbox.write_all(planted(n).as_bytes()).expect("it is written"));
    fs::write(path.join("zyxqwv-mail/zyxqwv.png"), b"\x89PNG\r\n\x1a\n not mail").expect("a file");
    fs::write(path.join("list"), "zyxqwv\nvwqxyz\n/Vwq\\s+Xyz/i\n\u{17b}\u{f3}\u{142}wik\nnowhere\n")
        .expect("a file");
    let args =
        ["build", "zyxqwv-mail", "-o", "site", "--redact", "list", "--keep-bcc", "--crawlable", "--feed"];
    let built = maildex(path, &[&args[..], &["--report", "report.json"]].concat());
    assert!(built.status.success(), "{built:?}");
    let said = String::from_utf8(built.stdout).expect("text");
    assert!(said.contains("blacked out in 200 messages"), "{said}");
    assert!(said.contains("1 of 5 lines of the list are nowhere: 5"), "{said}");
    assert_clean("the report", &fs::read(path.join("report.json")).expect("a report"));
    assert_site_is_clean(&path.join("site"));
    let found = maildex(path, &["search", "site", "has:redaction", "--count"]);
    assert_eq!(String::from_utf8_lossy(&found.stdout).trim(), "200", "{found:?}");
}

#[test]
fn what_is_left_out_is_in_no_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let mail = |n: usize, from: &str, text: &str, more: &str| {
        format!(
            "From {from} Mon May  5 10:00:{n:02} 2003\nFrom: {from}\nTo: list@l.example\nSubject: Number {n}\n\
             Message-ID: <{n}@l.example>\n{more}Date: Mon, 5 May 2003 10:00:{n:02} +0000\n\n{text}\n\n"
        )
    };
    let secret = "Zyxqwv vwqxyz \u{17b}\u{f3}\u{142}wik";
    let box_one = [
        mail(1, "bob@b.example", "Hello", ""),
        mail(2, "zyxqwv@a.example", secret, ""),
        mail(3, "bob@b.example", "> a quote\nYes", "In-Reply-To: <2@l.example>\n"),
        mail(4, "bob@b.example", "No", "In-Reply-To: <2@l.example>\n"),
        mail(5, "carl@c.example", "Something else", ""),
    ];
    fs::write(path.join("one.mbox"), box_one.concat()).expect("a file");
    fs::write(
        path.join("two.mbox"),
        mail(2, "zyxqwv@a.example", secret, "") + &mail(6, "d@d.example", "Six", ""),
    )
    .expect("a file");
    let args = [
        "build",
        "one.mbox",
        "two.mbox",
        "-o",
        "site",
        "--exclude",
        "from:zyxqwv@a.example",
        "--report",
        "r.json",
    ];
    let built = maildex(path, &args);
    assert!(built.status.success(), "{built:?}");
    let said = String::from_utf8(built.stdout).expect("text");
    assert!(said.contains("2 left out\n"), "{said}");
    assert!(
        said.contains("2 messages in answer to what was left out, with its ids; 1 with quotes"),
        "{said}"
    );
    assert!(said.contains("two.mbox: 2 messages, 1 left out"), "{said}");
    assert_clean("the report", &fs::read(path.join("r.json")).expect("a report"));
    let mut all = Vec::new();
    files(&path.join("site"), &mut all);
    all.iter().for_each(|file| assert_clean(&file.display().to_string(), &fs::read(file).expect("a file")));
    read_manifest(&path.join("site")).expect("a manifest").segments.iter().for_each(|entry| {
        blocks(&path.join("site"), entry);
    });
    shown(&path.join("site"));
    let count = |query: &str| {
        let found = maildex(path, &["search", "site", query, "--count"]);
        String::from_utf8_lossy(&found.stdout).trim().to_owned()
    };
    assert_eq!((count("*"), count("thread:{subject:3}")), ("5".to_owned(), "2".to_owned()));
    // What is around is left out with it, in its conversation too.
    let args = ["build", "one.mbox", "-o", "site", "--exclude", "thread:{from:zyxqwv}", "--quiet"];
    assert!(maildex(path, &args).status.success());
    assert_eq!(count("*"), "2");
}

#[test]
fn a_query_that_is_not_understood_stops_the_build() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.mbox"), planted(1)).expect("a file");
    for (query, said) in [("frm:ann", "no operator"), ("*", "everything"), ("from:", "cannot leave out")] {
        let built = maildex(folder.path(), &["build", "a.mbox", "-o", "site", "--exclude", query]);
        assert_eq!(built.status.code(), Some(2), "{built:?}");
        assert!(String::from_utf8_lossy(&built.stderr).contains(said), "{built:?}");
    }
    let built = maildex(folder.path(), &["build", "a.mbox", "-o", "site", "--exclude", "zyxqwv"]);
    assert!(String::from_utf8_lossy(&built.stderr).contains("all messages are left out"), "{built:?}");
    let built = maildex(folder.path(), &["build", "a.mbox", "-o", "site", "--exclude", "label:spam"]);
    assert!(String::from_utf8_lossy(&built.stderr).contains("number 1 found no message"), "{built:?}");
}

#[test]
fn masked_addresses_are_nowhere_and_tell_people_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let mbox: String =
        (0..30).map(|n| planted(n).replace("zyxqwv@", "ann@").replace("vwqxyz@", "eve@")).collect();
    fs::write(path.join("a.mbox"), mbox).expect("a file");
    fs::write(path.join("key"), "sixteen bytes, and more").expect("a file");
    let args =
        ["build", "a.mbox", "-o", "site", "--mask-addresses", "--mask-key", "key", "--crawlable", "--feed"];
    let built = maildex(path, &args);
    assert!(built.status.success(), "{built:?}");
    let mut all = Vec::new();
    files(&path.join("site"), &mut all);
    for file in all.iter().filter(|file| !file.components().any(|part| part.as_os_str() == "assets")) {
        let bytes = fs::read(file).expect("a file");
        for domain in ["a.example", "c.example", "host.example", "w.vwqxyz"] {
            let is_in = bytes.windows(domain.len()).any(|window| window == domain.as_bytes());
            assert!(!is_in, "{} holds {domain}", file.display());
        }
    }
    let shown = maildex(path, &["show", "site", &first_key(path), "--json"]);
    let shown = String::from_utf8(shown.stdout).expect("text");
    assert!(shown.contains("ann@\u{2026}") && !shown.contains("@a.example"), "{shown}");
    let before = shown;
    assert!(maildex(path, &[&args[..], &["--quiet"]].concat()).status.success());
    let again = maildex(path, &["show", "site", &first_key(path), "--json"]);
    assert_eq!(String::from_utf8_lossy(&again.stdout), before);
}

fn first_key(path: &Path) -> String {
    let found = maildex(path, &["search", "site", "*", "--limit", "1", "--json"]);
    let found: serde_json::Value = serde_json::from_slice(&found.stdout).expect("JSON");
    found["hits"][0]["key"].as_str().expect("a key").to_owned()
}

#[test]
fn a_dry_run_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("a.mbox"), planted(1)).expect("a file");
    let built = maildex(path, &["build", "a.mbox", "-o", "site", "--dry-run"]);
    assert!(built.status.success(), "{built:?}");
    let said = String::from_utf8(built.stdout).expect("text");
    assert!(
        said.contains("1 in the archive") && said.contains("nothing was written; the site would be"),
        "{said}"
    );
    let left: Vec<_> =
        fs::read_dir(path).expect("a folder").map(|own| own.expect("a name").file_name()).collect();
    assert_eq!(left, ["a.mbox"]);
    assert_eq!(maildex(path, &["build", "a.mbox", "--dry-run", "--quiet"]).status.code(), Some(0));
    let mut list = fs::File::create(path.join("list")).expect("a file");
    list.write_all(b"a\n/(b/\n").expect("it is written");
    let built = maildex(path, &["build", "a.mbox", "--dry-run", "--redact", "list"]);
    assert!(
        String::from_utf8_lossy(&built.stderr).contains("list: line 2: expected a regular expression"),
        "{built:?}"
    );
}
