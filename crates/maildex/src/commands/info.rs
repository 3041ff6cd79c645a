//! `maildex info`: what a site holds and what it weighs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use indicatif::HumanCount;
use maildex_core::format::front::MessageKind;
use serde::Serialize;

use crate::archive::Site;
use crate::bounds::{self, Field};
use crate::commands::Outcome;
use crate::terminal::{Terminal, line};
use crate::weight::Opening;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  maildex info site              counts, dates and bytes by section
  maildex info site --sections   and the index by field, beside the least it could take
  maildex info site --json       for other programs";

/// Tell what a site holds and what it weighs
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The folder that `maildex build` made
    site: PathBuf,
    /// Read the whole index and tell what each field of it weighs, beside the least it could
    #[arg(long)]
    sections: bool,
    /// Write one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Default, Serialize)]
struct Info {
    title: String,
    format: u16,
    messages: u64,
    /// Known only from inside others.
    quoted: u64,
    /// Named and not here.
    placeholders: u64,
    undated: u64,
    threads: u64,
    first_date: Option<String>,
    last_date: Option<String>,
    segments: usize,
    /// Segments of messages: one, and one for each addition.
    parts: usize,
    /// Files that hold the archive, the manifest among them.
    files: usize,
    /// Bytes of these files.
    bytes: u64,
    /// Bytes that a reader fetches of the archive before the first search, as they are sent.
    opening_bytes: u64,
    /// The same of the page: HTML, scripts, styles, WebAssembly.
    page_bytes: u64,
    /// Files that hold attachments and raw messages, and their bytes; read when one is opened.
    kept_files: usize,
    kept_bytes: u64,
    sections: Vec<Section>,
    /// The lists of the index by field, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Field>,
}

#[derive(Debug, Serialize)]
struct Section {
    name: &'static str,
    bytes: u64,
}

impl Args {
    /// Opens the site and writes what its fronts say.
    pub(crate) fn run(self, terminal: &mut Terminal<'_>) -> Result<Outcome> {
        let mut site = Site::open(&self.site)?;
        site.open_fronts()?;
        let mut info = info(&mut site)?;
        if self.sections {
            info.fields = bounds::fields(&mut site)?;
        }
        if self.json {
            terminal.json(&info)?;
        } else {
            write_info(&info, terminal)?;
        }
        Ok(Outcome::Found)
    }
}

fn info(site: &mut Site) -> Result<Info> {
    let packs = site.packs()?;
    let site = &*site;
    let opening = Opening::of(site)?;
    let clock = site.clock();
    let manifest = &site.manifest;
    let shards = manifest.segments.iter().flat_map(|segment| &segment.shards);
    let mut info = Info {
        title: manifest.title.clone(),
        format: manifest.format,
        segments: manifest.segments.len(),
        files: 1 + shards.clone().count(),
        bytes: site.manifest_length + shards.map(|shard| shard.length).sum::<u64>(),
        opening_bytes: opening.archive,
        page_bytes: opening.page,
        kept_files: packs.len(),
        kept_bytes: packs.iter().map(|(_, length)| length).sum(),
        ..Info::default()
    };
    info.messages = site.archive().count(MessageKind::Message);
    info.quoted = site.archive().count(MessageKind::Quoted);
    info.placeholders = site.archive().count(MessageKind::Placeholder);
    let mut sections = BTreeMap::new();
    let mut dates = Vec::new();
    for front in site.archive().fronts() {
        if front.kind == MessageKind::Message {
            info.parts += 1;
            info.undated += u64::from(front.n_undated);
            info.threads += u64::from(front.n_threads);
            if front.n_docs > front.n_undated {
                dates.extend([front.first_date, front.last_date]);
            }
        }
        for section in &front.sections {
            *sections.entry(section.id.name()).or_default() += section.length;
        }
    }
    *sections.entry("front").or_default() +=
        manifest.segments.iter().map(|segment| segment.front_length).sum::<u64>();
    info.first_date = dates.iter().min().copied().and_then(|date| clock.rfc3339(date));
    info.last_date = dates.iter().max().copied().and_then(|date| clock.rfc3339(date));
    info.sections = sections.into_iter().map(|(name, bytes)| Section { name, bytes }).collect();
    info.sections.sort_by_key(|section| std::cmp::Reverse(section.bytes));
    Ok(info)
}

fn write_info(info: &Info, terminal: &mut Terminal<'_>) -> Result<()> {
    let day =
        |date: &Option<String>| date.as_deref().and_then(|date| date.get(..10)).unwrap_or("?").to_owned();
    let mut messages = words::messages(info.messages);
    if info.undated > 0 {
        messages.push_str(&format!(", {} of them without a date", HumanCount(info.undated)));
    }
    writeln!(terminal.out, "{}", terminal.bold(&line(&info.title)))?;
    writeln!(terminal.out, "{messages}")?;
    writeln!(terminal.out, "{}", words::counted(info.threads, "thread", "threads"))?;
    if info.parts > 1 {
        writeln!(terminal.out, "{} parts (maildex merge makes one of them)", info.parts)?;
    }
    for (n, what) in [
        (info.quoted, "known only from inside others"),
        (info.placeholders, "named and not here (maildex missing tells which)"),
    ] {
        if n > 0 {
            writeln!(terminal.out, "{} {what}", HumanCount(n))?;
        }
    }
    if info.first_date.is_some() {
        writeln!(terminal.out, "{} to {}", day(&info.first_date), day(&info.last_date))?;
    }
    let files = words::counted(info.files as u64, "file", "files");
    writeln!(terminal.out, "{files}, {}, format {}", words::bytes(info.bytes), info.format)?;
    let (archive, page) = (words::bytes(info.opening_bytes), words::bytes(info.page_bytes));
    writeln!(terminal.out, "{}", words::opening(&archive, &page))?;
    if info.kept_files > 0 {
        let (files, bytes) =
            (words::counted(info.kept_files as u64, "file", "files"), words::bytes(info.kept_bytes));
        writeln!(terminal.out, "attachments and originals: {bytes} in {files}, read when one is opened")?;
    }
    writeln!(terminal.out)?;
    for section in &info.sections {
        let share = section.bytes as f64 * 100.0 / info.bytes.max(1) as f64;
        let size = words::bytes(section.bytes);
        writeln!(terminal.out, "  {:<20} {size:>11} {share:>5.1}%", section.name)?;
    }
    write_fields(&info.fields, terminal)
}

fn write_fields(fields: &[Field], terminal: &mut Terminal<'_>) -> Result<()> {
    if fields.is_empty() {
        return Ok(());
    }
    let heads = ["lists", "messages in them", "bytes", "least", "positions", "least"];
    let [lists, messages, bytes, least, positions, least_positions] = heads;
    writeln!(
        terminal.out,
        "\n  {:<12} {lists:>10} {messages:>16} {bytes:>11} {least:>11} {positions:>11} {least_positions:>11}",
        "index"
    )?;
    for field in fields {
        let (lists, messages) = (HumanCount(field.lists).to_string(), HumanCount(field.postings).to_string());
        write!(terminal.out, "  {:<12} {lists:>10} {messages:>16}", field.name)?;
        for n in [field.list_bytes, field.list_bound, field.position_bytes, field.position_bound] {
            write!(terminal.out, " {:>11}", words::bytes(n))?;
        }
        writeln!(terminal.out)?;
    }
    writeln!(terminal.out, "  Least: what words that are independent of each other would take in any code.")?;
    Ok(())
}
