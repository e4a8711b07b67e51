//! The outermost operator, asked at each moment.

use std::collections::BTreeMap;

use lanner_model::series::{Labels, Sample};
use lanner_model::time::WallMs;

use super::build::Builder;
use super::context::{Context, Stop};
use super::label::same_labelset;
use super::operator::{Operator, VectorOperator};
use super::table::Table;
use crate::promql::error::EvalError;
use crate::promql::plan::{Limits, Moments, Plan};
use crate::promql::query::Query;
use crate::promql::value::{Answer, Column, Series, Value};

/// Values of one series in the answer, the oldest first.
type Points = Vec<(WallMs, f64)>;

/// The answer at one moment. `columns` are the series of each fetch of the plan, in its order.
pub fn evaluate_instant(
    query: &Query,
    at: WallMs,
    plan: &Plan,
    columns: &[Vec<Column>],
    limits: &Limits,
    stop: Stop<'_>,
) -> Result<Answer<Value>, EvalError> {
    let moments = Moments::instant(at);
    answer(query, moments, plan, columns, limits, stop, |operator, context| {
        Ok(match operator {
            Operator::Text(text) => Value::Text(at, text),
            Operator::Scalar(mut scalar) => Value::Scalar(at, scalar.step(at.0, context)?),
            Operator::Vector(vector) => Value::Vector(instant_vector(vector, at, context)?),
            Operator::Matrix(mut windows) => {
                let mut found: Vec<(u32, Points)> = Vec::new();
                windows.step(at.0, context, &mut |series, window| {
                    context.hold(window.points.len())?;
                    found.push((series, window.points.to_vec()));
                    Ok(())
                })?;
                Value::Matrix(merged(found, windows.table())?)
            }
        })
    })
}

/// The answer at several moments; the query is a scalar or an instant vector. `columns` are the series of
/// each fetch of the plan, in its order.
pub fn evaluate_range(
    query: &Query,
    moments: Moments,
    plan: &Plan,
    columns: &[Vec<Column>],
    limits: &Limits,
    stop: Stop<'_>,
) -> Result<Answer<Vec<Series>>, EvalError> {
    answer(query, moments, plan, columns, limits, stop, |operator, context| match operator {
        Operator::Scalar(mut scalar) => {
            let mut points = Points::new();
            for at in every(moments) {
                context.hold(1)?;
                points.push((WallMs(at), scalar.step(at, context)?));
            }
            Ok(vec![Series { labels: Labels::default(), points }])
        }
        Operator::Vector(mut vector) => {
            let mut values = Vec::new();
            let mut found: Vec<(u32, Points)> = Vec::new();
            for at in every(moments) {
                context.check_stop()?;
                values.clear();
                vector.step(at, context, &mut values)?;
                context.hold(values.len())?;
                for item in &values {
                    for series in found.len() as u32..=item.series {
                        found.push((series, Points::new()));
                    }
                    found[item.series as usize].1.push((WallMs(at), item.value));
                }
            }
            merged(found, vector.table())
        }
        Operator::Text(_) | Operator::Matrix(_) => {
            Err(EvalError::Type { found: query.value_type().as_str() })
        }
    })
}

fn answer<'a, T>(
    query: &'a Query,
    moments: Moments,
    plan: &'a Plan,
    columns: &'a [Vec<Column>],
    limits: &Limits,
    stop: Stop<'a>,
    ask: impl FnOnce(Operator<'a>, &Context<'_>) -> Result<T, EvalError>,
) -> Result<Answer<T>, EvalError> {
    moments.check(limits)?;
    let context = Context::new(query.text(), moments, limits, stop);
    let mut series = 0;
    for column in columns.iter().flatten() {
        series += 1;
        context.hold(column.points.len())?;
    }
    context.check_stop()?;
    let range = (moments.from.0, moments.to.0);
    let builder = Builder { plan, columns, moments, lookback_ms: limits.lookback_ms, range };
    let value = ask(builder.build(query.expr())?, &context)?;
    let stats = context.stats(series);
    let (warnings, infos) = context.annotations.into_lists();
    Ok(Answer { value, warnings, infos, stats })
}

fn every(moments: Moments) -> impl Iterator<Item = i64> {
    let Moments { from, step_ms, .. } = moments;
    (0..moments.count()).map(move |step| from.0 + step as i64 * step_ms)
}

fn instant_vector<'a>(
    mut vector: Box<dyn VectorOperator + 'a>,
    at: WallMs,
    context: &Context<'_>,
) -> Result<Vec<Sample>, EvalError> {
    let mut values = Vec::new();
    vector.step(at.0, context, &mut values)?;
    context.hold(values.len())?;
    let table = vector.table();
    let sample = |item: &super::table::Item| Sample {
        labels: table.identity(item.series).final_labels(),
        time: at,
        value: item.value,
    };
    let samples: Vec<Sample> = values.iter().map(sample).collect();
    let mut labels: Vec<&Labels> = samples.iter().map(|sample| &sample.labels).collect();
    labels.sort_unstable();
    if labels.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(same_labelset());
    }
    Ok(samples)
}

/// The series with the labels they end with, by labels. What becomes one series that way is joined, but
/// has one value at a moment.
fn merged(found: Vec<(u32, Points)>, table: &Table) -> Result<Vec<Series>, EvalError> {
    let mut merged: BTreeMap<Labels, Points> = BTreeMap::new();
    for (series, points) in found.into_iter().filter(|(_, points)| !points.is_empty()) {
        let known = merged.entry(table.identity(series).final_labels()).or_default();
        let is_new = known.is_empty();
        known.extend(points);
        if !is_new {
            known.sort_by_key(|(time, _)| *time);
            if known.windows(2).any(|pair| pair[0].0 == pair[1].0) {
                return Err(same_labelset());
            }
        }
    }
    Ok(merged.into_iter().map(|(labels, points)| Series { labels, points }).collect())
}
