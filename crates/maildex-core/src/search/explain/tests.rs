use super::*;
use crate::query::parse;
use crate::sample::{Mail, Zstd, segment};
use crate::{Archive, Step};

/// Why the one message is found, a line a part.
fn told(query: &str) -> Vec<String> {
    let mail = Mail {
        key: 7,
        date: Some(1_000_000_000),
        from: "Ada Quay <ada@quay.example>".to_owned(),
        subject: "The ferry timetable".to_owned(),
        text: "Ferries: the winter ferry, a ferry\n> the ferry timetable of Ada\n".to_owned(),
        html: None,
        attachment: true,
    };
    let (front, blob) = segment(&[mail], 1024, &mut Zstd).blob();
    let mut archive = Archive::new();
    archive.open(&front).unwrap();
    archive.put(0, 0, &blob).unwrap();
    let query = parse(query, &archive.context(0, false));
    let Step::Done(found) = archive.explain(&query, false, &[7, 8]).unwrap() else { panic!("all is here") };
    assert_eq!(found.len(), 1, "a key that is not here has no reasons");
    found[0].reasons.iter().map(tell).collect()
}

fn tell(reason: &Reason) -> String {
    let places = reason.places.iter().map(|place| {
        let how = if place.how == Match::Exact { String::new() } else { format!(" {:?}", place.how) };
        format!("{} {} {}{how}", place.field, place.text, place.n)
    });
    let sign = if reason.negated { "without " } else { "" };
    format!("{sign}{}: {}", reason.part, places.collect::<Vec<_>>().join(", "))
}

#[test]
fn words_by_field() {
    assert_eq!(told("ferry"), ["ferry: subject ferry 1, own words ferry 2, quoted words ferry 1"]);
    assert_eq!(told("new:ferry OR nothere"), ["new:ferry: own words ferry 2"]);
    assert_eq!(told("quoted:ada"), ["quoted:ada: quoted words ada 1"]);
    assert_eq!(told("subject:the -storm"), ["subject:the: subject the 1", "without storm: "]);
    assert_eq!(
        told("\"ferry timetable\""),
        ["\"ferry timetable\": subject ferry timetable 1, quoted words ferry timetable 1"]
    );
}

#[test]
fn what_was_read_names_the_header_and_the_value() {
    assert_eq!(told("subject:/t[a-z]{3,}e/"), ["subject:/t[a-z]{3,}e/: subject timetable 1 Regex"]);
    assert_eq!(
        told("header:From=ada -header:x-mailer"),
        ["header:from=ada: from ada 2", "without header:x-mailer: "]
    );
    assert_eq!(told("from:/^ada@/i"), ["from:/^ada@/: from ada@ 1 Regex"]);
    assert_eq!(told("quoted:/^> the \\w+/"), ["quoted:/^> the \\w+/: quoted words > the ferry 1 Regex"]);
}

#[test]
fn other_forms_say_so() {
    assert_eq!(told("new:ferr*"), ["new:ferr*: own words ferries 1 Prefix, own words ferry 2 Prefix"],);
    assert_eq!(told("new:ferry*"), ["new:ferry*: own words ferry 2"]);
    assert_eq!(told("new:wint?r"), ["new:wint?r: own words winter 1 Wildcard"]);
    assert_eq!(told("new:wintre~1"), ["new:wintre~1: own words winter 1 Typo"]);
}

#[test]
fn near_words_states_and_dates() {
    assert_eq!(
        told("new:(winter NEAR/1 ferry)"),
        ["new:winter AROUND(1) new:ferry: own words winter 1, own words ferry 1"]
    );
    assert_eq!(
        told("(winter OR ada) NEAR/4 ferr*"),
        [
            "(winter OR ada) AROUND(4) ferr*: own words winter 1, quoted words ada 1, own words ferries 1 Prefix, own words ferry 2 Prefix, quoted words ferry 1 Prefix"
        ]
    );
    assert_eq!(told("\"a winter\"~1"), ["\"a winter\"~1: own words a 1, own words winter 1"]);
    assert_eq!(
        told("thread:{subject:ferry winter -storm}"),
        ["thread:{subject:ferry winter -storm}: subject ferry 1, own words winter 1"]
    );
    assert_eq!(told("has:attachment"), ["has:attachment: has attachment 1"]);
    assert_eq!(told("date:2001"), ["date:2001: date 2001-09-09 1"]);
    assert_eq!(told("from:ada@quay.example"), ["from:ada@quay.example: from ada@quay.example 1"]);
    assert_eq!(told(""), [""; 0]);
}

#[test]
fn addresses_by_whole_domain_or_shape() {
    let person = |address: &str| Person { name: String::new(), address: address.to_owned() };
    let record = Record {
        from: vec![person("Amy@Acme.example")],
        cc: vec![person("bob@mail.acme.example"), person("cy@notacme.example")],
        ..Record::default()
    };
    let check = |field, text: &str, expected: &[&str]| {
        let found = addresses(field, text, &record);
        let told: Vec<String> = found.iter().map(|place| format!("{} {}", place.field, place.text)).collect();
        assert_eq!(told, expected, "{text}");
    };
    check(Field::From, "amy@acme.example", &["from amy@acme.example"]);
    check(Field::With, "@acme.example", &["from amy@acme.example", "cc bob@mail.acme.example"]);
    check(Field::To, "*@acme.example", &["cc bob@mail.acme.example"]);
    check(Field::With, "@cme.example", &[]);
    check(Field::Cc, "c*@*.example", &["cc cy@notacme.example"]);
    check(Field::OnlyTo, "bob@mail.acme.example", &[]);
}
