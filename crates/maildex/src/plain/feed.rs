//! The newest messages as an Atom feed (RFC 4287).

use std::fmt::Write as _;

use anyhow::Result;
use maildex_core::Archive;
use maildex_core::format::record::Record;

use super::text::{escape, person};
use crate::archive::Site;

/// Messages in the feed.
const ENTRIES: u32 = 40;
/// Characters of a message's text.
const CHARS: usize = 2_000;

/// Writes the feed; `base` is where the site lies, or nothing, and then links are relative.
pub(crate) fn feed(site: &mut Site, base: &str, is_absolute: bool) -> Result<String> {
    let records = newest(site)?;
    let clock = site.clock();
    let when = |record: &Record| {
        record.date.and_then(|date| clock.rfc3339(date)).unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())
    };
    let base = escape(base);
    let id = if is_absolute {
        base.clone()
    } else {
        format!("urn:maildex:{:016x}", records.first().map_or(0, |record| record.key))
    };
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>{}</title>\n<id>{id}</id>\n<updated>{}</updated>\n<link href=\"{base}index.html\"/>\n",
        escape(&site.manifest.title),
        records.first().map(when).unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned()),
    );
    if is_absolute {
        let _ = writeln!(out, "<link rel=\"self\" href=\"{base}feed.xml\"/>");
    }
    for record in &records {
        let name = record.from.first().map(person).unwrap_or_else(|| "(no sender)".to_owned());
        let text: String = record.text.chars().take(CHARS).collect();
        let key = record.key;
        let _ = write!(
            out,
            "<entry>\n<id>urn:maildex:{key:016x}</id>\n<title>{}</title>\n<author><name>{}</name></author>\n<updated>{}</updated>\n<link href=\"{base}index.html#m={key:016x}\"/>\n<content type=\"text\">{}</content>\n</entry>\n",
            escape(&record.subject),
            escape(&name),
            when(record),
            escape(&text),
        );
    }
    out.push_str("</feed>\n");
    Ok(out)
}

/// The newest messages with a date, newest first. Numbers within a segment are in the order of dates.
fn newest(site: &mut Site) -> Result<Vec<Record>> {
    let mut records = Vec::new();
    let n_docs: Vec<u32> = site.archive().fronts().map(|front| front.n_docs).collect();
    for (segment, n_docs) in n_docs.into_iter().enumerate() {
        for doc in n_docs.saturating_sub(ENTRIES)..n_docs {
            records.push(site.ask(|archive: &Archive| archive.check(segment, doc))?);
        }
    }
    records.sort_by_key(|record| (std::cmp::Reverse(record.date), record.key));
    records.truncate(ENTRIES as usize);
    Ok(records)
}
