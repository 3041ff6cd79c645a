use super::*;
use crate::sample::{Random, Stored, Zstd};

fn lines(text: impl Fn(usize) -> String) -> Vec<Line> {
    (0..PAGE as usize)
        .map(|i| Line {
            key: u64::MAX - i as u64 * 0x1234_5678_9ABC,
            date: [Some(1_000_000_000), None, Some(4_000_000_000), Some(0)][i % 4],
            attachments: i % 2 == 0,
            html: i % 3 == 0,
            misdated: i % 5 == 0,
            missing: i % 7 == 0,
            kind: MessageKind::Message,
            place: [0, u32::MAX, 7, 1 << 31][i % 4],
            thread_size: [1, u32::MAX][i % 2],
            from: text(i),
            subject: text(i + 8),
            preview: text(i + 16),
        })
        .collect()
}

#[track_caller]
fn check(lines: &[Line], compress: &mut dyn Compress) {
    let payload = LineWriter::default().page(lines, compress).0;
    assert_eq!(payload.len(), PAYLOAD as usize);
    let read = decode(&payload, &Decoder::new(&[]).expect("none is needed")).expect("it was just written");
    assert_eq!(read.len(), lines.len());
    for (own, read) in lines.iter().zip(&read) {
        for (text, read) in
            [(&own.from, &read.from), (&own.subject, &read.subject), (&own.preview, &read.preview)]
        {
            assert!(text.starts_with(&**read));
        }
        let (from, subject, preview) = (read.from.clone(), read.subject.clone(), read.preview.clone());
        assert_eq!(*read, Line { from, subject, preview, ..own.clone() });
    }
}

#[test]
fn pages_of_any_text_fit() {
    let mut random = Random(3);
    // Characters from everywhere: four bytes each, and nothing that an encoder could make shorter.
    let noise: Vec<String> = (0..24)
        .map(|_| (0..200).filter_map(|_| char::from_u32(0x1_0000 + random.below(0x10_0000) as u32)).collect())
        .collect();
    let texts: [&dyn Fn(usize) -> String; 6] = [
        &|_| String::new(),
        &|i| format!("Ada Quay {i}"),
        &|_| "a".repeat(5000),
        &|i| "船は冬の時刻表に従って出航します".repeat(i + 1),
        &|i| "🚢⛴️👩🏽‍🚀".repeat(i + 9),
        &|i| noise[i].clone(),
    ];
    for text in texts {
        check(&lines(text), &mut Zstd);
        check(&lines(text), &mut Stored);
        check(&lines(text)[..1], &mut Zstd);
    }
}

#[test]
fn short_lines_are_kept_whole_and_previews_fill_the_page() {
    let lines = lines(|i| if i < 16 { format!("subject {i}") } else { "the crew of the ferry ".repeat(9) });
    let payload = LineWriter::default().page(&lines, &mut Zstd).0;
    let read = decode(&payload, &Decoder::new(&[]).expect("none is needed")).expect("it was just written");
    assert!(
        read.iter().zip(&lines).all(|(read, own)| (&read.from, &read.subject) == (&own.from, &own.subject))
    );
    assert!(read.iter().all(|line| line.preview.chars().count() == MAX_PREVIEW), "{read:?}");
}

#[test]
fn what_is_no_page_is_an_error() {
    let payload = LineWriter::default().page(&lines(|i| format!("subject {i}")), &mut Stored).0;
    let decoder = Decoder::new(&[]).expect("none is needed");
    let changed = |at: usize, value: u8| {
        let mut payload = payload.clone();
        payload[at] = value;
        decode(&payload, &decoder)
    };
    assert_eq!(changed(0, PAGE as u8 + 1), corrupt("lines"));
    assert_eq!(changed(2, 0xff), corrupt("lines"));
    assert!(changed(0, 1).is_err() && changed(1, 0).is_err());
    assert_eq!(decode(&[], &decoder), corrupt("lines"));
}
