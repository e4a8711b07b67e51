//! Samples to values at equal steps.

use lanner_model::time::WallMs;
use lanner_store::is_stale;

use super::Grid;

/// How much a counter grew per second in the window before each moment. A counter that falls began
/// anew at zero. Unlike Prometheus' `rate` it does not extrapolate to the window's ends: a process
/// that is 15 s old used what it used.
pub(crate) fn rates(points: &[(WallMs, f64)], grid: Grid) -> Vec<Option<f64>> {
    windows(points, grid, |window, _| {
        let (first, last) = (window.first()?, window.last()?);
        let seconds = (last.0.0 - first.0.0) as f64 / 1000.0;
        if seconds <= 0.0 {
            return None;
        }
        let growth = |pair: &[(WallMs, f64)]| {
            let grown = pair[1].1 - pair[0].1;
            if grown < 0.0 { pair[1].1 } else { grown }
        };
        Some(window.windows(2).map(growth).sum::<f64>() / seconds)
    })
}

/// The mean of a gauge over each step; where the step has no sample, the last one of the window.
pub(super) fn means(points: &[(WallMs, f64)], grid: Grid) -> Vec<Option<f64>> {
    windows(points, grid, |window, end| {
        let step = &window[window.partition_point(|point| point.0.0 <= end - grid.step_ms)..];
        if step.is_empty() {
            return window.last().map(|point| point.1);
        }
        Some(step.iter().map(|point| point.1).sum::<f64>() / step.len() as f64)
    })
}

/// What `fold` makes of the samples in the window that ends at each moment. A stale marker ends a
/// series: nothing before it counts any more.
fn windows(
    points: &[(WallMs, f64)],
    grid: Grid,
    fold: impl Fn(&[(WallMs, f64)], i64) -> Option<f64>,
) -> Vec<Option<f64>> {
    let value_at = |end: i64| {
        let from = points.partition_point(|point| point.0.0 <= end - grid.window_ms());
        let to = points.partition_point(|point| point.0.0 <= end);
        let window = &points[from..to.max(from)];
        let stale = window.iter().rposition(|point| is_stale(point.1));
        let alive = &window[stale.map_or(0, |at| at + 1)..];
        fold(alive, end).filter(|value| value.is_finite())
    };
    grid.times().map(value_at).collect()
}

/// The sum of what is known at each moment; `None` where nothing is.
pub(crate) fn sum(series: impl IntoIterator<Item = Vec<Option<f64>>>, grid: Grid) -> Vec<Option<f64>> {
    let mut sums = vec![None; usize::try_from(grid.len()).unwrap_or(0)];
    for values in series {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = match (*sum, value) {
                (Some(a), Some(b)) => Some(a + b),
                (a, b) => a.or(b),
            };
        }
    }
    sums
}
