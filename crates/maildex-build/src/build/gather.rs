//! The first pass: every message is read, parsed, put aside on disk and inverted, by as many threads as asked for.
//!
//! One thread reads the inputs and gives each message its number; which worker takes it changes nothing in the
//! archive, because everything that follows goes by numbers, dates and keys.

use crate::build::documents::Documents;
use crate::build::exclude::LeftOut;
use crate::build::index::invert::Inverter;
use crate::build::index::merge::Run;
use crate::build::report::{Damage, Tally};
use crate::build::stored;
use crate::build::{Attachments, BuildError, BuildOptions, Progress};
use crate::input::{self, Form, InputError, InputReport, Place, Raw, ReadOptions, Stop};
use crate::message::{self, Mailbox, Message, ParseOptions, states, subject};
use crate::privacy::Privacy;
use crate::released::Release;
use maildex_core::format::column::length_class;
use maildex_core::format::dictionary::{Kind, MAX_KEY};
use maildex_core::format::line::MAX_PREVIEW;
use maildex_core::format::record::{self, Record};
use maildex_core::text::{self, RegionKind, lower};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

/// A batch is handed to a worker at this size.
const BATCH_BYTES: usize = 1 << 20;

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
    head: Extent,
    body: Extent,
    /// Bytes of the body that are the record and its text; the rest is HTML.
    n_record: u32,
    n_text: u32,
}

/// Where something lies in a spool.
#[derive(Debug, Clone, Copy)]
struct Extent {
    at: u64,
    n: u32,
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
    heads: File,
    bodies: File,
    /// Attachments and raw messages that are kept, by their SHA-256.
    kept: FxHashMap<[u8; 32], Extent>,
    files: File,
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
struct Spool {
    out: BufWriter<File>,
    end: u64,
}

impl Spool {
    /// A spool, and the file to read it back from.
    fn new(scratch: &Path) -> io::Result<(Spool, File)> {
        let file = tempfile::tempfile_in(scratch)?;
        let reader = file.try_clone()?;
        Ok((Spool { out: BufWriter::with_capacity(1 << 18, file), end: 0 }, reader))
    }

    fn push(&mut self, parts: &[&[u8]]) -> io::Result<Extent> {
        let at = self.end;
        for part in parts {
            self.out.write_all(part)?;
            self.end += part.len() as u64;
        }
        Ok(Extent { at, n: u32::try_from(self.end - at).map_err(io::Error::other)? })
    }
}

/// What the first pass comes to.
pub(crate) struct Gathered {
    pub(crate) inputs: Vec<InputReport>,
    /// By worker.
    pub(crate) messages: Vec<Worked>,
    /// By worker: what is quoted inside the messages.
    pub(crate) quoted: Vec<Worked>,
    /// Of all messages in order, where it was asked for.
    pub(crate) digest: [u8; 32],
}

/// Messages of one input with their numbers.
struct Batch {
    /// The number of the input.
    input: usize,
    messages: Vec<(u64, Raw)>,
}

/// How the inputs are read this time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pass<'a> {
    /// Of pseudonyms.
    pub(crate) key: [u8; 32],
    pub(crate) left_out: Option<&'a LeftOut>,
    /// Hash all that is read.
    pub(crate) hashes: bool,
}

/// Reads every input.
pub(crate) fn gather(
    options: &BuildOptions,
    pass: Pass<'_>,
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<Gathered, BuildError> {
    let n_workers = options.n_threads();
    let total = options.inputs.iter().map(|path| input::size(path)).sum();
    progress.start("reading", Some(total));
    let (sender, receiver) = sync_channel::<Batch>(n_workers * 2);
    let receiver = Arc::new(Mutex::new(receiver));
    let result = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n_workers)
            .map(|_| {
                let receiver = Arc::clone(&receiver);
                scope.spawn(move || work(&receiver, options, pass, scratch))
            })
            .collect();
        // The workers hold the only receivers: if all have failed, sending fails instead of waiting for ever.
        drop(receiver);
        let mut hash = pass.hashes.then(Sha256::new);
        let reports = read_inputs(options, pass, &mut hash, &sender, progress);
        drop(sender);
        let worked: Result<Vec<(Worked, Worked)>, io::Error> =
            workers.into_iter().map(|worker| worker.join().expect("a worker does not panic")).collect();
        let worked = worked.map_err(|source| BuildError::Scratch { path: scratch.to_owned(), source });
        let digest = hash.map_or([0; 32], |hash| hash.finalize().into());
        let inputs = reports?;
        let (messages, quoted) = worked?.into_iter().unzip();
        Ok(Gathered { inputs, messages, quoted, digest })
    });
    progress.finish();
    result
}

/// How one of the inputs is read.
pub(crate) fn how_to_read<'a>(options: &'a BuildOptions, path: &Path) -> ReadOptions<'a> {
    ReadOptions {
        releases: &options.releases,
        name: options.names.get(path).map(String::as_str),
        columns: options.columns.clone(),
        ..ReadOptions::default()
    }
}

fn read_inputs(
    options: &BuildOptions,
    pass: Pass<'_>,
    hash: &mut Option<Sha256>,
    sender: &SyncSender<Batch>,
    progress: &dyn Progress,
) -> Result<Vec<InputReport>, BuildError> {
    let mut number = 0;
    let mut reports = Vec::new();
    for (input, path) in options.inputs.iter().enumerate() {
        let mut batch = Vec::new();
        let (mut bytes, mut before) = (0, 0);
        let counted = std::cell::Cell::new(0u64);
        let mut sink = |raw: Raw| {
            if let Some(hash) = hash {
                hash.update(Sha256::digest(&raw.bytes));
            }
            number += 1;
            counted.set(counted.get() + 1);
            if pass.left_out.is_some_and(|own| own.numbers.contains(&(number - 1))) {
                return Ok(());
            }
            bytes += raw.bytes.len();
            batch.push((number - 1, raw));
            if bytes >= BATCH_BYTES {
                bytes = 0;
                let messages = core::mem::take(&mut batch);
                return sender.send(Batch { input, messages }).map_err(|_| Stop);
            }
            Ok(())
        };
        let mut consumed = |at: u64| {
            progress.advance(at.saturating_sub(before), counted.replace(0));
            before = at;
        };
        let report = input::read_as(path, &how_to_read(options, path), &mut sink, &mut consumed);
        progress.advance(0, counted.get());
        match report {
            Ok(report) => reports.push(report),
            // A stop is a worker's failure, which is reported instead.
            Err(InputError::Stopped) => return Ok(reports),
            Err(error) => return Err(BuildError::Input(error)),
        }
        if !batch.is_empty() && sender.send(Batch { input, messages: batch }).is_err() {
            return Ok(reports);
        }
    }
    // One without mail is a line in the report; if none has any, there is nothing to build.
    match reports.iter().zip(&options.inputs).next() {
        Some((report, path)) if reports.iter().all(|report| report.found == 0) => {
            Err(BuildError::Input(report.without_mail(path)))
        }
        _ => Ok(reports),
    }
}

fn work(
    receiver: &Mutex<Receiver<Batch>>,
    options: &BuildOptions,
    pass: Pass<'_>,
    scratch: &Path,
) -> io::Result<(Worked, Worked)> {
    let mut worker = Worker::new(options, pass, scratch)?;
    loop {
        let next = receiver.lock().expect("no worker panics with the lock").recv();
        match next {
            Ok(Batch { input, messages }) => {
                messages.into_iter().try_for_each(|(number, raw)| worker.message(input, number, raw))?;
            }
            Err(_) => return worker.finish(),
        }
    }
}

struct Worker<'a> {
    parse: ParseOptions,
    /// Reads attached documents, where they are read.
    documents: Option<Documents>,
    keeps: Keeps,
    left_out: Option<&'a LeftOut>,
    /// Whether what is quoted is kept apart.
    tells_absent: bool,
    releases: &'a [Release],
    messages: Shelf,
    /// What is quoted inside them.
    quoted: Shelf,
}

impl<'a> Worker<'a> {
    fn new(options: &'a BuildOptions, pass: Pass<'a>, scratch: &Path) -> io::Result<Worker<'a>> {
        // A third of the memory for what grows; merging and compressing come after it is freed.
        let memory = (options.memory as usize / 3 / options.n_threads()).max(1 << 20);
        let parse = ParseOptions::default();
        let keeps = Keeps {
            attachments: options.attachments == Attachments::Keep && !options.is_private(),
            originals: options.originals && !options.is_private(),
            is_private: options.is_private(),
        };
        let is_dropped = options.attachments == Attachments::Drop;
        let documents = Documents::of(options, parse.max_attachment, keeps.attachments);
        let privacy = || Privacy::new(options.redact.as_ref(), options.masks.is_some(), pass.key);
        Ok(Worker {
            left_out: pass.left_out,
            tells_absent: options.tells_absent(),
            releases: &options.releases,
            parse: ParseOptions {
                keep_documents: documents.is_some(),
                keep_html: options.html,
                keep_bcc: options.keep_bcc,
                keep_attachments: keeps.attachments,
                max_attachment: if is_dropped { 0 } else { parse.max_attachment },
                ..parse
            },
            documents,
            keeps,
            messages: Shelf::new(scratch, memory, privacy())?,
            quoted: Shelf::new(scratch, memory / 4, privacy())?,
        })
    }

    fn message(&mut self, input: usize, number: u64, mut raw: Raw) -> io::Result<()> {
        let own = &mut self.messages.worked;
        let mut message = match raw.form {
            Form::Mail => message::parse(&raw.bytes, raw.envelope_date, &self.parse),
            Form::Document(release) => {
                own.release = Some(own.release.map_or(release, |first| first.min(release)));
                let name = if raw.place.path.is_empty() { &raw.place.source } else { &raw.place.path };
                self.releases[release].read(&raw.bytes, name)
            }
        };
        if let Some(documents) = &mut self.documents {
            documents.fill(&mut message);
        }
        let (refers, quotes) = self.left_out.map_or((false, false), |own| own.is_named_by(&message));
        own.n_referring += u64::from(refers);
        own.n_quoting += u64::from(quotes);
        own.privacy.apply(&mut message, &mut raw.place);
        let damages: Vec<Damage> = message.problems.iter().map(Damage::of).collect();
        own.tally.add(input, number, &raw.place, damages, raw.cut);
        if let (Form::Document(release), true) = (&raw.form, self.tells_absent) {
            own.documents.extend(message.document.as_ref().map(|document| document.number.clone()));
            for (at, inner) in (0..MAX_QUOTED).zip(self.releases[*release].quoted(&message)) {
                let size = inner.text.len() as u64;
                let key = message::quoted_key(&inner);
                self.quoted.put(number * MAX_QUOTED + at, (key, [0; 32]), inner, raw.place.clone(), size)?;
            }
        }
        let (key, size) = (message::key(&message), raw.bytes.len() as u64);
        let sha256 = self.messages.keep(&message, &raw, self.keeps)?;
        self.messages.put(number, (key, sha256), message, raw.place, size)
    }

    fn finish(self) -> io::Result<(Worked, Worked)> {
        Ok((self.messages.finish()?, self.quoted.finish()?))
    }
}

/// What is kept of messages besides their texts.
#[derive(Clone, Copy)]
struct Keeps {
    attachments: bool,
    originals: bool,
    is_private: bool,
}

/// Messages that one has quoted inside are counted from its own number times this.
pub(crate) const MAX_QUOTED: u64 = 1 << 10;

/// Where messages of one kind are put aside and inverted.
pub(crate) struct Shelf {
    scratch: PathBuf,
    memory: usize,
    inverter: Inverter,
    heads: Spool,
    bodies: Spool,
    files: Spool,
    worked: Worked,
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

    /// Takes the next message with its number in reading order, its key and the SHA-256 of its bytes; it was found at `place` and has `size` bytes there.
    pub(crate) fn put(
        &mut self,
        number: u64,
        (key, sha256): (u64, [u8; 32]),
        message: Message,
        place: Place,
        size: u64,
    ) -> io::Result<()> {
        let digest = message::content_digest(&message);
        let doc = self.worked.metas.len() as u32;
        let n_words = invert(&mut self.inverter, &message);
        self.inverter.end(doc);
        let folder = self.place(&place.source, &place.folder);
        let (date, delivered) = (message.date.order, message.date.delivered);
        let html = message.html.is_some();
        let head = postcard::to_stdvec(&head_of(&message)).map_err(io::Error::other)?;
        let head = self.heads.push(&[&head])?;
        let message_id = message.message_id.as_deref().map(text::message_id_hash);
        let (mut record, own_html) = record_of(message, key, size, place);
        let text = core::mem::take(&mut record.text);
        let record = stored::write(record)?;
        let parts = [&record, text.as_bytes(), own_html.as_deref().unwrap_or_default().as_bytes()];
        let body = self.bodies.push(&parts)?;
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        self.worked.metas.push(Meta {
            number,
            key,
            digest: short,
            id: message_id,
            date,
            size: u32::try_from(size).unwrap_or(u32::MAX),
            length: length_class(n_words) as u8,
            html,
            place: folder,
            delivered,
            sha256,
            head,
            body,
            n_record: record.len() as u32,
            n_text: text.len() as u32,
        });
        if self.inverter.memory() > self.memory { self.flush() } else { Ok(()) }
    }

    /// Puts aside what is kept of a message besides its text; gives the SHA-256 of the raw message.
    fn keep(&mut self, message: &Message, raw: &Raw, keeps: Keeps) -> io::Result<[u8; 32]> {
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

    fn keep_file(&mut self, sha256: [u8; 32], bytes: &[u8]) -> io::Result<()> {
        // Longer ones cannot be counted by what puts them aside.
        let is_short = u32::try_from(bytes.len()).is_ok();
        if is_short && !self.worked.kept.contains_key(&sha256) {
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
        self.heads.out.flush()?;
        self.bodies.out.flush()?;
        self.files.out.flush()?;
        Ok(self.worked)
    }
}

/// What threading and the result lines need of a message.
pub(crate) fn head_of(message: &Message) -> Head {
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
        misdated: message.date.misdated,
        attachments: has_attachment(message),
        from: from.to_owned(),
        sender: sender.map_or_else(Default::default, |m| (m.name.clone(), m.address.clone())),
        subject: message.subject.clone(),
        preview: text::preview(&message.text, MAX_PREVIEW),
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

/// Positions left out where one text ends and another begins: more than the words that a phrase may leave open.
const BORDER: u32 = 7;

/// Inverts a message; gives the number of words of its body.
///
/// A phrase never spans two fields, two people or a border of own and quoted text: [`BORDER`] positions are left out
/// between them.
fn invert(inverter: &mut Inverter, message: &Message) -> u32 {
    let mut head = 0;
    let mut sequence = |inverter: &mut Inverter, kind: Kind, own: &mut u32, texts: &[&str]| {
        let (mut any_next, mut own_next) = (head, *own);
        for text in texts {
            let (any_base, own_base) = (any_next, own_next);
            text::tokenize(text, &mut |token| {
                inverter.add(Kind::Any, token.text.as_bytes(), 0, any_base + token.position);
                inverter.add(kind, token.text.as_bytes(), 0, own_base + token.position);
                any_next = any_base + token.position + 1;
                own_next = own_base + token.position + 1;
            });
        }
        if any_next > head {
            head = any_next + BORDER;
            *own = own_next + BORDER;
        }
    };
    sequence(inverter, Kind::Subject, &mut 0, &[&message.subject]);
    let fields = [
        (Kind::From, &message.from),
        (Kind::To, &message.to),
        (Kind::Cc, &message.cc),
        (Kind::Bcc, &message.bcc),
    ];
    for (kind, boxes) in fields {
        let mut own = 0;
        for mailbox in boxes {
            sequence(inverter, kind, &mut own, &[&mailbox.name, &mailbox.address]);
            address(inverter, kind, &mailbox.address);
        }
    }
    let mut own = 0;
    for attachment in &message.attachments {
        sequence(inverter, Kind::File, &mut own, &[&attachment.name]);
    }
    attached_texts(inverter, message);
    let mut own = 0;
    for mailbox in &message.delivered_to {
        field(inverter, Kind::Delivered, &mut own, &[&mailbox.name, &mailbox.address]);
        address(inverter, Kind::Delivered, &mailbox.address);
    }
    for state in states(message).iter().filter(|state| state.len() <= MAX_KEY) {
        inverter.add(Kind::State, state.as_bytes(), 0, 0);
    }
    if let Some(document) = &message.document {
        // Whoever types the number alone looks for this document.
        text::tokenize(&document.number, &mut |token| {
            inverter.add(Kind::Any, token.text.as_bytes(), 0, head + token.position);
        });
    }
    body(inverter, &message.text)
}

/// The words of attachments. A part that is found under two names counts once.
fn attached_texts(inverter: &mut Inverter, message: &Message) {
    let mut next = 0;
    for (number, attachment) in message.attachments.iter().enumerate() {
        let is_again = message.attachments[..number].iter().any(|other| other.sha256 == attachment.sha256);
        if !is_again && !attachment.text.is_empty() {
            field(inverter, Kind::Attachment, &mut next, &[&attachment.text]);
        }
    }
}

/// Adds the words of texts, one behind the other, to a field of their own that bare words do not search.
fn field(inverter: &mut Inverter, kind: Kind, next: &mut u32, texts: &[&str]) {
    let start = *next;
    for text in texts {
        let base = *next;
        text::tokenize(text, &mut |token| {
            inverter.add(kind, token.text.as_bytes(), 0, base + token.position);
            *next = base + token.position + 1;
        });
    }
    if *next > start {
        *next += BORDER;
    }
}

/// The whole address and its domains, as keys that no text can spell.
fn address(inverter: &mut Inverter, kind: Kind, address: &str) {
    let whole = lower(address);
    let Some((_, domain)) = whole.rsplit_once('@') else { return };
    if whole.len() > MAX_KEY || domain.is_empty() {
        return;
    }
    inverter.add(kind, whole.as_bytes(), 0, 0);
    let mut rest = domain;
    loop {
        inverter.add(kind, format!("@{rest}").as_bytes(), 0, 0);
        match rest.split_once('.') {
            Some((_, above)) if !above.is_empty() => rest = above,
            _ => return,
        }
    }
}

fn body(inverter: &mut Inverter, text: &str) -> u32 {
    let mut next = [0u32; 3];
    let mut n_words = 0;
    for region in text::regions(text) {
        let at = if matches!(region.kind, RegionKind::Quoted { .. }) { 2 } else { 1 };
        let base = next[at];
        text::tokenize(&text[region.range], &mut |token| {
            inverter.add(Kind::Any, token.text.as_bytes(), at, base + token.position);
            next[at] = base + token.position + 1 + BORDER;
            n_words += 1;
        });
    }
    n_words
}
