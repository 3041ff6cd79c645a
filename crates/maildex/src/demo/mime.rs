//! One message as bytes: headers, body, parts.

use super::compose::Block;
use super::encode::{base64_lines, encode, parameter, quoted_printable};
use super::parts::{Part, draw_part, png};
use super::people::{Habit, Person, Program};
use super::render::{Wrap, html, newsletter_html, text, wrap_of};
use super::rng::Rng;

/// What a body is made of.
pub(super) struct Body<'a> {
    pub(super) blocks: &'a [Block],
    pub(super) author: &'a Person,
    pub(super) newsletter: bool,
    /// The word that names an attachment, and the lines of its text; none has no attachment.
    pub(super) attachment: Option<(String, Vec<String>)>,
    pub(super) right_to_left: bool,
}

/// A body part: its headers and its content.
struct Entity {
    headers: String,
    content: Vec<u8>,
}

/// Appends the MIME headers, the empty line and the body.
pub(super) fn push_body(body: &Body<'_>, rng: &mut Rng, out: &mut Vec<u8>) {
    let mut entity = main_entity(body, rng);
    if let Some((word, lines)) = &body.attachment {
        let part = draw_part(word, lines, rng);
        entity = multipart("mixed", "", &[entity, attachment(&part, rng)], rng);
        if rng.permille(80) {
            // A second file, as when somebody empties a camera.
            let picture = Part { name: format!("{word}-b.png"), content_type: "image/png", bytes: png(rng) };
            entity = multipart("mixed", "", &[entity, attachment(&picture, rng)], rng);
        }
    }
    out.extend_from_slice(b"MIME-Version: 1.0\n");
    out.extend_from_slice(entity.headers.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(&entity.content);
}

fn main_entity(body: &Body<'_>, rng: &mut Rng) -> Entity {
    let Body { blocks, author, .. } = body;
    let planted = blocks.iter().any(|block| matches!(block, Block::Planted(_)));
    let wrap = wrap_of(author.program, author.habit);
    let plain = || text(blocks, wrap);
    if body.newsletter {
        return newsletter(blocks, planted, rng);
    }
    let has_html = match author.program {
        Program::Web | Program::Apple | Program::Outlook => rng.permille(520),
        Program::Phone => rng.permille(150),
        Program::Pine | Program::Thunder => false,
    };
    if !has_html {
        return text_entity(&plain(), "plain", wrap, author.habit, planted, rng);
    }
    let page = html(blocks, author.program, body.right_to_left);
    let page = text_entity(&page, "html", Wrap::None, author.habit, planted, rng);
    if !planted && rng.permille(45) {
        return page;
    }
    let plain = text_entity(&plain(), "plain", wrap, author.habit, planted, rng);
    multipart("alternative", "", &[plain, page], rng)
}

fn newsletter(blocks: &[Block], planted: bool, rng: &mut Rng) -> Entity {
    let inline = rng.permille(400);
    let picture = if inline {
        "cid:boat@orrowey-ferries.example"
    } else {
        "http://www.orrowey-ferries.example/pictures/boat.png?reader=4711"
    };
    let page = newsletter_html(blocks, picture);
    let mut page = text_entity(&page, "html", Wrap::None, Habit::Utf8, planted, rng);
    if inline {
        let mut content = Vec::new();
        base64_lines(&png(rng), &mut content);
        let image = Entity {
            headers: "Content-Type: image/png; name=\"boat.png\"\nContent-Transfer-Encoding: base64\n\
                      Content-ID: <boat@orrowey-ferries.example>\nContent-Disposition: inline; filename=\"boat.png\"\n"
                .to_owned(),
            content,
        };
        page = multipart("related", "; type=\"text/html\"", &[page, image], rng);
    }
    if !planted && rng.permille(250) {
        return page;
    }
    let plain = text_entity(&text(blocks, Wrap::Hard), "plain", Wrap::Hard, Habit::Utf8, planted, rng);
    multipart("alternative", "", &[plain, page], rng)
}

fn text_entity(text: &str, kind: &str, wrap: Wrap, habit: Habit, planted: bool, rng: &mut Rng) -> Entity {
    let encoded = encode(text, habit, rng);
    let bytes = &encoded.bytes;
    let n_high = text.chars().filter(|c| !c.is_ascii()).count();
    // RFC 5322 allows 998 characters in a line; mail programs turn to quoted-printable much earlier.
    let long = bytes.split(|byte| *byte == b'\n').any(|line| line.len() > 400);
    let transfer = if bytes.is_ascii() && !long {
        "7bit"
    } else if n_high * 3 > text.len() / 3 && !planted {
        if long || rng.permille(600) { "base64" } else { "8bit" }
    } else if !long && rng.permille(350) {
        "8bit"
    } else {
        "quoted-printable"
    };
    let flowed = if wrap == Wrap::Flowed { "; format=flowed" } else { "" };
    let headers = format!(
        "Content-Type: text/{kind}; charset={}{flowed}\nContent-Transfer-Encoding: {transfer}\n",
        encoded.charset
    );
    let mut content = Vec::new();
    match transfer {
        "base64" => base64_lines(bytes, &mut content),
        "quoted-printable" => quoted_printable(bytes, &mut content),
        _ => content.extend_from_slice(bytes),
    }
    Entity { headers, content }
}

fn attachment(part: &Part, rng: &mut Rng) -> Entity {
    let mut content = Vec::new();
    base64_lines(&part.bytes, &mut content);
    let name = parameter("name", &part.name, rng);
    let filename = parameter("filename", &part.name, rng);
    let charset = if part.content_type.starts_with("text/") { "; charset=utf-8" } else { "" };
    let headers = format!(
        "Content-Type: {}{charset};\n {name}\nContent-Transfer-Encoding: base64\n\
         Content-Disposition: attachment;\n {filename}\n",
        part.content_type
    );
    Entity { headers, content }
}

fn multipart(kind: &str, parameters: &str, entities: &[Entity], rng: &mut Rng) -> Entity {
    let boundary = format!("=_{:012x}", rng.next() >> 16);
    let mut content = Vec::new();
    for entity in entities {
        content.extend_from_slice(format!("--{boundary}\n{}\n", entity.headers).as_bytes());
        content.extend_from_slice(&entity.content);
        content.push(b'\n');
    }
    content.extend_from_slice(format!("--{boundary}--\n").as_bytes());
    Entity {
        headers: format!("Content-Type: multipart/{kind}{parameters};\n boundary=\"{boundary}\"\n"),
        content,
    }
}
