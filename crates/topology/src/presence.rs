//! When a node was observed.

use lanner_model::time::WallMs;

/// Samples that are further apart have a gap between them in which nobody observed.
const LONGEST_PAUSE_MS: i64 = 60_000;

/// The times at which a node had samples.
#[derive(Clone, Debug, Default)]
pub(crate) struct Presence {
    times: Vec<i64>,
    /// First, last and number of the points that were taken before these: a node's series have the same
    /// times, and most of them are told apart from the last ones by this alone.
    latest: (i64, i64, usize),
}

impl Presence {
    /// Takes the times of a series.
    pub(crate) fn add(&mut self, points: &[(WallMs, f64)]) {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
        let shape = (first.0.0, last.0.0, points.len());
        if shape == self.latest {
            return;
        }
        self.latest = shape;
        for (WallMs(time), _) in points {
            if self.times.last().is_none_or(|last| last < time) {
                self.times.push(*time);
            } else if let Err(at) = self.times.binary_search(time) {
                self.times.insert(at, *time);
            }
        }
    }

    /// The first and the last sample; `None` when there is none.
    pub(crate) fn ends(&self) -> Option<(WallMs, WallMs)> {
        Some((WallMs(*self.times.first()?), WallMs(*self.times.last()?)))
    }

    /// How long it was observed, without gaps, from the last sample before `from` on: that is when counters
    /// begin to grow. `None` for a single moment: there is no rate in one.
    pub(crate) fn seconds(&self, from: WallMs) -> Option<f64> {
        let pairs = self.times.windows(2).filter(|pair| pair[1] >= from.0);
        let pauses = pairs.map(|pair| pair[1] - pair[0]);
        let ms: i64 = pauses.filter(|pause| *pause <= LONGEST_PAUSE_MS).sum();
        (ms > 0).then(|| ms as f64 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_do_not_count_as_observed() {
        let points = |times: &[i64]| -> Vec<(WallMs, f64)> {
            times.iter().map(|time| (WallMs(time * 1000), 0.0)).collect()
        };
        let mut presence = Presence::default();
        assert_eq!((presence.ends(), presence.seconds(WallMs(0))), (None, None));
        presence.add(&points(&[100]));
        assert_eq!(presence.seconds(WallMs(0)), None);
        presence.add(&points(&[110, 120, 900]));
        presence.add(&points(&[115, 910]));
        assert_eq!(presence.seconds(WallMs(0)), Some(30.0));
        assert_eq!(presence.seconds(WallMs(118_000)), Some(15.0));
        assert_eq!(presence.ends(), Some((WallMs(100_000), WallMs(910_000))));
    }
}
