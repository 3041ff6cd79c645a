//! What lies beside the texts of a release: who is who, where each document's image is, and how others read them.
//!
//! A table is known by its columns and not by its name. Tables of aliases have an alias and a name, or (as the tables
//! of a well-known data set) an alias and the number of a person in a table of persons; tables of messages have a
//! document's number; a list of links is any text with an address on each line that the profile's `links` matches.

use super::names::Aliases;
use super::profile::Profile;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Tables are small; a file larger than this is something else.
const MAX_TABLE: u64 = 1 << 30;

/// What tables say.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// Who is who.
    pub aliases: Aliases,
    links: FxHashMap<String, String>,
    rows: BTreeMap<String, Row>,
}

/// How others read a message. Used where the text says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The place in its document; the first is the message itself.
    pub order: u32,
    /// The sender.
    pub from: String,
    /// The recipients, separated by `;`.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The date as printed.
    pub date: String,
}

/// Why tables cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum TablesError {
    /// A file or folder cannot be read.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file given as people has no columns of aliases.
    NoAliases {
        /// Which.
        path: PathBuf,
    },
}

impl fmt::Display for TablesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TablesError::Unreadable { path, source } => write!(f, "cannot read {}: {source}", path.display()),
            TablesError::NoAliases { path } => write!(
                f,
                "expected the columns alias and name in {}, found others; see docs/released.md",
                path.display()
            ),
        }
    }
}

impl std::error::Error for TablesError {}

/// Persons and aliases that refer to them by number, which may come in either order.
#[derive(Default)]
struct Numbered {
    persons: FxHashMap<String, String>,
    aliases: Vec<(String, String)>,
}

impl Tables {
    /// Reads every table of a folder in the order of their names. What was said first stays.
    ///
    /// # Errors
    /// If the folder or a file in it cannot be read.
    pub fn read_folder(&mut self, folder: &Path, profile: &Profile) -> Result<(), TablesError> {
        let unreadable = |source| TablesError::Unreadable { path: folder.to_owned(), source };
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_file() {
                files.push(path);
            }
        }
        files.sort();
        let mut numbered = Numbered::default();
        for path in files {
            let text = read_text(&path)?;
            self.table(&text, profile, &mut numbered);
        }
        for (alias, person) in &numbered.aliases {
            if let Some(name) = numbered.persons.get(person) {
                self.aliases.add(alias, name);
            }
        }
        Ok(())
    }

    /// Reads a table of people: a column of aliases, and one of names.
    ///
    /// # Errors
    /// If it cannot be read or has other columns.
    pub fn read_people(&mut self, path: &Path, profile: &Profile) -> Result<(), TablesError> {
        let text = read_text(path)?;
        self.aliases(&text, profile).ok_or_else(|| TablesError::NoAliases { path: path.to_owned() })
    }

    /// The row of a document's own message.
    pub fn row(&self, number: &str) -> Option<&Row> {
        self.rows.get(number)
    }

    /// All rows, by document.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &Row)> {
        self.rows.iter().map(|(number, row)| (number.as_str(), row))
    }

    /// Forgets how others read the messages, to compare with them.
    pub fn without_rows(mut self) -> Tables {
        self.rows.clear();
        self
    }

    /// Where a document's image is.
    pub fn link(&self, number: &str) -> Option<&str> {
        self.links.get(number).map(String::as_str)
    }

    /// All documents whose image is known, in no order.
    pub(crate) fn links(&self) -> impl Iterator<Item = (&str, &str)> {
        self.links.iter().map(|(number, link)| (number.as_str(), link.as_str()))
    }

    fn table(&mut self, text: &str, profile: &Profile, numbered: &mut Numbered) {
        if self.aliases(text, profile).is_some() || self.messages(text, profile).is_some() {
            return;
        }
        if persons(text, numbered).is_none() {
            self.list_of_links(text, profile);
        }
    }

    fn aliases(&mut self, text: &str, profile: &Profile) -> Option<()> {
        let mut reader = csv_reader(text);
        let headers = reader.headers().ok()?.clone();
        let alias = column(&headers, &profile.columns.alias)?;
        let name = column(&headers, &profile.columns.name)?;
        for record in reader.records().filter_map(Result::ok) {
            if let (Some(alias), Some(name)) = (record.get(alias), record.get(name)) {
                self.aliases.add(alias, name);
                self.aliases.add(name, name);
            }
        }
        Some(())
    }

    fn messages(&mut self, text: &str, profile: &Profile) -> Option<()> {
        let columns = &profile.columns;
        let mut reader = csv_reader(text);
        let headers = reader.headers().ok()?.clone();
        let number = column(&headers, &columns.number)?;
        let at = |names: &[String]| column(&headers, names);
        let (order, from, to) = (at(&columns.order), at(&columns.from), at(&columns.to));
        let (subject, date) = (at(&columns.subject), at(&columns.date));
        if from.is_none() && subject.is_none() && date.is_none() {
            return None;
        }
        for record in reader.records().filter_map(Result::ok) {
            let text =
                |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default().trim().to_owned();
            let order: u32 = text(order).parse().unwrap_or(1);
            let Some(number) = record.get(number).filter(|_| order <= 1) else { continue };
            let row = Row { order, from: text(from), to: text(to), subject: text(subject), date: text(date) };
            self.rows.entry(number.to_owned()).or_insert(row);
        }
        Some(())
    }

    fn list_of_links(&mut self, text: &str, profile: &Profile) {
        for line in text.lines().map(str::trim).filter(|line| line.starts_with("http")) {
            let found = profile.links.captures(line).and_then(|found| found.name("number"));
            if let Some(number) = found {
                self.links.entry(number.as_str().to_owned()).or_insert_with(|| line.to_owned());
            }
        }
    }
}

/// Kaggle's `Persons.csv` (Id, Name) and `Aliases.csv` (Id, Alias, PersonId).
fn persons(text: &str, numbered: &mut Numbered) -> Option<()> {
    let mut reader = csv_reader(text);
    let headers: Vec<String> = reader.headers().ok()?.iter().map(str::to_owned).collect();
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let records = reader.records().filter_map(Result::ok);
    let cell = |record: &csv::StringRecord, at: usize| record.get(at).unwrap_or_default().to_owned();
    match headers[..] {
        ["Id", "Name"] => {
            numbered.persons.extend(records.map(|record| (cell(&record, 0), cell(&record, 1))));
        }
        ["Id", "Alias", "PersonId"] => {
            numbered.aliases.extend(records.map(|record| (cell(&record, 1), cell(&record, 2))));
        }
        _ => return None,
    }
    Some(())
}

fn csv_reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes())
}

fn column(headers: &csv::StringRecord, names: &[String]) -> Option<usize> {
    names.iter().find_map(|name| headers.iter().position(|header| header == name))
}

fn read_text(path: &Path) -> Result<String, TablesError> {
    let unreadable = |source| TablesError::Unreadable { path: path.to_owned(), source };
    if fs::metadata(path).map_err(unreadable)?.len() > MAX_TABLE {
        return Err(unreadable(io::Error::other("expected a table, found a file of more than 1 GiB")));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    Ok(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
}
