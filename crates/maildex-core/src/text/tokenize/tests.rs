use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::text::fold;

fn words(text: &str) -> String {
    let mut out = Vec::new();
    let mut next = 0;
    tokenize(text, &mut |token| {
        assert!(text.get(token.start..token.end).is_some_and(|source| !source.is_empty()), "{token:?}");
        assert!(token.text.len() <= MAX_TOKEN && !token.text.is_empty(), "{token:?}");
        if token.kind == TokenKind::Tail {
            assert_eq!(token.position + 1, next, "{token:?}");
        } else {
            assert_eq!(token.position, next, "{token:?}");
            next += 1;
        }
        out.push(token.text.to_owned());
    });
    out.join(" ")
}

#[track_caller]
fn check(text: &str, expect: &str) {
    assert_eq!(words(text), expect, "{text:?}");
}

#[test]
fn punctuation_separates() {
    check("Don't mail foo@bar.com!", "don t mail foo bar com");
    check("3.5mm AT&T U.S. well-known 71450/36214 a_b", "3 5mm at t u s well known 71450 36214 a b");
    check("“smart”–quotes… don’t", "smart quotes don t");
    check("", "");
    check(" \t\r\n--- ’’ ", "");
    check("👍🏽 ok 1\u{fe0f}\u{20e3}", "ok 1");
}

#[test]
fn case_and_diacritics_are_folded() {
    check("CAFÉ Cafe\u{301} Straße STRASSE Ærø Łódź", "cafe cafe strasse strasse aero lodz");
    check("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul");
    check("Ёлка ёлка й и\u{306} И\u{306}", "елка елка й й й");
    check("Σίσυφος ΣΊΣΥΦΟΣ", "σισυφοσ σισυφοσ");
    check("مُحَمَّد أحمد كتـاب", "محمد احمد كتاب");
    check("שָׁלוֹם", "שלום");
    check("ﬁnd x² CO₂", "find x2 co2");
    check("ＡＢＣ１２３", "abc123");
    check("co\u{ad}op\u{200b}er\u{feff}ate", "cooperate");
    check("हिन्दी", "हिन्दी");
}

#[test]
fn scripts_without_spaces_are_pairs() {
    check("日本語", "日本 本語 語");
    check("語", "語");
    check("Windows版を使う", "windows 版を を使 使う う");
    check("ｶﾞｷﾞ ガギ カ\u{3099}キ\u{3099}", "ガギ ギ ガギ ギ ガギ ギ");
    check("\u{1112}\u{1161}\u{11ab}글", "한글 글");
    check("カード", "カー ード ド");
    check("a日b", "a 日 b");
    let mut kinds = Vec::new();
    tokenize("日本 語", &mut |token| kinds.push((token.kind, token.position)));
    assert_eq!(kinds, [(TokenKind::Pair, 0), (TokenKind::Tail, 0), (TokenKind::Single, 1)]);
}

#[test]
fn a_query_leaves_the_tail_out() {
    let found: Vec<_> =
        query_tokens("日本語 x 語").into_iter().map(|token| (token.text, token.prefix)).collect();
    let expect = [("日本", false), ("本語", false), ("x", false), ("語", true)];
    assert_eq!(found, expect.map(|(text, prefix)| (text.to_owned(), prefix)));
}

#[test]
fn long_words_are_cut() {
    check(&"A".repeat(1000), &"a".repeat(64));
    check(&"é".repeat(1000), &"e".repeat(64));
    check(&"я".repeat(1000), &"я".repeat(32));
    check(&format!("a{}", "я".repeat(1000)), &format!("a{}", "я".repeat(31)));
    check(&format!("{}é b", "x".repeat(70)), &format!("{} b", "x".repeat(64)));
}

#[test]
fn ranges_hold_the_marks() {
    let text = "(Cafe\u{301}) \u{ad}x\u{ad}";
    let mut ranges = Vec::new();
    tokenize(text, &mut |token| ranges.push(&text[token.start..token.end]));
    assert_eq!(ranges, ["Cafe\u{301}", "x"]);
}

#[test]
fn composed_and_decomposed_are_one() {
    for c in (0x80..0x10000).filter_map(char::from_u32) {
        let text = format!("x{c}a");
        let decomposed: String = text.nfd().collect();
        let composed: String = text.nfc().collect();
        // The table stops at U+FFFF; four compatibility ideographs stand for one beyond.
        if decomposed.chars().any(|c| c > '\u{ffff}') {
            continue;
        }
        assert_eq!(words(&text), words(&decomposed), "U+{:04X}", u32::from(c));
        assert_eq!(words(&text), words(&composed), "U+{:04X}", u32::from(c));
        assert_eq!(fold(&text), fold(&decomposed), "U+{:04X}", u32::from(c));
    }
}

#[test]
fn folding_is_stable() {
    for c in (0..0x30000).filter_map(char::from_u32) {
        let once = words(&c.to_string());
        let folded = fold(&c.to_string());
        assert_eq!(fold(&folded), folded, "U+{:04X}", u32::from(c));
        let upper: String = c.to_uppercase().collect();
        // U+0345 alone is a dropped mark with a letter for its upper case.
        if upper.chars().count() == 1 && !once.is_empty() {
            assert_eq!(words(&upper), once, "U+{:04X}", u32::from(c));
        }
    }
}

#[test]
fn hostile_text_takes_linear_time() {
    for piece in ["a\u{200b}", "\u{200b}", "\u{301}", "日\u{200b}", "é’", "a’"] {
        let mut n_tokens = 0;
        tokenize(&piece.repeat(300_000), &mut |_| n_tokens += 1);
    }
}
