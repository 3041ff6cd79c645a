//! The reading of one input: from a stream of bytes to messages, whatever the stream turns out to hold.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::input::detect::{HEAD, Hint, Kind, detect};
use crate::input::mbox::{Split, Splitter};
use crate::input::place::{Holder, has_mail_ending, is_message_name, mail_folder};
use crate::input::report::Reason;
use crate::input::table::{self, Columns, Sniffed};
use crate::input::tally::Tally;
use crate::input::{Form, Limits, Place, Raw, Stop};
use crate::released::Release;

/// Bytes that are read at once.
pub(crate) const CHUNK: usize = 256 * 1024;

/// Takes the messages of an input.
pub type RawSink<'a> = dyn FnMut(Raw) -> Result<(), Stop> + 'a;
/// Is told how many bytes of the input are used up.
pub type Progress<'a> = dyn FnMut(u64) + 'a;

/// An input while it is read.
pub(crate) struct Reading<'a> {
    pub(crate) source: String,
    pub(crate) limits: &'a Limits,
    /// Releases whose documents are looked for.
    pub(crate) releases: &'a [Release],
    /// Which columns of tables hold what, where the caller says it.
    pub(crate) columns: &'a Columns,
    pub(crate) tally: Tally,
    /// Bytes read from disk.
    pub(crate) consumed: Rc<Cell<u64>>,
    /// Bytes that the open file has been unpacked to, all layers together.
    pub(crate) unpacked: Rc<Cell<u64>>,
    /// What [`Reading::unpacked`] may become.
    pub(crate) allowed: u64,
    /// The kinds that the input itself turned out to be, the outermost first.
    pub(crate) layers: Vec<&'static str>,
    pub(crate) sink: &'a mut RawSink<'a>,
    pub(crate) progress: &'a mut Progress<'a>,
}

/// Where a stream comes from.
#[derive(Debug, Clone)]
pub(crate) struct At {
    /// As [`Place::path`].
    pub(crate) path: String,
    /// The number of containers around it.
    pub(crate) depth: u32,
    pub(crate) hint: Hint,
}

impl At {
    pub(crate) fn new(path: String, hint: Hint) -> At {
        let name = path.rsplit('/').next().unwrap_or_default();
        let hint = if hint == Hint::None && has_mail_ending(name) { Hint::MailName } else { hint };
        At { path, depth: 0, hint }
    }

    /// A member of the container that is here.
    pub(crate) fn member(&self, name: &str) -> At {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}!/{name}", self.path) };
        let mut parts = name.rsplit('/').skip(1);
        let hint = if matches!(parts.next(), Some("cur" | "new")) { Hint::MailPlace } else { Hint::None };
        At { depth: self.depth + 1, ..At::new(path, hint) }
    }
}

impl Reading<'_> {
    /// Reads whatever the stream holds. Damage is counted, not returned.
    pub(crate) fn stream(&mut self, reader: &mut dyn Read, at: &At) -> Result<(), Stop> {
        let mut peek = Peek::new(reader);
        if let (true, Some(error)) = (peek.head.is_empty(), &peek.failed) {
            self.tally.fail(error, &self.example(at));
            return Ok(());
        }
        let kind = detect(&peek.head, at.hint);
        if let (Kind::Message | Kind::NotMail | Kind::Empty, Some(release)) =
            (kind, self.release_of(&peek.head, at))
        {
            self.layer("message", at);
            return self.message(&mut peek, at, Form::Document(release));
        }
        self.layer(kind.name(), at);
        match kind {
            Kind::Mbox => self.mbox(&mut peek, at),
            Kind::Message => self.message(&mut peek, at, Form::Mail),
            Kind::Empty => self.skip(Reason::Empty, at, ""),
            Kind::Unsupported(format) => self.skip(Reason::Unsupported(format), at, ""),
            Kind::NotMail => match table::sniff(&peek.head, peek.head.len() < HEAD, self.columns) {
                Sniffed::Table(kind) => {
                    self.layer("table", at);
                    self.table(&mut peek, kind, at)
                }
                Sniffed::Other(what) => self.skip(Reason::NotMail, at, &what),
                Sniffed::No => self.skip(Reason::NotMail, at, ""),
            },
            Kind::Pst => self.pst_stream(&mut peek, at),
            Kind::Compound => self.compound(&mut peek, at),
            Kind::Tnef => self.tnef(&mut peek, at),
            Kind::Emlx => self.emlx(&mut peek, at),
            Kind::Zip | Kind::Tar | Kind::Gzip | Kind::Zstd | Kind::Xz => self.container(kind, &mut peek, at),
        }
    }

    /// Counts a file or the member of a container, and reads it. One that gave no message and no reason held none: that
    /// is told too, so that the report says of every file what became of it.
    pub(crate) fn counted(
        &mut self,
        at: &At,
        read: impl FnOnce(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.tally.files += 1;
        let Tally { found, told, containers, .. } = self.tally;
        read(self)?;
        let has_mail = self.tally.found > found;
        if !has_mail && self.tally.told == told {
            self.skip(Reason::Empty, at, "nothing in it")?;
        }
        self.tally.with_mail += u64::from(has_mail && self.tally.containers == containers);
        Ok(())
    }

    /// Notes what the input itself is; an empty name is not known yet, or nothing.
    pub(crate) fn layer(&mut self, name: &'static str, at: &At) {
        if at.path.is_empty() && !name.is_empty() {
            self.layers.push(name);
        }
    }

    fn mbox(&mut self, reader: &mut dyn Read, at: &At) -> Result<(), Stop> {
        let mut splitter = Splitter::new(self.limits.max_message);
        let mut held = Held { first: None, n: 0 };
        let mut chunk = vec![0; CHUNK];
        let mut damage = None;
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(n) => splitter.push(&chunk[..n], &mut |split| held.take(split, self, at))?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    damage = Some(error);
                    break;
                }
            }
            (self.progress)(self.consumed.get());
        }
        let Some(error) = damage else {
            splitter.finish(&mut |split| held.take(split, self, at))?;
            return held.last(self, at, false);
        };
        self.tally.fail(&error, &self.example(at));
        let mut last = None;
        splitter.finish(&mut |split| {
            last = Some(split);
            Ok(())
        })?;
        if let Some(split) = last {
            held.flush(self, at)?;
            held.n += 1;
            held.first = Some(split);
        }
        held.last(self, at, true)
    }

    fn release_of(&self, head: &[u8], at: &At) -> Option<usize> {
        let name = if at.path.is_empty() { &self.source } else { &at.path };
        self.releases.iter().position(|release| release.recognises(head, name))
    }

    fn message(&mut self, reader: &mut dyn Read, at: &At, form: Form) -> Result<(), Stop> {
        let mut bytes = Vec::new();
        let mut cut = false;
        if let Err(error) = reader.take(self.limits.max_message).read_to_end(&mut bytes) {
            self.tally.fail(&error, &self.example(at));
            cut = true;
        } else if bytes.len() as u64 == self.limits.max_message && reader.read(&mut [0]).is_ok_and(|n| n > 0)
        {
            self.tally.skip(Reason::MessageCut, 1, &self.example(at), "");
            cut = true;
        }
        if form != Form::Mail {
            self.tally.kinds.document += 1;
            let folder = mail_folder(&self.source, &at.path, Holder::File);
            return self.give(Raw {
                bytes,
                place: self.place(at, 0, folder),
                envelope_date: None,
                form,
                cut,
            });
        }
        let bom = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let text = bytes[bom..].iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
        let start =
            bytes[bom..bom + text].iter().rposition(|byte| *byte == b'\n').map_or(bom, |end| bom + end + 1);
        let start = start + quoted_separators(&bytes[start..]);
        bytes.drain(..start);
        self.count(Holder::File, at);
        let folder = mail_folder(&self.source, &at.path, Holder::File);
        self.give(Raw { bytes, place: self.place(at, start as u64, folder), envelope_date: None, form, cut })
    }

    pub(crate) fn give(&mut self, raw: Raw) -> Result<(), Stop> {
        self.tally.found += 1;
        (self.progress)(self.consumed.get());
        (self.sink)(raw)
    }

    /// Counts a message by the kind of place that it lay in.
    fn count(&mut self, holder: Holder, at: &At) {
        let kinds = &mut self.tally.kinds;
        let n = match (holder, at.hint) {
            _ if at.depth > 0 => &mut kinds.container,
            (Holder::Mbox, _) => &mut kinds.mbox,
            (Holder::File, Hint::MailPlace) => &mut kinds.maildir,
            (Holder::File, Hint::MailName) if is_number(&at.path) => &mut kinds.mh,
            (Holder::File, _) => &mut kinds.file,
        };
        *n += 1;
    }

    pub(crate) fn place(&self, at: &At, offset: u64, folder: String) -> Place {
        Place { source: self.source.clone(), path: at.path.clone(), offset, folder }
    }

    pub(crate) fn skip(&mut self, reason: Reason, at: &At, detail: &str) -> Result<(), Stop> {
        self.tally.skip(reason, 1, &self.example(at), detail);
        Ok(())
    }

    /// A place as the report names it.
    pub(crate) fn example(&self, at: &At) -> String {
        if at.path.is_empty() { self.source.clone() } else { format!("{}/{}", self.source, at.path) }
    }
}

/// Holds the first message of an mbox back until it is known whether there is a second: a file of one message is a
/// message among others in a folder, a file of many is a folder.
struct Held {
    first: Option<Split>,
    n: u64,
}

impl Held {
    fn take(&mut self, split: Split, reading: &mut Reading, at: &At) -> Result<(), Stop> {
        self.flush(reading, at)?;
        self.n += 1;
        if self.n == 1 {
            self.first = Some(split);
            return Ok(());
        }
        Held::give(split, Holder::Mbox, false, reading, at)
    }

    fn flush(&mut self, reading: &mut Reading, at: &At) -> Result<(), Stop> {
        self.first.take().map_or(Ok(()), |first| Held::give(first, Holder::Mbox, false, reading, at))
    }

    /// Gives what is still held; `damaged` tells that the stream broke inside it.
    fn last(&mut self, reading: &mut Reading, at: &At, damaged: bool) -> Result<(), Stop> {
        let Some(split) = self.first.take() else { return Ok(()) };
        let name = at.path.rsplit('/').next().unwrap_or_default();
        let alone = self.n == 1 && (at.hint == Hint::MailPlace || is_message_name(name));
        Held::give(split, if alone { Holder::File } else { Holder::Mbox }, damaged, reading, at)
    }

    fn give(split: Split, holder: Holder, damaged: bool, reading: &mut Reading, at: &At) -> Result<(), Stop> {
        if split.cut > 0 {
            let detail = format!("{} bytes dropped", split.cut);
            reading.tally.skip(Reason::MessageCut, 1, &reading.example(at), &detail);
        }
        reading.count(holder, at);
        let folder = mail_folder(&reading.source, &at.path, holder);
        let place = reading.place(at, split.offset, folder);
        let cut = damaged || split.cut > 0;
        reading.give(Raw {
            bytes: split.bytes,
            place,
            envelope_date: split.envelope_date,
            form: Form::Mail,
            cut,
        })
    }
}

fn is_number(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_digit())
        && has_mail_ending(name)
        && !name.contains(|c: char| c.is_alphabetic())
}

/// Bytes of `>From ` lines before the first header: the separators of earlier deliveries.
fn quoted_separators(bytes: &[u8]) -> usize {
    let mut at = 0;
    while bytes[at..].starts_with(b">From ") {
        at = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end + 1);
    }
    at
}

/// A stream whose beginning has been read and is read again. An error met there waits for its place.
pub(crate) struct Peek<'a> {
    pub(crate) head: Vec<u8>,
    at: usize,
    failed: Option<io::Error>,
    inner: &'a mut dyn Read,
}

impl<'a> Peek<'a> {
    fn new(inner: &'a mut dyn Read) -> Peek<'a> {
        let mut head = Vec::new();
        let failed = (&mut *inner).take(HEAD as u64).read_to_end(&mut head).err();
        Peek { head, at: 0, failed, inner }
    }
}

impl Read for Peek<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at < self.head.len() {
            let n = (&self.head[self.at..]).read(into)?;
            self.at += n;
            return Ok(n);
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.inner.read(into),
        }
    }
}
