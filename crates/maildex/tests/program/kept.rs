//! Attachments and originals, as a person keeps them, reads them back and checks them.

use std::fs;
use std::path::Path;

use crate::{done, maildex};

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nnot a picture after all";

fn mail(number: usize, name: &str) -> String {
    format!(
        "From ann@quay.example Thu Jan  1 00:00:{number:02} 2004\nFrom: Ann <ann@quay.example>\nDate: Thu, 1 Jan 2004 00:00:{number:02} +0000\n\
         Message-ID: <{number}@quay.example>\nSubject: letter {number}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nsee the file\n\
         --b\nContent-Type: application/octet-stream; name=\"{name}\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: quoted-printable\n\n\
         =89PNG=0D=0A=1A=0Anot a picture after all\n--b--\n\n"
    )
}

/// A folder with a mailbox of six messages, each with the same file under another name.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let names = ["plan.png", "../../etc/passwd", "evil.pdf.exe", "a\u{202E}gpj.exe", "", "CON"];
    let mails: String = names.iter().enumerate().map(|(number, name)| mail(number, name)).collect();
    fs::write(folder.path().join("a.mbox"), mails).expect("written");
    folder
}

fn keys(folder: &Path) -> Vec<String> {
    let found = done(folder, &["search", "site", "", "--json", "--sort", "oldest"]);
    let rows = found.split("\"key\":").skip(1);
    rows.map(|row| row.trim_start().trim_start_matches('"')[..16].to_owned()).collect()
}

#[test]
fn what_is_kept_comes_back_byte_for_byte() {
    let folder = folder();
    let at = folder.path();
    let report = done(at, &["build", "a.mbox", "-o", "site", "--attachments", "keep", "--originals", "keep"]);
    assert!(report.contains("kept: 1 attachment (") && report.contains("6 originals ("), "{report}");
    let keys = keys(at);
    assert_eq!(keys.len(), 6);
    let mbox = fs::read_to_string(at.join("a.mbox")).expect("read");
    for (number, key) in keys.iter().enumerate() {
        done(at, &["show", "site", key, "--attachment", "1", "-o", "out"]);
        assert_eq!(fs::read(at.join("out")).expect("saved"), PICTURE);
        let source = done(at, &["show", "site", key, "--source"]);
        assert!(source.starts_with("From: Ann") && mbox.contains(source.trim_end()), "{source}");
        assert!(source.contains(&format!("letter {number}")));
    }
    done(at, &["verify", "site"]);
    assert!(done(at, &["info", "site"]).contains("attachments and originals: "));
}

#[test]
fn names_of_attachments_lead_nowhere() {
    let folder = folder();
    let at = folder.path();
    done(at, &["build", "a.mbox", "-o", "site", "--attachments", "keep", "--quiet"]);
    fs::create_dir(at.join("saved")).expect("made");
    for key in keys(at) {
        done(at, &["show", "site", &key, "--attachment", "1", "-o", "saved"]);
        // What is there already stays.
        let again = maildex(at, &["show", "site", &key, "--attachment", "1", "-o", "saved"]);
        assert_eq!(again.status.code(), Some(2), "{again:?}");
    }
    let mut names: Vec<String> = fs::read_dir(at.join("saved"))
        .expect("a folder")
        .map(|entry| entry.expect("a name").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let safe = ["_CON", "agpj.exe", "attachment-1", "evil.pdf.exe", "passwd", "plan.png"];
    assert_eq!(names, safe);
}

#[test]
fn what_is_not_kept_is_said() {
    let folder = folder();
    let at = folder.path();
    done(at, &["build", "a.mbox", "-o", "site", "--quiet"]);
    let key = keys(at).remove(0);
    for (args, how) in
        [(&["--attachment", "1"][..], "--attachments keep"), (&["--source"], "--originals keep")]
    {
        let output = maildex(at, &[&["show", "site", &key][..], args].concat());
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(how), "{output:?}");
    }
    let none = maildex(at, &["show", "site", &key, "--attachment", "2"]);
    assert!(String::from_utf8_lossy(&none.stderr).contains("from 1 to 1"), "{none:?}");
    // The proof is there in any case.
    let json = done(at, &["show", "site", &key, "--json"]);
    assert!(json.contains("\"source_sha256\": \"") && json.contains("\"source_kept\": false"), "{json}");
}

#[test]
fn nothing_is_kept_where_something_is_blacked_out() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("list.txt"), "see the file\n").expect("written");
    for keep in ["--attachments", "--originals"] {
        let output = maildex(at, &["build", "a.mbox", "-o", "site", "--redact", "list.txt", keep, "keep"]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(!at.join("site").exists());
    }
    done(at, &["build", "a.mbox", "-o", "site", "--redact", "list.txt", "--quiet"]);
    let json = done(at, &["show", "site", &keys(at)[0], "--json"]);
    assert!(json.contains("\"source_sha256\": null"), "{json}");
}

#[test]
fn a_changed_file_is_never_given_away() {
    let folder = folder();
    let at = folder.path();
    done(at, &["build", "a.mbox", "-o", "site", "--attachments", "keep", "--originals", "keep", "--quiet"]);
    let key = keys(at).remove(0);
    for entry in fs::read_dir(at.join("site/a")).expect("packs") {
        let path = entry.expect("a pack").path();
        let mut bytes = fs::read(&path).expect("read");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).expect("written");
    }
    let output = maildex(at, &["show", "site", &key, "--attachment", "1", "-o", "out"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!at.join("out").exists());
    let source = maildex(at, &["show", "site", &key, "--source"]);
    assert!(source.status.code() == Some(2) && source.stdout.is_empty(), "{source:?}");
    assert_eq!(maildex(at, &["verify", "site"]).status.code(), Some(2));
}

#[test]
fn bundles_carry_what_is_kept() {
    let folder = folder();
    let at = folder.path();
    done(at, &["build", "a.mbox", "-o", "site", "--attachments", "keep", "--originals", "keep", "--quiet"]);
    done(at, &["bundle", "site", "-o", "archive.html"]);
    done(at, &["bundle", "site", "--folder", "archive"]);
    done(at, &["verify", "archive.html"]);
    done(at, &["verify", "archive"]);
    fs::remove_dir_all(at.join("archive/a")).expect("removed");
    assert_eq!(maildex(at, &["verify", "archive"]).status.code(), Some(2));
}

#[test]
fn the_same_bytes_whatever_the_threads() {
    let folder = folder();
    let at = folder.path();
    for (site, threads) in [("one", "1"), ("two", "3")] {
        let args = ["build", "a.mbox", "-o", site, "--attachments", "keep", "--originals", "keep", "--quiet"];
        done(at, &[&args[..], &["--threads", threads]].concat());
    }
    let sums = |site: &str| fs::read_to_string(at.join(site).join("SHA256SUMS")).expect("sums");
    assert_eq!(sums("one"), sums("two"));
    assert!(sums("one").lines().any(|line| line.contains("  a/")));
}

#[test]
fn messages_are_taken_away_as_they_came() {
    let folder = folder();
    let at = folder.path();
    // A line that begins as a separator, quoted as mboxrd does.
    let quoted = fs::read_to_string(at.join("a.mbox"))
        .expect("read")
        .replace("see the file", ">From here, see the file");
    fs::write(at.join("a.mbox"), &quoted).expect("written");
    let build =
        |site: &str, kept: &[&str]| done(at, &[&["build", "a.mbox", "-o", site, "--quiet"], kept].concat());
    build("site", &["--originals", "keep"]);
    let mbox = done(at, &["search", "site", "", "--sort", "oldest", "--format", "mbox"]);
    let bare = |mbox: &str| {
        let lines = mbox.lines().filter(|line| !line.starts_with("From "));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    assert_eq!(bare(&mbox), bare(&quoted), "what comes out of an mbox goes into one");
    assert_eq!(done(at, &["search", "site", "", "--format", "eml", "-o", "out/mail"]), "");
    let keys = keys(at);
    for (number, key) in keys.iter().enumerate() {
        let name = format!("2004-01-01 letter {number} {key}.eml");
        let file = fs::read(at.join("out/mail").join(&name)).expect(&name);
        assert_eq!(file, done(at, &["show", "site", key, "--source"]).into_bytes());
    }
    assert_eq!(fs::read_dir(at.join("out/mail")).expect("listed").count(), 6);
    // What is there stays, and no folder is guessed.
    for args in [&["--format", "eml", "-o", "out/mail"][..], &["--format", "eml"], &["-o", "out/mail"]] {
        assert!(!maildex(at, &[&["search", "site", ""][..], args].concat()).status.success(), "{args:?}");
    }
    build("bare", &[]);
    let rebuilt = done(at, &["search", "bare", "", "--format", "mbox"]);
    assert_eq!(rebuilt.matches("\nX-Maildex-Reconstructed: ").count(), 6);
}
