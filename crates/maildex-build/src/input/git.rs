//! Public inboxes: git repositories whose history is mail (public-inbox-v1-format(5) and public-inbox-v2-format(5)).
//!
//! A repository of version 1 has a file for each message, named by its id; what was removed is in the history only. In
//! one of version 2 each commit writes one file, `m` for a message and `d` for one that is deleted; what does not fit into
//! one repository goes on in the next (`0.git`, `1.git` …), and a deletion may mean a message of an earlier one.
//!
//! The program `git` reads the objects, because whoever mirrors a public inbox has it, and it keeps pace with the formats
//! of packs. A repository may be made to run commands by its configuration, so that is never read: `git` sees a folder of
//! ours that borrows nothing but the objects.

mod program;

use crate::input::detect::Hint;
use crate::input::reading::{At, Reading};
use crate::input::report::Reason;
use crate::input::{Form, Place, Raw, Stop, folder};
use program::{Blob, Change, Id, Repository};
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Tells whether a folder is a bare git repository.
pub(crate) fn is_repository(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

/// The repositories of an inbox of version 2 in the folder that holds them, by number: `0.git`, `1.git` …
pub(crate) fn epochs(folder: &Path) -> Vec<String> {
    let number = |name: &str| name.strip_suffix(".git")?.parse::<u32>().ok();
    let names = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut found: Vec<(u32, String)> = names.filter_map(|name| Some((number(&name)?, name))).collect();
    found.retain(|(_, name)| is_repository(&folder.join(name)));
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

/// One repository of an inbox.
struct Epoch {
    at: At,
    repository: Repository,
    /// The messages that stay, the newest first, each with the number of its change counted from the newest.
    kept: Vec<(u32, Id)>,
}

/// Where something lies in the history: the repository, and the changes in it that are newer.
type Moment = (usize, u32);

/// Whether a deletion comes behind a message.
fn is_behind(deletion: Moment, message: Moment) -> bool {
    deletion.0 > message.0 || deletion.0 == message.0 && deletion.1 < message.1
}

/// What is known of an inbox behind some point of its history, which is walked backwards.
#[derive(Default)]
struct Later {
    /// Deletions whose message has not been met.
    deleted: BTreeMap<Id, Vec<Moment>>,
    /// Names of files of version 1 whose last state was met.
    settled: FxHashSet<Vec<u8>>,
    withdrawn: u64,
}

impl Reading<'_> {
    /// Reads a public inbox, whose repositories are `epochs` of `folder`, or the folder itself where there are none.
    pub(crate) fn inbox(&mut self, folder: &Path, epochs: &[String], path: &str) -> Result<(), Stop> {
        let mut places: Vec<(PathBuf, String)> = Vec::new();
        if epochs.is_empty() {
            places.push((folder.to_owned(), path.to_owned()));
        }
        for name in epochs {
            let inner = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            places.push((folder.join(name), inner));
        }
        let mut later = Later::default();
        let mut read = Vec::new();
        for (number, (folder, path)) in places.iter().enumerate().rev() {
            let at = At::new(path.clone(), Hint::None);
            self.tally.files += 1;
            self.tally.containers += 1;
            self.consumed.set(self.consumed.get().saturating_add(folder::size(folder)));
            match Repository::open(folder) {
                Ok(repository) => {
                    let mut epoch = Epoch { at, repository, kept: Vec::new() };
                    self.history(&mut epoch, number, &mut later);
                    read.push((number, epoch));
                }
                Err(program::Refused { reason, detail }) => self.skip(reason, &at, detail)?,
            }
        }
        let marks = self.marks(&mut read, &later);
        for (number, epoch) in read.into_iter().rev() {
            self.messages(number, epoch, &marks, &mut later)?;
        }
        if later.withdrawn > 0 {
            let example = self.example(&At::new(path.to_owned(), Hint::None));
            self.tally.skip(Reason::Withdrawn, later.withdrawn, &example, "");
        }
        Ok(())
    }

    /// Walks the history of one repository backwards.
    fn history(&mut self, epoch: &mut Epoch, number: usize, later: &mut Later) {
        let mut n = 0u32;
        let Epoch { repository, kept, .. } = epoch;
        let walked = repository.history(&mut |change| {
            n = n.saturating_add(1);
            match change {
                Change::Message(id) => match later.deleted.get_mut(&id).and_then(Vec::pop) {
                    Some(_) => later.withdrawn += 1,
                    None => kept.push((n, id)),
                },
                Change::Deletion(id) => later.deleted.entry(id).or_default().push((number, n)),
                Change::File(name, id) => match (later.settled.insert(name), id) {
                    (true, Some(id)) => kept.push((n, id)),
                    (false, Some(_)) => later.withdrawn += 1,
                    (_, None) => {}
                },
            }
        });
        if let Err(detail) = walked {
            self.tally.skip(Reason::Damaged, 1, &self.example(&epoch.at), &detail);
        }
    }

    /// What deletions mean that name no message by its bytes: one with the same id and text.
    fn marks(&mut self, read: &mut [(usize, Epoch)], later: &Later) -> FxHashMap<[u8; 32], Moment> {
        let mut marks = FxHashMap::default();
        for (id, moments) in &later.deleted {
            for moment in moments {
                let Some((_, epoch)) = read.iter_mut().find(|(number, _)| *number == moment.0) else {
                    continue;
                };
                if let Ok(Blob { bytes, .. }) = epoch.repository.blob(id, self.limits.max_message) {
                    let newest = marks.entry(mark(&bytes)).or_insert(*moment);
                    if is_behind(*moment, *newest) {
                        *newest = *moment;
                    }
                }
            }
        }
        marks
    }

    fn messages(
        &mut self,
        number: usize,
        mut epoch: Epoch,
        marks: &FxHashMap<[u8; 32], Moment>,
        later: &mut Later,
    ) -> Result<(), Stop> {
        let folder = folder_of(&epoch.at.path);
        for (n, id) in epoch.kept.iter().rev() {
            let moment = (number, *n);
            let name = epoch.repository.name(id);
            let path = if epoch.at.path.is_empty() { name } else { format!("{}!/{name}", epoch.at.path) };
            let at = At::new(path, Hint::None);
            self.tally.files += 1;
            match epoch.repository.blob(id, self.limits.max_message) {
                Ok(Blob { bytes, .. })
                    if !marks.is_empty()
                        && marks.get(&mark(&bytes)).is_some_and(|deletion| is_behind(*deletion, moment)) =>
                {
                    later.withdrawn += 1;
                }
                Ok(Blob { bytes, cut }) => {
                    if cut {
                        self.skip(Reason::MessageCut, &at, "")?;
                    }
                    self.tally.kinds.inbox += 1;
                    self.tally.with_mail += 1;
                    let place = Place {
                        source: self.source.clone(),
                        path: at.path,
                        offset: 0,
                        folder: folder.clone(),
                    };
                    self.give(Raw { bytes, place, envelope_date: None, form: Form::Mail, cut })?;
                }
                Err(detail) => self.skip(Reason::Damaged, &at, &detail)?,
            }
        }
        Ok(())
    }
}

/// What people call an inbox: of `lists/sea.git` and of `lists/sea/git/0.git`, `lists/sea`.
fn folder_of(path: &str) -> String {
    let (around, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = path.strip_suffix(".git").unwrap_or(path);
    let is_numbered =
        name.strip_suffix(".git").is_some_and(|stem| stem.bytes().all(|byte| byte.is_ascii_digit()));
    let inbox = if is_numbered { around.strip_suffix("git").unwrap_or(around) } else { stem };
    inbox.trim_end_matches('/').to_owned()
}

/// By which a deletion finds its message where the two were not written alike: the id and the text.
fn mark(bytes: &[u8]) -> [u8; 32] {
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
    let end = text.windows(2).position(|pair| pair == b"\n\n").unwrap_or(text.len());
    let (head, body) = text.split_at(end);
    let id = head
        .split(|byte| *byte == b'\n')
        .find(|line| line.get(..11).is_some_and(|name| name.eq_ignore_ascii_case(b"message-id:")));
    let id = id.and_then(|line| line.get(11..)).unwrap_or_default().trim_ascii();
    let mut hash = Sha256::new();
    hash.update((id.len() as u64).to_le_bytes());
    hash.update(id);
    hash.update(body.trim_ascii());
    hash.finalize().into()
}

#[cfg(test)]
mod tests;
