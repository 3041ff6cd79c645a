use super::{REMOTE_PICTURE, sanitise};

fn safe(html: &str) -> String {
    sanitise(html).unwrap_or_else(|| panic!("tangled: {html}"))
}

#[test]
fn ordinary_mail_survives() {
    let html = concat!(
        "<div dir=\"ltr\">Hello <b>you</b>,<br><font color=\"red\" size=\"2\">see</font>",
        "<blockquote type=\"cite\"><p align=\"center\">old</p></blockquote>",
        "<table bgcolor=\"#ffffff\" width=\"100%\"><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>",
        "<ul><li>one</li></ul><hr></div>"
    );
    assert_eq!(safe(html), html);
}

#[test]
fn links() {
    let rel = "rel=\"noopener noreferrer nofollow\"";
    let html = safe("<a href=\"https://example.org/?a=1&amp;b\" onclick=x name=y id=z class=w>t</a>");
    assert!(html.starts_with("<a href=\"https://example.org/?a=1&amp;b\"") && html.contains(rel), "{html}");
    assert!(html.contains("target=\"_blank\"") && !html.contains("onclick") && !html.contains("id="));
    assert!(safe("<a href=mailto:a@b>t</a>").contains("mailto:a@b"));
    assert!(safe("<a href=\"https://аpple.com/\">t</a>").contains("https://xn--"));
    for href in [
        "javascript:alert(1)",
        " JaVa\tScript:alert(1)",
        "&#x6A;avascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//evil.example/",
        "/x",
        "#x",
        "x.html",
        "cid:x",
        "file:///etc/passwd",
        "blob:x",
        "\u{1}javascript:alert(1)",
        "ms-msdt:x",
        "intent:x",
        "tel:1",
    ] {
        let html = safe(&format!("<a href=\"{href}\">t</a>"));
        assert!(!html.contains("href"), "{href} {html}");
    }
}

#[test]
fn pictures() {
    let remote = format!("<img src=\"{REMOTE_PICTURE}\">");
    for src in [
        "http://t.example/p.gif",
        "HTTPS://t.example/p",
        "//t.example/p",
        " //t.example/p",
        "/\\t.example",
        "\\\\t.example\\p",
        "h\nttp://t.example/",
    ] {
        let html = safe(&format!("<img src=\"{src}\">"));
        assert_eq!(html, remote, "{src}");
    }
    assert_eq!(safe("<img src=\"cid:a@b\">"), "<img src=\"cid:a@b\">");
    let png = "<img src=\"data:image/png;base64,AAAA\">";
    assert_eq!(safe(png), png);
    for src in [
        "data:image/svg+xml;base64,AAAA",
        "data:image/svg+xml,<svg/onload=alert(1)>",
        "data:text/html,x",
        "javascript:alert(1)",
        "file:///x",
        "blob:x",
        "x.png",
        "ftp://t.example/x",
        "data:image/png,<svg>",
        "data:image/png;base64,AA\"onerror=alert(1)",
    ] {
        assert!(!safe(&format!("<img src='{src}'>")).contains("src"), "{src}");
    }
    let large = format!("<img src=\"data:image/png;base64,{}\">", "A".repeat(600 << 10));
    assert_eq!(safe(&large), "<img>");
}

/// One vector at least for each class of holes that web mail programs have had; nothing of it may be left.
const ATTACKS: [&str; 74] = [
    // Script and handlers.
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src/onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<div onmouseover=\"alert(1)\">x</div>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    // SVG, its animations, its styles and its namespace.
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1)><a><text>x</text></a></svg>",
    "<svg><a><animate attributeName=href from=javascript:alert(1) by=x /></a></svg>",
    "<svg><set attributeName=href to=javascript:alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><use href=\"data:image/svg+xml;base64,PHN2Zz4=#x\"></use></svg>",
    "<svg><foreignObject><iframe srcdoc=\"<script>alert(1)</script>\"></foreignObject></svg>",
    "<svg><feImage href=http://t.example/></svg>",
    "<svg><image href=http://t.example/ /></svg>",
    "<svg><![CDATA[<img src=x onerror=alert(1)>]]></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    // MathML and the confusion of namespaces.
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math href=javascript:alert(1)>x</math>",
    "<math><annotation-xml encoding=\"text/html\"><p><style><img src=x onerror=alert(1)>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    // Raw-text elements parse otherwise inside and outside of scripts and foreign elements.
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noembed><p title=\"</noembed><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<title><p title=\"</title><img src=x onerror=alert(1)>\">",
    "<iframe><p title=\"</iframe><img src=x onerror=alert(1)>\">",
    "<template><img src=x onerror=alert(1)></template>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<select><template><style><!--</style><img src=x onerror=alert(1)>--></select>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<a title=\"--><img src=x onerror=alert(1)>\">x</a>",
    "<p title='`onerror=alert(1)'>",
    // Frames, plug-ins, forms, and what the head may hold.
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=http://t.example/x.swf>",
    "<applet code=x></applet>",
    "<form action=http://t.example/><input name=a><button formaction=javascript:alert(1)>x</button></form>",
    "<base href=http://t.example/>",
    "<meta http-equiv=refresh content='0;url=http://t.example/'>",
    "<link rel=stylesheet href=http://t.example/>",
    "<link rel=preconnect href=http://t.example/>",
    "<link rel=dns-prefetch href=//t.example/>",
    "<style>@import 'http://t.example/';</style>",
    "<style>*{background:url(http://t.example/)}</style>",
    "<portal src=http://t.example/></portal>",
    // Addresses that load by themselves.
    "<img srcset='http://t.example/ 2x'>",
    "<picture><source srcset=http://t.example/></picture>",
    "<video poster=http://t.example/></video>",
    "<track src=http://t.example/>",
    "<body background=http://t.example/>",
    "<table background=http://t.example/><tr><td background=http://t.example/>x</table>",
    "<input type=image src=http://t.example/>",
    "<img lowsrc=http://t.example/ dynsrc=http://t.example/ longdesc=http://t.example/>",
    "<map><area href=javascript:alert(1)></map>",
    "<a ping=http://t.example/ href=https://example.org/>x</a>",
    "<blockquote cite=javascript:alert(1)>x</blockquote>",
    "<font color=\"url(http://t.example/)\">x</font>",
    // Styles.
    "<div style='background:url(http://t.example/)'>x</div>",
    "<div style='background:u\\72l(http://t.example/)'>x</div>",
    "<div style='list-style:url(//t.example/)'>x</div>",
    "<div style='position:fixed !important;top:0'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style='--a:url(http://t.example/);background:var(--a)'>x</div>",
    "<div style='color:red;/*;*/background:url(\"http://t.example/'>x</div>",
    "<div style='behavior:url(#x);-moz-binding:url(http://t.example/)'>x</div>",
];

/// Reads sanitised HTML again and returns what is active in it.
fn active(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    // What the sanitiser writes is so regular that tags can be cut at `<` and `>`: text and values are escaped.
    for tag in html.split('<').skip(1).map(|piece| piece.split('>').next().unwrap_or_default()) {
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if !super::TAGS.contains(&name.as_str()) {
            found.push(format!("<{name}>"));
        }
        let mut rest = &tag[tag.find(' ').unwrap_or(tag.len())..];
        while let Some((attribute, tail)) = rest.trim_start().split_once("=\"") {
            let (value, after) = tail.split_once('"').unwrap_or((tail, ""));
            let is_known = super::ANYWHERE.contains(&attribute)
                || super::BY_TAG.iter().any(|(tag, names)| *tag == name && names.contains(&attribute))
                || matches!(attribute, "rel" | "target" | "type");
            let is_loaded = matches!(attribute, "style") || name == "img" && attribute == "src";
            if !is_known
                || is_loaded && (value.contains("//") || value.contains("url") || value.contains("position"))
                || attribute == "href" && !["http:", "https:", "mailto:"].iter().any(|s| value.starts_with(s))
            {
                found.push(format!("{name} {attribute}={value}"));
            }
            rest = after;
        }
    }
    found
}

#[test]
fn attacks() {
    for attack in ATTACKS {
        for html in [attack.to_owned(), format!("<div>{attack}</div>"), format!("<table><tr>{attack}")] {
            let clean = safe(&html);
            assert_eq!(active(&clean), Vec::<String>::new(), "{html}\n{clean}");
            assert!(!clean.contains("t.example") || clean.contains("&lt;"), "{html}\n{clean}");
            assert_eq!(safe(&clean), clean, "sanitising twice changes {html}");
        }
    }
    assert_eq!(active("<img src=\"http://t/\"><script>"), ["img src=http://t/", "<script>"]);
}
