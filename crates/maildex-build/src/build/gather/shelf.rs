//! Where parsed messages go: their words into an index in memory, the rest aside on disk.

use super::aside::{Head, Meta, Spool, Worked};
use crate::build::index::invert::Inverter;
use crate::build::index::words::invert;
use crate::build::report::{Damage, Tally};
use crate::build::stored;
use crate::input::{Place, Raw};
use crate::message::{self, Identity, Mailbox, Message, subject};
use crate::privacy::Privacy;
use maildex_core::format::column::length_class;
use maildex_core::format::line::MAX_PREVIEW;
use maildex_core::format::record::{self, Record};
use maildex_core::text::{self, Region};
use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// What is kept of messages besides their texts.
#[derive(Clone, Copy)]
pub(super) struct Keeps {
    pub(super) attachments: bool,
    pub(super) originals: bool,
    pub(super) is_private: bool,
}

/// A message as it is put aside.
pub(crate) struct Shelved {
    /// Its number in reading order.
    pub(crate) number: u64,
    /// What copies share.
    pub(crate) digest: [u8; 16],
    /// The hash of its Message-ID.
    pub(crate) id: Option<u64>,
    /// The ordering date.
    pub(crate) date: Option<i64>,
    /// The class of its length.
    pub(crate) length: u8,
    /// When it was delivered.
    pub(crate) delivered: Option<i64>,
    /// SHA-256 of the raw message.
    pub(crate) sha256: [u8; 32],
    pub(crate) head: Head,
    /// The record with its text and the one place it was found at.
    pub(crate) record: Record,
    pub(crate) html: Option<String>,
}

/// Where messages of one kind are put aside and inverted.
pub(crate) struct Shelf {
    scratch: PathBuf,
    memory: usize,
    inverter: Inverter,
    heads: Spool,
    bodies: Spool,
    files: Spool,
    pub(super) worked: Worked,
}

impl Shelf {
    /// An empty one that writes a run of its index whenever that has so many bytes.
    pub(crate) fn new(scratch: &Path, memory: usize, privacy: Privacy) -> io::Result<Shelf> {
        let (heads, heads_back) = Spool::new(scratch)?;
        let (bodies, bodies_back) = Spool::new(scratch)?;
        let (files, files_back) = Spool::new(scratch)?;
        Ok(Shelf {
            scratch: scratch.to_owned(),
            memory,
            inverter: Inverter::new(),
            heads,
            bodies,
            files,
            worked: Worked {
                metas: Vec::new(),
                runs: Vec::new(),
                places: Vec::new(),
                tally: Tally::default(),
                privacy,
                n_referring: 0,
                n_quoting: 0,
                release: None,
                documents: Vec::new(),
                heads: heads_back,
                bodies: bodies_back,
                kept: FxHashMap::default(),
                files: files_back,
            },
        })
    }

    /// Takes the next message with its number in reading order, what tells it from others and the SHA-256 of its bytes;
    /// it was found at `place` and has `size` bytes there.
    pub(crate) fn put(
        &mut self,
        number: u64,
        (Identity { key, digest }, sha256): (Identity, [u8; 32]),
        message: Message,
        place: Place,
        size: u64,
    ) -> io::Result<()> {
        let doc = self.worked.metas.len() as u32;
        let regions = text::regions(&message.text);
        let n_words = invert(&mut self.inverter, &message, &regions);
        self.inverter.end(doc);
        let head = head_of(&message, &regions);
        let (date, delivered) = (message.date.order, message.date.delivered);
        let id = message.message_id.as_deref().map(text::message_id_hash);
        let (record, html) = record_of(message, key, size, place);
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        let length = length_class(n_words) as u8;
        self.shelve(Shelved {
            number,
            digest: short,
            id,
            date,
            length,
            delivered,
            sha256,
            head,
            record,
            html,
        })?;
        if self.inverter.memory() > self.memory { self.flush() } else { Ok(()) }
    }

    /// Puts a message aside whose words are in a run, or will be.
    pub(crate) fn shelve(&mut self, own: Shelved) -> io::Result<()> {
        let Shelved { number, digest, id, date, length, delivered, sha256, head, mut record, html } = own;
        let place = record.places.first().map_or(("", ""), |own| (&own.source, &own.folder));
        let place = self.place(place.0, place.1);
        let head = postcard::to_stdvec(&head).map_err(io::Error::other)?;
        let head = self.heads.push(&[&head])?;
        let (key, size) = (record.key, record.size);
        let text = core::mem::take(&mut record.text);
        let record = stored::write(record)?;
        let parts = [&record, text.as_bytes(), html.as_deref().unwrap_or_default().as_bytes()];
        let body = self.bodies.push(&parts)?;
        self.worked.metas.push(Meta {
            number,
            key,
            digest,
            id,
            date,
            size: u32::try_from(size).unwrap_or(u32::MAX),
            length,
            html: html.is_some(),
            place,
            delivered,
            sha256,
            head,
            body,
            n_record: record.len() as u32,
            n_text: text.len() as u32,
        });
        Ok(())
    }

    /// Takes in a run of the words of messages that are shelved; its numbers are theirs in the order of [`Worked::metas`].
    pub(crate) fn take_run(&mut self, run: File) {
        self.worked.runs.push(run);
    }

    /// Puts aside what is kept of a message besides its text; gives the SHA-256 of the raw message.
    pub(super) fn keep(&mut self, message: &Message, raw: &Raw, keeps: Keeps) -> io::Result<[u8; 32]> {
        if keeps.attachments {
            for attachment in &message.attachments {
                // A name without content, as of a released document's attachment, is not a file.
                if attachment.bytes.len() as u64 == attachment.size && attachment.sha256 != [0; 32] {
                    self.keep_file(attachment.sha256, &attachment.bytes)?;
                }
            }
        }
        if keeps.is_private {
            // The hash of what is blacked out would tell whoever guesses it that the guess is right.
            return Ok([0; 32]);
        }
        let sha256 = Sha256::digest(&raw.bytes).into();
        if keeps.originals {
            self.keep_file(sha256, &raw.bytes)?;
        }
        Ok(sha256)
    }

    /// Whether a file is put aside already.
    pub(crate) fn keeps(&self, sha256: &[u8; 32]) -> bool {
        self.worked.kept.contains_key(sha256)
    }

    /// Puts a file aside that is kept, once.
    pub(crate) fn keep_file(&mut self, sha256: [u8; 32], bytes: &[u8]) -> io::Result<()> {
        // Longer ones cannot be counted by what puts them aside.
        let is_short = u32::try_from(bytes.len()).is_ok();
        if is_short && !self.keeps(&sha256) {
            let extent = self.files.push(&[bytes])?;
            self.worked.kept.insert(sha256, extent);
        }
        Ok(())
    }

    /// The number of a place. Mail of one folder comes together, so it is looked for from the end.
    fn place(&mut self, source: &str, folder: &str) -> u32 {
        let places = &mut self.worked.places;
        let known = places.iter().rposition(|(own, other)| own == source && other == folder);
        known.unwrap_or_else(|| {
            places.push((source.to_owned(), folder.to_owned()));
            places.len() - 1
        }) as u32
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut run = BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(&self.scratch)?);
        self.inverter.flush(&mut run)?;
        self.worked.runs.push(run.into_inner().map_err(|error| error.into_error())?);
        Ok(())
    }

    /// What was put here, to be read back.
    pub(crate) fn finish(mut self) -> io::Result<Worked> {
        if !self.inverter.is_empty() {
            self.flush()?;
        }
        self.heads.flush()?;
        self.bodies.flush()?;
        self.files.flush()?;
        Ok(self.worked)
    }
}

/// What threading and the result lines need of a message. `regions` are those of its text.
pub(crate) fn head_of(message: &Message, regions: &[Region]) -> Head {
    let (base_subject, is_reply) = subject::base_subject(&message.subject);
    let boxes = [&message.from, &message.to, &message.cc, &message.bcc];
    let sender = message.from.first();
    let from = sender.map_or("", |m| if m.name.is_empty() { &m.address } else { &m.name });
    Head {
        message_id: message.message_id.clone(),
        references: message.references.clone(),
        in_reply_to: message.in_reply_to.clone(),
        base_subject,
        is_reply,
        people: boxes.into_iter().flatten().map(identity).collect(),
        conversation: message.conversation(),
        misdated: message.date.misdated,
        attachments: has_attachment(message),
        from: from.to_owned(),
        sender: sender.map_or_else(Default::default, |m| (m.name.clone(), m.address.clone())),
        subject: message.subject.clone(),
        preview: text::preview(&message.text, regions, MAX_PREVIEW),
    }
}

/// What tells a person from others: the address, or the name where a printed message has no more.
fn identity(mailbox: &Mailbox) -> String {
    if mailbox.address.is_empty() { mailbox.name.to_lowercase() } else { mailbox.address.clone() }
}

/// Something beside the text and what is shown inside it (RFC 8621, 4.1.4, `hasAttachment`).
fn has_attachment(message: &Message) -> bool {
    message.attachments.iter().any(|attachment| !attachment.inline)
}

/// The record of a message, with the one place it was found at, and its HTML.
fn record_of(message: Message, key: u64, size: u64, place: Place) -> (Record, Option<String>) {
    let people = |boxes: Vec<Mailbox>| -> Vec<record::Person> {
        boxes.into_iter().map(|m| record::Person { name: m.name, address: m.address }).collect()
    };
    let attachment = |a: message::Attachment| record::Attachment {
        name: a.name,
        mime: a.mime,
        size: a.size,
        inline: a.inline,
        content_id: if a.inline { a.content_id } else { String::new() },
        // The hash of what is withheld would tell whoever guesses it that the guess is right.
        sha256: if a.withheld { [0; 32] } else { a.sha256 },
        kept: None,
    };
    let remark = |p: &message::Problem| record::Remark {
        kind: Damage::of(p).name.to_owned(),
        detail: p.detail.clone(),
    };
    // What is stored by itself is not stored again as a header, unless it could not be read as what it is.
    let told = [
        ("from", !message.from.is_empty()),
        ("to", !message.to.is_empty()),
        ("cc", !message.cc.is_empty()),
        ("bcc", !message.bcc.is_empty()),
        ("subject", true),
        ("message-id", message.message_id.is_some()),
    ];
    let is_told = |name: &str| told.iter().any(|(own, told)| *told && name.eq_ignore_ascii_case(own));
    let headers = message.headers.into_iter().filter(|(name, _)| !is_told(name)).collect();
    let own = Record {
        key,
        message_id: message.message_id.unwrap_or_default(),
        date: message.date.header,
        zone: message.date.zone,
        size,
        from: people(message.from),
        to: people(message.to),
        cc: people(message.cc),
        bcc: people(message.bcc),
        subject: message.subject,
        headers,
        text: message.text,
        attachments: message.attachments.into_iter().map(attachment).collect(),
        places: vec![record::Place {
            source: place.source,
            path: place.path,
            offset: place.offset,
            folder: place.folder,
        }],
        original: None,
        remarks: message.problems.iter().map(remark).collect(),
    };
    (own, message.html)
}
