//! Templates of sentences: `[a|b]` chooses, `{class}` draws from a word class, `{=class}` draws once for a
//! thread, `{n:2-9}` is a number. The texts are embedded; a slot that nobody defines is a bug of the text and
//! panics at the first start, which a test does.

use std::collections::BTreeMap;

use super::invent::Invented;
use super::rng::{Rng, tag};

/// One parsed sentence.
#[derive(Debug)]
pub(super) struct Template {
    nodes: Vec<Node>,
    /// The first year in which it makes sense.
    pub(super) since: i64,
}

#[derive(Debug)]
enum Node {
    Literal(&'static str),
    Choice(Vec<Template>),
    Slot { kind: Slot, tag: u64, hold: Hold, form: Form },
}

/// Whether a slot keeps to the value that its thread has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    Never,
    /// Mostly, the first time in a sentence: people who talk about a room go on about that room.
    Mostly,
    Always,
}

#[derive(Debug)]
enum Slot {
    Class(usize),
    Number(u64, u64),
    Invented(Invented),
    /// A value of the scene, such as the recipient's name.
    Scene(SceneSlot),
}

/// Slots that keep a thread together.
const HELD: [&str; 15] = [
    "room",
    "paper",
    "thing",
    "firmname",
    "rareplace",
    "part",
    "animal",
    "boat",
    "place",
    "food",
    "core",
    "group",
    "trade",
    "abstract",
    "material",
];

/// What the moment of writing supplies.
#[derive(Clone, Copy, Debug)]
pub(super) enum SceneSlot {
    To,
    Boat,
    Core,
    CoreFull,
    Month,
    Year,
    ThisYear,
    Planted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Capital,
    Plural,
}

/// The thread and the moment for which a template is filled.
pub(super) trait Scene {
    /// The seed behind `{=…}` slots.
    fn thread_seed(&self) -> u64;
    /// Appends the value of a slot.
    fn fill(&self, slot: SceneSlot, rng: &mut Rng, out: &mut String);
}

/// All word classes, by name.
pub(super) struct Grammar {
    names: BTreeMap<&'static str, usize>,
    classes: Vec<Vec<Template>>,
}

impl Grammar {
    /// Parses class files: `@name` lines, each followed by entries.
    pub(super) fn new(files: &[&'static str]) -> Self {
        let mut names = BTreeMap::new();
        let mut raw: Vec<Vec<&'static str>> = Vec::new();
        for line in files.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('@') {
                names.insert(name, raw.len());
                raw.push(Vec::new());
            } else if let Some(class) = raw.last_mut() {
                class.extend(entries(line));
            }
        }
        let mut grammar = Self { names, classes: Vec::new() };
        for class in raw {
            let parsed = class.into_iter().map(|text| grammar.parse(text)).collect();
            grammar.classes.push(parsed);
        }
        grammar
    }

    /// Parses one template.
    pub(super) fn parse(&self, text: &'static str) -> Template {
        self.parse_since(text, 0)
    }

    /// Parses a template that makes sense from a year on.
    pub(super) fn parse_since(&self, text: &'static str, since: i64) -> Template {
        let (nodes, rest) = self.parse_until(text, "");
        assert!(rest.is_empty(), "unexpected `{rest}` in `{text}`");
        Template { nodes, since }
    }

    /// The entries of a class.
    pub(super) fn class(&self, name: &str) -> &[Template] {
        let idx = self.names.get(name).unwrap_or_else(|| panic!("no word class `{name}`"));
        &self.classes[*idx]
    }

    /// Appends a random entry of a class.
    pub(super) fn draw(&self, class: &str, rng: &mut Rng, scene: &dyn Scene, out: &mut String) {
        self.expand(rng.pick(self.class(class)), rng, scene, out);
    }

    /// Appends a template with all slots filled.
    pub(super) fn expand(&self, template: &Template, rng: &mut Rng, scene: &dyn Scene, out: &mut String) {
        self.expand_nodes(template, rng, scene, &mut Vec::new(), out);
    }

    /// `held` are the tags of slots that took the thread's value in this sentence already.
    fn expand_nodes(
        &self,
        template: &Template,
        rng: &mut Rng,
        scene: &dyn Scene,
        held: &mut Vec<u64>,
        out: &mut String,
    ) {
        for node in &template.nodes {
            match node {
                Node::Literal(text) => out.push_str(text),
                Node::Choice(options) => self.expand_nodes(rng.pick(options), rng, scene, held, out),
                Node::Slot { kind, tag, hold, form } => {
                    let start = out.len();
                    let holds = match hold {
                        Hold::Never => false,
                        Hold::Mostly => !held.contains(tag) && rng.permille(620),
                        Hold::Always => true,
                    };
                    if holds {
                        held.push(*tag);
                        let mut own = Rng::derive(scene.thread_seed(), *tag);
                        self.fill(kind, &mut own, scene, held, out);
                    } else {
                        self.fill(kind, rng, scene, held, out);
                    }
                    if out[..start].ends_with(". ") || out[..start].ends_with("? ") {
                        capitalise(out, start);
                    }
                    match form {
                        Form::Plain => {}
                        Form::Capital => capitalise(out, start),
                        Form::Plural => make_plural(out, start),
                    }
                    fix_article(out, start);
                }
            }
        }
    }

    fn fill(&self, slot: &Slot, rng: &mut Rng, scene: &dyn Scene, held: &mut Vec<u64>, out: &mut String) {
        match slot {
            Slot::Class(idx) => self.expand_nodes(rng.pick(&self.classes[*idx]), rng, scene, held, out),
            Slot::Number(low, high) => out.push_str(&rng.range(*low, *high).to_string()),
            Slot::Invented(kind) => kind.fill(rng, out),
            Slot::Scene(slot) => scene.fill(*slot, rng, out),
        }
    }

    fn parse_until(&self, text: &'static str, stops: &str) -> (Vec<Node>, &'static str) {
        let mut nodes = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c == '[' || c == '{' || stops.contains(c)) {
            if at > 0 {
                nodes.push(Node::Literal(&rest[..at]));
            }
            let inner = &rest[at + 1..];
            if rest[at..].starts_with('{') {
                let (name, after) = inner.split_once('}').unwrap_or_else(|| panic!("open slot in `{text}`"));
                let plural = name.trim_start_matches('=') == "animal" && after.starts_with('s');
                nodes.push(self.slot(name, plural));
                rest = if plural { &after[1..] } else { after };
            } else if rest[at..].starts_with('[') {
                let mut options = Vec::new();
                rest = inner;
                loop {
                    let (option, after) = self.parse_until(rest, "|]");
                    options.push(Template { nodes: option, since: 0 });
                    assert!(!after.is_empty(), "open choice in `{text}`");
                    rest = &after[1..];
                    if after.starts_with(']') {
                        break;
                    }
                }
                nodes.push(Node::Choice(options));
            } else {
                return (nodes, &rest[at..]);
            }
        }
        if !rest.is_empty() {
            nodes.push(Node::Literal(rest));
        }
        (nodes, "")
    }

    fn slot(&self, text: &'static str, plural: bool) -> Node {
        let fixed = text.strip_prefix('=');
        let name = fixed.unwrap_or(text);
        let (base, form) = match name.strip_suffix("_cap") {
            Some(base) => (base, Form::Capital),
            None => (name, if plural { Form::Plural } else { Form::Plain }),
        };
        let kind = if let Some(bounds) = base.strip_prefix("n:") {
            let parsed = bounds.split_once('-').and_then(|(l, h)| Some((l.parse().ok()?, h.parse().ok()?)));
            let (low, high) = parsed.unwrap_or_else(|| panic!("bad number slot `{text}`"));
            Slot::Number(low, high)
        } else if let Some(idx) = self.names.get(base) {
            Slot::Class(*idx)
        } else if let Some(scene) = scene_slot(base) {
            Slot::Scene(scene)
        } else {
            Slot::Invented(Invented::named(base).unwrap_or_else(|| panic!("unknown slot `{text}`")))
        };
        let hold = match fixed {
            Some(_) => Hold::Always,
            None if HELD.contains(&base) => Hold::Mostly,
            None => Hold::Never,
        };
        Node::Slot { kind, tag: tag(base), hold, form }
    }
}

/// Splits a line at ` | ` outside brackets.
fn entries(line: &'static str) -> Vec<&'static str> {
    let (mut depth, mut start, mut found) = (0_i32, 0, Vec::new());
    for (at, c) in line.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            '|' if depth == 0 => {
                found.push(line[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(line[start..].trim());
    found.retain(|entry| !entry.is_empty());
    found
}

fn scene_slot(name: &str) -> Option<SceneSlot> {
    Some(match name {
        "to" => SceneSlot::To,
        "boat" => SceneSlot::Boat,
        "core" => SceneSlot::Core,
        "corefull" => SceneSlot::CoreFull,
        "month" => SceneSlot::Month,
        "year" => SceneSlot::Year,
        "thisyear" => SceneSlot::ThisYear,
        "planted" => SceneSlot::Planted,
        _ => return None,
    })
}

/// Makes the first letter after `start` a capital, if it is an ASCII letter.
pub(super) fn capitalise(out: &mut str, start: usize) {
    if let Some(first) = out.get_mut(start..start + 1) {
        first.make_ascii_uppercase();
    }
}

/// Turns "a" before a vowel that was just filled in into "an".
fn fix_article(out: &mut String, start: usize) {
    let (before, word) = out.split_at(start);
    let is_article = before == "a "
        || before == "A "
        || before.ends_with(" a ")
        || before.ends_with("\na ")
        || before.ends_with(" A ")
        || before.ends_with("(a ");
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O'])
        || word.starts_with("honest")
        || (word.starts_with('u') && !word.starts_with("uni"));
    if is_article && vowel {
        out.insert(start - 1, 'n');
    }
}

fn make_plural(out: &mut String, start: usize) {
    let word = out.split_off(start);
    let plural = match word.as_str() {
        "sheep" => word,
        "goose" => "geese".to_owned(),
        _ => match word.strip_suffix('y') {
            Some(stem) => format!("{stem}ies"),
            None if word.ends_with("sh") => word + "es",
            None => word + "s",
        },
    };
    out.push_str(&plural);
}
