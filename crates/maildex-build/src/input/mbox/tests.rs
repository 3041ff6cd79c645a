use super::*;

const DATE: i64 = 820_631_134;

fn split_in_chunks(file: &[u8], chunk: usize, max_message: u64) -> Vec<Split> {
    let mut messages = Vec::new();
    let mut sink = |split| {
        messages.push(split);
        Ok(())
    };
    let mut splitter = Splitter::new(max_message);
    for chunk in file.chunks(chunk) {
        splitter.push(chunk, &mut sink).expect("the sink never stops");
    }
    splitter.finish(&mut sink).expect("the sink never stops");
    messages
}

/// Splits a file in chunks of several sizes, all with the same result, and checks that every offset is right.
fn split(file: &str) -> Vec<Split> {
    let whole = split_in_chunks(file.as_bytes(), usize::MAX, 1 << 20);
    for chunk in [1, 2, 3, 5, 7, 64, 4096] {
        assert_eq!(split_in_chunks(file.as_bytes(), chunk, 1 << 20), whole, "in chunks of {chunk}");
    }
    for message in &whole {
        let at = usize::try_from(message.offset).expect("a small file");
        let n = message.bytes.len().min(5);
        assert_eq!(file.as_bytes()[at..at + n], message.bytes[..n], "offset {at}");
    }
    whole
}

fn check(file: &str, expected: &[&str]) -> Vec<Split> {
    let messages = split(file);
    let found: Vec<_> = messages.iter().map(|message| String::from_utf8_lossy(&message.bytes)).collect();
    assert_eq!(found, expected, "of {file:?}");
    // The same file with the line ends of DOS.
    let dos = split(&file.replace('\n', "\r\n"));
    let found: Vec<_> =
        dos.iter().map(|message| String::from_utf8_lossy(&message.bytes).into_owned()).collect();
    let expected: Vec<_> = expected.iter().map(|text| text.replace('\n', "\r\n")).collect();
    if !file.to_lowercase().contains("content-length") {
        assert_eq!(found, expected, "of {file:?} with CRLF");
    }
    messages
}

#[test]
fn splits_at_dates_of_every_form() {
    for line in [
        "From a@b.example Sat Jan  3 01:05:34 1996",
        "From a@b.example Sat Jan  3 01:05 1996",
        "From a@b.example Jan 3 01:05:34 1996",
        "From 15@xxx Sat Jan 03 01:05:34 +0000 1996",
        "From a@b.example Sat Jan 03 01:05:34 1996 +0000",
        "From a at b.example  Sat Jan  3 01:05:34 1996",
        "From - Sat Jan  3 01:05:34 1996",
        "From -",
        "From ",
        "From 1844674407370955161@xxx",
    ] {
        let file = format!("{line}\nSubject: 1\n\none\n\n{line}\nSubject: 2\n\ntwo\n");
        check(&file, &["Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"]);
    }
}

#[test]
fn gives_dates_and_offsets() {
    let file = "From a@b Sat Jan  3 01:05:34 1996\nSubject: 1\n\none\n\nFrom c@d Sun Jan  4 01:05:34 1996\nX: 2\n\ntwo\n";
    let messages = check(file, &["Subject: 1\n\none\n", "X: 2\n\ntwo\n"]);
    assert_eq!(messages[0].envelope_date, Some(DATE));
    assert_eq!(messages[1].envelope_date, Some(DATE + 86_400));
    assert_eq!(messages[0].offset, 34);
    assert_eq!(messages[1].offset, 34 + 17 + 34);
}

#[test]
fn text_that_begins_with_from_stays_in_the_message() {
    let start = "From a@b Sat Jan  3 01:05:34 1996\nSubject: 1\n\n";
    for text in [
        "one\n\nFrom the beginning\nof time: now\n",
        "one\n\nFrom the beginning: now\n",
        // A date, and no header after it.
        "one\n\nFrom a@b Sat Jan  3 01:05:34 1996\nor so he said\n",
        "one\n\nFrom a@b Sat Jan  3 01:05:34 1996\n\nSubject: x\n",
        // A sender without a date, in mid-paragraph.
        "one\nFrom alice@b\nSubject: x\n",
        "one\n\nFrom alice@b and others\nSubject: x\n",
        "one\n From a@b Sat Jan  3 01:05:34 1996\nSubject: x\n",
        // The file ends after the line.
        "one\n\nFrom a@b Sat Jan  3 01:05:34 1996\n",
        "one\n\nFrom a@b Sat Jan  3 01:05:34 1996",
    ] {
        check(&format!("{start}{text}"), &[&format!("Subject: 1\n\n{text}")]);
    }
}

#[test]
fn a_blank_line_may_be_missing_before_a_separator_like_the_first() {
    let line = "From a@b Sat Jan  3 01:05:34 1996\n";
    check(
        &format!("{line}Subject: 1\n\none\n{line}Subject: 2\n\ntwo\n"),
        &["Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"],
    );
}

#[test]
fn a_mailbox_of_mozilla_pasted_into_a_letter_does_not_split_it() {
    let pasted = "bye\nFrom - Wed Sep 30 11:46:38 1998\nReturn-Path: <a@b>\n\ntext\n";
    let file = format!("From a@b Sat Jan  3 01:05:34 1996\nSubject: 1\n\n{pasted}");
    check(&file, &[&format!("Subject: 1\n\n{pasted}")]);
}

#[test]
fn a_patch_of_git_stays_in_its_message() {
    let patch =
        "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\n\n---\n";
    let file = format!("From a@b Sat Jan  3 01:05:34 1996\nSubject: 1\n\nsee\n\n{patch}");
    check(&file, &[&format!("Subject: 1\n\nsee\n\n{patch}")]);
    // A series of patches is an mbox of its own.
    check(&format!("{patch}\n{patch}"), &["From: A <a@b>\n\n---\n", "From: A <a@b>\n\n---\n"]);
}

#[test]
fn content_length_is_believed_where_it_ends_at_a_separator() {
    let line = "From a@b Sat Jan  3 01:05:34 1996\n";
    let body = format!("see\n\n{line}Subject: inner\n\ninner\n");
    let with = |length: usize| format!("Subject: 1\nContent-Length: {length}\n\n{body}");
    let second = "Subject: 2\n\ntwo\n";
    let inner = "Subject: inner\n\ninner\n";
    // Right, at a separator and at the end of the file.
    check(&format!("{line}{}\n{line}{second}", with(body.len())), &[&with(body.len()), second]);
    check(&format!("{line}{}", with(body.len())), &[&with(body.len())]);
    // Wrong: too short, too long, beyond the file, absurd.
    for length in [0, 3, body.len() - 3, body.len() + 9, 5000, usize::MAX] {
        let first = format!("Subject: 1\nContent-Length: {length}\n\nsee\n");
        check(&format!("{line}{}\n{line}{second}", with(length)), &[&first, inner, second]);
    }
}

#[test]
fn every_message_has_its_own_content_length() {
    let line = "From a@b Sat Jan  3 01:05:34 1996\n";
    let body = format!("x\n\n{line}Subject: inner\n\n");
    let message = format!("Subject: 1\ncontent-length:{}\n\n{body}", body.len());
    let file = format!("{line}{message}\n").repeat(3);
    check(&file, &[&message, &message, &message]);
}

#[test]
fn quoting_is_undone_by_what_stands_beside_it() {
    let line = "From a@b Sat Jan  3 01:05:34 1996\n";
    let unquoted = |body: &str, expected: &str| {
        check(&format!("{line}Subject: 1\n\n{body}\n"), &[&format!("Subject: 1\n\n{expected}\n")]);
    };
    // mboxo and mboxrd: prose.
    unquoted("so\n>From here on", "so\nFrom here on");
    unquoted(">From here\n>From there", "From here\nFrom there");
    // mboxrd: a quotation that was itself a From line.
    unquoted("> he said\n>>From here\n> on", "> he said\n>From here\n> on");
    unquoted(">>From here on", ">From here on");
    // A quotation without a blank after the mark.
    unquoted(">he said\n>From here\n>on", ">he said\n>From here\n>on");
    unquoted("> > he said\n>>From here", "> > he said\n>>From here");
    unquoted("so\n >From here\n>Fromage", "so\n >From here\n>Fromage");
}

#[test]
fn quoted_separators_of_earlier_deliveries_are_no_headers() {
    let file = "From a@b Sat Jan  3 01:05:34 1996\n>From c@d Sat Jan  3 01:00:00 1996\nSubject: 1\n\none\n";
    let messages = check(file, &["Subject: 1\n\none\n"]);
    assert_eq!(messages[0].offset, 69);
}

#[test]
fn a_byte_order_mark_and_blank_lines_may_come_first() {
    let file = "\u{FEFF}From a@b Sat Jan  3 01:05:34 1996\nSubject: 1\n\none\n";
    assert_eq!(check(file, &["Subject: 1\n\none\n"])[0].offset, 37);
    check("\n\nFrom a@b Sat Jan  3 01:05:34 1996\nSubject: 1\n\none\n", &["Subject: 1\n\none\n"]);
}

#[test]
fn line_ends_may_be_mixed() {
    let file = "From a@b Sat Jan  3 01:05:34 1996\r\nSubject: 1\r\n\none\r\n\nFrom a@b Sat Jan  3 01:05:34 1996\r\nSubject: 2\r\n\ntwo\n";
    let messages = split(file);
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].bytes, b"Subject: 1\r\n\none\r\n");
}

#[test]
fn a_file_without_messages_gives_none() {
    for file in ["", "\n\n", "From a@b Sat Jan  3 01:05:34 1996", "From a@b Sat Jan  3 01:05:34 1996\n\n"] {
        assert!(split(file).iter().all(|message| message.bytes.trim_ascii().is_empty()), "{file:?}");
    }
}

#[test]
fn a_message_longer_than_the_limit_is_cut_and_the_next_is_whole() {
    let line = "From a@b Sat Jan  3 01:05:34 1996\n";
    let long = format!("Subject: 1\n\n{}\n", "0123456789 long line\n".repeat(3000));
    let file = format!("{line}{long}\n{line}Subject: 2\n\ntwo\n");
    for chunk in [1, 100, 4096, usize::MAX] {
        let messages = split_in_chunks(file.as_bytes(), chunk, 1000);
        assert_eq!(messages.len(), 2, "in chunks of {chunk}");
        assert_eq!(messages[0].bytes, long.as_bytes()[..1000]);
        assert!((62_000..=63_050).contains(&messages[0].cut), "{}", messages[0].cut);
        assert_eq!(messages[1].bytes, b"Subject: 2\n\ntwo\n");
        assert_eq!(messages[1].cut, 0);
    }
}

#[test]
fn a_line_without_end_stays_within_memory() {
    let mut splitter = Splitter::new(1000);
    let mut n = 0;
    let mut sink = |_| {
        n += 1;
        Ok(())
    };
    splitter.push(b"From a@b Sat Jan  3 01:05:34 1996\nSubject: 1\n\n", &mut sink).expect("no stop");
    for _ in 0..1000 {
        splitter.push(&[b'x'; 4096], &mut sink).expect("no stop");
        assert!(splitter.buf.len() < 64 * 1024, "{}", splitter.buf.len());
    }
    splitter.finish(&mut sink).expect("no stop");
    assert_eq!(n, 1);
}

#[test]
fn a_sink_that_stops_stops_the_splitter() {
    let file = b"From a@b Sat Jan  3 01:05:34 1996\nX: 1\n\nFrom a@b Sat Jan  3 01:05:34 1996\nX: 2\n\n";
    assert_eq!(Splitter::new(1000).push(file, &mut |_| Err(Stop)), Err(Stop));
}

/// Files put together at random from the pieces that matter give the same messages in chunks of any size.
#[test]
fn random_files_split_alike_in_any_chunks() {
    const PIECES: [&str; 16] = [
        "From a@b Sat Jan  3 01:05:34 1996\n",
        "From - Sat Jan  3 01:05:34 1996\r\n",
        "From 1@xxx\n",
        "From \n",
        ">From the\n",
        ">>From the\n",
        "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n",
        "Subject: x\n",
        "Content-Length: 12\n",
        "Content-Length: 60\r\n",
        "\n",
        "\n",
        "\r\n",
        "text\n",
        "> text",
        "From ",
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for _ in 0..2000 {
        let mut file = String::new();
        for _ in 0..24 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            file.push_str(PIECES[(state >> 60) as usize]);
        }
        let whole = split_in_chunks(file.as_bytes(), usize::MAX, 1 << 20);
        for chunk in [1, 2, 3, 7, 50] {
            assert_eq!(
                split_in_chunks(file.as_bytes(), chunk, 1 << 20),
                whole,
                "{file:?} in chunks of {chunk}"
            );
        }
    }
}
