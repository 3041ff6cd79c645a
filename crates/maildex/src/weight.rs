//! What a reader fetches before the first search. Every figure about opening comes from here.

use std::fs;
use std::io::Write as _;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use maildex_build::build::site::{MANIFEST, read_sums};

use crate::archive::Site;

/// Bytes as a host sends them that compresses text and WebAssembly, as nearly all do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opening {
    /// The manifest with the fronts.
    pub(crate) archive: u64,
    /// The page with its scripts, its styles and the WebAssembly. A browser keeps them for the next archive.
    pub(crate) page: u64,
}

impl Opening {
    /// Weighs the files of a site; fails where one cannot be read.
    pub(crate) fn of(site: &Site) -> Result<Opening> {
        let mut opening = Opening { archive: weigh(site, MANIFEST)?, page: 0 };
        for (name, _) in read_sums(&site.folder).unwrap_or_default() {
            if is_first(&name) {
                opening.page += weigh(site, &name)?;
            }
        }
        Ok(opening)
    }
}

/// Whether a file is fetched before the first search; the others come with what asks for them.
fn is_first(name: &str) -> bool {
    const LATER: [&str; 3] = ["assets/full-", "assets/rooms-", "assets/sheet-"];
    name == "index.html"
        || name.starts_with("assets/") && !LATER.iter().any(|beginning| name.starts_with(beginning))
}

fn weigh(site: &Site, name: &str) -> Result<u64> {
    let path = site.folder.join(name);
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&bytes)?;
    Ok(packed.finish()?.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::is_first;

    #[test]
    fn what_comes_later_does_not_weigh_on_opening() {
        for name in ["index.html", "assets/page-0.js", "assets/light-0.wasm"] {
            assert!(is_first(name), "{name}");
        }
        for name in [
            "assets/full-0.wasm",
            "assets/rooms-0.js",
            "assets/sheet-0.js",
            "about.json",
            "manifest.json",
            "d/0.7z",
            "t/index.html",
        ] {
            assert!(!is_first(name), "{name}");
        }
    }
}
