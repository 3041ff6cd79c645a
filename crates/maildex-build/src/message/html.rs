//! HTML that is safe to show: sanitised once, at build time, and never edited as a string afterwards.
//!
//! What is left holds no script, no style sheet, no form, no frame, no SVG or MathML, no id or class, and no address
//! that a page would load by itself. Links go to `http`, `https` and `mailto` and open apart. Pictures are either
//! inside the message (`cid:`, which the page resolves, or a small `data:` picture) or are replaced by
//! [`REMOTE_PICTURE`], so that the page can say how many it did not load.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, Url, UrlRelative};

use super::{page, style};

/// Stands in `src` for a picture on another host. It is a `data:` address of an empty text: nothing is loaded, and the
/// browser shows the alternative text.
pub const REMOTE_PICTURE: &str = "data:,remote";

/// Bytes of a `data:` picture as written.
const MAX_DATA_PICTURE: usize = 512 << 10;

const TAGS: [&str; 75] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "nobr",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];
/// Elements that go with all they hold. Other elements that are not allowed leave their text.
const DROPPED_WHOLE: [&str; 21] = [
    "applet", "audio", "canvas", "embed", "frame", "frameset", "iframe", "math", "noembed", "noframes",
    "noscript", "object", "portal", "script", "select", "style", "svg", "template", "title", "video", "xml",
];
const ANYWHERE: [&str; 5] = ["align", "dir", "lang", "style", "title"];
const BY_TAG: [(&str, &[&str]); 14] = [
    ("a", &["href"]),
    ("br", &["clear"]),
    ("col", &["span", "width"]),
    ("colgroup", &["span", "width"]),
    ("font", &["color", "face", "size"]),
    ("hr", &["color", "size", "width"]),
    ("img", &["alt", "border", "height", "hspace", "src", "vspace", "width"]),
    ("li", &["type", "value"]),
    ("ol", &["reversed", "start", "type"]),
    ("table", &["bgcolor", "border", "bordercolor", "cellpadding", "cellspacing", "height", "width"]),
    ("td", &["bgcolor", "colspan", "height", "nowrap", "rowspan", "valign", "width"]),
    ("th", &["bgcolor", "colspan", "height", "nowrap", "rowspan", "valign", "width"]),
    ("tr", &["bgcolor", "height", "valign"]),
    ("ul", &["type"]),
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(sanitiser);

/// Sanitises an HTML body. Returns `None` where its markup is too tangled for a tree to be built in reasonable time.
pub fn sanitise(html: &str) -> Option<String> {
    (!page::read(html).is_tangled).then(|| clean(html))
}

/// Sanitises HTML whose cost has been checked.
pub(super) fn clean(html: &str) -> String {
    SANITISER.clean(html).to_string().trim().to_owned()
}

/// Plain text as a piece of HTML, through the same sanitiser.
pub(super) fn of_text(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    html.push_str("<div style=\"white-space:pre-wrap\">");
    for c in text.chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            _ => html.push(c),
        }
    }
    html.push_str("</div>");
    clean(&html)
}

fn sanitiser() -> Builder<'static> {
    let mut builder = Builder::empty();
    let by_tag: HashMap<&str, HashSet<&str>> =
        BY_TAG.iter().map(|(tag, attributes)| (*tag, attributes.iter().copied().collect())).collect();
    let cite = HashMap::from([("blockquote", HashMap::from([("type", HashSet::from(["cite"]))]))]);
    let target = HashMap::from([("a", HashMap::from([("target", "_blank")]))]);
    builder
        .tags(HashSet::from(TAGS))
        .clean_content_tags(HashSet::from(DROPPED_WHOLE))
        .generic_attributes(HashSet::from(ANYWHERE))
        .tag_attributes(by_tag)
        .tag_attribute_values(cite)
        .set_tag_attribute_values(target)
        .url_schemes(HashSet::from(["http", "https", "mailto", "cid", "data"]))
        // Relative addresses reach the filter, which marks pictures and drops links.
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true)
        .attribute_filter(attribute);
    builder
}

/// Decides over every attribute that the allow-lists let through.
fn attribute<'a>(tag: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    match (tag, name) {
        ("a", "href") => link(value).map(Cow::Owned),
        ("img", "src") => picture(value).map(Cow::Owned),
        (_, "style") => style::filter(value).map(Cow::Owned),
        (_, "title" | "alt" | "lang") | ("a", "rel" | "target") | ("blockquote", "type") => {
            Some(Cow::Borrowed(value))
        }
        // What is left are sizes, colours, counts and words. An old browser took an address for a colour.
        _ => is_plain(value).then_some(Cow::Borrowed(value)),
    }
}

fn is_plain(value: &str) -> bool {
    value.len() <= 100
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '#' | '%' | ',' | '.' | '-' | '+' | '_'))
}

/// A link as the browser would understand it, written out: blanks inside the scheme and other tricks are gone.
fn link(value: &str) -> Option<String> {
    let url = Url::parse(value).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto").then(|| url.into())
}

fn picture(value: &str) -> Option<String> {
    let Ok(url) = Url::parse(value) else {
        // `//host/…` takes the page's scheme; other relative addresses mean nothing outside their site.
        let value = value.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
        return value.starts_with(['/', '\\']).then(|| REMOTE_PICTURE.to_owned());
    };
    match url.scheme() {
        "cid" => Some(url.into()),
        "data" => is_data_picture(url.as_str()).then(|| url.into()),
        "http" | "https" => Some(REMOTE_PICTURE.to_owned()),
        _ => None,
    }
}

/// Pixels only: an SVG may hold script and addresses.
fn is_data_picture(url: &str) -> bool {
    let kinds = ["png", "gif", "jpeg", "jpg", "webp"];
    url.len() <= MAX_DATA_PICTURE
        && kinds.iter().any(|kind| {
            url.strip_prefix("data:image/")
                .and_then(|rest| rest.strip_prefix(kind))
                .and_then(|rest| rest.strip_prefix(";base64,"))
                .is_some_and(|data| {
                    data.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=%".contains(&byte))
                })
        })
}

#[cfg(test)]
mod tests;
