//! The page and the search module that a site is made of, carried inside the binary.

use anyhow::{Result, bail};

/// Name inside the site and content of every file of the page.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Returns the files of the page; fails where the binary was compiled before the page was.
pub(crate) fn files() -> Result<&'static [(&'static str, &'static [u8])]> {
    if !FILES.iter().any(|(name, _)| *name == "index.html") {
        bail!("this maildex was built without the page; run ./build.sh, which makes both");
    }
    Ok(FILES)
}
