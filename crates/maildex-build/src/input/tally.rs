//! The counts of one input while it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;

use crate::input::report::{Reason, Skipped};

/// Collects a report while an input is read.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) found: u64,
    pub(crate) files: u64,
    /// Those of the files that a message came from, containers left out.
    pub(crate) with_mail: u64,
    /// How often it was told that something was not read.
    pub(crate) told: u64,
    /// Those of the files that turned out to be a zip or a tar.
    pub(crate) containers: u64,
    pub(crate) kinds: Kinds,
    /// Messages that are something else than mail, by what they are.
    pub(crate) items: BTreeMap<&'static str, u64>,
    /// Which columns of tables were taken for what.
    pub(crate) columns: BTreeSet<String>,
    skipped: BTreeMap<Reason, Skipped>,
}

/// How many messages came from each kind of place.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    pub(crate) maildir: u64,
    pub(crate) mh: u64,
    pub(crate) file: u64,
    pub(crate) mbox: u64,
    pub(crate) container: u64,
    /// The histories of public inboxes.
    pub(crate) inbox: u64,
    /// Texts of released documents.
    pub(crate) document: u64,
    /// Items and rows of other programs' files.
    pub(crate) other: u64,
}

impl Kinds {
    /// The name of a folder that holds these.
    pub(crate) fn folder(&self) -> &'static str {
        match self {
            Kinds {
                maildir: 0,
                mh: 0,
                file: 0,
                mbox: 0,
                container: 0,
                document: 0,
                other: 0,
                inbox: 1..,
            } => "public inbox",
            Kinds { other: 1.., .. } | Kinds { inbox: 1.., .. } => "folder",
            Kinds { maildir: 0, mh: 0, file: 0, mbox: 0, container: 0, document: 1.., .. } => {
                "folder of released documents"
            }
            Kinds { document: 1.., .. } => "folder",
            Kinds { maildir: 1.., mh: 0, file: 0, mbox: 0, container: 0, .. } => "Maildir",
            Kinds { maildir: 0, mh: 1.., file: 0, mbox: 0, container: 0, .. } => "MH tree",
            Kinds { maildir: 0, mh: 0, file: 0, mbox: 0, container: 0, .. } => "folder",
            Kinds { maildir: 0, mbox: 0, container: 0, .. } => "folder of messages",
            Kinds { maildir: 0, mh: 0, file: 0, mbox: 1.., container: 0, .. } => "folder of mboxes",
            Kinds { maildir: 0, mh: 0, file: 0, mbox: 0, .. } => "folder of containers",
            _ => "folder",
        }
    }
}

impl Tally {
    pub(crate) fn skip(&mut self, reason: Reason, n: u64, example: &str, detail: &str) {
        self.told += 1;
        self.skipped
            .entry(reason)
            .or_insert_with(|| Skipped {
                reason,
                n: 0,
                example: example.to_owned(),
                detail: detail.to_owned(),
            })
            .n += n;
    }

    pub(crate) fn fail(&mut self, error: &io::Error, example: &str) {
        let limit = error.get_ref().and_then(|inner| inner.downcast_ref::<Limit>());
        let reason = match (limit, error.kind()) {
            (Some(Limit(reason)), _) => *reason,
            (None, io::ErrorKind::PermissionDenied | io::ErrorKind::NotFound) => Reason::Unreadable,
            (None, _) if error.raw_os_error().is_some() => Reason::Unreadable,
            (None, _) => Reason::Damaged,
        };
        let detail = if limit.is_some() { String::new() } else { error.to_string() };
        self.skip(reason, 1, example, &detail);
    }

    pub(crate) fn skipped(self) -> Vec<Skipped> {
        self.skipped.into_values().collect()
    }
}

/// A limit that was reached, on its way through readers that know only `io::Error`.
#[derive(Debug)]
pub(crate) struct Limit(pub(crate) Reason);

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Limit {}
