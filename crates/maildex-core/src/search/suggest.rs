//! Ways to go on with a query that is being typed: operators, people, folders and their like, words of subjects.
//!
//! All comes from the terms of the dictionary that begin with what was typed: a few blocks of 2 KB. A beginning that so
//! many terms share that more would have to be read gives no suggestion of that kind: the next letter will. The name
//! beside an address is that of the newest message from there.

use crate::error::Outcome;
use crate::format::dictionary::{Entry, Kind};
use crate::format::list::ListRef;
use crate::order_by::order_by;
use crate::query::{beginning_with, canonical};
use crate::segment::{Segment, all};
use crate::text::{lower, query_tokens, state_value};
use std::collections::BTreeMap;

/// Blocks of the dictionary that one beginning may cost in a segment: some 32 KB.
const MAX_BLOCKS: usize = 16;
/// Fewer letters begin too many words.
const MIN_LETTERS: usize = 2;
/// Operators beside people and words.
const MAX_OPERATORS: usize = 3;

/// The operators that this version answers, each with a line of help.
pub static OPERATORS: &[(&str, &str)] = &[
    ("from", "who wrote it: a name, an address or a domain"),
    ("to", "who got it, by To, Cc or Bcc"),
    ("with", "from or to somebody"),
    ("subject", "words of the subject"),
    ("has", "attachment, link, image, pdf …"),
    ("is", "reply, forward, list …"),
    ("after", "from this day on"),
    ("before", "up to this day"),
    ("date", "that day, month or year, or a range: 2003-05..2004"),
    ("label", "the folder or label it lay in"),
    ("list", "the mailing list it came by"),
    ("source", "the file or folder that was read"),
    ("filename", "words in the name of an attachment"),
    ("filetype", "the ending of an attachment's name"),
    ("body", "words of the text"),
    ("new", "the writer's own words"),
    ("quoted", "words that the writer quotes"),
    ("between", "from the one to the other: between:(amy bob)"),
    ("larger", "more bytes than this: 5M"),
    ("smaller", "fewer bytes than this: 20K"),
    ("header", "a header kept with it: header:x-mailer=pine"),
    ("size", "at least so many bytes, or a range: 1M..2M"),
    ("older_than", "older than this: 1y, 2m, 3w, 4d"),
    ("newer_than", "newer than this: 1y, 2m, 3w, 4d"),
    ("onlyto", "who got it, by To alone"),
    ("cc", "who got a copy"),
    ("bcc", "who got a blind copy"),
    ("mime", "the declared type of an attachment: image/png"),
    ("attachment", "a word in a name or text of an attachment"),
    ("lang", "its language: german, or de"),
    ("received", "delivered on this day, or in a range of days"),
    ("deliveredto", "whom servers say they delivered it to"),
    ("rfc822msgid", "its Message-ID"),
    ("thread", "its conversation, or those with all of: thread:{a b}"),
    ("hash", "its key, as links tell it"),
    ("docid", "the number a document was released by"),
    ("case", "the case it was released under"),
    ("release", "full, part, or the day of the release"),
    ("exemption", "the ground something was taken out on"),
    ("category", "a category of Gmail: promotions"),
    ("kind", "message, quoted, placeholder or any"),
];

/// What `has:`, `is:` and `kind:` may be followed by.
static STATES: &[(&str, &str)] = &[
    ("has:attachment", "a file beside the text"),
    ("has:image", "a picture"),
    ("has:pdf", "a PDF"),
    ("has:link", "a web address"),
    ("has:html", "an HTML text"),
    ("has:thread", "others of its conversation are here"),
    ("has:signed", "a signature"),
    ("has:encrypted", "something sealed"),
    ("has:redaction", "something was taken out"),
    ("has:date", "a date"),
    ("is:reply", "answers another"),
    ("is:forward", "passes something on"),
    ("is:root", "begins its conversation"),
    ("is:list", "came by a mailing list"),
    ("is:bulk", "went to many"),
    ("is:bounce", "a delivery report"),
    ("is:duplicate", "found more than once"),
    ("is:misdated", "its delivery contradicts its date"),
    ("is:missing", "mentioned or quoted, and not here"),
    ("is:listed", "on a list, its text not in this copy"),
    ("is:skipped", "a number that a series leaves out"),
    ("kind:message", "mail that is here"),
    ("kind:quoted", "known only from inside another"),
    ("kind:placeholder", "named but not here"),
    ("kind:any", "all of these"),
];

/// What a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum SuggestionKind {
    /// An operator, to be followed by a value.
    Operator,
    /// Somebody, by name, address or domain.
    Person,
    /// A folder, list, state or another value that is compared whole.
    Value,
    /// A word.
    Word,
}

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// What it puts in place of the unfinished word: `from:amy@acme.example`.
    pub text: String,
    /// The whole query with that in it.
    pub query: String,
    /// A line of help, or the name that goes with an address; may be empty.
    pub help: String,
    /// How many messages have it; `None` for an operator.
    pub n: Option<u64>,
}

/// Ways to go on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// The best first.
    pub items: Vec<Suggestion>,
    /// Too many terms begin so: one more letter will tell.
    pub more: bool,
}

/// A term with what its lists hold.
#[derive(Debug, Default)]
struct Tally {
    n: u64,
    /// The list of what somebody sent, with its segment.
    sent: Option<(usize, ListRef)>,
}

struct Asker<'a> {
    segments: &'a [Segment],
    /// What stands before the unfinished word.
    before: &'a str,
    limit: usize,
    found: Suggestions,
}

/// Ways to go on with `text`, whose last word is unfinished.
pub(crate) fn suggest(segments: &[Segment], text: &str, limit: usize) -> Outcome<Suggestions> {
    // Inside quotes nothing but the words themselves could be told.
    let is_phrase = text.chars().filter(|c| matches!(c, '"' | '“' | '”')).count() % 2 == 1;
    if is_phrase {
        return Ok(Suggestions::default());
    }
    let start = text
        .rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '{'))
        .map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
    let signs = text[start..].chars().take_while(|c| matches!(c, '-' | '+' | '!')).count();
    let (before, word) = text.split_at(start + signs);
    let mut asker = Asker { segments, before, limit, found: Suggestions::default() };
    match word.split_once(':').and_then(|(name, value)| Some((canonical(name)?, value))) {
        Some((name, value)) => asker.value(name, value)?,
        None => asker.bare(word)?,
    }
    let mut found = asker.found;
    found.items.truncate(limit);
    Ok(found)
}

impl Asker<'_> {
    fn bare(&mut self, word: &str) -> Outcome<()> {
        let names: Vec<&str> = beginning_with(word).collect();
        let helped = OPERATORS.iter().filter(|(name, _)| names.contains(name));
        let n = if word.is_empty() { self.limit } else { MAX_OPERATORS };
        for (name, help) in helped.take(n) {
            self.push(SuggestionKind::Operator, [name, ":"].concat(), help, None);
        }
        if word.is_empty() {
            return Ok(());
        }
        // What either misses is asked for in the same round.
        let limit = self.limit;
        self.limit = limit.div_ceil(2);
        let people = self.people("from", word);
        self.limit = limit;
        people.and(self.words("", word, Kind::Any))
    }

    fn value(&mut self, name: &'static str, value: &str) -> Outcome<()> {
        match name {
            "from" | "to" | "onlyto" | "cc" | "bcc" | "with" => self.people(name, value),
            "subject" => self.words("subject:", value, Kind::Subject),
            "filename" => self.words("filename:", value, Kind::File),
            "body" | "new" | "quoted" => self.words(&[name, ":"].concat(), value, Kind::Any),
            "has" | "is" | "kind" => self.states(name, value),
            "label" | "list" | "source" | "filetype" | "mime" | "docid" | "case" | "release"
            | "exemption" | "lang" => self.values(name, value),
            _ => {
                let help = OPERATORS.iter().find(|(own, _)| *own == name).map(|(_, help)| *help);
                if let Some(help) = help.filter(|_| value.is_empty()) {
                    self.push(SuggestionKind::Operator, [name, ":"].concat(), help, None);
                }
                Ok(())
            }
        }
    }

    fn push(&mut self, kind: SuggestionKind, text: String, help: &str, n: Option<u64>) {
        let query = [self.before, &text].concat();
        self.found.items.push(Suggestion { kind, text, query, help: help.to_owned(), n });
    }

    /// Names, addresses and domains; the name typed may be that of a domain without its `@`.
    fn people(&mut self, name: &str, typed: &str) -> Outcome<()> {
        if typed.chars().count() < MIN_LETTERS {
            return Ok(());
        }
        let kinds: &[Kind] = match name {
            "from" => &[Kind::From],
            "to" => &[Kind::To, Kind::Cc, Kind::Bcc],
            "onlyto" => &[Kind::To],
            "cc" => &[Kind::Cc],
            "bcc" => &[Kind::Bcc],
            _ => &[Kind::From, Kind::To, Kind::Cc, Kind::Bcc],
        };
        let typed = lower(typed);
        let domain = ["@", &typed].concat();
        let word = one_word(&typed).unwrap_or_else(|| typed.clone());
        let mut beginnings = vec![typed, domain, word];
        beginnings.dedup_by(|a, b| a == b);
        if beginnings.last() == beginnings.first() && beginnings.len() > 1 {
            beginnings.pop();
        }
        let best = self.best(&beginnings, &mut |key| !key.contains(&b':'), kinds)?;
        let names = all(best.iter().map(|(_, tally)| self.sender(tally)))?;
        for ((key, tally), help) in best.into_iter().zip(names) {
            let help = if lower(&help) == key || key.starts_with('@') { String::new() } else { help };
            self.push(SuggestionKind::Person, [name, ":", &key].concat(), &help, Some(tally.n));
        }
        Ok(())
    }

    fn words(&mut self, operator: &str, typed: &str, kind: Kind) -> Outcome<()> {
        let Some(word) = one_word(typed).filter(|word| word.chars().count() >= MIN_LETTERS) else {
            return Ok(());
        };
        for (key, tally) in
            self.best(&[word], &mut |key| !key.contains(&b'@') && !key.contains(&b':'), &[kind])?
        {
            self.push(SuggestionKind::Word, [operator, &key].concat(), "", Some(tally.n));
        }
        Ok(())
    }

    fn states(&mut self, name: &str, typed: &str) -> Outcome<()> {
        let beginning = [name, ":", &lower(typed)].concat();
        let told = STATES.iter().filter(|(state, _)| state.starts_with(&beginning));
        let found = self.tallies(&[[name, ":"].concat()], &mut |_| true, &[Kind::State])?;
        for (state, help) in told {
            let n = found.get(*state).map_or(0, |tally| tally.n);
            // These two are no lists: dates and segments tell them.
            if n > 0 || *state == "has:date" || name == "kind" {
                self.push(SuggestionKind::Value, (*state).to_owned(), help, Some(n).filter(|n| *n > 0));
            }
        }
        Ok(())
    }

    fn values(&mut self, name: &str, typed: &str) -> Outcome<()> {
        let beginning = [name, ":", &state_value(typed)].concat();
        for (key, tally) in self.best(&[beginning], &mut |_| true, &[Kind::State])? {
            self.push(SuggestionKind::Value, key, "", Some(tally.n));
        }
        Ok(())
    }

    /// The terms that most messages have, of those that begin so.
    fn best(
        &mut self,
        beginnings: &[String],
        keep: &mut dyn FnMut(&[u8]) -> bool,
        kinds: &[Kind],
    ) -> Outcome<Vec<(String, Tally)>> {
        let mut best: Vec<(String, Tally)> = self.tallies(beginnings, keep, kinds)?.into_iter().collect();
        order_by(&mut best, |(_, tally)| u64::MAX - tally.n);
        best.truncate(self.limit);
        Ok(best)
    }

    fn tallies(
        &mut self,
        beginnings: &[String],
        keep: &mut dyn FnMut(&[u8]) -> bool,
        kinds: &[Kind],
    ) -> Outcome<BTreeMap<String, Tally>> {
        let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
        let mut more = false;
        let (segments, mut result) = (self.segments, Ok(()));
        for (number, segment) in segments.iter().enumerate() {
            for beginning in beginnings.iter().map(String::as_bytes) {
                if segment.dictionary.n_blocks(beginning) > MAX_BLOCKS {
                    more = true;
                    continue;
                }
                let outcome = segment.dictionary.prefixed(&segment.resident, beginning, &mut |entry| {
                    if keep(&entry.key) {
                        count(&mut tallies, entry, kinds, number);
                    }
                });
                result = result.and(outcome);
            }
        }
        self.found.more |= more;
        result.map(|()| tallies)
    }

    /// The name on the newest message of a list; empty where that would take a long read.
    fn sender(&self, tally: &Tally) -> Outcome<String> {
        let Some((segment, list)) = &tally.sent else { return Ok(String::new()) };
        let segment = &self.segments[*segment];
        let (n_docs, mut newest) = (segment.n_docs(), None);
        // Only the tail of a list reaches to the last message.
        segment
            .list(list)
            .docs(0, n_docs, &|_, last| last == n_docs, &mut |docs| newest = docs.last().copied())?;
        match newest {
            Some(doc) => Ok(segment.line(doc)?.from),
            None => Ok(String::new()),
        }
    }
}

fn count(tallies: &mut BTreeMap<String, Tally>, entry: &Entry, kinds: &[Kind], segment: usize) {
    // A message to two people of one domain is in one list of it, but one to and one with a copy are in two: the sum
    // may count a message twice. The longest list is never more than there are.
    let n = kinds.iter().filter_map(|kind| entry.list(*kind)).map(|list| u64::from(list.n)).max();
    let (Some(n), Ok(key)) = (n, core::str::from_utf8(&entry.key)) else { return };
    let tally = tallies.entry(key.to_owned()).or_default();
    tally.n += n;
    if let Some(list) = entry.list(Kind::From) {
        tally.sent = Some((segment, list.clone()));
    }
}

/// The folded word, if the text is one word.
fn one_word(text: &str) -> Option<String> {
    let mut tokens = query_tokens(text);
    let token = tokens.pop()?;
    (tokens.is_empty() && token.end == text.len()).then_some(token.text)
}

#[cfg(test)]
mod tests;
