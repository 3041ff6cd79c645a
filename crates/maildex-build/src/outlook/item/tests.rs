use super::*;
use crate::message::{Message, ParseOptions, parse};
use crate::outlook::property::{Names, Set, Value};

pub(crate) fn bag(own: &[(u16, &str)]) -> Bag {
    let mut bag = Bag::default();
    for (id, text) in own {
        bag.put(*id, &Names::new(), Value::Text((*text).to_owned()));
    }
    bag
}

fn read(item: &Item) -> Message {
    parse(&item.draft().write(), None, &ParseOptions { keep_bcc: true, ..ParseOptions::default() })
}

fn people(list: &[message::Mailbox]) -> Vec<(&str, &str)> {
    list.iter().map(|own| (own.name.as_str(), own.address.as_str())).collect()
}

fn recipient(kind: i64, own: &[(u16, &str)]) -> Bag {
    let mut bag = bag(own);
    bag.put(0x0C15, &Names::new(), Value::Integer(kind));
    bag
}

const TICKS_2001: i64 = (11_644_473_600 + 981_173_106) * 10_000_000;

#[test]
fn a_message_without_headers_is_made_of_its_properties() {
    let mut own = bag(&[
        (0x001A, "IPM.Note"),
        (0x0037, "\u{1}\u{5}RE: Prices"),
        (0x0042, "Lay, Kenneth"),
        (0x0065, "/O=ENRON/OU=NA/CN=RECIPIENTS/CN=KLAY"),
        (0x0064, "EX"),
        (0x0C1A, "Rosalee Fleming"),
        (0x0C1F, "rosalee@enron.example"),
        (0x0C1E, "SMTP"),
        (0x1000, "Hello."),
        (0x1035, "<1@enron.example>"),
        (0x1042, "<0@enron.example>"),
    ]);
    own.put(0x0039, &Names::new(), Value::Time(TICKS_2001));
    own.put_tag(
        Tag::Keywords,
        Value::Texts(vec![Value::Text("Gas".to_owned()), Value::Text("Q1".to_owned())]),
    );
    let recipients = vec![
        recipient(
            1,
            &[(0x3001, "Skilling, Jeff"), (0x3003, "/O=ENRON/CN=JSKILLI"), (0x39FE, "jeff@enron.example")],
        ),
        recipient(1, &[(0x3003, "/O=ENRON/CN=NONAME")]),
        recipient(0x1000_0002, &[(0x3001, "'a@b.example'"), (0x3003, "a@b.example")]),
        recipient(3, &[(0x3001, "Secret")]),
    ];
    let message = read(&Item { bag: own, recipients, attachments: Vec::new() });
    assert_eq!(message.subject, "RE: Prices");
    assert_eq!(people(&message.from), [("Lay, Kenneth", "")]);
    assert_eq!(people(&message.to), [("Skilling, Jeff", "jeff@enron.example"), ("NONAME", "")]);
    assert_eq!(people(&message.cc), [("", "a@b.example")]);
    assert_eq!(people(&message.bcc), [("Secret", "")]);
    assert_eq!((message.date.order, message.date.zone), (Some(981_173_106), None));
    assert_eq!(message.message_id.as_deref(), Some("1@enron.example"));
    assert_eq!(message.in_reply_to, ["0@enron.example"]);
    assert_eq!(message.text.trim(), "Hello.");
    let header =
        |name: &str| message.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert_eq!(header("Sender"), Some("\"Rosalee Fleming\" <rosalee@enron.example>"));
    assert_eq!(header("Keywords"), Some("Gas, Q1"));
}

#[test]
fn headers_of_the_transport_go_first() {
    let headers = "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from a by b;\r\n\tSat, 3 Feb 2001 04:05:06 +0100\r\n\
        Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nFrom: \"A\" <a@b.example>\r\nContent-Type: multipart/mixed; boundary=x\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\nDate: Sat, 3 Feb 2001 05:05:06 +0100\r\n";
    let own = bag(&[
        (0x007D, headers),
        (0x0037, "other"),
        (0x0C1A, "Other"),
        (0x1000, "x=3D"),
        (0x0E04, "B; c@d.example"),
    ]);
    let message = read(&Item { bag: own, ..Item::default() });
    assert_eq!(message.subject, "Grüße");
    assert_eq!(people(&message.from), [("A", "a@b.example")]);
    assert_eq!(people(&message.to), [("B", ""), ("", "c@d.example")]);
    assert_eq!((message.date.order, message.date.zone), (Some(981_173_106), Some(60)));
    assert_eq!(message.text.trim(), "x=3D");
}

#[test]
fn narrow_text_is_in_the_charset_of_its_message() {
    let mut own = Bag::default();
    own.put(0x0037, &Names::new(), Value::Narrow(b"\xCF\xF0\xE8\0rest".to_vec()));
    own.put(0x3FFD, &Names::new(), Value::Integer(1251));
    let mut item = Item { bag: own, ..Item::default() };
    item.settle_charset(0);
    assert_eq!(read(&item).subject, "При");
}

#[test]
fn an_appointment_is_kept_as_one() {
    let mut own = bag(&[(0x001A, "IPM.Appointment"), (0x0037, "Board"), (0x1000, "Bring figures.")]);
    own.put_tag(Tag::Named(Set::Appointment, 0x820D), Value::Time(TICKS_2001));
    own.put_tag(Tag::Named(Set::Appointment, 0x8208), Value::Text("Room 5, east".to_owned()));
    let item = Item { bag: own, ..Item::default() };
    let message = read(&item);
    assert_eq!(item.sort().name(), Some("appointments"));
    assert_eq!(message.date.order, Some(981_173_106));
    assert_eq!(
        message.text.trim(),
        "Start: 03 Feb 2001 04:05:06 -0000\nWhere: Room 5, east\n\nBring figures."
    );
    assert_eq!(
        (message.attachments[0].name.as_str(), message.attachments[0].mime.as_str()),
        ("appointment.ics", "text/calendar")
    );
    let calendar = file(&item.bag, Sort::Appointment, "Board").expect("a calendar").content;
    let Content::Bytes(calendar) = calendar else { panic!("bytes") };
    let calendar = String::from_utf8(calendar).expect("text");
    assert!(
        calendar.contains("DTSTART:20010203T040506Z\r\nSUMMARY:Board\r\nLOCATION:Room 5\\, east\r\n"),
        "{calendar}"
    );
}

#[test]
fn a_contact_is_kept_as_one() {
    let mut own = bag(&[(0x001A, "IPM.Contact"), (0x0037, "Jo"), (0x3001, "Jo Doe"), (0x3A16, "Works; Inc")]);
    own.put_tag(Tag::Named(Set::Address, 0x8083), Value::Text("jo@b.example".to_owned()));
    let item = Item { bag: own, ..Item::default() };
    let message = read(&item);
    assert_eq!(message.text.trim(), "Name: Jo Doe\nCompany: Works; Inc\nE-mail: jo@b.example");
    assert_eq!(message.attachments[0].name, "contact.vcf");
}

#[test]
fn an_item_inside_an_item_is_a_message_inside() {
    let inner = Item { bag: bag(&[(0x0037, "Inner"), (0x1000, "inner words")]), ..Item::default() };
    let attachments = vec![
        Attached { bag: bag(&[(0x3001, "Inner")]), item: Some(Box::new(inner)) },
        Attached { bag: bag(&[(0x3707, "elsewhere.doc")]), item: None },
        Attached::default(),
    ];
    let message = read(&Item { bag: bag(&[(0x0037, "Outer")]), recipients: Vec::new(), attachments });
    assert!(message.text.contains("inner words"));
    let names: Vec<_> = message.attachments.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, ["Inner", "elsewhere.doc"]);
}
