//! When one process began, asked for by its pid.

use lanner_model::id::{Pid, ProcessKey};
use lanner_model::time::{MonoNs, WallNs};

use super::stat;
use crate::error::{CollectError, open_proc};
use crate::folder::{Buffer, Folder};
use crate::host::cpu::TICK_NS;
use crate::roots::Roots;

/// Says when a process began exactly as tables and samples say it.
///
/// An event tells when a process was cloned a little later than `/proc` does, by the time between the
/// kernel's `start_boottime` and the event: often another tick. Who needs the same [`ProcessKey`] as the
/// tables asks here while the process lives (10 us); for one that is gone there is no row to find.
#[derive(Debug)]
pub struct ProcessStarts {
    proc: Folder,
    boot: WallNs,
    path: String,
    buffer: Buffer,
}

impl ProcessStarts {
    /// `boot` is the [`boot`](crate::Collector::boot) of the collector whose tables are meant.
    ///
    /// # Errors
    /// When there is no procfs.
    pub fn new(roots: &Roots, boot: WallNs) -> Result<Self, CollectError> {
        let proc = open_proc(&roots.proc)?;
        Ok(Self { proc, boot, path: String::new(), buffer: Buffer::default() })
    }

    /// The key of the process that has this pid now, if it began within a second of `about`; `None` when
    /// it is gone or the pid is another's by now.
    pub fn key(&mut self, pid: Pid, about: WallNs) -> Option<ProcessKey> {
        const SAME_NS: u64 = 1_000_000_000;
        use std::fmt::Write;
        self.path.clear();
        // Writing into a string does not fail.
        let _ = write!(self.path, "{pid}/stat");
        let stat = stat::parse(self.proc.read_short(&self.path, &mut self.buffer)?)?;
        let start = WallNs::of_process(self.boot, MonoNs(stat.start_ticks.saturating_mul(TICK_NS)));
        (start.0.abs_diff(about.0) <= SAME_NS).then_some(ProcessKey { pid, start })
    }
}
