//! Whether a step has to run again: a hash of everything it is made of, kept beside what it made.

use std::hash::{DefaultHasher, Hasher};
use std::path::Path;
use std::{fs, io};

use anyhow::{Context, Result};

/// A hash of the names and contents of files. Content and not time, because a fresh checkout and a switch of
/// branches change only times.
#[derive(Default)]
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    pub(crate) fn new() -> Fingerprint {
        Fingerprint::default()
    }

    /// Adds a file, or every file under a folder except installed packages.
    pub(crate) fn with(mut self, path: &Path) -> Result<Fingerprint> {
        self.add(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(self)
    }

    fn add(&mut self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries.iter().filter(|entry| entry.file_name() != "node_modules") {
                self.add(&entry.path())?;
            }
        } else {
            let content = fs::read(path)?;
            self.0.write(path.as_os_str().as_encoded_bytes());
            self.0.write_u64(content.len() as u64);
            self.0.write(&content);
        }
        Ok(())
    }

    /// Runs `step` unless `stamp` says that it ran on the same files.
    pub(crate) fn unless_current(&self, stamp: &Path, step: impl FnOnce() -> Result<()>) -> Result<()> {
        let current = format!("{:016x}\n", self.0.finish());
        if fs::read_to_string(stamp).is_ok_and(|before| before == current) {
            return Ok(());
        }
        // A step that is interrupted must run again.
        let _ = fs::remove_file(stamp);
        step()?;
        fs::write(stamp, current).with_context(|| format!("cannot write {}", stamp.display()))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_step_runs_when_something_changed() {
        let folder = std::env::temp_dir().join(format!("maildex-fingerprint-{}", std::process::id()));
        let source = folder.join("source");
        fs::create_dir_all(source.join("node_modules")).unwrap();
        let runs = Cell::new(0);
        let step = || {
            Fingerprint::new().with(&source).unwrap().unless_current(&folder.join("stamp"), || {
                runs.set(runs.get() + 1);
                Ok(())
            })
        };
        let expect = |n| {
            step().unwrap();
            assert_eq!(runs.get(), n);
        };
        expect(1);
        expect(1);
        fs::write(source.join("a.ts"), "1").unwrap();
        expect(2);
        fs::write(source.join("node_modules/b.js"), "1").unwrap();
        expect(2);
        fs::rename(source.join("a.ts"), source.join("b.ts")).unwrap();
        expect(3);
        fs::remove_dir_all(folder).unwrap();
    }
}
