//! All processes over the rounds.

use lanner_model::time::{MonoNs, WallNs};
use rustc_hash::FxHashMap;

use super::cpu_clock::CpuClocks;
use super::identity::{self, Identity};
use super::reading::{self, FdCount, Path, Reading};
use super::stat::{self, Stat};
use crate::clock::Clock;
use crate::folder::{Buffer, Folder};
use crate::host::cpu::TICK_NS;
use crate::text::number;

/// Rounds after which the memory of a process that did not run is read all the same: others can take it.
const MEMORY_ANYWAY_ROUNDS: u64 = 8;
/// Rounds after which everything is, who it is too: it may be moved to another cgroup without running.
const ALL_ANYWAY_ROUNDS: u64 = 64;

/// The age at which a process is taken to be set up.
const SETTLED_NS: u64 = 10_000_000_000;

/// All processes over the rounds.
#[derive(Debug)]
pub(crate) struct ProcessTable {
    processes: FxHashMap<u32, Process>,
    clocks: Option<CpuClocks>,
    fd_count: FdCount,
    round: u64,
    path: Path,
    pids: Vec<u32>,
    stat: Buffer,
}

/// One process.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) identity: Identity,
    pub(crate) now: Reading,
    /// Since boot.
    pub(crate) start: MonoNs,
    /// What it had used when the last live table was made, and the last samples.
    pub(crate) before: Before,
    seen: u64,
    /// Whether it is old, or was identified a second time: between `fork` and `exec` a process is set up
    /// (user, cgroup), and its first round may have been then.
    is_settled: bool,
    identified: u64,
    stack: u64,
}

/// Readings that rates are made against.
#[derive(Debug, Default)]
pub(crate) struct Before {
    pub(crate) table: Option<Reading>,
    pub(crate) samples: Option<Reading>,
}

impl ProcessTable {
    pub(crate) fn new(proc: &Folder) -> Self {
        Self {
            processes: FxHashMap::default(),
            clocks: CpuClocks::of(proc),
            fd_count: FdCount::of(proc),
            round: 0,
            path: Path::default(),
            pids: Vec::new(),
            stat: Buffer::default(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Process)> {
        self.processes.iter().map(|(pid, process)| (*pid, process))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (u32, &mut Process)> {
        self.processes.iter_mut().map(|(pid, process)| (*pid, process))
    }

    pub(crate) fn process(&self, pid: u32) -> Option<&Process> {
        self.processes.get(&pid)
    }

    pub(crate) fn fd_count(&self) -> FdCount {
        self.fd_count
    }

    pub(crate) fn len(&self) -> usize {
        self.processes.len()
    }

    /// Reads all processes. One that ends meanwhile is simply not there.
    pub(crate) fn read(&mut self, proc: &Folder, clock: &mut Clock, buffer: &mut Buffer) {
        self.round += 1;
        let mut pids = std::mem::take(&mut self.pids);
        pids.clear();
        proc.entries(buffer, |name, _| {
            pids.extend(number(name).and_then(|pid| u32::try_from(pid).ok()));
        });
        for &pid in &pids {
            self.read_one(proc, pid, clock(), buffer);
        }
        self.pids = pids;
        let round = self.round;
        self.processes.retain(|_, process| process.seen == round);
    }

    fn read_one(&mut self, proc: &Folder, pid: u32, at: MonoNs, buffer: &mut Buffer) -> Option<()> {
        let round = self.round;
        let cpu_ns = match self.clocks {
            Some(clocks) => Some(clocks.cpu_ns(pid)?),
            None => None,
        };
        self.path.enter(pid);
        // Spread by pid, so that rounds cost the same.
        let turn = round + u64::from(pid);
        if let (Some(cpu_ns), Some(process)) = (cpu_ns, self.processes.get_mut(&pid))
            && process.is_settled
            && process.now.cpu_ns == cpu_ns
            && !turn.is_multiple_of(ALL_ANYWAY_ROUNDS)
        {
            process.now.at = at;
            process.seen = round;
            if turn.is_multiple_of(MEMORY_ANYWAY_ROUNDS) && !process.identity.is_kernel_thread {
                process.now.resident_bytes = reading::resident_bytes(proc, &mut self.path, buffer);
            }
            return Some(());
        }
        // It stays in a buffer of its own: the other files are read while it is looked at.
        let stat = stat::parse(proc.read_short(self.path.file("stat"), &mut self.stat)?)?;
        let mut now = reading::read(proc, &mut self.path, self.fd_count, &stat, at, buffer);
        now.cpu_ns = cpu_ns.unwrap_or(now.cpu_ns);
        let start = MonoNs(stat.start_ticks.saturating_mul(TICK_NS));
        let known = self.processes.get_mut(&pid).filter(|process| process.start == start);
        match known {
            Some(process) => {
                if process.must_be_identified(&stat, round) {
                    process.is_settled = true;
                    process.identity = identity::read(proc, &mut self.path, &stat, buffer);
                    process.identified = round;
                    process.stack = stat.stack;
                }
                process.now = now;
                process.seen = round;
            }
            None => {
                let identity = identity::read(proc, &mut self.path, &stat, buffer);
                let (stack, identified) = (stat.stack, round);
                let before = Before::default();
                let (seen, is_settled) = (round, at.0.saturating_sub(start.0) >= SETTLED_NS);
                self.processes.insert(
                    pid,
                    Process { identity, now, start, before, seen, is_settled, identified, stack },
                );
            }
        }
        Some(())
    }
}

impl Process {
    /// After an `exec`, in the round after its first when it is young, and now and then.
    fn must_be_identified(&self, stat: &Stat<'_>, round: u64) -> bool {
        let age = round - self.identified;
        let is_renamed = self.identity.comm.as_bytes() != stat.comm;
        !self.is_settled || is_renamed || self.stack != stat.stack || age >= ALL_ANYWAY_ROUNDS
    }

    /// What it had used at the moment `last` of an earlier reading, of which `before` is left. A process that
    /// began since then had used nothing at its start.
    pub(crate) fn base(&self, before: Option<Reading>, last: Option<MonoNs>) -> Option<Reading> {
        // Its start is cut to 10 ms and reading all processes takes a moment, so it may lie before `last`.
        const SLACK_NS: u64 = 1_000_000_000;
        let last = last?;
        let is_new = self.start.0.saturating_add(SLACK_NS) >= last.0;
        before.or_else(|| is_new.then(|| Reading::at_start(self.start)))
    }

    /// When it began, since the epoch: see [`WallNs::of_process`].
    pub(crate) fn start(&self, boot: WallNs) -> WallNs {
        WallNs::of_process(boot, self.start)
    }
}
