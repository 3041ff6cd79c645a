use std::fs;

use super::*;
use crate::input::{InputReport, ReadOptions, Skipped, read_as};
use crate::message::{Message, ParseOptions, parse};

fn read(name: &str, table: &str, columns: &str) -> (InputReport, Vec<(Raw, Message)>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::write(&path, table).expect("a file");
    let columns = Columns::read(columns).expect("columns");
    let mut found = Vec::new();
    let mut sink = |raw: Raw| {
        let message = parse(&raw.bytes, raw.envelope_date, &ParseOptions::default());
        found.push((raw, message));
        Ok(())
    };
    let report = read_as(&path, &ReadOptions { columns, ..ReadOptions::default() }, &mut sink, &mut |_| {});
    (report.expect("a file"), found)
}

/// Sender, recipients, subject, text and date of each message.
fn gist(found: &[(Raw, Message)]) -> Vec<String> {
    let people = |list: &[message::Mailbox]| {
        list.iter().map(|own| format!("{}<{}>", own.name, own.address)).collect::<Vec<_>>().join("+")
    };
    let gist = |(_, own): &(Raw, Message)| {
        let date = own.date.order.map_or("-".to_owned(), |date| date.to_string());
        format!(
            "{} > {} | {} | {} | {date}",
            people(&own.from),
            people(&own.to),
            own.subject,
            own.text.trim()
        )
    };
    found.iter().map(gist).collect()
}

fn details(skipped: &[Skipped]) -> Vec<(Reason, u64, &str)> {
    skipped.iter().map(|own| (own.reason, own.n, own.detail.as_str())).collect()
}

#[test]
fn columns_are_known_by_their_names() {
    let table = "\u{FEFF}Id,DocNumber,MetadataSubject,MetadataTo,MetadataFrom,MetadataDateSent,ExtractedBodyText,RawText\n\
        1,C05739545,WOW,H,\"Sullivan, Jacob J\",2012-09-12T04:00:00+00:00,,\"raw \"\"words\"\",\nsecond line\"\n\
        2,C05739546,,\"H; Mills, Cheryl\",,,body,raw\n\
        ,,,,,,,\n";
    let (report, found) = read("Emails.csv", table, "");
    assert_eq!(
        gist(&found),
        [
            "Sullivan, Jacob J<> > H<> | WOW | raw \"words\",\nsecond line | 1347422400",
            "<> > H<>+Mills, Cheryl<> |  | body | -".trim_start_matches("<>")
        ]
    );
    assert_eq!(
        report.columns,
        [
            "from=MetadataFrom, to=MetadataTo, date=MetadataDateSent, subject=MetadataSubject, body=ExtractedBodyText|RawText, id=DocNumber|Id"
        ]
    );
    assert_eq!(details(&report.skipped), [(Reason::EmptyRow, 1, "")]);
    assert_eq!((report.kind.as_str(), found[1].0.place.folder.as_str()), ("table", "Emails.csv"));
    assert_eq!(found[0].1.message_id.as_deref(), Some("C05739545@Emails.csv"));
}

#[test]
fn whole_messages_in_a_column() {
    let table = "file,message\nallen-p/_sent_mail/1.,\"Message-ID: <1@x>\nFrom: a@b.example\nSubject: one\n\nfirst, \"\"words\"\"\n\"\n\
        allen-p/inbox/2.,\"no mail at all\"\n";
    let (_, found) = read("emails.csv", table, "");
    assert_eq!(
        gist(&found),
        ["<a@b.example> >  | one | first, \"words\" | -", " >  |  | no mail at all | -"]
    );
    let folders: Vec<_> =
        found.iter().map(|(raw, _)| (raw.place.folder.as_str(), raw.place.offset)).collect();
    assert_eq!(folders, [("allen-p/_sent_mail", 13), ("allen-p/inbox", 105)]);
}

#[test]
fn columns_are_told_by_the_caller() {
    let table = "wer;wem;wann;was\nAnn <a@b.example>;b@c.example, c@d.example;981173106;Grüße\n";
    let (report, found) = read("t.txt", table, "from=wer,to=wem,date=wann,body=was");
    assert_eq!(gist(&found), ["Ann<a@b.example> > <b@c.example>+<c@d.example> |  | Grüße | 981173106"]);
    assert_eq!(report.columns, ["from=wer, to=wem, date=wann, body=was"]);
    let (report, found) = read("t.csv", &table.replace(';', ","), "body=text");
    assert_eq!(found.len(), 0);
    assert_eq!(
        details(&report.skipped),
        [(Reason::NotMail, 1, "no column \"text\"; it has wer, wem, wann, was")]
    );
}

#[test]
fn errors_teach() {
    let say = |text: &str| Columns::read(text).expect_err("wrong").to_string();
    assert_eq!(say("sender"), "expected field=column as in from=sender,body=text, found \"sender\"");
    assert_eq!(say("from="), "expected field=column as in from=sender,body=text, found \"from=\"");
    assert!(say("form=x").starts_with("expected one of from, to, cc, bcc, date, "), "{}", say("form=x"));
    let (report, found) = read("prices.csv", "name,price\napple,1\n", "");
    assert_eq!(found.len(), 0);
    let detail = &report.skipped[0].detail;
    assert!(detail.contains("it has name, price; say which are meant with --map"), "{detail}");
}

#[test]
fn json_in_all_its_forms() {
    let rows = [
        r#"{"from": {"name": "Lay, Ken", "email": "k@e.example"}, "to": ["Skilling, Jeff", "b@c.example"], "subject": "ä \"q\"", "body": "one", "date": "2001-02-03T04:05:06Z"}"#,
        r#"{"from": ["Doe, Jane"], "subject": "two", "body": "b", "date": 981173106000}"#,
    ];
    let expect = [
        "Lay, Ken<k@e.example> > Skilling, Jeff<>+<b@c.example> | ä \"q\" | one | 981173106",
        "Doe, Jane<> >  | two | b | 981173106",
    ];
    for table in [
        format!("[{}, {}]", rows[0], rows[1]),
        format!("{}\n{}\n", rows[0], rows[1]),
        format!("{{\"version\": 1, \"mails\": [{}, {}]}}", rows[0], rows[1]),
    ] {
        let (report, found) = read("m.json", &table, "");
        assert_eq!(gist(&found), expect, "{table}");
        assert_eq!(report.skipped, []);
    }
}

#[test]
fn conversations_keep_together() {
    let table = r#"{"names": ["ann, a", "bob, b"], "emails": [
        [{"sender": 1, "recipients": [0], "cc": [], "subject": "RE: x", "body": "no", "time": "2020-03-04T11:27:00"},
         {"sender": 0, "recipients": [1], "cc": [0, 1], "subject": "x", "body": "yes?", "time": "2020-03-03T11:27:00"}],
        [{"sender": 0, "recipients": [7], "cc": [], "subject": "y", "body": "z", "time": "2020-03-04T11:27:00+00:00"}]]}"#;
    let (report, found) = read("f.json", table, "");
    assert_eq!(
        gist(&found),
        [
            "ann, a<> > bob, b<> | x | yes? | 1583234820",
            "bob, b<> > ann, a<> | RE: x | no | 1583321220",
            "ann, a<> >  | y | z | 1583321220"
        ]
    );
    assert_eq!(found[0].1.cc.len(), 2);
    assert_eq!(found[1].1.references, [found[0].1.message_id.clone().expect("an id")]);
    assert!(found[2].1.references.is_empty());
    assert_eq!(report.found, 3);
}

#[test]
fn damage_is_counted_and_reading_goes_on() {
    let row = r#"{"from": "a@b.example", "subject": "s", "body": "b"}"#;
    let (report, found) =
        read("m.jsonl", &format!("{row}\n{{\"from\": nonsense}}\n{row}\n{{\"from\": \"x"), "");
    assert_eq!(found.len(), 2);
    assert_eq!((report.skipped[0].reason, report.skipped[0].n), (Reason::Damaged, 2));
    let (report, found) =
        read("m.csv", "from,subject,body\na@b.example,s,b\na@b.example,\"never closed\n", "");
    assert_eq!((found.len(), report.skipped.len()), (2, 0));
    for table in [
        "[",
        "{",
        "[[[",
        "{\"body\":",
        "[1, 2]",
        "from,to,body,subject",
        "from,to,body,subject\n\"",
        "[{\"from\":1,\"to\":2,\"body\":3}",
    ] {
        let (report, found) = read("m.x", table, "");
        assert!(
            found.len() == 1
                || !report.skipped.is_empty()
                || table.ends_with("subject")
                || table.ends_with('"'),
            "{table}"
        );
    }
    let deep = format!("[{{\"from\":\"a\",\"to\":\"b\",\"body\":{}1{}}}]", "[".repeat(500), "]".repeat(500));
    assert_eq!(read("m.json", &deep, "").0.skipped[0].reason, Reason::Damaged);
}
