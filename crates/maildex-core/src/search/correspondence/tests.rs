use crate::query::{Field, parse};
use crate::sample::{Zstd, mails, segment};
use crate::{Archive, Correspondence, Step, Tie};

fn correspondence(query: &str, limit: usize, also: &[&str]) -> Correspondence {
    let mails = mails(300, 3);
    let (front, blob) = segment(&mails, 1024, &mut Zstd).blob();
    let mut archive = Archive::new();
    archive.open(&front).unwrap();
    archive.put(0, 0, &blob).unwrap();
    let query = parse(query, &archive.context(0, false));
    let also: Vec<String> = also.iter().map(|text| (*text).to_owned()).collect();
    match archive.correspondence(&query, false, limit, &also).unwrap() {
        Step::Done(found) => found,
        Step::Missing(wants) => panic!("all is here, but {wants:?}"),
    }
}

#[test]
fn those_who_send_most_come_first() {
    let found = correspondence("", 10, &[]);
    assert_eq!(found.total, 300);
    assert_eq!(found.n_senders as usize, found.people.len());
    assert!(found.people.windows(2).all(|two| two[0].sent >= two[1].sent));
    assert_eq!(found.people.iter().map(|own| own.sent).sum::<u64>(), 300);
    for own in &found.people {
        let by = correspondence(&own.query(Field::From), 10, &[]);
        assert_eq!(by.total, own.sent, "{}", own.address);
    }
}

#[test]
fn conversations_are_those_that_both_took_part_in() {
    let found = correspondence("", 2, &[]);
    let [one, other] = [&found.people[0], &found.people[1]];
    let both = [one.query(Field::From), other.query(Field::From)].join(" ");
    let query = ["thread:{", &both, "}"].concat();
    let within = correspondence(&query, 2, &[]);
    assert!(!found.conversations.is_empty());
    assert_eq!(found.conversations, within.conversations);
    assert!(found.conversations.iter().all(|Tie { from, to, .. }| from < to));
}

#[test]
fn whoever_is_asked_for_besides_is_told_of() {
    let found = correspondence("", 1, &["nobody@nowhere.example", "Some Body"]);
    let [_, address, name] = &found.people[..] else { panic!("expected three, found {:?}", found.people) };
    assert_eq!(
        (&*address.address, &*address.name, address.sent, address.received),
        ("nobody@nowhere.example", "", 0, 0)
    );
    assert_eq!((&*name.address, &*name.name), ("", "Some Body"));
}

#[test]
fn signs_alone_are_nobody() {
    let found = correspondence("", 1, &["_", "@"]);
    assert!(found.people[1..].iter().all(|own| own.received == 0 && own.query(Field::To).is_empty()));
    assert_eq!(found.people.len(), 3);
}

#[test]
fn nothing_is_found_among_nothing() {
    assert_eq!(correspondence("nothere", 10, &[]), Correspondence::default());
}
