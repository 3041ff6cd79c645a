use super::*;
use crate::format::Compress;
use crate::format::block::{Section, push_variable};
use crate::format::directory::DirectoryWriter;
use crate::format::zstd::without_magic;
use crate::sample::{Stored, mails, record_of};

fn full() -> Record {
    let person = |name: &str| Person { name: name.to_owned(), address: format!("{name}@quay.example") };
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
        subject: "日本 🚢".to_owned(),
        headers: vec![("List-Id".to_owned(), "<crew>".to_owned()), (String::new(), String::new())],
        text: "line\r\n\0line".repeat(1000),
        attachments: vec![Attachment {
            name: "plan.pdf".to_owned(),
            mime: "application/pdf".to_owned(),
            size: u64::MAX,
            inline: true,
            sha256: [7; 32],
        }],
        places: vec![Place {
            source: "a.zip".to_owned(),
            path: "b/c".to_owned(),
            offset: u64::MAX,
            folder: "Sent".to_owned(),
        }],
        remarks: vec![Remark { kind: "charset".to_owned(), detail: "x-unknown".to_owned() }],
    }
}

#[test]
fn records_come_back() {
    for record in [full(), Record::default(), Record { date: Some(0), ..Record::default() }] {
        assert_eq!(read_record(&write_record(&record)), Ok(record));
    }
}

#[test]
fn a_record_that_is_cut_off_is_an_error() {
    let bytes = write_record(&Record { text: "short".to_owned(), ..full() });
    assert!((0..bytes.len()).all(|n| read_record(&bytes[..n]).is_err()));
}

fn blocks(id: SectionId, contents: &[(u64, Vec<u8>)]) -> (Root, Resident) {
    let (mut bytes, mut directory, mut table) = (Vec::new(), Vec::new(), DirectoryWriter::default());
    for (n, content) in contents {
        let mut frame = Vec::new();
        Stored.compress(content, &mut frame);
        let before = bytes.len();
        push_variable(&mut bytes, without_magic(&frame));
        table.add(*n, (bytes.len() - before) as u64, &mut directory);
    }
    let root = table.finish(&mut directory);
    let start = bytes.len() as u64;
    let sections = [
        Section { id, start: 0, length: start, payload: 0 },
        Section { id: SectionId::Directory, start, length: directory.len() as u64, payload: 0 },
    ];
    let mut resident = Resident::new(&sections);
    resident.put(0, &[bytes, directory].concat()).expect("the bytes are good");
    (root, resident)
}

#[test]
fn places_lead_to_records() {
    let mails = mails(20, 1);
    let content = |range: core::ops::Range<usize>| -> Vec<u8> {
        block_content(&mails[range].iter().map(|mail| write_record(&record_of(mail))).collect::<Vec<_>>())
    };
    let (root, resident) =
        blocks(SectionId::Records, &[(1, content(0..1)), (18, content(1..19)), (1, content(19..20))]);
    let decoder = Decoder::new(&[]).expect("none is needed");
    let blocks = Blocks { resident: &resident, root: &root, section: SectionId::Records, decoder: &decoder };
    for (place, mail) in (0..).zip(&mails) {
        assert_eq!(blocks.record(place), Ok(record_of(mail)));
    }
    assert!(blocks.record(20).is_err());
}

#[test]
fn places_lead_to_html_or_to_none() {
    let texts = [(0, "<p>a</p>".to_owned()), (2, String::new()), (5, "<b>ü</b>".to_owned())];
    let (root, resident) = blocks(SectionId::Html, &[(6, html_content(&texts))]);
    let decoder = Decoder::new(&[]).expect("none is needed");
    let blocks = Blocks { resident: &resident, root: &root, section: SectionId::Html, decoder: &decoder };
    for place in 0..6 {
        let expected = texts.iter().find(|(own, _)| *own == place).map(|(_, text)| text.clone());
        assert_eq!(blocks.html(place), Ok(expected));
    }
}
