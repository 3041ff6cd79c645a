//! How far a build is: a moving bar where a person watches, a line now and then where a log is kept.

use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use maildex_build::build::Progress;

use crate::terminal::Terminal;
use crate::words;

/// The least time between two lines in a log.
const PACE: Duration = Duration::from_secs(5);

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    Bar,
    Lines,
    Nothing,
}

impl Show {
    /// What suits who is there: a person who watches, or a log.
    pub(crate) fn for_person(quiet: bool, terminal: &Terminal<'_>) -> Show {
        match (quiet, terminal.watched) {
            (true, _) => Show::Nothing,
            (false, true) => Show::Bar,
            (false, false) => Show::Lines,
        }
    }
}

/// Shows progress on standard error.
#[derive(Debug)]
pub(crate) struct Meter {
    show: Show,
    phase: Mutex<Option<Phase>>,
}

#[derive(Debug)]
struct Phase {
    name: String,
    total: Option<u64>,
    done: u64,
    messages: u64,
    began: Instant,
    said: Instant,
    bar: Option<ProgressBar>,
}

impl Meter {
    pub(crate) fn new(show: Show) -> Meter {
        Meter { show, phase: Mutex::new(None) }
    }

    /// Says a line beside the progress.
    pub(crate) fn say(&self, line: &str) {
        // What cannot be said is no reason to fail.
        let _ = writeln!(io::stderr(), "{line}");
    }

    fn phase(&self) -> MutexGuard<'_, Option<Phase>> {
        // A worker that died leaves numbers behind that are good enough for a bar.
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Meter {
    fn start(&self, phase: &str, total_bytes: Option<u64>) {
        let now = Instant::now();
        let bar = (self.show == Show::Bar).then(|| bar(phase, total_bytes));
        *self.phase() = Some(Phase {
            name: phase.to_owned(),
            total: total_bytes,
            done: 0,
            messages: 0,
            began: now,
            said: now,
            bar,
        });
    }

    fn advance(&self, n: u64, messages: u64) {
        let mut guard = self.phase();
        let Some(phase) = guard.as_mut() else { return };
        phase.done += n;
        phase.messages += messages;
        if let Some(bar) = &phase.bar {
            bar.inc(n);
            bar.set_message(pace(phase.done, phase.messages, phase.began.elapsed()));
        } else if self.show == Show::Lines && phase.said.elapsed() >= PACE {
            phase.said = Instant::now();
            let said = said(&phase.name, phase.done, phase.total, phase.messages, phase.began.elapsed());
            self.say(&said);
        }
    }

    fn finish(&self) {
        if let Some(bar) = self.phase().take().and_then(|phase| phase.bar) {
            bar.finish_and_clear();
        }
    }
}

fn bar(phase: &str, total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template = match total {
        Some(_) => "{prefix:<26} {bar:24} {percent:>3}%  {msg}, {eta} left",
        None => "{prefix:<26} {spinner} {elapsed}  {msg}",
    };
    let style = ProgressStyle::with_template(template).expect("the templates above are valid");
    bar.set_style(style.progress_chars("█▌░"));
    bar.set_prefix(phase.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// `reading: 34%, 12,000 messages, 25.00 MB/s, 3 seconds left`.
fn said(phase: &str, done: u64, total: Option<u64>, messages: u64, elapsed: Duration) -> String {
    let pace = pace(done, messages, elapsed);
    let Some(total) = total else { return format!("{phase}: {pace}") };
    let percent = u128::from(done.min(total)) * 100 / u128::from(total.max(1));
    let mut said = format!("{phase}: {percent}%, {pace}");
    if done > 0 {
        let left = elapsed.as_secs_f64() * total.saturating_sub(done) as f64 / done as f64;
        if let Ok(left) = Duration::try_from_secs_f64(left) {
            said.push_str(&format!(", {} left", HumanDuration(left)));
        }
    }
    said
}

/// `12,000 messages, 25.00 MB/s`. A phase that counts only messages gives them as its steps.
fn pace(done: u64, messages: u64, elapsed: Duration) -> String {
    let per_second = |n: u64| (n as f64 / elapsed.as_secs_f64().max(0.001)) as u64;
    let n = words::messages(messages);
    match (done, messages) {
        (0, _) => n,
        _ if done == messages => format!("{n}, {}/s", HumanCount(per_second(messages))),
        (_, 0) => format!("{}/s", words::bytes(per_second(done))),
        _ => format!("{n}, {}/s", words::bytes(per_second(done))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_rate_and_remaining_time() {
        let ten = Duration::from_secs(10);
        assert_eq!(
            said("reading", 50_000_000, Some(200_000_000), 12_000, ten),
            "reading: 25%, 12,000 messages, 5.00 MB/s, 30 seconds left"
        );
        assert_eq!(
            said("packing", 600, Some(800), 600, ten),
            "packing: 75%, 600 messages, 60/s, 3 seconds left"
        );
        assert_eq!(said("sorting", 20_000_000, None, 0, ten), "sorting: 2.00 MB/s");
        assert_eq!(said("writing", 0, None, 1, ten), "writing: 1 message");
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        said("reading", 0, Some(0), 0, Duration::ZERO);
        said("reading", 10, Some(5), u64::MAX, Duration::ZERO);
        said("reading", 1, Some(u64::MAX), 1, Duration::from_secs(1 << 40));
    }
}
