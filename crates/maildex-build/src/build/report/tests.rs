use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::build::{BuildError, BuildOptions, Progress, build};
use crate::input::{InputError, Reason};

struct Unwatched;

impl Progress for Unwatched {
    fn start(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64, _: u64) {}
    fn finish(&self) {}
}

fn mail(id: &str, date: &str, text: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!("Message-ID: <{id}@example.org>\n") };
    format!(
        "From a@example.org Sat Jan  3 01:05:34 1998\nFrom: a@example.org\nSubject: s\n{id}Date: {date}\n\n{text}\n\n"
    )
}

/// Builds of files in a folder, in this order.
fn check(folder: &Path, files: &[(&str, &str)]) -> Result<BuildReport, BuildError> {
    let inputs: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
    for (path, (_, text)) in inputs.iter().zip(files) {
        fs::write(path, text).unwrap();
    }
    let options =
        BuildOptions { inputs, out: folder.join("site"), threads: Some(2), ..BuildOptions::default() };
    build(&options, &Unwatched)
}

const DAY: &str = "Sat, 3 Jan 1998 00:00:00 +0000";

#[test]
fn each_input_has_its_own_counts() {
    let folder = tempfile::tempdir().unwrap();
    let first = mail("1", DAY, "one") + &mail("2", "soon", "two") + &mail("1", DAY, "one");
    let second = mail("1", DAY, "one") + &mail("", DAY, "three") + &mail("4", "later", "four");
    let report = check(folder.path(), &[("a", &first), ("b", &second)]).unwrap();
    assert_eq!((report.messages, report.copies), (4, 2));
    let [a, b] = &report.inputs[..] else { panic!("{:?}", report.inputs) };
    assert_eq!((a.read.found, a.copies, a.oddities.damaged), (3, 1, 1));
    assert_eq!((b.read.found, b.copies, b.oddities.damaged), (3, 1, 1));
    assert_eq!(a.oddities.damages[0].damage.name, "bad-date");
    assert!(a.oddities.damages[0].example.starts_with("a at byte "), "{a:?}");
    assert!(b.oddities.damages[0].example.starts_with("b at byte "), "{b:?}");
    assert_eq!(report.oddities.damages[0].n, 2);
    assert_eq!(report.oddities.damages[0].example, a.oddities.damages[0].example);
    // Nothing is lost with a Message-ID that never was.
    assert_eq!(b.oddities.remarks[0].damage.name, "no-message-id");
    assert!(a.oddities.remarks.is_empty());
}

#[test]
fn an_input_without_mail_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let mbox = mail("1", DAY, "one");
    let report =
        check(folder.path(), &[("x.pdf", "%PDF-1.4"), ("a", &mbox), ("y.mbx", "*mbx*\r\n")]).unwrap();
    assert_eq!(report.messages, 1);
    let found: Vec<u64> = report.inputs.iter().map(|input| input.read.found).collect();
    assert_eq!(found, [0, 1, 0]);
    assert_eq!(report.inputs[0].read.skipped[0].reason, Reason::NotMail);
    assert!(matches!(report.inputs[2].read.skipped[0].reason, Reason::Unsupported(_)));
}

#[test]
fn without_any_mail_there_is_no_site() {
    let folder = tempfile::tempdir().unwrap();
    let error = check(folder.path(), &[("x.pdf", "%PDF-1.4"), ("empty", "")]).unwrap_err();
    assert!(
        matches!(&error, BuildError::Input(InputError::NoMail { path, .. }) if path.ends_with("x.pdf")),
        "{error}"
    );
    assert!(!folder.path().join("site").exists());
}

#[test]
fn all_damage_has_words() {
    for damage in DAMAGES {
        assert_eq!(Damage::named(damage.name), Some(damage));
    }
    assert_eq!(Damage::named("of-tomorrow"), None);
}
