use std::fs;
use std::io::Write;
use std::path::Path;

use tempfile::TempDir;

use super::*;

const ONE: &str = "From: a@b.example\nSubject: one\n\none\n";
const TWO: &str = "From a@b.example Sat Jan  3 01:05:34 1996\nFrom: a@b.example\nSubject: two\n\ntwo\n";

fn mbox(n: usize) -> Vec<u8> {
    format!("{TWO}\n").repeat(n).into_bytes()
}

/// Limits small enough for a test to reach.
fn small() -> Limits {
    Limits { ratio_floor: 1 << 20, ..Limits::default() }
}

fn read_all(path: &Path, limits: &Limits) -> (Result<InputReport, InputError>, Vec<Raw>) {
    let mut messages = Vec::new();
    let mut last = 0;
    let report = read(
        path,
        limits,
        &mut |raw| {
            messages.push(raw);
            Ok(())
        },
        &mut |bytes| {
            assert!(bytes >= last, "progress goes forward");
            last = bytes;
        },
    );
    (report, messages)
}

/// Writes files into a new folder `input`.
fn folder(files: &[(&str, &[u8])]) -> (TempDir, PathBuf) {
    let outer = TempDir::new().expect("a temporary folder");
    let root = outer.path().join("input");
    for (name, bytes) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    (outer, root)
}

/// Reads a folder of `files` and compares `path folder` of every message, and the reasons.
fn check(files: &[(&str, &[u8])], kind: &str, places: &[&str], reasons: &[(Reason, u64)]) -> Vec<Raw> {
    let (_outer, root) = folder(files);
    let (report, messages) = read_all(&root, &small());
    let report = report.expect("a report");
    let found: Vec<String> =
        messages.iter().map(|raw| format!("{} {}", raw.place.path, raw.place.folder)).collect();
    assert_eq!(found, places);
    let skipped: Vec<_> = report.skipped.iter().map(|skipped| (skipped.reason, skipped.n)).collect();
    assert_eq!(skipped, reasons, "{:?}", report.skipped);
    assert_eq!((report.kind.as_str(), report.found), (kind, messages.len() as u64));
    let n_told: u64 = report.skipped.iter().map(|skipped| skipped.n).sum();
    assert!(report.files - report.files_with_mail <= n_told, "{report:?}");
    assert_eq!(report.bytes, size(&root));
    assert!(messages.iter().all(|raw| raw.place.source == "input"));
    messages
}

/// Reads one file and compares `path folder` of every message.
fn check_file(name: &str, bytes: &[u8], kind: &str, places: &[&str]) -> Vec<Skipped> {
    let (_outer, root) = folder(&[(name, bytes)]);
    let (report, messages) = read_all(&root.join(name), &small());
    let report = report.expect("a report");
    let found: Vec<String> =
        messages.iter().map(|raw| format!("{} {}", raw.place.path, raw.place.folder)).collect();
    assert_eq!(
        (report.kind.as_str(), found.iter().map(String::as_str).collect::<Vec<_>>()),
        (kind, places.to_vec())
    );
    assert_eq!((report.source.as_str(), report.bytes), (name, bytes.len() as u64));
    report.skipped
}

fn reasons(skipped: &[Skipped]) -> Vec<(Reason, &str)> {
    skipped.iter().map(|skipped| (skipped.reason, skipped.example.as_str())).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).expect("in memory")
}

/// A tar with names as they are, which the crate's own writer would refuse.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        let field = &mut header.as_old_mut().name;
        field[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *bytes).expect("in memory");
    }
    builder.into_inner().expect("in memory")
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("in memory");
        writer.write_all(bytes).expect("in memory");
    }
    writer.finish().expect("in memory").into_inner()
}

#[test]
fn a_maildir_with_its_folders() {
    let (one, two) = (ONE.as_bytes(), TWO.as_bytes());
    check(
        &[
            ("cur/1.M1.host:2,S", one),
            ("cur/2.M2.host!2,FS", b"text without headers\n"),
            ("new/3.M3.host", two),
            ("tmp/4.M4.host", one),
            (".Entw&APw-rfe.Old/cur/5.M5.host:2,", one),
            (".Entw&APw-rfe.Old/dovecot-uidlist", b"3 V1 N2\n"),
        ],
        "Maildir",
        &[
            ".Entw&APw-rfe.Old/cur/5.M5.host:2, Entwürfe/Old",
            "cur/1.M1.host:2,S INBOX",
            "cur/2.M2.host!2,FS INBOX",
            "new/3.M3.host INBOX",
        ],
        &[(Reason::NotMail, 1), (Reason::Undelivered, 1)],
    );
}

#[test]
fn mailboxes_messages_and_other_files_side_by_side() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    check(
        &[
            ("Archive.mbox/mbox", &mbox(2)),
            ("Inbox", &mbox(1)),
            ("Inbox.sbd/Work", &mbox(2)),
            ("README.md", b"# Read me\n\nNote: this is not mail.\n"),
            ("a.json", b"{\"from\": \"a@b.example\",\n\"to\": \"c@d.example\"}\n"),
            ("b.csv", b"From,To,Subject\na@b.example,c@d.example,hi\n"),
            ("ham/00001.7c53336b", TWO.as_bytes()),
            ("ham/00002.9c4069e2", ONE.as_bytes()),
            ("image.png", png),
            ("nothing", b""),
            ("nothing.zip", &zip(&[])),
            ("old.dbx", b"\xCF\xAD\x12\xFE\0"),
            ("old.pst", b"!BDN\0\0\0\0"),
        ],
        "folder",
        &[
            "Archive.mbox/mbox Archive",
            "Archive.mbox/mbox Archive",
            "Inbox Inbox",
            "Inbox.sbd/Work Inbox/Work",
            "Inbox.sbd/Work Inbox/Work",
            "ham/00001.7c53336b ham",
            "ham/00002.9c4069e2 ham",
        ],
        &[
            (Reason::Unsupported(Format::OutlookExpress), 1),
            (Reason::NotMail, 4),
            (Reason::Empty, 2),
            (Reason::Damaged, 1),
        ],
    );
}

#[test]
fn the_order_is_that_of_the_bytes_of_whole_paths() {
    let one = ONE.as_bytes();
    check(
        &[("a/b", one), ("a.b", one), ("a-b", one), ("Z", one), ("10.", one), ("9.", one), ("ä", one)],
        "folder of messages",
        &["10. ", "9. ", "Z ", "a-b ", "a.b ", "a/b a", "ä "],
        &[],
    );
    check(
        &[
            ("k/sent/1.", one),
            ("k/sent/10.", one),
            ("k/inbox/2", one),
            ("k/inbox/.mh_sequences", b"cur: 2\n"),
        ],
        "MH tree",
        &["k/inbox/2 k/inbox", "k/sent/1. k/sent", "k/sent/10. k/sent"],
        &[(Reason::NotMail, 1)],
    );
    check(&[("cur/1", one), ("new/2", TWO.as_bytes())], "Maildir", &["cur/1 INBOX", "new/2 INBOX"], &[]);
}

#[test]
fn a_message_alone_begins_at_its_first_header() {
    let file = "\u{FEFF}\n  \n>From x@y Sat Jan  3 01:05:34 1996\nSubject: one\nFrom: a@b.example\n\none\n";
    let messages = check(&[("x.eml", file.as_bytes())], "folder of messages", &["x.eml "], &[]);
    assert_eq!(messages[0].place.offset, 42);
    assert!(messages[0].bytes.starts_with(b"Subject: one"));
    assert_eq!(messages[0].envelope_date, None);
    assert!(!messages[0].cut);
}

#[test]
fn a_file_alone_is_its_own_place() {
    check_file("list.mbox", &mbox(2), "mbox", &[" list", " list"]);
    check_file("list.mbox.gz", &gzip(&mbox(2)), "mbox in gzip", &[" list", " list"]);
    check_file("list.zst", &zstd(&mbox(1)), "mbox in zstd", &[" list"]);
    check_file("x.eml", ONE.as_bytes(), "message", &[" "]);
    check_file("a.tar.xz", &xz(&tar(&[("b/x.eml", ONE.as_bytes())])), "tar in xz", &["b/x.eml b"]);
}

#[test]
fn a_zip_in_a_tar_in_a_gzip() {
    let inner = zip(&[("deep/list.mbox.gz", &gzip(&mbox(2))), ("x.eml", ONE.as_bytes())]);
    let outer = gzip(&tar(&[("mail/inner.zip", &inner), ("mail/cur/1:2,S", ONE.as_bytes())]));
    let skipped = check_file(
        "all.tgz",
        &outer,
        "tar in gzip",
        &[
            "mail/inner.zip!/deep/list.mbox.gz mail/inner/deep/list",
            "mail/inner.zip!/deep/list.mbox.gz mail/inner/deep/list",
            "mail/inner.zip!/x.eml mail/inner",
            "mail/cur/1:2,S mail",
        ],
    );
    assert_eq!(skipped, []);
}

#[test]
fn two_gzip_members_are_one_file() {
    let mut file = gzip(&mbox(1));
    file.extend(gzip(&mbox(1)));
    check_file("list.gz", &file, "mbox in gzip", &[" list", " list"]);
}

#[test]
fn names_that_lead_elsewhere_are_only_names() {
    let one = ONE.as_bytes();
    check_file(
        "a.tar",
        &tar(&[("../../etc/x.eml", one), ("/abs/y.eml", one), ("a\u{7}b", one)]),
        "tar",
        &["etc/x.eml etc", "abs/y.eml abs", "a\u{FFFD}b "],
    );
    check_file(
        "a.zip",
        &zip(&[("../../etc/x.eml", one), ("C:\\y.eml", one)]),
        "zip",
        &["etc/x.eml etc", "y.eml "],
    );
}

#[test]
fn a_maildir_in_a_tar_leaves_its_tmp_out() {
    let one = ONE.as_bytes();
    let file = tar(&[("M/cur/1", one), ("M/tmp/2", one), ("tmp/3", one)]);
    let skipped = check_file("m.tar", &file, "tar", &["M/cur/1 M", "tmp/3 tmp"]);
    assert_eq!(reasons(&skipped), [(Reason::Undelivered, "m.tar/M/tmp/2")]);
}

#[test]
fn a_dense_member_is_read_to_the_limit_and_the_next_is_whole() {
    let bomb = [TWO.as_bytes(), &vec![b'x'; 8 << 20]].concat();
    let file = zip(&[("bomb.mbox", &bomb), ("good.mbox", &mbox(2))]);
    let skipped = check_file("b.zip", &file, "zip", &["bomb.mbox bomb", "good.mbox good", "good.mbox good"]);
    assert_eq!(reasons(&skipped), [(Reason::TooDense, "b.zip/bomb.mbox")]);
    // The same with the bomb in its own gzip inside a tar.
    let file = tar(&[("bomb.gz", &gzip(&bomb)), ("good.mbox", &mbox(1))]);
    let skipped = check_file("b.tar", &file, "tar", &["bomb.gz bomb", "good.mbox good"]);
    assert_eq!(reasons(&skipped), [(Reason::TooDense, "b.tar/bomb.gz")]);
}

#[test]
fn small_bombs_inside_each_other_end_at_the_sum() {
    let bomb = [mbox(1), vec![b'\n'; 900_000]].concat();
    let layer = zip(&[("a", &gzip(&bomb)), ("b", &gzip(&mbox(1)))]);
    let members: Vec<(String, &[u8])> = (0..40).map(|n| (format!("{n}.zip"), layer.as_slice())).collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let (_outer, root) = folder(&[("b.zip", &zip(&members)), ("good.mbox", &mbox(1))]);
    let limits = Limits { max_unpacked: 5 << 20, ..small() };
    let (report, messages) = read_all(&root, &limits);
    let skipped = report.expect("a report").skipped;
    assert!(skipped.iter().any(|skipped| skipped.reason == Reason::TooLarge), "{skipped:?}");
    assert!((2..20).contains(&messages.len()), "{}", messages.len());
    assert_eq!(messages.last().map(|raw| raw.place.path.as_str()), Some("good.mbox"));
}

#[test]
fn containers_nest_to_a_depth() {
    let mut file = mbox(1);
    for _ in 0..8 {
        file = gzip(&file);
    }
    check_file(
        "x.gz",
        &file,
        "mbox in gzip in gzip in gzip in gzip in gzip in gzip in gzip in gzip",
        &[" x"],
    );
    let (_outer, root) = folder(&[("x.gz", &gzip(&file)), ("good.mbox", &mbox(1))]);
    let (report, messages) = read_all(&root, &small());
    assert_eq!(reasons(&report.expect("a report").skipped), [(Reason::TooDeep, "input/x.gz")]);
    assert_eq!(messages.len(), 1);
}

#[test]
fn members_are_limited_in_number() {
    let one = ONE.as_bytes();
    let (_outer, root) = folder(&[("a.tar", &tar(&[("1", one), ("2", one), ("3", one)]))]);
    let (report, messages) = read_all(&root.join("a.tar"), &Limits { max_members: 3, ..small() });
    assert_eq!(reasons(&report.expect("a report").skipped), [(Reason::TooManyMembers, "a.tar/3")]);
    assert_eq!(messages.len(), 2);
}

#[test]
fn an_encrypted_member_is_named() {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer
        .start_file("x.eml", options.with_aes_encryption(zip::AesMode::Aes256, "secret"))
        .expect("in memory");
    writer.write_all(ONE.as_bytes()).expect("in memory");
    writer.start_file("y.eml", options).expect("in memory");
    writer.write_all(ONE.as_bytes()).expect("in memory");
    let file = writer.finish().expect("in memory").into_inner();
    let skipped = check_file("a.zip", &file, "zip", &["y.eml "]);
    assert_eq!(reasons(&skipped), [(Reason::Encrypted, "a.zip/x.eml")]);
}

#[test]
fn what_comes_before_the_damage_is_kept() {
    let whole = gzip(&mbox(3));
    let noise: Vec<u8> =
        (0..200_000_u32).flat_map(|n| (n.wrapping_mul(2_654_435_761) >> 8).to_le_bytes()).collect();
    let file = gzip(&[mbox(2), noise].concat());
    for file in [&whole[..whole.len() - 4], &file[..file.len() / 2]] {
        let (_outer, root) = folder(&[("x.mbox.gz", file)]);
        let (report, messages) = read_all(&root, &small());
        assert_eq!(reasons(&report.expect("a report").skipped), [(Reason::Damaged, "input/x.mbox.gz")]);
        assert!(messages.len() >= 2);
        let cut: Vec<bool> = messages.iter().map(|raw| raw.cut).collect();
        assert_eq!(cut.iter().filter(|cut| **cut).count(), 1, "{cut:?}");
        assert_eq!(cut.last(), Some(&true));
    }
    let zip = zip(&[("x.eml", ONE.as_bytes())]);
    let (_outer, root) = folder(&[("x.zip", &zip[..zip.len() - 10]), ("y.eml", ONE.as_bytes())]);
    let (report, messages) = read_all(&root, &small());
    assert_eq!(reasons(&report.expect("a report").skipped), [(Reason::Damaged, "input/x.zip")]);
    assert_eq!(messages.len(), 1);
}

#[test]
fn a_long_message_is_cut() {
    let long = format!("{ONE}{}", "long\n".repeat(1000));
    let (_outer, root) = folder(&[("x.eml", long.as_bytes()), ("y.eml", ONE.as_bytes())]);
    let (report, messages) = read_all(&root, &Limits { max_message: 100, ..small() });
    assert_eq!(reasons(&report.expect("a report").skipped), [(Reason::MessageCut, "input/x.eml")]);
    assert_eq!(
        messages.iter().map(|raw| (raw.bytes.len(), raw.cut)).collect::<Vec<_>>(),
        [(100, true), (36, false)]
    );
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_counted_and_not_followed() {
    let (_outer, root) = folder(&[("a/x.eml", ONE.as_bytes())]);
    std::os::unix::fs::symlink("..", root.join("a/loop")).expect("a link");
    std::os::unix::fs::symlink("x.eml", root.join("a/y.eml")).expect("a link");
    std::os::unix::fs::symlink("nowhere", root.join("a/z.eml")).expect("a link");
    let (report, messages) = read_all(&root, &small());
    let skipped = report.expect("a report").skipped;
    assert_eq!(reasons(&skipped), [(Reason::Unreadable, "input/a/z.eml"), (Reason::Link, "input/a/loop")]);
    assert_eq!(messages.len(), 2);
}

#[test]
fn an_input_without_mail_is_an_error_that_names_it() {
    let (_outer, root) = folder(&[("x.txt", b"Dear all,\nhello: there\n"), ("y.dbx", b"\xCF\xAD\x12\xFE")]);
    let check = |path: &Path, expected: &[&str]| {
        let text = read_all(path, &small()).0.expect_err("no mail").to_string();
        assert!(expected.iter().all(|part| text.contains(part)), "{text}");
    };
    check(&root, &["input", "2 files", "not supported yet: Outlook Express"]);
    check(&root.join("x.txt"), &["x.txt", "not mail"]);
    check(&root.join("y.dbx"), &["y.dbx", "found Outlook Express"]);
    check(&root.join("absent"), &["absent", "cannot read"]);
}

#[test]
fn a_sink_that_stops_ends_the_reading() {
    let (_outer, root) = folder(&[("a", &mbox(3)), ("b", &mbox(3))]);
    let mut n = 0;
    let mut sink = |_| {
        n += 1;
        if n == 2 { Err(Stop) } else { Ok(()) }
    };
    let result = read(&root, &small(), &mut sink, &mut |_| {});
    assert!(matches!(result, Err(InputError::Stopped)));
    assert_eq!(n, 2);
}

#[test]
fn a_container_counts_as_what_is_in_it() {
    let (_outer, root) = folder(&[
        ("two.zip", &zip(&[("y", &mbox(2)), ("x", ONE.as_bytes())])),
        ("three.tar", &tar(&[("y", &mbox(2)), ("x", ONE.as_bytes()), ("z", ONE.as_bytes())])),
        ("one", ONE.as_bytes()),
    ]);
    for (name, files) in [("two.zip", 2), ("three.tar", 3), ("one", 1), ("", 6)] {
        let report = read_all(&root.join(name), &small()).0.expect("a report");
        assert_eq!((report.files, report.files_with_mail), (files, files), "{name}");
    }
}

#[test]
fn a_file_that_holds_nothing_is_told() {
    let mut folders = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Directory);
    header.set_size(0);
    folders.append_data(&mut header, "M/cur/", io::empty()).expect("in memory");
    header.set_entry_type(tar::EntryType::Fifo);
    folders.append_data(&mut header, "M/pipe", io::empty()).expect("in memory");
    let pipe = folders.into_inner().expect("in memory");
    let mut folders = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    folders.add_directory("M/cur", zip::write::SimpleFileOptions::default()).expect("in memory");
    let folders = folders.finish().expect("in memory").into_inner();
    let rows = b"from,date,subject,body\n";
    let files: [(&str, &[u8]); 4] =
        [("folders.zip", &folders), ("one", ONE.as_bytes()), ("pipe.tar", &pipe), ("rows.csv", rows)];
    let reasons = [(Reason::Empty, 2), (Reason::Special, 1)];
    check(&files, "folder of messages", &["one "], &reasons);
}

#[test]
fn reading_twice_gives_the_same() {
    let (_outer, root) =
        folder(&[("b.zip", &zip(&[("y", &mbox(2)), ("x", ONE.as_bytes())])), ("a", &mbox(2))]);
    let (first, second) = (read_all(&root, &small()), read_all(&root, &small()));
    assert_eq!(first.1, second.1);
    assert_eq!(first.0.expect("a report"), second.0.expect("a report"));
}

#[test]
fn an_emlx_ends_where_it_tells() {
    let emlx = |told: usize| format!("{told}      \n{ONE}<?xml version=\"1.0\"?>\n<plist></plist>\n");
    let n = ONE.len();
    let found = check(
        &[
            ("V10/A1/Work.mbox/B2/Data/Messages/1.emlx", emlx(n).as_bytes()),
            ("V10/A1/Work.mbox/B2/Data/Messages/2.partial.emlx", emlx(9999).as_bytes()),
        ],
        "folder of messages",
        &[
            "V10/A1/Work.mbox/B2/Data/Messages/1.emlx Work",
            "V10/A1/Work.mbox/B2/Data/Messages/2.partial.emlx Work",
        ],
        &[(Reason::Damaged, 1)],
    );
    assert_eq!((found[0].bytes.as_slice(), found[0].place.offset), (ONE.as_bytes(), 9));
    assert_eq!([found[0].cut, found[1].cut], [false, true]);
}

#[test]
fn a_word_document_is_told_from_a_message_of_outlook() {
    let word = crate::outlook::msg::tests::compound(&[("/WordDocument", b"x")]);
    let skipped = check(
        &[("a.msg", &word), ("b.doc", &word[..700]), ("c", ONE.as_bytes())],
        "folder of messages",
        &["c "],
        &[(Reason::NotMail, 1), (Reason::Damaged, 1)],
    );
    assert_eq!(skipped.len(), 1);
}

#[test]
fn a_mailing_lists_text_archive_is_a_mailbox() {
    let one = |n: u32| {
        format!(
            "From ann at example.org  Sat Jan  3 01:05:3{n} 1996\nFrom: ann at example.org (Ann Lee)\n\
             Date: Sat, 3 Jan 1996 01:05:3{n} +0000\nSubject: [dev] {n}\nMessage-ID: <{n}@x>\n\n\
             Meet me at example.org.\n-------------- next part --------------\nAn HTML attachment was scrubbed...\n\n"
        )
    };
    let found = check(
        &[("1996-January.txt.gz", &gzip((one(1) + &one(2)).as_bytes()))],
        "folder of containers",
        &["1996-January.txt.gz 1996-January.txt", "1996-January.txt.gz 1996-January.txt"],
        &[],
    );
    let message = crate::message::parse(&found[1].bytes, None, &crate::message::ParseOptions::default());
    assert_eq!(
        (message.from[0].name.as_str(), message.from[0].address.as_str()),
        ("Ann Lee", "ann@example.org")
    );
    assert!(message.text.starts_with("Meet me at example.org."));
}
