use super::*;

fn list(words: &[&str]) -> Words {
    Words::new(&words.iter().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>())
}

fn coded(words: &Words, text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    WordWriter::new(words).encode(text.as_bytes(), &mut out);
    assert_eq!(words.decode(&out).as_deref(), Ok(text.as_bytes()), "{text:?}");
    out
}

#[test]
fn listed_words_take_a_byte_and_the_space_between_them_none() {
    let words = list(&["the", "ferry"]);
    assert_eq!(coded(&words, "the ferry"), [WORD, WORD + 1]);
    assert_eq!(coded(&words, "The FERRY"), [CAPITAL, WORD, CAPITALS, WORD + 1]);
    assert_eq!(coded(&words, "the tHe x"), [&[WORD][..], b"tHe x"].concat());
    assert_eq!(coded(&words, "a the b  the"), [b"a", &[WORD][..], b"b  ", &[WORD]].concat());
    assert_eq!(coded(&words, "the, ferry,the"), [WORD, b',', WORD + 1, b',', JOINED, WORD]);
}

#[test]
fn a_sentence_begins_with_a_capital() {
    let words = list(&["the", "ferry"]);
    assert_eq!(coded(&words, "The. The ferry"), [CAPITAL, WORD, b'.', WORD, WORD + 1]);
    assert_eq!(coded(&words, "a. the? THE"), [b"a.", &[SMALL, WORD, b'?', CAPITALS, WORD][..]].concat());
    assert_eq!(
        coded(&words, "a.the.The"),
        [b"a.", &[JOINED, WORD, b'.', JOINED, CAPITAL, WORD][..]].concat()
    );
}

#[test]
fn any_text_comes_back() {
    let words = list(&["the", "größe", "ferry", "ночь"]);
    let texts = [
        "",
        " ",
        " the ",
        "the  ferry",
        "the\nferry, The-the'the",
        "the, the,the. The.the ferry: x, x! the. x ferry) the .the",
        "the.\u{4} the\u{5}, the\u{4}the",
        "größe Größe die größe \u{1}\u{2}\u{3}\u{0} the\u{1}the",
        "ночь и ночь\u{301} the日本the 日本 the",
        "internationalisation internationalisationinternationalisation",
    ];
    texts.iter().for_each(|text| drop(coded(&words, text)));
    texts.iter().for_each(|text| drop(coded(&Words::default(), text)));
    coded(&words, &"ü".repeat(1000));
}

#[test]
fn a_long_list_has_words_of_two_bytes() {
    let all: Vec<String> = (0..MAX_WORDS as u32)
        .map(|i| (0..4).map(|k| char::from(b'a' + (i >> (4 * k) & 15) as u8)).collect())
        .collect();
    for n in [1, 127, 128, 129, 6000, MAX_WORDS] {
        let words = list(&all[..n].iter().map(String::as_str).collect::<Vec<_>>());
        let text = all[..n].join(" ");
        assert!(coded(&words, &text).len() <= n * 2);
        let mut bytes = ByteWriter::new();
        words.write(&mut bytes);
        assert_eq!(Words::read(&mut ByteReader::new(&bytes.into_bytes(), "words")), Ok(words));
    }
}

#[test]
fn code_without_a_meaning_is_an_error() {
    let words = list(&["the", "ferry"]);
    for coded in [&[WORD + 2][..], &[AS_IS], &[AS_IS, 2, 1], &[0xff]] {
        assert!(words.decode(coded).is_err(), "{coded:?}");
    }
    assert!(list(&["a"; 129]).decode(&[0xff]).is_err());
    for list in [&[2, 0][..], &[1, 0, b'a'], &[1, 25, b'\n', 1], &[0xff; 3]] {
        let read = Words::read(&mut ByteReader::new(list, "words"));
        assert!(read.is_err() || read.is_ok_and(|words| words.len() == 1), "{list:?}");
    }
}
