use super::redaction::Wrong;
use super::*;
use crate::message::{ParseOptions, parse};

fn list(text: &str) -> Arc<Redaction> {
    Arc::new(Redaction::read(text.as_bytes()).expect("a sound list"))
}

fn place() -> Place {
    let name = |text: &str| text.to_owned();
    Place { source: name("box"), path: name("a/b"), offset: 0, folder: name("b") }
}

/// A text with what the list finds in it marked.
fn marked(lines: &str, text: &str) -> String {
    let mut privacy = Privacy::new(Some(&list(lines)), false, [0; 32]);
    let mut text = text.to_owned();
    privacy.text(Part::Text, &mut text, Form::Text);
    text.replace(MARK, "#")
}

fn marked_html(lines: &str, html: &str) -> String {
    let mut privacy = Privacy::new(Some(&list(lines)), false, [0; 32]);
    let mut html = html.to_owned();
    privacy.html(&mut html);
    html.replace(MARK, "#")
}

#[test]
fn strings_are_found_however_they_are_written() {
    let check =
        |line: &str, text: &str, expect: &str| assert_eq!(marked(line, text), expect, "{line} in {text}");
    check("Ann Smith", "by ANN  smith, by Ann\nSmith, by Ann\u{a0}Smith.", "by #, by #, by #.");
    check("Ann Smith", "> says Ann\n> > Smith here", "> says # here");
    check("José", "Jose\u{301} jose JOSÉ", "# # #");
    check("Jørgen Straße", "jorgen STRASSE", "#");
    check("O'Brien", "O\u{2019}Brien", "#");
    check("555-1234", "call 555\u{2011}1234 or 555-\n1234", "call # or #");
    check("password", "the pass=\nword is", "the # is");
    check("password", "pass\u{ad}word pa\u{200b}ssword", "# #");
    check("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", "#");
    check("ＡＣＭＥ", "Acme", "#");
    // Blanks count where the string has none, and short strings are not put together across lines.
    check("therapist", "the rapist", "the rapist");
    check("ann", "than\nnever", "than\nnever");
    check("Ann Smith", "annsmith", "annsmith");
}

#[test]
fn pieces_that_overlap_go_together() {
    assert_eq!(marked("Ann Smith\nSmith Jones", "x Ann Smith Jones y"), "x # y");
    assert_eq!(marked("a\nab\nabc\nbcd", "abcd"), "#");
    let nested: String = (1..200).map(|n| "a".repeat(n) + "\n").collect();
    assert_eq!(marked(&nested, &"a".repeat(5000)), "#");
}

#[test]
fn patterns_see_lines_and_what_lines_break() {
    assert_eq!(marked(r"/\d{3}-\d{2}-\d{4}/", "a 123-45-6789 b"), "a # b");
    assert_eq!(marked("/Project [A-Z]+/", "Project\n> ZEBRA, project zebra"), "#, project zebra");
    assert_eq!(marked("/project [a-z]+/i", "PROJECT ZEBRA"), "#");
    assert_eq!(marked("/^Cell: .*$/", "Name: a\nCell: 12\nEnd"), "Name: a\n#\nEnd");
    assert_eq!(marked("/caf\u{e9}s?/", "cafe\u{301}s"), "#");
    assert_eq!(marked("/.+/", "all\nof it"), "#");
    // It matches nowhere but between letters.
    assert_eq!(marked(r"/\b/", "a b"), "a b");
}

#[test]
fn base64_that_nothing_declared_is_read() {
    let coded = "U29tZSB0ZXh0IGFib3V0IEFubiBTbWl0aCBh\nbmQgb3RoZXIgdGhpbmdzIGhlcmU=";
    assert_eq!(marked("Ann Smith", &format!("x\n{coded}\ny")), "x\n#\ny");
    assert_eq!(marked("Bob", &format!("x\n{coded}\ny")), format!("x\n{coded}\ny"));
}

#[test]
fn tags_do_not_hide_a_string_and_stay() {
    let check = |line: &str, html: &str, expect: &str| assert_eq!(marked_html(line, html), expect, "{html}");
    check("Ann Smith", "<p><b>An</b>n <i>Smith</i>!</p>", "<p><b>#</b><i></i>!</p>");
    check("Ann Smith", "<td>Ann</td><td>Smith</td>", "<td>#</td><td></td>");
    check("AT&T", "<p>AT&amp;T</p>", "<p>#</p>");
    check("ann", "<a href=\"https://x.example/?q=%41nn\" title=\"a\">x</a>", "<a title=\"a\">x</a>");
    check("ann", "<img alt=\"Ann\" src=\"cid:1\">", "<img src=\"cid:1\">");
    check("ann", "<p title=\"a &gt; ann\" dir=\"ltr\">ok</p>", "<p dir=\"ltr\">ok</p>");
    check("spann", "<span>n</span>", "<span>n</span>");
}

#[test]
fn a_list_says_what_is_wrong_with_which_line() {
    let wrong = |text: &[u8]| Redaction::read(text).unwrap_err();
    let at = |line, wrong| RedactionError { line, wrong };
    assert_eq!(wrong(b"a\n/x*/"), at(2, Wrong::MatchesNothing));
    assert_eq!(wrong(b"# a\n\n/abc"), at(3, Wrong::Unclosed));
    assert_eq!(wrong(b"/abc/g"), at(1, Wrong::Unclosed));
    assert_eq!(wrong("a\n\u{301}".as_bytes()), at(2, Wrong::Blank));
    assert_eq!(wrong(b"# nothing\n  \n"), at(0, Wrong::Empty));
    assert_eq!(wrong(b"a\nb\n\xff"), at(3, Wrong::NotUtf8));
    let said = wrong(b"a\n\n/(b/").to_string();
    assert!(
        said.starts_with("line 3: expected a regular expression between slashes, found unclosed group"),
        "{said}"
    );
    assert!(Redaction::read(b"\xef\xbb\xbfann\r\n").is_ok());
}

#[test]
fn ten_thousand_strings_cost_little_more_than_one() {
    let lines: String = (0..10_000).map(|n| format!("name{n:05} of somebody\n")).collect();
    let many = list(&lines);
    let text = "A name04711 of\nsomebody among others. ".repeat(2000);
    let mut used = vec![false; many.lines().len()];
    assert_eq!(many.find(&text, Form::Text, &mut used).len(), 2000);
    assert_eq!(used.iter().filter(|used| **used).count(), 1);
}

/// A message with a string in every place that a message has.
const PLANTED: &str = "From: \"Zyx Qwv\" <zyx.qwv@zyxqwv.example>\r\n\
To: =?utf-8?q?Z?= =?utf-8?b?eXggUXd2?= <a@b.example>, zyxqwv@c.example\r\n\
Cc: b@c.example (Zyx Qwv)\r\n\
Bcc: zyxqwv@d.example\r\n\
Delivered-To: zyxqwv@e.example\r\n\
Subject: About Zyx\r\n Qwv and =?iso-8859-1?q?Z=FDx?= Qwv\r\n\
Message-ID: <1.zyxqwv@host.zyxqwv.example>\r\n\
In-Reply-To: <0.zyxqwv@host.example>\r\n\
References: <r.zyxqwv@host.example>\r\n <0.zyxqwv@host.example>\r\n\
Organization: ZYX\r\n\tQWV Inc.\r\n\
X-Mailer: zyx%20qwv\r\n\
Date: Mon, 5 May 2003 10:00:00 +0000 (Zyx Qwv)\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=\"b\"; name*0=\"zyx\"; name*1=\"qwv\"\r\n\
\r\n\
--b\r\n\
Content-Type: multipart/alternative; boundary=\"i\"\r\n\
\r\n\
--i\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: quoted-printable\r\n\
\r\n\
Zy=\r\nx Qwv and zy=C2=ADx qwv and Zyx=\r\n Qwv.\r\n\
> Zyx\r\n> Qwv\r\n\
--i\r\n\
Content-Type: text/html; charset=utf-8\r\n\
\r\n\
<p title=\"Zyx Qwv\">Z<b>y</b>x&nbsp;Q<!-- c -->wv <a href=\"mailto:zyxqwv@f.example?subject=Zyx%20Qwv\">x</a></p>\r\n\
--i--\r\n\
--b\r\n\
Content-Type: text/plain; name=\"zyx qwv.txt\"\r\n\
Content-Disposition: attachment; filename=\"zyx qwv.txt\"\r\n\
Content-Transfer-Encoding: base64\r\n\
\r\n\
VGhpcyBpcyBhYm91dCBaeXggUXd2IGFuZCBvdGhlcnMu\r\n\
--b\r\n\
Content-Type: text/x-vcard\r\n\
Content-Disposition: attachment; filename*=utf-8''Zyx%20Qwv.vcf\r\n\
\r\n\
BEGIN:VCARD\r\nFN:Zyx\r\n  Qwv\r\nEND:VCARD\r\n\
--b\r\n\
Content-Type: text/calendar\r\n\
Content-ID: <zyxqwv@g.example>\r\n\
\r\n\
BEGIN:VCALENDAR\r\nSUMMARY:Zyx Q\r\n wv\r\nEND:VCALENDAR\r\n\
--b\r\n\
Content-Type: message/rfc822\r\n\
\r\n\
From: Zyx Qwv <zyxqwv@h.example>\r\n\
Subject: =?utf-8?q?Zyx_Qwv?=\r\n\
\r\n\
Zyx Qwv inside\r\n\
--b--\r\n";

fn parsed() -> Message {
    let options = ParseOptions { keep_bcc: true, all_headers: true, ..ParseOptions::default() };
    parse(PLANTED.as_bytes(), None, &options)
}

#[test]
fn a_string_is_taken_out_of_every_place_of_a_message() {
    let mut message = parsed();
    let before = format!("{message:?}").to_lowercase();
    assert!(before.matches("qwv").count() > 20, "{before}");
    let mut place = place();
    place.folder = "Old/Zyx Qwv".into();
    place.path = "zyxqwv/1.eml".into();
    let mut privacy = Privacy::new(Some(&list("Zyx Qwv\nzyxqwv\nzyx.qwv\nnowhere")), false, [7; 32]);
    privacy.apply(&mut message, &mut place);
    let after = format!("{message:?} {place:?}").to_lowercase();
    for left in ["qwv", "zyx", "zýx"] {
        assert!(!after.contains(left), "{left} is left: {message:#?} {place:#?}");
    }
    assert!(message.redacted && crate::message::states(&message, &[]).contains(&"has:redaction".to_owned()));
    assert_eq!(message.subject, format!("About {MARK} and {MARK}"));
    assert_eq!(message.in_reply_to[0], message.references[1], "ids still lead to each other");
    let report = Privacy::sum(&[&privacy]);
    assert_eq!((report.redacted, report.unused, report.lines), (1, vec![4], 4));
    assert_eq!(report.parts.len(), 9, "{:?}", report.parts);
    assert!(message.attachments.iter().take(3).all(|own| own.withheld), "{:?}", message.attachments);
}

#[test]
fn every_address_is_masked() {
    let mut message = parsed();
    let mut place = place();
    place.source = "ann@x.example.mbox".into();
    let mut privacy = Privacy::new(None, true, [7; 32]);
    privacy.apply(&mut message, &mut place);
    let after = format!("{message:?} {place:?}").to_lowercase();
    assert!(!after.contains(".example"), "{message:#?} {place:#?}");
    assert!(message.from[0].address.starts_with("zyx.qwv@…"), "{}", message.from[0].address);
    assert_eq!(message.from[0].name, "Zyx Qwv");
    assert!(!message.redacted);
    assert!(Privacy::sum(&[&privacy]).masked >= 6);
}

#[test]
fn a_pseudonym_tells_people_apart_and_nothing_else() {
    let mut masker = Masker::new([1; 32]);
    let mut other = Masker::new([2; 32]);
    let ann = masker.address("ann@a.example");
    assert_eq!(ann, masker.address("ANN@a.example").to_lowercase());
    assert_ne!(ann, masker.address("ann@b.example"));
    assert_ne!(ann, other.address("ann@a.example"));
    assert_eq!(masker.address(&ann), ann);
    assert_eq!(masker.address("Ann"), "Ann");
    // Whom a bounce is about.
    assert!(masker.address("list-bounces+bob=b.example@lists.example").starts_with("list-bounces@…"));
    let mut text = |text: &str| {
        let cuts = masker.find(text, Form::Text, false);
        replaced(text, Form::Text, &cuts).replace(|c: char| c.is_ascii_digit(), "0")
    };
    assert!(
        !text("mail <ann.b@a.b.example>, \"x y\"@c.example; d@[127.0.0.1]. e%40f.example")
            .contains("example")
    );
    assert_eq!(text("see you @ noon, a@b, ann at b"), "see you @ noon, a@b, ann at b");
    assert!(text("http://h/?to=ann%40b.example").starts_with("http://h/?to=ann@…"));
    assert_eq!(title("Mail of ann@b.example", None, true), "Mail of ann@…");
}

#[test]
fn documents_stay_apart_without_their_numbers() {
    let mut privacy = Privacy::new(Some(&list(r"/C\d+/")), false, [7; 32]);
    let mut keys = ["C123", "C124"].map(|number| {
        let document = Document { number: number.into(), ..Default::default() };
        let mut message = Message { document: Some(Box::new(document)), ..Message::default() };
        privacy.apply(&mut message, &mut place());
        assert!(!format!("{message:?}").contains("C12"), "{message:?}");
        crate::message::key(&message)
    });
    keys.sort_unstable();
    assert_ne!(keys[0], keys[1]);
}
