use super::*;

/// A message of a test: `id`, then References, at a date that is also its key.
#[derive(Clone, Default)]
struct Mail {
    key: u64,
    date: Option<i64>,
    id: String,
    references: Vec<String>,
    in_reply_to: Vec<String>,
    subject: &'static str,
    people: Vec<&'static str>,
    conversation: Option<u64>,
}

fn mail(n: u64, id: &str, references: &str) -> Mail {
    Mail { key: n, date: Some(n as i64), id: id.into(), references: words(references), ..Mail::default() }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').filter(|word| !word.is_empty()).map(String::from).collect()
}

fn thread_mails(mails: &[Mail], options: &Options) -> Threads {
    let items: Vec<Item> = mails.iter().map(item).collect();
    thread(&items, options)
}

fn item(mail: &Mail) -> Item<'_> {
    Item {
        key: mail.key,
        date: mail.date,
        message_id: Some(&mail.id).filter(|id| !id.is_empty()).map(String::as_str),
        references: &mail.references,
        in_reply_to: &mail.in_reply_to,
        base_subject: mail.subject.trim_start_matches("Re: "),
        is_reply: mail.subject.starts_with("Re: "),
        people: &mail.people,
        conversation: mail.conversation,
    }
}

/// The threads as text: keys for messages, `?id` for missing ones, `~` before guesses, answers in brackets.
fn print(mails: &[Mail], threads: &Threads) -> String {
    let mut text = String::new();
    for thread in threads.iter() {
        let mut open: Vec<Option<u32>> = Vec::new();
        for (position, node) in (0..).zip(thread.nodes) {
            while open.last().is_some_and(|&last| last != node.parent) {
                text.push(')');
                open.pop();
            }
            text.push_str(if position == 0 { "" } else { " " });
            text.push_str(if node.guessed { "~" } else { "" });
            match node.who {
                Who::Here(item) => text.push_str(&mails[item as usize].key.to_string()),
                Who::Missing(id) => text.extend(["?", threads.missing_id(id)]),
                Who::Outside(_) | Who::Gathered => text.push('+'),
            }
            if thread.nodes.iter().any(|other| other.parent == Some(position)) {
                text.push_str(" (");
                open.push(Some(position));
            }
        }
        text.extend(open.iter().map(|_| ')'));
        text.push('\n');
    }
    text.replace("( ", "(")
}

#[track_caller]
fn check_with(mails: &[Mail], options: &Options, expected: &[&str]) {
    let mut orders: Vec<Vec<Mail>> = vec![mails.to_vec(), mails.iter().rev().cloned().collect()];
    let mut turned = mails.to_vec();
    turned.rotate_left(mails.len() / 2);
    orders.push(turned);
    for order in orders {
        let printed = print(&order, &thread_mails(&order, options));
        assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
    }
}

#[track_caller]
fn check(mails: &[Mail], expected: &[&str]) {
    check_with(mails, &Options::default(), expected);
}

#[test]
fn answers_hang_under_their_last_reference() {
    check(&[mail(1, "a", ""), mail(2, "b", "a"), mail(3, "c", "a b"), mail(4, "d", "a")], &["1 (2 (3) 4)"]);
    check(&[], &[]);
    check(&[mail(1, "", ""), mail(2, "", "")], &["1", "2"]);
}

#[test]
fn in_reply_to_helps_where_references_do_not() {
    let answer = |references: &str, in_reply_to: &str| Mail {
        in_reply_to: words(in_reply_to),
        ..mail(3, "c", references)
    };
    let (a, b) = (mail(1, "a", ""), mail(2, "b", ""));
    check(&[a.clone(), b.clone(), answer("", "b a")], &["1", "2 (3)"]);
    check(&[a.clone(), b.clone(), answer("a", "b")], &["1", "2 (3)"]);
    check(&[a.clone(), b.clone(), answer("a b", "a")], &["1 (2 (3))"]);
    check(&[a.clone(), b.clone(), answer("a", "made-up")], &["1 (3)", "2"]);
    check(&[a, b, answer("", "made-up")], &["1", "2", "?made-up (3)"]);
}

#[test]
fn an_address_is_no_message() {
    let answer = |n, id: &str| Mail {
        in_reply_to: words("Ann@Example.org"),
        people: vec!["bob@example.org", "Ann@example.org"],
        ..mail(n, id, "")
    };
    check(&[answer(1, "a"), answer(2, "b")], &["1", "2"]);
    let with_id = Mail { in_reply_to: words("ann@example.org a"), ..answer(2, "b") };
    check(&[answer(1, "a"), with_id], &["1 (2)"]);
}

#[test]
fn missing_messages_keep_their_place() {
    check(&[mail(1, "c", "a b")], &["?a (?b (1))"]);
    check(&[mail(1, "b", "a"), mail(2, "c", "a")], &["?a (1 2)"]);
    check(&[mail(2, "d", "a b c"), mail(1, "b", "")], &["?a (1 (?c (2)))"]);
    // An id that another chain puts elsewhere, and that nothing hangs under, is not shown.
    check(&[mail(1, "x", "a b"), mail(2, "y", "z b")], &["?a (?b (1 2))"]);
    let options = Options { ghosts: Ghosts::Rfc5256, ..Options::default() };
    check_with(
        &[mail(1, "c", "a b"), mail(2, "d", "x y"), mail(3, "e", "x y")],
        &options,
        &["1", "?x (2 3)"],
    );
    check_with(&[mail(1, "a", ""), mail(2, "d", "a b c")], &options, &["1 (2)"]);
}

#[test]
fn circles_are_cut() {
    check(&[mail(1, "a", "a")], &["1"]);
    check(&[mail(1, "a", "b"), mail(2, "b", "a")], &["2 (1)"]);
    check(&[mail(1, "a", "c"), mail(2, "b", "a"), mail(3, "c", "b")], &["3 (1 (2))"]);
    check(&[mail(1, "c", "a b a b")], &["?a (?b (1))"]);
    check(&[mail(1, "c", "x y"), mail(2, "d", "y x")], &["?x (?y (1) 2)"]);
    check(&[mail(1, "x", ""), mail(2, "y", "x"), mail(3, "z", "y x y")], &["1 (2 (3))"]);
}

#[test]
fn ids_are_compared_by_what_they_mean() {
    check(&[mail(1, "a@Example.ORG", ""), mail(2, "b", "a@example.org")], &["1 (2)"]);
    check(&[mail(1, "<a@example.org>", ""), mail(2, "b", "a@\r\n\texample.org")], &["1 (2)"]);
    check(&[mail(1, "A@example.org", ""), mail(2, "b", "a@example.org")], &["1", "?a@example.org (2)"]);
}

#[test]
fn a_second_message_with_the_same_id_is_not_lost() {
    check(&[mail(1, "a", ""), mail(2, "a", "")], &["1 (2)"]);
    check(&[mail(1, "a", ""), mail(2, "b", "a"), mail(3, "c", "b"), mail(4, "b", "a")], &["1 (2 (3) 4)"]);
    check(&[mail(1, "a", ""), mail(2, "a", "a")], &["1 (2)"]);
    check_with(&[mail(1, "a", ""), mail(2, "a", "")], &Options::rfc5256(), &["1", "2"]);
}

#[test]
fn order_is_by_date_then_key_and_undated_first() {
    let at = |key, date, id: &str, references: &str| Mail { key, date, ..mail(0, id, references) };
    check(&[at(9, Some(5), "a", ""), at(1, Some(5), "b", ""), at(5, Some(4), "c", "")], &["5", "1", "9"]);
    check(&[at(9, None, "a", ""), at(1, Some(-5), "b", ""), at(5, Some(-4), "c", "a")], &["1", "9 (5)"]);
    check(&[at(1, Some(1), "a", ""), at(2, Some(9), "b", "a"), at(3, None, "c", "a")], &["1 (3 2)"]);
    // A thread starts with its first message, wherever that hangs.
    check(&[at(1, Some(7), "a", ""), at(2, Some(3), "b", "a"), at(3, Some(5), "c", "")], &["1 (2)", "3"]);
}

#[test]
fn a_reply_without_references_is_guessed() {
    const DAY: i64 = 86_400;
    let on = |n: u64, day: i64, subject, people: &[&'static str], references: &str| Mail {
        date: Some(day * DAY),
        subject,
        people: people.to_vec(),
        ..mail(n, &n.to_string(), references)
    };
    let first = on(1, 0, "Lunch", &["ann@x", "bob@x"], "");
    check(&[first.clone(), on(2, 3, "Re: Lunch", &["bob@x"], "")], &["1 (~2)"]);
    check(
        &[first.clone(), on(2, 3, "Re: lunch", &["bob@x"], ""), on(3, 15, "Re: Lunch", &["bob@x"], "")],
        &["1 (~2 ~3)"],
    );
    check(&[first.clone(), on(2, 15, "Re: Lunch", &["bob@x"], "")], &["1", "2"]);
    check(&[first.clone(), on(2, 3, "Lunch", &["bob@x"], "")], &["1", "2"]);
    check(&[first.clone(), on(2, 3, "Re: Lunch", &["eve@x"], "")], &["1", "2"]);
    check(&[first.clone(), on(2, 3, "Re: Lunch", &["bob@x"], "9")], &["1", "?9 (2)"]);
    check(
        &[first.clone(), on(2, 3, "Re: Lunch", &["bob@x"], "9"), on(3, 4, "Re: Lunch", &["bob@x"], "")],
        &["1", "?9 (2 ~3)"],
    );
    check(&[on(1, 5, "Re: ", &["a@x"], ""), on(2, 6, "Re: ", &["a@x"], "")], &["1", "2"]);
    let never = Options { merge_subjects: MergeSubjects::Never, ..Options::default() };
    check_with(&[first, on(2, 3, "Re: Lunch", &["bob@x"], "")], &never, &["1", "2"]);
}

#[test]
fn one_without_references_goes_to_its_conversation() {
    let of = |n: u64, references: &str, conversation: u64| Mail {
        conversation: Some(conversation),
        ..mail(n, &n.to_string(), references)
    };
    check(
        &[of(1, "", 7), of(2, "", 8), of(3, "", 7), of(4, "3", 7), of(5, "", 8)],
        &["1 (~3 (4))", "2 (~5)"],
    );
    // What a message says itself counts more, and so does what another conversation says of a message that is missing.
    check(&[of(1, "", 7), of(2, "", 8), of(3, "2", 7), of(4, "?", 7)], &["1", "2 (3)", "?? (4)"]);
    // The first that the conversation has hangs elsewhere already.
    check(&[of(1, "", 6), of(2, "1", 7), of(3, "", 7)], &["1 (2 (~3))"]);
    // An answer that is older than what it answers.
    check(&[of(1, "2", 7), of(2, "", 7), of(3, "", 7)], &["2 (1 (~3))"]);
    // One without a date is no first.
    let undated = Mail { date: None, ..of(1, "", 7) };
    check(&[undated.clone(), of(2, "", 7), of(3, "", 7)], &["2 (~1 ~3)"]);
    check(&[undated, mail(2, "2", "")], &["1", "2"]);
}

#[test]
fn equal_subjects_do_not_join_two_conversations() {
    let of = |n: u64, subject, conversation| Mail {
        conversation,
        subject,
        people: vec!["ann@x"],
        ..mail(n, &n.to_string(), "")
    };
    check(&[of(1, "Lunch", Some(7)), of(2, "Re: Lunch", Some(8))], &["1", "2"]);
    check(&[of(1, "Lunch", Some(7)), of(2, "Re: Lunch", None)], &["1 (~2)"]);
    check(
        &[of(1, "Lunch", None), of(2, "Re: Lunch", Some(8)), of(3, "Re: Lunch", Some(8))],
        &["1 (~2 (~3))"],
    );
}

#[test]
fn subjects_by_the_letter() {
    let about = |n, id: &str, references: &str, subject| Mail { subject, ..mail(n, id, references) };
    let check = |mails: &[Mail], expected: &[&str]| check_with(mails, &Options::rfc5256(), expected);
    check(&[about(1, "a", "", "x"), about(2, "b", "", "Re: x"), about(3, "c", "", "y")], &["1 (~2)", "3"]);
    check(&[about(1, "a", "", "Re: x"), about(2, "b", "", "x")], &["2 (~1)"]);
    check(&[about(1, "a", "", "x"), about(2, "b", "", "x"), about(3, "c", "", "x")], &["+ (~1 ~2 ~3)"]);
    check(&[about(1, "a", "?", "x"), about(2, "b", "?", "x"), about(3, "c", "", "x")], &["?? (1 2 ~3)"]);
    let two =
        [about(1, "a", "?", "x"), about(2, "b", "?", "x"), about(3, "c", "!", "x"), about(4, "d", "!", "x")];
    check(&two, &["?? (1 2 3 4)"]);
}

/// What mail servers answer to THREAD=REFERENCES for the same shapes.
#[test]
fn as_mail_servers_do() {
    let at = |key, date, id: &str, references: &str| Mail { date: Some(date), ..mail(key, id, references) };
    let about = |n, id: &str, references: &str, subject| Mail { subject, ..mail(n, id, references) };
    let check = |mails: &[Mail], expected: &[&str]| check_with(mails, &Options::rfc5256(), expected);
    check(&[at(1, 30, "a", ""), at(2, 10, "b", "a c"), at(3, 20, "c", "b")], &["3 (2)", "1"]);
    check(&[about(1, "a", "", "foo"), about(2, "a", "", "Re: foo")], &["1 (~2)"]);
    check(&[about(1, "a", "", "foo"), about(2, "b", "c", "Re: foo")], &["1 (~2)"]);
    check(&[mail(1, "", "a"), mail(2, "", "a")], &["?a (1 2)"]);
    check(&[mail(1, "a", ""), mail(2, "b", "a"), mail(3, "c", "b"), mail(4, "b", "a")], &["1 (2 (3) 4)"]);
}

/// Every message once, parents before children and in the same thread, no ghost without a message below.
#[track_caller]
fn check_shape(n: usize, threads: &Threads) {
    let mut seen = vec![false; n];
    for thread in threads.iter() {
        let mut has_child = vec![false; thread.nodes.len()];
        for (position, node) in thread.nodes.iter().enumerate() {
            assert_eq!(node.parent.is_none(), position == 0);
            if let Some(parent) = node.parent {
                assert!((parent as usize) < position);
                has_child[parent as usize] = true;
            }
            if let Who::Here(item) = node.who {
                assert!(!core::mem::replace(&mut seen[item as usize], true), "doubled");
            }
        }
        let dead = thread
            .nodes
            .iter()
            .zip(has_child)
            .any(|(node, child)| !child && !matches!(node.who, Who::Here(_)));
        assert!(!dead, "a ghost that nothing hangs under");
    }
    assert!(seen.iter().all(|&seen| seen), "lost");
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![vec![]];
    }
    let insert = |shorter: Vec<usize>| {
        (0..n).map(move |at| {
            let mut longer = shorter.clone();
            longer.insert(at, n - 1);
            longer
        })
    };
    permutations(n - 1).into_iter().flat_map(insert).collect()
}

/// All ways in which four messages can each refer to one of the others, itself, a missing one or nothing, in every
/// order of arrival.
#[test]
fn all_graphs_of_four_messages_in_every_order() {
    const IDS: [&str; 6] = ["a", "b", "c", "d", "missing", ""];
    let orders = permutations(4);
    for graph in 0..6_usize.pow(4) {
        let target = |n: u32| IDS[graph / 6_usize.pow(n) % 6];
        let mails: Vec<Mail> = (0..4).map(|n| mail(u64::from(n), IDS[n as usize], target(n))).collect();
        let mut expected = None;
        for order in &orders {
            let mails: Vec<Mail> = order.iter().map(|&n| mails[n].clone()).collect();
            let threads = thread_mails(&mails, &Options::default());
            check_shape(4, &threads);
            let printed = print(&mails, &threads);
            assert_eq!(*expected.get_or_insert_with(|| printed.clone()), printed);
        }
    }
}

/// Small numbers from a seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

fn random_mails(random: &mut Random) -> Vec<Mail> {
    let n_ids = 1 + random.below(12);
    let some_ids = |random: &mut Random, at_most| -> Vec<String> {
        (0..random.below(at_most)).map(|_| format!("{}@x", random.below(n_ids))).collect()
    };
    (0..random.below(14))
        .map(|n| Mail {
            key: n * 7 % 17,
            date: Some(random.below(5) as i64 * 200_000).filter(|&date| date > 0),
            id: some_ids(random, 3).pop().unwrap_or_default(),
            references: some_ids(random, 5),
            in_reply_to: some_ids(random, 3),
            subject: ["", "x", "Re: x", "Re: y"][random.below(4) as usize],
            people: ["1@x", "p@x", "q@x"][random.below(3) as usize..].to_vec(),
            conversation: Some(random.below(4)).filter(|&own| own > 0),
        })
        .collect()
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let mut random = Random(20_080_222);
    for _ in 0..20_000 {
        let mut mails = random_mails(&mut random);
        for options in [Options::default(), Options::rfc5256()] {
            let threads = thread_mails(&mails, &options);
            check_shape(mails.len(), &threads);
            let printed = print(&mails, &threads);
            for n in (1..mails.len()).rev() {
                mails.swap(n, random.below(n as u64 + 1) as usize);
            }
            let threads = thread_mails(&mails, &options);
            assert_eq!(print(&mails, &threads), printed);
        }
    }
}

#[test]
fn a_chain_of_100_000() {
    const N: u64 = 100_000;
    let mails: Vec<Mail> = (0..N)
        .map(|n| {
            let references: Vec<String> = (n.saturating_sub(3)..n).map(|n| format!("{n}@x")).collect();
            mail(n, &format!("{n}@x"), &references.join(" "))
        })
        .collect();
    for options in [Options::default(), Options::rfc5256()] {
        let threads = thread_mails(&mails, &options);
        assert_eq!(threads.len(), 1);
        check_shape(mails.len(), &threads);
        let thread = threads.iter().next().expect("one thread");
        assert!(thread.nodes.iter().zip(0..).skip(1).all(|(node, n): (_, u32)| node.parent == Some(n - 1)));
    }
}

#[test]
fn one_message_with_100_000_references() {
    let references: Vec<String> = (0..100_000).map(|n| format!("{n}@x")).collect();
    let threads = thread_mails(&[mail(1, "a", &references.join(" "))], &Options::default());
    assert_eq!((threads.len(), threads.n_missing()), (1, 100_000));
    check_shape(1, &threads);
}

#[test]
fn a_missing_message_with_100_000_answers() {
    let mails: Vec<Mail> = (0..100_000).map(|n| mail(n, &format!("{n}@x"), "root@x")).collect();
    for options in [Options::default(), Options::rfc5256()] {
        let threads = thread_mails(&mails, &options);
        assert_eq!((threads.len(), threads.n_missing()), (1, 1));
        check_shape(mails.len(), &threads);
    }
}

#[test]
fn a_circle_of_100_000() {
    let mails: Vec<Mail> =
        (0..100_000).map(|n| mail(n, &format!("{n}@x"), &format!("{}@x", (n + 1) % 100_000))).collect();
    let threads = thread_mails(&mails, &Options::default());
    assert_eq!(threads.len(), 1);
    check_shape(mails.len(), &threads);
}

#[test]
fn one_subject_with_100_000_guesses() {
    let mails: Vec<Mail> = (0..100_000)
        .map(|n| Mail { subject: "Re: hello", people: vec!["list@x"], ..mail(n, &format!("{n}@x"), "") })
        .collect();
    let threads = thread_mails(&mails, &Options::default());
    assert_eq!(threads.len(), 1);
    check_shape(mails.len(), &threads);
}

#[test]
fn one_conversation_of_100_000() {
    let mails: Vec<Mail> =
        (0..100_000).map(|n| Mail { conversation: Some(7), ..mail(n, &format!("{n}@x"), "") }).collect();
    let threads = thread_mails(&mails, &Options::default());
    assert_eq!(threads.len(), 1);
    check_shape(mails.len(), &threads);
}
