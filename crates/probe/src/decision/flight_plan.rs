//! How large the flight recorder's rings are.

use crate::facts::Facts;

const KIB: u32 = 1024;
/// A ring that is smaller keeps too little for what is cut off at its end (`flight/ring.rs`).
const SMALLEST_KIB: u32 = 512;
const LARGEST_KIB: u32 = 4096;

/// The flight recorder's rings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FlightPlan {
    /// Bytes of each CPU's ring, a power of two; 0 when there is no recorder.
    pub ring_bytes: u32,
    /// Why, in a sentence for people.
    pub reason: String,
}

impl FlightPlan {
    /// The largest power of two from 512 KiB to 4 MiB per CPU with which all rings stay within
    /// `budget_mib`.
    pub(super) fn choose(facts: &Facts, budget_mib: u32) -> Self {
        let off = |reason: String| Self { ring_bytes: 0, reason };
        let cpus = facts.cpus.max(1);
        if budget_mib == 0 {
            return off("switched off (--flight-recorder-mib 0): captures are not possible".to_owned());
        }
        if !facts.rights.ipc_lock() || !facts.rights.perfmon() {
            return off("captures are not possible without CAP_IPC_LOCK and CAP_PERFMON, by which its \
                 memory is locked and read: run as root or give the process both"
                .to_owned());
        }
        let budget_kib = u64::from(budget_mib) * u64::from(KIB);
        let mut each = LARGEST_KIB;
        while u64::from(each) * u64::from(cpus) > budget_kib {
            each /= 2;
        }
        if each < SMALLEST_KIB {
            let needed = cpus.div_ceil(KIB / SMALLEST_KIB);
            return off(format!(
                "captures are not possible: {budget_mib} MiB are too few for {cpus} CPUs, --flight-recorder-mib {needed} is the least"
            ));
        }
        let reason = format!(
            "keeps the last system calls for captures: {each} KiB for each of {cpus} CPUs, {} MiB in all",
            u64::from(each) * u64::from(cpus) / u64::from(KIB)
        );
        Self { ring_bytes: each * KIB, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Rights;

    /// KiB of each ring.
    fn check(cpus: u32, budget_mib: u32, expected: u32) {
        let facts = Facts { cpus, rights: Rights::all(), ..Facts::default() };
        let plan = FlightPlan::choose(&facts, budget_mib);
        assert_eq!(plan.ring_bytes / KIB, expected, "{cpus} CPUs, {budget_mib} MiB: {}", plan.reason);
    }

    #[test]
    fn rings_stay_within_the_budget() {
        check(1, 64, 4096);
        check(2, 64, 4096);
        check(16, 64, 4096);
        check(17, 64, 2048);
        check(96, 64, 512);
        check(128, 64, 512);
        check(129, 64, 0);
        check(2, 1, 512);
        check(2, 0, 0);
    }

    #[test]
    fn a_recorder_that_is_off_says_what_to_do() {
        let reason = |facts: &Facts, mib| FlightPlan::choose(facts, mib).reason;
        let facts = Facts { cpus: 200, rights: Rights::all(), ..Facts::default() };
        assert!(reason(&facts, 64).contains("--flight-recorder-mib 100 is the least"));
        let facts = Facts { cpus: 2, ..Facts::default() };
        assert!(reason(&facts, 64).contains("CAP_IPC_LOCK"));
    }
}
