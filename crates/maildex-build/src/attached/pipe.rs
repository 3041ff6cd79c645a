//! The two ends of the pipe: who hands files over, and the worker that reads them.
//!
//! A request is u64 length, u32 bytes of text that are wanted, and the file; an answer is u8 outcome, u32 length and the
//! text. All numbers are little-endian.

use super::{MAX_FILE, Unread, Words, limits, read};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// The argument that makes the program a worker.
const ARGUMENT: &str = "read-attachments";
/// How long one file may take by the clock on the wall: far more than a worker gives itself, so that a busy computer reads
/// the same. Where there is no other limit, what a person waits for.
const MOST_TIME: Duration = Duration::from_secs(if cfg!(unix) { 3600 } else { 60 });
/// What may become of a file in a worker, by the number that says it.
const OUTCOMES: [Option<Unread>; 5] =
    [None, Some(Unread::Cut), Some(Unread::Locked), Some(Unread::Damaged), Some(Unread::TooMuch)];

/// Reads the words of attachments in another process.
#[derive(Debug)]
pub struct Reader {
    program: PathBuf,
    worker: Option<Worker>,
}

#[derive(Debug)]
struct Worker {
    child: Child,
    requests: ChildStdin,
    answers: Receiver<Words>,
    n_read: u64,
}

impl Drop for Worker {
    fn drop(&mut self) {
        // One that has ended already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reader {
    /// A reader whose worker is started with the first file: `program` with the argument `read-attachments`.
    pub fn new(program: &Path) -> Reader {
        Reader { program: program.to_owned(), worker: None }
    }

    /// The words of an attachment, at most `most` bytes.
    ///
    /// A worker that ends is replaced. Only a new one has the last word, so that what a file gives does not depend on those
    /// that were read before it.
    pub fn read(&mut self, bytes: &[u8], most: usize) -> Words {
        if bytes.len() > MAX_FILE {
            return Words::none(Unread::TooLarge);
        }
        for _ in 0..2 {
            let is_new = self.worker.as_ref().is_none_or(|worker| worker.n_read == 0);
            match self.ask(bytes, most) {
                Ok(words) => return words,
                Err(_) => self.worker = None,
            }
            if is_new {
                break;
            }
        }
        Words::none(Unread::Failed)
    }

    fn ask(&mut self, bytes: &[u8], most: usize) -> io::Result<Words> {
        if self.worker.is_none() {
            self.worker = Some(start(&self.program)?);
        }
        let worker = self.worker.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        worker.requests.write_all(&(bytes.len() as u64).to_le_bytes())?;
        worker.requests.write_all(&u32::try_from(most).unwrap_or(u32::MAX).to_le_bytes())?;
        worker.requests.write_all(bytes)?;
        worker.requests.flush()?;
        let words = worker.answers.recv_timeout(MOST_TIME).map_err(io::Error::other)?;
        worker.n_read += 1;
        Ok(words)
    }
}

fn start(program: &Path) -> io::Result<Worker> {
    let mut command = Command::new(program);
    command.arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let requests = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let (sender, answers) = channel();
    // Pipes know no time limit; a thread that waits and a channel do. It ends with the worker.
    std::thread::spawn(move || {
        while let Ok(words) = take_answer(&mut out) {
            if sender.send(words).is_err() {
                break;
            }
        }
    });
    Ok(Worker { child, requests, answers, n_read: 0 })
}

fn take_answer(out: &mut impl Read) -> io::Result<Words> {
    let mut head = [0; 5];
    out.read_exact(&mut head)?;
    let unread = *OUTCOMES.get(usize::from(head[0])).ok_or(io::ErrorKind::InvalidData)?;
    let n = u64::from(u32::from_le_bytes([head[1], head[2], head[3], head[4]]));
    let mut text = Vec::new();
    out.take(n.min(MAX_FILE as u64)).read_to_end(&mut text)?;
    if (text.len() as u64) < n {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Words { text: String::from_utf8_lossy(&text).into_owned(), unread })
}

/// Answers requests until there are no more: what the program does when it is started as a worker. It limits what this
/// process may use.
///
/// # Errors
/// If the pipes break, or a request is none.
pub fn serve(requests: impl Read, answers: impl Write) -> io::Result<()> {
    limits::memory();
    // Nobody reads what a crate says when it fails.
    std::panic::set_hook(Box::new(|_| {}));
    answer(requests, answers, limits::time)
}

/// Answers requests; `begin` is called before each file is looked at.
pub(super) fn answer(mut requests: impl Read, mut answers: impl Write, begin: fn()) -> io::Result<()> {
    loop {
        let mut head = [0; 12];
        match requests.read_exact(&mut head) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            result => result?,
        }
        let (length, most) = head.split_at(8);
        let length = u64::from_le_bytes(length.try_into().map_err(io::Error::other)?);
        let most = u32::from_le_bytes(most.try_into().map_err(io::Error::other)?) as usize;
        if length > MAX_FILE as u64 {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut bytes = vec![0; length as usize];
        requests.read_exact(&mut bytes)?;
        begin();
        let words = read(&bytes, most);
        let outcome = OUTCOMES.iter().position(|outcome| *outcome == words.unread).unwrap_or(0);
        answers.write_all(&[outcome as u8])?;
        answers.write_all(&(words.text.len() as u32).to_le_bytes())?;
        answers.write_all(words.text.as_bytes())?;
        answers.flush()?;
    }
}
