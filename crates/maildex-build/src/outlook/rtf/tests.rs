use super::*;

fn html(rtf: &str) -> String {
    match unwrap(rtf.as_bytes()) {
        Unwrapped::Html(html) => html,
        Unwrapped::Text(text) => panic!("expected HTML, found {text:?}"),
    }
}

fn text(rtf: &str) -> String {
    match unwrap(rtf.as_bytes()) {
        Unwrapped::Text(text) => text,
        Unwrapped::Html(html) => panic!("expected text, found {html:?}"),
    }
}

#[test]
fn the_example_of_the_specification_unpacks() {
    // MS-OXRTFCP, 4.1.1 and 4.1.2.
    let packed = [
        0x2d, 0x00, 0x00, 0x00, 0x2b, 0x00, 0x00, 0x00, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03,
        0x00, 0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65,
        0x6c, 0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
    ];
    let rtf = unpack(&packed).expect("a header");
    assert_eq!(String::from_utf8_lossy(&rtf), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    assert_eq!(text(&String::from_utf8_lossy(&rtf)), "hello world");
    for end in 16..packed.len() {
        assert!(unpack(&packed[..end]).is_some_and(|cut| rtf.starts_with(&cut)));
    }
    assert_eq!(unpack(&packed[..15]), None);
    assert_eq!(unpack(b"\x09\0\0\0\x03\0\0\0MELA\0\0\0\0abcdef"), Some(b"abc".to_vec()));
}

#[test]
fn a_reference_before_itself_repeats() {
    let packed = [[0; 8].as_slice(), b"LZFu", &[0; 4], &[0b10, b'x', 0x0C, 0xFF]].concat();
    // 0x0CF is where the window ends and the `x` was put: 17 times more of it.
    assert_eq!(unpack(&packed), Some([b'x'; 18].to_vec()));
}

#[test]
fn html_is_taken_out_of_its_wrapping() {
    let rtf = r"{\rtf1\ansi\ansicpg1251\fromhtml1 \deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Times;}}
{\colortbl\red0\green0\blue0;}{\*\generator Riched20;}\uc1\pard\plain\deftab360 \f0\fs24
{\*\htmltag19 <html>}{\*\htmltag2 \par }{\*\htmltag64}\htmlrtf {\htmlrtf0
{\*\htmltag148 <p title=\'22\'ef\'22>}\htmlrtf \par \htmlrtf0 Caf\'e9 \{x\} {\f1 \'ef\'f0}\u8364 ?{\*\mhtmltag4 <img>}
{\*\htmltag240 &nbsp;}\htmlrtf \'a0\htmlrtf0 }{\*\htmltag156 </p>}}";
    assert_eq!(html(rtf), "<html>\n<p title=\"п\">Café {x} пр€&nbsp;</p>");
}

#[test]
fn text_is_taken_out_of_its_wrapping() {
    let rtf = r"{\rtf1\ansi\ansicpg1252\fromtext{\fonttbl{\f0 x;}}\pard one\tab two\par three \'95 \u55357 ?\u56832 ?\par}";
    assert_eq!(text(rtf), "one\ttwo\nthree • 😀\n");
    assert_eq!(text(r"{\rtf1{\pict 0102}{\*\bkmkstart a}\b bold\b0\line{\info{\title no}}end}"), "bold\nend");
}

#[test]
fn damage_ends_quietly() {
    let deep = format!("{{\\rtf1 a{}b", "{".repeat(100_000));
    assert_eq!(text(&deep), "ab");
    for rtf in [
        "",
        "\\",
        "{\\",
        "\\'",
        "\\'g",
        "{\\u",
        "\\bin99999999999 x",
        "}}}}",
        "\\u-1 ?",
        "{\\*\\",
        "\\f-9999999999",
    ] {
        let _ = unwrap(rtf.as_bytes());
    }
}
