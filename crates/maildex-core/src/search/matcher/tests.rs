use super::*;
use crate::query::{Context, parse};

fn record() -> Record {
    let person = |name: &str, address: &str| Person { name: name.to_owned(), address: address.to_owned() };
    Record {
        message_id: "1@acme.example".to_owned(),
        from: vec![person("Ada Quay", "ada@quay.example")],
        to: vec![person("", "bo@holm.example"), person("Cem", "")],
        subject: "Résumé of May".to_owned(),
        headers: vec![
            ("X-Mailer".to_owned(), "Pine 4.58".to_owned()),
            ("Received".to_owned(), "from a.example".to_owned()),
            ("received".to_owned(), "from b.example".to_owned()),
        ],
        text: "one\n> two\n".to_owned(),
        ..Record::default()
    }
}

fn check(query: &str, holds: bool) {
    let node = parse(query, &Context::default()).root;
    assert_eq!(Matcher::new(&node).unwrap().test(&record()).1, holds, "{query}");
}

#[test]
fn headers_by_name_word_or_regex() {
    check("header:x-mailer", true);
    check("header:X-MAILER=pine", true);
    check("header:x-mailer=pin", false);
    check("header:x-mailer=pin*", true);
    check("header:x-mailer=\"pine 4\"", true);
    check("header:x-mailer=/^pine \\d/", true);
    check("header:received=b.example", true);
    check("header:to=/^bo@holm.example, cem$/", true);
    check("header:from=\"quay ada\"", true);
    check("header:from=/<ada@/", true);
    check("header:message-id=/^<1@acme/", true);
    check("header:subject=resume", true);
    check("header:cc", false);
}

#[test]
fn regexes_see_accents_and_no_case() {
    check("subject:/^RÉSUMÉ/", true);
    check("subject:/resume/", false);
    check("from:/^ada@/", true);
    check("from:/quay <ada/", true);
    check("to:/^cem$/", true);
    check("with:/holm/", true);
    check("cc:/./", false);
    check("new:/two/", false);
    check("quoted:/two/", true);
    check("body:/^> two$/", true);
}
