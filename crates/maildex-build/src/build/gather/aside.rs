//! What the first pass puts aside on disk, and how it is read back.

use crate::build::index::run::Run;
use crate::build::report::Tally;
use crate::build::stored;
use crate::privacy::Privacy;
use maildex_core::format::record::Record;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// What is kept in memory of each message.
#[derive(Debug, Clone)]
pub(crate) struct Meta {
    /// The number in reading order.
    pub(crate) number: u64,
    pub(crate) key: u64,
    pub(crate) digest: [u8; 16],
    /// By which its Message-ID is found.
    pub(crate) id: Option<u64>,
    /// The ordering date.
    pub(crate) date: Option<i64>,
    pub(crate) size: u32,
    pub(crate) length: u8,
    pub(crate) html: bool,
    /// Where it lay: an index into [`Worked::places`].
    pub(crate) place: u32,
    /// When it was delivered.
    pub(crate) delivered: Option<i64>,
    /// SHA-256 of the raw message.
    pub(crate) sha256: [u8; 32],
    pub(super) head: Extent,
    pub(super) body: Extent,
    /// Bytes of the body that are the record and its text; the rest is HTML.
    pub(super) n_record: u32,
    pub(super) n_text: u32,
}

/// Where something lies in a spool.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) at: u64,
    pub(super) n: u32,
}

/// What threading and the result lines need of a message; put aside apart from its text, which is read once.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) message_id: Option<String>,
    pub(crate) references: Vec<String>,
    pub(crate) in_reply_to: Vec<String>,
    pub(crate) base_subject: String,
    pub(crate) is_reply: bool,
    /// The addresses of everyone in it.
    pub(crate) people: Vec<String>,
    /// What messages of its conversation share.
    pub(crate) conversation: Option<u64>,
    pub(crate) misdated: bool,
    pub(crate) attachments: bool,
    pub(crate) from: String,
    /// Name and address of the sender.
    pub(crate) sender: (String, String),
    pub(crate) subject: String,
    pub(crate) preview: String,
}

/// The rest of a message, as it was put aside: the record with the one place it was found at, its text, the HTML.
#[derive(Debug)]
pub(crate) struct Body {
    bytes: Vec<u8>,
    n_record: usize,
    n_text: usize,
}

impl Body {
    /// The record without its text.
    pub(crate) fn record(&self) -> io::Result<Record> {
        stored::read(&self.bytes[..self.n_record])
    }

    /// The text.
    pub(crate) fn text(&self) -> io::Result<&str> {
        std::str::from_utf8(&self.bytes[self.n_record..][..self.n_text]).map_err(io::Error::other)
    }

    /// The HTML, empty if there is none.
    pub(crate) fn html(&self) -> io::Result<&str> {
        std::str::from_utf8(&self.bytes[self.n_record + self.n_text..]).map_err(io::Error::other)
    }

    /// How many bytes it takes.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// What one worker has done with messages of one kind.
pub(crate) struct Worked {
    pub(crate) metas: Vec<Meta>,
    pub(crate) runs: Vec<File>,
    /// The sources and folders that messages lay in.
    pub(crate) places: Vec<(String, String)>,
    pub(crate) tally: Tally,
    /// What was taken out.
    pub(crate) privacy: Privacy,
    /// Messages that answer one that is left out, and those of them that quote.
    pub(crate) n_referring: u64,
    pub(crate) n_quoting: u64,
    /// The first of the releases whose documents were read.
    pub(crate) release: Option<usize>,
    /// The numbers of documents that were read.
    pub(crate) documents: Vec<String>,
    pub(super) heads: File,
    pub(super) bodies: File,
    /// Attachments and raw messages that are kept, by their SHA-256.
    pub(super) kept: FxHashMap<[u8; 32], Extent>,
    pub(super) files: File,
}

impl Worked {
    /// Reads back what threading and lines need of a message.
    pub(crate) fn head(&self, meta: &Meta) -> io::Result<Head> {
        postcard::from_bytes(&read_back(&self.heads, meta.head)?).map_err(io::Error::other)
    }

    /// Reads back the rest.
    pub(crate) fn body(&self, meta: &Meta) -> io::Result<Body> {
        let bytes = read_back(&self.bodies, meta.body)?;
        Ok(Body { bytes, n_record: meta.n_record as usize, n_text: meta.n_text as usize })
    }

    /// Reads at most `most` bytes of an attachment or a raw message that is kept, from `from` on; nothing behind its end;
    /// `None` if it is not kept.
    pub(crate) fn kept(&self, sha256: &[u8; 32], from: u64, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(&Extent { at, n }) = self.kept.get(sha256) else { return Ok(None) };
        let n = u64::from(n).saturating_sub(from).min(most);
        Ok(Some(read_back(&self.files, Extent { at: at + from, n: n as u32 })?))
    }

    /// The runs, ready to be merged.
    pub(crate) fn runs(&mut self, worker: usize) -> io::Result<Vec<Run>> {
        let files = core::mem::take(&mut self.runs);
        files
            .into_iter()
            .map(|mut file| {
                file.rewind()?;
                Ok(Run::new(file, worker))
            })
            .collect()
    }
}

fn read_back(mut spool: &File, extent: Extent) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; extent.n as usize];
    spool.seek(SeekFrom::Start(extent.at))?;
    spool.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Things put aside on disk, one behind the other.
pub(super) struct Spool {
    out: BufWriter<File>,
    end: u64,
}

impl Spool {
    /// A spool, and the file to read it back from.
    pub(super) fn new(scratch: &Path) -> io::Result<(Spool, File)> {
        let file = tempfile::tempfile_in(scratch)?;
        let reader = file.try_clone()?;
        Ok((Spool { out: BufWriter::with_capacity(1 << 18, file), end: 0 }, reader))
    }

    pub(super) fn push(&mut self, parts: &[&[u8]]) -> io::Result<Extent> {
        let at = self.end;
        for part in parts {
            self.out.write_all(part)?;
            self.end += part.len() as u64;
        }
        Ok(Extent { at, n: u32::try_from(self.end - at).map_err(io::Error::other)? })
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
