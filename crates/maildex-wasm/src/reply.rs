//! Serialisable twins of the core's answers, in the shapes of `www/src/shared/engine.ts`.

use maildex_core::format::line;
use maildex_core::format::record::{self, Record};
use maildex_core::present::Marker;
use maildex_core::query::Query;
use maildex_core::text::{self, RegionKind};
use maildex_core::{Archive, Found, Sort, Thread, Want};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchRequest {
    pub(crate) query: String,
    pub(crate) sort: SortName,
    pub(crate) offset: usize,
    pub(crate) limit: usize,
    pub(crate) typing: bool,
    pub(crate) now: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SortName {
    Newest,
    Oldest,
    Relevance,
}

impl From<SortName> for Sort {
    fn from(name: SortName) -> Sort {
        match name {
            SortName::Newest => Sort::Newest,
            SortName::Oldest => Sort::Oldest,
            SortName::Relevance => Sort::Relevance,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SnippetsRequest {
    pub(crate) query: String,
    pub(crate) now: f64,
    pub(crate) typing: bool,
    pub(crate) keys: Vec<String>,
    pub(crate) max_chars: usize,
}

#[derive(Deserialize)]
pub(crate) struct MessageRequest {
    pub(crate) key: String,
    pub(crate) query: String,
    pub(crate) now: f64,
}

#[derive(Deserialize)]
pub(crate) struct KeyRequest {
    pub(crate) key: String,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum StepReply<T> {
    Missing { ranges: Vec<ByteRange> },
    Done { value: T },
}

impl<T> StepReply<T> {
    pub(crate) fn missing(wants: Vec<Want>) -> StepReply<T> {
        let range = |want: Want| ByteRange {
            segment: want.segment,
            offset: want.range.offset as f64,
            length: want.range.length as f64,
        };
        StepReply::Missing { ranges: wants.into_iter().map(range).collect() }
    }
}

#[derive(Serialize)]
pub(crate) struct ByteRange {
    segment: usize,
    offset: f64,
    length: f64,
}

#[derive(Serialize)]
pub(crate) struct Piece {
    text: String,
    mark: bool,
}

fn pieces(pieces: Vec<text::Piece>) -> Vec<Piece> {
    pieces.into_iter().map(|piece| Piece { text: piece.text, mark: piece.mark }).collect()
}

/// A key in sixteen hexadecimal digits.
pub(crate) fn key(text: &str) -> Option<u64> {
    if text.len() == 16 { u64::from_str_radix(text, 16).ok() } else { None }
}

fn key_text(key: u64) -> String {
    format!("{key:016x}")
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    key: String,
    date: Option<f64>,
    from: Vec<Piece>,
    subject: Vec<Piece>,
    preview: String,
    attachments: bool,
    html: bool,
    thread_size: u32,
    misdated: bool,
}

impl Line {
    fn new(line: line::Line, marker: &Marker) -> Line {
        Line {
            key: key_text(line.key),
            date: line.date.map(|date| date as f64),
            from: pieces(marker.person(&line.from)),
            subject: pieces(marker.subject(&line.subject)),
            preview: line.preview,
            attachments: line.attachments,
            html: line.html,
            thread_size: line.thread_size,
            misdated: line.misdated,
        }
    }
}

#[derive(Serialize)]
struct Note {
    from: usize,
    to: usize,
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchReply {
    understood: String,
    notes: Vec<Note>,
    total: Option<u64>,
    at_least: usize,
    offset: usize,
    lines: Vec<Line>,
}

impl SearchReply {
    pub(crate) fn new(query: &Query, found: Found, offset: usize) -> SearchReply {
        let marker = Marker::new(query);
        let typed = query.notes.iter().map(|note| Note {
            from: note.span.start,
            to: note.span.end,
            text: note.text.clone(),
        });
        let archive = found.notes.into_iter().map(|text| Note { from: 0, to: 0, text });
        SearchReply {
            understood: query.understood(),
            notes: typed.chain(archive).collect(),
            total: found.total,
            at_least: offset + found.lines.len(),
            offset,
            lines: found.lines.into_iter().map(|line| Line::new(line, &marker)).collect(),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct TotalReply {
    pub(crate) total: u64,
}

#[derive(Serialize)]
pub(crate) struct SnippetsReply {
    pub(crate) snippets: Vec<Snippet>,
}

#[derive(Serialize)]
pub(crate) struct Snippet {
    key: String,
    pieces: Vec<Piece>,
}

impl Snippet {
    pub(crate) fn new(key: u64, text: &str, marker: &Marker, max_chars: usize) -> Snippet {
        Snippet { key: key_text(key), pieces: pieces(marker.snippet(text, max_chars)) }
    }
}

#[derive(Serialize)]
struct Person {
    name: String,
    address: String,
}

fn people(people: Vec<record::Person>) -> Vec<Person> {
    people.into_iter().map(|person| Person { name: person.name, address: person.address }).collect()
}

#[derive(Serialize)]
struct Block {
    kind: &'static str,
    depth: u8,
    pieces: Vec<Piece>,
}

#[derive(Serialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Attachment {
    name: String,
    mime: String,
    size: f64,
    inline: bool,
    sha256: String,
}

#[derive(Serialize)]
struct Place {
    source: String,
    path: String,
    offset: f64,
    folder: String,
}

#[derive(Serialize)]
struct Problem {
    kind: String,
    detail: String,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum MessageReply {
    Message(Box<Message>),
    #[serde(rename_all = "camelCase")]
    NotFound {
        not_found: bool,
    },
}

pub(crate) fn not_found() -> MessageReply {
    MessageReply::NotFound { not_found: true }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    line: Line,
    headers: Vec<Header>,
    from: Vec<Person>,
    to: Vec<Person>,
    cc: Vec<Person>,
    zone: Option<i16>,
    blocks: Vec<Block>,
    attachments: Vec<Attachment>,
    has_html: bool,
    places: Vec<Place>,
    problems: Vec<Problem>,
}

pub(crate) fn message(found: Option<(line::Line, Record)>, marker: &Marker) -> MessageReply {
    let Some((mut line, record)) = found else { return not_found() };
    // A line's subject may be cut; here there is room for all of it.
    line.subject = record.subject;
    let attachment = |a: record::Attachment| Attachment {
        name: a.name,
        mime: a.mime,
        size: a.size as f64,
        inline: a.inline,
        sha256: a.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let place = |p: record::Place| Place {
        source: p.source,
        path: p.path,
        offset: p.offset as f64,
        folder: p.folder,
    };
    MessageReply::Message(Box::new(Message {
        has_html: line.html,
        line: Line::new(line, marker),
        headers: record.headers.into_iter().map(|(name, value)| Header { name, value }).collect(),
        from: people(record.from),
        to: people(record.to),
        cc: people(record.cc),
        zone: record.zone,
        blocks: blocks(&record.text, marker),
        attachments: record.attachments.into_iter().map(attachment).collect(),
        places: record.places.into_iter().map(place).collect(),
        problems: record.remarks.into_iter().map(|r| Problem { kind: r.kind, detail: r.detail }).collect(),
    }))
}

fn blocks(text: &str, marker: &Marker) -> Vec<Block> {
    let block = |block: maildex_core::present::Block| {
        let (kind, depth) = match block.kind {
            RegionKind::Own => ("own", 0),
            RegionKind::Quoted { depth } => ("quoted", depth),
            RegionKind::Signature => ("signature", 0),
        };
        Block { kind, depth, pieces: pieces(block.pieces) }
    };
    marker.text(text).into_iter().map(block).collect()
}

#[derive(Serialize, Default)]
pub(crate) struct HtmlReply {
    pub(crate) html: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ThreadNode {
    key: Option<String>,
    message_id: Option<String>,
    parent: Option<u32>,
    depth: u32,
    guessed: bool,
    line: Option<Line>,
}

#[derive(Serialize, Default)]
pub(crate) struct ThreadReply {
    focus: usize,
    nodes: Vec<ThreadNode>,
}

impl ThreadReply {
    pub(crate) fn new(found: Option<Thread>, marker: &Marker) -> ThreadReply {
        let Some(Thread { focus, messages }) = found else { return ThreadReply::default() };
        let mut nodes: Vec<ThreadNode> = Vec::with_capacity(messages.len());
        for message in messages {
            let parent = message.parent.and_then(|parent| nodes.get(parent as usize));
            nodes.push(ThreadNode {
                depth: parent.map_or(0, |parent| parent.depth + 1),
                key: message.line.as_ref().map(|line| key_text(line.key)),
                message_id: message.ghost,
                parent: message.parent,
                guessed: message.guessed,
                line: message.line.map(|line| Line::new(line, marker)),
            });
        }
        ThreadReply { focus, nodes }
    }
}

#[derive(Serialize)]
pub(crate) struct ArchiveInfo {
    title: &'static str,
    messages: u64,
    undated: u64,
    first: Option<f64>,
    last: Option<f64>,
    segments: usize,
    /// From when on which offset from UTC holds, both in seconds: what `maildex_core::query::Zone` is made of.
    zone: Vec<(f64, i32)>,
}

impl ArchiveInfo {
    pub(crate) fn new(archive: &Archive) -> ArchiveInfo {
        let dated = || archive.fronts().filter(|front| front.n_undated < front.n_docs);
        ArchiveInfo {
            // The manifest has the title; the segments are the same under any name.
            title: "",
            messages: archive.fronts().map(|front| u64::from(front.n_docs)).sum(),
            undated: archive.fronts().map(|front| u64::from(front.n_undated)).sum(),
            first: dated().map(|front| front.first_date).min().map(|date| date as f64),
            last: dated().map(|front| front.last_date).max().map(|date| date as f64),
            segments: archive.fronts().count(),
            // Days are cut in the zone of the first segment (`Archive::context`).
            zone: archive.fronts().next().map_or_else(Vec::new, |front| {
                front.zone.iter().map(|&(from, offset)| (from as f64, offset)).collect()
            }),
        }
    }
}
