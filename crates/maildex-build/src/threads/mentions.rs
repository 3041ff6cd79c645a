//! Message-IDs that are named by messages here and borne by none.

use super::{NONE, Threader};
use std::collections::HashMap;

/// A longer text between brackets is no Message-ID (RFC 5322, 2.1.1: a line has at most 998 characters).
const MAX_ID: usize = 400;

/// A message that is named and not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Its Message-ID.
    pub id: String,
    /// The items that name it, by (date, key).
    pub by: Vec<u32>,
    /// The items that stand right before it in the References of others: it answers one of them.
    pub after: Vec<u32>,
}

impl Threader {
    /// All ids that are named and not here, in the order of the first item that names them. An id of In-Reply-To counts
    /// only where there are no References: some programs invent it.
    pub fn mentions(&self) -> Vec<Mention> {
        let mut number_of: HashMap<u32, usize> = HashMap::new();
        let mut mentions: Vec<Mention> = Vec::new();
        for item in self.in_order() {
            let (references, in_reply_to) = self.references_of(item);
            let chain = if references.is_empty() { in_reply_to } else { references };
            let mut before = NONE;
            for &id in chain.iter().filter(|&&id| self.is_usable(item, id)) {
                let above = core::mem::replace(&mut before, id);
                if self.is_here(id) {
                    continue;
                }
                let Some(text) = self.ids.mentioned(id).filter(|text| is_id(text)) else { continue };
                let number = *number_of.entry(id).or_insert_with(|| {
                    mentions.push(Mention { id: text.to_owned(), by: Vec::new(), after: Vec::new() });
                    mentions.len() - 1
                });
                let mention = &mut mentions[number];
                if mention.by.last() != Some(&item) {
                    mention.by.push(item);
                }
                if above != NONE && self.is_here(above) && !references.is_empty() {
                    let owner = self.owners[above as usize];
                    if mention.after.last() != Some(&owner) {
                        mention.after.push(owner);
                    }
                }
            }
        }
        mentions
    }
}

/// Whether a text may be a Message-ID: In-Reply-To also holds words (RFC 822, 4.6.2).
fn is_id(text: &str) -> bool {
    text.len() <= MAX_ID
        && text.split_once('@').is_some_and(|(left, right)| !left.is_empty() && !right.is_empty())
}
