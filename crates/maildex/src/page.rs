//! The page and the search module that a site is made of, carried inside the binary.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use crate::plain::{Options, escape};

/// Name inside the site and content of every file of the page.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/page.rs"));
/// Where the title of an archive comes in the HTML.
const TITLE: &str = "{{title}}";
/// Where the head tells of feed and address.
const LINKS: &str = "{{links}}";
/// Where the way to the plain pages comes.
const HINT: &str = "{{plain}}";
/// The picture in previews of links, which take whole addresses only.
const PREVIEW: &str = "social.png";
/// The page that `maildex bundle` puts data into; no part of a site.
const OFFLINE: &str = "offline/index.html";

/// Returns the files of a page with this title; fails where the binary was compiled before the page was.
pub(crate) fn files(title: &str, plain: &Options) -> Result<BTreeMap<String, Vec<u8>>> {
    if !FILES.iter().any(|(name, _)| *name == "index.html") {
        bail!("this maildex was built without the page; run ./build.sh, which makes both");
    }
    let title = escape(title);
    let (links, hint) = (links(plain), hint(plain));
    let fill = |&(name, content): &(&str, &[u8])| {
        let content = match std::str::from_utf8(content) {
            Ok(text) if name.ends_with(".html") => {
                text.replace(LINKS, &links).replace(HINT, hint).replace(TITLE, &title).into_bytes()
            }
            _ => content.to_vec(),
        };
        (name.to_owned(), content)
    };
    let own = FILES.iter().filter(|(name, _)| *name != OFFLINE).map(fill);
    // GitHub Pages then publishes the folder as it is.
    Ok(own.chain([(".nojekyll".to_owned(), Vec::new())]).collect())
}

/// What the names of the engine that can do everything begin with; from a disk, loading it costs nothing.
const FULL: &str = "assets/full-";

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
    let wasm = find(&|name| name.starts_with(FULL) && name.ends_with(".wasm"));
    let (Some(html), Some(wasm)) = (html, wasm) else {
        bail!("this maildex was built without the page; run ./build.sh, which makes both");
    };
    Ok(Offline { html, wasm })
}

/// What the head of the page says about what lies beside it.
fn links(plain: &Options) -> String {
    let mut links = String::new();
    if let Some(url) = plain.url.as_deref().map(escape) {
        links = format!(
            "<link rel=\"canonical\" href=\"{url}\" />\n<meta property=\"og:url\" content=\"{url}\" />\n\
             <meta property=\"og:image\" content=\"{url}{PREVIEW}\" />\n"
        );
    }
    if plain.feed {
        links.push_str("<link rel=\"alternate\" type=\"application/atom+xml\" href=\"feed.xml\" />\n");
    }
    links
}

/// The way to the plain pages, for whoever has no JavaScript.
fn hint(plain: &Options) -> &'static str {
    if plain.pages {
        "<p class=\"notice-hint\"><a href=\"t/index.html\">All conversations as plain pages</a></p>\n"
    } else {
        ""
    }
}
