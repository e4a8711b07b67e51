//! From counters to rates.

use lanner_model::time::MonoNs;

/// A counter's value at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) at: MonoNs,
    pub(crate) value: Option<u64>,
}

/// The counters of a node or container of which rates are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    /// Nanoseconds.
    pub(crate) cpu: Counted,
    pub(crate) disk_read: Counted,
    pub(crate) disk_written: Counted,
    pub(crate) received: Counted,
    pub(crate) sent: Counted,
}

/// Growth per second between two readings, over exactly the time between them. `None` where a value is not
/// known, no time has passed, or the counter went backwards (a restart).
pub(crate) fn per_second(before: Counted, now: Counted) -> Option<f64> {
    let grown = now.value?.checked_sub(before.value?)?;
    let elapsed_ns = now.at.0.checked_sub(before.at.0).filter(|elapsed| *elapsed > 0)?;
    Some(grown as f64 * 1e9 / elapsed_ns as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: (u64, Option<u64>), now: (u64, Option<u64>), rate: Option<f64>) {
        let counted = |(at, value)| Counted { at: MonoNs(at), value };
        assert_eq!(per_second(counted(before), counted(now)), rate);
    }

    #[test]
    fn a_rate_is_over_the_exact_time_between() {
        check((0, Some(100)), (2_000_000_000, Some(300)), Some(100.0));
        check((5, Some(0)), (1_500_000_005, Some(3)), Some(2.0));
    }

    #[test]
    fn what_is_not_known_has_no_rate() {
        check((0, None), (1, Some(1)), None);
        check((0, Some(1)), (1, None), None);
        check((1, Some(1)), (1, Some(2)), None);
        check((2, Some(1)), (1, Some(2)), None);
        check((0, Some(2)), (1, Some(1)), None);
    }
}
