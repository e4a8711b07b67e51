//! How fast series grow.

use lanner_model::time::WallMs;

use super::operator::Window;

/// `rate`, `increase`, `delta`: what is asked about a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Growth {
    /// Of a counter, a second.
    Rate,
    /// Of a counter.
    Increase,
    /// Of a gauge.
    Delta,
}

/// By how much a series grew in the window, extrapolated to its ends where samples come close to them.
pub(super) fn growth(window: &Window<'_>, growth: Growth) -> Option<f64> {
    let points = window.points;
    let ((first_time, first), (last_time, last)) = (*points.first()?, *points.last()?);
    let intervals = points.len() - 1;
    if intervals == 0 {
        return None;
    }
    let is_counter = growth != Growth::Delta;
    let mut grown = last - first;
    if is_counter {
        // A counter that fell began anew at zero.
        for pair in points.windows(2).filter(|pair| pair[1].1 < pair[0].1) {
            grown += pair[0].1;
        }
    }
    let sampled = seconds(first_time.0, last_time.0);
    let average = sampled / intervals as f64;
    // Samples that are farther from an end than this did not go on up to there.
    let near = average * 1.1;
    let mut to_start = seconds(window.from, first_time.0);
    if to_start >= near {
        to_start = average / 2.0;
    }
    if is_counter && grown > 0.0 && first >= 0.0 {
        // A counter was never below zero.
        to_start = to_start.min(sampled * (first / grown));
    }
    let mut to_end = seconds(last_time.0, window.to);
    if to_end >= near {
        to_end = average / 2.0;
    }
    let mut factor = (sampled + to_start + to_end) / sampled;
    if growth == Growth::Rate {
        factor /= seconds(window.from, window.to);
    }
    Some(grown * factor)
}

/// By how much a gauge changed from the last sample but one to the last (`idelta`).
pub(super) fn last_change(points: &[(WallMs, f64)]) -> Option<f64> {
    let [.., (_, before), (_, last)] = points else { return None };
    Some(last - before)
}

/// How fast a counter grew from the last sample but one to the last, a second (`irate`).
pub(super) fn last_rate(points: &[(WallMs, f64)]) -> Option<f64> {
    let [.., (before_time, before), (last_time, last)] = points else { return None };
    let seconds = seconds(before_time.0, last_time.0);
    let grown = if last < before { *last } else { last - before };
    (seconds > 0.0).then(|| grown / seconds)
}

fn seconds(from: i64, to: i64) -> f64 {
    to.saturating_sub(from) as f64 / 1000.0
}
