//! Who writes to whom among the hits of a query, and who takes part in the same conversations.
//!
//! Senders and threads come from their columns, recipients from the lists of their addresses: so the lists of those who
//! are told are read, and nothing for all the others.

use super::facets::hits;
use super::plan::{Plan, plan};
use crate::error::Outcome;
use crate::format::column::ColumnId;
use crate::format::people::{Sender, read_sender};
use crate::order_by::{order_by, order_pairs, pair};
use crate::query::{Field, Node, Query};
use crate::segment::{Segment, all};

/// The most people that are told of: a picture of more is none, and each costs the list of an address.
const MOST: usize = 100;

/// Who writes to whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correspondence {
    /// How many hits there are.
    pub total: u64,
    /// How many different senders they have, counted anew in each segment.
    pub n_senders: u64,
    /// Those who sent most of them, the most frequent first, then those who were asked for besides.
    pub people: Vec<Correspondent>,
    /// Hits that the first of the two sent and the second is named in as a recipient.
    pub letters: Vec<Tie>,
    /// Conversations with hits of both; the first has the lower index.
    pub conversations: Vec<Tie>,
}

/// Somebody who is told of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correspondent {
    /// The name used most with the address; may be empty.
    pub name: String,
    /// The address; empty where only a name is known.
    pub address: String,
    /// Hits that they sent.
    pub sent: u64,
    /// Hits that name them as a recipient.
    pub received: u64,
}

impl Correspondent {
    /// The query for mail by or to them, as `field` says; empty for nobody.
    pub fn query(&self, field: Field) -> String {
        let root = self.node(field);
        match root {
            Node::Everything => String::new(),
            root => Query { root, parts: Vec::new(), notes: Vec::new(), forms: false }.text(),
        }
    }

    fn node(&self, field: Field) -> Node {
        // Signs alone are no word, and would ask for all there is.
        let is_word = |text: &str| text.contains(char::is_alphanumeric);
        match (is_word(&self.address), is_word(&self.name)) {
            (true, _) => Node::Word { field, text: self.address.clone(), typos: 0 },
            (false, true) => Node::Phrase { field, text: self.name.clone(), slop: None },
            (false, false) => Node::Everything,
        }
    }
}

/// Two of the people, by their index, and how much there is between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// The one.
    pub from: u32,
    /// The other.
    pub to: u32,
    /// How much.
    pub n: u64,
}

/// The hits of one segment, each with its sender.
struct Sent {
    docs: Vec<u32>,
    senders: Vec<u32>,
    /// By number of a sender: which of the people it is.
    people: Vec<(u32, u32)>,
}

/// Tells of the `limit` most frequent senders among the hits of `plans`, and of the addresses `also`.
pub(crate) fn correspondence(
    segments: &[Segment],
    plans: Outcome<Vec<Plan>>,
    limit: usize,
    also: &[String],
) -> Outcome<Correspondence> {
    let plans = plans?;
    let mut found = Correspondence::default();
    let mut parts = all(segments.iter().zip(&plans).map(|(segment, plan)| sent(segment, plan)))?;
    let n_filled = parts.iter().filter(|part| !part.docs.is_empty()).count();
    // Who is frequent in each of several segments a little may be the most frequent of all.
    let most = if n_filled > 1 { 10 * MOST } else { limit.min(MOST) };
    for (segment, part) in segments.iter().zip(&mut parts) {
        found.total += part.docs.len() as u64;
        found.add_senders(segment, part, most)?;
    }
    let order = found.keep(limit.min(MOST));
    for part in &mut parts {
        part.renumber(&order);
    }
    for address in also.iter().take(MOST) {
        if !found.people.iter().any(|own| own.address == *address) {
            let (name, address) =
                if address.contains('@') { ("", address.as_str()) } else { (address.as_str(), "") };
            found.people.push(Correspondent {
                name: name.into(),
                address: address.into(),
                ..Correspondent::default()
            });
        }
    }
    let told = all(segments.iter().zip(&parts).map(|(segment, part)| {
        let letters = letters(segment, part, &found.people);
        let conversations = conversations(segment, part);
        Ok((letters?, conversations?))
    }))?;
    for (letters, conversations) in told {
        for Tie { to, n, .. } in &letters {
            found.people[*to as usize].received += n;
        }
        let known = letters.into_iter().filter(|tie| tie.from != u32::MAX);
        found.letters = sum(core::mem::take(&mut found.letters), known.collect());
        found.conversations = sum(core::mem::take(&mut found.conversations), conversations);
    }
    Ok(found)
}

fn sent(segment: &Segment, plan: &Plan) -> Outcome<Sent> {
    let docs: Vec<u32> = hits(segment, plan)?.ids().collect();
    let senders = if docs.is_empty() { Vec::new() } else { segment.column_of(ColumnId::Sender, &docs)? };
    Ok(Sent { docs, senders, people: Vec::new() })
}

impl Correspondence {
    /// Adds those who sent most of a segment's hits; whom the number of a sender means is kept with the part.
    fn add_senders(&mut self, segment: &Segment, part: &mut Sent, most: usize) -> Outcome<()> {
        let mut numbers = part.senders.clone();
        numbers.sort_unstable();
        let mut rows: Vec<(u32, u32)> = numbers
            .chunk_by(|a, b| a == b)
            .filter(|run| run[0] != 0)
            .map(|run| (u32::MAX - run.len() as u32, run[0]))
            .collect();
        order_pairs(&mut rows, pair);
        self.n_senders += rows.len() as u64;
        rows.truncate(most);
        let known = all(rows.iter().map(|&(_, number)| read_sender(&segment.resident, number)))?;
        for (Sender { name, address }, (n, number)) in known.into_iter().zip(rows) {
            let same =
                |own: &Correspondent| own.address == address && (!address.is_empty() || own.name == name);
            let at = self.people.iter().position(same).unwrap_or_else(|| {
                self.people.push(Correspondent { name, address, ..Correspondent::default() });
                self.people.len() - 1
            });
            self.people[at].sent += u64::from(u32::MAX - n);
            part.people.push((number, at as u32));
        }
        Ok(())
    }

    /// Keeps the `limit` most frequent; gives for each of those before its index now.
    fn keep(&mut self, limit: usize) -> Vec<Option<u32>> {
        let mut order: Vec<(u32, u64)> = (0..).zip(self.people.iter().map(|own| own.sent)).collect();
        order_by(&mut order, |(_, sent)| u64::MAX - sent);
        order.truncate(limit);
        let mut now = vec![None; self.people.len()];
        let mut before = core::mem::take(&mut self.people);
        for (at, (old, _)) in (0..).zip(order) {
            now[old as usize] = Some(at);
            self.people.push(core::mem::take(&mut before[old as usize]));
        }
        now
    }
}

impl Sent {
    fn renumber(&mut self, order: &[Option<u32>]) {
        let people = core::mem::take(&mut self.people);
        let kept = people.into_iter().filter_map(|(number, old)| Some((number, order[old as usize]?)));
        self.people = kept.collect();
        order_pairs(&mut self.people, pair);
    }

    /// Which of the people sent the hit at this index; `u32::MAX` for somebody else.
    fn person(&self, at: usize) -> u32 {
        let number = self.senders[at];
        let found = self.people.binary_search_by(|(own, _)| own.cmp(&number));
        found.map_or(u32::MAX, |at| self.people[at].1)
    }
}

/// Hits by sender and recipient; those of other senders too, as from `u32::MAX`.
fn letters(segment: &Segment, part: &Sent, people: &[Correspondent]) -> Outcome<Vec<Tie>> {
    if part.docs.is_empty() {
        return Ok(Vec::new());
    }
    let plans = all(people.iter().map(|own| plan(&own.node(Field::To), segment, false, false)))?;
    let sets = all(plans.iter().map(|plan| hits(segment, plan)))?;
    let mut ties = Vec::new();
    for ((to, own), set) in (0..).zip(people).zip(sets) {
        if own.node(Field::To) == Node::Everything {
            continue;
        }
        let named = part.docs.iter().enumerate().filter(|(_, doc)| set.any_in(**doc, **doc));
        let mut from: Vec<u32> = named.map(|(at, _)| part.person(at)).collect();
        from.sort_unstable();
        let runs = from.chunk_by(|a, b| a == b);
        ties.extend(runs.map(|run| Tie { from: run[0], to, n: run.len() as u64 }));
    }
    Ok(ties)
}

/// Threads by the two of the people who both sent hits in them.
fn conversations(segment: &Segment, part: &Sent) -> Outcome<Vec<Tie>> {
    if part.docs.is_empty() {
        return Ok(Vec::new());
    }
    let threads = segment.column_of(ColumnId::Thread, &part.docs)?;
    let known = threads.into_iter().enumerate().map(|(at, thread)| (thread, part.person(at)));
    let mut known: Vec<(u32, u32)> = known.filter(|(_, person)| *person != u32::MAX).collect();
    order_pairs(&mut known, pair);
    known.dedup();
    let n = MOST;
    let mut counts = vec![0u64; n * n];
    for thread in known.chunk_by(|a, b| a.0 == b.0) {
        for (at, (_, from)) in thread.iter().enumerate() {
            for (_, to) in &thread[at + 1..] {
                counts[*from as usize * n + *to as usize] += 1;
            }
        }
    }
    let tie =
        |(at, n_threads): (usize, u64)| Tie { from: (at / n) as u32, to: (at % n) as u32, n: n_threads };
    Ok(counts.into_iter().enumerate().filter(|(_, count)| *count > 0).map(tie).collect())
}

/// Adds up ties of the same two.
fn sum(mut ties: Vec<Tie>, more: Vec<Tie>) -> Vec<Tie> {
    ties.extend(more);
    order_by(&mut ties, |tie| pair((tie.from, tie.to)));
    ties.dedup_by(|later, first| {
        let is_same = (later.from, later.to) == (first.from, first.to);
        if is_same {
            first.n += later.n;
        }
        is_same
    });
    ties
}

#[cfg(test)]
mod tests;
