//! A site on disk as an archive to ask, for builds that need one that is there.

use crate::build::site::{Manifest, SegmentEntry, read_manifest};
use maildex_core::{Archive, Error, Step};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

/// An open site.
pub(crate) struct SiteReader {
    folder: PathBuf,
    pub(crate) manifest: Manifest,
    archive: Archive,
}

impl SiteReader {
    /// Opens the site in a folder.
    pub(crate) fn open(folder: &Path) -> io::Result<SiteReader> {
        SiteReader::of(folder, read_manifest(folder)?)
    }

    /// Opens the segments that a manifest names.
    pub(crate) fn of(folder: &Path, manifest: Manifest) -> io::Result<SiteReader> {
        let mut site = SiteReader { folder: folder.to_owned(), manifest, archive: Archive::new() };
        site.forget()?;
        Ok(site)
    }

    /// Gives back the memory of everything that was read so far.
    pub(crate) fn forget(&mut self) -> io::Result<()> {
        self.archive = Archive::new();
        self.manifest.segments.iter().try_for_each(|segment| segment.add_to(&mut self.archive))
    }

    pub(crate) fn segments(&self) -> &[SegmentEntry] {
        &self.manifest.segments
    }

    /// What is known without reading more.
    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Asks until the answer is there.
    pub(crate) fn ask<T>(&mut self, step: impl Fn(&Archive) -> Result<Step<T>, Error>) -> io::Result<T> {
        loop {
            let wants = match step(&self.archive).map_err(io::Error::other)? {
                Step::Done(answer) => return Ok(answer),
                Step::Missing(wants) => wants,
            };
            for want in wants {
                let bytes = self.read(want.segment, want.range.offset, want.range.length)?;
                self.archive.put(want.segment, want.range.offset, &bytes).map_err(io::Error::other)?;
            }
        }
    }

    fn read(&self, segment: usize, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        let shards = &self.segments()[segment].shards;
        let end = offset + length;
        let mut bytes = Vec::new();
        let first = shards.partition_point(|shard| shard.offset + shard.length <= offset);
        for shard in shards[first..].iter().take_while(|shard| shard.offset < end) {
            let mut file = File::open(self.folder.join(&shard.name))?;
            let from = offset.max(shard.offset);
            file.seek(SeekFrom::Start(from - shard.offset))?;
            file.take(end.min(shard.offset + shard.length) - from).read_to_end(&mut bytes)?;
        }
        if bytes.len() as u64 != length {
            let what = format!("expected {length} bytes of a segment at {offset}, found {}", bytes.len());
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, what));
        }
        Ok(bytes)
    }
}
