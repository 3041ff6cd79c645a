//! The search of an archive, as JavaScript sees it: a page of glue. Questions come as plain values and answers go as
//! JSON in the shapes of `www/src/shared/engine.ts`; everything else is in `maildex-core`.
//!
//! It is compiled twice: the light engine is what a first visit waits for, searching and reading; the full one, with the
//! feature `full`, is loaded beside it by whoever counts, explains or completes.

#[cfg(feature = "full")]
mod full;
mod json;
mod reply;

use maildex_core::format::front::MessageKind;
use maildex_core::query::{Query, parse};
use maildex_core::{Archive, Error, Request, Sort, Step};
use wasm_bindgen::prelude::*;

/// An archive that is being read.
#[wasm_bindgen]
#[derive(Default)]
pub struct Engine {
    archive: Archive,
    forms: bool,
}

#[wasm_bindgen]
impl Engine {
    /// An archive without segments.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Engine {
        Engine::default()
    }

    /// Adds the next segment from the first bytes of its blob.
    ///
    /// # Errors
    /// If they are not those of an archive that this version reads.
    pub fn open(&mut self, front: &[u8]) -> Result<(), JsError> {
        self.archive.open(front).map_err(thrown)
    }

    /// Adds the next segment by what the manifest says of it: its front is read when its kind is asked for.
    ///
    /// # Errors
    /// If there is no such kind, or that cannot be the length of a front.
    pub fn expect(&mut self, kind: &str, messages: u32, front: f64) -> Result<(), JsError> {
        let kind = MessageKind::named(kind).ok_or_else(|| JsError::new("no such kind"))?;
        self.archive.expect(kind, messages, front as u64).map_err(thrown)
    }

    /// Takes in bytes that were missing.
    ///
    /// # Errors
    /// If a checksum does not match.
    pub fn put(&mut self, segment: usize, offset: f64, bytes: &[u8]) -> Result<(), JsError> {
        self.archive.put(segment, offset as u64, bytes).map_err(thrown)
    }

    /// Whether words of the next queries stand for their other forms too.
    pub fn forms(&mut self, on: bool) {
        self.forms = on;
    }

    /// A page of hits.
    ///
    /// # Errors
    /// If the archive is broken or there is no such order.
    pub fn search(
        &self,
        query: &str,
        now: f64,
        typing: bool,
        sort: &str,
        offset: usize,
        limit: usize,
    ) -> Result<String, JsError> {
        let sort = order(sort).ok_or_else(|| JsError::new("no such order"))?;
        let query = self.query(query, now, typing);
        let request = Request { query: &query, typing, sort, offset, limit };
        let step = self.archive.search(&request).map_err(thrown)?;
        Ok(reply::step(&self.archive, step, |json, found| {
            reply::found(json, &query, &self.archive.marker(&query), &found, offset);
        }))
    }

    /// The exact number of hits.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn total(&self, query: &str, now: f64, typing: bool) -> Result<String, JsError> {
        let step = self.archive.total(&self.query(query, now, typing), typing).map_err(thrown)?;
        Ok(reply::step(&self.archive, step, reply::total))
    }

    /// The marked stretches of some messages.
    ///
    /// # Errors
    /// If the archive is broken.
    #[expect(clippy::needless_pass_by_value, reason = "what wasm-bindgen hands over")]
    pub fn snippets(
        &self,
        query: &str,
        now: f64,
        typing: bool,
        keys: Vec<String>,
        max_chars: usize,
    ) -> Result<String, JsError> {
        let marker = self.archive.marker(&self.query(query, now, typing));
        let keys: Vec<u64> = keys.iter().filter_map(|key| reply::key(key)).collect();
        let step = self.archive.texts(&keys).map_err(thrown)?;
        Ok(reply::step(&self.archive, step, |json, texts| reply::snippets(json, &texts, &marker, max_chars)))
    }

    /// A message as it is read, with what the query marks in it.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn message(&self, key: &str, query: &str, now: f64) -> Result<String, JsError> {
        let marker = self.archive.marker(&self.query(query, now, false));
        let step = by_key(key, |key| self.archive.message(key))?;
        Ok(reply::step(&self.archive, step, |json, found| reply::message(json, found, &marker)))
    }

    /// The sanitised HTML of a message.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn html(&self, key: &str) -> Result<String, JsError> {
        let step = by_key(key, |key| self.archive.html(key))?;
        Ok(reply::step(&self.archive, step, |json, html| reply::html(json, html.as_deref())))
    }

    /// The thread that a message is in.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn thread(&self, key: &str) -> Result<String, JsError> {
        let step = by_key(key, |key| self.archive.thread(key))?;
        Ok(reply::step(&self.archive, step, reply::thread))
    }

    /// What the archive is.
    pub fn info(&self) -> String {
        reply::info(&self.archive)
    }
}

impl Engine {
    fn query(&self, text: &str, now: f64, typing: bool) -> Query {
        Query { forms: self.forms, ..parse(text, &self.archive.context(now as i64, typing)) }
    }
}

fn order(name: &str) -> Option<Sort> {
    match name {
        "newest" => Some(Sort::Newest),
        "oldest" => Some(Sort::Oldest),
        "relevance" => Some(Sort::Relevance),
        "sender" => Some(Sort::Sender),
        "subject" => Some(Sort::Subject),
        "size" => Some(Sort::Size),
        _ => None,
    }
}

/// Looks something up; what is no key is the key of nothing.
fn by_key<T>(
    key: &str,
    look_up: impl FnOnce(u64) -> Result<Step<Option<T>>, Error>,
) -> Result<Step<Option<T>>, JsError> {
    reply::key(key).map_or(Ok(Step::Done(None)), look_up).map_err(thrown)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err calls")]
fn thrown(error: Error) -> JsError {
    JsError::new(&error.to_string())
}
