//! What a process uses at one moment.

use lanner_model::time::MonoNs;

use super::stat::Stat;
use crate::folder::{Buffer, Folder};
use crate::host::cpu::TICK_NS;
use crate::rate::Counted;
use crate::text::{number, value_of, words};

/// What a process uses at one moment; counters are since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Reading {
    pub(crate) at: MonoNs,
    pub(crate) state: char,
    pub(crate) ppid: i64,
    pub(crate) threads: u64,
    pub(crate) cpu_ns: u64,
    /// `None` for kernel threads, which have no memory of their own.
    pub(crate) resident_bytes: Option<u64>,
    pub(crate) fds: Option<u64>,
    pub(crate) disk_read_bytes: Option<u64>,
    pub(crate) disk_written_bytes: Option<u64>,
    /// `/proc` does not know these two: the agent's probe may.
    pub(crate) received_bytes: Option<u64>,
    pub(crate) sent_bytes: Option<u64>,
}

/// How the number of a process's descriptors is learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FdCount {
    /// `st_size` of `/proc/PID/fd`, since Linux 6.2.
    Size,
    /// By listing the folder.
    Listing,
}

impl FdCount {
    /// Whether this kernel tells the number: this process itself has descriptors, so a size of 0 is a no.
    pub(crate) fn of(proc: &Folder) -> Self {
        let tells = proc.is_procfs() && proc.stat("self/fd").is_some_and(|stat| stat.st_size > 0);
        if tells { FdCount::Size } else { FdCount::Listing }
    }

    /// The number of descriptors of the process that `path` has entered; `None` where it may not be read.
    pub(crate) fn count(self, proc: &Folder, path: &mut Path, buffer: &mut Buffer) -> Option<u64> {
        match self {
            FdCount::Size => u64::try_from(proc.stat(path.file("fd"))?.st_size).ok(),
            FdCount::Listing => {
                let folder = proc.open_below(path.file("fd")).ok()?;
                let mut count = 0;
                folder.entries(buffer, |_, _| count += 1);
                Some(count)
            }
        }
    }
}

/// A path `PID/file`, without an allocation for each.
#[derive(Debug, Default)]
pub(crate) struct Path {
    text: String,
    folder_end: usize,
}

impl Path {
    pub(crate) fn enter(&mut self, pid: u32) {
        use std::fmt::Write;
        self.text.clear();
        // Writing into a string does not fail.
        let _ = write!(self.text, "{pid}/");
        self.folder_end = self.text.len();
    }

    pub(crate) fn enter_self(&mut self) {
        self.text.clear();
        self.text.push_str("self/");
        self.folder_end = self.text.len();
    }

    pub(crate) fn file(&mut self, name: &str) -> &str {
        self.text.truncate(self.folder_end);
        self.text.push_str(name);
        &self.text
    }
}

/// Resident memory; `None` where it may not be read. It comes from `statm`: since Linux 6.2 the counters
/// behind `stat` are per CPU and that file adds them up only roughly (8 % off was seen with 2 CPUs and 1 MiB).
pub(crate) fn resident_bytes(proc: &Folder, path: &mut Path, buffer: &mut Buffer) -> Option<u64> {
    let pages = words(proc.read_short(path.file("statm"), buffer)?).nth(1).and_then(number)?;
    pages.checked_mul(rustix::param::page_size() as u64)
}

/// Reads what `/proc/PID/stat` does not say, of the process that `path` has entered.
pub(crate) fn read(
    proc: &Folder,
    path: &mut Path,
    fd_count: FdCount,
    stat: &Stat<'_>,
    at: MonoNs,
    buffer: &mut Buffer,
) -> Reading {
    let mut reading = Reading {
        at,
        state: stat.state,
        ppid: stat.ppid,
        threads: stat.threads,
        cpu_ns: stat.cpu_ticks.saturating_mul(TICK_NS),
        ..Reading::default()
    };
    if stat.is_kernel_thread() {
        // Descriptors and I/O of its own it has none either.
        return reading;
    }
    reading.resident_bytes = resident_bytes(proc, path, buffer);
    // The kernel adds what a child had read and written to its parent's when that has waited for it
    // (`wait_task_zombie` of kernel/exit.c): bytes of programs too short-lived to be seen are the shell's.
    if let Some(file) = proc.read_short(path.file("io"), buffer) {
        reading.disk_read_bytes = value_of(file, b"read_bytes");
        reading.disk_written_bytes = value_of(file, b"write_bytes");
    }
    reading.fds = fd_count.count(proc, path, buffer);
    reading
}

impl Reading {
    pub(crate) fn cpu(&self) -> Counted {
        Counted { at: self.at, value: Some(self.cpu_ns) }
    }

    pub(crate) fn disk_read(&self) -> Counted {
        Counted { at: self.at, value: self.disk_read_bytes }
    }

    pub(crate) fn disk_written(&self) -> Counted {
        Counted { at: self.at, value: self.disk_written_bytes }
    }

    pub(crate) fn received(&self) -> Counted {
        Counted { at: self.at, value: self.received_bytes }
    }

    pub(crate) fn sent(&self) -> Counted {
        Counted { at: self.at, value: self.sent_bytes }
    }

    /// What a process had used when it began: nothing.
    pub(crate) fn at_start(start: MonoNs) -> Self {
        Self {
            at: start,
            disk_read_bytes: Some(0),
            disk_written_bytes: Some(0),
            received_bytes: Some(0),
            sent_bytes: Some(0),
            ..Self::default()
        }
    }
}
