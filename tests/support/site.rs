//! A site on disk, read as a browser reads it: nothing but the bytes that a step asked for, round by round.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use maildex_build::build::site::{SegmentEntry, read_manifest};
use maildex_core::{Archive, Error, Step, Want};

/// More rounds than this is a step that never has enough.
const MAX_ROUNDS: usize = 64;

/// An open site.
pub struct Site {
    folder: PathBuf,
    segments: Vec<SegmentEntry>,
    archive: Archive,
    /// What the reading took so far.
    pub spent: Spent,
}

/// What reading took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Rounds of requests, each after the one before.
    pub rounds: usize,
    /// Ranges asked for.
    pub requests: usize,
    /// Bytes that arrived.
    pub bytes: u64,
}

impl Site {
    /// Opens the site in a folder.
    ///
    /// # Panics
    /// If it is broken, as all of these do: a test has nothing better to do.
    pub fn open(folder: &Path) -> Site {
        let manifest = read_manifest(folder).expect("the manifest can be read");
        let mut archive = Archive::new();
        for segment in &manifest.segments {
            archive
                .open(&segment.front_bytes().expect("the front is base64"))
                .expect("the front can be opened");
        }
        Site { folder: folder.to_owned(), segments: manifest.segments, archive, spent: Spent::default() }
    }

    /// The same site with nothing read yet.
    pub fn fresh(&self) -> Site {
        Site::open(&self.folder)
    }

    /// Runs a step until nothing is missing.
    pub fn run<T>(&mut self, step: impl Fn(&Archive) -> Result<Step<T>, Error>) -> T {
        for _ in 0..MAX_ROUNDS {
            match step(&self.archive).expect("the archive is sound") {
                Step::Done(value) => return value,
                Step::Missing(wants) => self.fetch(&wants),
            }
        }
        panic!("a step is not done after {MAX_ROUNDS} rounds");
    }

    fn fetch(&mut self, wants: &[Want]) {
        self.spent.rounds += 1;
        for want in wants {
            let (mut at, end) = (want.range.offset, want.range.offset + want.range.length);
            let mut bytes = Vec::new();
            while at < end {
                let shards = &self.segments[want.segment].shards;
                let shard = shards
                    .iter()
                    .find(|shard| (shard.offset..shard.offset + shard.length).contains(&at))
                    .expect("every byte lies in a shard");
                let length = (end - at).min(shard.offset + shard.length - at);
                let mut file = File::open(self.folder.join(&shard.name)).expect("the shard is there");
                file.seek(SeekFrom::Start(at - shard.offset)).expect("a file can be sought in");
                let read = file.take(length).read_to_end(&mut bytes).expect("the shard can be read");
                assert_eq!(read as u64, length, "the shard {} is shorter than said", shard.name);
                at += length;
                self.spent.requests += 1;
            }
            self.spent.bytes += bytes.len() as u64;
            self.archive.put(want.segment, want.range.offset, &bytes).expect("the bytes are sound");
        }
    }
}
