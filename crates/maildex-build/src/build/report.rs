//! What a build came to, message by message and input by input: nothing is lost without a count, a reason and an
//! example.

use crate::input::{InputReport, Place};
use crate::message::{Problem, ProblemKind};
use std::collections::BTreeMap;

/// A kind of damage in the words of the report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Damage {
    /// A short name that stays the same, for machines.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

impl Damage {
    /// The words for a problem of a message.
    pub(crate) fn of(problem: &Problem) -> Damage {
        let (name, meaning) = match problem.kind {
            ProblemKind::NoDate => ("no-date", "no Date header"),
            ProblemKind::BadDate => ("bad-date", "Date header cannot be read"),
            ProblemKind::Misdated => ("misdated", "Date header contradicts the way the message took"),
            ProblemKind::NoSender => ("no-sender", "no sender"),
            ProblemKind::NoMessageId => ("no-message-id", "no Message-ID"),
            ProblemKind::UnknownCharset => ("unknown-charset", "unknown charset, decoded by a guess"),
            ProblemKind::BadEncoding => ("bad-encoding", "malformed transfer encoding or charset"),
            ProblemKind::TooManyParts => ("too-many-parts", "parts beyond the limit not read"),
            ProblemKind::TooDeep => ("too-deep", "nested beyond the limit"),
            ProblemKind::Truncated => ("truncated", "text beyond the limit cut"),
            ProblemKind::NoHeaders => ("no-headers", "no headers, all taken as text"),
            ProblemKind::GuessedCharset => {
                ("guessed-charset", "no charset or a wrong one, decoded by a guess")
            }
            ProblemKind::BadStructure => ("bad-structure", "parts not closed or misplaced"),
            ProblemKind::HtmlDropped => ("html-dropped", "HTML not kept, only its text"),
        };
        Damage { name, meaning }
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

/// Counts of damage while messages are parsed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Messages with any damage.
    pub(crate) n_damaged: u64,
    kinds: BTreeMap<Damage, (u64, u64, String)>,
}

impl Tally {
    pub(crate) fn add(&mut self, number: u64, place: &Place, mut damages: Vec<Damage>, cut: bool) {
        if cut {
            damages.push(Damage { name: "cut", meaning: "message longer than the limit, cut" });
        }
        damages.sort();
        damages.dedup();
        self.n_damaged += u64::from(!damages.is_empty());
        for damage in damages {
            let row = self.kinds.entry(damage).or_insert_with(|| (0, number, at(place)));
            row.0 += 1;
        }
    }

    /// The sum of several workers; the example is that of the first message, whoever read it.
    pub(crate) fn sum(tallies: impl Iterator<Item = Tally>) -> (u64, Vec<Damaged>) {
        let mut n_damaged = 0;
        let mut kinds: BTreeMap<Damage, (u64, u64, String)> = BTreeMap::new();
        for tally in tallies {
            n_damaged += tally.n_damaged;
            for (damage, (n, number, example)) in tally.kinds {
                let row = kinds.entry(damage).or_insert((0, u64::MAX, String::new()));
                row.0 += n;
                if number < row.1 {
                    (row.1, row.2) = (number, example);
                }
            }
        }
        let row = |(damage, (n, _, example))| Damaged { damage, n, example };
        (n_damaged, kinds.into_iter().map(row).collect())
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
    /// By input: what it held and what was not mail.
    pub inputs: Vec<InputReport>,
    /// Messages in the archive.
    pub messages: u64,
    /// Messages that were merged into another because they are copies of it.
    pub copies: u64,
    /// Messages without any date.
    pub undated: u64,
    /// Messages with some damage; they are in the archive.
    pub damaged: u64,
    /// The damage by kind.
    pub damages: Vec<Damaged>,
    /// Threads.
    pub threads: u64,
    /// Message-IDs that are referred to and not in the archive.
    pub ghosts: u64,
    /// The first and the last date, in seconds since 1970.
    pub dates: Option<(i64, i64)>,
    /// Bytes of mail read.
    pub raw_bytes: u64,
    /// Bytes of each section, frames included.
    pub sections: Vec<(&'static str, u64)>,
    /// Bytes that are read to open the archive.
    pub front_bytes: u64,
}
