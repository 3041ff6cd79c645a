//! The operators that a query may name, with all their spellings.

use super::ast::Field;

/// What follows an operator's colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words to look for in this field.
    Words(Field),
    /// A date.
    Date(DateKind),
    /// One of a set of names: `has:`, `is:`, `kind:`.
    Name,
    /// A value that is compared whole: `docid:`, `label:`, `filetype:` and the like.
    Whole,
    /// Bytes of the message.
    Size(SizeKind),
    /// Two people, of whom one wrote to the other.
    Between,
    /// Anything; this version cannot answer it.
    NotBuilt,
    /// Anything; about a mailbox in use, which an archive is not.
    Live,
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

/// States of a live mailbox, which Gmail's fingers type.
pub(super) fn is_live_state(prefix: &str, value: &str) -> bool {
    const IS: &[&str] =
        &["unread", "read", "starred", "important", "snoozed", "muted", "chat", "draft", "sent"];
    const HAS: &[&str] =
        &["userlabels", "nouserlabels", "drive", "document", "spreadsheet", "presentation", "youtube"];
    match prefix {
        "is" => IS.contains(&value),
        "has" => HAS.contains(&value) || value.ends_with("-star") || value.ends_with("-bang"),
        _ => false,
    }
}

/// The names that `has:` and `is:` take, apart from those of a live mailbox.
pub(super) fn is_state(prefix: &str, value: &str) -> bool {
    const HAS: &[&str] =
        &["attachment", "image", "pdf", "link", "html", "encrypted", "signed", "thread", "date", "redaction"];
    const IS: &[&str] =
        &["reply", "forward", "root", "duplicate", "missing", "misdated", "bulk", "list", "bounce"];
    match prefix {
        "has" => HAS.contains(&value),
        "is" => IS.contains(&value),
        "kind" => ["message", "quoted", "placeholder", "any"].contains(&value),
        _ => false,
    }
}

/// Whether this version answers a state.
pub(super) fn is_built_state(prefix: &str, value: &str) -> bool {
    is_state(prefix, value) && (prefix, value) != ("is", "missing")
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
    (&["received"], Kind::NotBuilt),
    (&["filetype", "ext"], Kind::Whole),
    (&["mime"], Kind::Whole),
    (&["attachment"], Kind::NotBuilt),
    (&["label", "tag", "in", "folder"], Kind::Whole),
    (&["source", "custodian"], Kind::Whole),
    (&["list", "l"], Kind::Whole),
    (&["lang"], Kind::NotBuilt),
    (&["larger"], Kind::Size(SizeKind::Larger)),
    (&["smaller"], Kind::Size(SizeKind::Smaller)),
    (&["size"], Kind::Size(SizeKind::AtLeast)),
    (&["rfc822msgid", "msgid", "mid", "id"], Kind::NotBuilt),
    (&["docid", "bates", "doc"], Kind::Whole),
    (&["thread"], Kind::NotBuilt),
    (&["hash"], Kind::NotBuilt),
    (&["header"], Kind::NotBuilt),
    (&["deliveredto"], Kind::NotBuilt),
    (&["exemption"], Kind::Whole),
    (&["case"], Kind::Whole),
    (&["release"], Kind::Whole),
    (&["category"], Kind::Live),
];
