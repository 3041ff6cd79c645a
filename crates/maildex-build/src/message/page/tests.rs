use super::{attributes_are_bounded, read};

#[track_caller]
fn text(html: &str, want: &str) {
    assert_eq!(read(html).text, want, "{html}");
}

#[test]
fn paragraphs_and_blanks() {
    text("<p>One\n  two</p><p>three<br>four</p>", "One two\n\nthree\nfour");
    text("<div>a</div><div><br></div><div>b</div>", "a\n\nb");
    text("<div>a</div><div>b</div>", "a\nb");
    text("<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>b</p>", "a\n\nb");
    text("<p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "a\nb");
    text("a<b>b</b>c &amp;&nbsp;d &eacute;", "abc & d é");
    text("<pre>x\n  y\n\nz</pre>", "x\n  y\n\nz");
    text("soft\u{AD}hyphen zero\u{200B}width", "softhyphen zerowidth");
}

#[test]
fn hidden_elements() {
    text("<head><title>T</title><style>p{}</style></head><script>if (a<b) {}</script>x", "x");
    text("<!-- no --><![if mso]>x<![endif]>", "x");
    text("<iframe><p>no</iframe>yes<textarea><b>raw</textarea>", "yes<b>raw");
}

#[test]
fn lists_tables_quotes_pictures() {
    text("<ul><li>a<li>b<ol><li>c</ol></ul>", "- a\n- b\n  1. c");
    text("<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>", "a\tb\nc\td");
    text(
        "me<blockquote>they<blockquote>deep</blockquote>said<p>more</blockquote>me",
        "me\n\n> they\n>\n>> deep\n>\n> said\n>\n> more\n\nme",
    );
    text("<img alt=\"A cat\" src=x><img alt='' src=y>", "[A cat]");
    text("<a href=http://x/>link</a>", "link");
}

#[test]
fn content_ids() {
    assert_eq!(read("<img src='cid:a@b'><IMG SRC=\" CID:c\"><img src=x>").content_ids, ["a@b", "c"]);
}

#[test]
fn tangles_are_found() {
    for (name, html) in [
        ("deep", "<div>".repeat(100_000)),
        ("tags", "<br>".repeat(100_000)),
        (
            "formatting",
            format!(
                "<div>{}</div>{}",
                (0..400).map(|n| format!("<b id={n}>")).collect::<String>(),
                "<p>x</p>".repeat(30_000)
            ),
        ),
        ("hidden close", format!("{}{}", "<b id=1><!-- </b> -->".repeat(400), "<p>x</p>".repeat(30_000))),
        ("roots", (0..1000).map(|n| format!("<body a{n}=1>")).collect()),
        ("attributes", format!("<a {}>", (0..1000).map(|n| format!("a{n} ")).collect::<String>())),
        (
            "attributes behind a comment",
            format!(
                "<!-- <a x=\" --> <b {}>\">",
                (0..1000).map(|n| format!("a{n}=\">\" ")).collect::<String>()
            ),
        ),
        ("many half tags", "<a x=\"".repeat(300_000)),
        ("tables", "<table><b>x".repeat(50_000)),
    ] {
        assert!(read(&html).is_tangled, "{name}");
    }
    let news = "<table><tr><td><table><tr><td><font size=1>x</font></td></tr></table></td></tr></table>"
        .repeat(2000);
    assert!(!read(&news).is_tangled);
    assert!(attributes_are_bounded(
        format!("<img src=\"data:image/png;base64,{}\">", "AAAA\n".repeat(100_000)).as_bytes()
    ));
}

#[test]
fn text_of_tangles_is_kept() {
    let html = format!("<a {}>words</a> <p>more", "b ".repeat(1000));
    assert_eq!(read(&html).text, "words\nmore\n");
    assert!(read(&format!("{}words", "<div>".repeat(100_000))).text.ends_with("words"));
}
