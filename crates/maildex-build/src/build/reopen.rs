//! Messages of a site that is there, as they were when they were parsed: for what is built upon it.

use crate::message::{Attachment, Mailbox, Message, MessageDate, ids_of};
use maildex_core::format::line::Line;
use maildex_core::format::record::{Person, Record};

/// The message behind a record, as far as copies and threads look at it. The texts of attachments are not kept.
pub(crate) fn message_of(line: &Line, record: Record) -> Message {
    let people = |people: Vec<Person>| -> Vec<Mailbox> {
        people.into_iter().map(|own| Mailbox { name: own.name, address: own.address }).collect()
    };
    let [references, in_reply_to] = ids_of(&record.headers);
    let date = MessageDate {
        header: record.date,
        zone: record.zone,
        order: line.date,
        delivered: None,
        misdated: line.misdated,
    };
    let attachments = record.attachments.into_iter().map(|own| Attachment {
        name: own.name,
        mime: own.mime,
        content_id: own.content_id,
        size: own.size,
        sha256: own.sha256,
        inline: own.inline,
        ..Attachment::default()
    });
    Message {
        message_id: Some(record.message_id).filter(|id| !id.is_empty()),
        references,
        in_reply_to,
        date,
        from: people(record.from),
        to: people(record.to),
        cc: people(record.cc),
        bcc: people(record.bcc),
        subject: record.subject,
        headers: record.headers,
        text: record.text,
        attachments: attachments.collect(),
        ..Message::default()
    }
}
