//! Archives of Outlook for Mac (.olm): a zip with an XML file for each message and its attachments beside.
//!
//! Nobody has described the format; the names are those that its files use.

use std::io::{self, Read, Seek};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::draft::{Content, Draft, Part, mailbox};
use crate::input::place::clean_path;
use crate::input::reading::{At, Reading};
use crate::input::report::Reason;
use crate::input::{Form, Raw, Stop};
use crate::message;

/// The folder in which each account has its messages.
const MESSAGES: &str = "com.microsoft.__Messages/";
/// The folder of what is attached to them.
const ATTACHMENTS: &str = "com.microsoft.__Attachments/";

/// Tells whether a zip with these members is such an archive.
pub(crate) fn is_olm(mut names: impl Iterator<Item = impl AsRef<str>>) -> bool {
    names.any(|name| name.as_ref().contains(MESSAGES) && name.as_ref().ends_with(".xml"))
}

/// A message, with the members that are attached to it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Mail {
    draft: Draft,
    attached: Vec<Attached>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Attached {
    name: String,
    mime: String,
    content_id: String,
    member: String,
}

impl Reading<'_> {
    pub(crate) fn olm<F: Read + Seek>(
        &mut self,
        archive: &mut zip::ZipArchive<F>,
        at: &At,
    ) -> Result<(), Stop> {
        self.tally.containers += 1;
        for index in 0..archive.len() {
            let raw_name =
                archive.name_for_index(index).and_then(Result::ok).unwrap_or_default().into_owned();
            let name = clean_path(&raw_name);
            let member = at.member(&name);
            if raw_name.ends_with(['/', '\\']) || name.contains(ATTACHMENTS) {
                continue;
            }
            if !self.admits(&member)? {
                break;
            }
            self.counted(&member, |reading| reading.olm_member(archive, &raw_name, &name, &member))?;
        }
        Ok(())
    }

    fn olm_member<F: Read + Seek>(
        &mut self,
        archive: &mut zip::ZipArchive<F>,
        raw_name: &str,
        name: &str,
        at: &At,
    ) -> Result<(), Stop> {
        let Some((_, inner)) = name.split_once(MESSAGES).filter(|(_, inner)| inner.ends_with(".xml")) else {
            return self.skip(Reason::NotMail, at, "calendar, contacts, tasks or notes of Outlook for Mac");
        };
        let folder = inner.rsplit_once('/').map_or("", |(folder, _)| folder);
        let bytes = match self.part_of(archive, raw_name) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.tally.fail(&error, &self.example(at));
                return Ok(());
            }
        };
        let (mails, damage) = read(&message::decode(&bytes, Some("utf-8")));
        if let Some(damage) = damage {
            self.skip(Reason::Damaged, at, &damage)?;
        }
        (0..).zip(mails).try_for_each(|(n, mail)| self.olm_mail(archive, mail, n, at, folder))
    }

    fn olm_mail<F: Read + Seek>(
        &mut self,
        archive: &mut zip::ZipArchive<F>,
        Mail { mut draft, attached }: Mail,
        n: u64,
        at: &At,
        folder: &str,
    ) -> Result<(), Stop> {
        let mut left = self.limits.max_message;
        for Attached { name, mime, content_id, member } in attached {
            let bytes = self.part_of(archive, &member).unwrap_or_else(|error| {
                self.tally.skip(Reason::ItemPartial, 1, &self.example(at), &format!("{name}: {error}"));
                Vec::new()
            });
            let bytes = if bytes.len() as u64 > left { Vec::new() } else { bytes };
            left -= bytes.len() as u64;
            draft.parts.push(Part { name, mime, content_id, content: Content::Bytes(bytes) });
        }
        self.tally.kinds.other += 1;
        let place = self.place(at, n, folder.to_owned());
        let bytes = draft.write();
        self.give(Raw { bytes, place, envelope_date: None, form: Form::Mail, cut: false })
    }

    /// A member whole, within the limits on what a zip may unpack to.
    fn part_of<F: Read + Seek>(&self, archive: &mut zip::ZipArchive<F>, name: &str) -> io::Result<Vec<u8>> {
        let file = archive.by_name(name).map_err(io::Error::other)?;
        let packed = std::rc::Rc::new(std::cell::Cell::new(file.compressed_size()));
        let mut bytes = Vec::new();
        self.guard(file, packed).take(self.limits.max_message).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Reads the messages of a file; what comes before damage is given.
fn read(xml: &str) -> (Vec<Mail>, Option<String>) {
    let mut reader = Reader::from_str(xml);
    let mut mails = Vec::new();
    let mut mail: Option<Mail> = None;
    // People come in elements inside the one that says what they are.
    let mut people: (String, Vec<String>) = Default::default();
    let mut text = String::new();
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                mails.extend(mail);
                return (mails, Some(error.to_string()));
            }
        };
        match event {
            Event::Start(own) | Event::Empty(own) if own.name().as_ref() == "email" => {
                mail = Some(Mail::default());
            }
            Event::Start(start) => {
                text.clear();
                open(&start, &mut mail, &mut people);
            }
            Event::Empty(start) => open(&start, &mut mail, &mut people),
            Event::Text(own) => text.push_str(&own.xml10_content()),
            Event::CData(own) => text.push_str(&own.xml10_content()),
            Event::GeneralRef(own) => match own.resolve_char_ref() {
                Ok(Some(c)) => text.push(c),
                _ => {
                    let name: &str = &own;
                    text.push_str(quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default());
                }
            },
            Event::End(end) if end.name().as_ref() == "email" => mails.extend(mail.take()),
            Event::End(end) => {
                if let Some(mail) = &mut mail {
                    close(end.name().as_ref(), &text, mail, &mut people);
                }
                text.clear();
            }
            Event::Eof => {
                mails.extend(mail);
                return (mails, None);
            }
            _ => {}
        }
    }
}

fn open(start: &BytesStart<'_>, mail: &mut Option<Mail>, people: &mut (String, Vec<String>)) {
    let Some(mail) = mail else { return };
    let value = |name: &str| {
        let own = start.attributes().with_checks(false).flatten().find(|own| own.key.as_ref() == name);
        own.and_then(|own| own.normalized_value(XmlVersion::Explicit1_0).ok().map(|value| value.into_owned()))
            .unwrap_or_default()
    };
    match start.name().as_ref() {
        "emailAddress" => {
            let person =
                mailbox(&value("OPFContactEmailAddressName"), &value("OPFContactEmailAddressAddress"));
            if !person.is_empty() {
                people.1.push(person);
            }
        }
        "messageAttachment" => {
            let own = Attached {
                name: value("OPFAttachmentName"),
                mime: value("OPFAttachmentContentType"),
                content_id: value("OPFAttachmentContentID").trim_matches(['<', '>']).to_owned(),
                member: value("OPFAttachmentURL"),
            };
            mail.attached.push(own);
        }
        name if name.ends_with("Addresses") || name.ends_with("Address") => {
            *people = (name.to_owned(), Vec::new());
        }
        _ => {}
    }
}

fn close(name: &str, text: &str, mail: &mut Mail, people: &mut (String, Vec<String>)) {
    let draft = &mut mail.draft;
    let Some(name) = name.strip_prefix("OPFMessageCopy") else { return };
    let header = match name {
        "FromAddresses" => "From",
        "SenderAddress" => "Sender",
        "ToAddresses" => "To",
        "CCAddresses" => "Cc",
        "BCCAddresses" => "Bcc",
        "ReplyToAddresses" => "Reply-To",
        "Subject" => "Subject",
        "MessageID" => "Message-ID",
        "InReplyTo" => "In-Reply-To",
        "References" => "References",
        "ThreadTopic" => "Thread-Topic",
        "ThreadIndex" => "Thread-Index",
        // When it was sent goes before when it came.
        "SentTime" => "Date",
        "ReceivedTime" if !draft.has("Date") => "Date",
        "Body" => return draft.text = Some(text.to_owned()).filter(|text| !text.trim().is_empty()),
        "HTMLBody" => {
            let html = Some(text.to_owned()).filter(|text| !text.trim().is_empty());
            return draft.html = html.map(|html| (html.into_bytes(), "utf-8".to_owned()));
        }
        _ => return,
    };
    if name == "SentTime" {
        draft.headers.retain(|(own, _)| own != "Date");
    }
    if name.ends_with("Addresses") || name.ends_with("Address") {
        let (_, list) = std::mem::take(people);
        draft.add(header, list.join(",\n "));
    } else if matches!(header, "Message-ID" | "In-Reply-To") && !text.contains('<') && !text.trim().is_empty()
    {
        draft.add(header, format!("<{}>", text.trim()));
    } else {
        draft.add(header, text);
    }
}

#[cfg(test)]
mod tests;
