//! Bodies in RTF: unpacking (MS-OXRTFCP), and the HTML or text that Outlook wrapped in RTF (MS-OXRTFEX). RTF that was
//! RTF from the start becomes its text.
//!
//! The unpacker is ours because `compressed-rtf` 1.0.1 panics on fewer than 16 bytes, reserves what a forged header
//! asks for, and refuses bodies with bytes after their end, which Outlook writes.

use crate::outlook::property::narrow;

/// Text that RTF gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unwrapped {
    Html(String),
    Text(String),
}

/// The first content of the window that references point into.
const WINDOW: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\
\\b\\i\\u\\tab\\tx";

/// Bytes that a body may unpack to; a reference of two bytes gives at most 17.
const MAX_RTF: usize = 64 << 20;

/// Unpacks a body; what comes before damage is given. `None` where the header is none.
pub(crate) fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let (header, body) = packed.split_at_checked(16)?;
    match &header[8..12] {
        b"LZFu" => Some(unpack_lz(body)),
        b"MELA" => {
            let size = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
            Some(body[..body.len().min(size)].to_vec())
        }
        _ => None,
    }
}

fn unpack_lz(body: &[u8]) -> Vec<u8> {
    let mut window = [0; 4096];
    window[..WINDOW.len()].copy_from_slice(WINDOW);
    let mut write = WINDOW.len();
    let mut out = Vec::new();
    let mut bytes = body.iter().copied();
    let mut put = |byte: u8, window: &mut [u8; 4096], write: &mut usize| {
        window[*write] = byte;
        *write = (*write + 1) % 4096;
        out.push(byte);
        out.len() < MAX_RTF
    };
    'all: while let Some(control) = bytes.next() {
        for bit in 0..8 {
            let Some(first) = bytes.next() else { break 'all };
            if control & (1 << bit) == 0 {
                if !put(first, &mut window, &mut write) {
                    break 'all;
                }
                continue;
            }
            let Some(second) = bytes.next() else { break 'all };
            let reference = usize::from(first) << 8 | usize::from(second);
            let (from, length) = (reference >> 4, (reference & 0xF) + 2);
            if from == write {
                break 'all;
            }
            for at in from..from + length {
                if !put(window[at % 4096], &mut window, &mut write) {
                    break 'all;
                }
            }
        }
    }
    out
}

/// What a group of RTF is to its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    /// Shown.
    Body,
    /// A piece of the HTML that was wrapped.
    Tag,
    /// The table of fonts, which names their charsets.
    Fonts,
    /// Anything that is not shown.
    Hidden,
}

/// What holds inside a group and is undone at its end.
#[derive(Debug, Clone, Copy)]
struct State {
    destination: Destination,
    /// Inside `\htmlrtf`: how RTF shows what the HTML says.
    suppressed: bool,
    /// Characters after `\u` that stand for it in old readers.
    n_substitutes: usize,
    codepage: i64,
}

/// Groups inside each other that are followed.
const MAX_GROUPS: usize = 4096;

struct Reader<'r> {
    rtf: &'r [u8],
    at: usize,
    state: State,
    stack: Vec<State>,
    /// Groups beyond the limit, whose ends are only counted.
    n_beyond: usize,
    /// The charset of the document.
    codepage: i64,
    fonts: Vec<(i64, i64)>,
    font: i64,
    /// Bytes of one charset that wait for the next character of another.
    pending: Vec<u8>,
    /// Half of a character beyond U+FFFF.
    surrogate: Option<u16>,
    n_skip: usize,
    out: String,
    is_html: bool,
}

/// Reads the HTML or the text out of RTF.
pub(crate) fn unwrap(rtf: &[u8]) -> Unwrapped {
    let start = &rtf[..rtf.len().min(1024)];
    let is_html = start.windows(9).any(|word| word == b"\\fromhtml");
    let codepage = 1252;
    let state = State { destination: Destination::Body, suppressed: false, n_substitutes: 1, codepage };
    let mut reader = Reader {
        rtf,
        at: 0,
        state,
        stack: Vec::new(),
        n_beyond: 0,
        codepage,
        fonts: Vec::new(),
        font: 0,
        pending: Vec::new(),
        surrogate: None,
        n_skip: 0,
        out: String::new(),
        is_html,
    };
    reader.run();
    if is_html { Unwrapped::Html(reader.out) } else { Unwrapped::Text(reader.out) }
}

impl Reader<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.next() {
            match byte {
                b'{' => self.open(),
                b'}' => self.close(),
                b'\\' => self.control(),
                b'\r' | b'\n' => {}
                _ => self.byte(byte),
            }
        }
        self.flush();
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.rtf.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn open(&mut self) {
        self.flush();
        self.n_skip = 0;
        if self.stack.len() < MAX_GROUPS { self.stack.push(self.state) } else { self.n_beyond += 1 }
    }

    fn close(&mut self) {
        self.flush();
        self.n_skip = 0;
        if self.n_beyond > 0 {
            self.n_beyond -= 1;
        } else if let Some(state) = self.stack.pop() {
            self.state = state;
        }
    }

    fn control(&mut self) {
        let Some(byte) = self.next() else { return };
        match byte {
            b'\'' => {
                let digits = self.rtf.get(self.at..self.at + 2).and_then(|two| std::str::from_utf8(two).ok());
                if let Some(byte) = digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
                    self.at += 2;
                    self.byte(byte);
                }
            }
            b'*' => {}
            b'~' => self.char('\u{A0}'),
            b'_' => self.char('\u{2011}'),
            b'\r' | b'\n' => self.char('\n'),
            b'\\' | b'{' | b'}' => self.byte(byte),
            _ if byte.is_ascii_alphabetic() => {
                let start = self.at - 1;
                let n = self.rtf[start..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
                self.at = start + n;
                let word = &self.rtf[start..self.at];
                let value = self.number();
                if self.rtf.get(self.at) == Some(&b' ') {
                    self.at += 1;
                }
                self.word(word, value);
            }
            _ => {}
        }
    }

    fn number(&mut self) -> Option<i64> {
        let rest = &self.rtf[self.at..];
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count().min(10);
        let text = std::str::from_utf8(&rest[..sign + digits]).ok()?;
        let value = text.parse().ok()?;
        self.at += sign + digits;
        Some(value)
    }

    fn word(&mut self, word: &[u8], value: Option<i64>) {
        use Destination::{Fonts, Hidden, Tag};
        let is_ignorable = self.at_ignorable(word, value);
        match word {
            b"htmltag" => self.state.destination = Tag,
            b"htmlrtf" => {
                self.flush();
                self.state.suppressed = value != Some(0);
            }
            b"fonttbl" => self.state.destination = Fonts,
            b"colortbl" | b"stylesheet" | b"info" | b"pntext" | b"pict" | b"object" | b"header"
            | b"footer" | b"listtext" | b"mhtmltag" | b"fldinst" | b"themedata" | b"datastore" => {
                self.state.destination = Hidden;
            }
            _ if is_ignorable => self.state.destination = Hidden,
            b"ansicpg" => {
                self.codepage = value.unwrap_or(1252);
                self.state.codepage = self.codepage;
            }
            b"deff" => {}
            b"f" => self.font(value.unwrap_or(0)),
            b"fcharset" if self.state.destination == Fonts => {
                let codepage = codepage_of(value.unwrap_or(0)).unwrap_or(self.codepage);
                self.fonts.push((self.font, codepage));
            }
            b"plain" => {
                self.flush();
                self.state.codepage = self.codepage;
            }
            b"uc" => {
                self.state.n_substitutes = value.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(8);
            }
            b"u" => self.unicode(value.unwrap_or(0)),
            b"par" | b"line" | b"row" | b"sect" | b"page" => self.char('\n'),
            b"tab" | b"cell" => self.char('\t'),
            b"lquote" => self.char('\u{2018}'),
            b"rquote" => self.char('\u{2019}'),
            b"ldblquote" => self.char('\u{201C}'),
            b"rdblquote" => self.char('\u{201D}'),
            b"bullet" => self.char('\u{2022}'),
            b"endash" => self.char('\u{2013}'),
            b"emdash" => self.char('\u{2014}'),
            b"bin" => self.at = self.at.saturating_add(usize::try_from(value.unwrap_or(0)).unwrap_or(0)),
            _ => {}
        }
    }

    /// Tells whether the word stands after `\*`: a reader that does not know it leaves its group out.
    fn at_ignorable(&self, word: &[u8], value: Option<i64>) -> bool {
        let text = value.map_or(0, |value| value.to_string().len());
        let end = self.at.min(self.rtf.len());
        // Back over the blank behind the word, its number and itself.
        (0..=1).any(|blank| {
            let start = end.checked_sub(blank + text + word.len() + 1);
            start.and_then(|start| Some((self.rtf.get(start..start + 1 + word.len())?, start))).is_some_and(
                |(found, start)| {
                    found.strip_prefix(b"\\") == Some(word) && self.rtf[..start].ends_with(b"\\*")
                },
            )
        })
    }

    fn font(&mut self, font: i64) {
        self.flush();
        self.font = font;
        if self.state.destination != Destination::Fonts {
            let known = self.fonts.iter().find(|(own, _)| *own == font);
            self.state.codepage = known.map_or(self.codepage, |(_, codepage)| *codepage);
        }
    }

    fn unicode(&mut self, value: i64) {
        let unit = (value & 0xFFFF) as u16;
        let high = self.surrogate.take();
        let units = high.into_iter().chain([unit]);
        match char::decode_utf16(units).next() {
            Some(Ok(c)) => self.char(c),
            _ if (0xD800..0xDC00).contains(&unit) => self.surrogate = Some(unit),
            _ => self.char('\u{FFFD}'),
        }
        self.n_skip = self.state.n_substitutes;
    }

    fn is_shown(&self) -> bool {
        match self.state.destination {
            Destination::Tag => true,
            Destination::Body => !self.state.suppressed,
            Destination::Fonts | Destination::Hidden => false,
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.n_skip > 0 {
            self.n_skip -= 1;
        } else if self.is_shown() {
            self.pending.push(byte);
        }
    }

    fn char(&mut self, c: char) {
        self.flush();
        if self.is_shown() {
            self.out.push(c);
        }
    }

    fn flush(&mut self) {
        if !self.pending.is_empty() {
            // The bytes of the tags are in the charset of the document, those of the text in their font's.
            let tag = self.is_html && self.state.destination == Destination::Tag;
            let codepage = if tag { self.codepage } else { self.state.codepage };
            let bytes = std::mem::take(&mut self.pending);
            self.out.push_str(&narrow(&bytes, codepage));
        }
    }
}

/// The codepage of a font's charset.
fn codepage_of(charset: i64) -> Option<i64> {
    Some(match charset {
        0 => 1252,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
