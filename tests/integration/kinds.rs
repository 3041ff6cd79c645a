//! What is not here: placeholders for ids that are mentioned, documents without text, quoted messages, and that none of
//! them costs or changes anything for who does not ask.

use std::fs;
use std::path::Path;

use maildex_build::build::site::MANIFEST;
use maildex_build::build::{BuildOptions, build};
use maildex_build::released::{Profile, Release, Tables};
use maildex_core::format::line::Line;
use maildex_core::format::record::Record;
use maildex_core::query::{Context, parse};
use maildex_core::{Request, Sort, Step, Thread};
use maildex_tests::site::{Silent, Site};

/// Two answers to a letter that is not here, the second by way of another that is not here either; and the letter that
/// began it all.
const LETTERS: &str = "\
From - Mon May  5 12:00:00 2003
From: Ann Auk <ann@quay.example>
Date: Mon, 5 May 2003 10:00:00 +0000
Message-ID: <first@quay.example>
Subject: The pier

Shall it be closed?

From - Mon May  5 12:00:00 2003
From: Bob Tern <bob@shore.example>
Date: Wed, 7 May 2003 10:00:00 +0000
Message-ID: <third@shore.example>
References: <first@quay.example> <lost@Shore.EXAMPLE>
Subject: Re: The pier

I do not think so.

From - Mon May  5 12:00:00 2003
From: Cid Gull <cid@shore.example>
Date: Fri, 9 May 2003 10:00:00 +0000
Message-ID: <fourth@shore.example>
References: <first@quay.example> <lost@shore.example> <gone@shore.example>
In-Reply-To: Message from Ann <ann@quay.example> of May 5
Subject: Re: The pier

Nor do I.

";

fn find(site: &mut Site, text: &str) -> Vec<Line> {
    let query = parse(text, &Context::default());
    let request = Request { query: &query, typing: false, sort: Sort::Oldest, offset: 0, limit: 100 };
    let total = site.run(|archive| archive.total(&query, false));
    let lines = site.run(|archive| archive.search(&request)).lines;
    assert_eq!(lines.len() as u64, total, "{text}");
    lines
}

fn record(site: &mut Site, line: &Line) -> Record {
    site.run(|archive| archive.message(line.key)).expect("what was found is there").1
}

fn thread(site: &mut Site, line: &Line) -> Thread {
    site.run(|archive| archive.thread(line.key)).expect("it stands in a thread")
}

fn headers<'a>(record: &'a Record, name: &str) -> Vec<&'a str> {
    record.headers.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect()
}

#[test]
fn ids_that_are_mentioned_and_never_seen() {
    let (_folder, mut site) = Site::of_mbox(LETTERS);
    assert_eq!(find(&mut site, "").len(), 3);
    let missing = find(&mut site, "is:missing");
    let ids: Vec<String> = missing.iter().map(|line| record(&mut site, line).message_id).collect();
    assert_eq!(ids, ["lost@shore.example", "gone@shore.example"]);
    let lost = record(&mut site, &missing[0]);
    assert_eq!((lost.date, lost.subject.as_str()), (None, "The pier"));
    assert_eq!(headers(&lost, "Known-From"), ["mentioned"]);
    assert_eq!(headers(&lost, "Not-Before"), ["2003-05-05T10:00:00Z"]);
    assert_eq!(headers(&lost, "Not-After"), ["2003-05-07T10:00:00Z"]);
    let holders: Vec<&str> = headers(&lost, "Held-By").iter().map(|held| &held[17..]).collect();
    assert_eq!(holders, ["2003-05-07", "2003-05-09"]);
    assert_eq!((missing[0].thread_size, missing[1].thread_size), (2, 1));
    // Each leads to the thread that it belongs to, and the thread's ghosts lead to each.
    for line in &missing {
        let Thread { focus, messages } = thread(&mut site, line);
        assert_eq!(messages.len(), 5);
        assert_eq!(messages[focus].stand_in, Some(line.key));
        assert!(messages[focus].line.is_none());
    }
    let found = |site: &mut Site, text: &str| find(site, text).len();
    assert_eq!(found(&mut site, "kind:any"), 5);
    assert_eq!(found(&mut site, "kind:placeholder pier"), 2);
    assert_eq!(found(&mut site, "is:missing after:2003-05-08"), 1);
    assert_eq!(found(&mut site, "is:missing rfc822msgid:gone@shore.example"), 1);
    assert_eq!(found(&mut site, "is:missing OR from:ann"), 3);
    assert_eq!(found(&mut site, "kind:quoted"), 0);
    assert_eq!(found(&mut site, "-is:missing"), 3);
    let absent = site.run(|archive| archive.absent());
    assert_eq!((absent.mentioned, absent.quoted, absent.skipped, absent.listed), (2, 0, 0, 0));
}

#[test]
fn what_is_not_asked_for_is_not_read() {
    let (folder, mut site) = Site::of_mbox(LETTERS);
    let known = |site: &mut Site| {
        site.run(|archive| Ok(Step::Done(archive.fronts().map(|front| front.n_docs).collect::<Vec<_>>())))
    };
    let found = find(&mut site, "pier");
    thread(&mut site, &found[0]);
    assert_eq!(known(&mut site), [3, 0]);
    find(&mut site, "kind:any");
    assert_eq!(known(&mut site), [3, 2]);
    let manifest = fs::read_to_string(folder.path().join("site").join(MANIFEST)).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let kinds: Vec<_> = manifest["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| (&own["kind"], own["front"] == ""))
        .collect();
    assert_eq!(format!("{kinds:?}"), "[(String(\"message\"), false), (String(\"placeholder\"), true)]");
}

/// A document of the shipped profile's release.
fn document(number: &str, from: &str, sent: &str, subject: &str, text: &str) -> String {
    format!(
        "UNCLASSIFIED U.S. Department of State Case No. F-2033-00017 Doc No. {number} Date: 08/31/2035\n\n\
         From: {from}\nSent: {sent}\nTo: P <penguin9@harbour.example>\nSubject: {subject}\n\n{text}\n"
    )
}

const TEXT: &str =
    "The ferry leaves the north quay at nine on Monday and comes back by noon unless the storm goes on.";

fn released(folder: &Path, threads: usize) -> Site {
    let texts = folder.join("texts");
    let beside = folder.join("beside");
    fs::create_dir_all(&texts).unwrap();
    fs::create_dir_all(&beside).unwrap();
    let quoted = |from: &str, sent: &str, subject: &str, text: &str| {
        format!(
            "\n-----Original Message-----\nFrom: {from}\nSent: {sent}\nTo: P\nSubject: {subject}\n\n{text}\n"
        )
    };
    let gull = quoted("Gull, Mary", "Thursday, January 14, 2010 6:35 PM", "The ferry", TEXT);
    let auk = quoted("Auk, Otto", "Thursday, January 14, 2010 4:00 PM", "Tides", "When is high water?");
    let tern =
        quoted("Tern, Anna", "Thursday, January 14, 2010 3:00 PM", "Keys", "Who has the keys of the shed?");
    let nobody = quoted("", "Thursday, January 14, 2010 3:00 PM", "Keys", "Someone has the keys.");
    let documents = [
        (
            "C09900001",
            document("C09900001", "Gull, Mary", "Thursday, January 14, 2010 6:35 PM", "The ferry", TEXT),
        ),
        (
            "C09900002",
            document(
                "C09900002",
                "P",
                "Thursday, January 14, 2010 7:00 PM",
                "Re: The ferry",
                &format!("Yes.\n{gull}{auk}"),
            ),
        ),
        (
            "C09900004",
            document(
                "C09900004",
                "Auk, Otto",
                "Thursday, January 14, 2010 8:00 PM",
                "Re: Tides",
                &format!("At six.\n{auk}{tern}"),
            ),
        ),
        (
            "C09900005",
            document(
                "C09900005",
                "Auk, Otto",
                "Friday, January 15, 2010 8:00 PM",
                "Keys",
                &format!("Look here.\n{nobody}"),
            ),
        ),
    ];
    for (number, text) in documents {
        fs::write(texts.join(format!("{number}.txt")), text).unwrap();
    }
    let links =
        ["C09900001", "C09900003", "C09900007"].map(|number| format!("https://foia.example/{number}.pdf\n"));
    fs::write(beside.join("list.txt"), links.concat()).unwrap();
    let rows = "doc_number,from,to,subj,sent\nC09900003,\"Tern, Anna\",P,Keys,\"Thursday, January 14, 2010 3:00 PM\"\n";
    fs::write(beside.join("rows.csv"), rows).unwrap();
    let mut profile = Profile::named("clinton").unwrap();
    profile.consecutive = true;
    let mut tables = Tables::default();
    tables.read_folder(&beside, &profile).unwrap();
    let releases = vec![Release { profile, tables, forced: false }];
    let out = folder.join(format!("site{threads}"));
    let options = BuildOptions {
        inputs: vec![texts],
        out: out.clone(),
        releases,
        threads: Some(threads),
        ..BuildOptions::default()
    };
    build(&options, &Silent).expect("it is built");
    Site::open(&out)
}

#[test]
fn documents_and_what_they_quote() {
    let folder = tempfile::tempdir().unwrap();
    let mut site = released(folder.path(), 2);
    assert_eq!(find(&mut site, "").len(), 4);
    // The original of Mary's is here, that of Anna's is on the list; Otto's is in two documents and nowhere else.
    let missing = find(&mut site, "kind:quoted is:missing");
    let senders: Vec<&str> = missing.iter().map(|line| line.from.as_str()).collect();
    assert_eq!(senders, ["Auk, Otto"]);
    assert_eq!(missing[0].thread_size, 2);
    let otto = record(&mut site, &missing[0]);
    assert_eq!((otto.subject.as_str(), otto.text.as_str()), ("Tides", "When is high water?"));
    let holders: Vec<&str> = headers(&otto, "Held-By").iter().map(|held| &held[17..]).collect();
    assert_eq!(holders, ["C09900002", "C09900004"]);
    assert_eq!(otto.places.len(), 2);
    let thread = thread(&mut site, &missing[0]);
    assert_eq!(thread.messages[thread.focus].stand_in, Some(missing[0].key));
    // Nothing is claimed of one without a sender.
    let unread = find(&mut site, "kind:quoted -is:missing");
    assert_eq!(unread.iter().map(|line| line.subject.as_str()).collect::<Vec<_>>(), ["Keys"]);
    let answer = find(&mut site, "docid:C09900002");
    let fates: Vec<String> =
        headers(&record(&mut site, &answer[0]), "Quotes").iter().map(|own| own[17..].to_owned()).collect();
    assert_eq!(fates, ["here", "missing"]);
    let other = find(&mut site, "docid:C09900004");
    let fates: Vec<String> =
        headers(&record(&mut site, &other[0]), "Quotes").iter().map(|own| own[17..].to_owned()).collect();
    assert_eq!(fates, ["missing", "listed"]);
    // What others say of a listed document is told; it is not missing, and skipped numbers are.
    let listed = find(&mut site, "is:listed");
    let told: Vec<_> =
        listed.iter().map(|line| (line.from.as_str(), line.subject.as_str(), line.missing)).collect();
    assert_eq!(told, [("Tern, Anna", "Keys", false), ("", "", false)]);
    let pdf = record(&mut site, &listed[1]);
    assert_eq!(headers(&pdf, "Source-PDF"), ["https://foia.example/C09900007.pdf"]);
    let skipped = find(&mut site, "is:skipped");
    assert_eq!(headers(&record(&mut site, &skipped[0]), "Document"), ["C09900006"]);
    assert_eq!((skipped.len(), find(&mut site, "is:missing").len()), (1, 2));
}

#[test]
fn the_same_bytes_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let sums = |threads| {
        released(folder.path(), threads);
        fs::read_to_string(folder.path().join(format!("site{threads}")).join("SHA256SUMS")).unwrap()
    };
    let one = sums(1);
    assert_eq!(one, sums(2));
    assert_eq!(one, sums(8));
}
