//! The search of an archive, as JavaScript sees it: a page of glue. What crosses the border is described in
//! `www/src/shared/engine.ts`; everything else is in `maildex-core`.

mod reply;

use crate::reply::{
    ArchiveInfo, HtmlReply, KeyRequest, MessageRequest, SearchReply, SearchRequest, Snippet, SnippetsReply,
    SnippetsRequest, StepReply, ThreadReply, TotalReply,
};
use maildex_core::present::Marker;
use maildex_core::query::{Query, parse};
use maildex_core::{Archive, Error, Request, Step};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

/// An archive that is being read.
#[wasm_bindgen]
#[derive(Default)]
pub struct Engine {
    archive: Archive,
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

    /// Takes in bytes that were missing.
    ///
    /// # Errors
    /// If a checksum does not match.
    pub fn put(&mut self, segment: usize, offset: f64, bytes: &[u8]) -> Result<(), JsError> {
        self.archive.put(segment, offset as u64, bytes).map_err(thrown)
    }

    /// A page of hits.
    ///
    /// # Errors
    /// If the archive is broken or the request is not one.
    pub fn search(&self, request: JsValue) -> Result<JsValue, JsError> {
        let ask: SearchRequest = from_js(request)?;
        let query = self.query(&ask.query, ask.now, ask.typing);
        let request = Request {
            query: &query,
            typing: ask.typing,
            sort: ask.sort.into(),
            offset: ask.offset,
            limit: ask.limit,
        };
        let step = self.archive.search(&request).map_err(thrown)?;
        answer(step, |found| SearchReply::new(&query, found, ask.offset))
    }

    /// The exact number of hits.
    ///
    /// # Errors
    /// If the archive is broken or the request is not one.
    pub fn total(&self, request: JsValue) -> Result<JsValue, JsError> {
        let ask: SearchRequest = from_js(request)?;
        let query = self.query(&ask.query, ask.now, ask.typing);
        let step = self.archive.total(&query, ask.typing).map_err(thrown)?;
        answer(step, |total| TotalReply { total })
    }

    /// The marked stretches of some messages.
    ///
    /// # Errors
    /// If the archive is broken or the request is not one.
    pub fn snippets(&self, request: JsValue) -> Result<JsValue, JsError> {
        let ask: SnippetsRequest = from_js(request)?;
        let marker = Marker::new(&self.query(&ask.query, ask.now, ask.typing));
        let keys: Vec<u64> = ask.keys.iter().filter_map(|key| reply::key(key)).collect();
        let step = self.archive.texts(&keys).map_err(thrown)?;
        answer(step, |texts| SnippetsReply {
            snippets: texts
                .iter()
                .map(|(key, text)| Snippet::new(*key, text, &marker, ask.max_chars))
                .collect(),
        })
    }

    /// A message as it is read.
    ///
    /// # Errors
    /// If the archive is broken or the request is not one.
    pub fn message(&self, request: JsValue) -> Result<JsValue, JsError> {
        let ask: MessageRequest = from_js(request)?;
        let Some(key) = reply::key(&ask.key) else {
            return to_js(&StepReply::Done { value: reply::not_found() });
        };
        let marker = Marker::new(&self.query(&ask.query, ask.now, false));
        answer(self.archive.message(key).map_err(thrown)?, |found| reply::message(found, &marker))
    }

    /// The sanitised HTML of a message.
    ///
    /// # Errors
    /// If the archive is broken or the request is not one.
    pub fn html(&self, request: JsValue) -> Result<JsValue, JsError> {
        let ask: KeyRequest = from_js(request)?;
        let Some(key) = reply::key(&ask.key) else {
            return to_js(&StepReply::Done { value: HtmlReply::default() });
        };
        answer(self.archive.html(key).map_err(thrown)?, |html| HtmlReply { html })
    }

    /// The thread that a message is in.
    ///
    /// # Errors
    /// If the archive is broken or the request is not one.
    pub fn thread(&self, request: JsValue) -> Result<JsValue, JsError> {
        let ask: KeyRequest = from_js(request)?;
        let Some(key) = reply::key(&ask.key) else {
            return to_js(&StepReply::Done { value: ThreadReply::default() });
        };
        answer(self.archive.thread(key).map_err(thrown)?, |found| ThreadReply::new(found, &Marker::default()))
    }

    /// What the archive is.
    ///
    /// # Errors
    /// If it cannot be said in JavaScript, which does not happen.
    pub fn info(&self) -> Result<JsValue, JsError> {
        to_js(&ArchiveInfo::new(&self.archive))
    }
}

impl Engine {
    fn query(&self, text: &str, now: f64, typing: bool) -> Query {
        parse(text, &self.archive.context(now as i64, typing))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err calls")]
fn thrown(error: Error) -> JsError {
    JsError::new(&error.to_string())
}

fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsError> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}

fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsError> {
    // Numbers beyond 2^32 become plain numbers, and what is absent is null, as the types on the other side say.
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

fn answer<T, R: Serialize>(step: Step<T>, done: impl FnOnce(T) -> R) -> Result<JsValue, JsError> {
    match step {
        Step::Done(value) => to_js(&StepReply::Done { value: done(value) }),
        Step::Missing(wants) => to_js(&StepReply::<R>::missing(wants)),
    }
}
