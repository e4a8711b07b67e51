//! Quantiles of histograms.

use std::collections::BTreeMap;

/// The value below which this part of all lies, from cumulative counts by upper bound (`f64::to_bits`).
/// Within a bucket values are taken to be spread evenly, as Prometheus' `histogram_quantile` does; where it
/// lies beyond the last bound, that bound. `None` when the histogram is empty or has no bound.
pub(crate) fn quantile(buckets: &BTreeMap<u64, f64>, part: f64) -> Option<f64> {
    let total = *buckets.get(&f64::INFINITY.to_bits())?;
    if total <= 0.0 {
        return None;
    }
    let rank = total * part;
    let (mut below, mut lower) = (0.0, None);
    for (bound, count) in buckets {
        let upper = f64::from_bits(*bound);
        if *count >= rank && *count > below {
            if upper.is_infinite() {
                return lower;
            }
            let lower = lower.unwrap_or(0.0);
            return Some(lower + (upper - lower) * (rank - below) / (count - below));
        }
        // Buckets whose series began at different moments may seem to fall.
        below = count.max(below);
        if upper.is_finite() {
            lower = Some(upper);
        }
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(buckets: &[(f64, f64)], part: f64) -> Option<f64> {
        quantile(&buckets.iter().map(|(le, count)| (le.to_bits(), *count)).collect(), part)
    }

    #[test]
    fn values_are_spread_evenly_within_a_bucket() {
        let buckets = [(0.1, 50.0), (0.2, 90.0), (0.4, 100.0), (f64::INFINITY, 100.0)];
        assert_eq!(of(&buckets, 0.5), Some(0.1));
        assert_eq!(of(&buckets, 0.25), Some(0.05));
        assert!((of(&buckets, 0.95).expect("known") - 0.3).abs() < 1e-9);
    }

    #[test]
    fn what_no_bucket_holds_is_not_made_up() {
        assert_eq!(of(&[], 0.5), None);
        assert_eq!(of(&[(0.1, 5.0)], 0.5), None);
        assert_eq!(of(&[(0.1, 0.0), (f64::INFINITY, 0.0)], 0.5), None);
        assert_eq!(of(&[(0.1, 1.0), (f64::INFINITY, 10.0)], 0.95), Some(0.1));
        assert_eq!(of(&[(f64::INFINITY, 10.0)], 0.95), None);
    }
}
