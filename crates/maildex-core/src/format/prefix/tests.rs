use super::*;

fn check(text: &str) -> (usize, Vec<u8>) {
    let (mut out, mut body) = (ByteWriter::new(), Vec::new());
    split(text.as_bytes(), &mut out, &mut body);
    let bytes = out.into_bytes();
    let mut reader = ByteReader::new(&bytes, "text");
    let marks = Marks::read(&mut reader).expect("what was written is read");
    assert!(reader.is_empty());
    let joined = marks.join(body.clone()).expect("what was written is read");
    assert_eq!(String::from_utf8_lossy(&joined), text);
    (bytes.len(), body)
}

#[test]
fn quoted_lines_are_their_originals() {
    let (n, body) = check("so:\n> one\n> two\n>\n> three\n\nbye");
    assert_eq!(body, b"so:\none\ntwo\n\nthree\n\nbye");
    assert_eq!(n, 2 + 3 + 3 * 2);
    assert_eq!(check("no marks\n at all\n").0, 1);
}

#[test]
fn every_shape_of_marks_comes_back() {
    let texts = [
        "",
        "\n",
        ">",
        "> ",
        ">  ",
        "> \n>\n> a\n>  \n>b\n>",
        ">\n\n> a",
        ">> a\n>> \n>>\n> b",
        " > a\n\t> b\n | c\n| > d",
        "> a\r\n>\r\n> b",
        "a > b\n",
        "\n\n>x\n\n",
    ];
    texts.iter().for_each(|text| drop(check(text)));
    check(&format!("{} a\n> b", ">".repeat(100)));
}

#[test]
fn marks_without_a_meaning_are_an_error() {
    for bytes in [&[1][..], &[1, 0, 1, 1], &[1, 1, 0, 2, 1], &[5, 0]] {
        assert!(Marks::read(&mut ByteReader::new(bytes, "text")).is_err(), "{bytes:?}");
    }
    let long = [&[1, 1, 65][..], &[b'>'; 65], &[1, 1]].concat();
    assert!(Marks::read(&mut ByteReader::new(&long, "text")).is_err());
}
