//! Real files of other programs' formats: what other readers find in them.

use std::fs;
use std::path::Path;
use std::process::Command;

use maildex_build::input::{InputReport, Limits, Raw, Reason, read_any};
use maildex_build::message::{Message, ParseOptions, parse};
use maildex_tests::{real_archive, skip};

fn read(path: &Path) -> (InputReport, Vec<Message>) {
    let mut found = Vec::new();
    let mut sink = |raw: Raw| {
        found.push(parse(&raw.bytes, raw.envelope_date, &ParseOptions::default()));
        Ok(())
    };
    let report = read_any(path, &Limits::default(), &[], &mut sink, &mut |_| {}).expect("a file or folder");
    (report, found)
}

/// Subject, name or address of the sender, and the hashes of what is attached, sorted.
fn gist(messages: &[Message]) -> Vec<(String, Vec<[u8; 32]>)> {
    let mut gist: Vec<_> = messages
        .iter()
        .map(|message| {
            let mut attached: Vec<[u8; 32]> = message.attachments.iter().map(|own| own.sha256).collect();
            attached.sort_unstable();
            (message.subject.clone(), attached)
        })
        .collect();
    gist.sort();
    gist
}

#[test]
fn enron_pst_holds_what_readpst_finds() {
    let Some(folder) = real_archive("outlook-files") else { return };
    let path = folder.join("npm-pst-extractor/enron.pst");
    let out = tempfile::tempdir().expect("a folder");
    let run = Command::new("readpst").args(["-q", "-j", "0", "-e", "-o"]).arg(out.path()).arg(&path).output();
    if run.is_err() {
        return skip("readpst (Debian's pst-utils) is not installed");
    }
    let (report, ours) = read(&path);
    let (_, theirs) = read(out.path());
    assert_eq!((ours.len(), theirs.len()), (71, 71));
    assert_eq!((report.items.as_slice(), report.skipped.as_slice()), (&[][..], &[][..]));
    for (ours, theirs) in gist(&ours).into_iter().zip(gist(&theirs)) {
        assert_eq!(ours, theirs);
    }
    fs::remove_dir_all(out.path()).expect("its own folder");
}

#[test]
fn small_mailboxes_of_outlook() {
    let Some(folder) = real_archive("outlook-files") else { return };
    let check = |path: &str, n: usize, items: &[(&str, u64)]| {
        let (report, found) = read(&folder.join(path));
        assert_eq!((found.len(), report.items.as_slice()), (n, items), "{path}");
        // Outlook's own notes on when its user is free.
        let skipped = &report.skipped;
        let told = if n > 0 { Reason::Housekeeping } else { Reason::Empty };
        assert!(skipped.iter().all(|own| own.reason == told), "{path}: {skipped:?}");
    };
    let contacts = [("contacts", 1), ("distribution lists", 1)];
    check("firstlook-pst/test/resources/sample1.pst", 1, &[]);
    check(
        "java-libpst/src/test/resources/dist-list.pst",
        3,
        &[&[("appointments", 1)], &contacts[..]].concat(),
    );
    check("java-libpst/src/test/resources/passworded.pst", 2, &contacts);
    check("outlook-pst-rs/crates/pst/examples/Empty.pst", 0, &[]);
}

#[test]
fn messages_of_outlook() {
    let Some(folder) = real_archive("outlook-files") else { return };
    let check = |path: &str, subject: &str, date: i64, attached: &[(&str, u64)]| {
        let (report, found) = read(&folder.join(path));
        assert_eq!((found.len(), report.skipped.len()), (1, 0), "{path}: {:?}", report.skipped);
        let message = &found[0];
        assert_eq!((message.subject.as_str(), message.date.order), (subject, Some(date)), "{path}");
        let names = message.attachments.iter().map(|own| (own.name.as_str(), own.size));
        assert_eq!(names.collect::<Vec<_>>(), attached, "{path}");
        assert!(!message.text.is_empty(), "{path}");
    };
    let sent = "Testing Manuel Lemos' MIME E-mail composing and sending PHP class: HTML message";
    let pictures = [("logo.gif", 1195), ("background.gif", 3265), ("attachment.txt", 64)];
    let tiffs = [("import OleFileIO.tif", 969_674), ("raised value error.tif", 1_033_142)];
    check("hfig-mapi/tests/_files/sample.msg", sent, 1_114_900_109, &pictures);
    check("hfig-mapi/tests/_files/Swetlana.msg", "Swetlana Novikova", 1_141_737_919, &[("contact.vcf", 142)]);
    check("msg-extractor/example-msg-files/strangeDate.msg", "MSG Test File", 1_456_239_470, &[]);
    check("msg-extractor/example-msg-files/unicode.msg", "Test for TIF files", 1_384_763_184, &tiffs);
}

#[test]
fn fauci_json_in_its_conversations() {
    let Some(folder) = real_archive("fauci-json") else { return };
    let (report, found) = read(&folder.join("fauci-email-data.json"));
    assert_eq!((found.len(), report.kind.as_str()), (2761, "table"));
    assert_eq!(report.columns, ["from=sender, to=recipients, cc=cc, date=time, subject=subject, body=body"]);
    // One message of each of 1,289 conversations refers to none before it.
    assert_eq!(found.iter().filter(|message| message.references.is_empty()).count(), 1289);
    assert_eq!(found.iter().filter(|message| message.date.order.is_none()).count(), 0);
    assert_eq!(found.iter().filter(|message| message.from.is_empty()).count(), 0);
    assert!(report.skipped.is_empty(), "{:?}", report.skipped);
}
