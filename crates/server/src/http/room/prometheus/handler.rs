//! Paths and what answers them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use lanner_metrics::promql::{Moments, Value};
use lanner_metrics::{Kind, Unit, metric};
use lanner_model::series::{Labels, Matcher};

use super::failure::Failure;
use super::parameters::Parameters;
use super::render::{label_sets, query_answer, quoted, range_answer, success, texts};
use crate::app::App;
use crate::clock;
use crate::http::access::Access;
use crate::http::routes::Routes;
use crate::promql::{self, Limits};

type Answered = Result<Response, Failure>;

const TRUNCATED: &str = "results truncated due to limit";

pub(crate) fn routes(app: &Arc<App>) -> Routes {
    Routes::new(app)
        .get("/prometheus/api/v1/query", Access::Read, query)
        .post("/prometheus/api/v1/query", Access::Read, query)
        .get("/prometheus/api/v1/query_range", Access::Read, query_range)
        .post("/prometheus/api/v1/query_range", Access::Read, query_range)
        .get("/prometheus/api/v1/format_query", Access::Read, format_query)
        .post("/prometheus/api/v1/format_query", Access::Read, format_query)
        .get("/prometheus/api/v1/series", Access::Read, series)
        .post("/prometheus/api/v1/series", Access::Read, series)
        .get("/prometheus/api/v1/labels", Access::Read, label_names)
        .post("/prometheus/api/v1/labels", Access::Read, label_names)
        .get("/prometheus/api/v1/label/{name}/values", Access::Read, label_values)
        .get("/prometheus/api/v1/metadata", Access::Read, metadata)
        .get("/prometheus/api/v1/status/buildinfo", Access::Read, build_info)
}

async fn query(State(app): State<Arc<App>>, parameters: Parameters) -> Answered {
    let at = parameters.time("time")?.unwrap_or_else(clock::now);
    let (mut limits, limit) = (limits(&parameters)?, parameters.limit("limit")?);
    let query = parameters.query()?;
    let _place = app.queries.take(&mut limits).await?;
    let mut answer = promql::instant_answer(&*app.metrics, &query, at, &limits).await?;
    let was_cut = match &mut answer.value {
        Value::Vector(samples) => cut(samples, limit),
        Value::Matrix(series) => cut(series, limit),
        Value::Scalar(..) | Value::Text(..) => false,
    };
    answer.warnings.extend(was_cut.then(|| TRUNCATED.to_owned()));
    Ok(query_answer(&answer, parameters.value("stats").is_some()))
}

async fn query_range(State(app): State<Arc<App>>, parameters: Parameters) -> Answered {
    let (from, to) = (parameters.needed_time("start")?, parameters.needed_time("end")?);
    if to < from {
        return Err(Failure::bad_parameter("end", "end timestamp must not be before start time"));
    }
    let moments = Moments { from, to, step_ms: parameters.step_ms()? };
    let (mut limits, limit) = (limits(&parameters)?, parameters.limit("limit")?);
    let query = parameters.query()?;
    let _place = app.queries.take(&mut limits).await?;
    let mut answer = promql::range_answer(&*app.metrics, &query, moments, &limits).await?;
    let was_cut = cut(&mut answer.value, limit);
    answer.warnings.extend(was_cut.then(|| TRUNCATED.to_owned()));
    Ok(range_answer(&answer, parameters.value("stats").is_some()))
}

async fn format_query(parameters: Parameters) -> Answered {
    Ok(success(&quoted(&parameters.query()?.to_string()), &[]))
}

async fn series(State(app): State<Arc<App>>, parameters: Parameters) -> Answered {
    let selectors = parameters.selectors()?;
    if selectors.is_empty() {
        return Err(Failure::bad_data("no match[] parameter provided".to_owned()));
    }
    let ((from, to), limit) = (parameters.range(clock::now())?, parameters.limit("limit")?);
    let _place = app.queries.take(&mut Limits::default()).await?;
    let mut found: BTreeSet<Labels> = BTreeSet::new();
    for matchers in &selectors {
        found.extend(app.metrics.series(matchers, from, to).await?);
    }
    let mut found: Vec<Labels> = found.into_iter().collect();
    let was_cut = cut(&mut found, limit);
    Ok(success(&label_sets(&found), &truncated(was_cut)))
}

async fn label_names(State(app): State<Arc<App>>, parameters: Parameters) -> Answered {
    let ((from, to), limit) = (parameters.range(clock::now())?, parameters.limit("limit")?);
    let _place = app.queries.take(&mut Limits::default()).await?;
    let mut found: BTreeSet<String> = BTreeSet::new();
    for matchers in selectors_or_all(&parameters)? {
        found.extend(app.metrics.label_names(&matchers, from, to).await?);
    }
    Ok(some_texts(found, limit))
}

async fn label_values(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Answered {
    if name.is_empty() {
        return Err(Failure::bad_data(format!("invalid label name: {name:?}")));
    }
    let ((from, to), limit) = (parameters.range(clock::now())?, parameters.limit("limit")?);
    let _place = app.queries.take(&mut Limits::default()).await?;
    let mut found: BTreeSet<String> = BTreeSet::new();
    for matchers in selectors_or_all(&parameters)? {
        found.extend(app.metrics.label_values(&name, &matchers, from, to).await?);
    }
    Ok(some_texts(found, limit))
}

/// What the declared metrics are; those that applications export are not known.
async fn metadata(parameters: Parameters) -> Answered {
    let (wanted, limit) = (parameters.value("metric"), parameters.limit("limit")?);
    let all = metric::ALL.iter().filter(|one| wanted.is_none_or(|wanted| wanted == one.name));
    let described = all.take(limit).map(|one| {
        let kind = match one.kind {
            Kind::Untyped => "unknown",
            kind => kind.as_str(),
        };
        let unit = match one.unit {
            Unit::None => "",
            Unit::Seconds => "seconds",
            Unit::Bytes => "bytes",
        };
        (one.name, serde_json::json!([{ "type": kind, "unit": unit, "help": one.help }]))
    });
    let described: BTreeMap<&str, serde_json::Value> = described.collect();
    Ok(success(&serde_json::json!(described).to_string(), &[]))
}

async fn build_info() -> Response {
    let data = serde_json::json!({
        "application": "Lanner",
        "version": env!("CARGO_PKG_VERSION"),
        "revision": "",
        "branch": "",
        "buildUser": "",
        "buildDate": "",
        "goVersion": "",
    });
    success(&data.to_string(), &[])
}

fn limits(parameters: &Parameters) -> Result<Limits, Failure> {
    let mut limits = Limits::default();
    if let Some(ms) = parameters.duration("timeout")? {
        let asked = Duration::from_millis(u64::try_from(ms).unwrap_or(0));
        limits.time = limits.time.min(asked);
    }
    if let Some(ms) = parameters.duration("lookback_delta")?.filter(|ms| *ms > 0) {
        limits.evaluation.lookback_ms = ms;
    }
    Ok(limits)
}

/// The selectors; without any, one for all series of the scope.
fn selectors_or_all(parameters: &Parameters) -> Result<Vec<Vec<Matcher>>, Failure> {
    let selectors = parameters.selectors()?;
    if selectors.is_empty() { Ok(vec![parameters.scope()?]) } else { Ok(selectors) }
}

/// Keeps the first so many; whether there were more.
fn cut<T>(items: &mut Vec<T>, limit: usize) -> bool {
    let were_more = items.len() > limit;
    items.truncate(limit);
    were_more
}

fn truncated(was_cut: bool) -> Vec<String> {
    was_cut.then(|| TRUNCATED.to_owned()).into_iter().collect()
}

fn some_texts(found: BTreeSet<String>, limit: usize) -> Response {
    let mut found: Vec<String> = found.into_iter().collect();
    let was_cut = cut(&mut found, limit);
    success(&texts(&found), &truncated(was_cut))
}
