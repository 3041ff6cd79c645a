//! Pages without scripts beside the searchable one, for search engines and for readers without JavaScript: one for
//! each conversation, one for each month, a sitemap, and a feed of the newest messages.
//!
//! Everything of a message is text here: no HTML of a mail is taken over, and the pages' policy allows nothing but
//! their own style. Addresses are not shown, because what collects them reads such pages.

mod feed;
mod text;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use maildex_build::build::site::{SUMS, read_sums, sum};
use maildex_core::Archive;
use maildex_core::format::record::Record;

use crate::archive::Site;
use crate::words::Clock;
pub(crate) use text::escape;
use text::person;

/// The folder of the pages.
const FOLDER: &str = "t";
const STYLE: &str = "body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;color-scheme:light dark}\
    pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}article{margin:2rem 0;border-top:1px solid #8884}\
    h1{font-size:1.4rem}h2{font-size:1rem;margin-bottom:0}li{margin:.25rem 0}nav,time,small{opacity:.75}";
/// Messages whose blocks are held before their memory is given back.
const BATCH: usize = 2_000;
/// Addresses in one sitemap; the protocol's limit.
const SITEMAP: usize = 50_000;

/// What to write beside the searchable page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Conversations and months as pages.
    pub(crate) pages: bool,
    /// The newest messages as an Atom feed.
    pub(crate) feed: bool,
    /// Where the site will lie, with a slash at its end.
    pub(crate) url: Option<String>,
}

/// A conversation, as a month lists it.
struct Entry {
    file: String,
    subject: String,
    from: String,
    n_messages: usize,
}

/// Writes the pages into the site and their sums into its list; gives their number.
pub(crate) fn write(site: &mut Site, options: &Options) -> Result<usize> {
    let mut files = Files { folder: site.folder.clone(), sums: BTreeMap::new() };
    if options.pages {
        write_pages(site, options, &mut files)?;
    }
    if options.feed {
        let base = options.url.clone().unwrap_or_default();
        files.add("feed.xml".to_owned(), &feed::feed(site, &base, options.url.is_some())?)?;
    }
    let n_files = files.sums.len();
    files.finish()?;
    Ok(n_files)
}

/// The files that are written, with their sums.
struct Files {
    folder: PathBuf,
    sums: BTreeMap<String, String>,
}

impl Files {
    fn add(&mut self, name: String, content: &str) -> Result<()> {
        let path = self.folder.join(&name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        self.sums.insert(name, sum(content.as_bytes()));
        Ok(())
    }

    /// Writes the sums into the site's list.
    fn finish(mut self) -> Result<()> {
        self.sums.extend(
            read_sums(&self.folder)?
                .into_iter()
                .filter(|(name, _)| !self.sums.contains_key(name))
                .collect::<Vec<_>>(),
        );
        let list: String = self.sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
        fs::write(self.folder.join(SUMS), list)?;
        Ok(())
    }
}

fn write_pages(site: &mut Site, options: &Options, files: &mut Files) -> Result<()> {
    let clock = site.clock();
    let title = site.manifest.title.clone();
    let mut months: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    let mut done: HashSet<u64> = HashSet::new();
    let mut held = 0;
    let n_docs: Vec<u32> = site.archive().fronts().map(|front| front.n_docs).collect();
    for (segment, n_docs) in n_docs.into_iter().enumerate() {
        for doc in 0..n_docs {
            let key = site.ask(|archive: &Archive| archive.check(segment, doc))?.key;
            if done.contains(&key) {
                continue;
            }
            let records = conversation(site, key)?;
            done.extend(records.iter().map(|record| record.key));
            let Some(first) = records.first() else { continue };
            let month = first
                .date
                .and_then(|date| clock.rfc3339(date))
                .map_or("undated".to_owned(), |date| date.chars().take(7).collect());
            let file = format!("{FOLDER}/{:016x}.html", first.key);
            files.add(file.clone(), &conversation_page(&records, &title, &month, &clock, options, &file))?;
            months.entry(month).or_default().push(Entry {
                file,
                subject: first.subject.clone(),
                from: first.from.first().map(person).unwrap_or_default(),
                n_messages: records.len(),
            });
            held += records.len();
            if held > BATCH {
                site.forget()?;
                held = 0;
            }
        }
    }
    for (month, entries) in &months {
        files.add(format!("{FOLDER}/{month}.html"), &month_page(month, entries, &title))?;
    }
    files.add(format!("{FOLDER}/index.html"), &index_page(&months, &title))?;
    if let Some(url) = &options.url {
        let pages: Vec<String> = [String::new()].into_iter().chain(files.sums.keys().cloned()).collect();
        for (name, content) in sitemaps(url, &pages) {
            files.add(name, &content)?;
        }
    }
    Ok(())
}

/// The messages of a conversation that are here, in its order.
fn conversation(site: &mut Site, key: u64) -> Result<Vec<Record>> {
    let thread = site.ask(|archive: &Archive| archive.thread(key))?;
    let lines = thread.into_iter().flat_map(|thread| thread.messages).filter_map(|message| message.line);
    let mut keys: Vec<u64> = lines.map(|line| line.key).collect();
    if !keys.contains(&key) {
        keys = vec![key];
    }
    site.ask(|archive: &Archive| archive.messages(&keys))
}

fn conversation_page(
    records: &[Record],
    archive: &str,
    month: &str,
    clock: &Clock,
    options: &Options,
    file: &str,
) -> String {
    let subject = subject_of(records.first());
    let mut body = format!(
        "<nav><a href=\"../index.html\">{}</a> · <a href=\"index.html\">Months</a> · <a href=\"{month}.html\">{month}</a></nav>\n<h1 dir=\"auto\">{subject}</h1>\n",
        escape(archive)
    );
    for record in records {
        let from = record.from.first().map(person).unwrap_or_else(|| "(no sender)".to_owned());
        let date = record.date.and_then(|date| clock.rfc3339(date)).unwrap_or_default();
        let key = record.key;
        let _ = write!(
            body,
            "<article id=\"m{key:016x}\">\n<h2><bdi>{}</bdi></h2>\n<p><time datetime=\"{date}\">{}</time> · <small><a href=\"../index.html#m={key:016x}\">in the searchable archive</a></small></p>\n<pre dir=\"auto\">{}</pre>\n",
            escape(&from),
            date.replace('T', " "),
            escape(record.text.trim_end()),
        );
        let names: Vec<String> =
            record.attachments.iter().map(|part| format!("<bdi>{}</bdi>", escape(&part.name))).collect();
        if !names.is_empty() {
            let _ = writeln!(body, "<p><small>Attached: {}</small></p>", names.join(", "));
        }
        body.push_str("</article>\n");
    }
    let canonical =
        options.url.as_ref().map(|url| format!("<link rel=\"canonical\" href=\"{}{file}\">\n", escape(url)));
    page(&format!("{subject} · {}", escape(archive)), canonical.as_deref().unwrap_or_default(), &body)
}

fn month_page(month: &str, entries: &[Entry], archive: &str) -> String {
    let mut body = format!(
        "<nav><a href=\"../index.html\">{}</a> · <a href=\"index.html\">Months</a></nav>\n<h1>{month}</h1>\n<ul>\n",
        escape(archive)
    );
    for Entry { file, subject, from, n_messages } in entries {
        let name = file.rsplit('/').next().unwrap_or(file);
        let subject = if subject.trim().is_empty() { "(no subject)".to_owned() } else { escape(subject) };
        let _ = writeln!(
            body,
            "<li><a href=\"{name}\"><bdi>{subject}</bdi></a> <small><bdi>{}</bdi>, {}</small></li>",
            escape(from),
            crate::words::messages(*n_messages as u64)
        );
    }
    body.push_str("</ul>\n");
    page(&format!("{month} · {}", escape(archive)), "", &body)
}

fn index_page(months: &BTreeMap<String, Vec<Entry>>, archive: &str) -> String {
    let mut body = format!(
        "<nav><a href=\"../index.html\">Search this archive</a></nav>\n<h1>{}</h1>\n<ul>\n",
        escape(archive)
    );
    for (month, entries) in months.iter().rev() {
        let n = crate::words::counted(entries.len() as u64, "conversation", "conversations");
        let _ = writeln!(body, "<li><a href=\"{month}.html\">{month}</a> <small>{n}</small></li>");
    }
    body.push_str("</ul>\n");
    page(&escape(archive), "", &body)
}

/// A page around a body; `title` is escaped already.
fn page(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n{head}<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

fn subject_of(record: Option<&Record>) -> String {
    let subject = record.map(|record| record.subject.trim()).unwrap_or_default();
    if subject.is_empty() { "(no subject)".to_owned() } else { escape(subject) }
}

/// The addresses of all pages; several lists under one where there are too many.
fn sitemaps(url: &str, pages: &[String]) -> Vec<(String, String)> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    const SPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
    let url = escape(url);
    let list = |pages: &[String]| {
        let rows: String = pages.iter().map(|page| format!("<url><loc>{url}{page}</loc></url>\n")).collect();
        format!("{HEAD}<urlset {SPACE}>\n{rows}</urlset>\n")
    };
    if pages.len() <= SITEMAP {
        return vec![("sitemap.xml".to_owned(), list(pages))];
    }
    let mut files = Vec::new();
    let mut rows = String::new();
    for (idx, part) in pages.chunks(SITEMAP).enumerate() {
        let name = format!("sitemap-{idx}.xml");
        let _ = writeln!(rows, "<sitemap><loc>{url}{name}</loc></sitemap>");
        files.push((name, list(part)));
    }
    files.push(("sitemap.xml".to_owned(), format!("{HEAD}<sitemapindex {SPACE}>\n{rows}</sitemapindex>\n")));
    files
}

#[cfg(test)]
mod tests;
