use super::*;

fn word(text: &str) -> Form {
    Form::Word(text.to_owned())
}

fn prefix(text: &str) -> Form {
    Form::Prefix(text.to_owned())
}

fn shape(text: &str) -> Form {
    Form::Shape(text.to_owned())
}

#[test]
fn a_piece_of_a_query_is_cut_into_forms() {
    let cases: &[(&str, &[Form])] = &[
        ("Foo", &[word("foo")]),
        ("foo*", &[prefix("foo")]),
        ("foo**", &[prefix("foo")]),
        ("*ship", &[shape("*ship")]),
        ("in*fix", &[shape("in*fix")]),
        ("te?t", &[shape("te?t")]),
        ("te?t*", &[shape("te?t*")]),
        ("*mid*", &[shape("*mid*")]),
        ("what?", &[word("what")]),
        ("?what", &[word("what")]),
        ("http://a.b/c?d=e", &[word("http"), word("a"), word("b"), word("c"), word("d"), word("e")]),
        ("foo@ba*", &[word("foo"), prefix("ba")]),
        ("foo/*", &[word("foo")]),
        ("one * three", &[word("one"), Form::Any, word("three")]),
        ("* one * * four *", &[word("one"), Form::Any, Form::Any, word("four")]),
        (
            "a * * * * * * * * b",
            &[word("a"), Form::Any, Form::Any, Form::Any, Form::Any, Form::Any, Form::Any, word("b")],
        ),
        ("*", &[]),
        ("", &[]),
        ("日本語", &[word("日本"), word("本語")]),
        ("日", &[prefix("日")]),
        ("日*", &[prefix("日")]),
        ("Wö?ter*", &[shape("wo?ter*")]),
        ("x\u{1c0}\u{1c1}\u{1c2}*", &[word("x\u{1c0}\u{1c1}\u{1c2}")]),
    ];
    for (text, expect) in cases {
        assert_eq!(forms(text, 0), *expect, "{text}");
    }
    assert_eq!(forms("recieve ab", 1), [Form::Typos("recieve".to_owned(), 1), word("ab")]);
}

#[test]
fn letters_beside_wildcards_are_counted() {
    assert_eq!(least_letters("foo"), None);
    assert_eq!(least_letters("f*"), Some(1));
    assert_eq!(least_letters("foo b?*"), Some(1));
    assert_eq!(least_letters("te?t"), Some(3));
    assert_eq!(least_letters("日*"), None);
}

#[test]
fn shapes_hold_words() {
    let yes = [
        ("te?t", "test"),
        ("*ship", "ship"),
        ("*ship", "friendship"),
        ("in*fix", "infix"),
        ("in*fix", "infifix"),
        ("*a*b*", "xxaxxb"),
        ("a?*", "ab"),
        ("?a", "ba"),
        ("*", ""),
    ];
    let no = [("te?t", "tet"), ("*ship", "ships"), ("in*fix", "infixed"), ("a?*", "a"), ("", "a")];
    assert!(yes.iter().all(|(shape, word)| has_shape(word, shape)));
    assert!(!no.iter().any(|(shape, word)| has_shape(word, shape)));
}

#[test]
fn typing_errors_are_counted() {
    let cases = [
        ("recieve", "receive", 1),
        ("organise", "organize", 1),
        ("colour", "color", 1),
        ("abc", "abc", 0),
        ("abc", "cba", 2),
        ("kitten", "sitting", 3),
        ("naïve", "naive", 1),
        ("abcd", "badc", 2),
    ];
    for (a, b, n) in cases {
        for limit in 0..4 {
            assert_eq!(differs_by(a, b, limit), n <= limit, "{a} {b} {limit}");
            assert_eq!(differs_by(b, a, limit), n <= limit, "{b} {a} {limit}");
        }
    }
}
