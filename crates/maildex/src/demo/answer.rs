//! Answers: what is quoted, how, and what one says to it.

use super::calendar::Clock;
use super::compose::{Block, Moment, n_paragraphs, slip};
use super::grammar::capitalise;
use super::people::Program;
use super::rng::Rng;
use super::thread::{Kind, Sent};

impl Moment<'_> {
    pub(super) fn answer(&self, parent: &Sent, rng: &mut Rng) -> Vec<Block> {
        let own = match self.foreign_text(rng) {
            Some(blocks) => blocks,
            None => self.own_answer(parent, rng),
        };
        let top = matches!(self.author.program, Program::Outlook | Program::Phone)
            || (self.author.program == Program::Web && rng.permille(500));
        if !top {
            return own;
        }
        let mut blocks: Vec<Block> = own.into_iter().filter(|b| !matches!(b, Block::Quote { .. })).collect();
        match self.author.program {
            Program::Outlook => blocks.push(self.original(parent)),
            _ if rng.permille(700) => blocks.push(Block::Quote {
                attribution: Some(self.attribution(parent)),
                lines: parent.lines.iter().take(40).cloned().collect(),
            }),
            _ => {}
        }
        blocks
    }

    /// Answers in English: quotes and what one says to them.
    fn own_answer(&self, parent: &Sent, rng: &mut Rng) -> Vec<Block> {
        let mut blocks = Vec::new();
        if rng.permille(250) {
            blocks.push(Block::Text(self.hello(rng)));
        }
        // Most people cut away what others had quoted before.
        let own = own_words(&parent.lines);
        let mut rest =
            if rng.permille(720) && !own.is_empty() { own.as_slice() } else { parent.lines.as_slice() };
        let n_quotes = *rng.pick(&[0, 1, 1, 1, 1, 2, 2, 3]);
        for idx in 0..n_quotes {
            if rest.is_empty() {
                break;
            }
            let skip = paragraph_start(rest, rng);
            let wanted = if rng.permille(120) { 30 } else { rng.range(2, 8) };
            let wanted = usize::try_from(wanted).unwrap_or(2);
            let wanted = if rng.permille(800) { to_paragraph_end(rest, skip, wanted) } else { wanted };
            let chunk: Vec<String> = rest.iter().skip(skip).take(wanted).cloned().collect();
            rest = rest.get(skip + chunk.len()..).unwrap_or_default();
            let attribution = (idx == 0).then(|| self.attribution(parent));
            blocks.push(Block::Quote { attribution, lines: trim_blank(chunk) });
            blocks.push(Block::Text(self.reaction(rng)));
        }
        if n_quotes == 0 {
            blocks.push(Block::Text(self.reaction(rng)));
        }
        let more = n_paragraphs(self.author.program, rng).saturating_sub(1).min(3);
        self.paragraphs(more, rng, &mut blocks);
        self.sign(rng, &mut blocks);
        blocks
    }

    fn reaction(&self, rng: &mut Rng) -> String {
        if self.author.program == Program::Phone && rng.permille(600) {
            return self.draw("shortreply", rng);
        }
        let mut text = match rng.below(100) {
            0..22 => self.draw("agree", rng),
            22..38 => self.draw("disagree", rng),
            38..48 => self.draw("thanks", rng),
            48..56 => self.draw("shortreply", rng),
            _ => self.topic_reply(rng),
        };
        for _ in 0..*rng.pick(&[0, 0, 1, 1, 1, 2, 2, 3]) {
            text.push(' ');
            text.push_str(&self.sentence(rng));
        }
        if rng.permille(60) { slip(&text, rng) } else { text }
    }

    fn topic_reply(&self, rng: &mut Rng) -> String {
        let Kind::Talk(topic) = self.thread.kind else { return self.draw("thanks", rng) };
        match self.unsaid(&self.world.topics[topic].replies, &self.thread.said.replies) {
            Some(template) => {
                let mut text = self.say(template, rng);
                capitalise(&mut text, 0);
                text
            }
            None => self.draw(rng.pick(&["agree", "disagree", "opinionline"]), rng),
        }
    }

    pub(super) fn forwarded(&self, parent: &Sent, rng: &mut Rng) -> Vec<Block> {
        vec![
            Block::Text(self.draw("forwardnote", rng)),
            Block::Text(self.author.given.clone()),
            self.original(parent),
        ]
    }

    fn original(&self, parent: &Sent) -> Block {
        let name = if parent.author.name.is_empty() { &parent.address } else { &parent.author.name };
        let when = &parent.when;
        let title = match self.author.language {
            Some("de") => "-----Ursprüngliche Nachricht-----",
            Some("fr") => "-----Message d'origine-----",
            Some("es") => "-----Mensaje original-----",
            _ if self.forward => "-------- Original message --------",
            _ => "-----Original Message-----",
        };
        let to = match self.thread.list {
            Some(list) => format!("{list}@lists.orrowey-ferries.example"),
            None => self.author.main_address().to_owned(),
        };
        let header = vec![
            title.to_owned(),
            format!("From: {name} [mailto:{}]", parent.address),
            format!(
                "Sent: {}, {} {} {} {:02}:{:02}",
                when.weekday_name(),
                when.day,
                when.month_name(),
                when.year,
                when.hour,
                when.minute
            ),
            format!("To: {to}"),
            format!("Subject: {}", parent.subject),
        ];
        Block::Original { header, lines: parent.lines.iter().take(60).cloned().collect() }
    }

    fn attribution(&self, parent: &Sent) -> String {
        let name = if parent.author.name.is_empty() { &parent.address } else { &parent.author.name };
        let Clock { year, month, day, hour, minute, .. } = parent.when;
        match (self.author.language, self.author.program) {
            (Some("de"), _) => {
                format!("Am {day:02}.{month:02}.{year} um {hour:02}:{minute:02} schrieb {name}:")
            }
            (Some("fr"), _) => {
                format!("Le {day:02}/{month:02}/{year} à {hour:02}:{minute:02}, {name} a écrit :")
            }
            (Some("es"), _) => format!("El {day}/{month}/{year} a las {hour}:{minute:02}, {name} escribió:"),
            (_, Program::Pine) => format!("{name} wrote:"),
            (_, Program::Thunder) => {
                format!("On {day:02}/{month:02}/{year} {hour:02}:{minute:02}, {name} wrote:")
            }
            _ => {
                let (weekday, month) = (&parent.when.weekday_name()[..3], &parent.when.month_name()[..3]);
                format!(
                    "On {weekday}, {month} {day}, {year} at {hour}:{minute:02}, {name} <{}> wrote:",
                    parent.address
                )
            }
        }
    }
}

/// The lines without quotes and without the lines that introduce them.
fn own_words(lines: &[String]) -> Vec<String> {
    let quoted = |line: &String| line.starts_with('>');
    let introduces = |at: usize| lines.get(at + 1).is_some_and(quoted);
    let kept = lines.iter().enumerate().filter(|(at, line)| !quoted(line) && !introduces(*at));
    trim_blank(kept.map(|(_, line)| line.clone()).collect())
}

/// As many lines as reach from `skip` to the end of the paragraph that `wanted` lines end in.
fn to_paragraph_end(lines: &[String], skip: usize, wanted: usize) -> usize {
    let rest = lines.iter().skip(skip + wanted).take(9);
    wanted + rest.take_while(|line| !line.is_empty()).count()
}

/// Where a quote begins: mostly at the beginning of a paragraph.
fn paragraph_start(lines: &[String], rng: &mut Rng) -> usize {
    let at = rng.index(lines.len());
    let back = lines[..at].iter().rposition(String::is_empty).map_or(0, |blank| blank + 1);
    if rng.permille(850) { back } else { at }
}

fn trim_blank(mut lines: Vec<String>) -> Vec<String> {
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    lines.drain(..first);
    lines
}
