//! States that only the whole archive tells: where a message and its copies lay, whether it has copies, and its part in
//! a conversation.

use crate::build::index::invert::Inverter;
use crate::build::segment::Material;
use crate::message::labels;
use crate::threads::Threads;
use maildex_core::format::dictionary::{Kind, MAX_KEY};
use maildex_core::format::front::MessageKind;
use maildex_core::text::state_value;
use std::fs::File;
use std::io::{self, BufWriter, Write};

/// Whether a state that is told here hangs on the other messages of the archive.
pub(crate) fn hangs_on_others(state: &[u8]) -> bool {
    ["is:root", "has:thread"].iter().any(|own| own.as_bytes() == state)
}

/// Writes these states as a run whose numbers are the archive's.
pub(crate) fn archive_states(material: &Material<'_>, threads: &Threads) -> io::Result<File> {
    let n_docs = material.copies.docs.len();
    let (mut roots, mut in_thread) = (vec![false; n_docs], vec![false; n_docs]);
    for thread in threads.iter() {
        let docs: Vec<u32> = thread.nodes.iter().filter_map(|node| node.who.here()).collect();
        // Parents stand before their children: the first that is here began it, as far as this archive knows.
        let before = thread.nodes.iter().take_while(|node| node.who.here().is_none());
        let is_continued = before.into_iter().any(|node| material.earlier(node.who).is_some());
        if let Some(&first) = docs.first().filter(|_| !is_continued) {
            roots[first as usize] = true;
        }
        let n_messages = docs.len() + material.n_earlier(thread.nodes);
        docs.iter().for_each(|&doc| in_thread[doc as usize] = n_messages > 1);
    }
    let mut inverter = Inverter::new();
    for doc in 0..n_docs as u32 {
        let mut add = |operator: &str, value: &str| {
            let value = state_value(value);
            let state = format!("{operator}:{value}");
            if !value.is_empty() && state.len() <= MAX_KEY {
                inverter.add(Kind::State, state.as_bytes(), 0, 0);
            }
        };
        for (source, folder) in material.places(doc) {
            add("source", source);
            labels(folder, &mut |label| add("label", label));
        }
        for state in material.about.told.get(&doc).iter().flat_map(|told| &told.is) {
            add("is", state);
        }
        // What is not here has neither copies nor a thread of its own.
        if material.about.kind != MessageKind::Message {
            inverter.end(doc);
            continue;
        }
        if material.copies.of(doc).len() > 0 {
            add("is", "duplicate");
        }
        if roots[doc as usize] {
            add("is", "root");
        }
        if in_thread[doc as usize] {
            add("has", "thread");
        }
        inverter.end(doc);
    }
    let mut run = BufWriter::new(tempfile::tempfile_in(material.scratch)?);
    inverter.flush(&mut run)?;
    run.flush()?;
    run.into_inner().map_err(|error| error.into_error())
}
