//! The key of pseudonyms: it must not be guessed by who reads the site, and be the same for the same inputs and options.

use crate::build::gather::how_to_read;
use crate::build::{BuildError, BuildOptions, Masks, Progress};
use crate::input::{self, InputError, Raw};
use sha2::{Digest as _, Sha256};

/// The key: of the list of what is blacked out, and of all mail or of what the caller keeps secret. `read` is the hash of
/// all mail, where it was read before.
pub(crate) fn key(
    options: &BuildOptions,
    read: Option<[u8; 32]>,
    progress: &dyn Progress,
) -> Result<[u8; 32], BuildError> {
    let mut hash = Sha256::new();
    if let Some(list) = &options.redact {
        hash.update(list.digest());
    }
    match (&options.masks, read) {
        (None, _) => {}
        (Some(Masks::ByKey(key)), _) => hash.update(key),
        (Some(Masks::ByInputs), Some(read)) => hash.update(read),
        (Some(Masks::ByInputs), None) => hash.update(inputs(options, progress)?),
    }
    Ok(hash.finalize().into())
}

/// The hash of all messages in order.
fn inputs(options: &BuildOptions, progress: &dyn Progress) -> Result<[u8; 32], BuildError> {
    let mut hash = Sha256::new();
    let total = options.inputs.iter().map(|path| input::size(path)).sum();
    progress.start("making the key of pseudonyms", Some(total));
    for path in &options.inputs {
        let mut before = 0;
        let mut sink = |raw: Raw| {
            hash.update(Sha256::digest(&raw.bytes));
            Ok(())
        };
        let mut consumed = |at: u64| {
            progress.advance(at.saturating_sub(before), 0);
            before = at;
        };
        match input::read_as(path, &how_to_read(options, path), &mut sink, &mut consumed) {
            Ok(_) | Err(InputError::Stopped) => {}
            Err(error) => return Err(BuildError::Input(error)),
        }
    }
    progress.finish();
    Ok(hash.finalize().into())
}
