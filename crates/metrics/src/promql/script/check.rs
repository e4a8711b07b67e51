//! Whether an answer is the one that was expected.

use lanner_model::series::Labels;
use lanner_model::time::WallMs;

use super::command::{Evaluation, Expect, Message, Point, Sequence};
use crate::promql::display::number_text;
use crate::promql::value::{Answer, Series, Value};

/// Values that differ by less than this part of them are equal.
const NEAR: f64 = 1e-6;

type Checked = Result<(), String>;

/// Checks the answer to an instant query.
pub(super) fn check_instant(evaluation: &Evaluation, value: &Value) -> Checked {
    match value {
        Value::Scalar(_, value) => match evaluation.scalar {
            Some(wanted) => check_value("the scalar", wanted, *value),
            None => Err(format!("the answer is the scalar {}", number_text(*value))),
        },
        Value::Text(_, text) => {
            if evaluation.expects.contains(&Expect::Text(text.clone())) {
                return Ok(());
            }
            Err(format!("the answer is the string {text:?}"))
        }
        Value::Vector(samples) => {
            let found: Vec<(&Labels, Vec<(i64, f64)>)> =
                samples.iter().map(|sample| (&sample.labels, vec![(0, sample.value)])).collect();
            let is_ordered = evaluation.expects.contains(&Expect::Ordered);
            check_series(&evaluation.answer, &found, is_ordered, |step| (step == 0).then_some(0))
        }
        Value::Matrix(series) => {
            let moments = evaluation.expects.iter().find_map(|expect| match expect {
                Expect::Matrix { from_ms, to_ms, step_ms } => Some((*from_ms, *to_ms, *step_ms)),
                _ => None,
            });
            let Some((from, to, step)) = moments else {
                return Err("the answer is a range vector".to_owned());
            };
            check_over_time(&evaluation.answer, series, from, to, step)
        }
    }
}

/// Checks the answer to a range query.
pub(super) fn check_range(evaluation: &Evaluation, series: &[Series]) -> Checked {
    let Evaluation { from_ms, to_ms, step_ms, .. } = *evaluation;
    check_over_time(&evaluation.answer, series, from_ms, to_ms, step_ms)
}

/// Checks that a range query had at one moment what an instant query should have had.
pub(super) fn check_moment(evaluation: &Evaluation, series: &[Series], at: WallMs) -> Checked {
    let value_at = |series: &Series| {
        let found = series.points.iter().find(|(time, _)| *time == at);
        found.map(|(_, value)| (0, *value))
    };
    let found: Vec<(&Labels, Vec<(i64, f64)>)> = series
        .iter()
        .filter_map(|series| value_at(series).map(|value| (&series.labels, vec![value])))
        .collect();
    match evaluation.scalar {
        Some(wanted) => {
            let value = found.first().and_then(|(_, values)| values.first()).map(|(_, value)| *value);
            check_value("the scalar", wanted, value.unwrap_or(f64::NAN))
        }
        None => check_series(&evaluation.answer, &found, false, |step| (step == 0).then_some(0)),
    }
}

/// Checks warnings and infos.
pub(super) fn check_annotations<T>(evaluation: &Evaluation, answer: &Answer<T>) -> Checked {
    let mut warnings = Vec::new();
    let mut infos = Vec::new();
    for expect in &evaluation.expects {
        match expect {
            Expect::Warn(message) => warnings.push(message),
            Expect::Info(message) => infos.push(message),
            Expect::NoWarn if !answer.warnings.is_empty() => {
                return Err(format!("there is a warning: {:?}", answer.warnings));
            }
            Expect::NoInfo if !answer.infos.is_empty() => {
                return Err(format!("there is an info: {:?}", answer.infos));
            }
            _ => {}
        }
    }
    for (expected, found, what) in [(&warnings, &answer.warnings, "warning"), (&infos, &answer.infos, "info")]
    {
        if expected.is_empty() {
            continue;
        }
        for message in expected {
            if !found.iter().any(|text| is_message(message, text)) {
                return Err(format!("no {what} is {message:?}; there are {found:?}"));
            }
        }
        for text in found {
            if !expected.iter().any(|message| is_message(message, text)) {
                return Err(format!("an unexpected {what}: {text:?}"));
            }
        }
    }
    Ok(())
}

/// Checks an error where one was expected.
pub(super) fn check_error(evaluation: &Evaluation, error: &str) -> Checked {
    let mut failures = evaluation.expects.iter().filter_map(|expect| match expect {
        Expect::Fail(message) => Some(message),
        _ => None,
    });
    match failures.next() {
        None => Err(format!("the query failed: {error}")),
        Some(message) if is_message(message, error) => Ok(()),
        Some(message) => Err(format!("the query failed with {error:?}, not with {message:?}")),
    }
}

fn is_message(wanted: &Message, text: &str) -> bool {
    match wanted {
        Message::Any => true,
        Message::Exactly(wanted) => wanted == text,
        Message::Matching(pattern) => regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(text)),
    }
}

fn check_over_time(expected: &[Sequence], series: &[Series], from: i64, to: i64, step: i64) -> Checked {
    let points = |series: &Series| series.points.iter().map(|(time, value)| (time.0, *value)).collect();
    let found: Vec<(&Labels, Vec<(i64, f64)>)> =
        series.iter().map(|series| (&series.labels, points(series))).collect();
    let moment = |at: usize| Some(from + at as i64 * step).filter(|moment| *moment <= to);
    check_series(expected, &found, false, moment)
}

/// Compares series; `moment` says when the n-th expected point is.
fn check_series(
    expected: &[Sequence],
    found: &[(&Labels, Vec<(i64, f64)>)],
    is_ordered: bool,
    moment: impl Fn(usize) -> Option<i64>,
) -> Checked {
    for (place, wanted) in expected.iter().enumerate() {
        let at = found.iter().position(|(labels, _)| **labels == wanted.labels);
        let Some(at) = at else {
            return Err(format!("no series {:?}; there are {}", wanted.labels, names(found)));
        };
        if is_ordered && at != place {
            return Err(format!("{:?} is in place {at}, not {place}", wanted.labels));
        }
        let mut values = found[at].1.iter();
        for (step, point) in wanted.points.iter().enumerate() {
            let Point::Value(value) = point else { continue };
            let time = moment(step);
            let what = format!("{:?} at {time:?} ms", wanted.labels);
            match values.next() {
                Some((at, found)) if Some(*at) == time => check_value(&what, *value, *found)?,
                other => return Err(format!("{what} should be {}, next is {other:?}", number_text(*value))),
            }
        }
        if let Some(further) = values.next() {
            return Err(format!("{:?} has a further value: {further:?}", wanted.labels));
        }
    }
    match found.iter().find(|(labels, _)| !expected.iter().any(|wanted| wanted.labels == **labels)) {
        Some((labels, points)) => Err(format!("there is a further series: {labels:?} {points:?}")),
        None => Ok(()),
    }
}

fn names(found: &[(&Labels, Vec<(i64, f64)>)]) -> String {
    if found.is_empty() {
        return "none".to_owned();
    }
    found.iter().map(|(labels, points)| format!("{labels:?} {points:?}")).collect::<Vec<String>>().join(", ")
}

fn check_value(what: &str, wanted: f64, found: f64) -> Checked {
    if is_near(wanted, found) {
        return Ok(());
    }
    Err(format!("{what} is {}, not {}", number_text(found), number_text(wanted)))
}

fn is_near(a: f64, b: f64) -> bool {
    if a == b || a.is_nan() && b.is_nan() {
        return true;
    }
    let (difference, both) = ((a - b).abs(), a.abs() + b.abs());
    if a == 0.0 || b == 0.0 || both < f64::MIN_POSITIVE {
        return difference < NEAR * f64::MIN_POSITIVE;
    }
    difference / both.min(f64::MAX) < NEAR
}
