use super::*;
use crate::input::{InputReport, ReadOptions, read_as};
use std::io::Write;
use std::process::{Command, Stdio};

/// A commit: what it writes under which name; `None` removes the file.
type Commit<'c> = (&'c str, Option<&'c str>);

/// Makes a bare repository of these commits, with all that a machine may be set up to do to it switched off.
fn repository(folder: &Path, commits: &[Commit<'_>]) {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", folder.join("none")).args(arguments);
        command
    };
    let folder_name = folder.to_str().unwrap();
    let made = git(&["init", "--quiet", "--bare", "--initial-branch=master", folder_name]).status().unwrap();
    assert!(made.success(), "these tests need the program git");
    let mut stream = Vec::new();
    for (number, (name, content)) in commits.iter().enumerate() {
        write!(stream, "commit refs/heads/master\ncommitter Ann <ann@quay.example> {number} +0000\ndata 0\n")
            .unwrap();
        // Version 2 holds one file at a time.
        if matches!(*name, "m" | "d") {
            stream.extend_from_slice(b"deleteall\n");
        }
        match content {
            Some(content) => {
                write!(stream, "M 100644 inline {name}\ndata {}\n{content}\n", content.len()).unwrap();
            }
            None => writeln!(stream, "D {name}").unwrap(),
        }
    }
    let mut import = git(&["--git-dir", folder_name, "fast-import", "--quiet", "--force"]);
    let mut import = import.stdin(Stdio::piped()).spawn().unwrap();
    import.stdin.take().unwrap().write_all(&stream).unwrap();
    assert!(import.wait().unwrap().success());
}

fn mail(number: u32) -> String {
    format!(
        "From: Ann <ann@quay.example>\nMessage-ID: <{number}@quay.example>\nSubject: letter {number}\n\nText {number}\n"
    )
}

/// The subjects of what is read, in order, each with its mail folder, and the report.
fn read(folder: &Path) -> (Vec<String>, InputReport) {
    let mut found = Vec::new();
    let mut sink = |raw: Raw| {
        let text = String::from_utf8_lossy(&raw.bytes).into_owned();
        let subject =
            text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or("none").to_owned();
        found.push(if raw.place.folder.is_empty() {
            subject
        } else {
            format!("{subject} in {}", raw.place.folder)
        });
        Ok(())
    };
    let report = read_as(folder, &ReadOptions::default(), &mut sink, &mut |_| {}).unwrap();
    (found, report)
}

fn skipped(report: &InputReport) -> Vec<(Reason, u64)> {
    report.skipped.iter().map(|skipped| (skipped.reason, skipped.n)).collect()
}

#[test]
fn version_2_over_two_repositories() {
    let folder = tempfile::tempdir().unwrap();
    let letters: Vec<String> = (0..6).map(mail).collect();
    // The third is deleted and comes again; the first is deleted by the next repository.
    let first = [("m", 0), ("m", 1), ("m", 2), ("d", 2), ("m", 3)];
    let second = [("m", 4), ("d", 0), ("m", 2), ("m", 5)];
    for (name, commits) in [("git/0.git", &first[..]), ("git/1.git", &second[..])] {
        let commits: Vec<Commit<'_>> =
            commits.iter().map(|(name, n)| (*name, Some(letters[*n].as_str()))).collect();
        repository(&folder.path().join(name), &commits);
    }
    let (found, report) = read(folder.path());
    assert_eq!(found, ["letter 1", "letter 3", "letter 4", "letter 2", "letter 5"]);
    assert_eq!((report.found, report.kind.as_str()), (5, "public inbox"));
    assert_eq!(skipped(&report), [(Reason::Withdrawn, 2)]);
    let (found, report) = read(&folder.path().join("git/0.git"));
    assert_eq!(found, ["letter 0", "letter 1", "letter 3"]);
    assert_eq!(skipped(&report), [(Reason::Withdrawn, 1)]);
}

#[test]
fn a_deletion_that_is_written_otherwise_finds_its_message() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (mail(1), mail(2));
    let otherwise = first.replace('\n', "\r\n").replace("Subject: letter 1", "Subject:  letter  1");
    repository(
        &folder.path().join("0.git"),
        &[("m", Some(&first)), ("m", Some(&second)), ("d", Some(&otherwise)), ("m", Some(&first))],
    );
    let (found, report) = read(folder.path());
    assert_eq!(found, ["letter 2", "letter 1"], "what came again behind the deletion stays");
    assert_eq!(skipped(&report), [(Reason::Withdrawn, 1)]);
}

#[test]
fn version_1_by_its_last_state() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..4).map(|n| format!("0{n}/{}", "ab".repeat(19))).collect();
    let letters: Vec<String> = (0..5).map(mail).collect();
    repository(
        &folder.path().join("lists/sea.git"),
        &[
            (&names[0], Some(&letters[0])),
            (&names[1], Some(&letters[1])),
            (&names[2], Some(&letters[2])),
            (&names[1], None),
            // Replaced.
            (&names[2], Some(&letters[4])),
            (&names[3], Some(&letters[3])),
        ],
    );
    let (found, report) = read(folder.path());
    assert_eq!(found, ["letter 0 in lists/sea", "letter 4 in lists/sea", "letter 3 in lists/sea"]);
    assert_eq!(skipped(&report), [(Reason::Withdrawn, 2)]);
}

#[test]
fn what_is_missing_or_no_inbox_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (mail(1), mail(2));
    let inbox = folder.path().join("0.git");
    repository(&inbox, &[("m", Some(&first)), ("m", Some(&second))]);
    repository(&folder.path().join("code.git"), &[("README", Some("no mail"))]);
    repository(&folder.path().join("empty.git"), &[]);
    unpack(&inbox);
    // Whoever reads its configuration does what its maker wants.
    let trap = "[core]\n\tfsmonitor = touch trapped\n\tpager = touch trapped\n[alias]\n\tlog = !touch trapped\n[include]\n\tpath = /dev/zero\n";
    fs::write(inbox.join("config"), trap).unwrap();
    let gone = Command::new("git")
        .args(["hash-object", "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut gone = gone.unwrap();
    gone.stdin.take().unwrap().write_all(first.as_bytes()).unwrap();
    let name = String::from_utf8(gone.wait_with_output().unwrap().stdout).unwrap();
    let (start, rest) = name.trim().split_at(2);
    fs::remove_file(inbox.join("objects").join(start).join(rest)).unwrap();
    let (found, report) = read(folder.path());
    assert_eq!(found, ["letter 2"]);
    assert_eq!(skipped(&report), [(Reason::NotMail, 1), (Reason::Empty, 1), (Reason::Damaged, 1)]);
    assert!(!Path::new("trapped").exists() && !inbox.join("trapped").exists());
}

/// Puts each object of a repository into a file of its own.
fn unpack(repository: &Path) {
    let packs = repository.join("objects/pack");
    for entry in fs::read_dir(&packs).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "pack") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        fs::remove_dir_all(&packs).unwrap();
        fs::create_dir(&packs).unwrap();
        let mut unpack = Command::new("git");
        unpack.env("GIT_DIR", repository).env("GIT_CONFIG", "none").args(["unpack-objects", "-q"]);
        fs::write(repository.join("config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
            .unwrap();
        let mut unpack = unpack.stdin(Stdio::piped()).spawn().unwrap();
        unpack.stdin.take().unwrap().write_all(&bytes).unwrap();
        assert!(unpack.wait().unwrap().success());
        return;
    }
}

#[test]
fn a_large_message_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{}{}", mail(1), "word ".repeat(1000));
    let second = mail(2);
    repository(&folder.path().join("0.git"), &[("m", Some(&long)), ("m", Some(&second))]);
    let mut sizes = Vec::new();
    let limits = crate::input::Limits { max_message: 1000, ..Default::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let mut sink = |raw: Raw| {
        sizes.push((raw.bytes.len() == 1000, raw.cut));
        Ok(())
    };
    let report = read_as(folder.path(), &options, &mut sink, &mut |_| {}).unwrap();
    assert_eq!(sizes, [(true, true), (false, false)]);
    assert_eq!(skipped(&report), [(Reason::MessageCut, 1)]);
}
