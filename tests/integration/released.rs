//! The State Department's release: sender, day and subject against the tables that others made of the same texts.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use maildex_build::input::{self, Form, Limits};
use maildex_build::message::{Mailbox, Message};
use maildex_build::released::{Profile, Release, Row, Tables};
use maildex_tests::real_archive;

/// The shares of agreement that must be reached, in a thousand.
const FLOORS: [(&str, usize); 3] = [("sender", 970), ("day", 970), ("subject", 970)];

fn read_documents(folder: &Path, release: &Release) -> BTreeMap<String, Message> {
    let mut documents = BTreeMap::new();
    let releases = [release.clone()];
    let mut sink = |raw: input::Raw| {
        if raw.form == Form::Document(0) {
            let message = release.read(&raw.bytes, &raw.place.path);
            let number = message.document.as_ref().expect("a document").number.clone();
            documents.insert(number, message);
        }
        Ok(())
    };
    input::read_with(folder, &Limits::default(), &releases, &mut sink, &mut |_| {})
        .expect("the texts are read");
    documents
}

#[test]
fn clinton_agrees_with_independent_tables() {
    let (Some(texts), Some(beside)) = (real_archive("clinton-foia-text"), real_archive("clinton-metadata"))
    else {
        return;
    };
    let profile = Profile::named("clinton").expect("it is shipped");
    let mut tables = Tables::default();
    tables.read_folder(&beside, &profile).expect("the tables are read");
    let rows: Vec<(String, Row)> =
        tables.rows().map(|(number, row)| (number.to_owned(), row.clone())).collect();
    let release = Release { profile, tables: tables.without_rows(), forced: false };
    let documents = read_documents(&texts, &release);
    assert_eq!(documents.len(), 27_159);
    let (mut n, mut both, mut agree) = (0, [0; 3], [0; 3]);
    let mut differences = String::new();
    for (number, row) in &rows {
        let Some(message) = documents.get(number) else { continue };
        n += 1;
        let told = [
            (sender(&release, row), person(message.from.first())),
            (day(&release, &row.date), message.date.order.map(local_day).unwrap_or_default()),
            (letters(&unmarked(&row.subject)), letters(&unmarked(&message.subject))),
        ];
        for (at, (theirs, ours)) in told.iter().enumerate() {
            // A field that a table leaves empty tells nothing.
            if theirs.is_empty() {
                continue;
            }
            both[at] += 1;
            if theirs == ours {
                agree[at] += 1;
            } else {
                let shown = [&row.from, &row.date, &row.subject][at];
                differences += &format!("{}\t{number}\t{shown}\t{theirs}\t{ours}\n", FLOORS[at].0);
            }
        }
    }
    assert!(n > 12_000, "{n} documents in both");
    if let Some(file) = env::var_os("MAILDEX_DIFFERENCES") {
        fs::write(file, differences).expect("the differences can be written");
    }
    for ((what, floor), (agree, both)) in FLOORS.into_iter().zip(agree.into_iter().zip(both)) {
        let share = agree * 1000 / both;
        assert!(share >= floor, "{what}: {agree} of {both} agree ({share} in a thousand)");
    }
}

/// A person as both sides are compared: the name that the aliases give, in one spelling.
fn person(mailbox: Option<&Mailbox>) -> String {
    mailbox.map_or_else(String::new, |m| letters(if m.name.is_empty() { &m.address } else { &m.name }))
}

/// The table's sender, read as a printed one is.
fn sender(release: &Release, row: &Row) -> String {
    let text = format!("From: {}\nSent: Monday, June 1, 2009 1:00 PM\nSubject: x\n", row.from);
    person(release.read(text.as_bytes(), "").from.first())
}

fn day(release: &Release, date: &str) -> String {
    let text = format!("From: a\nSent: {date}\nSubject: x\n");
    release.read(text.as_bytes(), "").date.order.map(local_day).unwrap_or_default()
}

/// The day on the East coast in winter: both sides are cut alike.
fn local_day(time: i64) -> String {
    ((time - 5 * 3600).div_euclid(86_400)).to_string()
}

/// A subject without codes and marks of redactions, which the two sides write differently.
fn unmarked(subject: &str) -> String {
    let codes = ["B1", "B3", "B5", "B6", "1.4(B)", "1.4(D)"];
    codes.iter().fold(subject.to_owned(), |subject, code| subject.replace(code, ""))
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
