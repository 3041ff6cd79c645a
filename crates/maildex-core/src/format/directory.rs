//! Two-level tables that lead from an item (a place in thread order) to its block in a variable section.
//!
//! The root, in the front, has one row for 256 blocks; the pages it points to have one for each. So the front grows by
//! a few bytes for every thousands of messages.

use super::block::{Resident, SectionId, push_variable};
use super::bytes::{ByteReader, ByteWriter};
use crate::error::{Error, Outcome, Stop, corrupt};

/// Blocks a page of the table leads to.
const PAGE: usize = 256;

/// One row of the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    /// The first item behind this page.
    item: u64,
    /// Where its first block begins in the section.
    offset: u64,
    /// The page in the directory section: offset and framed length.
    page: (u64, u64),
}

/// The root of one section's table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Root {
    rows: Vec<Row>,
    n_items: u64,
}

/// A block that an item lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Located {
    /// The block's first item.
    pub(crate) first: u64,
    /// The first item behind it.
    pub(crate) next: u64,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// Collects the rows while a section is written.
#[derive(Debug, Default)]
pub struct DirectoryWriter {
    rows: Vec<Row>,
    page: ByteWriter,
    n_blocks: usize,
    item: u64,
    offset: u64,
    page_start: (u64, u64),
}

impl DirectoryWriter {
    /// Adds a block of `n_items` items and `length` framed bytes; full pages go to `directory`, the bytes of the
    /// directory section.
    pub fn add(&mut self, n_items: u64, length: u64, directory: &mut Vec<u8>) {
        if self.n_blocks == PAGE {
            self.flush(directory);
        }
        self.page.varint(n_items);
        self.page.varint(length);
        self.n_blocks += 1;
        self.item += n_items;
        self.offset += length;
    }

    /// Writes the last page and gives the root.
    pub fn finish(mut self, directory: &mut Vec<u8>) -> Root {
        if self.n_blocks > 0 {
            self.flush(directory);
        }
        Root { rows: self.rows, n_items: self.item }
    }

    fn flush(&mut self, directory: &mut Vec<u8>) {
        let at = directory.len() as u64;
        push_variable(directory, &core::mem::take(&mut self.page).into_bytes());
        let page = (at, directory.len() as u64 - at);
        self.rows.push(Row { item: self.page_start.0, offset: self.page_start.1, page });
        self.page_start = (self.item, self.offset);
        self.n_blocks = 0;
    }
}

impl Root {
    pub(crate) fn write(&self, out: &mut ByteWriter) {
        out.varint(self.n_items);
        out.varint(self.rows.len() as u64);
        let (mut item, mut offset, mut page) = (0, 0, 0);
        for row in &self.rows {
            out.varint(row.item - item);
            out.varint(row.offset - offset);
            out.varint(row.page.0 - page);
            out.varint(row.page.1);
            (item, offset, page) = (row.item, row.offset, row.page.0);
        }
    }

    pub(crate) fn read(bytes: &mut ByteReader<'_>) -> Result<Root, Error> {
        let n_items = bytes.varint()?;
        let n = bytes.count(4)?;
        let mut rows = Vec::with_capacity(n);
        let (mut item, mut offset, mut page) = (0u64, 0u64, 0u64);
        for _ in 0..n {
            item = item.saturating_add(bytes.varint()?);
            offset = offset.saturating_add(bytes.varint()?);
            page = page.saturating_add(bytes.varint()?);
            rows.push(Row { item, offset, page: (page, bytes.varint()?) });
        }
        Ok(Root { rows, n_items })
    }

    /// The block that holds `item`.
    pub(crate) fn locate(&self, resident: &Resident, item: u64) -> Outcome<Located> {
        let wrong = Stop::Broken(Error::Corrupt { what: "directory" });
        if item >= self.n_items {
            return Err(wrong);
        }
        let index = self.rows.partition_point(|row| row.item <= item).checked_sub(1).ok_or(wrong)?;
        let row = self.rows[index];
        let page = resident.variable(SectionId::Directory, row.page.0, row.page.1)?;
        let mut page = ByteReader::new(page, "directory");
        let (mut first, mut offset) = (row.item, row.offset);
        while !page.is_empty() {
            let (n, length) = (page.varint()?, page.varint()?);
            let next = first.saturating_add(n);
            if item < next {
                return Ok(Located { first, next, offset, length });
            }
            (first, offset) = (next, offset.saturating_add(length));
        }
        Ok(corrupt("directory")?)
    }
}

#[cfg(test)]
mod tests;
