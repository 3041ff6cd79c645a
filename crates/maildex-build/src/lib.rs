//! Reads mail archives and compiles them into a Maildex archive.
//!
//! [`input`]: files → containers and formats → raw messages. [`message`]: raw message → parsed message and problems.
//! `released`: printed mail in the texts of released documents → the same parsed message. [`attached`]: the words of attached documents, in a process of its own. [`threads`]: who answers whom. [`build`] joins them and writes the archive. Nothing here prints or ends the process;
//! progress and problems go to the caller.
//!
//! All but [`build`] and the opening of files also compiles for wasm32, so that a browser can read an archive one day.

#![forbid(unsafe_code)]

#[cfg(not(target_family = "wasm"))]
pub mod attached;
#[cfg(not(target_family = "wasm"))]
pub mod build;
mod draft;
pub mod input;
pub mod message;
mod outlook;
#[cfg(not(target_family = "wasm"))]
pub mod privacy;
#[cfg(not(target_family = "wasm"))]
pub mod released;
pub mod threads;
