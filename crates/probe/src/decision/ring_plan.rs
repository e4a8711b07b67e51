//! How many rings there are, and how large.

/// Rings beyond this many CPUs are shared by CPUs next to each other.
const MOST_CPU_RINGS: u32 = 32;
const MIB: u32 = 1024 * 1024;
const LARGEST_MIB: u32 = 8;

/// How many rings there are and how large: one per CPU or group of CPUs, and one for
/// security-critical events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RingPlan {
    /// Rings for CPUs.
    pub cpu_rings: u32,
    /// Each ring is shared by `1 << shift` CPUs.
    pub shift: u32,
    /// Bytes of each ring of a CPU.
    pub cpu_ring_bytes: u32,
    /// Bytes of the ring for security-critical events.
    pub critical_ring_bytes: u32,
}

impl RingPlan {
    /// The largest power of two from 1 to 8 MiB per ring with which all rings stay within
    /// `budget_mib`; 1 MiB when there is no such.
    pub(super) fn for_cpus(cpus: u32, budget_mib: u32) -> Self {
        let cpus = cpus.max(1);
        let mut shift = 0;
        while cpus.div_ceil(1 << shift) > MOST_CPU_RINGS {
            shift += 1;
        }
        let cpu_rings = cpus.div_ceil(1 << shift);
        let mut each = LARGEST_MIB;
        while each > 1 && (cpu_rings + 1) * each > budget_mib {
            each /= 2;
        }
        Self { cpu_rings, shift, cpu_ring_bytes: each * MIB, critical_ring_bytes: each * MIB }
    }

    /// The bytes of each ring; the last is that for security-critical events.
    pub fn sizes(&self) -> impl Iterator<Item = u32> + use<> {
        std::iter::repeat_n(self.cpu_ring_bytes, self.cpu_rings as usize).chain([self.critical_ring_bytes])
    }

    /// The bytes of all rings.
    #[must_use]
    pub fn total_bytes(&self) -> u64 {
        self.sizes().map(u64::from).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(rings of CPUs, CPUs per ring, MiB each)`
    fn check(cpus: u32, expected: (u32, u32, u32)) {
        let plan = RingPlan::for_cpus(cpus, 64);
        assert_eq!((plan.cpu_rings, 1 << plan.shift, plan.cpu_ring_bytes / MIB), expected, "{cpus} CPUs");
        assert!(plan.total_bytes() <= 64 * u64::from(MIB), "{cpus} CPUs");
        let last_cpu = cpus.max(1) - 1;
        assert!(last_cpu >> plan.shift < plan.cpu_rings, "{cpus} CPUs: each has a ring");
    }

    #[test]
    fn rings_stay_within_the_budget_on_machines_of_any_size() {
        check(1, (1, 1, 8));
        check(2, (2, 1, 8));
        check(7, (7, 1, 8));
        check(8, (8, 1, 4));
        check(32, (32, 1, 1));
        check(33, (17, 2, 2));
        check(64, (32, 2, 1));
        check(96, (24, 4, 2));
        check(448, (28, 16, 2));
        check(0, (1, 1, 8));
    }
}
