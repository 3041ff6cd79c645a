//! What makes two messages copies, and the public identity of one.

use sha2::{Digest, Sha256};

use super::{Mailbox, Message};

/// SHA-256 over what a reader would call the same message: addresses of From, To and Cc in lower case, the ordering
/// date, the subject, the text with blanks made single, and the attachments. Message-ID and Received are left out,
/// because exports give each copy its own; and so is Bcc, which only the sender's copy has. A released document is
/// cited by its number: two of them are two, whatever they say.
pub fn content_digest(message: &Message) -> [u8; 32] {
    let mut hash = Sha256::new();
    if let Some(document) = &message.document {
        hash.update(&document.number);
        hash.update([0]);
    }
    for people in [&message.from, &message.to, &message.cc] {
        addresses(people, &mut hash);
    }
    if let Some(order) = message.date.order {
        hash.update(order.to_le_bytes());
    }
    hash.update([0]);
    words(&message.subject, &mut hash);
    words(&message.text, &mut hash);
    for attachment in &message.attachments {
        hash.update(attachment.sha256);
    }
    hash.finalize().into()
}

/// What tells a message from others.
#[derive(Clone, Copy)]
pub struct Identity {
    /// The public key: [`key`], or that of what is known only from others.
    pub key: u64,
    /// Its [`content_digest`].
    pub digest: [u8; 32],
}

impl Identity {
    /// That of a message of its own.
    pub fn of(message: &Message) -> Identity {
        let digest = content_digest(message);
        let mut hash = Sha256::new();
        match message.document.as_ref().filter(|document| !document.number.is_empty()) {
            Some(document) => {
                hash.update(b"document\0");
                hash.update(&document.number);
            }
            None => {
                hash.update(message.message_id.as_deref().unwrap_or_default());
                hash.update([0]);
                hash.update(digest);
            }
        }
        Identity { key: first_bytes(hash), digest }
    }

    /// That of a message which is known only from inside another.
    pub fn of_quoted(message: &Message) -> Identity {
        let digest = content_digest(message);
        let mut hash = Sha256::new();
        hash.update(b"quoted\0");
        hash.update(digest);
        Identity { key: first_bytes(hash), digest }
    }

    /// That of a placeholder with this key.
    pub fn of_placeholder(key: u64, message: &Message) -> Identity {
        Identity { key, digest: content_digest(message) }
    }
}

/// The 64-bit key that links, notes and exports use: it depends on the Message-ID and the content alone, and for a
/// released document on its number alone, so that links hold when the text is read better.
pub fn key(message: &Message) -> u64 {
    Identity::of(message).key
}

fn first_bytes(hash: Sha256) -> u64 {
    let digest: [u8; 32] = hash.finalize().into();
    u64::from_le_bytes([
        digest[0], digest[1], digest[2], digest[3], digest[4], digest[5], digest[6], digest[7],
    ])
}

/// A mailbox without an address counts by its name.
fn addresses(people: &[Mailbox], hash: &mut Sha256) {
    for person in people {
        let part = if person.address.is_empty() { &person.name } else { &person.address };
        hash.update(part.to_lowercase());
        hash.update(b"\n");
    }
    hash.update([0]);
}

/// Words with one blank between them, hashed in pieces of a few kilobytes.
fn words(text: &str, hash: &mut Sha256) {
    let mut buffer = String::with_capacity(text.len().min(8192) + 256);
    for word in text.split_whitespace() {
        buffer.push_str(word);
        buffer.push(' ');
        if buffer.len() > 8192 {
            hash.update(&buffer);
            buffer.clear();
        }
    }
    hash.update(&buffer);
    hash.update([0]);
}
