//! Functions of the samples in a window.

use lanner_model::time::WallMs;

use super::context::Context;
use super::operator::{ScalarOperator, VectorOperator, Window, WindowOperator};
use super::rate::{Growth, growth, last_change, last_rate};
use super::statistics::{Mean, Sum, Variance, line, quantile};
use super::table::{Identity, Item, Table, Translation};
use crate::promql::display::number_text;
use crate::promql::error::EvalError;
use crate::promql::position::Span;

/// One value of each window that has one.
pub(super) struct OverTime<'a> {
    windows: Box<dyn WindowOperator + 'a>,
    function: WindowFunction,
    parameters: Vec<Box<dyn ScalarOperator + 'a>>,
    /// Where the windows stand in the query, and their parameter.
    span: Span,
    parameter_span: Span,
    table: Table,
    numbers: Translation,
}

/// What is asked about a window.
#[derive(Clone, Copy)]
pub(super) enum WindowFunction {
    Plain(fn(&Window<'_>) -> Option<f64>),
    /// The same; the series should be a counter.
    OfCounter(fn(&Window<'_>) -> Option<f64>),
    /// A sample of the window: the name still fits.
    Sample(fn(&Window<'_>) -> Option<f64>),
    Quantile,
    PredictLinear,
    Smoothing,
}

/// The function of a name.
pub(super) fn window_function(name: &str) -> Option<WindowFunction> {
    use WindowFunction::{OfCounter, Plain, PredictLinear, Quantile, Sample, Smoothing};
    Some(match name {
        "rate" => OfCounter(|window| growth(window, Growth::Rate)),
        "increase" => OfCounter(|window| growth(window, Growth::Increase)),
        "delta" => Plain(|window| growth(window, Growth::Delta)),
        "irate" => Plain(|window| last_rate(window.points)),
        "idelta" => Plain(|window| last_change(window.points)),
        "deriv" => Plain(|window| match window.points {
            [] | [_] => None,
            [(first, _), ..] => Some(line(window.points, first.0).0),
        }),
        "avg_over_time" => Plain(|window| Some(folded(window, Mean::default(), Mean::add).mean())),
        "sum_over_time" => Plain(|window| Some(folded(window, Sum::default(), Sum::add).total())),
        "stddev_over_time" => Plain(|window| Some(variance(window).sqrt())),
        "stdvar_over_time" => Plain(|window| Some(variance(window))),
        "count_over_time" => Plain(|window| Some(window.points.len() as f64)),
        "present_over_time" => Plain(|_| Some(1.0)),
        "min_over_time" => Plain(|window| Some(extreme(window, |value, best| value < best)?.1)),
        "max_over_time" => Plain(|window| Some(extreme(window, |value, best| value > best)?.1)),
        "ts_of_min_over_time" => {
            Plain(|window| Some(seconds(extreme(window, |value, best| value <= best)?.0)))
        }
        "ts_of_max_over_time" => {
            Plain(|window| Some(seconds(extreme(window, |value, best| value >= best)?.0)))
        }
        "ts_of_first_over_time" => Plain(|window| Some(seconds(window.points.first()?.0))),
        "ts_of_last_over_time" => Plain(|window| Some(seconds(window.points.last()?.0))),
        "first_over_time" => Sample(|window| Some(window.points.first()?.1)),
        "last_over_time" => Sample(|window| Some(window.points.last()?.1)),
        "mad_over_time" => Plain(|window| Some(median_deviation(window))),
        "changes" => Plain(|window| {
            let differ = |before: f64, after: f64| before != after && !(before.is_nan() && after.is_nan());
            Some(count_pairs(window, differ))
        }),
        "resets" => Plain(|window| Some(count_pairs(window, |before, after| after < before))),
        "quantile_over_time" => Quantile,
        "predict_linear" => PredictLinear,
        "double_exponential_smoothing" | "holt_winters" => Smoothing,
        _ => return None,
    })
}

impl<'a> OverTime<'a> {
    pub(super) fn new(
        windows: Box<dyn WindowOperator + 'a>,
        function: WindowFunction,
        parameters: Vec<Box<dyn ScalarOperator + 'a>>,
        span: Span,
        parameter_span: Span,
    ) -> OverTime<'a> {
        let (table, numbers) = (Table::default(), Translation::default());
        OverTime { windows, function, parameters, span, parameter_span, table, numbers }
    }
}

impl VectorOperator for OverTime<'_> {
    fn step(&mut self, at: i64, context: &Context<'_>, into: &mut Vec<Item>) -> Result<(), EvalError> {
        let mut parameters = [0.0; 2];
        for (value, parameter) in parameters.iter_mut().zip(&mut self.parameters) {
            *value = parameter.step(at, context)?;
        }
        let [first, second] = parameters;
        match self.function {
            WindowFunction::Quantile if !(0.0..=1.0).contains(&first) => {
                context.annotations.invalid_quantile(self.parameter_span, first);
            }
            WindowFunction::Smoothing => {
                check_factor("smoothing", "sf", first)?;
                check_factor("trend", "tf", second)?;
            }
            _ => {}
        }
        let function = self.function;
        let before = into.len();
        self.windows.step(at, context, &mut |series, window| {
            let value = match function {
                WindowFunction::Plain(of) | WindowFunction::OfCounter(of) | WindowFunction::Sample(of) => {
                    of(window)
                }
                WindowFunction::Quantile => Some(quantile(first, &mut values(window))),
                WindowFunction::PredictLinear => prediction(window, at, first),
                WindowFunction::Smoothing => smoothed(window.points, first, second),
            };
            into.extend(value.map(|value| Item { series, value }));
            Ok(())
        })?;
        for item in &mut into[before..] {
            item.series = self.numbers.of(item.series, || {
                let identity = self.windows.table().identity(item.series);
                if matches!(function, WindowFunction::OfCounter(_)) {
                    look_at_name(identity, self.span, context);
                }
                let is_sample = matches!(function, WindowFunction::Sample(_));
                let drops_name = identity.drops_name || !is_sample;
                self.table.number(Identity { labels: identity.labels.clone(), drops_name })
            });
        }
        Ok(())
    }

    fn table(&self) -> &Table {
        &self.table
    }
}

/// Says so when a series' name is none of a counter.
fn look_at_name(identity: &Identity, span: Span, context: &Context<'_>) {
    let name = identity.labels.metric();
    let ends_as_counter = ["_total", "_sum", "_count", "_bucket"].iter().any(|end| name.ends_with(end));
    if !name.is_empty() && !ends_as_counter {
        context.annotations.maybe_no_counter(span, name);
    }
}

fn check_factor(what: &str, short: &str, factor: f64) -> Result<(), EvalError> {
    if factor > 0.0 && factor < 1.0 {
        return Ok(());
    }
    let got = number_text(factor);
    Err(EvalError::Data(format!("invalid {what} factor. Expected: 0 < {short} < 1, got: {got}")))
}

fn values(window: &Window<'_>) -> Vec<f64> {
    window.points.iter().map(|(_, value)| *value).collect()
}

fn folded<T>(window: &Window<'_>, mut fold: T, add: fn(&mut T, f64)) -> T {
    for (_, value) in window.points {
        add(&mut fold, *value);
    }
    fold
}

fn variance(window: &Window<'_>) -> f64 {
    folded(window, Variance::default(), Variance::add).variance()
}

/// The sample that no other beats; NaN is beaten by all.
fn extreme(window: &Window<'_>, beats: fn(f64, f64) -> bool) -> Option<(WallMs, f64)> {
    let mut points = window.points.iter().copied();
    let first = points.next()?;
    Some(
        points
            .fold(first, |best, point| if beats(point.1, best.1) || best.1.is_nan() { point } else { best }),
    )
}

fn seconds(time: WallMs) -> f64 {
    time.0 as f64 / 1000.0
}

fn median_deviation(window: &Window<'_>) -> f64 {
    let mut values = values(window);
    if values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let median = quantile(0.5, &mut values);
    values.iter_mut().for_each(|value| *value = (*value - median).abs());
    quantile(0.5, &mut values)
}

fn count_pairs(window: &Window<'_>, counts: impl Fn(f64, f64) -> bool) -> f64 {
    window.points.windows(2).filter(|pair| counts(pair[0].1, pair[1].1)).count() as f64
}

fn prediction(window: &Window<'_>, at: i64, seconds_ahead: f64) -> Option<f64> {
    if window.points.len() < 2 {
        return None;
    }
    let (slope, here) = line(window.points, at);
    Some(slope * seconds_ahead + here)
}

/// Holt's double exponential smoothing: the last value, smoothed with its trend.
fn smoothed(points: &[(WallMs, f64)], smoothing: f64, trending: f64) -> Option<f64> {
    let [(_, first), (_, second), ..] = points else { return None };
    let (mut before, mut level, mut trend) = (0.0, *first, second - first);
    for (at, (_, value)) in points.iter().enumerate().skip(1) {
        if at > 1 {
            trend = trending * (level - before) + (1.0 - trending) * trend;
        }
        (before, level) = (level, smoothing * value + (1.0 - smoothing) * (level + trend));
    }
    Some(level)
}
