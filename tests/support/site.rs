//! A site on disk, read as a browser reads it: nothing but the bytes that a step asked for, round by round.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use maildex_build::build::site::{SegmentEntry, read_manifest};
use maildex_build::build::{BuildOptions, Progress, build};
use maildex_core::query::Context;
use maildex_core::{Archive, Error, Step, Want};
use tempfile::TempDir;

/// More rounds than this is a step that never has enough.
const MAX_ROUNDS: usize = 64;

/// An open site.
pub struct Site {
    folders: Vec<PathBuf>,
    /// Each with its folder.
    segments: Vec<(PathBuf, SegmentEntry)>,
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
        Site::open_all(&[folder])
    }

    /// Builds the site of one mbox, in a folder that goes with the first of the two.
    ///
    /// # Panics
    /// As [`Site::open`].
    pub fn of_mbox(mbox: impl AsRef<[u8]>) -> (TempDir, Site) {
        let folder = tempfile::tempdir().expect("a folder");
        let mail = folder.path().join("letters.mbox");
        fs::write(&mail, mbox).expect("a file");
        let out = folder.path().join("site");
        let options = BuildOptions { inputs: vec![mail], out: out.clone(), ..BuildOptions::default() };
        build(&options, &Silent).expect("it is built");
        let site = Site::open(&out);
        (folder, site)
    }

    /// Opens several sites as the segments of one archive.
    ///
    /// # Panics
    /// As [`Site::open`].
    pub fn open_all(folders: &[&Path]) -> Site {
        let mut archive = Archive::new();
        let mut segments = Vec::new();
        for &folder in folders {
            let manifest = read_manifest(folder).expect("the manifest can be read");
            for segment in manifest.segments {
                segment.add_to(&mut archive).expect("the front can be opened");
                segments.push((folder.to_owned(), segment));
            }
        }
        let folders = folders.iter().map(|&folder| folder.to_owned()).collect();
        Site { folders, segments, archive, spent: Spent::default() }
    }

    /// How queries are read here at a time.
    pub fn context(&self, now: i64) -> Context {
        self.archive.context(now, false)
    }

    /// Bytes that opening reads.
    pub fn opening(&self) -> u64 {
        let own = self.segments.iter().filter(|(_, segment)| !segment.front.is_empty());
        own.map(|(_, segment)| segment.front_length).sum()
    }

    /// Takes in every byte there is.
    ///
    /// # Panics
    /// As [`Site::open`].
    pub fn load(&mut self) {
        self.run(Archive::open_all);
        for (number, (folder, segment)) in self.segments.iter().enumerate() {
            // The first shard is the front, which is here already.
            for shard in &segment.shards[1..] {
                let bytes = fs::read(folder.join(&shard.name)).expect("the shard can be read");
                self.archive.put(number, shard.offset, &bytes).expect("the bytes are sound");
            }
        }
    }

    /// The same site with nothing read yet.
    pub fn fresh(&self) -> Site {
        Site::open_all(&self.folders.iter().map(PathBuf::as_path).collect::<Vec<_>>())
    }

    /// Runs a step until nothing is missing.
    pub fn run<T>(&mut self, step: impl Fn(&Archive) -> Result<Step<T>, Error>) -> T {
        let mut rounds = 0;
        while rounds < MAX_ROUNDS {
            let outcome = step(&self.archive).expect("the archive is sound");
            // What reads messages takes as many rounds as there are messages to read.
            rounds += usize::from(self.archive.progress().is_none());
            match outcome {
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
                let (folder, segment) = &self.segments[want.segment];
                let shard = segment
                    .shards
                    .iter()
                    .find(|shard| (shard.offset..shard.offset + shard.length).contains(&at))
                    .expect("every byte lies in a shard");
                let length = (end - at).min(shard.offset + shard.length - at);
                let mut file = File::open(folder.join(&shard.name)).expect("the shard is there");
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

/// Progress that nobody watches.
#[derive(Debug)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _phase: &str, _total: Option<u64>) {}
    fn advance(&self, _n: u64, _messages: u64) {}
    fn finish(&self) {}
}
