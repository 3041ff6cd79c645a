use std::io::{Cursor, Write};

use super::*;
use crate::outlook::heap::Heap;
use crate::outlook::property::{Names, Tag};

/// A property: number, type, bytes. Numbers and booleans take four bytes.
pub(crate) type Property<'p> = (u16, u16, &'p [u8]);

/// A PST made by hand: one page for each tree, one block for each stream.
pub(crate) struct File {
    layout: Layout,
    crypt: u8,
    blocks: Vec<(u64, Vec<u8>)>,
    nodes: Vec<[u64; 4]>,
}

pub(crate) fn text(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Values behind each other with the map of where they begin.
fn heap(signature: u8, values: &[Vec<u8>]) -> Vec<u8> {
    let mut block = vec![0, 0, 0xEC, signature, 0x20, 0, 0, 0, 0, 0, 0, 0];
    let mut begins = Vec::new();
    for value in values {
        begins.push(block.len() as u16);
        block.extend(value);
    }
    begins.push(block.len() as u16);
    let map = block.len() as u16;
    block[..2].copy_from_slice(&map.to_le_bytes());
    block.extend((values.len() as u16).to_le_bytes());
    block.extend([0, 0]);
    block.extend(begins.iter().flat_map(|at| at.to_le_bytes()));
    block
}

/// The properties of an object.
pub(crate) fn properties(layout: Layout, own: &[Property]) -> Vec<u8> {
    let mut own = own.to_vec();
    own.sort_unstable();
    let reference = |index: usize| (index << 5) as u32;
    let mut values = vec![[0xB5, 2, 6, 0, 0x40, 0, 0, 0].to_vec(), Vec::new()];
    let mut records = Vec::new();
    for (id, kind, bytes) in own {
        let word = if let (0x0002 | 0x0003 | 0x000B, [a, b, c, d]) = (kind, bytes) {
            u32::from_le_bytes([*a, *b, *c, *d])
        } else {
            values.push(bytes.to_vec());
            reference(values.len())
        };
        records.extend(id.to_le_bytes());
        records.extend(kind.to_le_bytes());
        records.extend(word.to_le_bytes());
    }
    values[1] = records;
    assert_eq!(layout.split(reference(values.len())).0, 0);
    heap(0xBC, &values)
}

/// A table of recipients: name, address, kind.
pub(crate) fn recipients(rows: &[(&str, &str, u32)]) -> Vec<u8> {
    let column = |tag: u32, at: u16, size: u8, bit: u8| {
        [tag.to_le_bytes().to_vec(), at.to_le_bytes().to_vec(), vec![size, bit]].concat()
    };
    let mut info = vec![0x7C, 4];
    info.extend([16_u16, 16, 16, 17].iter().flat_map(|at| at.to_le_bytes()));
    info.extend([0x40, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]);
    info.extend(column(0x0C15_0003, 4, 4, 1));
    info.extend(column(0x3001_001F, 8, 4, 2));
    info.extend(column(0x3003_001F, 12, 4, 3));
    info.extend(column(0x67F2_0003, 0, 4, 0));
    let mut values = vec![info, vec![0xB5, 4, 4, 0, 0x60, 0, 0, 0], Vec::new(), Vec::new()];
    for (n, (name, address, kind)) in (0_u32..).zip(rows) {
        values[2].extend([n.to_le_bytes(), n.to_le_bytes()].concat());
        values.push(text(name));
        let name = (values.len() << 5) as u32;
        values.push(text(address));
        let address = (values.len() << 5) as u32;
        values[3].extend([n, *kind, name, address].iter().flat_map(|word| word.to_le_bytes()));
        values[3].push(0xF0);
    }
    heap(0x7C, &values)
}

impl File {
    pub(crate) fn new(layout: Layout, crypt: u8) -> File {
        File { layout, crypt, blocks: Vec::new(), nodes: Vec::new() }
    }

    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }

    /// Adds a block and returns its id.
    pub(crate) fn block(&mut self, bytes: &[u8], inner: bool) -> u64 {
        let id = (self.blocks.len() as u64 + 1) << 2 | u64::from(inner) << 1;
        let mut bytes = bytes.to_vec();
        match self.crypt {
            _ if inner => {}
            1 => bytes.iter_mut().for_each(|byte| *byte = cipher::permute(*byte)),
            2 => cipher::cyclic(&mut bytes, id as u32),
            _ => {}
        }
        self.blocks.push((id, bytes));
        id
    }

    /// A block that names the nodes below a node: id, stream, nodes below.
    pub(crate) fn below(&mut self, nodes: &[(u32, u64, u64)]) -> u64 {
        let mut block = vec![2, 0, nodes.len() as u8, 0];
        if self.layout != Layout::Ansi {
            block.extend([0; 4]);
        }
        for (id, data, below) in nodes {
            for word in [u64::from(*id), *data, *below] {
                block.extend(&word.to_le_bytes()[..self.layout.word()]);
            }
        }
        self.block(&block, true)
    }

    pub(crate) fn node(&mut self, id: u32, data: u64, below: u64, parent: u32) {
        self.nodes.push([u64::from(id), data, below, u64::from(parent)]);
    }

    /// Adds a node that holds properties.
    pub(crate) fn object(&mut self, id: u32, parent: u32, own: &[Property]) {
        let data = properties(self.layout, own);
        let data = self.block(&data, false);
        self.node(id, data, 0, parent);
    }

    pub(crate) fn write(mut self) -> Vec<u8> {
        let page = self.layout.page();
        let w = self.layout.word();
        let mut file = vec![0; page.max(1024)];
        let mut places = Vec::new();
        for (id, bytes) in std::mem::take(&mut self.blocks) {
            let packed = if self.layout == Layout::Large {
                let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
                encoder.write_all(&bytes).expect("in memory");
                let packed = encoder.finish().expect("in memory");
                // A packed block is known by its size being another.
                if packed.len() < bytes.len() { packed } else { bytes.clone() }
            } else {
                bytes.clone()
            };
            places.push([id, file.len() as u64, packed.len() as u64 | 1 << 16]);
            let end = file.len() + (packed.len() + 24).next_multiple_of(512);
            file.extend(&packed);
            file.resize(end, 0);
            file[end - 6..end - 4].copy_from_slice(&(bytes.len() as u16).to_le_bytes());
        }
        let short = |word: u64, n: usize| word.to_le_bytes()[..n].to_vec();
        let blocks: Vec<Vec<u8>> = places
            .iter()
            .map(|[id, at, sizes]| {
                [short(*id, w), short(*at, w), short(*sizes, if w == 4 { 4 } else { 8 })].concat()
            })
            .collect();
        self.nodes.sort_unstable();
        let nodes: Vec<Vec<u8>> = self
            .nodes
            .iter()
            .map(|words| {
                let size = if w == 4 { 4 } else { 8 };
                words.iter().flat_map(|word| short(*word, size)).collect()
            })
            .collect();
        let at_blocks = self.page(&mut file, 0x80, &blocks);
        let at_nodes = self.page(&mut file, 0x81, &nodes);
        let (version, nodes, blocks, crypt): (u16, _, _, _) = match self.layout {
            Layout::Ansi => (14, 188, 196, 461),
            Layout::Unicode => (23, 224, 240, 513),
            Layout::Large => (36, 224, 240, 513),
        };
        file[..4].copy_from_slice(b"!BDN");
        file[10..12].copy_from_slice(&version.to_le_bytes());
        file[nodes..nodes + w].copy_from_slice(&short(at_nodes, w));
        file[blocks..blocks + w].copy_from_slice(&short(at_blocks, w));
        file[crypt] = self.crypt;
        file
    }

    fn page(&self, file: &mut Vec<u8>, kind: u8, entries: &[Vec<u8>]) -> u64 {
        let at = file.len();
        file.extend(entries.concat());
        file.resize(at + self.layout.page(), 0);
        let (foot, n_type, wide) = match self.layout {
            Layout::Ansi => (496, 500, 1),
            Layout::Unicode => (488, 496, 1),
            Layout::Large => (4056, 4072, 2),
        };
        assert!(entries.concat().len() <= foot, "too many entries for a page");
        file[at + foot] = entries.len() as u8;
        file[at + foot + 2 * wide] = entries.first().map_or(32, Vec::len) as u8;
        file[at + n_type..at + n_type + 2].fill(kind);
        at as u64
    }
}

/// Reads the properties of one node back.
fn check(layout: Layout, crypt: u8) {
    let mut file = File::new(layout, crypt);
    let mut own: Vec<(u16, u16, Vec<u8>)> =
        vec![(0x0037, 0x001F, text("Größe")), (0x0E07, 0x0003, vec![7, 0, 0, 0])];
    own.push((0x1000, 0x001E, vec![b'x'; 3000]));
    let own: Vec<Property> = own.iter().map(|(id, kind, bytes)| (*id, *kind, bytes.as_slice())).collect();
    file.object(0x21, 0, &own);
    let mut file = Cursor::new(file.write());
    let mut store = Store::open(&mut file, 1 << 20).expect("a header");
    let nodes = store.all_nodes(&mut |error| panic!("{error}"));
    assert_eq!(nodes.iter().map(|node| node.id).collect::<Vec<_>>(), [0x21]);
    let heap = Heap::read(&mut store, nodes[0]).expect("a heap");
    let (bag, failed) = heap.properties(&mut store, &Names::new(), 1 << 20).expect("properties");
    assert!(failed.is_none());
    assert_eq!((bag.text(0x0037).as_str(), bag.integer(Tag::Id(0x0E07))), ("Größe", Some(7)));
    assert_eq!(bag.text(0x1000).len(), 3000);
}

#[test]
fn every_layout_and_encoding() {
    for layout in [Layout::Ansi, Layout::Unicode, Layout::Large] {
        for crypt in 0..=2 {
            check(layout, crypt);
        }
    }
}

#[test]
fn a_tree_that_holds_itself_ends() {
    let mut file = File::new(Layout::Unicode, 0);
    // A tree of blocks whose only child is itself, and one that names a block four thousand times.
    file.block(&[[1, 1, 1, 0, 0, 0, 0, 0].as_slice(), &6_u64.to_le_bytes()].concat(), true);
    let leaf = file.block(&[0; 4000], false);
    let many: Vec<u8> = std::iter::repeat_n(leaf.to_le_bytes(), 1000).flatten().collect();
    let many = file.block(&[[1, 1, 0xE8, 3, 0, 0, 0, 0].as_slice(), &many].concat(), true);
    file.node(0x21, 6, 0, 0);
    file.node(0x41, many, 0, 0);
    let mut file = Cursor::new(file.write());
    let mut store = Store::open(&mut file, 1 << 20).expect("a header");
    let nodes = store.all_nodes(&mut |error| panic!("{error}"));
    assert!(store.stream(nodes[0], 1 << 20).is_err());
    assert!(store.stream(nodes[1], 1 << 30).is_err());
}
