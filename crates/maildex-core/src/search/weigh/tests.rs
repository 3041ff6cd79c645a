use super::*;
use crate::query::parse;
use crate::sample::{Zstd, mails, segment};
use crate::{Archive, Step};

#[test]
fn what_is_read_is_no_more_than_was_said() {
    let mails = mails(3000, 4);
    let (front, blob) = segment(&mails, 1024, &mut Zstd).blob();
    for (text, question) in [
        ("ferry", Weighty::Facet(Facet::People)),
        ("", Weighty::Facet(Facet::Month)),
        ("ferry", Weighty::Facet(Facet::Has)),
        ("\"ferry timetable\"", Weighty::Sort(Sort::Size)),
        ("ferry OR storm", Weighty::Sort(Sort::Subject)),
        ("ferry NEAR storm", Weighty::Threads),
    ] {
        let mut archive = Archive::new();
        archive.open(&front).unwrap();
        let query = parse(text, &archive.context(0, false));
        let mut rounds = 0;
        // The dictionary first.
        let said = loop {
            match archive.weigh(&query, false, &[question]).unwrap() {
                Step::Done(bytes) => break bytes,
                Step::Missing(wants) => rounds += fetch(&mut archive, &blob, &wants).min(1),
            }
        };
        assert!(rounds <= 1, "{text}");
        let mut read = 0;
        loop {
            let step = match question {
                Weighty::Facet(facet) => archive.facets(&query, false, &[facet], 0).map(|step| done(&step)),
                Weighty::Sort(sort) => archive.search(&request(&query, sort)).map(|step| done(&step)),
                Weighty::Threads => {
                    archive.search_threads(&request(&query, Sort::Newest)).map(|step| done(&step))
                }
            };
            match step.unwrap() {
                None => break,
                Some(wants) => read += fetch(&mut archive, &blob, &wants),
            }
        }
        // Ranges end on the borders of blocks, a list and a column on either side.
        assert!(read <= said + 8 * 1028, "{text} {question:?}: {read} of {said}");
        assert!(said <= read * 3 + 4096, "{text} {question:?}: {read} of {said}");
    }
}

fn request(query: &crate::query::Query, sort: Sort) -> crate::Request<'_> {
    crate::Request { query, typing: false, sort, offset: 0, limit: 0 }
}

fn done<T>(step: &Step<T>) -> Option<Vec<crate::Want>> {
    match step {
        Step::Done(_) => None,
        Step::Missing(wants) => Some(wants.clone()),
    }
}

fn fetch(archive: &mut Archive, blob: &[u8], wants: &[crate::Want]) -> u64 {
    for want in wants {
        let from = want.range.offset as usize;
        archive.put(0, want.range.offset, &blob[from..from + want.range.length as usize]).unwrap();
    }
    wants.iter().map(|want| want.range.length).sum()
}
