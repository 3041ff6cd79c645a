//! What lies in a node of a PST (MS-PST, 2.3): a heap of small values, in it a tree of properties or a table of rows.

use std::collections::BTreeMap;
use std::io;

use crate::outlook::property::{Bag, Names, decode};
use crate::outlook::pst::{Layout, Node, Store, damaged};

/// Bytes of a table's rows; recipients of one message take a few hundred each.
const MAX_TABLE: u64 = 64 << 20;
/// Levels of a tree inside a heap.
const MAX_LEVELS: u8 = 8;

/// A node with its heap in memory.
pub(crate) struct Heap {
    layout: Layout,
    blocks: Vec<Vec<u8>>,
    below: BTreeMap<u32, Node>,
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at + 2)?.try_into().ok().map(|two| usize::from(u16::from_le_bytes(two)))
}

impl Heap {
    /// Reads the heap of a node.
    pub(crate) fn read(store: &mut Store, node: Node) -> io::Result<Heap> {
        let blocks = store.pieces(node, MAX_TABLE)?;
        if blocks.first().and_then(|block| block.get(2)) != Some(&0xEC) {
            return Err(damaged("expected a heap of properties, found something else"));
        }
        Ok(Heap { layout: store.layout, blocks, below: store.below(node)? })
    }

    /// The node below of this id.
    pub(crate) fn node(&self, id: u32) -> Option<Node> {
        self.below.get(&id).copied()
    }

    /// The nodes below whose ids have this kind in their lowest bits.
    pub(crate) fn nodes(&self, kind: u32) -> impl Iterator<Item = Node> {
        self.below.values().filter(move |node| node.id & 0x1F == kind).copied()
    }

    /// A small value.
    fn value(&self, reference: u32) -> Option<&[u8]> {
        let (block, index) = self.layout.split(reference);
        let block = self.blocks.get(block)?;
        let map = half(block, 0)?;
        let n = half(block, map)?;
        if reference & 0x1F != 0 || index == 0 || index > n {
            return None;
        }
        let begin = half(block, map + 4 + 2 * (index - 1))?;
        let end = half(block, map + 4 + 2 * index)?;
        block.get(begin..end)
    }

    /// The records of a tree in the heap, in order.
    fn records(&self, root: u32) -> Option<Vec<&[u8]>> {
        let header = self.value(root)?;
        let [0xB5, n_key, n_data, levels, ..] = *header else { return None };
        let size = usize::from(n_key) + usize::from(n_data);
        if size == 0 || levels > MAX_LEVELS {
            return None;
        }
        let mut level = vec![word(header, 4)?];
        for _ in 0..levels {
            let mut next = Vec::new();
            for reference in level {
                let entries = self.value(reference)?.chunks_exact(usize::from(n_key) + 4);
                next.extend(entries.filter_map(|entry| word(entry, n_key.into())));
                // A heap holds no more values than this; a forged tree would name them again and again.
                if next.len() > 1 << 20 {
                    return None;
                }
            }
            level = next;
        }
        let mut records = Vec::new();
        for reference in level.into_iter().filter(|reference| *reference != 0) {
            records.extend(self.value(reference)?.chunks_exact(size));
            if records.len() > 1 << 24 {
                return None;
            }
        }
        Some(records)
    }

    fn root(&self) -> Option<u32> {
        word(self.blocks.first()?, 4)
    }

    /// The properties of an object. One that cannot be read is left out, and the first such failure returned: the
    /// others still make a message. Values longer than `max` bytes are left out too.
    pub(crate) fn properties(
        &self,
        store: &mut Store,
        names: &Names,
        max: u64,
    ) -> io::Result<(Bag, Option<io::Error>)> {
        let records = self.root().and_then(|root| self.records(root));
        let records = records.ok_or_else(|| damaged("tree of properties contradicts itself"))?;
        let (mut bag, mut failed) = (Bag::default(), None);
        let mut left = max;
        for record in records {
            let (Some(id), Some(kind)) = (half(record, 0), half(record, 2)) else { continue };
            let (Some(inline), Ok(id), Ok(kind)) = (record.get(4..8), u16::try_from(id), u16::try_from(kind))
            else {
                continue;
            };
            let value = match kind {
                0x0002 | 0x0003 | 0x000B => decode(kind, inline),
                _ => match self.bytes(store, word(record, 4).unwrap_or(0), left) {
                    Ok(bytes) => {
                        left = left.saturating_sub(bytes.len() as u64);
                        decode(kind, &bytes)
                    }
                    Err(error) => {
                        failed.get_or_insert(error);
                        None
                    }
                },
            };
            if let Some(value) = value {
                bag.put(id, names, value);
            }
        }
        Ok((bag, failed))
    }

    /// A value in the heap or in a node below.
    fn bytes(&self, store: &mut Store, reference: u32, max: u64) -> io::Result<Vec<u8>> {
        if reference == 0 {
            return Ok(Vec::new());
        }
        if reference & 0x1F == 0 {
            let value = self.value(reference).ok_or_else(|| damaged("value is missing in its heap"))?;
            return Ok(value.to_vec());
        }
        let node = self.node(reference).ok_or_else(|| damaged("value is missing below its node"))?;
        store.stream(node, max)
    }

    /// The rows of a table (MS-PST, 2.3.4).
    pub(crate) fn rows(&self, store: &mut Store, names: &Names) -> io::Result<Vec<Bag>> {
        let wrong = || damaged("table contradicts itself");
        let info = self.root().and_then(|root| self.value(root)).ok_or_else(wrong)?;
        if info.first() != Some(&0x7C) {
            return Err(wrong());
        }
        let columns: Vec<Column> =
            info.get(22..).ok_or_else(wrong)?.as_chunks::<8>().0.iter().map(Column::of).collect();
        let (bitmap, size) = (half(info, 6).ok_or_else(wrong)?, half(info, 8).ok_or_else(wrong)?);
        let index = word(info, 10).ok_or_else(wrong)?;
        let n = if index == 0 { 0 } else { self.records(index).ok_or_else(wrong)?.len() };
        let place = word(info, 14).ok_or_else(wrong)?;
        if size == 0 || n == 0 || place == 0 {
            return Ok(Vec::new());
        }
        let pieces = match self.node(place) {
            Some(node) if place & 0x1F != 0 => store.pieces(node, MAX_TABLE)?,
            _ => vec![self.value(place).ok_or_else(wrong)?.to_vec()],
        };
        let mut bags = Vec::new();
        // A row does not go over the end of a block.
        for row in pieces.iter().flat_map(|piece| piece.chunks_exact(size)).take(n) {
            let mut bag = Bag::default();
            for column in columns.iter().filter(|column| column.is_set(row, bitmap)) {
                self.cell(store, names, column, row, &mut bag);
            }
            bags.push(bag);
        }
        Ok(bags)
    }

    fn cell(&self, store: &mut Store, names: &Names, column: &Column, row: &[u8], bag: &mut Bag) {
        let Some(cell) = row.get(column.at..column.at + column.size) else { return };
        let value = match column.kind {
            0x0002 | 0x0003 | 0x000B | 0x0014 | 0x0040 => decode(column.kind, cell),
            kind => word(cell, 0)
                .and_then(|reference| self.bytes(store, reference, MAX_TABLE).ok())
                .and_then(|bytes| decode(kind, &bytes)),
        };
        if let Some(value) = value {
            bag.put(column.id, names, value);
        }
    }
}

/// A column of a table.
struct Column {
    id: u16,
    kind: u16,
    at: usize,
    size: usize,
    bit: usize,
}

impl Column {
    fn of(bytes: &[u8; 8]) -> Column {
        let [kind_low, kind_high, id_low, id_high, at_low, at_high, size, bit] = *bytes;
        Column {
            id: u16::from_le_bytes([id_low, id_high]),
            kind: u16::from_le_bytes([kind_low, kind_high]),
            at: usize::from(u16::from_le_bytes([at_low, at_high])),
            size: usize::from(size),
            bit: usize::from(bit),
        }
    }

    fn is_set(&self, row: &[u8], bitmap: usize) -> bool {
        row.get(bitmap + self.bit / 8).is_some_and(|byte| byte & (0x80 >> (self.bit % 8)) != 0)
    }
}
