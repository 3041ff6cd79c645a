use super::*;
use crate::message::{ParseOptions, parse};

fn attachment(name: &str, content_id: &str, bytes: &[u8]) -> Part {
    Part {
        name: name.to_owned(),
        mime: "image/png".to_owned(),
        content_id: content_id.to_owned(),
        content: Content::Bytes(bytes.to_vec()),
    }
}

#[test]
fn what_is_written_is_read_back() {
    let mut inner = Draft { text: Some("inner words".to_owned()), ..Draft::default() };
    inner.add("Subject", "inner");
    inner.parts.push(attachment("deep.png", "", b"deep"));
    let mut draft = Draft {
        text: Some("Grüße,\n--=_mixed_0--\nFrom here".to_owned()),
        html: Some(("<p>Größe <img src=\"cid:a@b\">".as_bytes().to_vec(), "utf-8".to_owned())),
        ..Draft::default()
    };
    draft.add("From", mailbox("Müller, \"Jo\"", "jo@b.example"));
    draft.add("To", format!("{},\n {}", mailbox("", "a@b.example"), mailbox("Only Name", "")));
    draft.add("Subject", "Über\r\nBcc: x@y.example\u{7}");
    draft.add("Date", "03 Feb 2001 04:05:06 -0000");
    draft.add("X-Empty", " ");
    draft.parts.push(attachment("größe \"1\".png", "a@b", b"shown"));
    let content = Content::Message(Box::new(inner));
    draft.parts.push(Part { name: "fw".to_owned(), mime: String::new(), content_id: String::new(), content });
    draft.parts.push(attachment("b.png", "", &[0, 255, 10, 13]));
    let message = parse(&draft.write(), None, &ParseOptions::default());
    assert_eq!(message.from[0].name, "Müller, \"Jo\"");
    assert_eq!(message.from[0].address, "jo@b.example");
    let to: Vec<_> = message.to.iter().map(|own| (own.name.as_str(), own.address.as_str())).collect();
    assert_eq!(to, [("", "a@b.example"), ("Only Name", "")]);
    assert_eq!(message.subject, "Über Bcc: x@y.example");
    assert_eq!(message.date.order, Some(981_173_106));
    assert!(message.text.starts_with("Grüße,\n--=_mixed_0--\nFrom here"), "{}", message.text);
    assert!(message.text.contains("inner words"));
    assert!(message.html.is_some_and(|html| html.contains("Größe")));
    let names: Vec<_> =
        message.attachments.iter().map(|own| (own.name.as_str(), own.size, own.inline)).collect();
    assert_eq!(
        names,
        [("größe \"1\".png", 5, true), ("fw", 337, false), ("deep.png", 4, false), ("b.png", 4, false)]
    );
    let kinds: Vec<_> = message.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [crate::message::ProblemKind::NoMessageId]);
}

#[test]
fn a_signed_body_is_given_as_it_was_signed() {
    let entity = b"Content-Type: multipart/signed; boundary=x\n\n--x\n\nsigned words\n--x--\n";
    let mut draft = Draft::default();
    draft.add("Subject", "s");
    let part = attachment("smime.p7m", "", entity);
    draft.parts.push(Part { mime: "multipart/signed".to_owned(), ..part });
    let message = parse(&draft.write(), None, &ParseOptions::default());
    assert_eq!(message.text.trim(), "signed words");
}
