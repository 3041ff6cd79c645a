//! The text of a message: paragraphs of sentences on the thread's topic, between quotes of what it answers.

use std::cell::Cell;

use super::World;
use super::calendar::{Clock, month_name};
use super::grammar::{Scene, SceneSlot, Template, capitalise};
use super::invent::misspell;
use super::people::{Person, Program};
use super::rng::Rng;
use super::thread::{Kind, Sent, Thread};
use super::topics::draw_topic;

/// A piece of a message.
#[derive(Debug)]
pub(super) enum Block {
    Text(String),
    /// Lines that are not wrapped.
    Lines(Vec<String>),
    /// The greeting at the end and the name.
    Closing(Vec<String>),
    Quote {
        attribution: Option<String>,
        lines: Vec<String>,
    },
    /// The whole original below an answer, under a block of its headers.
    Original {
        header: Vec<String>,
        lines: Vec<String>,
    },
    /// A line with a planted word: never quoted, never broken.
    Planted(String),
    Signature(Vec<String>),
}

/// Everything that the text of one message depends on.
pub(super) struct Moment<'a> {
    pub(super) world: &'a World,
    pub(super) thread: &'a Thread,
    pub(super) author: &'a Person,
    pub(super) when: Clock,
    /// The given name of the first recipient; empty for a list.
    pub(super) to: &'a str,
    pub(super) parent: Option<&'a Sent>,
    pub(super) forward: bool,
    pub(super) planted: &'a [&'static str],
}

struct View<'a> {
    moment: &'a Moment<'a>,
    seed: u64,
    planted: &'static str,
}

impl Scene for View<'_> {
    fn thread_seed(&self) -> u64 {
        self.seed
    }

    fn fill(&self, slot: SceneSlot, rng: &mut Rng, out: &mut String) {
        let moment = self.moment;
        let year = moment.when.year;
        let past = || u64::try_from(year).unwrap_or(0);
        match slot {
            SceneSlot::To if moment.to.is_empty() => out.push_str("all"),
            SceneSlot::To => out.push_str(moment.to),
            SceneSlot::Boat => out.push_str(rng.pick(boats(moment.thread.began.year))),
            SceneSlot::Core => out.push_str(&moment.world.people.known(year, rng).given),
            SceneSlot::CoreFull => out.push_str(&moment.world.people.known(year, rng).name),
            SceneSlot::Month => {
                let ahead = i64::try_from(rng.below(3)).unwrap_or(0) - 1;
                out.push_str(month_name(moment.thread.began.month + ahead));
            }
            SceneSlot::Year => {
                let back = if rng.permille(550) { rng.range(1, 15) } else { rng.range(12, 140) };
                out.push_str(&(past() - back).to_string());
            }
            SceneSlot::ThisYear => out.push_str(&moment.thread.began.year.to_string()),
            SceneSlot::Planted => out.push_str(self.planted),
        }
    }
}

/// The fleet: the Old Margit sails until the Solveig Ray takes her place.
fn boats(year: i64) -> &'static [&'static str] {
    match year {
        ..2017 => &["Kittiwake", "Kittiwake", "Tystie", "Tystie", "Old Margit", "Perpetua"],
        2017 => &["Kittiwake", "Tystie", "Old Margit", "Perpetua", "Solveig Ray", "Solveig Ray"],
        _ => &["Kittiwake", "Tystie", "Perpetua", "Solveig Ray", "Solveig Ray", "Solveig Ray"],
    }
}

impl<'a> Moment<'a> {
    fn view(&'a self) -> View<'a> {
        View { moment: self, seed: self.thread.seed, planted: "" }
    }

    /// A common sentence; not one that the thread has heard, unless it has heard too many.
    pub(super) fn draw(&self, class: &str, rng: &mut Rng) -> String {
        let (idx, _) = self.choose(class, rng);
        let mut out = self.say(&self.world.grammar.class(class)[idx], rng);
        capitalise(&mut out, 0);
        out
    }

    /// An entry of a class, and whether it is new to the thread.
    fn choose(&self, class: &str, rng: &mut Rng) -> (usize, bool) {
        let list = self.world.grammar.class(class);
        let mut idx = rng.index(list.len());
        for _ in 0..6 {
            if self.thread.said.note(class, idx) {
                return (idx, true);
            }
            idx = rng.index(list.len());
        }
        (idx, false)
    }

    fn story(&self, rng: &mut Rng) -> Option<String> {
        let (idx, fresh) = self.choose("story", rng);
        if !fresh {
            return None;
        }
        let mut out = self.say(&self.world.grammar.class("story")[idx], rng);
        capitalise(&mut out, 0);
        Some(out)
    }

    pub(super) fn say(&self, template: &Template, rng: &mut Rng) -> String {
        let mut out = String::new();
        self.world.grammar.expand(template, rng, &self.view(), &mut out);
        out
    }

    /// Writes the message.
    pub(super) fn compose(&self, rng: &mut Rng) -> Vec<Block> {
        let mut blocks = match (self.thread.kind, self.parent) {
            (Kind::Newsletter, _) => self.newsletter(rng),
            (_, Some(parent)) if self.forward => self.forwarded(parent, rng),
            (_, Some(parent)) => self.answer(parent, rng),
            _ => self.letter(rng),
        };
        let planted = self.planted.iter().map(|word| {
            let mut line = String::new();
            let view = View { moment: self, seed: self.thread.seed, planted: word };
            self.world.grammar.draw("crossword", rng, &view, &mut line);
            Block::Planted(line)
        });
        let at = blocks
            .iter()
            .position(|b| matches!(b, Block::Original { .. } | Block::Signature(_)))
            .unwrap_or(blocks.len());
        let planted: Vec<Block> = planted.collect();
        blocks.splice(at..at, planted);
        blocks
    }

    fn letter(&self, rng: &mut Rng) -> Vec<Block> {
        if let Some(text) = self.foreign_text(rng) {
            return text;
        }
        let mut blocks = Vec::new();
        if rng.permille(800) {
            blocks.push(Block::Text(self.hello(rng)));
        }
        let opening = match self.thread.kind {
            Kind::Talk(topic) => self.say(rng.pick(&self.world.topics[topic].openings), rng),
            _ => self.draw("detail", rng),
        };
        let mut first = opening;
        capitalise(&mut first, 0);
        for _ in 0..rng.below(3) {
            if let Some(next) = self.fresh_sentence(rng) {
                first.push(' ');
                first.push_str(&next);
            }
        }
        blocks.push(Block::Text(first));
        self.paragraphs(n_paragraphs(self.author.program, rng), rng, &mut blocks);
        if rng.permille(190) {
            blocks.push(Block::Lines(self.list(rng)));
        }
        if rng.permille(450) {
            let class = *rng.pick(&["plan", "ask", "ask"]);
            blocks.push(Block::Text(self.draw(class, rng)));
        }
        self.sign(rng, &mut blocks);
        blocks
    }

    pub(super) fn hello(&self, rng: &mut Rng) -> String {
        self.draw(if self.to.is_empty() { "helloall" } else { "hello" }, rng)
    }

    /// Middle paragraphs: what the topic still has, then stories, at most one digression, and never a heap of
    /// stray sentences: a thread that has nothing left to say becomes short.
    pub(super) fn paragraphs(&self, n: u64, rng: &mut Rng, blocks: &mut Vec<Block>) {
        let mut digressed = self.parent.is_some() && rng.permille(750);
        for _ in 0..n {
            let text = match rng.below(100) {
                0..48 => self.topic_paragraph(rng),
                48..84 => self.story(rng),
                84..92 if !digressed => {
                    digressed = true;
                    Some(self.digression(rng))
                }
                _ => Some(self.draw(rng.pick(&["opinionline", "aside", "plan", "detail"]), rng)),
            };
            let Some(mut text) = text else { return };
            if rng.permille(170) {
                text = slip(&text, rng);
            }
            blocks.push(Block::Text(text));
        }
    }

    fn topic_paragraph(&self, rng: &mut Rng) -> Option<String> {
        let mut text = String::new();
        for _ in 0..rng.range(1, 4) {
            let Some(next) = self.fresh_sentence(rng) else { break };
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&next);
        }
        if text.is_empty() {
            return self.story(rng);
        }
        if rng.permille(330) {
            text.push(' ');
            text.push_str(&self.draw(rng.pick(&["detail", "opinionline", "detail", "ask"]), rng));
        }
        Some(text)
    }

    /// A paragraph of another topic of the day.
    fn digression(&self, rng: &mut Rng) -> String {
        let topic = &self.world.topics[draw_topic(&self.world.topics, &self.when, rng)];
        let seed = rng.next();
        let mut text = self.draw("bridge", rng);
        let mut lines = vec![rng.pick(&topic.openings)];
        let first = rng.index(topic.bodies.len());
        for at in first..first + rng.index(3) {
            lines.extend(topic.bodies.get(at).filter(|line| line.since <= self.when.year));
        }
        for line in lines {
            text.push(' ');
            let start = text.len();
            let view = View { moment: self, seed, planted: "" };
            self.world.grammar.expand(line, rng, &view, &mut text);
            capitalise(&mut text, start);
        }
        text
    }

    /// A sentence to go with another one.
    pub(super) fn sentence(&self, rng: &mut Rng) -> String {
        let fresh = if rng.permille(700) { self.fresh_sentence(rng) } else { None };
        fresh.unwrap_or_else(|| {
            let class = rng.pick(&["detail", "detail", "opinionline", "aside", "plan", "ask", "aside2"]);
            self.draw(class, rng)
        })
    }

    /// The next sentence of the topic that this thread has not had yet.
    fn fresh_sentence(&self, rng: &mut Rng) -> Option<String> {
        let Kind::Talk(topic) = self.thread.kind else { return None };
        let template = self.unsaid(&self.world.topics[topic].bodies, &self.thread.said.bodies)?;
        let mut text = self.say(template, rng);
        capitalise(&mut text, 0);
        Some(text)
    }

    fn list(&self, rng: &mut Rng) -> Vec<String> {
        let n = rng.range(3, 14);
        let form = rng.below(9);
        let line = |idx: u64, rng: &mut Rng| match form {
            0 => format!("  - {} {}, {}", rng.range(2, 40), self.word("thing_s", rng), self.word("adj", rng)),
            1 => format!("  {}. {}", idx + 1, self.draw("detail", rng)),
            2..7 => format!("  - {}", self.word(if form < 5 { "passenger" } else { "consignment" }, rng)),
            7 => format!(
                "  {}  {:<13} {:>3} passengers  {:>2} cars  {}",
                self.word("sailing", rng),
                rng.pick(boats(self.thread.began.year)),
                rng.range(0, 140),
                rng.range(0, 28),
                self.word("wind", rng)
            ),
            _ => format!(
                "  * {} ({}), {}",
                self.word("thing", rng),
                self.word("material", rng),
                self.word("colour", rng)
            ),
        };
        (0..n).map(|idx| line(idx, rng)).collect()
    }

    fn word(&self, class: &str, rng: &mut Rng) -> String {
        let mut out = String::new();
        self.world.grammar.draw(class, rng, &self.view(), &mut out);
        out
    }

    /// A letter in the author's language, if the author and the thread have one.
    pub(super) fn foreign_text(&self, rng: &mut Rng) -> Option<Vec<Block>> {
        let Kind::Foreign(idx) = self.thread.kind else { return None };
        let language = &self.world.languages[idx];
        if self.author.language != Some(language.code) {
            return None;
        }
        let gap = if matches!(language.code, "ja" | "zh") { "" } else { " " };
        let mut blocks = vec![Block::Text(self.say(rng.pick(&language.hellos), rng))];
        for _ in 0..rng.range(1, 3) {
            let mut sentences = Vec::new();
            for _ in 0..rng.range(1, 4) {
                let said = &self.thread.said.bodies;
                let Some(template) = self.unsaid(&language.bodies, said) else { break };
                sentences.push(self.say(template, rng));
            }
            if !sentences.is_empty() {
                blocks.push(Block::Text(sentences.join(gap)));
            }
        }
        blocks.push(Block::Text(self.say(rng.pick(&language.closings), rng)));
        blocks.push(Block::Signature(self.author.signature.clone()));
        Some(blocks)
    }

    fn newsletter(&self, rng: &mut Rng) -> Vec<Block> {
        let mut blocks = vec![Block::Text(format!(
            "Crossing Notes, {} {}. News from the boats, the piers and the people between them.",
            self.when.month_name(),
            self.when.year
        ))];
        let mut told = Vec::new();
        for _ in 0..rng.range(3, 6) {
            let idx = draw_topic(&self.world.topics, &self.when, rng);
            if told.contains(&idx) {
                continue;
            }
            told.push(idx);
            let topic = &self.world.topics[idx];
            let mut text = self.say(rng.pick(&topic.openings), rng);
            capitalise(&mut text, 0);
            for _ in 0..rng.range(1, 3) {
                text.push(' ');
                let mut next = self.say(rng.pick(&topic.bodies), rng);
                capitalise(&mut next, 0);
                text.push_str(&next);
            }
            blocks.push(Block::Text(text));
        }
        blocks.push(Block::Text(self.draw("aside", rng)));
        blocks
    }

    /// The next of a list that this thread has not heard, in an order of the thread's own.
    pub(super) fn unsaid<'t>(&self, list: &'t [Template], said: &Cell<usize>) -> Option<&'t Template> {
        let mut rng = Rng::derive(self.thread.seed, list.len() as u64);
        let start = rng.index(list.len());
        let mut step = 1 + rng.index(list.len());
        while gcd(step, list.len()) != 1 {
            step += 1;
        }
        while said.get() < list.len() {
            let template = &list[(start + said.get() * step) % list.len()];
            said.set(said.get() + 1);
            if template.since <= self.when.year {
                return Some(template);
            }
        }
        None
    }

    pub(super) fn sign(&self, rng: &mut Rng, blocks: &mut Vec<Block>) {
        let program = self.author.program;
        if program != Program::Phone && rng.permille(700) {
            let bye = self.draw("bye", rng);
            let name = if rng.permille(850) { self.author.given.as_str() } else { "" };
            let lines: Vec<String> = [bye.as_str(), name]
                .iter()
                .filter(|line| !line.is_empty() && **line != "-")
                .map(|line| (*line).to_owned())
                .collect();
            if !lines.is_empty() {
                blocks.push(Block::Closing(lines));
            }
        }
        if !self.author.signature.is_empty() && rng.permille(850) {
            blocks.push(Block::Signature(self.author.signature.clone()));
        }
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// How many paragraphs come after the first: mostly few, now and then a long report.
pub(super) fn n_paragraphs(program: Program, rng: &mut Rng) -> u64 {
    match (program, rng.below(100)) {
        (Program::Phone, _) => 0,
        (_, 0..18) => 0,
        (_, 18..48) => 1,
        (_, 48..82) => rng.range(2, 3),
        (_, 82..96) => rng.range(4, 6),
        (_, 96..98) => rng.range(7, 9),
        _ => rng.range(9, 16),
    }
}

/// Puts a typing mistake into one word.
pub(super) fn slip(text: &str, rng: &mut Rng) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let at = rng.index(words.len());
    if words[at].len() > 4 && words[at].bytes().all(|b| b.is_ascii_lowercase()) {
        words[at] = misspell(&words[at], rng);
    }
    words.join(" ")
}
