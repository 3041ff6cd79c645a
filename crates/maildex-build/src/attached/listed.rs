//! Archives whose members are named and not opened.

use super::{MAX_MEMBERS, MAX_UNPACKED, Unread, Words};
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// The names of members, one a line.
pub(super) fn names<'n>(names: impl Iterator<Item = &'n str>) -> Words {
    let mut words = Words::default();
    for (number, name) in names.enumerate() {
        if number == MAX_MEMBERS {
            words.unread = Some(Unread::TooMuch);
            break;
        }
        words.text.push_str(name);
        words.text.push('\n');
    }
    words
}

/// The names in a tar archive.
pub(super) fn tar(archive: impl Read) -> Words {
    let mut found = Vec::new();
    let mut is_damaged = false;
    let mut archive = tar::Archive::new(archive.take(MAX_UNPACKED));
    let Ok(entries) = archive.entries() else { return Words::none(Unread::Damaged) };
    for entry in entries.take(MAX_MEMBERS + 1) {
        let Ok(entry) = entry else {
            is_damaged = true;
            break;
        };
        found.push(String::from_utf8_lossy(&entry.path_bytes()).into_owned());
    }
    let mut words = names(found.iter().map(String::as_str));
    if is_damaged {
        words.unread = Some(Unread::Damaged);
    }
    words
}

/// The names in a packed tar archive, or the text that was packed.
pub(super) fn gzip(bytes: &[u8], most: usize) -> Words {
    let mut start = Vec::new();
    let mut unpacked = MultiGzDecoder::new(bytes).take(most as u64 + 1);
    // What was unpacked before damage stays.
    let is_whole = unpacked.read_to_end(&mut start).is_ok();
    if start.get(257..).is_some_and(|rest| rest.starts_with(b"ustar")) {
        return tar(MultiGzDecoder::new(bytes));
    }
    let is_text = !start[..start.len().min(4096)].iter().any(|byte| matches!(byte, 0..=8 | 14..=26));
    let text = if is_text { crate::message::decode(&start, None).into_owned() } else { String::new() };
    Words { text, unread: (!is_whole).then_some(Unread::Damaged) }
}
