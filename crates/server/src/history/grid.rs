//! The moments at which a chart has values.

use lanner_model::time::WallMs;

use crate::range::TimeRange;

/// Agents send a sample of each series this often.
const SAMPLE_INTERVAL_MS: i64 = 10_000;
/// A rate needs two samples; three intervals leave room for a late one.
const MIN_WINDOW_MS: i64 = 3 * SAMPLE_INTERVAL_MS;

/// Equal steps that people can read off an axis.
const STEPS_MS: [i64; 18] = [
    10_000,
    15_000,
    20_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    604_800_000,
];

/// Moments in equal steps. They are multiples of the step, so that a chart that is asked for again
/// a second later has the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) from: WallMs,
    pub(crate) to: WallMs,
    pub(crate) step_ms: i64,
}

impl Grid {
    /// At most `points` moments that cover a range.
    pub(crate) fn covering(range: TimeRange, points: u32) -> Self {
        // One more moment than steps, and rounding to multiples may add one.
        let least = range.length_ms() / i64::from(points.max(3) - 2);
        let nice = STEPS_MS.into_iter().find(|step| *step >= least);
        let step_ms = nice.unwrap_or_else(|| round_up(least, STEPS_MS[STEPS_MS.len() - 1]));
        Self {
            from: WallMs(range.from.0 / step_ms * step_ms),
            to: WallMs(round_up(range.to.0, step_ms)),
            step_ms,
        }
    }

    /// `count` moments, the last at or before `now`.
    pub(crate) fn ending_at(now: WallMs, count: i64, step_ms: i64) -> Self {
        let to = now.0 / step_ms * step_ms;
        Self { from: WallMs(to - (count - 1) * step_ms), to: WallMs(to), step_ms }
    }

    pub(crate) fn times(self) -> impl Iterator<Item = i64> {
        (0..self.len()).map(move |at| self.from.0 + at * self.step_ms)
    }

    pub(crate) fn len(self) -> i64 {
        (self.to.0 - self.from.0) / self.step_ms + 1
    }

    /// How far back a value looks.
    pub(crate) fn window_ms(self) -> i64 {
        self.step_ms.max(MIN_WINDOW_MS)
    }

    /// The first moment of which samples are needed.
    pub(crate) fn needs_from(self) -> WallMs {
        WallMs((self.from.0 - self.window_ms()).max(0))
    }
}

fn round_up(value: i64, step: i64) -> i64 {
    (value + step - 1) / step * step
}
