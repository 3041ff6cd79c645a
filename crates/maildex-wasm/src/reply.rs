//! The core's answers as JSON, in the shapes of `www/src/shared/engine.ts`.

use crate::json::Json;
use maildex_core::format::front::MessageKind;
use maildex_core::format::line::Line;
use maildex_core::format::record::{Person, Record};
use maildex_core::present::{Block, Marker};
use maildex_core::query::Query;
use maildex_core::text::{Piece, RegionKind};
use maildex_core::{Archive, Found, Step, Thread, Want};

/// What one call comes to: the answer that `done` writes, or what was missed.
#[cfg_attr(not(feature = "full"), expect(unused_variables, reason = "only the full engine reads messages"))]
pub(crate) fn step<T>(archive: &Archive, step: Step<T>, done: impl FnOnce(&mut Json, T)) -> String {
    let mut json = Json::default();
    json.object(|json| match step {
        Step::Done(value) => {
            json.key("kind").text("done");
            done(json.key("value"), value);
        }
        Step::Missing(wants) => {
            json.key("kind").text("missing");
            json.key("ranges").list(&wants, want);
            #[cfg(feature = "full")]
            json.key("progress").option(archive.progress(), |json, progress| {
                json.object(|json| {
                    json.key("hits").number(progress.hits as i64);
                    json.key("read").number(progress.read as i64);
                    json.key("of").number(progress.of as i64);
                });
            });
        }
    });
    json.into_text()
}

fn want(json: &mut Json, want: &Want) {
    json.object(|json| {
        json.key("segment").number(want.segment as i64);
        json.key("offset").number(want.range.offset as i64);
        json.key("length").number(want.range.length as i64);
    });
}

/// A key in sixteen hexadecimal digits.
pub(crate) fn key(text: &str) -> Option<u64> {
    if text.len() == 16 { u64::from_str_radix(text, 16).ok() } else { None }
}

pub(crate) fn key_text(key: u64) -> String {
    format!("{key:016x}")
}

fn pieces(json: &mut Json, marker: &Marker, pieces: &[Piece]) {
    json.list(pieces, |json, piece| {
        json.object(|json| {
            json.key("text").text(&piece.text);
            json.key("mark").truth(piece.mark);
            if piece.mark && marker.is_other(&piece.text) {
                json.key("other").truth(true);
            }
        });
    });
}

fn line(json: &mut Json, line: &Line, marker: &Marker) {
    json.object(|json| {
        json.key("key").text(&key_text(line.key));
        json.key("date").option(line.date, Json::number);
        pieces(json.key("from"), marker, &marker.person(&line.from));
        pieces(json.key("subject"), marker, &marker.subject(&line.subject));
        json.key("preview").text(&line.preview);
        json.key("attachments").truth(line.attachments);
        json.key("html").truth(line.html);
        json.key("threadSize").number(line.thread_size.into());
        json.key("misdated").truth(line.misdated);
        json.key("kind").text(line.kind.name());
        json.key("missing").truth(line.missing);
    });
}

/// A page of hits.
pub(crate) fn found(json: &mut Json, query: &Query, marker: &Marker, found: &Found, offset: usize) {
    let (counts, threads) = found.threads.as_ref().map(|(counts, n)| (counts, *n)).unzip();
    let typed = query.notes.iter().map(|note| (note.span.clone(), &note.text));
    let archive = found.notes.iter().map(|text| (0..0, text));
    json.object(|json| {
        json.key("understood").text(&query.understood());
        json.key("notes").list(typed.chain(archive), |json, (span, text)| {
            json.object(|json| {
                json.key("from").number(span.start as i64);
                json.key("to").number(span.end as i64);
                json.key("text").text(text);
            });
        });
        json.key("parts").list(&query.parts, |json, part| {
            json.object(|json| {
                json.key("from").number(part.span.start as i64);
                json.key("to").number(part.span.end as i64);
                json.key("filter").truth(part.filter);
            });
        });
        json.key("total").option(found.total, |json, total| json.number(total as i64));
        json.key("atLeast").number((offset + found.lines.len()) as i64);
        json.key("offset").number(offset as i64);
        json.key("lines").list(&found.lines, |json, found| line(json, found, marker));
        json.key("threads").option(threads, |json, n| json.number(n as i64));
        json.key("inThread").list(counts.into_iter().flatten(), |json, n| json.number((*n).into()));
    });
}

/// The exact number of hits.
pub(crate) fn total(json: &mut Json, total: u64) {
    json.object(|json| json.key("total").number(total as i64));
}

/// The marked stretches of some messages' texts, at most so many characters of each.
pub(crate) fn snippets(json: &mut Json, texts: &[(u64, String)], marker: &Marker, max_chars: usize) {
    json.object(|json| {
        json.key("snippets").list(texts, |json, (key, text)| {
            json.object(|json| {
                json.key("key").text(&key_text(*key));
                pieces(json.key("pieces"), marker, &marker.snippet(text, max_chars));
            });
        });
    });
}

/// A message as it is read, or that there is none of this key.
pub(crate) fn message(json: &mut Json, found: Option<(Line, Record)>, marker: &Marker) {
    json.object(|json| match found {
        None => json.key("notFound").truth(true),
        Some((mut line, mut record)) => {
            // A line's subject may be cut; here there is room for all of it.
            line.subject = core::mem::take(&mut record.subject);
            whole(json, &line, &record, marker);
        }
    });
}

fn whole(json: &mut Json, summary: &Line, record: &Record, marker: &Marker) {
    line(json.key("line"), summary, marker);
    json.key("messageId").text(&record.message_id);
    json.key("headers").list(&record.headers, |json, (name, value)| {
        two(json, ("name", name), ("value", value));
    });
    people(json.key("from"), &record.from);
    people(json.key("to"), &record.to);
    people(json.key("cc"), &record.cc);
    json.key("zone").option(record.zone, |json, zone| json.number(zone.into()));
    json.key("blocks").list(&marker.text(&record.text), |json, own| block(json, marker, own));
    json.key("attachments").list(&record.attachments, |json, attachment| {
        json.object(|json| {
            json.key("name").text(&attachment.name);
            json.key("mime").text(&attachment.mime);
            json.key("size").number(attachment.size as i64);
            json.key("inline").truth(attachment.inline);
            json.key("contentId").text(&attachment.content_id);
            json.key("kept").truth(attachment.kept.is_some());
            let digest: String = attachment.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
            json.key("sha256").text(&digest);
        });
    });
    json.key("hasHtml").truth(summary.html);
    json.key("hasSource").truth(record.original.is_some());
    json.key("places").list(&record.places, |json, place| {
        json.object(|json| {
            json.key("source").text(&place.source);
            json.key("path").text(&place.path);
            json.key("offset").number(place.offset as i64);
            json.key("folder").text(&place.folder);
        });
    });
    json.key("problems").list(&record.remarks, |json, remark| {
        two(json, ("kind", &remark.kind), ("detail", &remark.detail));
    });
}

fn people(json: &mut Json, people: &[Person]) {
    json.list(people, |json, person| two(json, ("name", &person.name), ("address", &person.address)));
}

fn block(json: &mut Json, marker: &Marker, block: &Block) {
    let (kind, depth) = match block.kind {
        RegionKind::Own => ("own", 0),
        RegionKind::Quoted { depth } => ("quoted", depth),
        RegionKind::Signature => ("signature", 0),
    };
    json.object(|json| {
        json.key("kind").text(kind);
        json.key("depth").number(depth.into());
        pieces(json.key("pieces"), marker, &block.pieces);
    });
}

/// An object of two strings.
fn two(json: &mut Json, one: (&str, &str), other: (&str, &str)) {
    json.object(|json| {
        json.key(one.0).text(one.1);
        json.key(other.0).text(other.1);
    });
}

/// The sanitised HTML of a message, if it has any.
pub(crate) fn html(json: &mut Json, html: Option<&str>) {
    json.object(|json| json.key("html").option(html, Json::text));
}

/// A thread, the parents before their answers; nothing where there is none.
pub(crate) fn thread(json: &mut Json, found: Option<Thread>) {
    let (focus, messages) = found.map_or((0, Vec::new()), |thread| (thread.focus, thread.messages));
    let marker = Marker::default();
    let mut depths: Vec<i64> = Vec::with_capacity(messages.len());
    json.object(|json| {
        json.key("focus").number(focus as i64);
        json.key("nodes").list(&messages, |json, message| {
            let above = message.parent.and_then(|parent| depths.get(parent as usize));
            let depth = above.map_or(0, |above| above + 1);
            depths.push(depth);
            json.object(|json| {
                json.key("key").option(message.line.as_ref(), |json, line| json.text(&key_text(line.key)));
                json.key("messageId").option(message.ghost.as_deref(), Json::text);
                json.key("standIn").option(message.stand_in, |json, key| json.text(&key_text(key)));
                json.key("parent").option(message.parent, |json, parent| json.number(parent.into()));
                json.key("depth").number(depth);
                json.key("guessed").truth(message.guessed);
                json.key("line").option(message.line.as_ref(), |json, found| line(json, found, &marker));
            });
        });
    });
}

/// What the archive is.
pub(crate) fn info(archive: &Archive) -> String {
    let count = |kind| archive.count(kind) as i64;
    // What is told of the other kinds must not depend on whether their fronts are here.
    let own = || archive.fronts().filter(|front| front.kind == MessageKind::Message);
    let dated = || own().filter(|front| front.n_undated < front.n_docs);
    // Days are cut in the zone of the first segment (`Archive::context`).
    let zone = archive.fronts().next().map_or(&[][..], |front| &front.zone);
    let mut json = Json::default();
    json.object(|json| {
        // The manifest has the title; the segments are the same under any name.
        json.key("title").text("");
        json.key("messages").number(count(MessageKind::Message));
        json.key("quoted").number(count(MessageKind::Quoted));
        json.key("placeholders").number(count(MessageKind::Placeholder));
        json.key("undated").number(own().map(|front| i64::from(front.n_undated)).sum());
        json.key("first").option(dated().map(|front| front.first_date).min(), Json::number);
        json.key("last").option(dated().map(|front| front.last_date).max(), Json::number);
        json.key("forms").truth(archive.has_forms());
        json.key("segments").number(archive.fronts().count() as i64);
        // From when on which offset from UTC holds, both in seconds: what `maildex_core::query::Zone` is made of.
        json.key("zone").list(zone, |json, &(from, offset)| {
            json.list([from, i64::from(offset)], Json::number);
        });
    });
    json.into_text()
}
