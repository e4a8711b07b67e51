//! What counters gained.

use lanner_model::series::Labels;
use lanner_model::time::WallMs;
use lanner_store::{SeriesData, is_stale};

/// What a counter gained over the points that were asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Increase {
    pub(super) labels: Labels,
    pub(super) amount: f64,
    /// The first point at which it was more than before.
    pub(super) began: Option<WallMs>,
}

/// What each counter gained. One that begins anew (its program was started again) counts from zero;
/// the first point is where counting begins.
pub(super) fn increases(series: Vec<SeriesData>) -> Vec<Increase> {
    series.into_iter().map(increase).collect()
}

fn increase(series: SeriesData) -> Increase {
    let mut amount = 0.0;
    let mut began = None;
    let mut before: Option<f64> = None;
    for (time, value) in series.points.into_iter().filter(|(_, value)| !is_stale(*value)) {
        if let Some(before) = before {
            let gained = if value >= before { value - before } else { value };
            if gained > 0.0 {
                began = began.or(Some(time));
            }
            amount += gained;
        }
        before = Some(value);
    }
    Increase { labels: series.labels, amount, began }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], amount: f64, began: Option<i64>) {
        let points = values.iter().enumerate().map(|(at, value)| (WallMs(at as i64), *value)).collect();
        let labels = Labels::new("m", [("node", "a")]);
        let increase = increase(SeriesData { labels: labels.clone(), points });
        assert_eq!(increase, Increase { labels, amount, began: began.map(WallMs) }, "{values:?}");
    }

    #[test]
    fn counters_gain_and_begin_anew() {
        check(&[], 0.0, None);
        check(&[7.0], 0.0, None);
        check(&[7.0, 7.0], 0.0, None);
        check(&[7.0, 7.0, 9.0, 10.0], 3.0, Some(2));
        check(&[7.0, 2.0, 3.0], 3.0, Some(1));
    }
}
