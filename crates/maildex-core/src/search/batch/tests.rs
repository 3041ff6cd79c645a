use crate::query::parse;
use crate::sample::{Zstd, mails, segment};
use crate::{Archive, Batch, Counts, Step};

fn batch(queries: &[&str]) -> Batch {
    let mails = mails(300, 3);
    let (front, blob) = segment(&mails, 1024, &mut Zstd).blob();
    let mut archive = Archive::new();
    archive.open(&front).unwrap();
    archive.put(0, 0, &blob).unwrap();
    let queries: Vec<_> = queries.iter().map(|text| parse(text, &archive.context(0, false))).collect();
    match archive.batch(&queries).unwrap() {
        Step::Done(batch) => batch,
        Step::Missing(wants) => panic!("all is here, but {wants:?}"),
    }
}

fn counts(hits: u64, with_threads: u64, unique: u64) -> Counts {
    Counts { hits, with_threads, unique, sources: Vec::new() }
}

#[test]
fn what_only_one_finds_is_unique() {
    let found = batch(&["once3 OR once4", "once4", "subject:/[a/", "nothere"]);
    let rows = [Some(counts(2, 6, 1)), Some(counts(1, 3, 0)), None, Some(counts(0, 0, 0))];
    assert_eq!(found.rows, rows);
    assert_eq!(found.total, counts(2, 6, 1));
}

#[test]
fn everything_twice() {
    let found = batch(&["", "*"]);
    assert_eq!(found.rows, [Some(counts(300, 300, 0)), Some(counts(300, 300, 0))]);
    assert_eq!(batch(&["from:ada@quay.example", "from:bo@mail.holm.example"]).total, counts(300, 300, 300));
}

#[test]
fn nothing_at_all() {
    assert_eq!(batch(&[]).total, counts(0, 0, 0));
}
