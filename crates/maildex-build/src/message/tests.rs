use super::*;

fn read(raw: &str) -> Message {
    parse(raw.as_bytes(), None, &ParseOptions::default())
}

fn kinds(message: &Message) -> Vec<ProblemKind> {
    message.problems.iter().map(|problem| problem.kind).collect()
}

fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox { name: name.to_owned(), address: address.to_owned() }
}

/// A message with these extra header lines and this body.
fn with(headers: &str, body: &[u8]) -> Message {
    let mut raw = format!(
        "From: Ann <ann@example.org>\nDate: Mon, 1 Jan 2001 10:00:00 +0000\nMessage-ID: <1@example.org>\n{headers}\n"
    )
    .into_bytes();
    raw.extend_from_slice(body);
    parse(&raw, None, &ParseOptions::default())
}

fn subject(value: &[u8]) -> String {
    let mut raw = b"Subject: ".to_vec();
    raw.extend_from_slice(value);
    raw.extend_from_slice(b"\nFrom: a@example.org\n\nbody");
    parse(&raw, None, &ParseOptions::default()).subject
}

#[test]
fn plain_message() {
    let message = read(concat!(
        "From: Ann Lee <ann@example.org>\r\nTo: \"Ben, B.\" <ben@example.org>, team: cy@example.org, d@e.fr;\r\n",
        "Cc: eve@example.org (Eve)\r\nBcc: secret@example.org\r\nSubject: Lunch\r\n today\r\n",
        "Date: Mon, 31 Jul 2000 23:19:29 PDT\r\nMessage-ID: <1@example.org>\r\n",
        "In-Reply-To: <0@example.org>\r\nReferences: <a@b>\r\n <0@example.org>\r\nReceived: from x; never\r\n",
        "X-Spam-Score: 9\r\nX-Mailer: Pen\r\n\r\nHello\r\nthere\r\n"
    ));
    assert_eq!(message.from, [mailbox("Ann Lee", "ann@example.org")]);
    let to = [mailbox("Ben, B.", "ben@example.org"), mailbox("", "cy@example.org"), mailbox("", "d@e.fr")];
    assert_eq!(message.to, to);
    assert_eq!(message.cc, [mailbox("Eve", "eve@example.org")]);
    assert_eq!(message.bcc, []);
    assert_eq!(message.subject, "Lunch today");
    assert_eq!(message.date.order, Some(965_110_769));
    assert_eq!(message.date.zone, Some(-420));
    assert_eq!(message.message_id.as_deref(), Some("1@example.org"));
    assert_eq!(message.in_reply_to, ["0@example.org"]);
    assert_eq!(message.references, ["a@b", "0@example.org"]);
    assert_eq!(message.text, "Hello\nthere");
    assert_eq!(message.html, None);
    assert_eq!(kinds(&message), []);
    let names: Vec<&str> = message.headers.iter().map(|(name, _)| name.as_str()).collect();
    let want = ["From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "X-Mailer"];
    assert_eq!(names, want);
}

#[test]
fn blind_copies_and_all_headers_are_options() {
    let raw = "From: a@x.org\nBcc: b@x.org\nX-bcc: c\nX-Spam-Score: 9\n\nhi";
    let options = ParseOptions { keep_bcc: true, all_headers: true, ..ParseOptions::default() };
    let message = parse(raw.as_bytes(), None, &options);
    assert_eq!(message.bcc, [mailbox("", "b@x.org")]);
    assert_eq!(message.headers.len(), 4);
    let options = ParseOptions { all_headers: true, ..ParseOptions::default() };
    let message = parse(raw.as_bytes(), None, &options);
    assert_eq!(message.bcc, []);
    assert!(!format!("{message:?}").contains("b@x.org"));
    assert_eq!(message.headers.len(), 2);
}

#[test]
fn encoded_words() {
    assert_eq!(subject(b"=?utf-8?Q?caf=C3=A9?="), "café");
    // A character split over two words, in both encodings.
    assert_eq!(subject(b"=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?="), "café");
    assert_eq!(subject(b"=?utf-8?B?w6nD?=\n =?utf-8?B?qQ==?="), "éé");
    assert_eq!(subject(b"=?utf-8?B?w6nD?=\n =?utf-8?Q?=A9?="), "éé");
    assert_eq!(subject(b"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?="), "日本");
    assert_eq!(subject(b"=?iso-2022-jp?B?GyRCRnwbKEI=?= =?iso-2022-jp?B?GyRCS1wbKEI=?="), "日本");
    assert_eq!(subject(b"=?gb2312?B?xOO6ww==?="), "你好");
    assert_eq!(subject(b"=?ks_c_5601-1987?B?yLi0zw==?="), "회니");
    assert_eq!(subject(b"=?big5?B?p0Gmbg==?="), "你好");
    assert_eq!(subject(b"a =?utf-8?Q?b?= c =?utf-8?Q?d_?= =?utf-8?Q?e?="), "a b c d e");
    assert_eq!(subject(b"=?utf-8*en?Q?x?="), "x");
    // Wrong or unknown charsets.
    assert_eq!(subject(b"=?us-ascii?Q?caf=C3=A9?="), "café");
    assert_eq!(subject(b"=?iso-8859-1?Q?caf=C3=A9?="), "café");
    assert_eq!(subject(b"=?iso-8859-1?Q?caf=E9?="), "café");
    assert_eq!(subject(b"=?unknown-8bit?Q?caf=C3=A9?= now"), "café now");
    assert_eq!(subject(b"=?utf-8?Q?caf=E9_est_ferm=E9_aujourd'hui?="), "café est fermé aujourd'hui");
    // What is no encoded word stays.
    assert_eq!(subject(b"=?utf-8?X?y?= =?utf-8?Q?open"), "=?utf-8?X?y?= =?utf-8?Q?open");
}

#[test]
fn raw_eight_bit_headers() {
    assert_eq!(subject("café 你好".as_bytes()), "café 你好");
    assert_eq!(subject(b"caf\xE9 est ferm\xE9 aujourd'hui"), "café est fermé aujourd'hui");
    assert_eq!(subject(b"\x1b$BF|K\\\x1b(B"), "日本");
    assert_eq!(subject(b"Houses rise \xA31,100 a week"), "Houses rise £1,100 a week");
    let raw = b"From: \xC9\xD7\xC1\xCE <i@example.ru>\nContent-Type: text/plain; charset=koi8-r\n\n\xF0\xD2\xC9\xD7\xC5\xD4";
    let message = parse(raw, None, &ParseOptions::default());
    assert_eq!(message.from[0].name, "иван");
    assert_eq!(message.text, "Привет");
}

#[test]
fn charsets_of_bodies() {
    let body = |charset: &str, bytes: &[u8]| {
        let message = with(&format!("Content-Type: text/plain; charset={charset}\n"), bytes);
        (message.text.clone(), kinds(&message))
    };
    assert_eq!(body("iso-8859-1", b"caf\xE9"), ("café".into(), vec![]));
    assert_eq!(body("utf-7", b"caf+AOk-"), ("café".into(), vec![]));
    assert_eq!(body("\"ISO-2022-JP\"", b"\x1b$BF|K\\\x1b(B"), ("日本".into(), vec![]));
    assert_eq!(body("hz-gb-2312", b"~{Dc:C~} ~~"), ("你好 ~".into(), vec![]));
    assert_eq!(body("iso-2022-kr", b"\x1b$)C\x0e>H3g\x0f ok"), ("안녕 ok".into(), vec![]));
    assert_eq!(body("x-nobody-knows", "café".as_bytes()), ("café".into(), vec![ProblemKind::UnknownCharset]));
    assert_eq!(body("chinesebig5", b"\xA7A\xA6n"), ("你好".into(), vec![ProblemKind::UnknownCharset]));
    assert_eq!(body("iso-8859-1", "café".as_bytes()), ("café".into(), vec![ProblemKind::GuessedCharset]));
    let french = "Le café est fermé à Noël, désolé".to_owned();
    let latin: Vec<u8> = french.chars().map(|c| c as u8).collect();
    assert_eq!(body("utf-8", &latin), (french.clone(), vec![ProblemKind::GuessedCharset]));
    assert_eq!(body("us-ascii", &latin), (french.clone(), vec![ProblemKind::GuessedCharset]));
    assert_eq!(with("", &latin).text, french);
    assert_eq!(with("", "日本語".as_bytes()).text, "日本語");
    let (text, problems) =
        body("utf-8", "日本語です".as_bytes().split_last().map(|(_, rest)| rest).unwrap_or_default());
    assert_eq!((text.as_str(), problems), ("日本語で\u{FFFD}", vec![ProblemKind::BadEncoding]));
    let shift_jis = b"\x93\xFA\x96\x7B\x8C\xEA\x82\xCC\x83\x81\x81\x5B\x83\x8B\x82\xC5\x82\xB7\x81\x42";
    assert_eq!(with("", shift_jis).text, "日本語のメールです。");
}

#[test]
fn charset_in_the_head_of_html() {
    let html =
        b"<meta http-equiv=Content-Type content=\"text/html; charset=koi8-r\"><p>\xF0\xD2\xC9\xD7\xC5\xD4";
    assert_eq!(with("Content-Type: text/html\n", html).text, "Привет");
}

#[track_caller]
fn date(text: &str, want: Option<(i64, Option<i16>)>) {
    assert_eq!(parse_date(text).map(|stamp| (stamp.time, stamp.zone)), want, "{text}");
}

#[test]
fn dates() {
    let noon = 978_350_400; // 2001-01-01 12:00 UTC
    date("Mon, 1 Jan 2001 12:00:00 +0000", Some((noon, Some(0))));
    date("Mon, 1 Jan 2001 12:00:00 -0000", Some((noon, None)));
    date("1 Jan 2001 12:00 GMT", Some((noon, Some(0))));
    date("Fri, 1 Jan 2001 14:00:00 +0200 (wrong weekday)", Some((noon, Some(120))));
    date("Mon, 01 Jan 2001 14:00:00 CEST", Some((noon, Some(120))));
    date("Mon, 01 Jan 2001 13:00:00 CET", Some((noon, Some(60))));
    date("Mon, 01 Jan 2001 13:00:00 MET", Some((noon, Some(60))));
    date("Mon, 01 Jan 2001 21:00:00 JST", Some((noon, Some(540))));
    date("Mon, 01 Jan 2001 07:00:00 EST", Some((noon, Some(-300))));
    date("Mon, 01 Jan 2001 07:00:00 (EST)", Some((noon, Some(-300))));
    date("Mon Jan  1 12:00:00 2001", Some((noon, None)));
    date("Mon Jan  1 04:00:00 PST 2001", Some((noon, Some(-480))));
    date("Mon Jan  1 12:00:00 +0000 2001", Some((noon, Some(0))));
    date("Mon, 1 Jan 2001 12:00:00", Some((noon, None)));
    date("2001-01-01T12:00:00Z", Some((noon, Some(0))));
    date("2001-01-01 14:00:00.123+02:00", Some((noon, Some(120))));
    date("2001-01-01 12:00", Some((noon, None)));
    date("1 Jan 01 12:00:00 UT", Some((noon, Some(0))));
    date("1 Jan 101 12:00:00 Z", Some((noon, Some(0))));
    date("Mon, 1 Jan 0101 12:00:00 +0000", Some((noon, Some(0))));
    date("Mon, 1 Jan 0001 12:00:00 +0000", Some((noon, Some(0))));
    date("Sun, 31 Dec 2000 17:00:00 -1900", Some((noon, Some(-1140))));
    date("1 Jan 97 00:00:00 +0000", Some((852_076_800, Some(0))));
    date("01-Jan-2001 12:00:00 GMT-0000", Some((noon, None)));
    date("Mon, 1 Jan 2001 13:00:00 GMT+0100", Some((noon, Some(60))));
    // POSIX counts hours to the west.
    date("Mon, 1 Jan 2001 13:00:00 BST-1", Some((noon, Some(60))));
    date("Mon, 1 Jan 2001 07:00:00 EST-0500", Some((noon, Some(-300))));
    date("Mon, 1 Jan 2001 13:00:00 GMT+1", Some((noon, Some(60))));
    date("Monday, January 1, 2001 12:00 PM", Some((noon, None)));
    date("Mon, 1 Jan 2001 12:00:00 0000", Some((noon, Some(0))));
    date("01/13/2001 12:00:00 AM", Some((979_344_000, None)));
    date("Tue, (a (nested) comment) 1 Jan 2001 12:00:00 +0000", Some((noon, Some(0))));
    date("Sat, 29 Feb 2020 00:00:00 +0000", Some((1_582_934_400, Some(0))));
    date("1 Jan 2001 12:00:60 +0000", Some((noon + 60, Some(0))));
    // No dates.
    for text in [
        "31 Feb 2001 12:00:00 +0000",
        "29 Feb 2001 12:00:00",
        "0 Jan 2001 12:00",
        "1 Jan 2001 25:00:00",
        "1 Jan 2001 12:61:00",
        "Mon, 1 2001 12:00",
        "",
        "yesterday",
        "01/02/2001 12:00",
        "::::",
        "2001-13-01",
        "+",
        "-",
        "(",
        "é",
    ] {
        date(text, None);
    }
    let _ = parse_date(&"(".repeat(100_000));
    let _ = parse_date("99999999999999999999 Jan 99999999999999999999 99999999999999999999:1:1");
}

#[test]
fn ordering_date() {
    let week = 7 * 86_400;
    let noon = 978_350_400;
    let at = |header: &str, envelope: Option<i64>, received: &str| {
        let raw = format!("From: a@x.org\nMessage-ID: <1@x>\n{received}{header}\nhi");
        let message = parse(raw.as_bytes(), envelope, &ParseOptions::default());
        (message.date.order, message.date.misdated, kinds(&message))
    };
    let good = "Date: Mon, 1 Jan 2001 12:00:00 +0000\n";
    let received = "Received: from a by b; Tue, 2 Jan 2001 12:00:00 +0000\nReceived: x; Mon, 1 Jan 2001 12:00:05 +0000\n";
    assert_eq!(at(good, None, ""), (Some(noon), false, vec![]));
    assert_eq!(at(good, Some(noon + week), ""), (Some(noon), false, vec![]));
    assert_eq!(
        at(good, Some(noon + week + 1), ""),
        (Some(noon + week + 1), true, vec![ProblemKind::Misdated])
    );
    // One witness is enough: mboxes are rewritten with later dates on their envelopes.
    assert_eq!(at(good, Some(noon + 9 * week), received), (Some(noon), false, vec![]));
    assert_eq!(at("", Some(5_000_000), received), (Some(5_000_000), false, vec![ProblemKind::NoDate]));
    assert_eq!(at("", None, received), (Some(noon + 5), false, vec![ProblemKind::NoDate]));
    assert_eq!(at("", None, ""), (None, false, vec![ProblemKind::NoDate]));
    assert_eq!(at("Date: soon\n", None, received), (Some(noon + 5), false, vec![ProblemKind::BadDate]));
    assert_eq!(at("Date: 1 Jan 2101 00:00:00 +0000\n", None, ""), (None, false, vec![ProblemKind::BadDate]));
    assert_eq!(at("Date: 31 Dec 1969 00:00:00 +0000\n", None, ""), (None, false, vec![ProblemKind::BadDate]));
    // The zero of a clock is no date, with or without a witness.
    let zero = "Date: Mon, 31 Dec 1979 16:00:00 -0800 (PST)\n";
    assert_eq!(at(zero, None, ""), (None, true, vec![ProblemKind::Misdated]));
    assert_eq!(at(zero, Some(noon), ""), (Some(noon), true, vec![ProblemKind::Misdated]));
    // Nor is it a witness: separators of old list archives stand on the day NTP's seconds begin anew.
    assert_eq!(at(good, Some(2_085_957_216), ""), (Some(noon), false, vec![]));
    let forged =
        "Received: by b; Tue, 2 Jan 2001 12:00:00 +0000\nReceived: x; Mon, 1 Jan 1990 12:00:05 +0000\n";
    assert_eq!(at("", None, forged).0, Some(noon + 86_400));
    assert_eq!(at("Date: 1 Jan 2028 00:00:00 +0000\n", None, received).0, Some(noon + 5));
}

const TWO: &str = "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n";

#[test]
fn alternatives() {
    let message = with(
        TWO,
        b"--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<p>rich <b>text</b></p>\n--b--\n",
    );
    assert_eq!(message.text, "plain");
    assert_eq!(message.html.as_deref().map(str::trim), Some("<p>rich <b>text</b></p>"));
    assert_eq!(message.attachments, []);
    let message = with(TWO, b"--b\n\n \n\n--b\nContent-Type: text/html\n\n<p>rich</p>\n--b--\n");
    assert_eq!(message.text, "rich");
    let message = with(
        TWO,
        concat!(
            "--b\n\nplain\n--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n",
            "<img src=\"cid:pic%40x\" alt=Logo><img src=http://t.example/p.gif>\n--c\nContent-Type: image/png\n",
            "Content-ID: <pic@x>\nContent-Transfer-Encoding: base64\n\nAAAA\n--c--\n--b\n",
            "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b--\n"
        )
        .as_bytes(),
    );
    assert_eq!(message.text, "plain");
    let html = message.html.unwrap_or_default();
    assert!(
        html.contains("cid:pic%40x") && html.contains(html::REMOTE_PICTURE) && !html.contains("t.example")
    );
    let found: Vec<_> = message.attachments.iter().map(|a| (a.mime.as_str(), a.size, a.inline)).collect();
    assert_eq!(found, [("image/png", 3, true), ("text/calendar", 15, false)]);
}

#[test]
fn text_parts_follow_each_other() {
    let message = with(
        "Content-Type: multipart/mixed; boundary=b\n",
        concat!(
            "--b\nContent-Type: text/html\n\n<p>One</p><script>x</script>\n--b\nContent-Type: image/jpeg; name=p.jpg\n",
            "Content-Disposition: inline; filename=p.jpg\n\nxx\n--b\n\nTwo\n--b\nContent-Type: text/x-patch; name=a.patch\n",
            "Content-Disposition: inline\n\n+line\n--b\nContent-Disposition: attachment; filename=\"..\\x/notes.txt\"\n\nno\n--b--\n"
        )
        .as_bytes(),
    );
    assert_eq!(message.text, "One\n\nTwo\n\n+line");
    let html = message.html.unwrap_or_default();
    assert!(html.contains("One") && html.contains("Two") && html.contains("+line"), "{html}");
    let found: Vec<_> = message.attachments.iter().map(|a| (a.name.as_str(), a.size, a.inline)).collect();
    assert_eq!(found, [("p.jpg", 2, false), ("a.patch", 5, false), ("notes.txt", 2, false)]);
}

#[test]
fn messages_inside() {
    let message = with(
        "Content-Type: multipart/mixed; boundary=b\n",
        concat!(
            "--b\n\nsee below\n--b\nContent-Type: message/rfc822\n\nFrom: Ben <ben@x.org>\nBcc: no@x.org\n",
            "Subject: =?utf-8?Q?caf=C3=A9?=\nTo: c@x.org\nContent-Type: multipart/mixed; boundary=c\n\n",
            "--c\n\ninner words\n--c\nContent-Type: application/pdf; name=in.pdf\n\n%PDF\n--c--\n--b--\n"
        )
        .as_bytes(),
    );
    let want = "see below\n\n---------- Forwarded message ---------\nFrom: Ben <ben@x.org>\nSubject: café\nTo: c@x.org\n\ninner words";
    assert_eq!(message.text, want);
    let found: Vec<_> = message.attachments.iter().map(|a| (a.name.as_str(), a.mime.as_str())).collect();
    assert_eq!(found, [("", "message/rfc822"), ("in.pdf", "application/pdf")]);
}

#[test]
fn delivery_reports_and_signatures() {
    let message = with(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
        concat!(
            "--b\n\nCould not deliver.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.org\n\n",
            "Final-Recipient: rfc822; gone@y.org\n--b\nContent-Type: text/rfc822-headers\n\nSubject: lost\n--b--\n"
        )
        .as_bytes(),
    );
    assert!(message.text.contains("Could not deliver.") && message.text.contains("gone@y.org"));
    assert!(message.text.ends_with("Subject: lost"), "{}", message.text);
    assert!(message.attachments.iter().all(|attachment| attachment.inline));
    let message = with("Content-Type: message/rfc822\n", b"no headers here\n");
    assert_eq!((message.text.as_str(), message.attachments.len()), ("no headers here", 1));
    let message = with(
        "Content-Type: multipart/signed; boundary=b\n",
        b"--b\n\nsigned\n--b\nContent-Type: application/pgp-signature; name=signature.asc\n\nsig\n--b--\n",
    );
    assert_eq!(message.text, "signed");
    assert!(message.attachments[0].inline);
}

#[test]
fn attachment_names() {
    let name = |headers: &[u8]| {
        let mut raw = b"From: a@x.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n".to_vec();
        raw.extend_from_slice(headers);
        raw.extend_from_slice(b"\n\nxx\n--b--\n");
        let message = parse(&raw, None, &ParseOptions::default());
        message.attachments.first().map(|attachment| attachment.name.clone()).unwrap_or_default()
    };
    let pdf = |rest: &[u8]| {
        let mut headers = b"Content-Type: application/pdf\nContent-Disposition: attachment; ".to_vec();
        headers.extend_from_slice(rest);
        name(&headers)
    };
    assert_eq!(pdf(b"filename=a.pdf"), "a.pdf");
    assert_eq!(pdf(b"filename*=utf-8''caf%C3%A9.pdf"), "café.pdf");
    assert_eq!(pdf(b"filename*0*=utf-8''caf%C3;\n filename*1*=%A9;\n filename*2=\".pdf\""), "café.pdf");
    assert_eq!(pdf(b"filename=\"=?utf-8?B?Y2Fmw6k=?=.pdf\""), "café.pdf");
    assert_eq!(pdf("filename=\"café.pdf\"".as_bytes()), "café.pdf");
    assert_eq!(pdf(b"filename=\"r\xE9sum\xE9 de la soir\xE9e.pdf\""), "résumé de la soirée.pdf");
    assert_eq!(pdf(b"filename=\"/etc/pass\x01wd\""), "passwd");
    assert_eq!(pdf("filename=\"a\u{202E}fdp.exe\"".as_bytes()), "afdp.exe");
    assert_eq!(name(b"Content-Type: application/pdf;\n name=\"b.pdf\""), "b.pdf");
    assert_eq!(name(b"Content-Type: application/pdf"), "");
}

#[test]
fn flowed_and_enriched_bodies() {
    let message = with("Content-Type: text/plain; format=Flowed; DelSp=yes\n", b"Hel \nlo\n> a \n> b\n");
    assert_eq!(message.text, "Hello\n> ab");
    let message = with("Content-Type: text/enriched\n", b"<bold>Hello</bold>\nyou");
    assert_eq!(message.text, "Hello you");
}

#[test]
fn odd_starts() {
    assert_eq!(read("").text, "");
    assert_eq!(kinds(&read("")), [ProblemKind::NoHeaders, ProblemKind::NoDate]);
    let message = read("just some words\nand more\n");
    assert_eq!(message.text, "just some words\nand more");
    assert!(kinds(&message).contains(&ProblemKind::NoHeaders));
    assert_eq!(read("\n\nFrom: a@x.org\nSubject: s\n\nhi").subject, "s");
    assert_eq!(read("From a@x.org Mon Jan  1 12:00:00 2001\nSubject: s\n\nhi").subject, "s");
    assert_eq!(read(">From a@x.org Mon Jan  1 12:00:00 2001\nSubject: s\n\nhi").subject, "s");
    assert_eq!(read("\u{FEFF}Subject: s\n\nhi").subject, "s");
    assert_eq!(read("\nonly a body").text, "only a body");
    assert_eq!(read("Subject: s").subject, "s");
    assert_eq!(read("Subject: one\nSubject: two\nFrom: a@x\nFrom: b@x\n\n").from[0].address, "a@x");
    assert_eq!(read("Subject: one\nSubject: two\n\n").subject, "one");
    assert_eq!(read("Sender: s@x.org\n\n").from[0].address, "s@x.org");
    assert_eq!(read("To: \"a b\"@x.org\n\n").to, [mailbox("", "\"a b\"@x.org")]);
    assert_eq!(read("To: Undisclosed recipients\n\n").to, [mailbox("Undisclosed recipients", "")]);
    assert_eq!(read("To: undisclosed-recipients:;\n\n").to, []);
}

#[test]
fn damage_is_reported() {
    let open = with("Content-Type: multipart/mixed; boundary=b\n", b"--b\n\nhi\n");
    assert_eq!((open.text.as_str(), kinds(&open)), ("hi", vec![ProblemKind::BadStructure]));
    let none = with("Content-Type: multipart/mixed; boundary=b\n", b"hi there\n");
    assert_eq!(none.text, "hi there");
    assert!(kinds(&none).contains(&ProblemKind::BadStructure), "{:?}", none.problems);
    let bad = with("Content-Transfer-Encoding: x-uuencode\n", b"hi");
    assert_eq!(kinds(&bad), [ProblemKind::BadEncoding]);
    let bad = with("Content-Transfer-Encoding: base64\n", b"aGk*=\n");
    assert_eq!((bad.text.as_str(), kinds(&bad)), ("hi", vec![ProblemKind::BadEncoding]));
    let options = ParseOptions { max_text: 4, ..ParseOptions::default() };
    let cut = parse("From: a@x\n\nabcé".as_bytes(), None, &options);
    assert_eq!(cut.text, "abc");
    assert!(kinds(&cut).contains(&ProblemKind::Truncated));
}

#[test]
fn ids_are_read_of_the_field_as_it_is_kept() {
    let message = read(
        "In-Reply-To: =?utf-8?q?=3Cabc=40x=2Eexample=3E?=\nReferences: <a@x.example> =?utf-8?q?=3Cb=40x=2Eexample=3E?=\n\nhi",
    );
    assert_eq!(message.in_reply_to, ["abc@x.example"]);
    assert_eq!(message.references, ["a@x.example", "b@x.example"]);
    assert_eq!(ids_of(&message.headers), [message.references, message.in_reply_to]);
}

#[test]
fn bombs() {
    let many = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(100_000));
    let message = read(&many);
    assert!(kinds(&message).contains(&ProblemKind::TooManyParts));
    let mut deep = String::new();
    for n in 0..1000 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"));
    }
    deep.push_str("\nthe bottom\n");
    let message = read(&deep);
    assert!(kinds(&message).contains(&ProblemKind::TooDeep), "{:?}", message.problems);
    let message = read(&"Content-Type: message/rfc822\n\n".repeat(1000));
    assert!(kinds(&message).contains(&ProblemKind::TooDeep), "{:?}", message.problems);
    let wide = format!("To: {}\nReferences: {}\n\nhi", "a@x.org, ".repeat(20_000), "<a@x> ".repeat(20_000));
    let message = read(&wide);
    // References are read of what is kept of the field, its first 64 KiB.
    assert_eq!((message.to.len(), message.references.len()), (20_000, (64 << 10) / 6));
    read(&format!("Subject: {}\n\nhi", "=?utf-8?Q?=C3?= ".repeat(50_000)));
    read(&format!("Subject: {}\n\nhi", "=?".repeat(500_000)));
    read(&format!("From: {}\n\nhi", "(".repeat(500_000)));
    for piece in [
        "<",
        "\"",
        "\\",
        ",",
        ":",
        ";",
        "a:",
        "a:;",
        "a@b,",
        "@",
        "=?a?b?",
        "=?utf-8?q?x?= ",
        "é",
        "\u{1b}(B",
    ] {
        let value = piece.repeat(300_000);
        read(&format!(
            "From: {value}\nSubject: {value}\nDate: {value}\nIn-Reply-To: {value}\nReceived: {value}\n\n{value}"
        ));
    }
    let pictures = "<img src=cid:a@b>".repeat(50_000);
    let parts = "--b\nContent-Type: image/png\nContent-ID: <x@y>\n\nx\n".repeat(9_000);
    read(&format!(
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n{pictures}\n{parts}"
    ));
    read(&format!("{}\n\nhi", "X: y\n".repeat(200_000)));
    read(&"x".repeat(8 << 20));
    read(&format!("Subject: s\n\n{}", "word ".repeat(2 << 20)));
    read(&format!("Content-Type: multipart/mixed; boundary={}\n\n--x\n", "b".repeat(1 << 20)));
    read(&format!("Content-Type: text/plain; {}\n\nhi", "name*0=x; ".repeat(100_000)));
}

#[test]
fn any_bytes_are_read() {
    // Mutations of a message that uses everything, from a fixed generator.
    let base = concat!(
        "From: =?utf-8?Q?=C3=A9?= <a@x>\nDate: 1 Jan 2001 10:00 EST\nSubject: =?iso-2022-jp?B?GyRCRnw=?= x\n",
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=x\n\n<p a=b>&amp;<!--\n",
        "--b\nContent-Type: message/rfc822\n\nTo: b\n\n> hi \n--b\nContent-Disposition: x; filename*0*=a'b'%ff\n\n--b--\n"
    );
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % limit
    };
    for _ in 0..3000 {
        let mut raw = base.as_bytes().to_vec();
        for _ in 0..=next(12) {
            let at = next(raw.len());
            match next(3) {
                0 => raw[at] = u8::try_from(next(256)).unwrap_or(0),
                1 if raw.len() > 1 => drop(raw.remove(at)),
                _ => raw.truncate(at + 1),
            }
        }
        let message = parse(&raw, Some(0), &ParseOptions::default());
        assert!(!message.text.contains('\r') && !message.subject.contains('\n'));
    }
}

#[test]
fn copies_have_one_digest() {
    let one = read(
        "From: Ann <Ann@x.org>\nDate: 1 Jan 2001 10:00 +0000\nMessage-ID: <1@x>\nReceived: a\n\nhi  there\n",
    );
    let two = read("From: ann@x.org\nDate: 1 Jan 2001 11:00 +0100\nMessage-ID: <2@x>\n\nhi\nthere\n");
    assert_eq!(content_digest(&one), content_digest(&two));
    assert_ne!(key(&one), key(&two));
    let other = read("From: ann@x.org\nDate: 1 Jan 2001 11:00 +0100\nMessage-ID: <2@x>\n\nhi\nthere you\n");
    assert_ne!(content_digest(&two), content_digest(&other));
    // The key is public: it must never change.
    assert_eq!(key(&one), 8_127_022_961_431_177_196);
}

#[test]
fn winmail_dat_is_opened() {
    use base64::Engine;
    let packed = base64::prelude::BASE64_STANDARD.encode(crate::outlook::tnef::tests::sample());
    let part = format!(
        "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{packed}\n"
    );
    let check = |text: &str, expect: &str| {
        let raw = format!(
            "Subject: s\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n{text}\n--x\n{part}--x--\n"
        );
        let message = parse(raw.as_bytes(), None, &ParseOptions::default());
        assert!(message.text.starts_with(expect), "{}", message.text);
        assert!(message.text.contains("inner words"));
        let names: Vec<_> = message.attachments.iter().map(|own| own.name.as_str()).collect();
        assert_eq!(names, ["appointment.ics", "long", "Inner"]);
    };
    check("plain words", "plain words\n\n-------");
    check("", "Where: Room 5\n\nouter words");
    // What is not whole stays an attachment.
    let raw =
        format!("Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n{}\n", &packed[..8]);
    assert_eq!(parse(raw.as_bytes(), None, &ParseOptions::default()).attachments.len(), 1);
}
