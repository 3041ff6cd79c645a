//! The operators that a query may name, with all their spellings.

use super::ast::Field;

/// What follows an operator's colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words to look for in this field.
    Words(Field),
    /// A date.
    Date(DateKind),
    /// A day of delivery.
    Received,
    /// One of a set of names: `has:`, `is:`, `kind:`.
    Name,
    /// A value that is compared whole: `docid:`, `label:`, `filetype:` and the like.
    Whole,
    /// Bytes of the message.
    Size(SizeKind),
    /// Two people, of whom one wrote to the other.
    Between,
    /// A Message-ID.
    MessageId,
    /// The key of a message, or for `thread:` parts of a query in brackets.
    Key,
    /// The name of a header, and perhaps its value.
    Header,
    /// A category of Gmail, which its export makes a label.
    Category,
}

/// Which stretch of time a date bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateKind {
    /// The stretch itself, or a range.
    During,
    /// From its start on.
    After,
    /// Up to its start.
    Before,
    /// Up to the day so long before today.
    OlderThan,
    /// From the day so long before today on.
    NewerThan,
}

/// Which sizes an operator bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SizeKind {
    /// At least so many bytes, as in Gmail, or a range.
    AtLeast,
    /// More than so many.
    Larger,
    /// Fewer than so many.
    Smaller,
}

/// An operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    /// The first of its spellings.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

/// Finds an operator by any of its spellings, in any case.
pub(super) fn operator(spelling: &str) -> Option<Operator> {
    OPERATORS
        .iter()
        .find(|(spellings, _)| spellings.iter().any(|other| other.eq_ignore_ascii_case(spelling)))
        .map(|&(spellings, kind)| Operator { name: spellings[0], kind })
}

/// The names of the operators that have a spelling which begins so; all of them for an empty beginning.
pub(crate) fn beginning_with(beginning: &str) -> impl Iterator<Item = &'static str> {
    let fits = move |spelling: &str| {
        spelling.get(..beginning.len()).is_some_and(|own| own.eq_ignore_ascii_case(beginning))
    };
    OPERATORS.iter().filter(move |(all, _)| all.iter().any(|one| fits(one))).map(|(all, _)| all[0])
}

/// The first spelling of an operator that is spelt so.
pub(crate) fn canonical(spelling: &str) -> Option<&'static str> {
    operator(spelling).map(|operator| operator.name)
}

/// The canonical name of a field of words; `None` for the field of bare words.
pub(super) fn name_of(field: Field) -> Option<&'static str> {
    OPERATORS.iter().find(|(_, kind)| *kind == Kind::Words(field)).map(|(spellings, _)| spellings[0])
}

/// States of a live mailbox, which Gmail's fingers type, and the label that an export of it has for each.
pub(super) fn live_label<'a>(prefix: &str, value: &'a str) -> Option<&'a str> {
    const IS: &[&str] =
        &["unread", "starred", "important", "snoozed", "muted", "chat", "draft", "drafts", "sent"];
    match (prefix, value) {
        ("is", "read") => Some("opened"),
        ("is", "draft") => Some("drafts"),
        ("is", _) => IS.contains(&value).then_some(value),
        ("has", _) => {
            // `yellow-star`, `red-bang`: the stars of many colours and shapes, which all are stars.
            const SHAPES: &[&str] = &["star", "bang", "guillemet", "check", "info", "question"];
            let (_, shape) = value.split_once('-')?;
            SHAPES.contains(&shape).then_some("starred")
        }
        _ => None,
    }
}

/// The names that `has:`, `is:` and `kind:` take, apart from those of a live mailbox.
pub(super) fn is_state(prefix: &str, value: &str) -> bool {
    const HAS: &[&str] = &[
        "attachment",
        "image",
        "pdf",
        "link",
        "html",
        "encrypted",
        "signed",
        "thread",
        "date",
        "redaction",
        "drive",
        "document",
        "spreadsheet",
        "presentation",
        "youtube",
        "userlabels",
    ];
    const IS: &[&str] = &[
        "reply",
        "forward",
        "root",
        "duplicate",
        "misdated",
        "bulk",
        "list",
        "bounce",
        "missing",
        "skipped",
        "listed",
    ];
    match prefix {
        "has" => HAS.contains(&value),
        "is" => IS.contains(&value),
        "kind" => ["message", "quoted", "placeholder", "any"].contains(&value),
        _ => false,
    }
}

static OPERATORS: &[(&[&str], Kind)] = &[
    (&["from", "f", "author"], Kind::Words(Field::From)),
    (&["to", "t"], Kind::Words(Field::To)),
    (&["onlyto"], Kind::Words(Field::OnlyTo)),
    (&["cc", "c"], Kind::Words(Field::Cc)),
    (&["bcc"], Kind::Words(Field::Bcc)),
    (&["with", "a", "contact", "participants"], Kind::Words(Field::With)),
    (&["subject", "s"], Kind::Words(Field::Subject)),
    (&["body", "b"], Kind::Words(Field::Body)),
    (&["new", "nq"], Kind::Words(Field::New)),
    (&["quoted", "q"], Kind::Words(Field::Quoted)),
    (&["filename", "file", "n"], Kind::Words(Field::Filename)),
    (&["date", "d", "on"], Kind::Date(DateKind::During)),
    (&["after", "since", "newer"], Kind::Date(DateKind::After)),
    (&["before", "until", "older"], Kind::Date(DateKind::Before)),
    (&["older_than"], Kind::Date(DateKind::OlderThan)),
    (&["newer_than"], Kind::Date(DateKind::NewerThan)),
    (&["has"], Kind::Name),
    (&["is"], Kind::Name),
    (&["kind"], Kind::Name),
    (&["between"], Kind::Between),
    (&["received"], Kind::Received),
    (&["filetype", "ext"], Kind::Whole),
    (&["mime"], Kind::Whole),
    (&["attachment"], Kind::Words(Field::Attachment)),
    (&["label", "tag", "in", "folder"], Kind::Whole),
    (&["source", "custodian"], Kind::Whole),
    (&["list", "l"], Kind::Whole),
    (&["lang"], Kind::Whole),
    (&["larger"], Kind::Size(SizeKind::Larger)),
    (&["smaller"], Kind::Size(SizeKind::Smaller)),
    (&["size"], Kind::Size(SizeKind::AtLeast)),
    (&["rfc822msgid", "msgid", "mid", "id"], Kind::MessageId),
    (&["docid", "bates", "doc"], Kind::Whole),
    (&["thread"], Kind::Key),
    (&["hash"], Kind::Key),
    (&["header"], Kind::Header),
    (&["deliveredto"], Kind::Words(Field::DeliveredTo)),
    (&["exemption"], Kind::Whole),
    (&["case"], Kind::Whole),
    (&["release"], Kind::Whole),
    (&["category"], Kind::Category),
];
