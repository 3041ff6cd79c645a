//! Reads mail archives and compiles them into a Maildex archive.
//!
//! files → containers and formats → raw messages → parsed messages and problems → copies → threads → date order →
//! sections of the archive. Nothing here prints or ends the process; progress and problems go to the caller.

#![forbid(unsafe_code)]

pub mod input;
pub mod message;
pub mod threads;
