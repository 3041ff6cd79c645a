//! Mail that is not kept as RFC 5322 text (Outlook's properties, the rows of a table), written as such text.
//!
//! One parser then reads all mail, so that a message from a PST is searched, shown and compared like any other.
//! Header values are raw UTF-8 (RFC 6532); texts and parts are base64, which no boundary can stand in.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// A message to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    /// Names and values in order; a value may be folded.
    pub(crate) headers: Vec<(String, String)>,
    /// The plain text.
    pub(crate) text: Option<String>,
    /// The HTML with the name of its charset; empty where the HTML says it itself.
    pub(crate) html: Option<(Vec<u8>, String)>,
    /// What is attached.
    pub(crate) parts: Vec<Part>,
}

/// Something attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// The declared type; empty where nothing says it.
    pub(crate) mime: String,
    /// Without brackets; may be empty.
    pub(crate) content_id: String,
    pub(crate) content: Content,
}

/// What a part holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Bytes(Vec<u8>),
    Message(Box<Draft>),
}

impl Draft {
    /// Adds a header unless its value is blank.
    pub(crate) fn add(&mut self, name: &str, value: impl AsRef<str>) {
        let value = value.as_ref().trim();
        if !value.is_empty() {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Tells whether there is a header of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name))
    }

    /// The message as RFC 5322 text.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_into(&mut out, 0);
        out
    }

    fn write_into(&self, out: &mut Vec<u8>, depth: usize) {
        for (name, value) in &self.headers {
            field(out, name, value);
        }
        if let [Part { content: Content::Bytes(bytes), .. }] = self.parts.as_slice()
            && self.is_signed_whole()
        {
            // The part is a MIME entity with its own headers: the very bytes that were signed.
            out.extend(bytes);
            return;
        }
        line(out, "MIME-Version: 1.0");
        let related: Vec<&Part> =
            self.parts.iter().filter(|part| self.html.is_some() && part.is_shown()).collect();
        let beside: Vec<&Part> =
            self.parts.iter().filter(|part| self.html.is_none() || !part.is_shown()).collect();
        if beside.is_empty() {
            return self.body(out, &related, depth);
        }
        let mixed = Multipart::open(out, "mixed", depth);
        mixed.next(out);
        self.body(out, &related, depth);
        for part in beside {
            mixed.next(out);
            part.write(out, depth);
        }
        mixed.close(out);
    }

    /// Outlook keeps a clear-signed message as one attachment that is its whole MIME body.
    fn is_signed_whole(&self) -> bool {
        self.html.is_none()
            && matches!(self.parts.as_slice(), [Part { mime, content: Content::Bytes(bytes), .. }]
                if mime == "multipart/signed"
                    && bytes.get(..13).is_some_and(|start| start.eq_ignore_ascii_case(b"Content-Type:")))
    }

    /// The text and the HTML, with what the HTML shows.
    fn body(&self, out: &mut Vec<u8>, related: &[&Part], depth: usize) {
        if related.is_empty() {
            return self.alternatives(out, depth);
        }
        let own = Multipart::open(out, "related", depth);
        own.next(out);
        self.alternatives(out, depth);
        for part in related {
            own.next(out);
            part.write(out, depth);
        }
        own.close(out);
    }

    fn alternatives(&self, out: &mut Vec<u8>, depth: usize) {
        let text = |out: &mut Vec<u8>, text: &str| {
            field(out, "Content-Type", "text/plain; charset=utf-8");
            encoded(out, text.as_bytes());
        };
        let html = |out: &mut Vec<u8>, (bytes, charset): &(Vec<u8>, String)| {
            let parameter = if charset.is_empty() { String::new() } else { format!("; charset={charset}") };
            field(out, "Content-Type", &format!("text/html{parameter}"));
            encoded(out, bytes);
        };
        match (&self.text, &self.html) {
            (Some(plain), Some(page)) => {
                let own = Multipart::open(out, "alternative", depth);
                own.next(out);
                text(out, plain);
                own.next(out);
                html(out, page);
                own.close(out);
            }
            (None, Some(page)) => html(out, page),
            (plain, None) => text(out, plain.as_deref().unwrap_or_default()),
        }
    }
}

impl Part {
    /// The HTML may refer to it.
    fn is_shown(&self) -> bool {
        !self.content_id.is_empty() && matches!(self.content, Content::Bytes(_))
    }

    fn write(&self, out: &mut Vec<u8>, depth: usize) {
        let name = quoted(&self.name);
        let disposition = if self.is_shown() { "inline" } else { "attachment" };
        match &self.content {
            Content::Bytes(bytes) => {
                let mime = token(&self.mime).unwrap_or("application/octet-stream");
                field(out, "Content-Type", mime);
                field(out, "Content-Disposition", &format!("{disposition}; filename={name}"));
                if !self.content_id.is_empty() {
                    field(out, "Content-ID", &format!("<{}>", self.content_id));
                }
                encoded(out, bytes);
            }
            Content::Message(inner) => {
                field(out, "Content-Type", "message/rfc822");
                field(out, "Content-Disposition", &format!("{disposition}; filename={name}"));
                line(out, "");
                inner.write_into(out, depth + 1);
                line(out, "");
            }
        }
    }
}

/// A multipart that is being written.
struct Multipart(String);

impl Multipart {
    fn open(out: &mut Vec<u8>, kind: &str, depth: usize) -> Multipart {
        let boundary = format!("=_{kind}_{depth}");
        field(out, "Content-Type", &format!("multipart/{kind}; boundary=\"{boundary}\""));
        line(out, "");
        Multipart(boundary)
    }

    fn next(&self, out: &mut Vec<u8>) {
        line(out, &format!("--{}", self.0));
    }

    fn close(&self, out: &mut Vec<u8>) {
        line(out, &format!("--{}--", self.0));
    }
}

fn line(out: &mut Vec<u8>, text: &str) {
    out.extend(text.as_bytes());
    out.push(b'\n');
}

/// Writes a header. Lines inside the value go on as folded ones; other control characters become blanks.
fn field(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend(name.as_bytes());
    out.extend(b": ");
    for (n, part) in value.lines().map(str::trim).filter(|part| !part.is_empty()).enumerate() {
        if n > 0 {
            out.extend(b"\n ");
        }
        let clean = |c: char| if c.is_control() { ' ' } else { c };
        out.extend(part.chars().map(clean).collect::<String>().as_bytes());
    }
    out.push(b'\n');
}

fn encoded(out: &mut Vec<u8>, bytes: &[u8]) {
    field(out, "Content-Transfer-Encoding", "base64");
    line(out, "");
    for piece in bytes.chunks(57) {
        line(out, &BASE64_STANDARD.encode(piece));
    }
}

/// A quoted string (RFC 5322, 3.2.4).
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(if c.is_control() { ' ' } else { c });
    }
    quoted.push('"');
    quoted
}

/// A mailbox for an address header; empty where there is neither name nor address.
pub(crate) fn mailbox(name: &str, address: &str) -> String {
    let (name, address) = (name.trim(), address.trim());
    let address: String =
        address.chars().filter(|c| !c.is_control() && !matches!(c, '<' | '>' | ' ')).collect();
    let same = name.trim_matches(['\'', '"']).eq_ignore_ascii_case(&address);
    match (name.is_empty() || same, address.is_empty()) {
        (_, true) if name.is_empty() => String::new(),
        (_, true) => format!("{} <>", quoted(name)),
        (true, false) => format!("<{address}>"),
        (false, false) => format!("{} <{address}>", quoted(name)),
    }
}

/// A media type that can stand in a header as it is.
fn token(mime: &str) -> Option<&str> {
    let plain = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    mime.split_once('/').filter(|(kind, sub)| plain(kind) && plain(sub)).map(|_| mime)
}

#[cfg(test)]
mod tests;
