//! The lower layer of PST and OST files (MS-PST, 2.2): pages, blocks, and nodes, each a stream of bytes with nodes
//! below it. [`crate::outlook::heap`] reads what lies in a node.
//!
//! Three layouts: ANSI (Outlook 97 to 2002), Unicode, and Unicode in pages of 4 KiB with packed blocks, which OST
//! files have since Outlook 2013 and which no specification describes; it follows what libpff's authors found out.
//!
//! The reader is ours: `outlook-pst` 1.2.0 opens no item without nodes below it (one of two items of small samples),
//! gives an item up for one property, reserves memory by forged counts, and does not know the third layout.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use crate::input::too_large;
use crate::outlook::cipher;

#[cfg(test)]
pub(crate) mod tests;

/// A file that can seek.
pub(crate) trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// Levels of a tree of pages; Outlook's have up to four.
const MAX_LEVELS: u8 = 8;
/// Pages of trees that are kept: 4 MiB at most.
const MAX_PAGES: usize = 1024;

/// What a file's numbers look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Ansi,
    Unicode,
    /// Unicode in pages of 4 KiB.
    Large,
}

impl Layout {
    /// Bytes of an id or an offset.
    fn word(self) -> usize {
        if self == Layout::Ansi { 4 } else { 8 }
    }

    fn page(self) -> usize {
        if self == Layout::Large { 4096 } else { 512 }
    }

    /// The bits of a heap reference that are the block and the place in it.
    pub(crate) fn split(self, reference: u32) -> (usize, usize) {
        if self == Layout::Large {
            ((reference >> 19) as usize, ((reference >> 5) & 0x3FFF) as usize)
        } else {
            ((reference >> 16) as usize, ((reference >> 5) & 0x7FF) as usize)
        }
    }
}

/// A stream of bytes and what lies below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) id: u32,
    /// The node above; a message's is its folder. 0 in trees of nodes below nodes.
    pub(crate) parent: u32,
    data: u64,
    below: u64,
}

/// An open file.
pub(crate) struct Store<'a> {
    file: &'a mut dyn Source,
    pub(crate) layout: Layout,
    crypt: u8,
    /// Where the roots of the trees of nodes and of blocks lie.
    nodes: u64,
    blocks: u64,
    pages: BTreeMap<u64, Rc<[u8]>>,
    /// Bytes of blocks that may still be read: a forged file names the same block again and again.
    allowed: u64,
    n_pages: u64,
}

pub(crate) fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

impl<'a> Store<'a> {
    /// Reads the header. `allowed` bounds the bytes of blocks that are read from the file in all.
    ///
    /// Fails on what is no such file and on encodings that nobody has described.
    pub(crate) fn open(file: &'a mut dyn Source, allowed: u64) -> io::Result<Store<'a>> {
        let mut header = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        (&mut *file).take(564).read_to_end(&mut header)?;
        let version = u16_at(&header, 10).ok_or_else(|| damaged("header is cut off"))?;
        let layout = match version {
            14 | 15 => Layout::Ansi,
            20..36 => Layout::Unicode,
            36.. => Layout::Large,
            _ => return Err(damaged("unknown version")),
        };
        let (nodes, blocks, crypt) = if layout == Layout::Ansi { (188, 196, 461) } else { (224, 240, 513) };
        let mut store = Store {
            file,
            layout,
            crypt: 0,
            nodes: 0,
            blocks: 0,
            pages: BTreeMap::new(),
            allowed,
            n_pages: 0,
        };
        let cut = || damaged("header is cut off");
        store.nodes = store.word(&header, nodes).ok_or_else(cut)?;
        store.blocks = store.word(&header, blocks).ok_or_else(cut)?;
        store.crypt = *header.get(crypt).ok_or_else(cut)?;
        if store.crypt > 2 {
            return Err(damaged("encrypted by Windows for one user; open it in Outlook and export it"));
        }
        Ok(store)
    }

    fn word(&self, bytes: &[u8], at: usize) -> Option<u64> {
        match self.layout {
            Layout::Ansi => u32_at(bytes, at).map(u64::from),
            _ => bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes),
        }
    }

    /// Every node of the file in the order of their ids; damage is told and what is behind it left out.
    pub(crate) fn all_nodes(&mut self, damage: &mut dyn FnMut(io::Error)) -> Vec<Node> {
        let mut found = Vec::new();
        self.walk(self.nodes, MAX_LEVELS, &mut found, damage);
        found.sort_by_key(|node| node.id);
        found.dedup_by_key(|node| node.id);
        found
    }

    fn walk(&mut self, at: u64, levels: u8, found: &mut Vec<Node>, damage: &mut dyn FnMut(io::Error)) {
        let page = match self.page(at, 0x81, levels) {
            Ok(page) => page,
            Err(error) => return damage(error),
        };
        let w = self.layout.word();
        for entry in page.entries() {
            if page.level > 0 {
                match self.word(entry, 2 * w) {
                    Some(child) => self.walk(child, page.level, found, damage),
                    None => damage(damaged("entry of a page is cut off")),
                }
                continue;
            }
            let node = (|| {
                Some(Node {
                    id: u32_at(entry, 0)?,
                    data: self.word(entry, w)?,
                    below: self.word(entry, 2 * w)?,
                    parent: u32_at(entry, 3 * w)?,
                })
            })();
            match node {
                Some(node) => found.push(node),
                None => damage(damaged("entry of a page is cut off")),
            }
        }
    }

    /// A page of a tree. Levels fall towards the leaves, which bounds every descent.
    fn page(&mut self, at: u64, kind: u8, levels: u8) -> io::Result<Page> {
        let size = self.layout.page();
        let bytes = match self.pages.get(&at) {
            Some(page) => Rc::clone(page),
            None => {
                let mut bytes = vec![0; size];
                self.file.seek(SeekFrom::Start(at))?;
                self.file.read_exact(&mut bytes)?;
                if self.pages.len() >= MAX_PAGES {
                    self.pages.clear();
                }
                let page: Rc<[u8]> = bytes.into();
                self.pages.insert(at, Rc::clone(&page));
                page
            }
        };
        // Shared pages make a forged tree endless although its levels fall; no honest file has so many pages.
        self.n_pages += 1;
        if self.n_pages > self.allowed / 512 + 1_000_000 {
            return Err(damaged("more pages than the file can hold"));
        }
        let (foot, n_type, wide) = match self.layout {
            Layout::Ansi => (496, 500, false),
            Layout::Unicode => (488, 496, false),
            Layout::Large => (4056, 4072, true),
        };
        let (n, entry, level) = if wide {
            (usize::from(u16_at(&bytes, foot).unwrap_or(0)), bytes[foot + 4], bytes[foot + 5])
        } else {
            (usize::from(bytes[foot]), bytes[foot + 2], bytes[foot + 3])
        };
        let entry = usize::from(entry);
        if bytes[n_type] != kind || bytes[n_type + 1] != kind {
            return Err(damaged("expected a page of a tree, found something else"));
        }
        if level >= levels || entry == 0 || n * entry > foot {
            return Err(damaged("page of a tree contradicts itself"));
        }
        Ok(Page { bytes, n, entry, level })
    }

    /// Where a block lies and how long it is.
    fn find(&mut self, id: u64) -> io::Result<(u64, usize)> {
        let w = self.layout.word();
        let id = id & !1;
        let (mut at, mut levels) = (self.blocks, MAX_LEVELS);
        loop {
            let page = self.page(at, 0x80, levels)?;
            let key = |entry: &[u8]| self.word(entry, 0).unwrap_or(u64::MAX) & !1;
            let entry = page.entries().take_while(|entry| key(entry) <= id).last();
            let entry = entry.ok_or_else(|| damaged("block is missing"))?;
            let place = if page.level > 0 { 2 * w } else { w };
            let next = self.word(entry, place).ok_or_else(|| damaged("entry of a page is cut off"))?;
            if page.level == 0 {
                let size = u16_at(entry, 2 * w).filter(|_| key(entry) == id);
                return size.map(|size| (next, usize::from(size))).ok_or_else(|| damaged("block is missing"));
            }
            (at, levels) = (next, page.level);
        }
    }

    /// The bytes of one block, decoded.
    fn block(&mut self, id: u64) -> io::Result<Vec<u8>> {
        let (at, size) = self.find(id)?;
        self.allowed = self.allowed.checked_sub(size as u64).ok_or_else(too_large)?;
        let mut bytes = vec![0; size];
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut bytes)?;
        if self.layout == Layout::Large {
            bytes = self.unpacked(at, bytes)?;
        }
        if id & 2 == 0 {
            match self.crypt {
                1 => cipher::permuted(&mut bytes),
                2 => cipher::cyclic(&mut bytes, id as u32),
                _ => {}
            }
        }
        Ok(bytes)
    }

    /// In the third layout a block is packed if its foot tells another size.
    fn unpacked(&mut self, at: u64, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut foot = [0; 24];
        let end = (bytes.len() + foot.len()).next_multiple_of(512);
        self.file.seek(SeekFrom::Start(at + (end - foot.len()) as u64))?;
        self.file.read_exact(&mut foot)?;
        let size = usize::from(u16::from_le_bytes([foot[18], foot[19]]));
        if size == 0 || size == bytes.len() {
            return Ok(bytes);
        }
        let mut unpacked = Vec::new();
        flate2::read::ZlibDecoder::new(bytes.as_slice()).take(size as u64).read_to_end(&mut unpacked)?;
        Ok(unpacked)
    }

    /// The blocks of a node's stream, at most `max` bytes in all.
    pub(crate) fn pieces(&mut self, node: Node, max: u64) -> io::Result<Vec<Vec<u8>>> {
        let mut pieces = Vec::new();
        let mut left = max;
        if node.data != 0 {
            self.tree(node.data, 3, &mut left, &mut pieces)?;
        }
        Ok(pieces)
    }

    /// A node's stream, at most `max` bytes.
    pub(crate) fn stream(&mut self, node: Node, max: u64) -> io::Result<Vec<u8>> {
        Ok(self.pieces(node, max)?.concat())
    }

    fn tree(&mut self, id: u64, levels: u8, left: &mut u64, pieces: &mut Vec<Vec<u8>>) -> io::Result<()> {
        let block = self.block(id)?;
        let is_inner = id & 2 != 0;
        if !is_inner {
            *left = left.checked_sub(block.len() as u64).ok_or_else(too_large)?;
            pieces.push(block);
            return Ok(());
        }
        let level = *block.get(1).unwrap_or(&0);
        if block.first() != Some(&1) || level == 0 || level >= levels {
            return Err(damaged("tree of blocks contradicts itself"));
        }
        let n = usize::from(u16_at(&block, 2).unwrap_or(0));
        for at in 0..n {
            let child = self.word(&block, 8 + at * self.layout.word());
            let child = child.ok_or_else(|| damaged("tree of blocks is cut off"))?;
            self.tree(child, level, left, pieces)?;
        }
        Ok(())
    }

    /// The nodes below a node, by id.
    pub(crate) fn below(&mut self, node: Node) -> io::Result<BTreeMap<u32, Node>> {
        let mut found = BTreeMap::new();
        if node.below != 0 {
            self.leaves(node.below, 2, &mut found)?;
        }
        Ok(found)
    }

    fn leaves(&mut self, id: u64, levels: u8, found: &mut BTreeMap<u32, Node>) -> io::Result<()> {
        let block = self.block(id | 2)?;
        let level = *block.get(1).unwrap_or(&0);
        if block.first() != Some(&2) || level >= levels {
            return Err(damaged("tree of nodes contradicts itself"));
        }
        let n = usize::from(u16_at(&block, 2).unwrap_or(0));
        let w = self.layout.word();
        let start = if self.layout == Layout::Ansi { 4 } else { 8 };
        let size = if level > 0 { 2 * w } else { 3 * w };
        for entry in block.get(start..).unwrap_or_default().chunks_exact(size).take(n) {
            let cut = || damaged("tree of nodes is cut off");
            let data = self.word(entry, w).ok_or_else(cut)?;
            if level > 0 {
                self.leaves(data, level, found)?;
                continue;
            }
            let below = self.word(entry, 2 * w).ok_or_else(cut)?;
            let id = u32_at(entry, 0).ok_or_else(cut)?;
            found.insert(id, Node { id, parent: 0, data, below });
        }
        Ok(())
    }
}

/// A page of a tree of nodes or of blocks.
struct Page {
    bytes: Rc<[u8]>,
    n: usize,
    entry: usize,
    level: u8,
}

impl Page {
    fn entries(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks_exact(self.entry).take(self.n)
    }
}
