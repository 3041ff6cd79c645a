//! Reads the items of a PST or OST, folder by folder.
//!
//! Items are found by the tree of all nodes and not by the tables of folders: a table that is damaged or was never
//! brought up to date hides nothing. Passwords are ignored, as Outlook's own tools do: they guard a dialog, not the
//! bytes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::input::place::clean_name;
use crate::input::reading::{At, Reading};
use crate::input::report::Reason;
use crate::input::{Form, Limits, Raw, Stop};
use crate::outlook::heap::Heap;
use crate::outlook::item::{Attached, Item};
use crate::outlook::property::{Names, Tag, names};
use crate::outlook::pst::{Node, Source, Store};

/// Items inside each other that are opened.
const MAX_DEPTH: u32 = 16;
/// Folders inside each other; a forged one lies in itself.
const MAX_FOLDERS: usize = 64;

/// The kinds of nodes that matter here, in the lowest bits of their ids (MS-PST, 2.2.2.1).
const FOLDER: u32 = 0x02;
const MESSAGE: u32 = 0x04;
const ATTACHMENT: u32 = 0x05;
const RECIPIENTS: u32 = 0x12;

/// The nodes that every file has.
const STORE: u32 = 0x21;
const NAMES: u32 = 0x61;
const ROOT: u32 = 0x122;

impl Reading<'_> {
    /// Reads a file that cannot seek by way of a temporary one.
    pub(crate) fn pst_stream(&mut self, reader: &mut dyn io::Read, at: &At) -> Result<(), Stop> {
        let spooled = tempfile::tempfile().and_then(|mut file| {
            io::copy(reader, &mut file)?;
            file.flush()?;
            Ok(file)
        });
        match spooled {
            Ok(mut file) => self.pst(&mut file, at),
            Err(error) => {
                self.tally.fail(&error, &self.example(at));
                Ok(())
            }
        }
    }

    /// Reads a PST or OST.
    pub(crate) fn pst(&mut self, file: &mut dyn Source, at: &At) -> Result<(), Stop> {
        let left = self.allowed.saturating_sub(self.unpacked.get());
        let mut store = match Store::open(file, left) {
            Ok(store) => store,
            Err(error) => {
                self.tally.fail(&error, &self.example(at));
                return Ok(());
            }
        };
        self.tally.containers += 1;
        let example = self.example(at);
        let nodes = store.all_nodes(&mut |error| self.tally.fail(&error, &example));
        let mut mailbox = Mailbox::new(&mut store, &nodes, self.limits);
        let own = nodes.iter().filter(|node| node.id & 0x1F == MESSAGE);
        let mut messages: Vec<(Path, Node)> = own.map(|node| (mailbox.path(node.parent), *node)).collect();
        messages.sort_by(|a, b| (&a.0.name, a.1.id).cmp(&(&b.0.name, b.1.id)));
        for (Path { name: folder, is_shown }, node) in messages {
            let name =
                if folder.is_empty() { format!("{:x}", node.id) } else { format!("{folder}/{:x}", node.id) };
            let member = at.member(&name);
            self.counted(&member, |reading| {
                if !is_shown {
                    return reading.skip(Reason::Housekeeping, &member, "");
                }
                match mailbox.item(node) {
                    Ok(item) => reading.item(&item, &mut mailbox.failed, &member, folder),
                    Err(error) => {
                        reading.lost(&error, &member);
                        Ok(())
                    }
                }
            })?;
            (self.progress)(self.consumed.get());
        }
        Ok(())
    }

    /// Gives an item as mail and counts it as what it is.
    pub(crate) fn item(
        &mut self,
        item: &Item,
        failed: &mut Option<io::Error>,
        at: &At,
        folder: String,
    ) -> Result<(), Stop> {
        if let Some(error) = failed.take() {
            self.tally.skip(Reason::ItemPartial, 1, &self.example(at), &error.to_string());
        }
        if let Some(name) = item.sort().name() {
            *self.tally.items.entry(name).or_default() += 1;
        }
        let bytes = item.draft().write();
        self.tally.kinds.other += 1;
        let place = self.place(at, 0, folder);
        self.give(Raw { bytes, place, envelope_date: None, form: Form::Mail, cut: false })
    }

    /// Counts an item that does not open.
    pub(crate) fn lost(&mut self, error: &io::Error, at: &At) {
        self.tally.skip(Reason::ItemLost, 1, &self.example(at), &error.to_string());
    }
}

/// An open file with what its items need.
struct Mailbox<'s, 'a> {
    store: &'s mut Store<'a>,
    names: Names,
    folders: BTreeMap<u32, Folder>,
    /// The folder that is shown as the mailbox.
    top: Option<u32>,
    max: u64,
    /// What of the item that was opened last could not be read.
    failed: Option<io::Error>,
}

/// The names of the folders down to one.
struct Path {
    name: String,
    /// It lies under the folder that is shown as the mailbox.
    is_shown: bool,
}

struct Folder {
    name: String,
    parent: u32,
}

impl<'s, 'a> Mailbox<'s, 'a> {
    fn new(store: &'s mut Store<'a>, nodes: &[Node], limits: &Limits) -> Mailbox<'s, 'a> {
        let max = limits.max_message;
        let mut mailbox =
            Mailbox { store, names: Names::new(), folders: BTreeMap::new(), top: None, max, failed: None };
        let find = |id: u32| nodes.binary_search_by_key(&id, |node| node.id).ok().map(|at| nodes[at]);
        if let Some(bag) = find(NAMES).and_then(|node| mailbox.bag(node).ok()) {
            let stream = |id| bag.bytes(id).unwrap_or_default();
            mailbox.names = names(stream(2), stream(3), stream(4));
        }
        let store_bag = find(STORE).and_then(|node| mailbox.bag(node).ok()).unwrap_or_default();
        // The entry id of the folder that Outlook shows as the mailbox ends in its node's id.
        mailbox.top =
            store_bag.bytes(0x35E0).and_then(|id| id.last_chunk::<4>()).map(|id| u32::from_le_bytes(*id));
        for node in nodes.iter().filter(|node| node.id & 0x1F == FOLDER) {
            if [Some(ROOT), mailbox.top].contains(&Some(node.id)) {
                continue;
            }
            let name = mailbox.bag(*node).map(|bag| bag.text(0x3001)).unwrap_or_default();
            let name = if name.is_empty() { format!("{:x}", node.id) } else { clean_name(&name) };
            mailbox.folders.insert(node.id, Folder { name, parent: node.parent });
        }
        mailbox.failed = None;
        mailbox
    }

    /// The folder of this id. One that is not there has no name: its items are shown all the same.
    fn path(&self, mut id: u32) -> Path {
        let mut names = Vec::new();
        while let Some(folder) = self.folders.get(&id).filter(|_| names.len() < MAX_FOLDERS) {
            names.push(folder.name.as_str());
            id = folder.parent;
        }
        names.reverse();
        Path { name: names.join("/"), is_shown: id != ROOT || self.top.is_none() }
    }

    fn bag(&mut self, node: Node) -> io::Result<crate::outlook::property::Bag> {
        let heap = Heap::read(self.store, node)?;
        Ok(heap.properties(self.store, &self.names, self.max)?.0)
    }

    fn item(&mut self, node: Node) -> io::Result<Item> {
        self.failed = None;
        let mut left = self.max;
        let mut item = self.open(node, 0, &mut left)?;
        item.settle_charset(0);
        Ok(item)
    }

    fn open(&mut self, node: Node, depth: u32, left: &mut u64) -> io::Result<Item> {
        let heap = Heap::read(self.store, node)?;
        let (bag, failed) = heap.properties(self.store, &self.names, *left)?;
        self.note(failed);
        let mut item = Item { bag, ..Item::default() };
        for node in heap.nodes(RECIPIENTS) {
            match Heap::read(self.store, node).and_then(|heap| heap.rows(self.store, &self.names)) {
                Ok(rows) => item.recipients.extend(rows),
                Err(error) => self.note(Some(error)),
            }
        }
        for node in heap.nodes(ATTACHMENT) {
            match self.attachment(&heap, node, depth, left) {
                Ok(attached) => item.attachments.push(attached),
                Err(error) => self.note(Some(error)),
            }
        }
        Ok(item)
    }

    fn attachment(&mut self, around: &Heap, node: Node, depth: u32, left: &mut u64) -> io::Result<Attached> {
        let heap = Heap::read(self.store, node)?;
        let (mut bag, failed) = heap.properties(self.store, &self.names, *left)?;
        self.note(failed);
        // An object is the id of a node below and its size (MS-PST, 2.3.3.5).
        let method = bag.integer(Tag::Id(0x3705));
        let object =
            bag.bytes(0x3701).filter(|_| matches!(method, Some(5 | 6))).and_then(|id| id.first_chunk());
        let object = object.map(|id| u32::from_le_bytes(*id));
        let inner = object.and_then(|id| heap.node(id).or_else(|| around.node(id)));
        let mut attached = Attached::default();
        match (inner, method) {
            (Some(_), Some(5)) if depth >= MAX_DEPTH => {
                self.note(Some(io::Error::other("items nested too deeply")));
            }
            (Some(inner), Some(5)) => attached.item = Some(Box::new(self.open(inner, depth + 1, left)?)),
            (Some(inner), _) => {
                let bytes = self.store.stream(inner, *left)?;
                bag.put(0x3701, &self.names, crate::outlook::property::Value::Bytes(bytes));
            }
            (None, Some(5)) => self.note(Some(io::Error::other("item inside is missing"))),
            (None, _) => {}
        }
        let size = bag.bytes(0x3701).map_or(0, <[u8]>::len) as u64;
        *left = left.saturating_sub(size);
        attached.bag = bag;
        Ok(attached)
    }

    fn note(&mut self, failed: Option<io::Error>) {
        if self.failed.is_none() {
            self.failed = failed;
        }
    }
}

#[cfg(test)]
mod tests;
