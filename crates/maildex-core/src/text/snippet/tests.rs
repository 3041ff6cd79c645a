use super::*;

/// `word`, `pre*` and `two words`, separated by commas.
fn patterns(spec: &str) -> Vec<Pattern> {
    spec.split(',').filter_map(|one| Pattern::new(one, 0)).collect()
}

fn marked(text: &str, spec: &str) -> String {
    let mut out = String::new();
    let mut end = 0;
    for mark in marks(text, &patterns(spec)) {
        out += &text[end..mark.start];
        out += &format!("[{}]", &text[mark.clone()]);
        end = mark.end;
    }
    out + &text[end..]
}

fn shown(text: &str, max_chars: usize) -> String {
    preview(text, &regions(text), max_chars)
}

fn cut(text: &str, spec: &str, max_chars: usize) -> String {
    let snippet = snippet(text, &patterns(spec), max_chars);
    let whole: String = snippet.pieces.iter().map(|piece| piece.text.as_str()).collect();
    assert!(whole.chars().count() <= max_chars, "{whole}");
    assert!(snippet.pieces.windows(2).all(|two| two[0].mark != two[1].mark), "{snippet:?}");
    snippet
        .pieces
        .iter()
        .map(|piece| if piece.mark { format!("[{}]", piece.text) } else { piece.text.clone() })
        .collect()
}

#[test]
fn words_prefixes_and_phrases_are_marked() {
    assert_eq!(marked("The Café, the cafe\u{301}.", "cafe"), "The [Café], the [cafe\u{301}].");
    assert_eq!(marked("clinton clints", "clint*"), "[clinton] [clints]");
    assert_eq!(
        marked("new york, New\nYork news york new", "new york"),
        "[new york], [New\nYork] news york new"
    );
    assert_eq!(marked("a a a b", "a a b"), "a [a a b]");
    assert_eq!(marked("foo@bar.com foo", "foo@bar.com"), "[foo@bar.com] foo");
    assert_eq!(marked("日本語と語学", "日本語"), "[日本語]と語学");
    assert_eq!(marked("日本語と語学", "語"), "日本[語]と[語]学");
    assert_eq!(marked("nothing", "else"), "nothing");
    assert_eq!(marked("xy", ""), "xy");
}

#[test]
fn the_densest_window_is_cut_at_words() {
    let text = "alpha one two three four five six seven eight nine beta alpha ten eleven twelve thirteen";
    assert_eq!(cut(text, "alpha,beta", 40), "…nine [beta] [alpha] ten eleven twelve…");
    assert_eq!(cut(text, "alpha", 20), "[alpha] one two…");
    assert_eq!(cut("short alpha", "alpha", 40), "short [alpha]");
    assert_eq!(cut("> quoted   alpha\r\n>\r\n> > beta\r\n", "alpha,beta", 40), "quoted [alpha] [beta]");
    assert_eq!(
        cut("> alpha in a quotation that is quite long\n\nmy alpha\n", "alpha", 20),
        "…long my [alpha]"
    );
    assert_eq!(cut("no such word here", "alpha", 12), "no such…");
    assert_eq!(cut("日本語の文章がここにある", "文章", 8), "…の[文章]がここ…");
}

#[test]
fn previews_show_own_words_first() {
    assert_eq!(shown("On 1 Jan 2012, Ann wrote:\n> a\n\nMy\n answer.\n-- \nsig", 80), "My answer.");
    assert_eq!(shown("> only\n> > quoted\n", 80), "only quoted");
    assert_eq!(shown("=====\nTitle\n-----\n\x07x", 80), "Title x");
    assert_eq!(shown("one two three", 8), "one two…");
    assert_eq!(shown("one two three", 13), "one two three");
    assert_eq!(shown("one two three", 12), "one two…");
    assert_eq!(shown("", 8), "");
    assert_eq!(shown(" \n\n", 8), "");
}

#[test]
fn letters_keep_their_marks() {
    let text = "e\u{301}".repeat(50);
    for max_chars in 0..20 {
        let cut = shown(&text, max_chars);
        assert!(cut.chars().count() <= max_chars);
        let bare = cut.trim_end_matches('…');
        assert!(bare.is_empty() || bare.ends_with('\u{301}'), "{cut:?}");
    }
}

#[test]
fn no_text_breaks_it() {
    for text in ["", "\n", "\u{301}", "x\u{301}", "> > >", "日", "\r", "a\u{0}b", "👍🏽", "语\u{fe0f}言"]
    {
        for spec in ["x", "日", "a b", "言*", ""] {
            for max_chars in [0, 1, 2, 3, 50] {
                cut(text, spec, max_chars);
                cut(&text.repeat(40), spec, max_chars);
            }
        }
    }
}
