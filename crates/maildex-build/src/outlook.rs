//! Outlook's mail, which is no text but properties: PST and OST files (`pst`, `heap`), .msg files (`msg`), winmail.dat
//! (`tnef`). All come to an [`item::Item`], and that to mail as it would have been sent (`crate::draft`).

#[cfg(not(target_family = "wasm"))]
mod cipher;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod heap;
pub(crate) mod item;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod msg;
pub(crate) mod property;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod pst;
mod rtf;
pub(crate) mod sort;
pub(crate) mod tnef;

/// The text of an RTF file.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn rtf_text(bytes: &[u8]) -> String {
    match rtf::unwrap(bytes) {
        rtf::Unwrapped::Text(text) => text,
        rtf::Unwrapped::Html(html) => crate::message::page_text(&html),
    }
}
