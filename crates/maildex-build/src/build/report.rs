//! What a build came to, message by message and input by input: nothing is lost without a count, a reason and an
//! example.

use crate::build::sections::WrittenSection;
use crate::input::{InputReport, Place};
use crate::message::{Problem, ProblemKind};
use crate::privacy::{Privacy, PrivacyReport};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// What may be odd about a message, in the words of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Damage {
    /// A short name that stays the same, for machines; records hold it.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Nothing of the message is lost or doubtful.
    pub harmless: bool,
}

/// All of them.
const DAMAGES: [Damage; 21] = [
    harmful("no-date", "no Date header"),
    harmful("bad-date", "Date header cannot be read"),
    harmful("misdated", "Date header contradicts the way the message took"),
    harmful("no-sender", "no sender"),
    // RFC 5322 says only "should", and drafts, chats and printed mail have none.
    harmless("no-message-id", "no Message-ID"),
    harmful("unknown-charset", "unknown charset, decoded by a guess"),
    harmful("bad-encoding", "malformed transfer encoding or charset"),
    harmful("too-many-parts", "parts beyond the limit not read"),
    harmful("too-deep", "nested beyond the limit"),
    harmful("truncated", "text beyond the limit cut"),
    harmful("attachment-cut", "text of an attachment beyond the limit not searched"),
    // The message is whole; it is the search that does not reach into what is attached.
    harmless("attachment-locked", "attached document encrypted, not searched"),
    harmless(
        "attachment-damaged",
        "attached document damaged or of an unknown version, not searched or in part",
    ),
    harmless("attachment-too-large", "attached document larger than 64 MiB, not searched"),
    harmless(
        "attachment-too-much",
        "attached document beyond the limits of pages, steps or unpacked bytes, searched in part",
    ),
    harmless(
        "attachment-failed",
        "attached document took too much time or memory (elsewhere it may not), not searched",
    ),
    harmful("no-headers", "no headers, all taken as text"),
    harmful("guessed-charset", "no charset or a wrong one, decoded by a guess"),
    harmful("bad-structure", "parts not closed or misplaced"),
    // What `--html drop` asks for is no damage; where HTML is too long to keep, its text is there.
    harmless("html-dropped", "HTML not kept, only its text"),
    CUT,
];
const CUT: Damage = harmful("cut", "message longer than the limit, cut");

const fn harmful(name: &'static str, meaning: &'static str) -> Damage {
    Damage { name, meaning, harmless: false }
}

const fn harmless(name: &'static str, meaning: &'static str) -> Damage {
    Damage { name, meaning, harmless: true }
}

impl Damage {
    /// The words for a problem of a message.
    pub(crate) fn of(problem: &Problem) -> Damage {
        let name = match problem.kind {
            ProblemKind::NoDate => "no-date",
            ProblemKind::BadDate => "bad-date",
            ProblemKind::Misdated => "misdated",
            ProblemKind::NoSender => "no-sender",
            ProblemKind::NoMessageId => "no-message-id",
            ProblemKind::UnknownCharset => "unknown-charset",
            ProblemKind::BadEncoding => "bad-encoding",
            ProblemKind::TooManyParts => "too-many-parts",
            ProblemKind::TooDeep => "too-deep",
            ProblemKind::Truncated => "truncated",
            ProblemKind::AttachmentCut => "attachment-cut",
            ProblemKind::AttachmentLocked => "attachment-locked",
            ProblemKind::AttachmentDamaged => "attachment-damaged",
            ProblemKind::AttachmentTooLarge => "attachment-too-large",
            ProblemKind::AttachmentTooMuch => "attachment-too-much",
            ProblemKind::AttachmentFailed => "attachment-failed",
            ProblemKind::NoHeaders => "no-headers",
            ProblemKind::GuessedCharset => "guessed-charset",
            ProblemKind::BadStructure => "bad-structure",
            ProblemKind::HtmlDropped => "html-dropped",
        };
        Damage::named(name).expect("every kind has a row")
    }

    /// The one with this name, as records hold it; none if a later version wrote it.
    pub fn named(name: &str) -> Option<Damage> {
        DAMAGES.into_iter().find(|damage| damage.name == name)
    }
}

/// Messages that have one kind of damage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// What is wrong.
    pub damage: Damage,
    /// How many messages.
    pub n: u64,
    /// Where the first of them is.
    pub example: String,
}

/// What is odd about messages: those of one input, or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Oddities {
    /// Messages with some damage; they are in the archive.
    pub damaged: u64,
    /// The damage by kind.
    pub damages: Vec<Damaged>,
    /// What is worth a line and harmless, by kind.
    pub remarks: Vec<Damaged>,
}

impl BuildReport {
    /// Counts the sections of a segment.
    pub(crate) fn add_sections(&mut self, sections: &[WrittenSection]) {
        for section in sections {
            let name = section.id.name();
            match self.sections.iter_mut().find(|(own, _)| *own == name) {
                Some((_, length)) => *length += section.length,
                None => self.sections.push((name, section.length)),
            }
        }
    }
}

/// Counts of damage while messages are parsed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Messages with any damage, by input.
    n_damaged: BTreeMap<usize, u64>,
    /// By input and kind: how many messages, the number of the first, and where it is.
    kinds: BTreeMap<(usize, Damage), (u64, u64, String)>,
}

impl Tally {
    /// Counts the message `number` of the input of that number.
    pub(crate) fn add(
        &mut self,
        input: usize,
        number: u64,
        place: &Place,
        mut damages: Vec<Damage>,
        cut: bool,
    ) {
        if cut {
            damages.push(CUT);
        }
        damages.sort();
        damages.dedup();
        *self.n_damaged.entry(input).or_default() += u64::from(damages.iter().any(|damage| !damage.harmless));
        for damage in damages {
            let row = self.kinds.entry((input, damage)).or_insert_with(|| (0, number, at(place)));
            row.0 += 1;
        }
    }

    /// The sum of several workers for one input or, without its number, for all; the example is that of the first
    /// message, whoever read it.
    pub(crate) fn sum(tallies: &[&Tally], input: Option<usize>) -> Oddities {
        let is_asked = |own: usize| input.is_none_or(|input| input == own);
        let mut damaged = 0;
        let mut kinds: BTreeMap<Damage, (u64, u64, &str)> = BTreeMap::new();
        for tally in tallies {
            damaged += tally.n_damaged.iter().filter(|(own, _)| is_asked(**own)).map(|(_, n)| n).sum::<u64>();
            for ((own, damage), (n, number, example)) in &tally.kinds {
                if !is_asked(*own) {
                    continue;
                }
                let row = kinds.entry(*damage).or_insert((0, u64::MAX, ""));
                row.0 += n;
                if *number < row.1 {
                    (row.1, row.2) = (*number, example);
                }
            }
        }
        let row = |(damage, (n, _, example)): (Damage, (u64, u64, &str))| Damaged {
            damage,
            n,
            example: example.to_owned(),
        };
        let (remarks, damages) = kinds.into_iter().map(row).partition(|own| own.damage.harmless);
        Oddities { damaged, damages, remarks }
    }
}

/// A place in words: `list.mbox at byte 1234`, `mail.zip/2001/inbox.mbox at byte 0`.
fn at(place: &Place) -> String {
    let path = if place.path.is_empty() { String::new() } else { format!("/{}", place.path) };
    format!("{}{path} at byte {}", place.source, place.offset)
}

/// What a build came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildReport {
    /// By input: what it held and what became of it.
    pub inputs: Vec<InputOutcome>,
    /// Messages in the archive.
    pub messages: u64,
    /// Messages that were merged into another because they are copies of it.
    pub copies: u64,
    /// Messages without any date.
    pub undated: u64,
    /// What is odd about them, copies included.
    pub oddities: Oddities,
    /// Threads.
    pub threads: u64,
    /// Message-IDs that are referred to and not in the archive; those of messages that were left out too.
    pub ghosts: u64,
    /// Messages that are quoted inside documents, each as often as it is.
    pub quoted: u64,
    /// Those whose original is a message here.
    pub quoted_here: u64,
    /// Those that are kept apart because theirs is not, each once.
    pub quoted_apart: u64,
    /// What is named and not here: ids, documents, numbers.
    pub placeholders: u64,
    /// The first and the last date, in seconds since 1970.
    pub dates: Option<(i64, i64)>,
    /// What was left out, where something was to be.
    pub excluded: Option<Excluded>,
    /// What was blacked out and masked.
    pub privacy: PrivacyReport,
    /// Bytes of mail read.
    pub raw_bytes: u64,
    /// Attachments and originals that are files of the site.
    pub kept: KeptTotal,
    /// Bytes of each section, frames included.
    pub sections: Vec<(&'static str, u64)>,
}

impl BuildReport {
    /// Takes what must not be published out of the names in it: a report may be published too. Those of messages are
    /// clean, since they were told of clean places.
    pub(crate) fn clean(&mut self, privacy: &mut Privacy) {
        for input in &mut self.inputs {
            privacy.name(&mut input.read.source);
            input.read.columns.iter_mut().for_each(|columns| privacy.name(columns));
            for skipped in &mut input.read.skipped {
                privacy.name(&mut skipped.example);
                privacy.name(&mut skipped.detail);
            }
        }
    }
}

/// What was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excluded {
    /// Messages, copies too.
    pub messages: u64,
    /// How many messages each query found, copies counted once. What it asked for is not told: a report may be published.
    pub queries: Vec<u64>,
    /// Messages in the archive that answer one that was left out, by its id, which stays in their headers.
    pub referring: u64,
    /// Those of them with quoted text, which may be its text.
    pub quoting: u64,
}

/// What is kept of attachments and originals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeptTotal {
    /// Attachments, identical ones once.
    pub attachments: u64,
    /// Their bytes.
    pub attachment_bytes: u64,
    /// Raw messages.
    pub originals: u64,
    /// Their bytes.
    pub original_bytes: u64,
    /// Files of the site that hold all these.
    pub files: u64,
    /// Bytes of these files.
    pub bytes: u64,
}

/// What became of one input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputOutcome {
    /// What it held and what was not mail.
    pub read: InputReport,
    /// Its messages that were merged into another, of this input or one before.
    pub copies: u64,
    /// Its messages that were left out.
    pub excluded: u64,
    /// What is odd about its messages, copies included.
    pub oddities: Oddities,
}

/// Puts together what is known of each input. `copies` are the numbers, in reading order, of messages that were merged.
pub(crate) fn outcomes(
    reports: Vec<InputReport>,
    copies: impl Iterator<Item = u64>,
    left_out: Option<&FxHashSet<u64>>,
    tallies: &[&Tally],
) -> Vec<InputOutcome> {
    // Messages are numbered through all inputs.
    let ends: Vec<u64> = reports
        .iter()
        .scan(0, |end, report| {
            *end += report.found;
            Some(*end)
        })
        .collect();
    let mut outcomes: Vec<InputOutcome> = (0..)
        .zip(reports)
        .map(|(input, read)| InputOutcome {
            read,
            copies: 0,
            excluded: 0,
            oddities: Tally::sum(tallies, Some(input)),
        })
        .collect();
    let input_of = |number: u64| ends.partition_point(|end| *end <= number);
    for number in copies {
        if let Some(own) = outcomes.get_mut(input_of(number)) {
            own.copies += 1;
        }
    }
    let mut left_out: Vec<u64> = left_out.into_iter().flatten().copied().collect();
    left_out.sort_unstable();
    for number in left_out {
        if let Some(own) = outcomes.get_mut(input_of(number)) {
            own.excluded += 1;
        }
    }
    outcomes
}

#[cfg(test)]
mod tests;
