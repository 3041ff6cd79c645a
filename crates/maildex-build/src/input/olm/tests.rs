use std::io::Write;

use super::*;
use crate::input::{Limits, read_any};
use crate::message::{ParseOptions, parse};

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<emails elementCount="1"><email xml:space="preserve">
<OPFMessageCopyAttachmentList><messageAttachment OPFAttachmentContentExtension="txt" OPFAttachmentName="a &amp; b.txt"
 OPFAttachmentContentType="text/plain" OPFAttachmentURL="com.microsoft.__Attachments/1_a.txt"/>
<messageAttachment OPFAttachmentName="lost.txt" OPFAttachmentURL="com.microsoft.__Attachments/none"/>
</OPFMessageCopyAttachmentList>
<OPFMessageCopyBody>One &lt; two &amp; three &#228;</OPFMessageCopyBody>
<OPFMessageCopyFromAddresses><emailAddress OPFContactEmailAddressAddress="ann@a.example" OPFContactEmailAddressName="Ann, &quot;A&quot;"/></OPFMessageCopyFromAddresses>
<OPFMessageCopyToAddresses><emailAddress OPFContactEmailAddressAddress="b@b.example"/><emailAddress OPFContactEmailAddressName="Cy"/></OPFMessageCopyToAddresses>
<OPFMessageCopyHTMLBody><![CDATA[<p>One <b>two</b></p>]]></OPFMessageCopyHTMLBody>
<OPFMessageCopyMessageID>1@a.example</OPFMessageCopyMessageID>
<OPFMessageCopyReceivedTime>2001-02-03T05:05:06</OPFMessageCopyReceivedTime>
<OPFMessageCopySentTime>2001-02-03T04:05:06</OPFMessageCopySentTime>
<OPFMessageCopySubject>Gr&#xFC;&#xDF;e</OPFMessageCopySubject>
</email></emails>"#;

fn archive(xml: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("Categories.xml", "<categories/>"),
        ("Accounts/a@a.example/com.microsoft.__Messages/Inbox/Old/message_00001.xml", xml),
        ("com.microsoft.__Attachments/1_a.txt", "attached"),
    ] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("in memory");
        writer.write_all(bytes.as_bytes()).expect("in memory");
    }
    writer.finish().expect("in memory").into_inner()
}

fn check(xml: &str) -> (crate::input::InputReport, Vec<Raw>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mac.olm");
    std::fs::write(&path, archive(xml)).expect("a file");
    let mut found = Vec::new();
    let mut sink = |raw| {
        found.push(raw);
        Ok(())
    };
    let report = read_any(&path, &Limits::default(), &[], &mut sink, &mut |_| {}).expect("a file");
    (report, found)
}

#[test]
fn a_message_with_people_bodies_and_attachments() {
    let (report, found) = check(XML);
    assert_eq!((found.len(), found[0].place.folder.as_str()), (1, "Inbox/Old"));
    let reasons: Vec<_> = report.skipped.iter().map(|own| (own.reason, own.n)).collect();
    assert_eq!(reasons, [(Reason::NotMail, 1), (Reason::ItemPartial, 1)]);
    let message = parse(&found[0].bytes, None, &ParseOptions::default());
    assert_eq!((message.subject.as_str(), message.date.order), ("Grüße", Some(981_173_106)));
    assert_eq!(
        (message.from[0].name.as_str(), message.from[0].address.as_str()),
        ("Ann, \"A\"", "ann@a.example")
    );
    let to: Vec<_> = message.to.iter().map(|own| (own.name.as_str(), own.address.as_str())).collect();
    assert_eq!(to, [("", "b@b.example"), ("Cy", "")]);
    assert_eq!(message.text.trim(), "One < two & three ä");
    assert!(message.html.is_some_and(|html| html.contains("<b>two</b>")));
    assert_eq!(message.message_id.as_deref(), Some("1@a.example"));
    let names: Vec<_> = message.attachments.iter().map(|own| (own.name.as_str(), own.size)).collect();
    assert_eq!(names, [("a & b.txt", 8), ("lost.txt", 0)]);
}

#[test]
fn damage_is_counted() {
    for end in (0..XML.len()).step_by(23) {
        let (report, found) = check(&XML[..XML.floor_char_boundary(end)]);
        assert!(found.len() <= 1 && !report.skipped.is_empty());
    }
    let (_, found) = check("<emails><email><OPFMessageCopySubject>a</b></email>");
    assert_eq!(found.len(), 1);
}
