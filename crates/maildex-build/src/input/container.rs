//! Opens zip, tar, gzip, zstd and xz, one inside another, and reads what is in them as a stream. Nothing is unpacked
//! to disk but a zip that lies inside another container, because its table of members stands at its end.
//!
//! Every limit that is reached is a line in the report, and reading goes on with the next member. A limit on what a
//! layer may unpack to catches the plain bomb; the nested and the overlapping one are caught by the sum over all
//! layers of a file, and by refusing members that share bytes.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{self, BufReader, Read, Seek, Write};
use std::rc::Rc;

use crate::input::Stop;
use crate::input::detect::Kind;
use crate::input::olm;
use crate::input::place::clean_path;
use crate::input::reading::{At, CHUNK, Reading};
use crate::input::report::Reason;
use crate::input::tally::Limit;

/// A zip inside another container is held in memory up to this size and in a temporary file beyond.
const MAX_IN_MEMORY: usize = 16 << 20;

/// Memory that an xz stream may ask for: its highest preset needs 65 MiB.
const XZ_MEMORY: u64 = 256 << 20;

impl Reading<'_> {
    pub(crate) fn container(&mut self, kind: Kind, reader: &mut dyn Read, at: &At) -> Result<(), Stop> {
        if at.depth >= self.limits.max_depth {
            return self.skip(Reason::TooDeep, at, "");
        }
        match kind {
            Kind::Tar => self.tar(reader, at),
            Kind::Zip => match spool(reader) {
                Ok(file) => self.zip(file, at),
                Err(error) => {
                    self.tally.fail(&error, &self.example(at));
                    Ok(())
                }
            },
            _ => self.unpack(kind, reader, at),
        }
    }

    /// Reads what is inside a stream of one compressed file.
    fn unpack(&mut self, kind: Kind, reader: &mut dyn Read, at: &At) -> Result<(), Stop> {
        let packed = Rc::new(Cell::new(0));
        let counted =
            BufReader::with_capacity(CHUNK, Counted { inner: reader, n: Rc::clone(&packed), max: u64::MAX });
        let decoder: io::Result<Box<dyn Read + '_>> = match kind {
            Kind::Zstd => {
                zstd::stream::read::Decoder::with_buffer(counted).map(|decoder| Box::new(decoder) as _)
            }
            Kind::Xz => liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, liblzma::stream::CONCATENATED)
                .map(|stream| Box::new(liblzma::bufread::XzDecoder::new_stream(counted, stream)) as _)
                .map_err(io::Error::from),
            _ => Ok(Box::new(flate2::bufread::MultiGzDecoder::new(counted))),
        };
        match decoder {
            Ok(decoder) => {
                let mut guarded = self.guard(decoder, packed);
                self.stream(&mut guarded, &At { depth: at.depth + 1, ..at.clone() })
            }
            Err(error) => {
                self.tally.fail(&error, &self.example(at));
                Ok(())
            }
        }
    }

    fn tar(&mut self, reader: &mut dyn Read, at: &At) -> Result<(), Stop> {
        let mut archive = tar::Archive::new(reader);
        let mut maildirs = Maildirs::default();
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(error) => {
                self.tally.fail(&error, &self.example(at));
                return Ok(());
            }
        };
        self.tally.containers += 1;
        for entry in entries {
            let mut entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.tally.fail(&error, &self.example(at));
                    break;
                }
            };
            let name = clean_path(&String::from_utf8_lossy(&entry.path_bytes()));
            let kind = entry.header().entry_type();
            let member = at.member(&name);
            if kind.is_dir() {
                maildirs.folder(&name);
            } else if kind.is_symlink() || kind.is_hard_link() {
                self.skip(Reason::Link, &member, "")?;
            } else if kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() {
                if !self.admits(&member)? {
                    break;
                }
                self.counted(&member, |reading| reading.member(&mut entry, &name, &member, &mut maildirs))?;
            } else if kind.is_block_special() || kind.is_character_special() || kind.is_fifo() {
                self.skip(Reason::Special, &member, "")?;
            }
        }
        Ok(())
    }

    /// Reads a zip; it has to be able to seek.
    pub(crate) fn zip(&mut self, file: impl Read + Seek, at: &At) -> Result<(), Stop> {
        let mut archive = match zip::ZipArchive::new(file) {
            Ok(archive) => archive,
            Err(error) => return self.zip_error(&error, at),
        };
        match archive.has_overlapping_files() {
            Ok(false) => {}
            Ok(true) => return self.skip(Reason::Overlap, at, ""),
            Err(error) => return self.zip_error(&error, at),
        }
        if archive.is_empty() {
            return self.skip(Reason::Empty, at, "");
        }
        if archive.has_duplicate_names() {
            self.skip(Reason::SameName, at, "")?;
        }
        if olm::is_olm(archive.file_names().flatten()) {
            return self.olm(&mut archive, at);
        }
        self.tally.containers += 1;
        let mut maildirs = Maildirs::default();
        for index in 0..archive.len() {
            let name = archive.name_for_index(index).and_then(Result::ok).unwrap_or_default();
            let (name, is_folder) = (clean_path(&name), name.ends_with(['/', '\\']));
            let member = at.member(&name);
            if is_folder {
                maildirs.folder(&name);
                continue;
            }
            if !self.admits(&member)? {
                break;
            }
            self.counted(&member, |reading| match archive.by_index(index) {
                Ok(file) if file.is_symlink() => reading.skip(Reason::Link, &member, ""),
                Ok(file) => {
                    let packed = Rc::new(Cell::new(file.compressed_size()));
                    let mut guarded = reading.guard(file, packed);
                    reading.member(&mut guarded, &name, &member, &mut maildirs)
                }
                Err(error) => reading.zip_error(&error, &member),
            })?;
        }
        Ok(())
    }

    fn zip_error(&mut self, error: &zip::result::ZipError, at: &At) -> Result<(), Stop> {
        use zip::result::ZipError;
        let reason = match error {
            ZipError::InvalidPassword => Reason::Encrypted,
            ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => Reason::Encrypted,
            ZipError::Io(error) => {
                self.tally.fail(error, &self.example(at));
                return Ok(());
            }
            ZipError::InvalidArchive(_) => Reason::Damaged,
            _ => Reason::Unreadable,
        };
        self.skip(reason, at, &error.to_string())
    }

    /// Whether one more member is read: false where there are too many.
    pub(crate) fn admits(&mut self, member: &At) -> Result<bool, Stop> {
        let is_one_too_many = self.tally.files >= self.limits.max_members;
        if is_one_too_many {
            self.skip(Reason::TooManyMembers, member, "")?;
        }
        Ok(!is_one_too_many)
    }

    fn member(
        &mut self,
        reader: &mut dyn Read,
        name: &str,
        member: &At,
        maildirs: &mut Maildirs,
    ) -> Result<(), Stop> {
        if maildirs.is_unfinished(name) {
            return self.skip(Reason::Undelivered, member, "");
        }
        self.stream(reader, member)
    }

    pub(crate) fn guard<R: Read>(&self, inner: R, packed: Rc<Cell<u64>>) -> Guarded<R> {
        Guarded {
            inner,
            packed,
            unpacked: 0,
            max_ratio: self.limits.max_ratio,
            floor: self.limits.ratio_floor,
            total: Rc::clone(&self.unpacked),
            allowed: self.allowed,
        }
    }
}

/// The folders of a container that are Maildirs, as far as its members have shown.
#[derive(Default)]
struct Maildirs(BTreeSet<String>);

impl Maildirs {
    fn folder(&mut self, name: &str) {
        let maildir = name.strip_suffix("cur").or_else(|| name.strip_suffix("new"));
        if let Some(maildir) = maildir.filter(|maildir| maildir.is_empty() || maildir.ends_with('/')) {
            self.0.insert(maildir.to_owned());
        }
    }

    /// Tells whether a member lies in a Maildir's `tmp`.
    fn is_unfinished(&mut self, name: &str) -> bool {
        let (folder, _) = name.rsplit_once('/').unwrap_or_default();
        self.folder(folder);
        folder.strip_suffix("tmp").is_some_and(|maildir| self.0.contains(maildir))
    }
}

/// Counts the bytes that pass.
pub(crate) struct Counted<R> {
    pub(crate) inner: R,
    pub(crate) n: Rc<Cell<u64>>,
    /// The count stops here, although a zip's bytes may be read twice.
    pub(crate) max: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.n.set(self.n.get().saturating_add(n as u64).min(self.max));
        Ok(n)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Ends in an error when too much comes out of what was put in.
pub(crate) struct Guarded<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    unpacked: u64,
    max_ratio: u64,
    floor: u64,
    total: Rc<Cell<u64>>,
    allowed: u64,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.unpacked > self.floor && self.unpacked / self.max_ratio.max(1) > self.packed.get() {
            return Err(io::Error::other(Limit(Reason::TooDense)));
        }
        if self.total.get() > self.allowed {
            return Err(io::Error::other(Limit(Reason::TooLarge)));
        }
        let n = self.inner.read(into)?;
        self.unpacked += n as u64;
        self.total.set(self.total.get().saturating_add(n as u64));
        Ok(n)
    }
}

/// Brings a stream into a form that can seek.
fn spool(reader: &mut dyn Read) -> io::Result<tempfile::SpooledTempFile> {
    let mut file = tempfile::spooled_tempfile(MAX_IN_MEMORY);
    io::copy(reader, &mut file)?;
    file.flush()?;
    file.rewind()?;
    Ok(file)
}
