//! Real archives: as many messages as Python counts, and the same answers as from reading every message.
//!
//! The archives are not part of the project: `MAILDEX_DATA` names the folder that holds them.

use std::path::Path;
use std::process::Command;

use maildex_build::input::{self, Limits};
use maildex_build::message::{self, Message, ParseOptions};
use maildex_tests::{real_archive, skip};

/// How many messages Maildex finds beyond those that Python counts, with the reason.
const DIFFERENCES: [(&str, i64, &str); 4] = [
    ("extropians-mbox", -1, "a letter of October 1998 holds a pasted mailbox, and Python splits it there"),
    ("usrp-users-maildir-2022-2023", 0, ""),
    ("enron-maildir-skilling", 0, ""),
    ("spamassassin-corpus", 0, ""),
];

/// All messages of an archive, in the order in which they lie there.
fn read_archive(folder: &Path) -> Vec<Message> {
    let mut messages = Vec::new();
    let options = ParseOptions { keep_html: false, ..ParseOptions::default() };
    let mut sink = |raw: input::Raw| {
        messages.push(message::parse(&raw.bytes, raw.envelope_date, &options));
        Ok(())
    };
    input::read(folder, &Limits::default(), &mut sink, &mut |_| {}).expect("the archive can be read");
    messages
}

#[test]
fn counts_agree_with_python() {
    let Some(folder) = real_archive("extropians-mbox") else { return };
    let root = folder.parent().expect("an archive lies in a folder");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/counts.py");
    let Ok(output) = Command::new("python3").arg(script).arg(root).output() else {
        return skip("python3 is not installed");
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let counts: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the script prints JSON");
    for (name, difference, reason) in DIFFERENCES {
        let Some(folder) = real_archive(name) else { continue };
        let messages = read_archive(&folder);
        let counted = |what: &str| counts[name][what].as_i64().expect("a number");
        assert_eq!(messages.len() as i64 - counted("messages"), difference, "{name}: {reason}");
    }
}
