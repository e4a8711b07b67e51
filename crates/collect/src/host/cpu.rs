//! `/proc/stat` (`man 5 proc_stat`; the kernel's `fs/proc/stat.c`).

use crate::text::{lines, number, words};

/// Times in `/proc` are in ticks of 10 ms on every architecture: `USER_HZ` is part of the kernel's ABI.
pub(crate) const TICKS_PER_SECOND: f64 = 100.0;
/// One such tick in nanoseconds.
pub(crate) const TICK_NS: u64 = 10_000_000;

/// The modes in the order of the file, as node_exporter calls them.
pub(crate) const MODES: [&str; 8] = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];
/// The guest modes that follow: their time is also part of `user` and `nice`.
pub(crate) const GUEST_MODES: [&str; 2] = ["user", "nice"];

/// What `/proc/stat` says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct KernelStat {
    pub(crate) cpus: Vec<CpuTimes>,
    pub(crate) interrupts: Option<u64>,
    pub(crate) context_switches: Option<u64>,
    /// Seconds since the epoch.
    pub(crate) boot_time: Option<u64>,
    pub(crate) forks: Option<u64>,
    pub(crate) running: Option<u64>,
    pub(crate) blocked: Option<u64>,
}

/// Times of one CPU in ticks; `None` where the kernel is too old to say.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct CpuTimes {
    pub(crate) name: String,
    pub(crate) modes: [Option<u64>; 8],
    pub(crate) guest: [Option<u64>; 2],
}

pub(crate) fn parse(file: &[u8]) -> KernelStat {
    let mut stat = KernelStat::default();
    for line in lines(file) {
        let mut words = words(line);
        let Some(key) = words.next() else { continue };
        let mut next = || words.next().and_then(number);
        match key {
            b"intr" => stat.interrupts = next(),
            b"ctxt" => stat.context_switches = next(),
            b"btime" => stat.boot_time = next(),
            b"processes" => stat.forks = next(),
            b"procs_running" => stat.running = next(),
            b"procs_blocked" => stat.blocked = next(),
            _ => {
                // `cpu` alone is the sum of all, which is not what is wanted.
                let Some(name) = key.strip_prefix(b"cpu").filter(|name| number(name).is_some()) else {
                    continue;
                };
                let name = crate::text::lossy(name);
                let modes = std::array::from_fn(|_| next());
                let guest = std::array::from_fn(|_| next());
                stat.cpus.push(CpuTimes { name, modes, guest });
            }
        }
    }
    stat
}

impl KernelStat {
    /// CPU time in which all CPUs together did something, in nanoseconds.
    pub(crate) fn busy_ns(&self) -> Option<u64> {
        // Neither idle nor iowait.
        const BUSY: [usize; 6] = [0, 1, 2, 5, 6, 7];
        let ticks = self.cpus.iter().flat_map(|cpu| BUSY.map(|mode| cpu.modes[mode].unwrap_or(0)));
        (!self.cpus.is_empty()).then(|| ticks.fold(0u64, u64::saturating_add).saturating_mul(TICK_NS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cpu_and_every_count_is_read() {
        let stat = parse(
            b"cpu  11 0 6 0 0 0 0 0 0 0\ncpu0 10 1 2 100 5 3 4 6 7 8\ncpu12 1 2 3 4\nintr 99 1 2\nctxt 5\n\
              btime 1700000000\nprocesses 7\nprocs_running 2\nprocs_blocked 1\nsoftirq 5 1\ncpufreq 1\n",
        );
        assert_eq!(stat.cpus.len(), 2);
        assert_eq!(stat.cpus[0].modes, [10, 1, 2, 100, 5, 3, 4, 6].map(Some));
        assert_eq!(stat.cpus[0].guest, [Some(7), Some(8)]);
        assert_eq!(
            (stat.cpus[1].name.as_str(), stat.cpus[1].modes[3], stat.cpus[1].modes[4]),
            ("12", Some(4), None)
        );
        assert_eq!((stat.interrupts, stat.boot_time, stat.blocked), (Some(99), Some(1_700_000_000), Some(1)));
        assert_eq!(stat.busy_ns(), Some((10 + 1 + 2 + 3 + 4 + 6 + 1 + 2 + 3) * TICK_NS));
        assert_eq!(parse(b"garbage\n\xff\n").busy_ns(), None);
    }
}
