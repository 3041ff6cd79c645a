//! Files of one message that is not in the form of the internet: `.msg`, winmail.dat, `.emlx`.

use std::io::Read;

use crate::input::place::{Holder, apple_folder, mail_folder};
use crate::input::reading::{At, Reading};
use crate::input::report::Reason;
use crate::input::{Form, Raw, Stop};
use crate::outlook::item::Item;
use crate::outlook::{msg, tnef};

impl Reading<'_> {
    /// Reads a stream of one message whole; `None` where it is too large or cannot be read, which is counted.
    fn whole(&mut self, reader: &mut dyn Read, at: &At) -> Result<Option<Vec<u8>>, Stop> {
        let mut bytes = Vec::new();
        // One byte more than allowed tells that there are more.
        if let Err(error) = reader.take(self.limits.max_message + 1).read_to_end(&mut bytes) {
            self.tally.fail(&error, &self.example(at));
            return Ok(None);
        }
        if bytes.len() as u64 > self.limits.max_message {
            self.skip(Reason::TooLarge, at, "")?;
            return Ok(None);
        }
        Ok(Some(bytes))
    }

    /// Reads a compound file: a `.msg`, or a document that is left out.
    pub(crate) fn compound(&mut self, reader: &mut dyn Read, at: &At) -> Result<(), Stop> {
        let Some(bytes) = self.whole(reader, at)? else { return Ok(()) };
        match msg::read(&bytes) {
            Ok(msg::Found::Item(item)) => {
                self.layer("Outlook message", at);
                self.single(&item, at)
            }
            Ok(msg::Found::Other) => self.skip(Reason::NotMail, at, "an Office document or the like"),
            Err(error) => self.skip(Reason::Damaged, at, &error.to_string()),
        }
    }

    /// Reads a winmail.dat that lies outside of any message.
    pub(crate) fn tnef(&mut self, reader: &mut dyn Read, at: &At) -> Result<(), Stop> {
        let Some(bytes) = self.whole(reader, at)? else { return Ok(()) };
        let Some((item, is_whole)) = tnef::read(&bytes) else {
            return self.skip(Reason::Damaged, at, "");
        };
        if !is_whole {
            self.skip(Reason::Damaged, at, "ends too early")?;
        }
        self.single(&item, at)
    }

    fn single(&mut self, item: &Item, at: &At) -> Result<(), Stop> {
        let folder = mail_folder(&self.source, &at.path, Holder::File);
        self.item(item, &mut None, at, folder)
    }

    /// Reads an `.emlx`: the length of the message, the message, and a list of Apple's own.
    pub(crate) fn emlx(&mut self, reader: &mut dyn Read, at: &At) -> Result<(), Stop> {
        let Some(bytes) = self.whole(reader, at)? else { return Ok(()) };
        let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
        let told = std::str::from_utf8(&bytes[..end]).ok().and_then(|line| line.trim().parse::<usize>().ok());
        let n = told.unwrap_or(usize::MAX).min(bytes.len() - end);
        let cut = told.is_none_or(|told| told > n);
        if cut {
            self.skip(Reason::Damaged, at, "ends before the length that it tells")?;
        }
        self.tally.kinds.file += 1;
        let folder =
            apple_folder(&at.path).unwrap_or_else(|| mail_folder(&self.source, &at.path, Holder::File));
        let place = self.place(at, end as u64, folder);
        let bytes = bytes[end..end + n].to_vec();
        self.give(Raw { bytes, place, envelope_date: None, form: Form::Mail, cut })
    }
}
