//! Paths: alert rules, their states and history, silences, channels, deliveries.

use utoipa::OpenApi;

use crate::http::{
    AlertHistory, AlertHistoryQuery, AlertList, AlertPreview, AlertPreviewRequest, AlertRule,
    AlertRuleChange, AlertRuleList, Channel, ChannelChange, ChannelList, ChannelTest, DeliveriesQuery,
    DeliveryList, ErrorBody, Silence, SilenceList, SilencePreview, SilenceSpec,
};

/// The room's part of the description.
#[derive(OpenApi)]
#[openapi(paths(
    alerts,
    alert_history,
    alert_rules,
    create_alert_rule,
    preview_alert_rule,
    alert_rule,
    change_alert_rule,
    delete_alert_rule,
    silences,
    create_silence,
    preview_silence,
    change_silence,
    expire_silence,
    channels,
    create_channel,
    change_channel,
    delete_channel,
    test_channel,
    deliveries
))]
pub(super) struct Alerts;

/// What is pending or firing, worst first.
#[utoipa::path(get, path = "/api/v1/alerts", responses(
    (status = 200, body = AlertList, description = "the alerts"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn alerts() {}

/// How alerts changed, newest first.
#[utoipa::path(get, path = "/api/v1/alerts/history", params(AlertHistoryQuery), responses(
    (status = 200, body = AlertHistory, description = "a page of changes"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn alert_history() {}

/// All rules and how they fare.
#[utoipa::path(get, path = "/api/v1/alerts/rules", responses(
    (status = 200, body = AlertRuleList, description = "the rules"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn alert_rules() {}

/// Makes a rule.
#[utoipa::path(post, path = "/api/v1/alerts/rules", request_body = AlertRuleChange, responses(
    (status = 200, body = AlertRule, description = "the rule"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn create_alert_rule() {}

/// Tries a rule on the past: when it would have fired, and what its channels would have got.
#[utoipa::path(post, path = "/api/v1/alerts/rules/preview", request_body = AlertPreviewRequest, responses(
    (status = 200, body = AlertPreview, description = "what it would have done"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn preview_alert_rule() {}

/// A rule.
#[utoipa::path(get, path = "/api/v1/alerts/rules/{id}", params(
    ("id" = String, Path, description = "the rule's id"),
), responses(
    (status = 200, body = AlertRule, description = "the rule"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn alert_rule() {}

/// Changes a rule; a shipped one becomes a changed copy of itself.
#[utoipa::path(put, path = "/api/v1/alerts/rules/{id}", request_body = AlertRuleChange, params(
    ("id" = String, Path, description = "the rule's id"),
), responses(
    (status = 200, body = AlertRule, description = "the rule"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn change_alert_rule() {}

/// Deletes a rule that was made here, or takes back what was changed of a shipped one. Its alerts end.
#[utoipa::path(delete, path = "/api/v1/alerts/rules/{id}", params(
    ("id" = String, Path, description = "the rule's id"),
), responses(
    (status = 204, description = "done"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn delete_alert_rule() {}

/// All silences.
#[utoipa::path(get, path = "/api/v1/silences", responses(
    (status = 200, body = SilenceList, description = "the silences"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn silences() {}

/// Makes a silence.
#[utoipa::path(post, path = "/api/v1/silences", request_body = SilenceSpec, responses(
    (status = 200, body = Silence, description = "the silence"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn create_silence() {}

/// Which alerts a silence would keep back now.
#[utoipa::path(post, path = "/api/v1/silences/preview", request_body = SilenceSpec, responses(
    (status = 200, body = SilencePreview, description = "the alerts"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn preview_silence() {}

/// Changes a silence.
#[utoipa::path(put, path = "/api/v1/silences/{id}", request_body = SilenceSpec, params(
    ("id" = String, Path, description = "the silence's id"),
), responses(
    (status = 200, body = Silence, description = "the silence"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn change_silence() {}

/// Ends a silence now; it stays in the list for some days.
#[utoipa::path(delete, path = "/api/v1/silences/{id}", params(
    ("id" = String, Path, description = "the silence's id"),
), responses(
    (status = 204, description = "done"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn expire_silence() {}

/// All channels, without their secrets.
#[utoipa::path(get, path = "/api/v1/channels", responses(
    (status = 200, body = ChannelList, description = "the channels"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn channels() {}

/// Makes a channel.
#[utoipa::path(post, path = "/api/v1/channels", request_body = ChannelChange, responses(
    (status = 200, body = Channel, description = "the channel"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn create_channel() {}

/// Changes a channel.
#[utoipa::path(put, path = "/api/v1/channels/{id}", request_body = ChannelChange, params(
    ("id" = String, Path, description = "the channel's id"),
), responses(
    (status = 200, body = Channel, description = "the channel"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn change_channel() {}

/// Deletes a channel; what waits to be sent to it is given up.
#[utoipa::path(delete, path = "/api/v1/channels/{id}", params(
    ("id" = String, Path, description = "the channel's id"),
), responses(
    (status = 204, description = "done"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn delete_channel() {}

/// Sends a test message and gives what the other side said.
#[utoipa::path(post, path = "/api/v1/channels/{id}/test", params(
    ("id" = String, Path, description = "the channel's id"),
), responses(
    (status = 200, body = ChannelTest, description = "what came of it"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn test_channel() {}

/// What was sent, waits to be sent or was given up, newest first.
#[utoipa::path(get, path = "/api/v1/deliveries", params(DeliveriesQuery), responses(
    (status = 200, body = DeliveryList, description = "the messages"),
    (status = "default", body = ErrorBody, description = "what went wrong"),
))]
fn deliveries() {}
