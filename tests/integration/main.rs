//! What holds across crates, in one binary.

mod adding;
mod format_versions;
mod formats;
mod fuzz_queries;
mod imaptest;
mod kinds;
mod mailboxes;
mod other_forms;
mod real_mail;
mod released;
mod scripts;
mod sparse_reading;
mod suggestions;
mod tidy;
mod values;
