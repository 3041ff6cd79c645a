//! What Ctrl-C does to a build: it takes away what lies half done beside the site, and never tears a site that is being
//! put in its place.

use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use maildex_build::build::Progress;
use maildex_build::build::site::remove_unfinished;

use crate::progress::Meter;

/// What a shell calls a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing of the site is in its place.
    Working,
    /// The site takes its place: too late to stop.
    Committed,
    /// The process is about to end.
    Ending,
}

/// A build that Ctrl-C, SIGTERM and a closed terminal end cleanly.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    meter: Arc<Meter>,
    state: Arc<Mutex<State>>,
}

impl Guard {
    /// Guards the build of the site `out`. To be called once in a process; fails where the system allows no handler.
    pub(crate) fn new(out: PathBuf, meter: Meter) -> Result<Guard> {
        let guard = Guard { meter: Arc::new(meter), state: Arc::new(Mutex::new(State::Working)) };
        let own = guard.clone();
        ctrlc::set_handler(move || own.end(&out)).context("cannot watch for Ctrl-C")?;
        Ok(guard)
    }

    /// Waits for the end of the process where it is about to end: what fails because its files are taken away is not
    /// worth a word.
    pub(crate) fn settle(&self) {
        if *self.state() == State::Ending {
            loop {
                thread::park();
            }
        }
    }

    fn end(&self, out: &Path) {
        let mut state = self.state();
        if *state != State::Working {
            return;
        }
        *state = State::Ending;
        drop(state);
        remove_unfinished(out);
        self.meter.finish();
        // Nobody is there to read it if this fails.
        self.meter.say("maildex: interrupted; nothing was written");
        process::exit(INTERRUPTED);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Guard {
    fn start(&self, phase: &str, total: Option<u64>) {
        self.meter.start(phase, total);
    }

    fn advance(&self, n: u64, messages: u64) {
        self.meter.advance(n, messages);
    }

    fn finish(&self) {
        self.meter.finish();
    }

    fn commit(&self) {
        let mut state = self.state();
        if *state == State::Working {
            *state = State::Committed;
        }
        drop(state);
        self.settle();
    }
}
