//! The words of a message: which of them stand in which field, and at which positions.

use super::invert::Inverter;
use crate::message::{Message, states};
use maildex_core::format::dictionary::{Kind, MAX_KEY};
use maildex_core::text::{self, Region, RegionKind, lower};

/// Positions left out where one text ends and another begins: more than the words that a phrase may leave open.
const BORDER: u32 = 7;

/// Inverts a message whose text has these regions; gives the number of words of its body.
///
/// A phrase never spans two fields, two people or a border of own and quoted text: [`BORDER`] positions are left out
/// between them.
pub(crate) fn invert(inverter: &mut Inverter, message: &Message, regions: &[Region]) -> u32 {
    let mut head = 0;
    let mut sequence = |inverter: &mut Inverter, kind: Kind, own: &mut u32, texts: &[&str]| {
        let (mut any_next, mut own_next) = (head, *own);
        for text in texts {
            let (any_base, own_base) = (any_next, own_next);
            text::tokenize(text, &mut |token| {
                inverter.add(Kind::Any, token.text.as_bytes(), 0, any_base + token.position);
                inverter.add(kind, token.text.as_bytes(), 0, own_base + token.position);
                any_next = any_base + token.position + 1;
                own_next = own_base + token.position + 1;
            });
        }
        if any_next > head {
            head = any_next + BORDER;
            *own = own_next + BORDER;
        }
    };
    sequence(inverter, Kind::Subject, &mut 0, &[&message.subject]);
    let fields = [
        (Kind::From, &message.from),
        (Kind::To, &message.to),
        (Kind::Cc, &message.cc),
        (Kind::Bcc, &message.bcc),
    ];
    for (kind, boxes) in fields {
        let mut own = 0;
        for mailbox in boxes {
            sequence(inverter, kind, &mut own, &[&mailbox.name, &mailbox.address]);
            address(inverter, kind, &mailbox.address);
        }
    }
    let mut own = 0;
    for attachment in &message.attachments {
        sequence(inverter, Kind::File, &mut own, &[&attachment.name]);
    }
    attached_texts(inverter, message);
    let mut own = 0;
    for mailbox in &message.delivered_to {
        field(inverter, Kind::Delivered, &mut own, &[&mailbox.name, &mailbox.address]);
        address(inverter, Kind::Delivered, &mailbox.address);
    }
    for state in states(message, regions).iter().filter(|state| state.len() <= MAX_KEY) {
        inverter.add(Kind::State, state.as_bytes(), 0, 0);
    }
    if let Some(document) = &message.document {
        // Whoever types the number alone looks for this document.
        text::tokenize(&document.number, &mut |token| {
            inverter.add(Kind::Any, token.text.as_bytes(), 0, head + token.position);
        });
    }
    body(inverter, &message.text, regions)
}

/// The words of attachments. A part that is found under two names counts once.
fn attached_texts(inverter: &mut Inverter, message: &Message) {
    let mut next = 0;
    for (number, attachment) in message.attachments.iter().enumerate() {
        let is_again = message.attachments[..number].iter().any(|other| other.sha256 == attachment.sha256);
        if !is_again && !attachment.text.is_empty() {
            field(inverter, Kind::Attachment, &mut next, &[&attachment.text]);
        }
    }
}

/// Adds the words of texts, one behind the other, to a field of their own that bare words do not search.
fn field(inverter: &mut Inverter, kind: Kind, next: &mut u32, texts: &[&str]) {
    let start = *next;
    for text in texts {
        let base = *next;
        text::tokenize(text, &mut |token| {
            inverter.add(kind, token.text.as_bytes(), 0, base + token.position);
            *next = base + token.position + 1;
        });
    }
    if *next > start {
        *next += BORDER;
    }
}

/// The whole address and its domains, as keys that no text can spell.
fn address(inverter: &mut Inverter, kind: Kind, address: &str) {
    let whole = lower(address);
    let Some((_, domain)) = whole.rsplit_once('@') else { return };
    if whole.len() > MAX_KEY || whole == "@" {
        return;
    }
    inverter.add(kind, whole.as_bytes(), 0, 0);
    // A scan may have lost what stood behind the sign: what is shown can be searched for all the same.
    if domain.is_empty() {
        return;
    }
    let mut rest = domain;
    loop {
        inverter.add(kind, format!("@{rest}").as_bytes(), 0, 0);
        match rest.split_once('.') {
            Some((_, above)) if !above.is_empty() => rest = above,
            _ => return,
        }
    }
}

fn body(inverter: &mut Inverter, text: &str, regions: &[Region]) -> u32 {
    let mut next = [0u32; 3];
    let mut n_words = 0;
    for region in regions {
        let at = if matches!(region.kind, RegionKind::Quoted { .. }) { 2 } else { 1 };
        let base = next[at];
        text::tokenize(&text[region.range.clone()], &mut |token| {
            inverter.add(Kind::Any, token.text.as_bytes(), at, base + token.position);
            next[at] = base + token.position + 1 + BORDER;
            n_words += 1;
        });
    }
    n_words
}
