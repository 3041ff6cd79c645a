//! The first pass: every message is read, parsed, put aside on disk and inverted, by as many threads as asked for.
//!
//! One thread reads the inputs and gives each message its number; which worker takes it changes nothing in the
//! archive, because everything that follows goes by numbers, dates and keys.

mod aside;
mod shelf;

use crate::build::documents::Documents;
use crate::build::exclude::LeftOut;
use crate::build::report::Damage;
use crate::build::{Attachments, BuildError, BuildOptions, Progress};
use crate::input::{self, Form, InputError, InputReport, Raw, ReadOptions, Stop};
use crate::message::{self, Identity, ParseOptions};
use crate::privacy::Privacy;
use crate::released::Release;
use sha2::{Digest as _, Sha256};
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use self::shelf::Keeps;

pub(crate) use self::aside::{Body, Head, Meta, Worked};
pub(crate) use self::shelf::{Shelf, Shelved, head_of};

/// A batch is handed to a worker at this size.
const BATCH_BYTES: usize = 1 << 20;

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
                let identity = (Identity::of_quoted(&inner), [0; 32]);
                self.quoted.put(number * MAX_QUOTED + at, identity, inner, raw.place.clone(), size)?;
            }
        }
        let (identity, size) = (Identity::of(&message), raw.bytes.len() as u64);
        let sha256 = self.messages.keep(&message, &raw, self.keeps)?;
        self.messages.put(number, (identity, sha256), message, raw.place, size)
    }

    fn finish(self) -> io::Result<(Worked, Worked)> {
        Ok((self.messages.finish()?, self.quoted.finish()?))
    }
}

/// Messages that one has quoted inside are counted from its own number times this.
pub(crate) const MAX_QUOTED: u64 = 1 << 10;
