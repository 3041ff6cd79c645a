//! A message on its way out: recipients, headers, the known share of defects.

use super::World;
use super::calendar::{Clock, DAY};
use super::compose::Moment;
use super::encode::{header_text, mailbox};
use super::mime::{Body, push_body};
use super::people::{Person, Program};
use super::render::quotable;
use super::rng::Rng;
use super::thread::{Kind, Sent, Thread};

const LISTS: &str = "lists.orrowey-ferries.example";

/// A finished message.
pub(super) struct Message {
    pub(super) bytes: Vec<u8>,
    /// The sender's address, for the `From ` line.
    pub(super) envelope: String,
    /// When it arrived, in seconds since 1970.
    pub(super) seconds: i64,
    /// It stands twice in the archive.
    pub(super) doubled: bool,
}

/// What a message is made from.
pub(super) struct Outgoing<'a> {
    pub(super) world: &'a World,
    pub(super) thread: &'a Thread,
    pub(super) author: &'a std::rc::Rc<Person>,
    pub(super) parent: Option<&'a Sent>,
    pub(super) seconds: i64,
    /// Makes Message-IDs different from each other.
    pub(super) serial: u64,
    pub(super) planted: &'a [&'static str],
}

impl Outgoing<'_> {
    /// Writes the message; also returns what answers need of it.
    pub(super) fn write(&self, rng: &mut Rng) -> (Message, Sent) {
        let Self { thread, author, parent, .. } = self;
        let when = Clock::at(self.seconds, author.zone);
        let address = match thread.kind {
            Kind::Newsletter => "notes@orrowey-ferries.example".to_owned(),
            _ => author.address(when.year, rng).to_owned(),
        };
        let forward = parent.is_some() && rng.permille(25);
        let subject = self.subject(forward, rng);
        let to = self.recipients(forward, rng);
        let greeted = if thread.list.is_some() {
            parent.map_or("", |p| p.author.given.as_str())
        } else {
            to.first().map_or("", |person| person.given.as_str())
        };
        let moment = Moment {
            world: self.world,
            thread,
            author,
            when,
            to: greeted,
            parent: *parent,
            forward,
            planted: self.planted,
        };
        let blocks = moment.compose(rng);
        let id = self.message_id(&address, rng);
        let references = self.references(forward);

        let mut head = self.trace(&address, rng);
        self.push_id_and_date(&id, &when, rng, &mut head);
        let from = if thread.kind == Kind::Newsletter { "Crossing Notes" } else { &author.name };
        push(&mut head, "From", &mailbox(from, &address, author.habit, rng));
        self.push_recipients(&to, rng, &mut head);
        push(&mut head, "Subject", &header_text(&subject, author.habit, rng));
        self.push_references(&references, rng, &mut head);
        self.push_list(&mut head);
        self.push_program(&mut head);
        let mut bytes = head.into_bytes();
        if rng.permille(2) && !subject.is_ascii() {
            raw_subject(&subject, &mut bytes);
        }
        let lines = quotable(&blocks);
        let attachment = self.attachment(&subject, &lines, rng);
        let right_to_left = author.language == Some("ar");
        let newsletter = thread.kind == Kind::Newsletter;
        push_body(&Body { blocks: &blocks, author, newsletter, attachment, right_to_left }, rng, &mut bytes);

        let message =
            Message { bytes, envelope: address.clone(), seconds: self.seconds, doubled: rng.permille(5) };
        let depth = parent.map_or(0, |p| p.depth + 1);
        let id = if message_has_id(&message.bytes) { id } else { String::new() };
        let author = (*author).clone();
        (message, Sent { id, references, author, address, when, subject, lines, depth })
    }

    fn subject(&self, forward: bool, rng: &mut Rng) -> String {
        let Some(parent) = self.parent else { return self.thread.subject.clone() };
        let german = self.author.language == Some("de");
        let prefix = match (forward, self.author.program) {
            (true, Program::Outlook) => {
                if german {
                    "WG: "
                } else {
                    "FW: "
                }
            }
            (true, _) => "Fwd: ",
            (false, Program::Outlook) if german => "AW: ",
            (false, Program::Outlook) => "RE: ",
            _ => "Re: ",
        };
        let has = |p: &str| parent.subject.get(..p.len()).is_some_and(|s| s.eq_ignore_ascii_case(p));
        if !forward && (has("Re: ") || has(prefix)) && rng.permille(985) {
            return parent.subject.clone();
        }
        if !forward && parent.depth > 3 && rng.permille(30) {
            let old = self.thread.subject.as_str();
            let new = self.world.people.known(self.thread.began.year, rng);
            return format!("A question for {} (was: {old})", new.given);
        }
        format!("{prefix}{}", parent.subject)
    }

    /// The people of To and Cc; the first stands in To. On a list, only the writer who is answered, sometimes.
    fn recipients(&self, forward: bool, rng: &mut Rng) -> Vec<std::rc::Rc<Person>> {
        let others = |person: &&std::rc::Rc<Person>| !std::rc::Rc::ptr_eq(person, self.author);
        let mut to = Vec::new();
        if forward {
            let known = self.world.people.core(self.thread.began.year, &["office"], None, rng);
            to.push(known.clone());
        } else if let Some(parent) = self.parent
            && (self.thread.list.is_none() || rng.permille(300))
            && others(&&parent.author)
        {
            to.push(parent.author.clone());
        }
        if self.thread.list.is_none() {
            for member in self.thread.members.iter().filter(others) {
                if !to.iter().any(|p| std::rc::Rc::ptr_eq(p, member)) {
                    to.push(member.clone());
                }
            }
            if to.is_empty() {
                to.push(self.author.clone());
            }
        }
        to
    }

    fn message_id(&self, address: &str, rng: &mut Rng) -> String {
        let host = address.split_once('@').map_or("orrowey-ferries.example", |(_, host)| host);
        let (serial, noise) = (self.serial, rng.next());
        let clock = Clock::at(self.seconds, 0);
        let Clock { year, month, day, hour, minute, .. } = clock;
        match self.author.program {
            Program::Pine => {
                format!("<Pine.LNX.4.64.{year}{month:02}{day:02}{hour:02}{minute:02}.{serial}@{host}>")
            }
            Program::Outlook => format!("<{:08X}.{serial:X}%{}@{host}>", noise >> 32, "office"),
            Program::Apple | Program::Phone => {
                format!("<{:08X}-{:04X}-{:012X}@{host}>", noise >> 32, noise & 0xffff, serial)
            }
            Program::Web => format!("<CA{:011x}+{serial:x}@mail.{host}>", noise >> 20),
            Program::Thunder => format!("<{:08X}.{serial:07}@{host}>", self.seconds),
        }
    }

    fn references(&self, forward: bool) -> Vec<String> {
        let Some(parent) = self.parent.filter(|_| !forward) else { return Vec::new() };
        let mut references = parent.references.clone();
        if !parent.id.is_empty() {
            references.push(parent.id.clone());
        }
        // Programs shorten long lists in the middle and keep the first.
        if references.len() > 11 {
            references.drain(1..references.len() - 10);
        }
        references
    }

    /// `Return-Path` and `Received`, as delivery leaves them.
    fn trace(&self, address: &str, rng: &mut Rng) -> String {
        let mut head = String::new();
        if rng.permille(450) {
            push(&mut head, "Return-Path", &format!("<{address}>"));
        }
        if rng.permille(600) {
            let host = address.split_once('@').map_or("", |(_, host)| host);
            let by = if self.thread.list.is_some() { LISTS } else { "mail.orrowey-ferries.example" };
            let date = Clock::at(self.seconds + 4, 0).rfc5322();
            let trace = format!(
                "from {host} (mx.{host} [192.0.2.{}])\n\tby {by} with ESMTP id {:x};\n\t{date}",
                rng.range(1, 254),
                rng.next() >> 24
            );
            push(&mut head, "Received", &trace);
        }
        head
    }

    fn push_id_and_date(&self, id: &str, when: &Clock, rng: &mut Rng, head: &mut String) {
        if !rng.permille(3) {
            push(head, "Message-ID", id);
        }
        match rng.below(1000) {
            0 | 1 => {}
            2 => push(head, "Date", &Clock::at(-2_082_844_800 + self.seconds % DAY, 0).rfc5322()),
            3 => push(head, "Date", "Thu, 32 Foo 20011 25:61:00"),
            _ => push(head, "Date", &when.rfc5322()),
        }
    }

    fn push_recipients(&self, to: &[std::rc::Rc<Person>], rng: &mut Rng, head: &mut String) {
        let habit = self.author.habit;
        let mut boxes: Vec<String> =
            to.iter().map(|person| mailbox(&person.name, person.main_address(), habit, rng)).collect();
        if let Some(list) = self.thread.list {
            push(head, "To", &format!("{list}@{LISTS}"));
        } else if !boxes.is_empty() {
            push(head, "To", &boxes.remove(0));
        }
        if !boxes.is_empty() {
            push(head, "Cc", &boxes.join(",\n "));
        }
    }

    fn push_references(&self, references: &[String], rng: &mut Rng, head: &mut String) {
        let Some(last) = references.last() else { return };
        let (mut parent, mut all) = (Some(last.clone()), true);
        match rng.below(1000) {
            0..20 => (parent, all) = (None, false),
            20..50 => all = false,
            50..65 => parent = None,
            65..75 => {
                let name = self.parent.map_or("somebody", |p| p.author.given.as_str());
                let name: String = name.chars().filter(char::is_ascii).collect();
                parent = Some(format!("Your message of {} ({name}) {last}", self.thread.began.year));
                all = false;
            }
            _ => {}
        }
        if let Some(parent) = parent {
            push(head, "In-Reply-To", &parent);
        }
        if all {
            push(head, "References", &references.join("\n "));
        }
    }

    fn push_list(&self, head: &mut String) {
        let Some(list) = self.thread.list else { return };
        let title = match list {
            "engine" => "Engine room: boats, piers and machines",
            "board" => "Board of the Orrowey Ferry Cooperative",
            "history" => "Harbour and lighthouse history",
            "crew" => "Crew notices",
            "members" => "Members of the cooperative",
            _ => "On deck: everybody who crosses the Sound",
        };
        push(head, "List-Id", &format!("{title} <{list}.{LISTS}>"));
        push(head, "List-Post", &format!("<mailto:{list}@{LISTS}>"));
        push(head, "List-Unsubscribe", &format!("<mailto:{list}-leave@{LISTS}>"));
        push(head, "Precedence", "list");
    }

    fn push_program(&self, head: &mut String) {
        let (name, value) = match self.author.program {
            Program::Pine => return,
            Program::Outlook => ("X-Mailer", "Lookout Mail 12.0"),
            Program::Apple => ("X-Mailer", "Orchard Mail (2.1084)"),
            Program::Phone => ("X-Mailer", "Pocket Mail (8B117)"),
            Program::Web => ("X-Mailer", "Lanternpost Webmail"),
            Program::Thunder => ("User-Agent", "Petrel/3.1 (X11; Linux)"),
        };
        push(head, name, value);
    }

    /// The name and the text of a file that goes with the message, if one does.
    fn attachment(&self, subject: &str, lines: &[String], rng: &mut Rng) -> Option<(String, Vec<String>)> {
        let share = match (self.thread.kind, self.parent) {
            (Kind::Newsletter, _) => 0,
            (Kind::Foreign(_), _) => 130,
            (_, None) => 120,
            _ => 35,
        };
        if !rng.permille(share) {
            return None;
        }
        let words = subject.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 3);
        let name: Vec<&str> = words.filter(|word| !word.eq_ignore_ascii_case("engine")).take(3).collect();
        let name = if name.is_empty() { "notes".to_owned() } else { name.join("-") };
        Some((name, lines.iter().filter(|line| !line.starts_with('>')).cloned().collect()))
    }
}

fn push(head: &mut String, name: &str, value: &str) {
    head.push_str(name);
    head.push_str(": ");
    head.push_str(value);
    head.push('\n');
}

fn message_has_id(bytes: &[u8]) -> bool {
    let needle = b"Message-ID: ";
    let head = bytes.get(..900).unwrap_or(bytes);
    head.windows(needle.len()).any(|window| window == needle)
}

/// Replaces the encoded subject by its raw bytes, as careless programs send it.
fn raw_subject(subject: &str, bytes: &mut Vec<u8>) {
    let Some(start) = bytes.windows(9).position(|w| w == b"\nSubject:") else { return };
    let mut end = start + 1;
    while let Some(at) = bytes[end..].iter().position(|byte| *byte == b'\n') {
        end += at + 1;
        if bytes.get(end) != Some(&b' ') {
            break;
        }
    }
    bytes.splice(start..end, format!("\nSubject: {subject}\n").into_bytes());
}
