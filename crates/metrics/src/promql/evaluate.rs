//! A query's answer, folded from what was fetched.

use lanner_model::time::WallMs;

use super::error::EvalError;
use super::plan::{Limits, Moments, Plan};
use super::query::Query;
use super::value::{Answer, Column, Series, Value};

/// Asked now and then whether evaluation should stop.
pub type Stop<'a> = &'a dyn Fn() -> bool;

/// The answer at one moment. `columns` are the series of each fetch of the plan, in its order.
pub fn evaluate_instant(
    query: &Query,
    at: WallMs,
    plan: &Plan,
    columns: Vec<Vec<Column>>,
    limits: &Limits,
    stop: Stop<'_>,
) -> Result<Answer<Value>, EvalError> {
    let _ = (query, at, plan, columns, limits, stop);
    Err(EvalError::Canceled)
}

/// The answer at several moments; the query is a scalar or an instant vector.
pub fn evaluate_range(
    query: &Query,
    moments: Moments,
    plan: &Plan,
    columns: Vec<Vec<Column>>,
    limits: &Limits,
    stop: Stop<'_>,
) -> Result<Answer<Vec<Series>>, EvalError> {
    let _ = (query, moments, plan, columns, limits, stop);
    Err(EvalError::Canceled)
}
