//! Profiles: what is particular to one release of documents, as data. Their keys are described in `docs/released.md`.

use jiff::tz::TimeZone;
use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use std::fmt;

const CLINTON: &str = include_str!("profiles/clinton.toml");
const GENERIC: &str = include_str!("profiles/generic.toml");

/// Bytes that a compiled pattern may take: patterns come from files that others may have written.
const MAX_PATTERN: usize = 1 << 20;

/// The rules of one release, ready to be used.
#[derive(Debug, Clone)]
pub struct Profile {
    /// What it is called on the command line.
    pub name: String,
    /// What the release is called.
    pub title: String,
    /// The zone of printed times.
    pub zone: TimeZone,
    /// Whether a missing number means a missing document.
    pub consecutive: bool,
    pub(super) years: (i16, i16),
    pub(super) banner: Vec<Regex>,
    pub(super) number: Regex,
    pub(super) links: Regex,
    pub(super) furniture: Vec<Regex>,
    pub(super) furniture_above: Vec<Regex>,
    /// The stamp with what stands behind it on its line.
    pub(super) stamp: Regex,
    /// What may go on with a stamp below it.
    pub(super) stamp_rest: Regex,
    pub(super) full: Regex,
    /// The note of a classification, where the release has any.
    pub(super) marking: Option<Marking>,
    pub(super) exemption: Regex,
    /// Codes at the end of a line, apart from its text.
    pub(super) margin: Regex,
    pub(super) labels: Vec<(Field, Vec<String>)>,
    pub(super) columns: Columns,
}

/// How a note of a classification is found.
#[derive(Debug, Clone)]
pub(super) struct Marking {
    /// From its first words to the end of the line, or of the note: the group `rest`.
    pub(super) start: Regex,
    /// Nothing but its words, to the end of a line: the group `rest`.
    pub(super) words: Regex,
    /// The last of it.
    pub(super) end: Regex,
}

/// The fields of a header block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    From,
    Date,
    To,
    Cc,
    Bcc,
    Subject,
    Attachments,
    Importance,
}

/// What columns of tables are called.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    pub(super) alias: Vec<String>,
    pub(super) name: Vec<String>,
    pub(super) number: Vec<String>,
    pub(super) order: Vec<String>,
    pub(super) from: Vec<String>,
    pub(super) to: Vec<String>,
    pub(super) subject: Vec<String>,
    pub(super) date: Vec<String>,
}

/// A profile as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    name: String,
    title: String,
    banner: Vec<String>,
    number: String,
    numbers: Numbers,
    zone: String,
    years: (i16, i16),
    links: String,
    furniture: Vec<String>,
    furniture_above: Vec<String>,
    release: Release,
    labels: Labels,
    tables: Columns,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Numbers {
    Gaps,
    Consecutive,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    stamp: String,
    full: String,
    part: String,
    exemption: String,
    statute: String,
    marking: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    from: Vec<String>,
    date: Vec<String>,
    to: Vec<String>,
    cc: Vec<String>,
    bcc: Vec<String>,
    subject: Vec<String>,
    attachments: Vec<String>,
    importance: Vec<String>,
}

/// Why a profile cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProfileError {
    /// It is not TOML, or a key is missing, unknown or of another type.
    Form(Box<toml::de::Error>),
    /// A pattern is no regular expression, or too large.
    Pattern(Box<regex::Error>),
    /// The zone is not in the tz database.
    Zone {
        /// What it says.
        zone: String,
    },
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProfileError::Form(error) => {
                write!(f, "expected a profile as docs/released.md describes it: {error}")
            }
            ProfileError::Pattern(error) => write!(f, "expected a regular expression: {error}"),
            ProfileError::Zone { zone } => {
                write!(f, "expected a zone of the tz database, as America/New_York, found {zone}")
            }
        }
    }
}

impl std::error::Error for ProfileError {}

impl Profile {
    /// The profiles that are shipped.
    pub fn shipped() -> Vec<Profile> {
        let read = |text| Profile::read(text).expect("a shipped profile is tested");
        vec![read(CLINTON), read(GENERIC)]
    }

    /// The shipped profile of this name.
    pub fn named(name: &str) -> Option<Profile> {
        Profile::shipped().into_iter().find(|profile| profile.name == name)
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// If it is not written as `docs/released.md` says.
    pub fn read(text: &str) -> Result<Profile, ProfileError> {
        let written: Written = toml::from_str(text).map_err(|error| ProfileError::Form(Box::new(error)))?;
        let Written { release, labels, .. } = &written;
        let Release { stamp, full, part, exemption, statute, marking } = release;
        let statute = if statute.is_empty() { String::new() } else { format!(r"(\s+{statute})?") };
        let codes = format!(r"{exemption}{statute}([,;.\s]+{exemption}{statute})*,?");
        // Specks.
        let end = r"[\s.•]*$";
        let status = format!(r"(?<status>{full}|{part})");
        let labels = vec![
            (Field::From, labels.from.clone()),
            (Field::Date, labels.date.clone()),
            (Field::To, labels.to.clone()),
            (Field::Cc, labels.cc.clone()),
            (Field::Bcc, labels.bcc.clone()),
            (Field::Subject, labels.subject.clone()),
            (Field::Attachments, labels.attachments.clone()),
            (Field::Importance, labels.importance.clone()),
        ];
        let zone =
            TimeZone::get(&written.zone).map_err(|_| ProfileError::Zone { zone: written.zone.clone() })?;
        Ok(Profile {
            zone,
            consecutive: written.numbers == Numbers::Consecutive,
            years: written.years,
            banner: patterns(&written.banner)?,
            number: pattern(&written.number)?,
            links: pattern(&written.links)?,
            furniture: patterns(&written.furniture)?,
            furniture_above: patterns(&written.furniture_above)?,
            stamp: pattern(&format!(r"(^|\s)({stamp})(\s+{status},?)?(\s+(?<codes>{codes}))?{end}"))?,
            stamp_rest: pattern(&format!(r"(^|\s{{4,}})({status},?)?(^|\s*)(?<codes>{codes})?{end}"))?,
            full: pattern(full)?,
            marking: self::marking(marking)?,
            exemption: pattern(exemption)?,
            margin: pattern(&format!(r"(^|\s{{3,}})(?<codes>{codes}){end}"))?,
            labels,
            columns: written.tables,
            name: written.name,
            title: written.title,
        })
    }
}

/// The note of a classification: its first words, its words, and its last.
fn marking(texts: &[String]) -> Result<Option<Marking>, ProfileError> {
    let [first, words, last] = texts else { return Ok(None) };
    // A wide gap parts the note from other text.
    let sign = r"(\s{0,2}[,.;–—-]+\s{0,2}|\s{0,2})";
    Ok(Some(Marking {
        start: pattern(&format!(r"(^|\s)(?<rest>({first}).*?({last}|$))"))?,
        words: pattern(&format!(r"(^|\s)(?<rest>[–—-]?\s*({words})({sign}({words}))*[\s,.;–—-]*)$"))?,
        end: pattern(&format!("({last})$"))?,
    }))
}

fn patterns(texts: &[String]) -> Result<Vec<Regex>, ProfileError> {
    texts.iter().map(|text| pattern(text)).collect()
}

fn pattern(text: &str) -> Result<Regex, ProfileError> {
    let built = RegexBuilder::new(text).size_limit(MAX_PATTERN).build();
    built.map_err(|error| ProfileError::Pattern(Box::new(error)))
}
