//! Alert rules, states, silences, channels.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lanner_api::http::{
    AlertChange, AlertHistory, AlertHistoryQuery, AlertList, AlertPreview, AlertPreviewRequest, AlertRule,
    AlertRuleChange, AlertRuleList, Channel, ChannelChange, ChannelList, ChannelTest, DeliveriesQuery,
    DeliveryList, Silence, SilenceList, SilencePreview, SilenceSpec,
};

use crate::access::Caller;
use crate::alerting::{self, AlertingError};
use crate::app::App;
use crate::clock;
use crate::error_chain::chain;
use crate::http::access::Access;
use crate::http::body::Body;
use crate::http::error::ApiError;
use crate::http::params::{self, Params};
use crate::http::routes::Routes;
use crate::promql::PromqlError;

type Answer<T> = Result<Json<T>, ApiError>;

pub(crate) fn routes(app: &Arc<App>) -> Routes {
    Routes::new(app)
        .get("/api/v1/alerts", Access::Read, alerts)
        .get("/api/v1/alerts/history", Access::Read, history)
        .get("/api/v1/alerts/rules", Access::Read, rules)
        .post("/api/v1/alerts/rules", Access::Write, create_rule)
        .post("/api/v1/alerts/rules/preview", Access::Read, preview)
        .get("/api/v1/alerts/rules/{id}", Access::Read, rule)
        .put("/api/v1/alerts/rules/{id}", Access::Write, change_rule)
        .delete("/api/v1/alerts/rules/{id}", Access::Write, delete_rule)
        .get("/api/v1/silences", Access::Read, silences)
        .post("/api/v1/silences", Access::Write, create_silence)
        .post("/api/v1/silences/preview", Access::Read, preview_silence)
        .put("/api/v1/silences/{id}", Access::Write, change_silence)
        .delete("/api/v1/silences/{id}", Access::Write, expire_silence)
        .get("/api/v1/channels", Access::Read, channels)
        .post("/api/v1/channels", Access::Administer, create_channel)
        .put("/api/v1/channels/{id}", Access::Administer, change_channel)
        .delete("/api/v1/channels/{id}", Access::Administer, delete_channel)
        .post("/api/v1/channels/{id}/test", Access::Administer, test_channel)
        .get("/api/v1/deliveries", Access::Read, deliveries)
}

async fn alerts(State(app): State<Arc<App>>) -> Json<AlertList> {
    Json(alerting::alerts(&app, clock::now()))
}

async fn history(
    State(app): State<Arc<App>>,
    Params(query): Params<AlertHistoryQuery>,
) -> Answer<AlertHistory> {
    let limit = params::limit(query.limit, 100, 1_000)? as usize;
    let given = |asked: &Option<String>| asked.clone().filter(|asked| !asked.is_empty());
    let (alert, rule) = (given(&query.alert), given(&query.rule));
    let is_wanted = move |change: &AlertChange| {
        alert.as_ref().is_none_or(|alert| *alert == change.alert_id)
            && rule.as_ref().is_none_or(|rule| *rule == change.rule_id)
    };
    Ok(Json(alerting::history(&app, is_wanted, limit, given(&query.cursor)).await?))
}

async fn rules(State(app): State<Arc<App>>) -> Json<AlertRuleList> {
    Json(alerting::rules(&app))
}

async fn rule(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<AlertRule> {
    Ok(Json(alerting::rule(&app, &id)?))
}

async fn create_rule(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(change): Body<AlertRuleChange>,
) -> Answer<AlertRule> {
    let id = alerting::create_rule(&app, &change.spec, &caller.name, clock::now()).await?;
    Ok(Json(alerting::rule(&app, &id)?))
}

async fn change_rule(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    Body(change): Body<AlertRuleChange>,
) -> Answer<AlertRule> {
    alerting::change_rule(&app, &id, &change.spec, change.version, &caller.name, clock::now()).await?;
    Ok(Json(alerting::rule(&app, &id)?))
}

async fn delete_rule(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<StatusCode, ApiError> {
    alerting::delete_rule(&app, &id, &caller.name, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn preview(
    State(app): State<Arc<App>>,
    Body(request): Body<AlertPreviewRequest>,
) -> Answer<AlertPreview> {
    Ok(Json(alerting::preview(&app, &request.spec, request.hours, clock::now()).await?))
}

async fn silences(State(app): State<Arc<App>>) -> Json<SilenceList> {
    Json(alerting::silences(&app, clock::now()))
}

async fn create_silence(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(spec): Body<SilenceSpec>,
) -> Answer<Silence> {
    let now = clock::now();
    let id = alerting::create_silence(&app, &spec, &caller.name, now).await?;
    silence(&app, &id)
}

async fn change_silence(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    Body(spec): Body<SilenceSpec>,
) -> Answer<Silence> {
    alerting::change_silence(&app, &id, &spec, &caller.name, clock::now()).await?;
    silence(&app, &id)
}

async fn expire_silence(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<StatusCode, ApiError> {
    alerting::expire_silence(&app, &id, &caller.name, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn preview_silence(
    State(app): State<Arc<App>>,
    Body(spec): Body<SilenceSpec>,
) -> Answer<SilencePreview> {
    Ok(Json(SilencePreview { alerts: alerting::preview_silence(&app, &spec, clock::now())? }))
}

async fn channels(State(app): State<Arc<App>>) -> Answer<ChannelList> {
    Ok(Json(alerting::channels(&app).await?))
}

async fn create_channel(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(change): Body<ChannelChange>,
) -> Answer<Channel> {
    let id = alerting::create_channel(&app, &change.spec, &caller.name, clock::now()).await?;
    channel(&app, &id).await
}

async fn change_channel(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    Body(change): Body<ChannelChange>,
) -> Answer<Channel> {
    alerting::change_channel(&app, &id, &change.spec, change.version, &caller.name, clock::now()).await?;
    channel(&app, &id).await
}

async fn delete_channel(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<StatusCode, ApiError> {
    alerting::delete_channel(&app, &id, &caller.name, clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn test_channel(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<ChannelTest> {
    Ok(Json(alerting::test_channel(&app, &id, clock::now()).await?))
}

async fn deliveries(
    State(app): State<Arc<App>>,
    Params(query): Params<DeliveriesQuery>,
) -> Answer<DeliveryList> {
    let limit = params::limit(query.limit, 100, 1_000)? as usize;
    let channel = query.channel.as_deref().filter(|channel| !channel.is_empty());
    Ok(Json(alerting::deliveries(&app, channel, limit).await?))
}

fn silence(app: &App, id: &str) -> Answer<Silence> {
    let silence = alerting::silences(app, clock::now()).silences.into_iter().find(|one| one.id == id);
    Ok(Json(silence.ok_or(AlertingError::Unknown { what: "silence" })?))
}

async fn channel(app: &App, id: &str) -> Answer<Channel> {
    let channel = alerting::channels(app).await?.channels.into_iter().find(|one| one.id == id);
    Ok(Json(channel.ok_or(AlertingError::Unknown { what: "channel" })?))
}

impl From<AlertingError> for ApiError {
    fn from(error: AlertingError) -> Self {
        let text = chain(&error);
        match error {
            AlertingError::Unknown { .. } => ApiError::not_found(text).hint("it may have been deleted"),
            AlertingError::Changed { .. } => ApiError::new(StatusCode::CONFLICT, "conflict", text)
                .hint("load it again and repeat the change"),
            AlertingError::TooMany { .. } => {
                ApiError::new(StatusCode::CONFLICT, "too_many", text).hint("delete one that nobody needs")
            }
            AlertingError::Store(error) => error.into(),
            AlertingError::Query(PromqlError::Busy { .. }) => {
                ApiError::unavailable(text).hint("try again in a few seconds")
            }
            AlertingError::Query(_) => {
                ApiError::bad_request(text).hint("ask for fewer series, or a shorter time")
            }
            AlertingError::Channel { .. }
            | AlertingError::Rule(_)
            | AlertingError::Silence(_)
            | AlertingError::Expression(_)
            | AlertingError::ExpressionType { .. } => ApiError::bad_request(text),
        }
    }
}
