//! Who writes when, and in answer to what.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::calendar::{Clock, DAY, FIRST_YEAR, HOUR, LAST_YEAR, activity, days_from_civil};
use super::compose::Moment;
use super::outgoing::{Message, Outgoing};
use super::people::{Person, Program};
use super::rng::Rng;
use super::thread::{Kind, Said, Sent, Thread};
use super::topics::draw_topic;
use super::{DemoOptions, World, planted};

/// Messages in an average thread, in tenths; measured. It only steers how fast threads begin: what is left at any
/// time is spread over the years that are left.
const TENTHS_PER_THREAD: u64 = 30;

/// The state of the correspondence.
pub(super) struct Schedule<'a> {
    world: &'a World,
    rng: Rng,
    n_messages: u64,
    /// When the next thread begins.
    next_start: i64,
    /// Activity that lies ahead of `next_start`.
    units_left: u64,
    /// Answers to be written, by due time and a serial number.
    queue: BTreeMap<(i64, u64), Pending>,
    serial: u64,
    last_newsletter: i64,
}

struct Pending {
    thread: Rc<Thread>,
    parent: Rc<Sent>,
}

impl<'a> Schedule<'a> {
    pub(super) fn new(world: &'a World, options: &DemoOptions) -> Self {
        let start = days_from_civil(FIRST_YEAR, 1, 3) * DAY;
        let end = days_from_civil(LAST_YEAR, 12, 30) * DAY;
        let hours = (start / HOUR)..(end / HOUR);
        let mut schedule = Self {
            world,
            rng: Rng::derive(options.seed, 0xdec0),
            n_messages: options.messages,
            next_start: start,
            units_left: hours.map(|hour| activity(hour * HOUR)).sum(),
            queue: BTreeMap::new(),
            serial: 0,
            last_newsletter: 0,
        };
        schedule.advance(0);
        schedule
    }

    /// The next message in time, the `idx`th of the archive.
    pub(super) fn next_message(&mut self, idx: u64) -> Message {
        loop {
            let due = self.queue.first_key_value().map(|((due, _), _)| *due);
            if let Some(due) = due.filter(|due| *due <= self.next_start) {
                let Some((_, pending)) = self.queue.pop_first() else { continue };
                // A few answers went to one person only and are not in the archive; the next ones refer to them.
                let lost = self.rng.permille(8);
                if let Some(message) = self.answer(idx, due, &pending, lost) {
                    return message;
                }
            } else {
                let now = self.next_start;
                self.advance(idx);
                if let Some(message) = self.begin(idx, now) {
                    return message;
                }
            }
        }
    }

    /// Moves the beginning of the next thread on, by a share of the activity that is left.
    fn advance(&mut self, idx: u64) {
        let waiting = self.queue.len() as u64 * 2;
        let left = self.n_messages.saturating_sub(idx + waiting) * 10 / TENTHS_PER_THREAD + 1;
        let mut units = self.rng.below(self.units_left / left * 2 + 2);
        loop {
            let rate = activity(self.next_start).max(1);
            let rest = HOUR - self.next_start.rem_euclid(HOUR);
            let here = rate * u64::try_from(rest).unwrap_or(1) / 3600;
            if units < here {
                let step = i64::try_from(units * 3600 / rate).unwrap_or(0);
                self.next_start += step.max(1);
                self.units_left = self.units_left.saturating_sub(units);
                return;
            }
            units -= here;
            self.units_left = self.units_left.saturating_sub(here);
            self.next_start += rest;
        }
    }

    fn begin(&mut self, idx: u64, seconds: i64) -> Option<Message> {
        let now = Clock::at(seconds, 0);
        let seed = self.rng.next();
        let month = now.year * 12 + now.month;
        let newsletter = month != self.last_newsletter && now.day <= 9 && self.n_messages > 300;
        let (kind, author) = if newsletter {
            self.last_newsletter = month;
            (Kind::Newsletter, self.world.people.core(now.year, &["office"], None, &mut self.rng).clone())
        } else {
            self.topic_and_author(&now)
        };
        let list = match kind {
            Kind::Newsletter => Some("members"),
            Kind::Talk(topic) if self.rng.permille(680) => Some(self.world.topics[topic].list),
            Kind::Foreign(_) if self.rng.permille(120) => Some("engine"),
            _ => None,
        };
        let mut members = vec![author.clone()];
        if list.is_none() {
            for _ in 0..*self.rng.pick(&[1, 1, 1, 2, 2, 3]) {
                let roles = self.roles(kind);
                let other = self.world.people.core(now.year, &roles, None, &mut self.rng).clone();
                if !members.iter().any(|member| Rc::ptr_eq(member, &other)) {
                    members.push(other);
                }
            }
        }
        let mut thread = Thread {
            seed,
            kind,
            subject: String::new(),
            list,
            members,
            began: now,
            said: Said::default(),
            n_messages: Cell::new(0),
        };
        thread.subject = self.subject(&thread, &author, now);
        // The first message of some threads was never archived.
        let lost = kind != Kind::Newsletter && self.rng.permille(25);
        self.write(idx, seconds, &Rc::new(thread), &author, None, lost)
    }

    fn topic_and_author(&mut self, now: &Clock) -> (Kind, Rc<Person>) {
        let world = self.world;
        let rng = &mut self.rng;
        if rng.permille(115) {
            let idx = rng.weighted([30, 22, 20, 16, 14, 14, 10].into_iter());
            let code = world.languages[idx].code;
            if world.people.has_language(now.year, code) {
                return (Kind::Foreign(idx), world.people.core(now.year, &[], Some(code), rng).clone());
            }
        }
        let topic = draw_topic(&world.topics, now, rng);
        let author = if rng.permille(760) {
            world.people.core(now.year, &world.topics[topic].roles, None, rng).clone()
        } else {
            world.people.tail(rng)
        };
        (Kind::Talk(topic), author)
    }

    fn roles(&self, kind: Kind) -> Vec<&'static str> {
        match kind {
            Kind::Talk(topic) => self.world.topics[topic].roles.clone(),
            _ => vec!["engineer", "skipper", "board"],
        }
    }

    fn subject(&mut self, thread: &Thread, author: &Person, now: Clock) -> String {
        let world = self.world;
        let moment =
            Moment { world, thread, author, when: now, to: "", parent: None, forward: false, planted: &[] };
        let list = match thread.kind {
            Kind::Talk(topic) => &world.topics[topic].subjects,
            Kind::Foreign(language) => &world.languages[language].subjects,
            Kind::Newsletter => return format!("Crossing Notes, {} {}", now.month_name(), now.year),
        };
        let mut template = self.rng.pick(list);
        while template.since > now.year {
            template = self.rng.pick(list);
        }
        let mut subject = moment.say(template, &mut self.rng);
        super::grammar::capitalise(&mut subject, 0);
        if thread.list == Some("engine") { format!("[engine] {subject}") } else { subject }
    }

    fn answer(&mut self, idx: u64, due: i64, pending: &Pending, lost: bool) -> Option<Message> {
        let Pending { thread, parent } = pending;
        let year = Clock::at(due, 0).year;
        let world = self.world;
        let rng = &mut self.rng;
        let mut author = parent.author.clone();
        for _ in 0..3 {
            author = match rng.below(100) {
                0..45 => rng.pick(&thread.members).clone(),
                _ if thread.list.is_none() => rng.pick(&thread.members).clone(),
                45..88 => {
                    let roles = match thread.kind {
                        Kind::Talk(topic) => world.topics[topic].roles.as_slice(),
                        _ => &["engineer"],
                    };
                    world.people.core(year, roles, None, rng).clone()
                }
                _ => world.people.tail(rng),
            };
            if !Rc::ptr_eq(&author, &parent.author) {
                break;
            }
        }
        self.write(idx, due, thread, &author, Some(parent), lost)
    }

    /// Writes a message and plans its answers; a lost one is written but not handed out.
    fn write(
        &mut self,
        idx: u64,
        seconds: i64,
        thread: &Rc<Thread>,
        author: &Rc<Person>,
        parent: Option<&Rc<Sent>>,
        lost: bool,
    ) -> Option<Message> {
        let words = if lost { Vec::new() } else { planted(idx, self.n_messages) };
        let next_planted = !planted(idx + 1, self.n_messages).is_empty();
        self.serial += 1;
        let outgoing = Outgoing {
            world: self.world,
            thread,
            author,
            parent: parent.map(Rc::as_ref),
            seconds,
            serial: self.serial,
            planted: &words,
        };
        let (mut message, sent) = outgoing.write(&mut self.rng);
        message.doubled = message.doubled && words.is_empty() && !next_planted;
        thread.n_messages.set(thread.n_messages.get() + 1);
        let n = self.n_answers(thread, &sent, lost);
        let sent = Rc::new(sent);
        for _ in 0..n {
            let due = self.due(seconds, author.program);
            self.serial += 1;
            let pending = Pending { thread: thread.clone(), parent: sent.clone() };
            self.queue.insert((due, self.serial), pending);
        }
        (!lost).then_some(message)
    }

    /// Answers to one message: geometric, with a mean that the thread's heat sets and depth lowers.
    fn n_answers(&mut self, thread: &Thread, sent: &Sent, lost: bool) -> u64 {
        if thread.kind == Kind::Newsletter || thread.n_messages.get() > 300 {
            return 0;
        }
        let heat = match Rng::derive(thread.seed, 9).below(100) {
            0..20 => 200,
            20..50 => 720,
            50..90 => 1000,
            _ => 1300,
        };
        let mean: u64 = if thread.list.is_some() { heat } else { heat.min(800) };
        // Quarrels die down, after a dozen messages or so, and in a big archive some do not.
        let weary = if self.n_messages > 20_000 && thread.seed.is_multiple_of(40) { 3 } else { 26 };
        let mean = mean.saturating_sub(sent.depth * 12 + thread.n_messages.get() * weary);
        let mut n = u64::from(lost);
        while n < 12 && self.rng.below(1000 + mean) < mean {
            n += 1;
        }
        n
    }

    /// When an answer comes: mostly within hours, seldom after months, and seldom at night.
    fn due(&mut self, seconds: i64, program: Program) -> i64 {
        let rng = &mut self.rng;
        let (low, high) = match rng.below(1000) {
            0..90 => (3, 15),
            90..330 => (15, 90),
            330..600 => (90, 360),
            600..760 => (360, 1080),
            760..900 => (1080, 2880),
            900..975 => (2880, 10_080),
            975..996 => (10_080, 40_000),
            _ => (40_000, 260_000),
        };
        let speed = if program == Program::Phone { 40 } else { 60 };
        let mut due = seconds + i64::try_from(rng.range(low * speed, high * speed)).unwrap_or(HOUR);
        for _ in 0..3 {
            if (1..6).contains(&Clock::at(due, 0).hour) {
                due += i64::try_from(rng.range(3, 9)).unwrap_or(6) * HOUR;
            }
        }
        due
    }
}
