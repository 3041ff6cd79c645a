//! Documents that are no text, told by their first bytes: names and declared types are their sender's choice.

/// Files whose words are read outside of this process, by the module `attached`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Pdf,
    Rtf,
    /// Office files since 2007, OpenDocument, and archives.
    Zip,
    /// Office files before 2007.
    Compound,
    Tar,
    Gzip,
}

/// Where the magic of a tar header lies (POSIX.1-2017, pax, "ustar Interchange Format").
const TAR_MAGIC: usize = 257;

/// The kind of a file; `None` for what has no reader.
pub(crate) fn kind(bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Some(Kind::Zip),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Some(Kind::Compound),
        [b'{', b'\\', b'r', b't', b'f', ..] => Some(Kind::Rtf),
        [0x1F, 0x8B, 8, ..] => Some(Kind::Gzip),
        _ if bytes.get(TAR_MAGIC..).is_some_and(|rest| rest.starts_with(b"ustar")) => Some(Kind::Tar),
        _ => is_pdf(bytes).then_some(Kind::Pdf),
    }
}

/// Readers of PDF look for its mark in the first kilobyte (ISO 32000-1, annex H, note 13). A text that speaks of PDF may
/// have it there too, but not what stands at the end of such files.
fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    bytes.starts_with(b"%PDF-")
        || head.windows(5).any(|word| word == b"%PDF-") && tail.windows(9).any(|word| word == b"startxref")
}
