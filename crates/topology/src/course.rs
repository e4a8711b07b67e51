//! What became of one series in a range of time: its points are folded as they come.

use lanner_model::time::WallMs;

/// A series, folded.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Course {
    /// The first point in the range, unless there was one before the range.
    born: Option<(WallMs, f64)>,
    last: Option<(WallMs, f64)>,
    /// How much it grew from the first point on.
    growth: f64,
    /// How much of that it rose between two points.
    rise: f64,
    sum: f64,
    count: u32,
    has_ended: bool,
}

impl Course {
    /// Takes the next points, which come in the order of their times. Of those before `from` only the last
    /// counts: what it was when the range began. NaN ends a series (the stale marker is one).
    pub(crate) fn add(&mut self, points: &[(WallMs, f64)], from: WallMs) {
        for &(time, value) in points {
            if self.last.is_some_and(|(last, _)| time <= last) {
                continue;
            }
            if value.is_nan() {
                self.has_ended = true;
                continue;
            }
            self.has_ended = false;
            if time >= from {
                match self.last {
                    None => self.born = Some((time, value)),
                    // A counter that falls began anew at zero.
                    Some((_, before)) if value < before => self.growth += value,
                    Some((_, before)) => {
                        self.growth += value - before;
                        self.rise += value - before;
                    }
                }
                self.sum += value;
                self.count += 1;
            }
            self.last = Some((time, value));
        }
    }

    /// How much a counter grew in the range. A counter begins at zero: one that was not there when its
    /// node was already observed had its first value to grow, too.
    pub(crate) fn increase(&self, observed_from: WallMs) -> f64 {
        let born = self.born.filter(|(time, _)| *time > observed_from).map_or(0.0, |(_, value)| value);
        self.growth + born
    }

    /// What it was seen to grow: no first value, and nothing for a fall. A series of a process begins when
    /// it comes among the highest of its node, with all that it used before; the one of the rest (`other`)
    /// falls by as much then. Neither was used at that moment.
    pub(crate) fn rise(&self) -> f64 {
        self.rise
    }

    /// The mean of a gauge; `None` without a point in the range.
    pub(crate) fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }

    /// The last value; `None` when it has ended, or is older than `since`.
    pub(crate) fn present(&self, since: WallMs) -> Option<f64> {
        self.last.filter(|(time, _)| !self.has_ended && *time >= since).map(|(_, value)| value)
    }

    /// Whether it has a point in the range.
    pub(crate) fn was_seen(&self) -> bool {
        self.count > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn increase(points: &[(i64, f64)], from: i64, observed_from: i64) -> f64 {
        let points: Vec<(WallMs, f64)> = points.iter().map(|(time, value)| (WallMs(*time), *value)).collect();
        let mut course = Course::default();
        // In two parts, as windows come.
        let (first, second) = points.split_at(points.len() / 2);
        course.add(first, WallMs(from));
        course.add(second, WallMs(from));
        course.increase(WallMs(observed_from))
    }

    #[test]
    fn a_counter_grows_from_what_it_was_when_the_range_began() {
        assert_eq!(increase(&[(0, 5.0), (10, 7.0), (20, 9.0), (30, 12.0)], 15, 0), 5.0);
        assert_eq!(increase(&[(20, 9.0), (30, 12.0)], 15, 20), 3.0);
    }

    #[test]
    fn a_counter_that_began_while_its_node_was_observed_began_at_zero() {
        assert_eq!(increase(&[(20, 9.0), (30, 12.0)], 15, 10), 12.0);
        assert_eq!(increase(&[(20, 9.0)], 15, 10), 9.0);
    }

    #[test]
    fn a_counter_that_falls_began_anew() {
        assert_eq!(increase(&[(0, 5.0), (10, 7.0), (20, 1.0), (30, 4.0)], 0, 0), 6.0);
        assert_eq!(increase(&[(0, 5.0), (10, 7.0), (15, f64::NAN), (20, 3.0), (30, 4.0)], 0, 0), 6.0);
        assert_eq!(increase(&[(0, 5.0), (10, 7.0), (15, f64::NAN), (20, 8.0)], 0, 0), 3.0);
    }

    #[test]
    fn a_gauge_has_a_mean_and_a_present_value() {
        let mut course = Course::default();
        course.add(&[(WallMs(1), 9.0), (WallMs(10), 1.0), (WallMs(20), 3.0)], WallMs(5));
        assert_eq!((course.mean(), course.present(WallMs(15))), (Some(2.0), Some(3.0)));
        assert_eq!(course.present(WallMs(25)), None);
        course.add(&[(WallMs(30), f64::NAN)], WallMs(5));
        assert_eq!((course.mean(), course.present(WallMs(15))), (Some(2.0), None));
        assert_eq!(Course::default().mean(), None);
    }

    #[test]
    fn a_process_that_comes_among_the_highest_used_nothing_at_that_moment() {
        let mut own = Course::default();
        own.add(&[(WallMs(20), 900.0), (WallMs(30), 902.0)], WallMs(0));
        let mut other = Course::default();
        other.add(&[(WallMs(10), 1_000.0), (WallMs(20), 100.0), (WallMs(30), 101.0)], WallMs(0));
        assert_eq!((own.rise(), other.rise()), (2.0, 1.0));
    }
}
