//! "Match other forms": a word stands for all words of the archive that share its stem, and for no others.

use maildex_build::build::{BuildOptions, build};
use maildex_core::query::{Context, Query, parse};
use maildex_core::{Request, Sort};
use maildex_tests::real_archive;
use maildex_tests::site::{Silent, Site};

/// Subjects of letters; the small words of English and German make these the archive's languages.
const LETTERS: [&str; 9] = [
    "We meet and that is the plan",
    "Meeting with the board and that was this",
    "The meetings that we have with them",
    "A meter and the parking that this takes with it",
    "Die Häuser und das Haus, ich bin nicht auf dem Dach, wir auch",
    "Ein Haus ist nicht das andere und wir sind auf der Straße, ich auch",
    "Письмо",
    "Письма",
    "Running the ferries that this was with",
];

fn site(texts: &[&str]) -> (tempfile::TempDir, Site) {
    let mut mbox = String::new();
    for (text, number) in texts.iter().zip(0..) {
        mbox += &format!(
            "From - Mon May  5 12:00:00 2003\nFrom: a@acme.example\nDate: Mon, 5 May 2003 12:{number:02}:00 +0000\n\
             Message-ID: <{number}@acme.example>\nSubject: letter\n\
             Content-Type: text/plain; charset=utf-8\n\n{text}\n\n",
        );
    }
    Site::of_mbox(mbox)
}

fn with_forms(text: &str) -> Query {
    Query { forms: true, ..parse(text, &Context::default()) }
}

fn search(site: &mut Site, query: &Query) -> (usize, Vec<String>) {
    let request = Request { query, typing: false, sort: Sort::Newest, offset: 0, limit: 1_000_000 };
    let found = site.run(|archive| archive.search(&request));
    assert_eq!(site.run(|archive| archive.total(query, false)), found.lines.len() as u64);
    (found.lines.len(), found.notes)
}

#[test]
fn words_stand_for_their_forms() {
    let (_folder, mut site) = site(&LETTERS);
    let mut check = |text: &str, exact: usize, n: usize, note: &str| {
        assert_eq!(search(&mut site, &parse(text, &Context::default())).0, exact, "{text}");
        let (found, notes) = search(&mut site, &with_forms(text));
        assert_eq!((found, notes.join("; ").as_str()), (n, note), "{text}");
    };
    check("meet", 1, 3, "meet: also meeting, meetings");
    check("Meetings", 1, 3, "meetings: also meet, meeting");
    check("body:ferry", 0, 0, "");
    check("haus", 2, 2, "haus: also hauser");
    check("письмами OR письмо", 1, 2, "письмо: also письма");
    // What is in quotes, names and wildcards are as they are written.
    check("\"meet\"", 1, 1, "");
    check("\"we meet\"", 1, 1, "");
    check("from:acme", 9, 9, "");
    check("meet*", 3, 3, "");
    check("-meet", 8, 6, "meet: also meeting, meetings");
    check("meetings NEAR/3 board", 0, 1, "meetings: also meet, meeting");
}

#[test]
fn other_forms_are_marked() {
    let (_folder, mut site) = site(&LETTERS);
    let query = with_forms("meet");
    search(&mut site, &query);
    let marked = |text: &str, site: &mut Site| {
        let marker = site.run(|archive| Ok(maildex_core::Step::Done(archive.marker(&query))));
        let pieces = marker.snippet(text, 80).into_iter().filter(|piece| piece.mark);
        pieces.map(|piece| piece.text).collect::<Vec<_>>()
    };
    let request = Request { query: &query, typing: false, sort: Sort::Oldest, offset: 1, limit: 1 };
    let key = site.run(|archive| archive.search(&request)).lines[0].key;
    let explained = site.run(|archive| archive.explain(&query, false, &[key]));
    let places = &explained[0].reasons[0].places;
    assert_eq!((places[0].text.as_str(), places[0].how.name()), ("meeting", "other form"));
    assert_eq!(marked("They meet at meetings, by the meter", &mut site), ["meet", "meetings"]);
}

/// A site that reads nothing ahead asks for what it needs and comes to the same answer.
#[test]
fn a_real_archive_agrees_with_the_forms_one_by_one() {
    let Some(folder) = real_archive("enron-maildir-skilling") else { return };
    let out = tempfile::tempdir().expect("a folder for the site");
    let out = out.path().join("site");
    let options =
        BuildOptions { inputs: vec![folder], out: out.clone(), html: false, ..BuildOptions::default() };
    build(&options, &Silent).expect("the archive can be built");
    let mut site = Site::open(&out);
    for word in ["meeting", "trade", "energy", "californian", "subject:report", "organize", "nosuchword"] {
        let (n, notes) = search(&mut site, &with_forms(word));
        let field = word.split_once(':').map_or(String::new(), |(field, _)| format!("{field}:"));
        let forms = notes
            .iter()
            .flat_map(|note| note.split_once(": also ").map_or("", |(_, forms)| forms).split(", "));
        assert!(!notes.iter().any(|note| note.ends_with('…')), "{notes:?}");
        let each = forms.map(|form| format!("{field}{form}"));
        let either = [word.to_owned()].into_iter().chain(each).collect::<Vec<_>>().join(" OR ");
        assert_eq!(search(&mut site, &parse(&either, &Context::default())).0, n, "{word}: {either}");
    }
    let mut fresh = site.fresh();
    search(&mut fresh, &with_forms("meeting"));
    // The index of the forms, their block, the dictionary, the lists, the lines.
    assert!(fresh.spent.rounds <= 6 && fresh.spent.bytes < 200_000, "{:?}", fresh.spent);
}
