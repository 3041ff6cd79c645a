//! What the full engine does besides: counting, explaining, completing, many queries at once.

mod reply;

use crate::reply::{found, key as parse_key, step};
use crate::{Engine, order, thrown};
use maildex_core::query::Query;
use maildex_core::{Facet, Request, Weighty};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Engine {
    /// A page of threads, each by the first of its hits.
    ///
    /// # Errors
    /// If the archive is broken or too old, or there is no such order.
    pub fn search_threads(
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
        let outcome = self.archive.search_threads(&request).map_err(thrown)?;
        Ok(step(&self.archive, outcome, |json, hits| {
            found(json, &query, &self.archive.marker(&query), &hits, offset)
        }))
    }

    /// Ways to go on with a query that is being typed.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn suggest(&self, text: &str, limit: usize) -> Result<String, JsError> {
        let outcome = self.archive.suggest(text, limit).map_err(thrown)?;
        Ok(step(&self.archive, outcome, |json, found| reply::suggestions(json, &found)))
    }

    /// What may have been meant by words that are nowhere.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn correct(&self, query: &str, now: f64, everywhere: bool) -> Result<String, JsError> {
        let outcome = self.archive.correct(&self.query(query, now, false), everywhere).map_err(thrown)?;
        Ok(step(&self.archive, outcome, |json, found| reply::corrections(json, &found)))
    }

    /// What the hits are made of.
    ///
    /// # Errors
    /// If the archive is broken or too old.
    #[expect(clippy::needless_pass_by_value, reason = "what wasm-bindgen hands over")]
    pub fn facets(
        &self,
        query: &str,
        now: f64,
        typing: bool,
        which: Vec<String>,
        limit: usize,
    ) -> Result<String, JsError> {
        let which: Vec<Facet> =
            Facet::ALL.into_iter().filter(|facet| which.iter().any(|name| name == facet.name())).collect();
        let query = self.query(query, now, typing);
        let outcome = self.archive.facets(&query, typing, &which, limit).map_err(thrown)?;
        Ok(step(&self.archive, outcome, |json, facets| reply::facets(json, &facets)))
    }

    /// How many bytes a search in this order reads at most, with all its hits.
    ///
    /// # Errors
    /// If the archive is broken or there is no such order.
    pub fn weigh(
        &self,
        query: &str,
        now: f64,
        typing: bool,
        sort: &str,
        threads: bool,
    ) -> Result<String, JsError> {
        let sort = order(sort).ok_or_else(|| JsError::new("no such order"))?;
        let mut questions = vec![Weighty::Sort(sort)];
        questions.extend(threads.then_some(Weighty::Threads));
        let query = self.query(query, now, typing);
        let outcome = self.archive.weigh(&query, typing, &questions).map_err(thrown)?;
        Ok(step(&self.archive, outcome, |json, bytes| reply::weight(json, bytes, query.reads_messages())))
    }

    /// Why messages were found.
    ///
    /// # Errors
    /// If the archive is broken.
    #[expect(clippy::needless_pass_by_value, reason = "what wasm-bindgen hands over")]
    pub fn explain(&self, query: &str, now: f64, typing: bool, keys: Vec<String>) -> Result<String, JsError> {
        let keys: Vec<u64> = keys.iter().filter_map(|key| parse_key(key)).collect();
        let outcome = self.archive.explain(&self.query(query, now, typing), typing, &keys).map_err(thrown)?;
        Ok(step(&self.archive, outcome, |json, explained| reply::explained(json, &explained)))
    }

    /// Where a file of a message is: the attachment of this number, from 0 on, or below 0 the raw message.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn file(&self, key: &str, number: i32) -> Result<String, JsError> {
        let number = usize::try_from(number).ok();
        let outcome = crate::by_key(key, |key| self.archive.file(key, number))?;
        Ok(step(&self.archive, outcome, |json, file| reply::file(json, file.as_ref())))
    }

    /// What many queries find.
    ///
    /// # Errors
    /// If the archive is broken or too old.
    #[expect(clippy::needless_pass_by_value, reason = "what wasm-bindgen hands over")]
    pub fn batch(&self, queries: Vec<String>, now: f64) -> Result<String, JsError> {
        let queries: Vec<Query> = queries.iter().map(|query| self.query(query, now, false)).collect();
        let outcome = self.archive.batch(&queries).map_err(thrown)?;
        Ok(step(&self.archive, outcome, |json, batch| reply::batch(json, &queries, &batch)))
    }

    /// Who writes to whom among the hits.
    ///
    /// # Errors
    /// If the archive is broken or too old.
    #[expect(clippy::needless_pass_by_value, reason = "what wasm-bindgen hands over")]
    pub fn correspondence(
        &self,
        query: &str,
        now: f64,
        typing: bool,
        limit: usize,
        also: Vec<String>,
    ) -> Result<String, JsError> {
        let query = self.query(query, now, typing);
        let outcome = self.archive.correspondence(&query, typing, limit, &also).map_err(thrown)?;
        Ok(step(&self.archive, outcome, |json, found| reply::correspondence(json, &found)))
    }

    /// What is known not to be here.
    ///
    /// # Errors
    /// If the archive is broken.
    pub fn missing(&self) -> Result<String, JsError> {
        Ok(step(&self.archive, self.archive.absent().map_err(thrown)?, |json, absent| {
            reply::absent(json, &absent)
        }))
    }
}
