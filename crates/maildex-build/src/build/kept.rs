//! Attachments and originals on their way into the site: pooled into frames, frames into packs, identical files once.
//!
//! Neither one file each nor one section of the blob: lists of 46,000 messages would be as many files, which uploads and
//! hosts with a limit on their number (20,000 at Cloudflare Pages) bear badly, and alone a message packs half as well as
//! among its like; as shards of the blob they would all stand in the manifest, which every opening reads.

use crate::build::Attachments;
use crate::build::report::KeptTotal;
use crate::build::sections::WrittenSection;
use crate::build::segment::{COLUMN_BLOCK, Material, write_fixed};
use crate::build::site::sum;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use maildex_core::format::block::SectionId;
use maildex_core::format::front::MessageKind;
use maildex_core::format::kept::{KeptFile, PIECE, Part, Piece, pack_name, push_pack};
use maildex_core::format::record::Record;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;

/// Files are pooled into frames of so many bytes: whoever reads one of them fetches and unpacks the frame.
const FRAME: usize = 64 << 10;
/// A pack is closed before it grows longer than this; a longer frame is a pack by itself. Hosts without ranges give packs
/// as a whole.
const PACK: usize = 1 << 20;
/// Bytes of frames that are packed in parallel before they are written.
const AHEAD: usize = 16 << 20;

/// Where the kept files lie.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pieces: FxHashMap<[u8; 32], Vec<Piece>>,
    originals: bool,
    /// The files of the site that were written, with their sums.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) total: KeptTotal,
}

impl Kept {
    /// Writes into a record where its files are; `sha256` is that of the raw message.
    pub(crate) fn locate(&self, record: &mut Record, sha256: &[u8; 32]) {
        for attachment in &mut record.attachments {
            attachment.kept = self.pieces.get(&attachment.sha256).cloned();
        }
        if self.originals {
            record.original = self.pieces.get(sha256).cloned();
        }
    }
}

/// Writes the packs into the site that is being made, and the sections that lead to them. Files lie in the order of
/// `docs`, which is that of threads: what is read together lies together.
pub(crate) fn write(material: &Material<'_>, docs: &[u32]) -> io::Result<(Kept, Vec<WrittenSection>)> {
    let options = material.options;
    // What is not here has neither.
    let may_keep = material.about.kind == MessageKind::Message && !options.is_private();
    let attachments = options.attachments == Attachments::Keep && may_keep;
    let originals = options.originals && may_keep;
    let mut kept = Kept { originals, ..Kept::default() };
    let mut hashes = Vec::with_capacity(docs.len() * 32);
    let mut packs = Vec::new();
    if attachments || originals {
        material.progress.start("keeping files", Some(docs.len() as u64));
        let mut packing = Packing::new(material.scratch, &mut kept)?;
        for &doc in docs {
            packing.message(material, doc, attachments)?;
            material.progress.advance(1, 1);
        }
        packs = packing.finish()?;
        material.progress.finish();
    }
    for &doc in docs {
        hashes.extend_from_slice(&material.meta(doc).1.sha256);
    }
    let sections = vec![
        write_fixed(material, SectionId::Originals, COLUMN_BLOCK, &hashes)?,
        write_fixed(material, SectionId::Packs, COLUMN_BLOCK, &packs)?,
    ];
    Ok((kept, sections))
}

/// Files of one sort: attachments, or originals. What is searched and read together packs better together.
#[derive(Debug, Default)]
struct Stream {
    frame: Frame,
    /// The pack that is being filled, and its number.
    pack: Vec<u8>,
    number: u32,
}

/// The content of a frame, with the files that lie in it and where they begin.
#[derive(Debug, Default)]
struct Frame {
    stream: usize,
    bytes: Vec<u8>,
    files: Vec<([u8; 32], u32)>,
}

const ATTACHMENTS: usize = 0;
const ORIGINALS: usize = 1;

struct Packing<'a> {
    scratch: &'a Path,
    kept: &'a mut Kept,
    streams: [Stream; 2],
    waiting: Vec<Frame>,
    waiting_bytes: usize,
    /// Hash and length of each pack, by number.
    packs: Vec<([u8; 32], u64)>,
}

impl<'a> Packing<'a> {
    fn new(scratch: &'a Path, kept: &'a mut Kept) -> io::Result<Packing<'a>> {
        fs::create_dir_all(scratch.join("a"))?;
        let streams = Default::default();
        Ok(Packing { scratch, kept, streams, waiting: Vec::new(), waiting_bytes: 0, packs: Vec::new() })
    }

    fn message(&mut self, material: &Material<'_>, doc: u32, attachments: bool) -> io::Result<()> {
        let (worked, meta) = material.meta(doc);
        if attachments {
            for attachment in worked.body(meta)?.record()?.attachments {
                let is_new = self.file(ATTACHMENTS, &attachment.sha256, |from| {
                    worked.kept(&attachment.sha256, from, PIECE)
                })?;
                self.kept.total.attachments += u64::from(is_new);
                self.kept.total.attachment_bytes += if is_new { attachment.size } else { 0 };
            }
        }
        if self.kept.originals {
            let is_new = self.file(ORIGINALS, &meta.sha256, |from| worked.kept(&meta.sha256, from, PIECE))?;
            self.kept.total.originals += u64::from(is_new);
            self.kept.total.original_bytes += if is_new { u64::from(meta.size) } else { 0 };
        }
        Ok(())
    }

    /// Takes in a file that `read` gives piece by piece; tells whether it was a new one.
    fn file(
        &mut self,
        stream: usize,
        sha256: &[u8; 32],
        read: impl Fn(u64) -> io::Result<Option<Vec<u8>>>,
    ) -> io::Result<bool> {
        if self.kept.pieces.contains_key(sha256) {
            return Ok(false);
        }
        let Some(mut piece) = read(0)? else { return Ok(false) };
        self.kept.pieces.insert(*sha256, Vec::new());
        let mut from = 0;
        while !piece.is_empty() {
            from += piece.len() as u64;
            self.piece(stream, sha256, &piece)?;
            piece = read(from)?.unwrap_or_default();
        }
        Ok(true)
    }

    fn piece(&mut self, stream: usize, sha256: &[u8; 32], bytes: &[u8]) -> io::Result<()> {
        if self.streams[stream].frame.bytes.len() + bytes.len() > FRAME {
            self.end_frame(stream)?;
        }
        let frame = &mut self.streams[stream].frame;
        frame.files.push((*sha256, frame.bytes.len() as u32));
        frame.bytes.extend_from_slice(bytes);
        if frame.bytes.len() >= FRAME { self.end_frame(stream) } else { Ok(()) }
    }

    fn end_frame(&mut self, stream: usize) -> io::Result<()> {
        let frame = core::mem::take(&mut self.streams[stream].frame);
        if frame.files.is_empty() {
            return Ok(());
        }
        self.waiting_bytes += frame.bytes.len();
        self.waiting.push(Frame { stream, ..frame });
        if self.waiting_bytes >= AHEAD { self.flush() } else { Ok(()) }
    }

    /// Packs the frames that wait, in parallel, and writes them in order.
    fn flush(&mut self) -> io::Result<()> {
        self.waiting_bytes = 0;
        let waiting = core::mem::take(&mut self.waiting);
        let packed: Vec<Option<Vec<u8>>> =
            waiting.par_iter().map(|frame| deflate(&frame.bytes)).collect::<io::Result<_>>()?;
        for (frame, packed) in waiting.into_iter().zip(packed) {
            let is_packed = packed.is_some();
            let (number, at, stored) = self.store(frame.stream, packed.as_deref().unwrap_or(&frame.bytes))?;
            for (sha256, skip) in frame.files {
                let piece = Piece { pack: number, at, stored, skip, packed: is_packed };
                self.kept.pieces.entry(sha256).or_default().push(piece);
            }
        }
        Ok(())
    }

    /// Appends a frame to its stream's pack; gives the pack's number and where the frame lies in it.
    fn store(&mut self, stream: usize, bytes: &[u8]) -> io::Result<(u32, u32, u32)> {
        let len = self.streams[stream].pack.len();
        if len > 0 && len + bytes.len() > PACK {
            self.end_pack(stream)?;
        }
        let own = &mut self.streams[stream];
        if own.pack.is_empty() {
            own.number = u32::try_from(self.packs.len()).map_err(io::Error::other)?;
            // Its place; the hash is known when it is full.
            self.packs.push(([0; 32], 0));
        }
        let at = own.pack.len() as u32;
        own.pack.extend_from_slice(bytes);
        Ok((own.number, at, bytes.len() as u32))
    }

    fn end_pack(&mut self, stream: usize) -> io::Result<()> {
        let own = &mut self.streams[stream];
        let bytes = core::mem::take(&mut own.pack);
        if bytes.is_empty() {
            return Ok(());
        }
        let sha256 = Sha256::digest(&bytes).into();
        self.packs[own.number as usize] = (sha256, bytes.len() as u64);
        let name = pack_name(&sha256);
        fs::write(self.scratch.join(&name), &bytes)?;
        self.kept.total.files += 1;
        self.kept.total.bytes += bytes.len() as u64;
        self.kept.files.push((name, sum(&bytes)));
        Ok(())
    }

    /// Writes what is left; gives the payload of the section *packs*.
    fn finish(mut self) -> io::Result<Vec<u8>> {
        for stream in [ATTACHMENTS, ORIGINALS] {
            self.end_frame(stream)?;
        }
        self.flush()?;
        for stream in [ATTACHMENTS, ORIGINALS] {
            self.end_pack(stream)?;
        }
        let mut rows = Vec::new();
        self.packs.iter().for_each(|(sha256, length)| push_pack(&mut rows, sha256, *length));
        Ok(rows)
    }
}

/// The packed bytes, where they are shorter by a sixteenth: pictures and archives are not.
fn deflate(bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes)?;
    let packed = encoder.finish()?;
    Ok((packed.len() + bytes.len() / 16 < bytes.len()).then_some(packed))
}

/// Writes a kept file of the site in a folder into `out`, which is to be thrown away where this fails: that the bytes are
/// the right ones is known at their end.
///
/// # Errors
/// If the site is without the file, or its bytes have another SHA-256.
pub fn copy_file(folder: &Path, file: &KeptFile, out: &mut impl Write) -> io::Result<()> {
    let wrong = |what: &'static str| io::Error::new(io::ErrorKind::InvalidData, what);
    let Some(parts) = &file.parts else { return Err(wrong("the archive was built without it")) };
    let mut hash = Sha256::new();
    for part in parts {
        let in_pack = |error: io::Error| io::Error::new(error.kind(), format!("in {}: {error}", part.name));
        let bytes = read_part(folder, part).map_err(in_pack)?;
        hash.update(&bytes);
        out.write_all(&bytes)?;
    }
    if hash.finalize()[..] == file.sha256 {
        Ok(())
    } else {
        Err(wrong("its SHA-256 is not the one in the archive; copy the site again"))
    }
}

fn read_part(folder: &Path, part: &Part) -> io::Result<Vec<u8>> {
    let mut pack = File::open(folder.join(&part.name))?;
    pack.seek(SeekFrom::Start(u64::from(part.piece.at)))?;
    let stored = pack.take(u64::from(part.piece.stored));
    let (skip, length) = (u64::from(part.piece.skip), u64::from(part.length));
    let mut content = Vec::new();
    // A forged frame may unpack to anything: no more is taken than is wanted.
    match part.piece.packed {
        true => DeflateDecoder::new(stored).take(skip + length).read_to_end(&mut content)?,
        false => stored.take(skip + length).read_to_end(&mut content)?,
    };
    if content.len() as u64 != skip + length {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it is cut; copy the site again"));
    }
    content.drain(..skip as usize);
    Ok(content)
}

#[cfg(test)]
mod tests;
