//! What the page tells about an archive: what its publisher says of it, what was read, what could not be, and the sums
//! of the inputs. It lies beside the manifest and is fetched by whoever asks for it.
//!
//! Inputs are told by their names and files by their paths inside them: nothing of the publisher's computer is in it, and
//! no time, so that the same inputs give the same bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use maildex_build::build::report::{BuildReport, InputOutcome};
use maildex_build::build::site::{SUMS, read_sums, sum};
use maildex_build::input::{InputSum, input_sum};
use serde::Serialize;
use serde_json::Value;

use crate::made::Made;
use crate::report::{Input, Odd};

/// The file's name in the site.
pub(crate) const ABOUT: &str = "about.json";

/// What a publisher says of an archive.
#[derive(Debug, Clone, Default, Serialize, clap::Args)]
pub(crate) struct Publication {
    /// What the archive is, for the page "About"; an empty line begins a new paragraph
    #[arg(long, value_name = "TEXT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Where the mail comes from, as https://example.org/release/
    #[arg(long, value_name = "URL", value_parser = read_web_address)]
    #[serde(skip_serializing_if = "Option::is_none")]
    source_url: Option<String>,
    /// Under which licence or terms it may be used
    #[arg(long, value_name = "TEXT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<String>,
    /// Whom to ask about it: an address of mail or of a page, or a name
    #[arg(long, value_name = "TEXT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
}

/// The file as it is written.
#[derive(Debug, Serialize)]
struct About<'a> {
    /// The version of this file's shape.
    about: u32,
    /// The version of the program that built the archive.
    maildex: &'static str,
    title: &'a str,
    #[serde(flatten)]
    publication: &'a Publication,
    made: &'a Made,
    found: u64,
    indexed: u64,
    copies: u64,
    undated: u64,
    threads: u64,
    #[serde(flatten)]
    odd: Odd<'a>,
    inputs: Vec<Summed<'a>>,
}

/// An input with its sum.
#[derive(Debug, Serialize)]
struct Summed<'a> {
    #[serde(flatten)]
    input: Input<'a>,
    /// None where it could not be read a second time.
    sum: Option<Sum<'a>>,
}

#[derive(Debug, Serialize)]
struct Sum<'a> {
    sha256: &'a str,
    bytes: u64,
    /// For a folder, whose sum is that of its listing.
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<u64>,
}

/// Sums of inputs that are reckoned while the archive is built.
pub(crate) struct Sums(JoinHandle<Vec<Option<InputSum>>>);

impl Sums {
    /// Begins to read the inputs.
    pub(crate) fn begin(inputs: Vec<PathBuf>) -> Sums {
        Sums(std::thread::spawn(move || inputs.iter().map(|input| input_sum(input).ok()).collect()))
    }

    /// Waits for them: one for each input, in order.
    pub(crate) fn finish(self) -> Vec<Option<InputSum>> {
        self.0.join().expect("reading files does not panic")
    }
}

/// Writes the file into a site, and its sum into the site's list.
pub(crate) fn write(
    site: &Path,
    title: &str,
    publication: &Publication,
    made: &Made,
    build: &BuildReport,
    sums: &[Option<InputSum>],
) -> Result<()> {
    let about = About {
        about: 1,
        maildex: env!("CARGO_PKG_VERSION"),
        title,
        publication,
        made,
        found: build.inputs.iter().map(|input| input.read.found).sum(),
        indexed: build.messages,
        copies: build.copies,
        undated: build.undated,
        threads: build.threads,
        odd: crate::report::odd(&build.oddities),
        inputs: build.inputs.iter().zip(sums).map(|(own, sum)| summed(own, sum.as_ref())).collect(),
    };
    put(site, &serde_json::to_vec(&about)?)
}

/// Tells of inputs that were added to a site: counts grow, and the inputs are named behind the others.
pub(crate) fn extend(site: &Path, build: &BuildReport, sums: &[Option<InputSum>]) -> Result<()> {
    let mut about: Value = serde_json::from_slice(&read(site)?)?;
    let counts = [
        ("found", build.inputs.iter().map(|input| input.read.found).sum()),
        ("indexed", build.messages),
        ("copies", build.copies),
        ("undated", build.undated),
        ("threads", build.threads),
        ("damaged", build.oddities.damaged),
    ];
    for (name, n) in counts {
        about[name] = (about[name].as_u64().unwrap_or_default() + n).into();
    }
    let odd = serde_json::to_value(crate::report::odd(&build.oddities))?;
    for name in ["damages", "remarks"] {
        add_rows(&mut about[name], &odd[name]);
    }
    let inputs =
        build.inputs.iter().zip(sums).map(|(own, sum)| serde_json::to_value(summed(own, sum.as_ref())));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    about["inputs"].as_array_mut().context("expected a list of inputs")?.extend(inputs);
    put(site, &serde_json::to_vec(&about)?)
}

/// Writes the file of a site whose parts were made one: threads are counted anew, and the version is this one.
pub(crate) fn again(site: &Path, before: &[u8], threads: u64) -> Result<()> {
    let mut about: Value = serde_json::from_slice(before)?;
    about["threads"] = threads.into();
    about["maildex"] = env!("CARGO_PKG_VERSION").into();
    put(site, &serde_json::to_vec(&about)?)
}

/// The file as it lies in a site.
pub(crate) fn read(site: &Path) -> Result<Vec<u8>> {
    let path = site.join(ABOUT);
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// Adds counts of kinds to those of the same kinds; the examples stay the first.
fn add_rows(rows: &mut Value, more: &Value) {
    let Some(rows) = rows.as_array_mut() else { return };
    for row in more.as_array().into_iter().flatten() {
        match rows.iter_mut().find(|own| own["name"] == row["name"]) {
            Some(own) => own["n"] = (own["n"].as_u64().unwrap_or(0) + row["n"].as_u64().unwrap_or(0)).into(),
            None => rows.push(row.clone()),
        }
    }
}

fn put(site: &Path, content: &[u8]) -> Result<()> {
    let path = site.join(ABOUT);
    fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    let mut list = read_sums(site)?;
    list.retain(|(name, _)| name != ABOUT);
    list.push((ABOUT.to_owned(), sum(content)));
    list.sort();
    let list: String = list.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
    fs::write(site.join(SUMS), list)?;
    Ok(())
}

fn summed<'a>(own: &'a InputOutcome, sum: Option<&'a InputSum>) -> Summed<'a> {
    let sum = sum.map(|own| Sum { sha256: &own.sha256, bytes: own.bytes, files: own.files });
    Summed { input: crate::report::input(own), sum }
}

/// An address that a page may link to.
fn read_web_address(text: &str) -> Result<String, String> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    if !is_web || !text.chars().all(|c| c.is_ascii_graphic() && !"\"'<>".contains(c)) {
        return Err("expected an address as https://example.org/release/".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_sources() {
        assert_eq!(read_web_address("https://a.example/x?y#z").unwrap(), "https://a.example/x?y#z");
        for wrong in ["a.example", "javascript:alert(1)", "https://a.example/\"onclick", "https://a b"] {
            assert!(read_web_address(wrong).is_err(), "{wrong}");
        }
    }
}
