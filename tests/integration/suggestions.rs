//! What is offered while a query is typed, and for a word that is nowhere, over mail written here.

use maildex_core::query::{Context, parse};
use maildex_tests::site::{Site, Spent};

const PEOPLE: [(&str, &str); 4] = [
    ("Amy Adams", "amy@acme.example"),
    ("Amir Abadi", "a.abadi@north.example"),
    ("Ámbar Ortiz", "ortiz@acme.example"),
    ("", "amt@acme.example"),
];

/// A site of forty letters: the first person wrote most, the last wrote one.
fn site() -> (tempfile::TempDir, Site) {
    let mut mbox = String::new();
    for number in 0..40 {
        let (name, address) = PEOPLE[[0, 0, 0, 1, 1, 2, 0, 0][number % 8]];
        let (name, address) = if number == 39 { PEOPLE[3] } else { (name, address) };
        mbox += &format!(
            "From - Mon May  5 12:00:00 2003\nFrom: {name} <{address}>\nTo: bob@acme.example\n\
             Date: Mon, 5 May 2003 12:{number:02}:00 +0000\nMessage-ID: <{number}@acme.example>\n\
             Subject: Meeting about the ferry {number}\n\
             List-Id: <dev.acme.example>\n\nWe receive the ferries and {} meetings.\n\n",
            if number % 5 == 0 { "necessary" } else { "few" },
        );
    }
    Site::of_mbox(mbox)
}

fn shown(site: &mut Site, text: &str) -> Vec<String> {
    let found = site.run(|archive| archive.suggest(text, 8));
    let shown = found.items.into_iter().map(|item| {
        let n = item.n.map_or(String::new(), |n| format!(" {n}"));
        format!("{}{n} {}", item.text, item.help).trim().to_owned()
    });
    shown.collect()
}

#[test]
fn people_folders_and_words() {
    let (_folder, mut site) = site();
    let mut check = |text: &str, expect: &[&str]| assert_eq!(shown(&mut site, text), expect, "{text}");
    check(
        "from:am",
        &[
            "from:amy 24 Amy Adams",
            "from:amy@acme.example 24 Amy Adams",
            "from:amir 10 Amir Abadi",
            "from:ambar 5 Ámbar Ortiz",
            "from:amt 1 amt@acme.example",
            "from:amt@acme.example 1",
        ],
    );
    check("from:AC", &["from:@acme.example 30", "from:acme 30 amt@acme.example"]);
    check("to:bo", &["to:bob 40", "to:bob@acme.example 40"]);
    check("budget -from:ab", &["from:abadi 10 Amir Abadi"]);
    check("subject:me", &["subject:meeting 40"]);
    check("mee", &["meeting 40", "meetings 40"]);
    check("is:l", &["is:list 40 came by a mailing list"]);
    check("list:d", &["list:dev 40", "list:dev.acme.example 40"]);
    check("source:", &["source:letters.mbox 40"]);
    check("from:a", &[]);
    check("from:zz", &[]);
}

#[test]
fn did_you_mean() {
    let (_folder, site) = site();
    let ask = |text: &str, everywhere: bool| {
        let mut site = site.fresh();
        let query = parse(text, &Context::default());
        let found = site.run(|archive| archive.correct(&query, everywhere));
        let words = found.unknown.iter().map(|unknown| {
            let closest: Vec<&str> = unknown.closest.iter().map(|(word, _)| word.as_str()).collect();
            format!("{}: {}", unknown.word, closest.join(" "))
        });
        (words.collect::<Vec<_>>().join("; "), found.query.unwrap_or_default())
    };
    let check = |text, everywhere, words: &str, query: &str| {
        assert_eq!(ask(text, everywhere), (words.to_owned(), query.to_owned()), "{text}");
    };
    check("recieve neccesary", false, "recieve: receive; neccesary: necessary", "receive necessary");
    check("metings", false, "metings: meetings meeting", "meetings");
    check("from:amyy subject:fery", false, "amyy: amy; fery: ferry", "from:amy subject:ferry");
    check("\"the ferri\" -nowhere", false, "ferri: ferry", "\"the ferry\" -nowhere");
    // The first letter is wrong: only a look through all words finds it.
    check("geeting", false, "geeting: ", "");
    check("geeting", true, "geeting: meeting meetings", "meeting");
    // A word that is there is right, however many hits the query has.
    check("ferry meeting", false, "", "");
    check("xy", false, "xy: ", "");
    // Both words are there, and no message has both: the next likeliest word is offered, or none.
    check("from:amt metings", false, "metings: meetings meeting", "from:amt meetings");
    check("from:amt necesary", false, "necesary: necessary", "");
}

/// What is typed costs a few blocks: no more than the search itself while typing.
#[test]
fn suggestions_read_little() {
    let (_folder, site) = site();
    let spent = |text: &str| -> Spent {
        let mut site = site.fresh();
        shown(&mut site, text);
        site.spent
    };
    assert_eq!(spent("fr").rounds, 1);
    assert_eq!(spent("").rounds, 0);
    let people = spent("from:am");
    assert!(people.rounds <= 3 && people.requests <= 12, "{people:?}");
}
