//! What a worker may use, set by itself: a file that takes more ends it.

/// Bytes of address space: a file of the greatest length, what it unpacks to, and twice as much again.
#[cfg(unix)]
const MEMORY: u64 = 1 << 30;
/// Seconds of computing for one file. PDF files of some hundred pages take less than one.
#[cfg(unix)]
const SECONDS: u64 = 15;

/// Limits the memory of this process. On systems that know no such limit, it has none.
pub(super) fn memory() {
    #[cfg(unix)]
    limit(rustix::process::Resource::As, MEMORY);
}

/// Limits the computing for the next file, counted by the process's own clock: others on the computer take nothing of it.
pub(super) fn time() {
    #[cfg(unix)]
    {
        let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime).tv_sec;
        limit(rustix::process::Resource::Cpu, used.unsigned_abs() + SECONDS);
    }
}

#[cfg(unix)]
fn limit(what: rustix::process::Resource, most: u64) {
    let own = rustix::process::getrlimit(what);
    let most = own.maximum.map_or(most, |maximum| most.min(maximum));
    // Where it is refused, the parent's clock stands behind it.
    let _ = rustix::process::setrlimit(
        what,
        rustix::process::Rlimit { current: Some(most), maximum: own.maximum },
    );
}
