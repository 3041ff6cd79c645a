//! The demo archive: the invented mail of a ferry cooperative on an invented archipelago, twelve years long.
//!
//! It is for trying Maildex without an archive of one's own, for the picture in the README, and for measuring
//! at any size: the text follows Zipf's and Heaps' laws much as real lists do, so a million messages cost what a
//! million real ones would. Nothing in it is about real persons, and every domain is reserved (RFC 2606).
//!
//! The same options give the same bytes everywhere; integers only, no clock, no crate's random numbers.
//! Memory does not grow with the number of messages, apart from threads that still wait for answers.
//!
//! A reader may look for the storm Ragna (November 2011), the vote on the new boat (2014), the missing logbook
//! of the Old Margit (lost in March 2013, found in June 2016), the bridge rumour, or Purser the cat.
//!
//! Some words are planted so that tests know how many messages hold them: see [`PLANTED`]. Beside them are known
//! shares of defects. In thousandths of all messages: 3 without Message-ID, 2 without Date, 2 with an absurd Date,
//! 5 doubled. Of answers: 20 without references, 30 with In-Reply-To only, 15 with References only, 10 with prose in
//! In-Reply-To. Of messages whose subject is not ASCII: 2 with its raw bytes. And for every 1000 messages there are
//! about 11 that others refer to and that are not in the archive.

mod answer;
mod calendar;
mod compose;
mod encode;
mod grammar;
mod invent;
mod mime;
mod outgoing;
mod parts;
mod people;
mod render;
mod rng;
mod schedule;
mod thread;
mod topics;

use std::io::{self, Write};

use calendar::asctime;
use grammar::Grammar;
use people::People;
use schedule::Schedule;
use topics::{Language, Topic};

/// What to generate.
#[derive(Clone, Debug)]
pub(crate) struct DemoOptions {
    /// How many messages the archive has, exactly.
    pub(crate) messages: u64,
    /// Another seed gives another archive.
    pub(crate) seed: u64,
}

/// Words with the number of messages that hold them, in the text, once each. A word with `n` messages is planted
/// in archives of at least `30 * n` messages and spread evenly over them; smaller archives do not have it at all.
/// Planted words are never quoted by answers and never stand in doubled messages.
pub(crate) const PLANTED: [(&str, u64); 12] = [
    ("fivefoldheron", 5),
    ("fivefoldlantern", 5),
    ("fivefoldteapot", 5),
    ("fivefoldmackerel", 5),
    ("fiftyfoldheron", 50),
    ("fiftyfoldlantern", 50),
    ("fiftyfoldteapot", 50),
    ("fiftyfoldmackerel", 50),
    ("fivehundredfoldheron", 500),
    ("fivehundredfoldlantern", 500),
    ("fivethousandfoldheron", 5000),
    ("fivethousandfoldlantern", 5000),
];

/// Writes the archive as an mbox (mboxrd quoting). `progress` hears the number of messages written so far, now
/// and then and at the end. Fails only if `out` does.
pub(crate) fn write_demo(
    options: &DemoOptions,
    out: &mut impl Write,
    progress: &mut dyn FnMut(u64),
) -> io::Result<()> {
    let world = World::new(options.seed);
    let mut schedule = Schedule::new(&world, options);
    let mut written = 0;
    while written < options.messages {
        let message = schedule.next_message(written);
        let copies = if message.doubled && written + 1 < options.messages { 2 } else { 1 };
        for _ in 0..copies {
            writeln!(out, "From {} {}", message.envelope, asctime(message.seconds))?;
            write_quoted(&message.bytes, out)?;
            written += 1;
        }
        if written % 1000 < copies {
            progress(written);
        }
    }
    progress(written);
    out.flush()
}

/// Quotes lines that could be taken for the beginning of a message, as mboxrd does, and ends with an empty line.
fn write_quoted(bytes: &[u8], out: &mut impl Write) -> io::Result<()> {
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.iter().position(|byte| *byte != b'>').unwrap_or(line.len());
        if line[bare..].starts_with(b"From ") {
            out.write_all(b">")?;
        }
        out.write_all(line)?;
    }
    out.write_all(if bytes.ends_with(b"\n") { b"\n" } else { b"\n\n" })
}

/// The planted words of a message.
fn planted(message: u64, n_messages: u64) -> Vec<&'static str> {
    let fits = |&(idx, &(_, n)): &(usize, &(&'static str, u64))| {
        if n_messages < 30 * n {
            return false;
        }
        let start = n_messages / PLANTED.len() as u64 * idx as u64;
        let at = u128::from((message + start) % n_messages);
        let (n, all) = (u128::from(n), u128::from(n_messages));
        (at + 1) * n / all > at * n / all
    };
    PLANTED.iter().enumerate().filter(fits).map(|(_, (word, _))| *word).collect()
}

/// Everything that is the same for all messages.
struct World {
    grammar: Grammar,
    topics: Vec<Topic>,
    languages: Vec<Language>,
    people: People,
}

impl World {
    fn new(seed: u64) -> Self {
        let grammar =
            Grammar::new(&[include_str!("demo/text/words.txt"), include_str!("demo/text/common.txt")]);
        let topics = topics::read_topics(
            &[
                include_str!("demo/text/topics_ship.txt"),
                include_str!("demo/text/topics_coop.txt"),
                include_str!("demo/text/topics_island.txt"),
            ],
            &grammar,
        );
        let languages = topics::read_languages(include_str!("demo/text/languages.txt"), &grammar);
        Self { topics, languages, people: People::new(include_str!("demo/text/cast.txt"), seed), grammar }
    }
}

#[cfg(test)]
mod tests;
