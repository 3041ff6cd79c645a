//! Columns: one number for each message, bit-packed at the width of the largest, so that an address is arithmetic.

use super::bits::{BitWriter, packed, width};
use super::block::{Resident, SectionId};
use super::bytes::{ByteReader, ByteWriter};
use crate::error::{Error, Outcome, Stop, corrupt};
use std::borrow::Cow;

/// Values that are read together: 4 KiB at the full width of 32 bits.
pub(crate) const RUN: u32 = 1024;

/// Which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum ColumnId {
    /// Seconds of the ordering date above the segment's first; 0 without a date.
    Date = 1,
    /// Bytes of the raw message, at most 2³² - 1.
    Size = 3,
    /// The length class of the body: [`length_class`].
    Length = 4,
    /// The number of the thread, in thread order.
    Thread = 5,
    /// The sender: [`super::people`] tells who that is. The order of the numbers is that of names.
    Sender = 6,
    /// The rank of the subject without its marks among all of them in order; 0 for none.
    Subject = 7,
    /// The day of delivery beside that of the ordering date: [`delivery`].
    Received = 8,
}

impl ColumnId {
    /// All columns in the order in which they are written.
    pub const ALL: [ColumnId; 7] = [
        ColumnId::Date,
        ColumnId::Size,
        ColumnId::Length,
        ColumnId::Thread,
        ColumnId::Sender,
        ColumnId::Subject,
        ColumnId::Received,
    ];
}

/// Where a column lies in the columns section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    id: ColumnId,
    width: u32,
    start: u64,
    n: u32,
}

/// Appends a column to `out`, the payload of the columns section.
pub fn write_column(id: ColumnId, values: &[u32], out: &mut Vec<u8>) -> Column {
    let width = width(values.iter().fold(0, |all, value| all | value));
    let mut bits = BitWriter::new();
    values.iter().for_each(|&value| bits.put(value, width));
    let start = out.len() as u64;
    out.extend_from_slice(&bits.finish());
    Column { id, width, start, n: values.len() as u32 }
}

impl Column {
    /// Which number it holds.
    pub(crate) fn id(&self) -> ColumnId {
        self.id
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> u64 {
        (u64::from(self.n) * u64::from(self.width)).div_ceil(8)
    }

    pub(crate) fn write(&self, out: &mut ByteWriter) {
        out.u8(self.id as u8);
        out.u8(self.width as u8);
        out.varint(self.start);
        out.varint(u64::from(self.n));
    }

    /// `None` for a column that a later version added.
    pub(crate) fn read(bytes: &mut ByteReader<'_>) -> Result<Option<Column>, Error> {
        let (id, width) = (bytes.u8()?, u32::from(bytes.u8()?));
        let (start, n) = (bytes.varint()?, bytes.u32_varint()?);
        if width > 32 || start > 1 << 48 {
            return corrupt("column");
        }
        Ok(ColumnId::ALL.into_iter().find(|c| *c as u8 == id).map(|id| Column { id, width, start, n }))
    }

    /// The values of the run of [`RUN`] messages that `doc` is in, and the first message of the run.
    pub(crate) fn run(&self, resident: &Resident, doc: u32) -> Outcome<(u32, Vec<u32>)> {
        let (first, bytes) = self.bytes(resident, doc)?;
        let n = (self.n - first).min(RUN) as usize;
        Ok((first, (0..n).map(|i| packed(&bytes, i, self.width)).collect()))
    }

    /// The packed bytes of the run that `doc` is in, and the first message of the run.
    fn bytes<'a>(&self, resident: &'a Resident, doc: u32) -> Outcome<(u32, Cow<'a, [u8]>)> {
        if doc >= self.n {
            return Ok(corrupt("column")?);
        }
        let first = doc / RUN * RUN;
        let n = (self.n - first).min(RUN);
        // Runs begin on a byte's border because RUN is a multiple of eight.
        let from = self.start + u64::from(first) * u64::from(self.width) / 8;
        let until = from + (u64::from(n) * u64::from(self.width)).div_ceil(8);
        Ok((first, resident.fixed(SectionId::Columns, from, until)?))
    }
}

/// Values of a column by their messages; best in order, because each run is read as often as it is come to.
#[derive(Debug)]
pub(crate) struct Values<'a> {
    column: &'a Column,
    resident: &'a Resident,
    /// The first message of the run at hand, how many it has, and its bytes.
    first: u32,
    n: u32,
    bytes: Cow<'a, [u8]>,
    /// The run that was found missing last, which is noted once.
    missing: Option<u32>,
}

impl<'a> Values<'a> {
    pub(crate) fn new(column: &'a Column, resident: &'a Resident) -> Values<'a> {
        Values { column, resident, first: 0, n: 0, bytes: Cow::default(), missing: None }
    }

    /// The value of a message.
    #[inline(always)]
    pub(crate) fn get(&mut self, doc: u32) -> Outcome<u32> {
        if doc.wrapping_sub(self.first) >= self.n {
            self.turn(doc)?;
        }
        Ok(packed(&self.bytes, (doc - self.first) as usize, self.column.width))
    }

    #[inline(never)]
    fn turn(&mut self, doc: u32) -> Outcome<()> {
        if self.missing == Some(doc / RUN) {
            return Err(Stop::Missing);
        }
        match self.column.bytes(self.resident, doc) {
            Ok((first, bytes)) => {
                (self.first, self.n, self.bytes) = (first, RUN.min(self.column.n - first), bytes);
                Ok(())
            }
            Err(stop) => {
                self.missing = (stop == Stop::Missing).then_some(doc / RUN);
                Err(stop)
            }
        }
    }
}

/// The number in the column of delivery: so many days after the ordering date, 0 where nothing tells it.
pub fn delivery(days: Option<i64>) -> u32 {
    // No two dates of mail are 2³⁰ days apart; what is would not fit into the column.
    let days = days.filter(|days| days.unsigned_abs() < 1 << 30);
    days.map_or(0, |days| 1 + ((days << 1) ^ (days >> 63)) as u32)
}

/// The days of [`delivery`].
pub(crate) fn days_after(number: u32) -> Option<i64> {
    let raw = i64::from(number.checked_sub(1)?);
    Some((raw >> 1) ^ -(raw & 1))
}

/// Sixteen classes of body length, each some 1.4 times the one before; class 0 is up to 16 words.
pub fn length_class(n_words: u32) -> u32 {
    LENGTHS.partition_point(|&limit| limit < n_words) as u32
}

/// The longest body of each class but the last, in words.
pub(crate) const LENGTHS: [u32; 15] =
    [16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096];

#[cfg(test)]
mod tests;
