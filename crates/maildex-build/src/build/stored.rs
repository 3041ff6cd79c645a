//! Records while they are put aside on disk: the build's own bytes, which nobody else reads.

use maildex_core::format::record::{Attachment, Person, Place, Record, Remark};
use serde::{Deserialize, Serialize};
use std::io;

type Pairs = Vec<(String, String)>;

/// A record without its text, in types that can be written.
#[derive(Serialize, Deserialize)]
struct Stored {
    key: u64,
    message_id: String,
    date: Option<i64>,
    zone: Option<i16>,
    size: u64,
    /// From, To, Cc, Bcc.
    people: [Pairs; 4],
    subject: String,
    headers: Pairs,
    attachments: Vec<(String, String, u64, bool, String, [u8; 32])>,
    places: Vec<(String, String, u64, String)>,
    remarks: Pairs,
}

/// The bytes of a record; the text is left out.
pub(crate) fn write(record: Record) -> io::Result<Vec<u8>> {
    let people = [record.from, record.to, record.cc, record.bcc]
        .map(|people| people.into_iter().map(|person| (person.name, person.address)).collect());
    let attachment =
        |part: Attachment| (part.name, part.mime, part.size, part.inline, part.content_id, part.sha256);
    let place = |place: Place| (place.source, place.path, place.offset, place.folder);
    let stored = Stored {
        key: record.key,
        message_id: record.message_id,
        date: record.date,
        zone: record.zone,
        size: record.size,
        people,
        subject: record.subject,
        headers: record.headers,
        attachments: record.attachments.into_iter().map(attachment).collect(),
        places: record.places.into_iter().map(place).collect(),
        remarks: record.remarks.into_iter().map(|remark| (remark.kind, remark.detail)).collect(),
    };
    postcard::to_stdvec(&stored).map_err(io::Error::other)
}

/// Reads what [`write`] wrote.
pub(crate) fn read(bytes: &[u8]) -> io::Result<Record> {
    let stored: Stored = postcard::from_bytes(bytes).map_err(io::Error::other)?;
    let person = |(name, address)| Person { name, address };
    let [from, to, cc, bcc] = stored.people.map(|people| people.into_iter().map(person).collect());
    let attachment = |(name, mime, size, inline, content_id, sha256)| Attachment {
        name,
        mime,
        size,
        inline,
        content_id,
        sha256,
        kept: None,
    };
    let place = |(source, path, offset, folder)| Place { source, path, offset, folder };
    Ok(Record {
        key: stored.key,
        message_id: stored.message_id,
        date: stored.date,
        zone: stored.zone,
        size: stored.size,
        from,
        to,
        cc,
        bcc,
        subject: stored.subject,
        headers: stored.headers,
        text: String::new(),
        original: None,
        attachments: stored.attachments.into_iter().map(attachment).collect(),
        places: stored.places.into_iter().map(place).collect(),
        remarks: stored.remarks.into_iter().map(|(kind, detail)| Remark { kind, detail }).collect(),
    })
}
