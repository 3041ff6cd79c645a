use super::*;

/// Prints each line's verdict: `o` own, `s` signature, the depth of a quotation; one character a line.
fn verdicts(text: &str) -> String {
    let regions = regions(text);
    let mut end = 0;
    let mut out = String::new();
    for region in &regions {
        assert_eq!(region.range.start, end);
        assert!(region.range.end > end);
        end = region.range.end;
        for _ in text[region.range.clone()].split_inclusive('\n') {
            match region.kind {
                RegionKind::Own => out.push('o'),
                RegionKind::Signature => out.push('s'),
                RegionKind::Quoted { depth } => out.push_str(&depth.to_string()),
            }
        }
    }
    assert_eq!(end, text.len());
    assert!(regions.windows(2).all(|two| two[0].kind != two[1].kind));
    out
}

#[track_caller]
fn check(text: &str, expect: &str) {
    assert_eq!(verdicts(text), expect, "{text}");
    assert_eq!(verdicts(&text.replace('\n', "\r\n")), expect, "CRLF: {text}");
}

#[test]
fn marked_lines() {
    check("", "");
    check("a\n> b\n> > c\n>> c\n >d\nown", "o1221o");
    check(">   > b\n>  > c\n", "22");
    check("> q\nanswer\n> q\nanswer", "1o1o");
    check("| quoted\nno", "1o");
    check("| a | b |\n| c | d |\n", "oo");
    check("JD> one\nmine\nJD> two\nJD> > three", "1o12");
    check("C> dir\nx> y\n", "oo");
    check(">From the start\nI said\n", "oo");
    check("> a\n>From b\n", "11");
}

#[test]
fn attributions_belong_to_the_quotation() {
    check("Hi\n\nOn 1 Jan 2012, Ann wrote:\n> a\nok\n", "oo11o");
    check("Hi\n\nOn Mon, Jan 2, 2012 at 3:04 PM, Ann Example <ann@example.org>\nwrote:\n\n> a\n", "oo1111");
    check("Am 01.02.2012 um 12:00 schrieb Jörg <j@example.org>:\n> a\n", "11");
    check("Le 1 févr. 2012 à 10:00, Zoé a écrit :\n\n> a\n", "111");
    check("El 1 feb 2012, Ana escribió:\n> a\n", "11");
    check("2012年1月1日 花子 <h@example.jp> さんは書きました:\n> a\n", "11");
    check("1 января 2012 г. Иван написал:\n> а\n", "11");
    check("Bob Example writes:\n>> a\n", "22");
    check("I think this:\n> a\n", "o1");
    check("long ago\n\nQuoting Ann <ann@example.org>:\n\n> a\n", "oo111");
    check(
        "Yes.\n\nOn Monday, 2 January 2012, Ann <ann@example.org> wrote:\n\nunmarked words\nmore\n",
        "oo1111",
    );
    check("On Monday I wrote:\n\nunmarked words\nmore\n", "oooo");
}

#[test]
fn dividers_quote_the_rest() {
    check("Yes\n\n-----Original Message-----\nFrom: A\nSent: B\nTo: C\nSubject: D\n\ntext\n", "oo1111111");
    check(
        "Yes\n\n________________________________\nFrom: A\nSent: B\nTo: C\nSubject: D\n\ntext\n",
        "oo1111111",
    );
    check("Ja\n\nVon: A\nGesendet: B\nAn: C\nBetreff: D\n\nText\n", "oo111111");
    check("x\nFrom: A\nSent: B\nTo: C\nSubject: D\n\ny\nFrom: E\nDate: F\nTo: G\nz\n> w\n", "o11111122223");
    check("FYI\n\nBegin forwarded message:\n\n> From: A\n> b\n", "oo1122");
    check(
        "---------------------- Forwarded by A/B on 01/01/2001\nx\n---- End of forwarded message ----\nmine\n",
        "111o",
    );
    check("From: here to there\nTo: nobody\n", "oo");
    check("- Original message was lost\n", "o");
    check("ok\n\nAnn <a@b> on 03/19/2001 10:40:03 AM\nTo: bob\ncc: \n\nSubject: RE\n\nx\n", "oo1111111");
    check("ok\n\n\tann\n\t01/02/2001\n\t\t To: bob\n\t\t cc: \n\t\t Subject: RE\n\nx\n", "oooo11111");
}

#[test]
fn signatures() {
    check("text\n-- \nAnn\nExample Ltd\n", "osss");
    check("text\n--\nAnn\n> quoted\nmine\n", "oss1o");
    check("a\n-- \nAnn\n-----Original Message-----\nb\n", "oss11");
    check("a\n_______________________________________________\nx mailing list\nx@example.org\n", "osss");
    check("> -- \n> Ann\n", "11");
}

#[test]
fn hostile_text_takes_linear_time() {
    for piece in
        ["On 2012 wrote:\n", ">From \n", "From: a\n", "X> a\n", "-- \n", "--", "> ", "To: a\ncc: b\n", "\n"]
    {
        let text = piece.repeat(200_000);
        assert!(!regions(&text).is_empty());
    }
}
