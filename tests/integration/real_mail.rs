//! Real archives: as many messages as Python counts, and the same answers as from reading every message.
//!
//! The same in long, over any archive, by command: `tests/oracle`.
//!
//! The archives are not part of the project: `MAILDEX_DATA` names the folder that holds them.

use std::process::Command;

use maildex_tests::compare::{Both, read_archive};
use maildex_tests::{real_archive, skip};

/// How many messages Maildex finds beyond those that Python counts, with the reason.
const DIFFERENCES: [(&str, i64, &str); 4] = [
    ("extropians-mbox", -1, "a letter of October 1998 holds a pasted mailbox, and Python splits it there"),
    ("usrp-users-maildir-2022-2023", 0, ""),
    ("enron-maildir-skilling", 0, ""),
    ("spamassassin-corpus", 0, ""),
];

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
        let mut n = 0;
        read_archive(&folder, &[], &mut |_| n += 1);
        let counted = |what: &str| counts[name][what].as_i64().expect("a number");
        assert_eq!(n - counted("messages"), difference, "{name}: {reason}");
    }
}

#[test]
fn extropians_is_searched_as_if_read() {
    compare("extropians-mbox", include_str!("../fixtures/queries/extropians-mbox.txt"));
}

#[test]
fn usrp_users_is_searched_as_if_read() {
    compare(
        "usrp-users-maildir-2022-2023",
        include_str!("../fixtures/queries/usrp-users-maildir-2022-2023.txt"),
    );
}

#[test]
fn enron_is_searched_as_if_read() {
    compare("enron-maildir-skilling", include_str!("../fixtures/queries/enron-maildir-skilling.txt"));
}

#[test]
fn spamassassin_is_searched_as_if_read() {
    compare("spamassassin-corpus", include_str!("../fixtures/queries/spamassassin-corpus.txt"));
}

/// Queries made up beside those in the file.
const N_RANDOM: usize = 200;

fn compare(name: &str, queries: &str) {
    let Some(folder) = real_archive(name) else { return };
    let out = tempfile::tempdir().expect("a folder for the site");
    let both = Both::new(&folder, &[], &out.path().join("site"), 20_261_122);
    let (mut both, mut generator) = both.expect("there is mail");
    let written: Vec<String> =
        queries.lines().filter(|line| !line.starts_with('#')).map(String::from).collect();
    assert!(written.len() >= 50, "{name}");
    let made: Vec<String> = (0..N_RANDOM).map(|_| generator.query()).collect();
    let wrong: Vec<String> = written.iter().chain(&made).filter_map(|query| both.differ(query)).collect();
    let n = written.len() + made.len();
    assert!(both.n_found * 2 > n, "{name}: too many queries find nothing to mean much");
    assert!(wrong.is_empty(), "{name}: {} of {n} differ:\n{}", wrong.len(), wrong.join("\n"));
}
