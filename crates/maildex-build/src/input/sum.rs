//! What an input was, in one number: whoever has it can check that an archive was made of it.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// Bytes that are read at once.
const PIECE: usize = 1 << 16;
/// Folders inside each other; deeper ones hold nothing that is read.
const MAX_FOLDERS: u32 = 64;

/// The sum of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSum {
    /// SHA-256 in hexadecimal digits: of the file, or of the listing of a folder.
    pub sha256: String,
    /// Bytes of the file, or of all files of the folder.
    pub bytes: u64,
    /// Files of the folder; none for a file.
    pub files: Option<u64>,
}

/// Sums up a file; of a folder, the lines that `sha256sum` writes of its files, in the order of the bytes of their paths
/// inside it. Links in a folder are left out.
///
/// # Errors
/// If any of it cannot be read.
pub fn input_sum(path: &Path) -> io::Result<InputSum> {
    if !fs::metadata(path)?.is_dir() {
        let (sha256, bytes) = sum_file(path)?;
        return Ok(InputSum { sha256, bytes, files: None });
    }
    let mut files = BTreeMap::new();
    collect(path, "", 0, &mut files)?;
    let (mut listing, mut total) = (Sha256::new(), 0);
    for (name, file) in &files {
        let (sum, bytes) = sum_file(file)?;
        listing.update(format!("{sum}  {name}\n"));
        total += bytes;
    }
    Ok(InputSum { sha256: hex(listing), bytes: total, files: Some(files.len() as u64) })
}

fn collect(folder: &Path, prefix: &str, depth: u32, files: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    if depth > MAX_FOLDERS {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), depth + 1, files)?;
        } else if kind.is_file() {
            files.insert(name, entry.path());
        }
    }
    Ok(())
}

fn sum_file(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let (mut hash, mut total) = (Sha256::new(), 0);
    let mut piece = vec![0; PIECE];
    loop {
        let n = file.read(&mut piece)?;
        if n == 0 {
            return Ok((hex(hash), total));
        }
        hash.update(&piece[..n]);
        total += n as u64;
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn a_file_is_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "abc").unwrap();
        assert_eq!(input_sum(&file).unwrap(), InputSum { sha256: ABC.into(), bytes: 3, files: None });
        assert!(input_sum(&folder.path().join("absent")).is_err());
    }

    #[test]
    fn a_folder_is_its_listing_in_the_order_of_paths() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        for name in ["a/b", "a.txt", "a/é"] {
            fs::write(folder.path().join(name), "abc").unwrap();
        }
        let listing = format!("{ABC}  a.txt\n{ABC}  a/b\n{ABC}  a/é\n");
        let expected = crate::build::site::sum(listing.as_bytes());
        assert_eq!(
            input_sum(folder.path()).unwrap(),
            InputSum { sha256: expected, bytes: 9, files: Some(3) }
        );
    }
}
