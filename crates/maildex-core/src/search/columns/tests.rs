use crate::query::parse;
use crate::sample::{Mail, Zstd, mails, segment};
use crate::{Archive, Found, Request, Sort, Step};

const SORTS: [Sort; 6] =
    [Sort::Newest, Sort::Oldest, Sort::Relevance, Sort::Sender, Sort::Subject, Sort::Size];

fn archive(parts: &[Vec<Mail>]) -> Archive {
    let mut archive = Archive::new();
    for (number, mails) in parts.iter().enumerate() {
        let (front, blob) = segment(mails, 1024, &mut Zstd).blob();
        archive.open(&front).unwrap();
        archive.put(number, 0, &blob).unwrap();
    }
    archive
}

fn found(archive: &Archive, text: &str, sort: Sort, threads: bool) -> Found {
    let query = parse(text, &archive.context(0, false));
    let request = Request { query: &query, typing: false, sort, offset: 0, limit: usize::MAX };
    let step = if threads { archive.search_threads(&request) } else { archive.search(&request) };
    let Step::Done(found) = step.unwrap() else { panic!("all is here") };
    found
}

fn keys(found: &Found) -> Vec<u64> {
    found.lines.iter().map(|line| line.key).collect()
}

#[test]
fn columns_give_orders() {
    let mails = mails(500, 5);
    let archive = archive(std::slice::from_ref(&mails));
    let mut newest: Vec<&Mail> = mails.iter().collect();
    newest.sort_by_key(|mail| std::cmp::Reverse((mail.date, mail.key)));
    let check = |sort, order: &dyn Fn(&Mail) -> (usize, String)| {
        let mut expected = newest.clone();
        expected.sort_by_key(|mail| order(mail));
        let expected: Vec<u64> = expected.iter().map(|mail| mail.key).collect();
        assert_eq!(keys(&found(&archive, "", sort, false)), expected, "{sort:?}");
    };
    check(Sort::Size, &|mail| (usize::MAX - mail.text.len(), String::new()));
    check(Sort::Sender, &|mail| (0, mail.from.clone()));
    check(Sort::Subject, &|mail| (0, mail.subject.clone()));
}

#[test]
fn several_segments_are_in_the_same_order() {
    let mails = mails(400, 6);
    let one = archive(std::slice::from_ref(&mails));
    let part =
        |rest| mails.iter().enumerate().filter(|(i, _)| i % 3 % 2 == rest).map(|(_, m)| m.clone()).collect();
    let two = archive(&[part(0), part(1)]);
    for sort in SORTS.into_iter().filter(|sort| *sort != Sort::Relevance) {
        for text in ["", "ferry", "-harbour", "has:attachment"] {
            assert_eq!(
                keys(&found(&two, text, sort, false)),
                keys(&found(&one, text, sort, false)),
                "{text} {sort:?}"
            );
        }
    }
}

#[test]
fn a_thread_has_one_line() {
    let mails = mails(300, 7);
    let archive = archive(std::slice::from_ref(&mails));
    // Threads are runs of three messages.
    let thread = |key: u64| mails.iter().position(|mail| mail.key == key).unwrap() / 3;
    for sort in SORTS {
        for text in ["", "ferry", "harbour -ferry", "nothere"] {
            let all = keys(&found(&archive, text, sort, false));
            let grouped = found(&archive, text, sort, true);
            let mut expected: Vec<(u64, u32)> = Vec::new();
            for &key in &all {
                match expected.iter_mut().find(|(first, _)| thread(*first) == thread(key)) {
                    Some((_, n)) => *n += 1,
                    None => expected.push((key, 1)),
                }
            }
            let (counts, threads) = grouped.threads.clone().unwrap();
            assert_eq!(
                keys(&grouped).into_iter().zip(counts).collect::<Vec<_>>(),
                expected,
                "{text} {sort:?}"
            );
            assert_eq!((threads, grouped.total), (expected.len() as u64, Some(all.len() as u64)));
        }
    }
}
