//! A site on disk as an archive to ask: reads from its files whatever bytes a question turns out to need.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use maildex_build::build::site::{MANIFEST, Manifest, Shard, read_manifest};
use maildex_core::format::front::VERSION;
use maildex_core::query::Zone;
use maildex_core::{Archive, Error, Step, Want};

use crate::words::{self, Clock};

/// An open site.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) folder: PathBuf,
    pub(crate) manifest: Manifest,
    /// Bytes of the manifest's file.
    pub(crate) manifest_length: u64,
    archive: Archive,
    /// How far a question is that reads messages; hidden where nobody watches.
    reading: ProgressBar,
}

impl Site {
    /// Opens the site in `folder`; fails where there is none, or one of a later version.
    pub(crate) fn open(folder: &Path) -> Result<Site> {
        let name = folder.display();
        let manifest = match read_manifest(folder) {
            Ok(manifest) => manifest,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::read_dir(folder).with_context(|| format!("cannot open the folder {name}"))?;
                bail!(
                    "{name} is not a site: it has no {MANIFEST}; make one with `maildex build INPUT -o {name}`"
                );
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read {name}/{MANIFEST}")),
        };
        check_manifest(&manifest).with_context(|| format!("{name}/{MANIFEST} is damaged"))?;
        let manifest_length = fs::metadata(folder.join(MANIFEST))?.len();
        let (archive, reading) = (Archive::new(), ProgressBar::hidden());
        let mut site = Site { folder: folder.to_owned(), manifest, manifest_length, archive, reading };
        site.archive = site.fresh()?;
        Ok(site)
    }

    /// An archive of the fronts alone.
    fn fresh(&self) -> Result<Archive> {
        let mut archive = Archive::new();
        for about in &self.manifest.segments {
            about.add_to(&mut archive)?;
        }
        Ok(archive)
    }

    /// Reads the fronts of all kinds.
    pub(crate) fn open_fronts(&mut self) -> Result<()> {
        self.ask(Archive::open_all)
    }

    /// What is known without reading more.
    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    /// The files that attachments and originals lie in, with their SHA-256 and their lengths.
    pub(crate) fn packs(&mut self) -> Result<Vec<([u8; 32], u64)>> {
        let mut packs = Vec::new();
        for segment in 0..self.manifest.segments.len() {
            packs.extend(self.ask(|archive| archive.packs(segment))?);
        }
        packs.sort_unstable();
        packs.dedup();
        Ok(packs)
    }

    /// The clock that the archive's dates are told by.
    pub(crate) fn clock(&self) -> Clock {
        let zone = self.archive.fronts().next().map(|front| front.zone.clone());
        Clock::new(Zone::new(zone.unwrap_or_default()))
    }

    /// Gives back the memory of everything that was read so far.
    pub(crate) fn forget(&mut self) -> Result<()> {
        self.archive = self.fresh()?;
        Ok(())
    }

    /// Asks until the answer is there.
    pub(crate) fn ask<T>(&mut self, step: impl Fn(&Archive) -> Result<Step<T>, Error>) -> Result<T> {
        loop {
            let outcome = step(&self.archive)?;
            if let Some(progress) = self.archive.progress() {
                self.reading.set_length(progress.of);
                self.reading.set_position(progress.read);
                self.reading.set_message(words::messages(progress.hits));
            }
            match outcome {
                Step::Done(answer) => {
                    self.reading.reset();
                    return Ok(answer);
                }
                Step::Missing(wants) => self.fetch(&wants)?,
            }
        }
    }

    /// Shows how far questions are that read messages.
    pub(crate) fn show_reading(&mut self) {
        let style = ProgressStyle::with_template("{bar:20} {percent} % read, {msg} found so far");
        self.reading = ProgressBar::new(0).with_style(style.expect("the template is right"));
    }

    /// Takes away what [`Site::show_reading`] showed.
    pub(crate) fn hide_reading(&mut self) {
        std::mem::replace(&mut self.reading, ProgressBar::hidden()).finish_and_clear();
    }

    fn fetch(&mut self, wants: &[Want]) -> Result<()> {
        for want in wants {
            let Want { segment, range } = *want;
            let bytes = self.read(segment, range.offset, range.length)?;
            self.archive
                .put(segment, range.offset, &bytes)
                .with_context(|| format!("in {}", self.shards_of(segment, range.offset, range.length)))?;
        }
        Ok(())
    }

    /// Reads a whole shard, through its checksums if the fronts are open, and gives its bytes; fails where it is absent,
    /// cut, grown or damaged.
    pub(crate) fn check_shard(&mut self, segment: usize, shard: &Shard, are_open: bool) -> Result<Vec<u8>> {
        let path = self.folder.join(&shard.name);
        let length = fs::metadata(&path)?.len();
        ensure!(length == shard.length, "expected {} bytes, found {length}", shard.length);
        let mut bytes = Vec::new();
        read_part(&path, 0, shard.length, &mut bytes)?;
        if are_open {
            self.archive.put(segment, shard.offset, &bytes)?;
        }
        Ok(bytes)
    }

    /// The names of the files that a part of a segment lies in.
    fn shards_of(&self, segment: usize, offset: u64, length: u64) -> String {
        let shards = self.manifest.segments.get(segment).map_or(&[][..], |segment| &segment.shards);
        let names = shards
            .iter()
            .filter(|shard| shard.offset < offset + length && offset < shard.offset + shard.length)
            .map(|shard| shard.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    }

    /// Reads a part of a segment, which may lie in several files.
    fn read(&self, segment: usize, offset: u64, length: u64) -> Result<Vec<u8>> {
        let about =
            self.manifest.segments.get(segment).context("a segment that the manifest does not name")?;
        let end = offset.checked_add(length).filter(|&end| end <= about.length);
        let end = end.with_context(|| format!("expected at most {} bytes in a segment", about.length))?;
        let mut bytes = Vec::new();
        let first = about.shards.partition_point(|shard| shard.offset + shard.length <= offset);
        for shard in about.shards[first..].iter().take_while(|shard| shard.offset < end) {
            let from = offset.max(shard.offset);
            let until = end.min(shard.offset + shard.length);
            let path = self.folder.join(&shard.name);
            read_part(&path, from - shard.offset, until - from, &mut bytes)
                .with_context(|| format!("cannot read {}", path.display()))?;
        }
        Ok(bytes)
    }
}

fn read_part(path: &Path, offset: u64, length: u64, bytes: &mut Vec<u8>) -> Result<()> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let n = file.take(length).read_to_end(bytes)? as u64;
    ensure!(n == length, "expected {length} bytes at {offset}, found {n}; copy the site again");
    Ok(())
}

/// Checks all of a manifest that the reading relies on.
fn check_manifest(manifest: &Manifest) -> Result<()> {
    if manifest.format > VERSION {
        bail!("expected format {VERSION} or older, found {}; use a newer maildex", manifest.format);
    }
    for segment in &manifest.segments {
        let end = segment.shards.last().map_or(0, |last| last.offset + last.length);
        ensure!(end == segment.length, "expected {} bytes of shards, found {end}", segment.length);
        ensure!(segment.front_length <= end, "the front is longer than its segment");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(id: &str, shards: &str, length: u64) -> Result<()> {
        let json = format!(
            r#"{{"format": 1, "title": "t", "segments": [{{"kind": "message", "messages": 1,
            "length": {length}, "front": "AA", "frontLength": 1, "id": {id:?}, "shards": {shards}}}]}}"#
        );
        check_manifest(&serde_json::from_str(&json)?)
    }

    const ID: &str = "0123456789abcdef0123";

    fn refused(id: &str, shards: &str, length: u64) -> String {
        manifest(id, shards, length).unwrap_err().to_string()
    }

    #[test]
    fn a_manifest_that_fits_together() {
        manifest(ID, "[2, 1]", 3).unwrap();
    }

    #[test]
    fn a_manifest_that_does_not() {
        assert!(refused(ID, "[2]", 3).contains("expected 3 bytes of shards"));
        assert!(refused(ID, "[0]", 0).contains("is empty"));
        let later = serde_json::from_str(r#"{"format": 2, "title": "", "segments": []}"#).unwrap();
        assert!(check_manifest(&later).unwrap_err().to_string().contains("use a newer maildex"));
    }

    #[test]
    fn a_forged_manifest_leads_nowhere_else() {
        for id in ["../secret", "/etc/passwd", "", "./a"] {
            assert!(refused(id, "[2]", 2).contains("not 20 hexadecimal digits"), "{id}");
        }
    }
}
