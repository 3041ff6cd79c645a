//! The page and the search module that a site is made of, carried inside the binary.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

/// Name inside the site and content of every file of the page.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/page.rs"));
/// Where the title of an archive comes in the HTML.
const TITLE: &str = "{{title}}";
/// The page that `maildex bundle` puts data into; no part of a site.
const OFFLINE: &str = "offline/index.html";

/// Returns the files of a page with this title; fails where the binary was compiled before the page was.
pub(crate) fn files(title: &str) -> Result<BTreeMap<String, Vec<u8>>> {
    if !FILES.iter().any(|(name, _)| *name == "index.html") {
        bail!("this maildex was built without the page; run ./build.sh, which makes both");
    }
    let title = escape_html(title);
    let fill = |&(name, content): &(&str, &[u8])| {
        let content = match std::str::from_utf8(content) {
            Ok(text) if name.ends_with(".html") => text.replace(TITLE, &title).into_bytes(),
            _ => content.to_vec(),
        };
        (name.to_owned(), content)
    };
    Ok(FILES.iter().filter(|(name, _)| *name != OFFLINE).map(fill).collect())
}

/// What a page that opens from a disk is made of.
pub(crate) struct Offline {
    /// HTML with the places `{{title}}`, `{{self}}`, `{{shards}}`, `{{opening}}` and `{{data}}`, each once but the first.
    pub(crate) html: &'static str,
    /// The search module.
    pub(crate) wasm: &'static [u8],
}

/// The parts of a page that opens from a disk; fails where the binary was compiled before the page was.
pub(crate) fn offline() -> Result<Offline> {
    let find =
        |fits: &dyn Fn(&str) -> bool| FILES.iter().find(|(name, _)| fits(name)).map(|&(_, bytes)| bytes);
    let html = find(&|name| name == OFFLINE).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let wasm = find(&|name| name.ends_with(".wasm"));
    let (Some(html), Some(wasm)) = (html, wasm) else {
        bail!("this maildex was built without the page; run ./build.sh, which makes both");
    };
    Ok(Offline { html, wasm })
}

/// Makes a title text, whether it stands between tags or in a quoted attribute.
pub(crate) fn escape_html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_only_text() {
        assert_eq!(escape_html(r#"Amy's "<script>" & Co"#), "Amy&#39;s &quot;&lt;script&gt;&quot; &amp; Co");
    }
}
