use super::*;
use crate::format::block::SectionId;
use crate::format::frame::tests::section;
use crate::format::zstd::Decoder;
use crate::sample::{line_of, mails, record_of};

fn full() -> Record {
    let person = |name: &str| Person { name: name.to_owned(), address: format!("{name}@quay.example") };
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Record {
        key: u64::MAX,
        message_id: "1@quay.example".to_owned(),
        date: Some(-5),
        zone: Some(-720),
        size: 1 << 40,
        from: vec![person("ada")],
        to: vec![person("bo"), person("")],
        cc: vec![person("søren")],
        bcc: vec![person("x")],
        subject: "日本 \0\u{1}\u{2}\u{1}🚢".to_owned(),
        headers: vec![
            field("List-Id", "<crew>"),
            field("", ""),
            field("References", "<a> <b>"),
            field("DATE", "now"),
        ],
        text: String::new(),
        attachments: vec![Attachment {
            name: "plan.pdf".to_owned(),
            mime: "application/pdf".to_owned(),
            size: u64::MAX,
            inline: true,
            content_id: "pic@quay".to_owned(),
            sha256: [7; 32],
            kept: Some(vec![
                Piece { pack: u32::MAX, at: 1, stored: u32::MAX, skip: u32::MAX >> 1, packed: true },
                Piece::default(),
            ]),
        }],
        original: Some(Vec::new()),
        places: vec![Place {
            source: "a.zip".to_owned(),
            path: "b/c".to_owned(),
            offset: u64::MAX,
            folder: "Sent".to_owned(),
        }],
        remarks: vec![Remark { kind: "charset".to_owned(), detail: "x-unknown".to_owned() }],
    }
}

/// The line of a record, which has its date if that orders it.
fn line(record: &Record, ordered: bool) -> Line {
    Line {
        key: record.key,
        date: if ordered { record.date } else { Some(77) },
        subject: record.subject.clone(),
        ..Line::default()
    }
}

fn block(records: &[(Record, Line)]) -> Vec<u8> {
    let mut writer = RecordWriter::default();
    for (index, (record, line)) in records.iter().enumerate() {
        writer.add(record, line.date, index % 2 == 0);
    }
    writer.finish()
}

#[test]
fn records_come_back() {
    let other = Record { key: 9, date: None, zone: None, from: Vec::new(), ..full() };
    let plain = Record { key: 3, date: Some(0), ..Record::default() };
    let records: Vec<(Record, Line)> = [full(), full(), plain, other, Record::default(), full()]
        .into_iter()
        .enumerate()
        .map(|(index, record)| (record.clone(), line(&record, index % 3 == 0)))
        .collect();
    let content = block(&records);
    for (index, (record, line)) in (0..).zip(&records) {
        assert_eq!(read(&content, index, line).as_ref(), Ok(record), "{index}");
    }
    assert!(read(&content, records.len() as u64, &records[0].1).is_err());
}

#[test]
fn what_a_line_says_and_what_senders_repeat_is_written_once() {
    let one = |n| block(&vec![(full(), line(&full(), true)); n]).len();
    let per_record = (one(100) - one(50)) / 50;
    assert!(per_record + 40 < one(1), "{per_record} of {}", one(1));
    let told = |ordered| block(&[(full(), line(&full(), ordered))]).len();
    assert!(told(true) < told(false));
}

#[test]
fn dates_as_programs_write_them_come_back() {
    let dates = [
        ("Thu, 01 Jan 1970 02:00:05 +0200", 1),
        ("Thu, 1 Jan 1970 02:00:05 +0200", 1),
        ("Thu, 1 Jan 1970 02:00:05 +0200 (EET)", 7),
        ("Thu, 01 Jan 1970 02:00:05 +0200(EET)", 13),
        ("Thu, 01 Jan 1970 02:00:05 EET", 6),
        ("Thu, 01 Jan 1970 02:00:05", 2),
        ("Fri, 01 Jan 1970 02:00:05 +0200", 33),
        ("", 2),
    ];
    for (text, n) in dates {
        let record = Record {
            date: Some(5),
            zone: Some(120),
            headers: vec![("Date".to_owned(), text.to_owned())],
            ..Record::default()
        };
        let empty = Record { headers: Vec::new(), ..record.clone() };
        let pairs = |record: Record| [(record.clone(), line(&record, true))];
        let content = block(&pairs(record.clone()));
        assert_eq!(read(&content, 0, &line(&record, true)).as_ref(), Ok(&record));
        // The name, how, and the zero byte behind it are of the shape.
        assert_eq!(content.len() - block(&pairs(empty)).len(), 6 + n, "{text}");
    }
    for date in [i64::MIN, -62_135_596_801, -62_135_596_800, 253_402_300_799, 253_402_300_800, i64::MAX] {
        let headers = vec![("Date".to_owned(), "x".to_owned())];
        let record = Record { date: Some(date), zone: Some(0), headers, ..Record::default() };
        let content = block(&[(record.clone(), line(&record, true))]);
        assert_eq!(read(&content, 0, &line(&record, true)), Ok(record));
    }
}

#[test]
fn a_block_that_is_cut_off_or_not_of_the_line_is_an_error() {
    let own = line(&full(), true);
    let content = block(&[(full(), own.clone())]);
    assert!((0..content.len()).all(|n| read(&content[..n], 0, &own).is_err()));
    assert!(read(&content, 0, &Line { key: 0, ..own }).is_err());
}

#[test]
fn blocks_are_closed_by_records_and_by_bytes() {
    let mut writer = RecordWriter::default();
    while !writer.is_full() {
        writer.add(&Record::default(), None, true);
    }
    assert_eq!(writer.len(), RECORDS);
    let mut writer = RecordWriter::default();
    let long = Record { subject: "x".repeat(BLOCK / 2), ..Record::default() };
    while !writer.is_full() {
        writer.add(&long, None, false);
    }
    assert_eq!(writer.len(), 2);
}

#[test]
fn places_lead_to_records() {
    let mails = mails(20, 1);
    let content = |range: core::ops::Range<usize>| -> Vec<u8> {
        let rows = range.map(|at| (record_of(&mails[at]), line_of(&mails[at], at as u32)));
        block(&rows.collect::<Vec<_>>())
    };
    let (root, resident) =
        section(SectionId::Records, &[(1, content(0..1)), (18, content(1..19)), (1, content(19..20))]);
    let decoder = Decoder::new(&[]).expect("none is needed");
    let frames = Frames { resident: &resident, root: &root, section: SectionId::Records, decoder: &decoder };
    for (place, mail) in (0..).zip(&mails) {
        let expected = Record { text: String::new(), ..record_of(mail) };
        assert_eq!(read_record(&frames, &line_of(mail, place)), Ok(expected));
    }
    assert!(read_record(&frames, &line_of(&mails[0], 20)).is_err());
}
