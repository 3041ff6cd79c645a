use maildex_build::message::{Attachment, MessageDate};

use super::*;

fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox { name: name.into(), address: address.into() }
}

/// Four messages; 0 is the oldest, 3 has no date.
fn oracle() -> Oracle {
    let mut oracle = Oracle::default();
    let date = |order| MessageDate { order, ..MessageDate::default() };
    oracle.add(
        &Message {
            subject: "The budget of Spring".into(),
            text: "Dear all,\nthe spring budget is done.\n".into(),
            from: vec![mailbox("Ann Archer", "Ann.Archer@mail.acme.example")],
            to: vec![mailbox("", "bob@acme.example"), mailbox("Carl Diaz", "carl@other.example")],
            date: date(Some(1_000)),
            attachments: vec![Attachment { name: "budget_v2.xls".into(), ..Attachment::default() }],
            ..Message::default()
        },
        1,
    );
    oracle.add(
        &Message {
            subject: "Re: The budget of Spring".into(),
            text: "Thanks for the\n\n> Dear all,\n> the spring budget is done.\n\nfigures.\n".into(),
            from: vec![mailbox("Bob", "bob@acme.example")],
            cc: vec![mailbox("Ann Archer", "ann.archer@mail.acme.example")],
            date: date(Some(2_000)),
            ..Message::default()
        },
        1,
    );
    oracle.add(
        &Message {
            subject: "日本語のメール".into(),
            text: "well-known naïve café\n".into(),
            from: vec![mailbox("notacme.example", "x@notacme.example")],
            bcc: vec![mailbox("Ann", "ann@acme.example")],
            date: date(Some(3_000)),
            ..Message::default()
        },
        1,
    );
    oracle.add(&Message { text: "done\n".into(), ..Message::default() }, 1);
    oracle.add_copy(3, &Message { message_id: Some("copy@x".into()), ..Message::default() });
    oracle.finish();
    oracle
}

fn word(field: Field, text: &str) -> Node {
    Node::Word { field, text: text.into(), typos: 0 }
}

fn phrase(field: Field, text: &str) -> Node {
    Node::Phrase { field, text: text.into(), slop: None }
}

#[track_caller]
fn check(query: &Node, expected: &[usize]) {
    assert_eq!(oracle().search(query).as_deref(), Ok(expected), "{query:?}");
}

#[test]
fn words_and_prefixes() {
    check(&Node::Everything, &[0, 1, 2, 3]);
    check(&word(Field::Any, "SPRING"), &[0, 1]);
    check(&word(Field::Any, "cafe"), &[2]);
    check(&word(Field::Any, "spri*"), &[0, 1]);
    check(&word(Field::Any, "spri"), &[]);
    check(&word(Field::Any, "語"), &[2]);
    check(&word(Field::Any, "日本語"), &[2]);
    check(&word(Field::Any, "well-know*"), &[2]);
    check(&word(Field::Any, "xls"), &[0]);
    check(&word(Field::Any, "s?ring"), &[0, 1]);
    check(&word(Field::Any, "*prin*"), &[0, 1]);
    check(&Node::Word { field: Field::Any, text: "sprign".into(), typos: 1 }, &[0, 1]);
    assert!(oracle().search(&word(Field::Any, "s?r-ing")).is_err());
    check(&word(Field::Any, "--"), &[0, 1, 2, 3]);
    check(&Node::Not(Box::new(word(Field::Any, "--"))), &[0, 1, 2, 3]);
}

#[test]
fn phrases_stay_in_one_part() {
    check(&phrase(Field::Any, "spring budget"), &[0, 1]);
    check(&phrase(Field::New, "spring budget"), &[0]);
    check(&phrase(Field::Quoted, "spring budget"), &[1]);
    check(&phrase(Field::Any, "budget spring"), &[]);
    check(&phrase(Field::Any, "for the figures"), &[]);
    check(&phrase(Field::Any, "the dear"), &[]);
    check(&phrase(Field::To, "acme example carl"), &[]);
    check(&phrase(Field::To, "diaz carl"), &[0]);
    check(&phrase(Field::Any, "the budg* of"), &[0, 1]);
}

#[test]
fn people() {
    check(&word(Field::From, "ann"), &[0]);
    check(&word(Field::With, "ann"), &[0, 1, 2]);
    check(&word(Field::To, "ann"), &[1, 2]);
    check(&word(Field::OnlyTo, "ann"), &[]);
    check(&word(Field::From, "ANN.archer@mail.acme.example"), &[0]);
    check(&word(Field::From, "archer@mail.acme.example"), &[]);
    check(&word(Field::From, "acme.example"), &[0, 1]);
    check(&word(Field::From, "@acme.example"), &[0, 1]);
    check(&word(Field::From, "@mail.acme.example"), &[0]);
    check(&word(Field::From, "notacme.example"), &[2]);
    check(&word(Field::From, "arch*"), &[0]);
}

#[test]
fn dates_and_states() {
    let date = |from, until| Node::Date { from, until, text: String::new() };
    check(&date(Some(2_000), None), &[1, 2]);
    check(&date(None, Some(2_000)), &[0]);
    check(&date(Some(1_000), Some(3_000)), &[0, 1]);
    check(&date(None, None), &[0, 1, 2]);
    check(&Node::State { prefix: "has".into(), value: "attachment".into() }, &[0]);
}

#[test]
fn booleans() {
    let (spring, done) = (word(Field::Any, "spring"), word(Field::Any, "done"));
    check(&Node::And(vec![spring.clone(), done.clone()]), &[0, 1]);
    check(&Node::Or(vec![spring.clone(), word(Field::Any, "naive")]), &[0, 1, 2]);
    check(&Node::Not(Box::new(spring.clone())), &[2, 3]);
    check(&Node::And(vec![done, Node::Not(Box::new(spring))]), &[3]);
}

#[test]
fn words_near_each_other() {
    let near = |left: &str, right: &str, distance, ordered| {
        let (left, right) = (Box::new(word(Field::Any, left)), Box::new(word(Field::Any, right)));
        Node::Near { left, right, distance, ordered }
    };
    check(&near("all", "budget", 3, false), &[0, 1]);
    check(&near("all", "budget", 2, false), &[]);
    check(&near("done", "spring", 9, true), &[]);
    check(&near("done", "spring", 9, false), &[0, 1]);
    // Seven words between the two people, or the two stretches of own words.
    check(&near("thanks", "figures", 9, false), &[]);
    check(&near("thanks", "figures", 10, false), &[1]);
    let scattered =
        |text: &str, slop| Node::Phrase { field: Field::Any, text: text.into(), slop: Some(slop) };
    check(&scattered("done spring is", 1), &[0, 1]);
    check(&scattered("done spring is", 0), &[]);
    check(&phrase(Field::Any, "all * spring"), &[0, 1]);
    check(&phrase(Field::Any, "all * budget"), &[]);
}

#[test]
fn ids_and_threads() {
    let state = |prefix: &str, value: &str| Node::State { prefix: prefix.into(), value: value.into() };
    check(&state("rfc822msgid", "copy@x"), &[3]);
    check(&state("rfc822msgid", "copy"), &[]);
    let key = oracle().documents[1].key;
    check(&state("hash", &format!("{key:016x}")), &[1]);
    check(&state("thread", &format!("{key:016x}")), &[0, 1]);
    check(&Node::Thread(vec![word(Field::From, "bob"), word(Field::Filename, "budget")]), &[0, 1]);
    check(&Node::Thread(vec![word(Field::From, "bob"), word(Field::Any, "cafe")]), &[]);
}
