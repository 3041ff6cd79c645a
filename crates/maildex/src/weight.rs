//! What a reader fetches before the first search. Every figure about opening comes from here.

use std::fs;
use std::io::Write as _;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use maildex_build::build::site::{MANIFEST, read_sums};

use crate::about::ABOUT;
use crate::archive::{Site, is_inside};

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
        let shards: Vec<&str> = site
            .manifest
            .segments
            .iter()
            .flat_map(|own| &own.shards)
            .map(|shard| shard.name.as_str())
            .collect();
        for (name, _) in read_sums(&site.folder).unwrap_or_default() {
            if name != MANIFEST && name != ABOUT && is_inside(&name) && !shards.contains(&name.as_str()) {
                opening.page += weigh(site, &name)?;
            }
        }
        Ok(opening)
    }
}

fn weigh(site: &Site, name: &str) -> Result<u64> {
    let path = site.folder.join(name);
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&bytes)?;
    Ok(packed.finish()?.len() as u64)
}
