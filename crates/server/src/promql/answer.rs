//! Plan, fetch, evaluate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lanner_metrics::promql::{
    self, Answer, Column, EvalError, Moments, Plan, Query, Series, Value, evaluate_instant, evaluate_range,
};
use lanner_model::time::WallMs;
use lanner_store::MetricStore;

use super::error::PromqlError;
use super::limits::Limits;

/// The query's answer at one moment.
pub(crate) async fn instant(
    store: &dyn MetricStore,
    query: &Query,
    at: WallMs,
    limits: &Limits,
) -> Result<Value, PromqlError> {
    Ok(instant_answer(store, query, at, limits).await?.value)
}

/// The query's answer at `from`, `from + step_ms` ... up to `to`; the query is a scalar or an instant
/// vector.
pub(crate) async fn range(
    store: &dyn MetricStore,
    query: &Query,
    from: WallMs,
    to: WallMs,
    step_ms: i64,
    limits: &Limits,
) -> Result<Vec<Series>, PromqlError> {
    Ok(range_answer(store, query, Moments { from, to, step_ms }, limits).await?.value)
}

/// [`instant`] with what should be known about the answer.
pub(crate) async fn instant_answer(
    store: &dyn MetricStore,
    query: &Query,
    at: WallMs,
    limits: &Limits,
) -> Result<Answer<Value>, PromqlError> {
    let evaluation = limits.evaluation;
    answer(store, query, Moments::instant(at), limits, move |query, plan, columns, stop| {
        evaluate_instant(&query, at, &plan, &columns, &evaluation, stop)
    })
    .await
}

/// [`range`] with what should be known about the answer.
pub(crate) async fn range_answer(
    store: &dyn MetricStore,
    query: &Query,
    moments: Moments,
    limits: &Limits,
) -> Result<Answer<Vec<Series>>, PromqlError> {
    let evaluation = limits.evaluation;
    answer(store, query, moments, limits, move |query, plan, columns, stop| {
        evaluate_range(&query, moments, &plan, &columns, &evaluation, stop)
    })
    .await
}

async fn answer<T: Send + 'static>(
    store: &dyn MetricStore,
    query: &Query,
    moments: Moments,
    limits: &Limits,
    evaluate: impl FnOnce(Query, Plan, Vec<Vec<Column>>, promql::Stop<'_>) -> Result<Answer<T>, EvalError>
    + Send
    + 'static,
) -> Result<Answer<T>, PromqlError> {
    let plan = promql::plan(query, moments, &limits.evaluation)?;
    let (query, max_samples) = (query.clone(), limits.evaluation.max_samples);
    let stop = StopWhenDropped::default();
    let is_stopped = Arc::clone(&stop.0);
    let work = async {
        let mut columns = Vec::with_capacity(plan.fetches.len());
        let mut points = 0;
        for fetch in &plan.fetches {
            let series = store.range(&fetch.matchers, fetch.from, fetch.to).await?;
            points += series.iter().map(|one| one.points.len() as u64).sum::<u64>();
            if points > max_samples {
                return Err(EvalError::TooManySamples { limit: max_samples }.into());
            }
            let series = series.into_iter().map(|one| Column { labels: one.labels, points: one.points });
            columns.push(series.collect::<Vec<Column>>());
        }
        let evaluate = move || evaluate(query, plan, columns, &|| is_stopped.load(Ordering::Relaxed));
        match tokio::task::spawn_blocking(evaluate).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(PromqlError::Broken),
        }
    };
    in_time(limits.time, work).await
}

async fn in_time<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, PromqlError>>,
) -> Result<T, PromqlError> {
    match tokio::time::timeout(limit, work).await {
        Ok(answer) => answer,
        Err(_) => Err(PromqlError::Timeout { limit }),
    }
}

/// Tells a thread to stop when nobody waits for it any more: the time is over, or the client went away.
#[derive(Default)]
struct StopWhenDropped(Arc<AtomicBool>);

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
