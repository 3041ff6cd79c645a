use super::*;

#[test]
fn texts_come_back() {
    let words = Words::new(&[b"the".to_vec(), b"ferry".to_vec()]);
    let writer = TextWriter::new(&words);
    for text in ["", "The ferry\n> the ferry?\n>\n> größe\u{0}\r\n\nthe", &"> the ferry \n".repeat(500)] {
        assert_eq!(decode(&writer.encode(text), &words).as_deref(), Ok(text));
    }
    assert!(writer.encode(&"> the ferry\n".repeat(500)).len() < 1600);
}

#[test]
fn code_that_is_no_text_is_an_error() {
    let words = Words::new(&["\u{fc}".as_bytes()[..1].to_vec()]);
    assert!(decode(&[0, 0x80], &words).is_err());
    assert!(decode(&[], &words).is_err());
    assert_eq!(decode(&[0, 0x80], &Words::new(&[b"a".to_vec()])).as_deref(), Ok("a"));
}
