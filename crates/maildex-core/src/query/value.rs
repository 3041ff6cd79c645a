//! Reading words, phrases and what stands behind an operator's colon.

use core::ops::Range;

use super::ast::{Field, Node};
use super::dates::{Date, Reading, parse_age, parse_date};
use super::fields::{DateKind, Kind, Operator, SizeKind, is_state, live_label, operator};
use super::parse::{MAX_DISTANCE, Parser};
use super::print::quoted;
use super::scan::{is_dash, is_quote};
use crate::text::{
    Form, MIN_TYPOS, forms, is_bigram_script, language, least_letters, most_wildcards, query_tokens,
    state_value,
};

/// The fewest letters beside a wildcard.
const MIN_PREFIX: usize = 2;

/// The most wildcards of a word: who means more of them means another word.
const MAX_WILDCARDS: usize = 8;

/// Hexadecimal digits of a message's key.
const KEY_DIGITS: usize = 16;

impl Parser<'_> {
    /// Takes a word that is no keyword: an operator with its value, or a word.
    pub(super) fn named_or_bare(&mut self, word: &str) {
        let start = self.scan.at;
        if let Some(operator) = self.operator_around().filter(|operator| operator.kind == Kind::Header) {
            return self.header(operator, start);
        }
        let Some(name) = split_name(word) else {
            let around = self.operator_around();
            return self.bare(word, around);
        };
        let Some(operator) = operator(name) else {
            let around = self.operator_around();
            self.scan.at += word.len();
            let span = self.scan.since(start);
            self.note(start..start + name.len(), format!("“{name}:” is no operator: read as text"));
            let node = self.value(around, word, span);
            return self.operand(node);
        };
        self.scan.at += name.len() + 1;
        if name.len() == 1 {
            self.note(start..self.scan.at, format!("{name}: read as {}:", operator.name));
        }
        let spaced = self.scan.skip_space();
        if !self.has_value(spaced) {
            self.note(
                start..start + name.len() + 1,
                format!("{}: has no value and is left out", operator.name),
            );
            return self.operand(None);
        }
        let value_start = self.scan.at;
        match operator.kind {
            Kind::Header if !self.scan.peek().is_some_and(|c| matches!(c, '(' | '{')) => {
                self.header(operator, start);
            }
            Kind::Words(_) if self.regex(operator, start) => {}
            Kind::Between => {
                let value = self.scan.capture();
                let span = self.scan.since(start);
                let node = self.between(operator, &value, span);
                self.operand(node);
            }
            _ if self.scan.peek().is_some_and(|c| matches!(c, '(' | '{')) => self.open(Some(operator)),
            _ if self.scan.peek().is_some_and(is_quote) => self.phrase(Some(operator)),
            _ => {
                let raw = self.scan.peek_word();
                self.scan.at += raw.len();
                let span = self.scan.since(value_start);
                let node = self.value(Some(operator), raw, span);
                self.operand(node);
            }
        }
    }

    /// Whether a value stands here: behind a space, the next operator, keyword or sign is none.
    fn has_value(&self, spaced: bool) -> bool {
        let Some(c) = self.scan.peek() else { return false };
        let word = self.scan.peek_word();
        if word.is_empty() {
            return is_quote(c) || matches!(c, '(' | '{');
        }
        let is_next = spaced
            && (matches!(word, "AND" | "OR" | "NOT")
                || c == '!'
                || c == '+'
                || is_dash(c)
                || split_name(word).is_some_and(|name| operator(name).is_some()));
        !is_next
    }

    /// Takes a regex in the brackets behind an operator of words.
    pub(super) fn regex_here(&mut self) -> bool {
        let start = self.scan.at;
        let around = self.operator_around().filter(|operator| matches!(operator.kind, Kind::Words(_)));
        around.is_some_and(|operator| self.regex(operator, start))
    }

    /// Leaves out a part that reads as a regular expression and cannot be one.
    pub(super) fn not_read(&mut self, field: &str, value: String, problem: &str, span: Range<usize>) -> Node {
        self.note(span, format!("{field}: {problem}: that part is left out"));
        Node::NotBuilt { field: field.to_owned(), value }
    }

    fn bare(&mut self, word: &str, around: Option<Operator>) {
        let start = self.scan.at;
        self.scan.at += word.len();
        let span = self.scan.since(start);
        let node = self.value(around, word, span);
        self.operand(node);
    }

    /// Takes a phrase, with its `~n`.
    pub(super) fn phrase(&mut self, operator: Option<Operator>) {
        let start = self.scan.at;
        let phrase = self.scan.quoted();
        let text = phrase.text.trim_end_matches(is_loose);
        let field = match operator.map(|operator| operator.kind) {
            None => Field::Any,
            Some(Kind::Words(field)) => field,
            Some(_) => {
                let span = self.scan.since(start);
                let node = self.value(operator, text.trim(), span);
                return self.operand(node);
            }
        };
        let slop = self.slop();
        let span = self.scan.since(start);
        let node = self.phrase_node(field, text, slop, phrase.closed, span.clone());
        if node.is_none() && field != Field::Any {
            self.note(span, format!("“{text}” holds no word and is left out"));
        }
        self.operand(node);
    }

    fn slop(&mut self) -> Option<u32> {
        let after = self.scan.rest().strip_prefix('~')?;
        let n_digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let digits = Some(&after[..n_digits]).filter(|digits| !digits.is_empty())?;
        self.scan.at += 1 + n_digits;
        Some(digits.parse().unwrap_or(MAX_DISTANCE).min(MAX_DISTANCE))
    }

    fn phrase_node(
        &mut self,
        field: Field,
        text: &str,
        slop: Option<u32>,
        closed: bool,
        span: Range<usize>,
    ) -> Option<Node> {
        let bare = text.trim_end_matches(|c| c == '*' || is_loose(c));
        let starred = text[bare.len()..].starts_with('*');
        if forms(bare, 0).is_empty() {
            return None;
        }
        let (text, _) = self.with_wildcards(bare, starred, self.context.typing && !closed, &span)?;
        let slop = slop.filter(|_| forms(&text, 0).len() > 1);
        Some(Node::Phrase { field, text, slop })
    }

    /// A text with the star that it ends in, or that an unfinished word stands for. If a wildcard has too few letters
    /// beside it, all are taken out, with a note; whether so comes second. `bare` holds a word.
    fn with_wildcards(
        &mut self,
        bare: &str,
        starred: bool,
        typed: bool,
        span: &Range<usize>,
    ) -> Option<(String, bool)> {
        let mut text = bare.to_owned();
        if !starred && !typed && !text.contains(['*', '?']) {
            return Some((text, false));
        }
        while text.contains("**") {
            text = text.replace("**", "*");
        }
        let last = forms(&text, 0).pop()?;
        let at_end = query_tokens(&text).last().is_some_and(|token| token.end == text.len());
        let can = match &last {
            Form::Word(word) => can_be_prefix(word),
            Form::Shape(_) => starred,
            _ => false,
        };
        if (starred || typed) && can && at_end {
            text.push('*');
        }
        let short = starred
            && !can
            && at_end
            && matches!(&last, Form::Word(word) if !word.starts_with(is_bigram_script));
        let many = most_wildcards(&text) > MAX_WILDCARDS;
        let is_bare = many || short || least_letters(&text).is_some_and(|n| n < MIN_PREFIX);
        if is_bare {
            let star = if starred { "*" } else { "" };
            text = bare.replace(['*', '?'], "").trim_end_matches(is_loose).to_owned();
            let why =
                if many { "a word has 8 wildcards at most" } else { "a wildcard needs 2 letters beside it" };
            let note = format!("{bare}{star}: {why}: read as {text}");
            self.note(span.clone(), note);
        }
        Some((text, is_bare))
    }

    /// Reads the text of a value as its operator wants it; `None` if it means nothing.
    fn value(&mut self, operator: Option<Operator>, text: &str, span: Range<usize>) -> Option<Node> {
        let Some(operator) = operator else { return self.word_node(Field::Any, text, span) };
        match operator.kind {
            Kind::Words(field) => self.word_node(field, text, span),
            Kind::Date(kind) => Some(self.date_node(operator, kind, text, span)),
            Kind::Name => self.state_node(operator, text, span),
            Kind::Whole => self.whole_node(operator, text, span),
            Kind::Size(kind) => Some(self.size_node(operator, kind, text, span)),
            Kind::Between => self.between(operator, text, span),
            Kind::MessageId => self.message_id(text, span),
            Kind::Key => Some(self.key(operator, text, span)),
            Kind::Received => Some(self.received(operator, text, span)),
            Kind::Category => self.category(text, span),
            Kind::Header => self.header_text(text, span),
        }
    }

    fn word_node(&mut self, field: Field, raw: &str, span: Range<usize>) -> Option<Node> {
        if raw.bytes().all(|byte| byte == b'*') {
            if field == Field::Any {
                return Some(Node::Everything);
            }
            let name = super::fields::name_of(field).unwrap_or_default();
            let instead = match field {
                Field::Subject => "header:subject",
                Field::From => "header:from",
                Field::To | Field::OnlyTo => "header:to",
                Field::Cc => "header:cc",
                Field::Bcc => "header:bcc",
                Field::Filename | Field::Attachment => "has:attachment",
                Field::DeliveredTo => "header:delivered-to",
                _ => "*",
            };
            self.note(span, format!("{name}:* is left out; write {instead}"));
            return Some(Node::NotBuilt { field: name.to_owned(), value: "*".to_owned() });
        }
        let (bare, typos) = split_signs(raw);
        let starred = raw[bare.len()..].contains('*');
        let ends = span.end == self.scan.text.len();
        if forms(bare, 0).is_empty() {
            let is_sign = raw.bytes().all(|byte| byte.is_ascii_punctuation()) || raw.chars().all(is_dash);
            if !is_sign || field != Field::Any {
                self.note(span, format!("“{raw}” holds no word and is left out"));
            }
            return None;
        }
        let typed = self.context.typing && ends && typos == 0;
        let (text, is_bare) = self.with_wildcards(bare, starred, typed, &span)?;
        if is_bare && (text != bare || text.contains('/')) {
            // Without its wildcards it might read as an operator: `pre/2*` as `pre/2`.
            return Some(Node::Phrase { field, text, slop: None });
        }
        if let Some(problem) = misread(raw, bare, &text, field) {
            self.note(span.clone(), format!("{raw}: {problem}"));
        }
        if typos > 0 && forms(&text, typos).iter().all(|form| !matches!(form, Form::Typos(..))) {
            let note = format!("{raw}: ~ needs {MIN_TYPOS} letters and no wildcard: read as {text}");
            self.note(span, note);
            // Without its sign it might read as a keyword.
            return Some(Node::Phrase { field, text, slop: None });
        }
        let word = Node::Word { field: Field::Any, text, typos };
        if field == Field::Any { Some(word) } else { in_field(&word, field) }
    }

    fn state_node(&mut self, operator: Operator, text: &str, span: Range<usize>) -> Option<Node> {
        let (prefix, value) = (operator.name, text.to_ascii_lowercase());
        if query_tokens(&value).is_empty() {
            return None;
        }
        if is_state(prefix, &value) {
            return Some(Node::State { prefix: prefix.to_owned(), value });
        }
        if let Some(label) = live_label(prefix, &value) {
            return Some(self.label(&format!("{prefix}:{value}"), label, span));
        }
        if (prefix, value.as_str()) == ("has", "nouserlabels") {
            return Some(Node::Not(Box::new(state("has", "userlabels"))));
        }
        self.note(span, format!("{prefix}:{value} is not known: that part is left out"));
        Some(Node::NotBuilt { field: prefix.to_owned(), value: as_value(&value) })
    }

    /// What only a mailbox in use knows: an export of one has it as a label.
    fn label(&mut self, typed: &str, label: &str, span: Range<usize>) -> Node {
        self.note(span, format!("{typed} is about a live mailbox: read as label:{label}"));
        state("label", label)
    }

    fn category(&mut self, text: &str, span: Range<usize>) -> Option<Node> {
        let value = state_value(text);
        (!value.is_empty())
            .then(|| self.label(&format!("category:{text}"), &format!("category{value}"), span))
    }

    fn whole_node(&mut self, operator: Operator, text: &str, span: Range<usize>) -> Option<Node> {
        // `list:info@example.com` is the list that calls itself info.example.com.
        let value =
            if operator.name == "list" { value_shape(&text.replace('@', ".")) } else { value_shape(text) };
        if operator.name == "label" && value == "anywhere" {
            return None;
        }
        if !value.contains(char::is_alphanumeric) && value != "*" {
            self.note(span, format!("{}:{text} names nothing and is left out", operator.name));
            return None;
        }
        if operator.name == "lang" {
            let known = language(&value);
            if known.is_none() && !value.contains(['*', '?']) {
                self.note(span, format!("lang:{text} is no language that is told here"));
            }
            return Some(state("lang", known.unwrap_or(&value)));
        }
        Some(Node::State { prefix: operator.name.to_owned(), value })
    }

    fn message_id(&mut self, text: &str, span: Range<usize>) -> Option<Node> {
        let is_id = |c: &char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>');
        let value: String = text.chars().filter(is_id).collect();
        let value = value.trim_end_matches(is_loose).to_owned();
        if value.is_empty() {
            self.note(span, "rfc822msgid: has no value and is left out".to_owned());
            return None;
        }
        Some(Node::State { prefix: "rfc822msgid".to_owned(), value })
    }

    fn key(&mut self, operator: Operator, text: &str, span: Range<usize>) -> Node {
        let name = operator.name.to_owned();
        if text.len() == KEY_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Node::State { prefix: name, value: text.to_ascii_lowercase() };
        }
        self.is_no(operator, text, "key of 16 digits 0 to f", span)
    }

    fn size_node(&mut self, operator: Operator, kind: SizeKind, text: &str, span: Range<usize>) -> Node {
        if let Some(node) = self.size(kind, text, &span) {
            return node;
        }
        self.is_no(operator, text, "size such as 500K or 5M", span)
    }

    /// Leaves out a value that its operator cannot take.
    fn is_no(&mut self, operator: Operator, text: &str, what: &str, span: Range<usize>) -> Node {
        let name = operator.name;
        self.note(span, format!("{name}:{text} is no {what}: that part is left out"));
        Node::NotBuilt { field: name.to_owned(), value: as_value(text) }
    }

    fn size(&mut self, kind: SizeKind, text: &str, span: &Range<usize>) -> Option<Node> {
        let node = |from, until| Some(Node::Size { from, until });
        if let Some((first, last)) = text.split_once("..") {
            let (mut from, mut last) = (parse_size_or(first, 0)?, parse_size_or(last, u64::MAX)?);
            if from > last {
                (from, last) = (last, from);
                self.note(span.clone(), format!("the range ran backwards: read as {from}..{last}"));
            }
            return node(from, last.saturating_add(1));
        }
        let sign = ["<=", ">=", "<", ">"].into_iter().find(|sign| text.starts_with(sign)).unwrap_or("");
        let size = parse_size(&text[sign.len()..])?;
        let above = size.saturating_add(1);
        match (sign, kind) {
            (">", _) | ("", SizeKind::Larger) => node(above, u64::MAX),
            ("<", _) | ("", SizeKind::Smaller) => node(0, size),
            ("<=", _) => node(0, above),
            _ => node(size, u64::MAX),
        }
    }

    /// Two people in brackets: mail from the one to the other.
    fn between(&mut self, operator: Operator, value: &str, span: Range<usize>) -> Option<Node> {
        let inner = value.trim_start_matches(['(', '{']).trim_end_matches([')', '}']);
        let context = super::parse::Context { typing: false, ..self.context.clone() };
        let people = match super::parse::parse(inner, &context).root {
            Node::And(people) | Node::Or(people) => people,
            _ => Vec::new(),
        };
        let mail = |from: &Node, to: &Node| {
            Some(Node::And(vec![in_field(from, Field::From)?, in_field(to, Field::To)?]))
        };
        let both = match &people[..] {
            [a, b] => mail(a, b).zip(mail(b, a)).map(|(there, back)| Node::Or(vec![there, back])),
            _ => None,
        };
        if both.is_none() {
            let example = "between:(amy bob)";
            self.note(
                span,
                format!("{} needs two people, as in {example}: that part is left out", operator.name),
            );
        }
        both
    }

    fn date_node(&mut self, operator: Operator, kind: DateKind, text: &str, span: Range<usize>) -> Node {
        if let Some(node) = self.date(kind, text, &span) {
            return node;
        }
        let what = match kind {
            DateKind::OlderThan | DateKind::NewerThan => "age such as 1y, 6m, 2w or 3d",
            _ => "date",
        };
        self.is_no(operator, text, what, span)
    }

    /// Days of delivery, written as dates are. What holds a part of a day holds it whole.
    fn received(&mut self, operator: Operator, text: &str, span: Range<usize>) -> Node {
        let node = self.date_node(operator, DateKind::During, text, span);
        let Node::Date { from, until, text } = node else { return node };
        let day = |seconds: i64| self.context.zone.day(seconds).number();
        let text = match text.split_once(':') {
            Some(("after", date)) => format!("received:{date}.."),
            Some(("before", date)) => format!("received:<{date}"),
            Some((_, date)) => format!("received:{date}"),
            None => text,
        };
        Node::Received { from: from.map(day), until: until.map(|end| day(end - 1) + 1), text }
    }

    fn date(&mut self, kind: DateKind, text: &str, span: &Range<usize>) -> Option<Node> {
        let zone = &self.context.zone;
        let node = |from, until, text| Some(Node::Date { from, until, text });
        if let DateKind::OlderThan | DateKind::NewerThan = kind {
            let date = Date::Day(parse_age(text, self.today)?);
            let start = date.start(zone);
            return match kind {
                DateKind::OlderThan => node(None, Some(start), format!("before:{date}")),
                _ => node(Some(start), None, format!("after:{date}")),
            };
        }
        if let Some((first, last)) = text.split_once("..") {
            return self.date_range(first, last.trim_start_matches('.'), span);
        }
        let sign = ["<=", ">=", "<", ">"].into_iter().find(|sign| text.starts_with(sign)).unwrap_or("");
        let date = self.single_date(&text[sign.len()..], span)?;
        let (start, end) = (date.start(&self.context.zone), date.end(&self.context.zone));
        match (sign, kind) {
            ("<", _) | ("", DateKind::Before) => node(None, Some(start), format!("before:{date}")),
            (">=", _) | ("", DateKind::After) => node(Some(start), None, format!("after:{date}")),
            ("<=", _) => node(None, Some(end), format!("date:..{date}")),
            (">", _) => node(Some(end), None, format!("date:>{date}")),
            _ => node(Some(start), Some(end), format!("date:{date}")),
        }
    }

    /// A range holds both of its ends whole; one of them may be missing.
    fn date_range(&mut self, first: &str, last: &str, span: &Range<usize>) -> Option<Node> {
        let mut ends = [None, None];
        for (end, text) in ends.iter_mut().zip([first, last]) {
            if !text.is_empty() {
                *end = Some(self.single_date(text, span)?);
            }
        }
        let zone = &self.context.zone;
        let node = |from, until, text| Some(Node::Date { from, until, text });
        match ends {
            [Some(first), Some(last)] => {
                let swapped = first.start(zone) > last.start(zone);
                let (first, last) = if swapped { (last, first) } else { (first, last) };
                let (from, until) = (first.start(zone), last.end(zone));
                if swapped {
                    self.note(span.clone(), format!("the range ran backwards: read as {first}..{last}"));
                }
                node(Some(from), Some(until), format!("date:{first}..{last}"))
            }
            [Some(first), None] => node(Some(first.start(zone)), None, format!("after:{first}")),
            [None, Some(last)] => node(None, Some(last.end(zone)), format!("date:..{last}")),
            [None, None] => None,
        }
    }

    fn single_date(&mut self, text: &str, span: &Range<usize>) -> Option<Date> {
        let (date, reading) = parse_date(text, self.today)?;
        let how = match reading {
            Reading::Plain => return Some(date),
            Reading::MonthFirst => "month/day",
            Reading::DayFirst => "day/month",
            Reading::LastMonth => "the last one",
        };
        self.note(span.clone(), format!("{text} read as {how}: {date}"));
        Some(date)
    }
}

/// What may not stand in front of a closing quote: a backslash would take it for a character.
pub(super) fn is_loose(c: char) -> bool {
    c == '\\' || c.is_whitespace()
}

/// A value as it is compared whole, with its wildcards. A `?` at the end is punctuation.
fn value_shape(text: &str) -> String {
    let mut shape = String::new();
    for piece in text.split_inclusive(['*', '?']) {
        shape.push_str(&state_value(piece));
        if piece.ends_with('?') || piece.ends_with('*') && !shape.ends_with('*') {
            shape.extend(piece.chars().next_back());
        }
    }
    shape.truncate(shape.trim_end_matches('?').len());
    shape
}

fn state(prefix: &str, value: &str) -> Node {
    Node::State { prefix: prefix.to_owned(), value: value.to_owned() }
}

/// What other search tools would make of a word, and this one does not.
fn misread(raw: &str, bare: &str, text: &str, field: Field) -> Option<&'static str> {
    let behind = |sign: char| {
        let (before, number) = bare.rsplit_once(sign)?;
        number.bytes().all(|byte| byte.is_ascii_digit()).then_some((before, number.len()))
    };
    let is_word = |before: &str| before.len() > 1 && before.ends_with(char::is_alphabetic);
    if behind('~').is_some_and(|(before, n_digits)| n_digits > 0 || is_word(before)) {
        return Some("typing errors are ~1 or ~2: read as words");
    }
    if behind('^').is_some_and(|(before, n_digits)| n_digits > 0 && is_word(before)) {
        return Some("^ is no operator: read as words");
    }
    if field != Field::Any && raw.starts_with('/') {
        return Some("no regular expression, which ends in / or /i: read as words");
    }
    if !text.contains('?') {
        return None;
    }
    let used = |form: &Form| match form {
        Form::Shape(shape) => Some(shape.matches('?').count()),
        Form::Prefix(_) => Some(0),
        _ => None,
    };
    let n_used = forms(text, 0).iter().filter_map(used).reduce(|a, b| a + b)?;
    (text.matches('?').count() > n_used).then_some("a ? is a letter between two letters only")
}

/// Bytes: digits with K, M or G for powers of 1000, as in Gmail, and perhaps a B. Parts of a unit, `1.5M`, are cut to
/// whole bytes.
fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_uppercase();
    let text = text.strip_suffix('B').unwrap_or(&text);
    let n_digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let unit: u64 = match &text[n_digits..] {
        "" => 1,
        "K" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        _ => return None,
    };
    let (whole, parts) = text[..n_digits].split_once('.').unwrap_or((&text[..n_digits], "0"));
    // Nine digits tell every byte of a gigabyte.
    let (size, parts) = (whole.parse::<u64>().ok()?.checked_mul(unit)?, parts.get(..9).unwrap_or(parts));
    let part = unit.checked_mul(parts.parse().ok()?)? / 10u64.pow(parts.len() as u32);
    size.checked_add(part)
}

/// The same for the end of a range, which may be left open.
fn parse_size_or(text: &str, open: u64) -> Option<u64> {
    if text.is_empty() { Some(open) } else { parse_size(text) }
}

/// A word or phrase looked for in a field instead of everywhere.
fn in_field(node: &Node, field: Field) -> Option<Node> {
    match node {
        Node::Word { field: Field::Any, text, typos } => {
            // With its slash it might begin a regular expression where it is printed before another.
            Some(Node::Word { field, text: text.trim_start_matches('/').to_owned(), typos: *typos })
        }
        Node::Phrase { field: Field::Any, text, slop } => {
            Some(Node::Phrase { field, text: text.clone(), slop: *slop })
        }
        _ => None,
    }
}

/// The name in `name:value`: letters, digits and underscores.
fn split_name(word: &str) -> Option<&str> {
    let (name, _) = word.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}

/// Takes `*` and `~n` off the end of a word and returns the largest number of typing errors, until nothing changes:
/// what is left reads the same when it is printed alone.
fn split_signs(word: &str) -> (&str, u8) {
    let (mut bare, mut typos) = (word, 0);
    loop {
        let length = bare.len();
        bare = bare.trim_end_matches('*');
        if let Some((before, number @ ("0" | "1" | "2"))) = bare.rsplit_once('~')
            // Behind anything else, what is printed without its stars would no longer be a number of errors.
            && before.trim_end_matches('*').ends_with(char::is_alphanumeric)
        {
            typos = typos.max(number.as_bytes()[0] - b'0');
            bare = before;
        }
        if bare.len() == length {
            return (bare, typos);
        }
    }
}

/// Whether a token stands for longer ones: pairs are found inside any run as they are.
fn can_be_prefix(token: &str) -> bool {
    token.chars().count() >= MIN_PREFIX && !token.starts_with(is_bigram_script)
}

/// A value as it stands behind a colon, in quotes where it would not be read whole without them.
pub(super) fn as_value(text: &str) -> String {
    if needs_quotes(text) { quoted(text) } else { text.to_owned() }
}

fn needs_quotes(text: &str) -> bool {
    text.is_empty() || text.contains(|c| super::scan::ends_word(c) || c == '&')
}
