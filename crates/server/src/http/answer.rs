//! Answers that are given once.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use lanner_api::http::{
    Agent, Chart, ChartSeries, EventPage, EventsQuery, ExploreQuery, ExploreTable, History, HistoryQuery,
    RuleList, SecurityEventDetail, Status,
};
use lanner_store::StoreError;

use super::error::ApiError;
use super::params::{self, Params};
use crate::app::App;
use crate::clock;
use crate::history::{Grid, Select, charts};

type Answer<T> = Result<Json<T>, ApiError>;

pub(super) async fn status(State(app): State<Arc<App>>) -> Json<Status> {
    Json(app.status(clock::now()).await)
}

pub(super) async fn agents(State(app): State<Arc<App>>) -> Json<Vec<Agent>> {
    Json(app.registry.agents())
}

pub(super) async fn rules(State(app): State<Arc<App>>) -> Json<RuleList> {
    Json(RuleList { rules: app.registry.rules() })
}

pub(super) async fn explore(
    State(app): State<Arc<App>>,
    Params(query): Params<ExploreQuery>,
) -> Answer<ExploreTable> {
    let request = params::explore(query)?;
    app.interest.request();
    Ok(Json(app.explore(&request, clock::now()).await))
}

pub(super) async fn history(
    State(app): State<Arc<App>>,
    Params(query): Params<HistoryQuery>,
) -> Answer<History> {
    let (row, grid) = params::history(&query, clock::now())?;
    let mut drawn = Vec::new();
    for plan in charts(&row) {
        let mut series = Vec::with_capacity(plan.lines.len());
        for line in &plan.lines {
            let first = fetch(&app, &line.first, grid).await?;
            let second = match &line.second {
                Some((_, select)) => fetch(&app, select, grid).await?,
                None => Vec::new(),
            };
            series.push(ChartSeries {
                name: line.name.to_owned(),
                metric: line.first.metric.to_owned(),
                values: line.values(&first, &second, grid),
            });
        }
        drawn.push(Chart { name: plan.name.to_owned(), unit: plan.unit.to_owned(), series });
    }
    Ok(Json(History { from_ms: grid.from.0, to_ms: grid.to.0, step_ms: grid.step_ms, charts: drawn }))
}

async fn fetch(app: &App, select: &Select, grid: Grid) -> Result<Vec<lanner_store::SeriesData>, StoreError> {
    app.metrics.range(&select.matchers, grid.needs_from(), grid.to).await
}

pub(super) async fn events(
    State(app): State<Arc<App>>,
    Params(query): Params<EventsQuery>,
) -> Answer<EventPage> {
    let page = params::events(query, clock::now())?;
    Ok(Json(crate::findings::page(&*app.events, &page).await?))
}

pub(super) async fn event(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Answer<SecurityEventDetail> {
    let finding = app.events.get(&id).await?;
    let finding = finding.ok_or_else(|| {
        ApiError::not_found("there is no such security event").hint("it may be older than what is kept")
    })?;
    Ok(Json(crate::findings::detail(&finding, app.registry.rule(&finding.rule))))
}

pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], lanner_api::openapi_json()).into_response()
}

pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

pub(super) async fn metrics(State(app): State<Arc<App>>) -> Response {
    let now = clock::now();
    let text = app.own_metrics.text(&app.present().await, now);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
