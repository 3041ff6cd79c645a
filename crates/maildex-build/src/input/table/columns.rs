//! Which column of a table holds what.

use std::fmt;

/// What a message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    From,
    To,
    Cc,
    Bcc,
    Date,
    Subject,
    Body,
    Html,
    /// A whole message with its headers.
    Message,
    Id,
    /// What messages of one conversation share.
    Thread,
    Folder,
    /// The path of the file that the row was made of.
    File,
}

/// The fields with the names that columns have for them in the wild, the best first: letters and digits only.
const FIELDS: [(Field, &str, &[&str]); 13] = [
    (
        Field::From,
        "from",
        &["from", "sender", "fromaddress", "metadatafrom", "extractedfrom", "fromemail", "author"],
    ),
    (
        Field::To,
        "to",
        &["to", "recipients", "recipient", "toaddress", "metadatato", "extractedto", "toemail"],
    ),
    (Field::Cc, "cc", &["cc", "extractedcc", "ccaddress"]),
    (Field::Bcc, "bcc", &["bcc"]),
    (
        Field::Date,
        "date",
        &[
            "date",
            "time",
            "sent",
            "datesent",
            "metadatadatesent",
            "extracteddatesent",
            "senddate",
            "sentat",
            "timestamp",
        ],
    ),
    (Field::Subject, "subject", &["subject", "metadatasubject", "extractedsubject", "title"]),
    (
        Field::Body,
        "body",
        &["body", "text", "extractedbodytext", "bodytext", "content", "plaintext", "rawtext"],
    ),
    (Field::Html, "html", &["html", "bodyhtml", "htmlbody"]),
    (Field::Message, "message", &["message", "raw", "rawmessage", "email", "mime"]),
    (Field::Id, "id", &["messageid", "docnumber", "id"]),
    (Field::Thread, "thread", &["threadid", "thread", "conversationid"]),
    (Field::Folder, "folder", &["folder", "label", "labels", "mailbox"]),
    (Field::File, "file", &["file", "filename", "path"]),
];

/// Which column holds what, as the caller says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(Vec<(Field, String)>);

/// Why columns are not understood, or a table is not one of mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnError {
    /// Not of the form `field=column`.
    Form(String),
    /// There is no such field.
    Field(String),
    /// The table has no such column.
    Absent {
        /// The column.
        column: String,
        /// Those that it has.
        found: String,
    },
    /// No columns that mail has.
    NotMail {
        /// Those that it has.
        found: String,
    },
}

impl fmt::Display for ColumnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = || FIELDS.map(|(_, name, _)| name).join(", ");
        match self {
            ColumnError::Form(text) => {
                write!(f, "expected field=column as in from=sender,body=text, found {text:?}")
            }
            ColumnError::Field(name) => write!(f, "expected one of {}, found {name:?}", fields()),
            ColumnError::Absent { column, found } => write!(f, "no column {column:?}; it has {found}"),
            ColumnError::NotMail { found } => write!(
                f,
                "a table without the columns of mail; it has {found}; say which are meant with --map from=…,date=…,body=…"
            ),
        }
    }
}

impl std::error::Error for ColumnError {}

impl Columns {
    /// Reads `from=sender,to=recipient,body=text`. A field that is named twice takes the first column of its that has
    /// a value.
    ///
    /// Fails on another form and on fields that mail has not.
    pub fn read(text: &str) -> Result<Columns, ColumnError> {
        let mut columns = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (field, column) = part.split_once('=').ok_or_else(|| ColumnError::Form(part.to_owned()))?;
            let (field, column) = (field.trim(), column.trim());
            if column.is_empty() {
                return Err(ColumnError::Form(part.to_owned()));
            }
            let known = FIELDS.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(field));
            let (field, _, _) = known.ok_or_else(|| ColumnError::Field(field.to_owned()))?;
            columns.push((*field, column.to_owned()));
        }
        Ok(Columns(columns))
    }

    /// Something is said.
    pub(crate) fn is_given(&self) -> bool {
        !self.0.is_empty()
    }
}

/// The columns of one table by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Chosen(Vec<(Field, String)>);

impl Chosen {
    /// Chooses from the columns of a table.
    pub(crate) fn of(names: &[String], wanted: &Columns) -> Result<Chosen, ColumnError> {
        let found = || {
            let shown = names.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
            if names.len() > 20 { format!("{shown}, …") } else { shown }
        };
        if wanted.is_given() {
            let absent = wanted.0.iter().find(|(_, column)| !names.contains(column));
            return match absent {
                Some((_, column)) => Err(ColumnError::Absent { column: column.clone(), found: found() }),
                None => Ok(Chosen(wanted.0.clone())),
            };
        }
        let mut chosen = Vec::new();
        for (field, _, known) in FIELDS {
            for known in known {
                let is_meant = |name: &&String| plain(name) == *known;
                chosen.extend(names.iter().find(is_meant).map(|name| (field, name.clone())));
            }
        }
        let has = |field: Field| chosen.iter().any(|(own, _)| *own == field);
        let n_heads =
            [Field::From, Field::To, Field::Date, Field::Subject].into_iter().filter(|field| has(*field));
        let is_mail = has(Field::Message) && has(Field::File)
            || (has(Field::Body) || has(Field::Html) || has(Field::Message)) && n_heads.count() >= 2;
        if is_mail { Ok(Chosen(chosen)) } else { Err(ColumnError::NotMail { found: found() }) }
    }

    /// How many of these columns have names that mail's have.
    pub(crate) fn n_known(names: &[String]) -> usize {
        names
            .iter()
            .filter(|name| FIELDS.iter().any(|(_, _, known)| known.contains(&plain(name).as_str())))
            .count()
    }

    /// The columns of a field, the best first.
    pub(crate) fn of_field(&self, field: Field) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| *own == field).map(|(_, column)| column.as_str())
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut is_first = true;
        for (field, name, _) in FIELDS {
            let columns: Vec<&str> = self.of_field(field).collect();
            if !columns.is_empty() {
                let comma = if is_first { "" } else { ", " };
                write!(f, "{comma}{name}={}", columns.join("|"))?;
                is_first = false;
            }
        }
        Ok(())
    }
}

/// Letters and digits in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
