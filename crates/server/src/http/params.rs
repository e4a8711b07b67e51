//! What requests ask for, checked.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use lanner_api::http::{EventsQuery, ExploreQuery, HistoryQuery};
use lanner_model::finding::Severity;
use lanner_model::id::ContainerId;
use lanner_model::time::WallMs;
use lanner_store::EventFilter;
use serde::de::DeserializeOwned;

use super::error::{ApiError, shorten};
use crate::explore::{ExploreRequest, Sort, SortError};
use crate::findings::PageRequest;
use crate::history::Grid;
use crate::range::{RangeError, TimeRange};
use crate::row::RowId;

/// The longest text that is searched for.
const MAX_TEXT_BYTES: usize = 256;

/// A query string, read; what is wrong with it is a 400 in our form.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(rejection) => Err(ApiError::bad_request(rejection.body_text())
                .hint("/api/v1/openapi.json lists what each path takes")),
        }
    }
}

pub(super) fn explore(query: ExploreQuery) -> Result<ExploreRequest, ApiError> {
    let sort = given(&query.sort).map_or(Ok(Sort::default()), Sort::parse);
    Ok(ExploreRequest {
        view: query.view.unwrap_or_default(),
        by: grouping(given(&query.by).unwrap_or("node,container"))?,
        sort: sort.map_err(|error| ApiError::bad_request(error.to_string()).hint(SortError::hint()))?,
        filter: text("q", query.q)?.to_lowercase(),
        scope: given(&query.scope).map(row).transpose()?,
        limit: limit(query.limit, 500, 10_000)? as usize,
    })
}

/// The longest list of labels to group by.
const MAX_LEVELS: usize = 8;

fn grouping(text: &str) -> Result<Vec<String>, ApiError> {
    let labels: Vec<String> = text.split(',').filter(|label| !label.is_empty()).map(str::to_owned).collect();
    let is_name = |label: &String| {
        label.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !label.starts_with(|c: char| c.is_ascii_digit())
    };
    match labels.iter().find(|label| !is_name(label)) {
        Some(label) => Err(ApiError::bad_request(format!("`{}` is no label", shorten(label)))
            .hint("by is a list of labels: node,container")),
        None if labels.len() > MAX_LEVELS => {
            Err(ApiError::bad_request(format!("rows are grouped by at most {MAX_LEVELS} labels")))
        }
        None => Ok(labels),
    }
}

/// The row and the moments that charts are asked for.
pub(super) fn history(query: &HistoryQuery, now: WallMs) -> Result<(RowId, Grid), ApiError> {
    let row = row(&query.row)?;
    let range = range(given(&query.from), given(&query.to), "now-1h", now)?;
    Ok((row, Grid::covering(range, limit(query.points, 300, 1_500)?)))
}

pub(super) fn events(query: EventsQuery, now: WallMs) -> Result<PageRequest, ApiError> {
    Ok(PageRequest {
        range: range(given(&query.from), given(&query.to), "now-24h", now)?,
        limit: limit(query.limit, 100, 1_000)? as usize,
        cursor: given(&query.cursor).map(str::to_owned),
        filter: event_filter(query)?,
    })
}

pub(super) fn event_filter(query: EventsQuery) -> Result<EventFilter, ApiError> {
    let severities = query.severity.as_deref().unwrap_or_default().split(',').filter(|word| !word.is_empty());
    let severities = severities.map(severity).collect::<Result<Vec<Severity>, ApiError>>()?;
    let rule = text("rule", query.rule)?;
    let container = text("container", query.container)?;
    let container = match container.as_str() {
        "" => None,
        "host" => Some(ContainerId::default()),
        id => Some(ContainerId::from(id)),
    };
    Ok(EventFilter {
        severities,
        rules: Some(rule).filter(|rule| !rule.is_empty()).into_iter().collect(),
        containers: container.into_iter().collect(),
        text: text("q", query.q)?,
        ..EventFilter::default()
    })
}

/// A parameter that says something: an empty one is as good as none.
pub(super) fn given(parameter: &Option<String>) -> Option<&str> {
    parameter.as_deref().filter(|value| !value.is_empty())
}

fn severity(word: &str) -> Result<Severity, ApiError> {
    Severity::parse(word).ok_or_else(|| {
        ApiError::bad_request(format!("there is no severity `{}`", shorten(word)))
            .hint("severities are info, low, medium, high, critical")
    })
}

fn row(text: &str) -> Result<RowId, ApiError> {
    RowId::parse(text).ok_or_else(|| {
        ApiError::bad_request(format!("`{}` is no row", shorten(text)))
            .hint("a row is host:NODE, container:NODE:ID, process:NODE:PID:START_MS or group:LABEL=VALUE,...")
    })
}

pub(super) fn range(
    from: Option<&str>,
    to: Option<&str>,
    default_from: &str,
    now: WallMs,
) -> Result<TimeRange, ApiError> {
    TimeRange::parse(from, to, default_from, now).map_err(|error: RangeError| {
        ApiError::bad_request(error.to_string())
            .hint("times are milliseconds since the epoch, `now`, or `now-` and 30s, 15m, 1h, 7d")
    })
}

pub(super) fn limit(asked: Option<u32>, default: u32, most: u32) -> Result<u32, ApiError> {
    match asked {
        None => Ok(default),
        Some(asked) if (1..=most).contains(&asked) => Ok(asked),
        Some(asked) => {
            Err(ApiError::bad_request(format!("{asked} is not between 1 and {most}")).hint("ask for fewer"))
        }
    }
}

fn text(name: &str, text: Option<String>) -> Result<String, ApiError> {
    let text = text.unwrap_or_default();
    if text.len() > MAX_TEXT_BYTES {
        return Err(ApiError::bad_request(format!("{name} is longer than {MAX_TEXT_BYTES} bytes")));
    }
    Ok(text)
}
