use maildex_core::format::record::{Attachment, Person};
use maildex_core::query::Zone;

use super::*;

fn record(payload: &str) -> Record {
    Record {
        key: 255,
        subject: payload.into(),
        text: payload.into(),
        from: vec![Person { name: payload.into(), address: "a@a.example".into() }],
        attachments: vec![Attachment { name: payload.into(), ..Attachment::default() }],
        ..Record::default()
    }
}

#[test]
fn a_hostile_message_is_text_in_every_place() {
    let payload = "\"'><img src=x onerror=alert(1)></pre></title><script>alert(1)</script>";
    let options = Options { url: Some("https://a.example/b/".into()), ..Options::default() };
    let page = conversation_page(
        &[record(payload)],
        payload,
        "2003-05",
        &Clock::new(Zone::default()),
        &options,
        "t/a.html",
    );
    let entries =
        [Entry { file: "t/a.html".into(), subject: payload.into(), from: payload.into(), n_messages: 2 }];
    for page in [page, month_page("2003-05", &entries, payload)] {
        assert!(!page.contains("<img") && !page.contains("<script"), "{page}");
        assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
        assert!(page.contains("default-src 'none'"));
    }
}

#[test]
fn many_pages_have_several_sitemaps() {
    let pages: Vec<String> = (0..SITEMAP + 5).map(|n| format!("t/{n:016x}.html")).collect();
    let files: BTreeMap<String, String> = sitemaps("https://a.example/?a&b/", &pages).into_iter().collect();
    let list = &files["sitemap.xml"];
    assert!(list.contains("<loc>https://a.example/?a&amp;b/sitemap-1.xml</loc>"), "{list}");
    assert_eq!(files["sitemap-0.xml"].matches("<url>").count(), SITEMAP);
    assert_eq!(files["sitemap-1.xml"].matches("<url>").count(), 5);
    assert_eq!(sitemaps("https://a.example/", &pages[..3]).len(), 1);
}
