//! The program `git`, asked for the history and the objects of a repository that may be anyone's.

use crate::input::report::Reason;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Bytes of a line of the history; names of files in an inbox have at most 41.
const MAX_LINE: u64 = 1 << 16;
/// Times that `git` is started again after it ended at a damaged object.
const MAX_RESTARTS: u32 = 100;

/// The name of an object; those of 20 bytes have zeros behind.
pub(super) type Id = [u8; 32];

/// Why a repository is not read.
pub(super) struct Refused {
    pub(super) reason: Reason,
    pub(super) detail: &'static str,
}

/// What a commit did.
pub(super) enum Change {
    /// Version 2: a message came.
    Message(Id),
    /// Version 2: it was deleted.
    Deletion(Id),
    /// Version 1: the file of this name came or changed, or went away.
    File(Vec<u8>, Option<Id>),
}

/// The content of a message.
pub(super) struct Blob {
    pub(super) bytes: Vec<u8>,
    pub(super) cut: bool,
}

/// A repository that is being read.
pub(super) struct Repository {
    objects: PathBuf,
    /// The folder that `git` takes for the repository.
    own: tempfile::TempDir,
    /// The newest commit.
    tip: String,
    reader: Option<ObjectReader>,
    n_restarts: u32,
}

struct ObjectReader {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for ObjectReader {
    fn drop(&mut self) {
        // One that has ended already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Repository {
    /// Looks at a bare repository; refuses one that is no public inbox.
    pub(super) fn open(folder: &Path) -> Result<Repository, Refused> {
        let refused = |reason, detail| Refused { reason, detail };
        let tip = tip(folder).ok_or_else(|| refused(Reason::Empty, "a git repository without commits"))?;
        let own = borrowed(folder, tip.len())
            .map_err(|_| refused(Reason::Unreadable, "no room for a temporary folder"))?;
        let objects = folder.join("objects").canonicalize();
        let objects = objects.map_err(|_| refused(Reason::Unreadable, "its objects cannot be read"))?;
        let repository = Repository { objects, own, tip, reader: None, n_restarts: 0 };
        let listed = repository.git(&["ls-tree", "--name-only", &repository.tip]).output();
        let listed = match listed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(refused(
                    Reason::Unreadable,
                    "a git repository; the program git, which reads it, was not found",
                ));
            }
            Err(_) => return Err(refused(Reason::Unreadable, "the program git does not start")),
            Ok(output) if !output.status.success() => {
                return Err(refused(Reason::Damaged, "a git repository whose newest commit cannot be read"));
            }
            Ok(output) => output.stdout,
        };
        let is_inbox = |name: &[u8]| matches!(name, b"m" | b"d") || name.len() == 2 && is_hex(name);
        let mut names = listed.split(|byte| *byte == b'\n').filter(|name| !name.is_empty());
        // All mail may have been removed.
        if listed.is_empty() || names.any(is_inbox) {
            Ok(repository)
        } else {
            Err(refused(Reason::NotMail, "a git repository that is no public inbox"))
        }
    }

    /// The name of an object as people write it.
    pub(super) fn name(&self, id: &Id) -> String {
        id[..self.tip.len() / 2].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Tells what commits did, the newest first. What was told before damage stands.
    ///
    /// # Errors
    /// If the history cannot be read to its beginning.
    pub(super) fn history(&self, tell: &mut dyn FnMut(Change)) -> Result<(), String> {
        let walk = [
            "log",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--no-textconv",
            "--format=",
            "-m",
            "--first-parent",
        ];
        let mut command = self.git(&walk);
        let failed = |error: io::Error| error.to_string();
        let mut child = command.arg(&self.tip).arg("--").stdout(Stdio::piped()).spawn().map_err(failed)?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut line = Vec::new();
        loop {
            line.clear();
            let n = (&mut lines).take(MAX_LINE).read_until(b'\n', &mut line).map_err(failed)?;
            if n == 0 {
                break;
            }
            if let Some(change) = read_change(&line) {
                tell(change);
            }
        }
        let status = child.wait().map_err(failed)?;
        if status.success() {
            Ok(())
        } else {
            Err("the history breaks off: what is older is not read".to_owned())
        }
    }

    /// The first `most` bytes of an object.
    ///
    /// # Errors
    /// If it is missing, damaged or no file.
    pub(super) fn blob(&mut self, id: &Id, most: u64) -> Result<Blob, String> {
        let name = self.name(id);
        if self.n_restarts > MAX_RESTARTS {
            return Err("too many damaged objects before".to_owned());
        }
        let result = self.ask(&name, most);
        result.unwrap_or_else(|_| {
            self.reader = None;
            self.n_restarts += 1;
            Err("damaged object".to_owned())
        })
    }

    /// An outer error means that `git` has ended.
    fn ask(&mut self, name: &str, most: u64) -> io::Result<Result<Blob, String>> {
        if self.reader.is_none() {
            // Files beyond this are not taken into memory as a whole.
            let mut command = self.git(&["-c", "core.bigFileThreshold=32m", "cat-file", "--batch"]);
            let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
            let requests = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
            let answers = BufReader::new(child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?);
            self.reader = Some(ObjectReader { child, requests, answers });
        }
        let reader = self.reader.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        reader.requests.write_all(format!("{name}\n").as_bytes())?;
        reader.requests.flush()?;
        let mut head = Vec::new();
        (&mut reader.answers).take(MAX_LINE).read_until(b'\n', &mut head)?;
        let head = String::from_utf8_lossy(&head);
        let mut words = head.split_whitespace().skip(1);
        let (kind, size) = (words.next().ok_or(io::ErrorKind::UnexpectedEof)?, words.next());
        let Some(size) = size.and_then(|size| size.parse::<u64>().ok()) else {
            return Ok(Err("missing object".to_owned()));
        };
        let is_file = kind == "blob";
        let mut bytes = Vec::new();
        (&mut reader.answers).take(size.min(most)).read_to_end(&mut bytes)?;
        let rest = size - bytes.len() as u64;
        if (bytes.len() as u64) < size.min(most) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        io::copy(&mut (&mut reader.answers).take(rest + 1), &mut io::sink())?;
        Ok(if is_file {
            Ok(Blob { bytes, cut: rest > 0 })
        } else {
            Err("an object that is no file".to_owned())
        })
    }

    /// `git` with nothing of the repository but its objects, and nothing of the user's configuration.
    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"GIT_") {
                command.env_remove(name);
            }
        }
        command
            .env("GIT_DIR", self.own.path())
            .env("GIT_OBJECT_DIRECTORY", &self.objects)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.own.path().join("none"))
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .args(["--no-pager", "-c", "core.commitGraph=false"])
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

/// A folder that `git` takes for a repository: the objects come from elsewhere.
fn borrowed(folder: &Path, n_hex: usize) -> io::Result<tempfile::TempDir> {
    let own = tempfile::tempdir()?;
    fs::create_dir(own.path().join("refs"))?;
    fs::write(own.path().join("HEAD"), "ref: refs/heads/master\n")?;
    let version = if n_hex == 64 {
        "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n"
    } else {
        "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
    };
    fs::write(own.path().join("config"), version)?;
    // A mirror of the newest commits only names where it ends.
    if let Ok(shallow) = fs::read(folder.join("shallow")) {
        fs::write(own.path().join("shallow"), shallow)?;
    }
    Ok(own)
}

/// The newest commit of a repository (gitrepository-layout(5): HEAD, refs, packed-refs).
fn tip(folder: &Path) -> Option<String> {
    let head = fs::read_to_string(folder.join("HEAD")).ok()?;
    let is_commit = |word: &str| matches!(word.len(), 40 | 64) && is_hex(word.as_bytes());
    let Some(name) = head.strip_prefix("ref:").map(str::trim) else {
        return Some(head.trim().to_owned()).filter(|word| is_commit(word));
    };
    if !name.starts_with("refs/") || name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return None;
    }
    let loose = fs::read_to_string(folder.join(name)).ok().map(|text| text.trim().to_owned());
    loose.filter(|word| is_commit(word)).or_else(|| {
        let packed = fs::read_to_string(folder.join("packed-refs")).ok()?;
        let own = packed.lines().find_map(|line| line.split_once(' ').filter(|(_, own)| *own == name));
        own.map(|(word, _)| word.to_owned()).filter(|word| is_commit(word))
    })
}

fn is_hex(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Reads a line such as `:100644 100644 <old> <new> M<tab>m` (git-diff-tree(1), "Raw output format").
fn read_change(line: &[u8]) -> Option<Change> {
    let line = line.strip_suffix(b"\n").unwrap_or(line).strip_prefix(b":")?;
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (about, name) = (std::str::from_utf8(&line[..tab]).ok()?, &line[tab + 1..]);
    let mut words = about.split(' ').skip(1);
    let (mode, new) = (words.next()?, words.nth(1)?);
    // Only files; the mode of what is gone is zero.
    let id = match mode {
        _ if mode.starts_with("100") => Some(read_id(new)?),
        "000000" => None,
        _ => return None,
    };
    match (name, id) {
        (b"m", id) => id.map(Change::Message),
        (b"d", id) => id.map(Change::Deletion),
        // ab/cdef…: the SHA-1 of the Message-ID.
        _ if name.len() == 41 && name[2] == b'/' && is_hex(&name[..2]) && is_hex(&name[3..]) => {
            Some(Change::File(name.to_vec(), id))
        }
        _ => None,
    }
}

fn read_id(hex: &str) -> Option<Id> {
    let mut id = [0; 32];
    if !matches!(hex.len(), 40 | 64) || !is_hex(hex.as_bytes()) {
        return None;
    }
    for (byte, at) in id.iter_mut().zip((0..hex.len()).step_by(2)) {
        *byte = u8::from_str_radix(&hex[at..at + 2], 16).ok()?;
    }
    Some(id)
}
