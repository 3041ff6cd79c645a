//! The words of PDF files, page by page, by the crate `pdf-extract`.

use super::{Unread, Words};
use pdf_extract::{
    ColorSpace, Document, MediaBox, OutputDev, OutputError, Path, PlainTextOutput, Transform, output_doc,
    output_doc_page,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pages that are read. A thousand have more words than are searched of one file.
const MAX_PAGES: u32 = 5_000;
/// Pages that the crate may fail at before the rest is left alone.
const MAX_FAILED: u32 = 100;
/// What a file may draw: characters, words, lines, areas. A page of a map has some 100,000.
const MAX_STEPS: u64 = 20_000_000;

/// The words of a PDF file, at most `most` bytes and a little.
pub(super) fn read(bytes: &[u8], most: usize) -> Words {
    let mut document = match Document::load_mem(bytes) {
        Ok(document) => document,
        Err(error) => return Words::none(why(&format!("{error:?}"))),
    };
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Words::none(Unread::Locked);
    }
    let n_pages = document.get_pages().len() as u32;
    let mut text = String::new();
    let mut count = Count { most, ..Count::default() };
    let mut n_failed = 0;
    if !attempt(&mut text, &mut count, |device| output_doc(&document, device)) {
        n_failed = 1;
        // The crate finds a page by walking over all of them, so they are asked for one by one only behind one that
        // fails.
        for page in count.page + 1..=n_pages {
            if count.unread.is_some() || n_failed > MAX_FAILED {
                break;
            }
            text.push('\n');
            count.page = page;
            let is_read = attempt(&mut text, &mut count, |device| output_doc_page(&document, device, page));
            n_failed += u32::from(!is_read);
        }
    }
    let unread = count.unread.or_else(|| (n_failed > 0 || n_pages == 0).then_some(Unread::Damaged));
    Words { text, unread }
}

fn why(error: &str) -> Unread {
    if ["ncrypt", "assword", "ecrypt"].iter().any(|word| error.contains(word)) {
        Unread::Locked
    } else {
        Unread::Damaged
    }
}

/// Puts words behind `text`; false if the crate failed or was stopped.
fn attempt(
    text: &mut String,
    count: &mut Count,
    read: impl FnOnce(&mut Device<'_>) -> Result<(), OutputError>,
) -> bool {
    // The crate panics where a page is not as it expects.
    let result =
        catch_unwind(AssertUnwindSafe(|| read(&mut Device { inner: PlainTextOutput::new(text), count })));
    matches!(result, Ok(Ok(())))
}

/// What was read so far.
#[derive(Debug, Default)]
struct Count {
    most: usize,
    page: u32,
    steps: u64,
    bytes: usize,
    unread: Option<Unread>,
}

impl Count {
    fn step(&mut self, bytes: usize) -> Result<(), OutputError> {
        self.steps += 1;
        self.bytes += bytes;
        if self.bytes > self.most {
            self.unread = Some(Unread::Cut);
        } else if self.steps > MAX_STEPS || self.page > MAX_PAGES {
            self.unread = Some(Unread::TooMuch);
        }
        if self.unread.is_some() { Err(OutputError::FormatError(std::fmt::Error)) } else { Ok(()) }
    }
}

/// Takes what the crate finds, and stops it beyond the limits.
struct Device<'t> {
    inner: PlainTextOutput<&'t mut String>,
    count: &'t mut Count,
}

impl OutputDev for Device<'_> {
    fn begin_page(
        &mut self,
        page: u32,
        media: &MediaBox,
        art: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.count.page = page;
        self.count.step(0)?;
        self.inner.begin_page(page, media, art)
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.inner.end_page()
    }

    fn output_character(
        &mut self,
        transform: &Transform,
        width: f64,
        spacing: f64,
        size: f64,
        char: &str,
    ) -> Result<(), OutputError> {
        self.count.step(char.len())?;
        self.inner.output_character(transform, width, spacing, size, char)
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.count.step(1)?;
        self.inner.begin_word()
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        self.inner.end_word()
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        self.inner.end_line()
    }

    fn stroke(&mut self, _: &Transform, _: &ColorSpace, _: &[f64], _: &Path) -> Result<(), OutputError> {
        self.count.step(0)
    }

    fn fill(&mut self, _: &Transform, _: &ColorSpace, _: &[f64], _: &Path) -> Result<(), OutputError> {
        self.count.step(0)
    }
}
