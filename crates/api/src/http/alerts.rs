//! Alert rules, the states of what they watch, silences, channels and what was sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::events::SeverityName;

/// What is pending or firing, worst first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertList {
    /// The alerts: firing before pending, grave before light, old before new.
    pub alerts: Vec<Alert>,
    /// How many of them fire and are not silenced.
    pub firing: u32,
    /// How many wait for their time.
    pub pending: u32,
    /// How many of those that fire are silenced.
    pub silenced: u32,
    /// Rules that are on.
    pub rules_on: u32,
    /// Rules whose last evaluation failed.
    pub rules_failing: u32,
    /// Channels that are on.
    pub channels_on: u32,
    /// When all rules were evaluated last; `null` before the first time.
    pub evaluated_ms: Option<i64>,
}

/// One thing that a rule watches: a host, a container, an agent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Its identity: the same as long as rule and labels are.
    pub id: String,
    /// The rule.
    pub rule_id: String,
    /// The rule's name.
    pub rule_name: String,
    /// What kind of rule it is.
    pub kind: AlertKind,
    /// Its state.
    pub state: AlertStateName,
    /// How grave it is.
    pub severity: SeverityName,
    /// What it is about.
    pub labels: BTreeMap<String, String>,
    /// The value at the last evaluation; for security events their number. `null` without one.
    pub value: Option<f64>,
    /// The value as people read it, with its unit.
    pub value_text: Option<String>,
    /// The threshold that was crossed.
    pub threshold: Option<f64>,
    /// The threshold as people read it.
    pub threshold_text: Option<String>,
    /// Since when the condition holds.
    pub since_ms: i64,
    /// When it began to fire; `null` while pending.
    pub fired_ms: Option<i64>,
    /// When it ended.
    pub resolved_ms: Option<i64>,
    /// The silence that keeps its messages back.
    pub silenced_by: Option<String>,
    /// Until when.
    pub silenced_until_ms: Option<i64>,
    /// When somebody was told last.
    pub told_ms: Option<i64>,
    /// The channels that were told.
    pub told_channels: Vec<String>,
    /// The newest security event that made it fire.
    pub event_id: Option<String>,
    /// What that event said.
    pub event_output: Option<String>,
}

/// What an alert rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A value of series.
    Metric,
    /// Security events.
    SecurityEvent,
    /// Agents that are silent.
    AgentDown,
}

/// State of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertStateName {
    /// The condition holds, not yet for as long as the rule asks.
    Pending,
    /// It holds.
    Firing,
    /// It held.
    Resolved,
}

/// What `GET /alerts/history` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct AlertHistoryQuery {
    /// Only of this alert.
    #[param(max_length = 256)]
    pub alert: Option<String>,
    /// Only of this rule.
    #[param(max_length = 256)]
    pub rule: Option<String>,
    /// At most so many (100 by default, 1,000 at most).
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[param(max_length = 256)]
    pub cursor: Option<String>,
}

/// A page of changes, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertHistory {
    /// The changes.
    pub changes: Vec<AlertChange>,
    /// For the next page.
    pub next_cursor: Option<String>,
}

/// A change of an alert's state.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertChange {
    /// Its identity.
    pub id: String,
    /// When.
    pub time_ms: i64,
    /// The alert.
    pub alert_id: String,
    /// Its rule.
    pub rule_id: String,
    /// The rule's name at that time.
    pub rule_name: String,
    /// What became of it.
    pub to: AlertStateName,
    /// How grave.
    pub severity: SeverityName,
    /// What it is about.
    pub labels: BTreeMap<String, String>,
    /// The value at that time, as people read it.
    pub value_text: Option<String>,
    /// Why it ended or changed: `condition`, `no_data`, `quiet`, `rule_off`, `escalated`.
    pub reason: String,
    /// Since when the condition held.
    pub since_ms: i64,
}

/// All rules.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertRuleList {
    /// The rules by name.
    pub rules: Vec<AlertRule>,
}

/// A rule and how it fares.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertRule {
    /// Its identity.
    pub id: String,
    /// What it says.
    pub spec: AlertRuleSpec,
    /// Where it comes from.
    pub origin: AlertRuleOrigin,
    /// To be sent back with a change: the change of somebody else meanwhile is not overwritten.
    pub version: u64,
    /// When it was last changed; `null` for one that is as shipped.
    pub changed_ms: Option<i64>,
    /// How its last evaluation went.
    pub health: AlertRuleHealth,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was last evaluated.
    pub evaluated_ms: Option<i64>,
    /// How long that took.
    pub evaluation_ms: Option<u32>,
    /// How many things it watches.
    pub watched: u32,
    /// How many of them wait.
    pub pending: u32,
    /// How many of them fire.
    pub firing: u32,
    /// Things that were not watched, because there were more than one rule may have, at the last evaluation.
    pub over_limit: u32,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertRuleOrigin {
    /// Shipped, as it is.
    Shipped,
    /// Shipped, and changed here; deleting it brings back what was shipped.
    Changed,
    /// Made here.
    Own,
}

/// How the last evaluation of a rule went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertRuleHealth {
    /// Well.
    Ok,
    /// Nothing answers its expression: no trouble in a rule about what only is there when something is
    /// wrong.
    NoData,
    /// It failed; alerts keep the state they had.
    Error,
    /// It was not evaluated yet.
    Waiting,
    /// It is switched off.
    Off,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlertRuleSpec {
    /// Its name.
    pub name: String,
    /// What it is for, what to do.
    pub description: String,
    /// Whether it is evaluated.
    pub enabled: bool,
    /// How grave it is when the threshold is crossed. Security events bring their own.
    pub severity: SeverityName,
    /// What has to hold.
    pub condition: AlertCondition,
    /// For how long it has to hold before the rule fires; 0 fires at once.
    pub for_ms: i64,
    /// For how long it must not hold before the alert is resolved; 0 resolves at once.
    pub keep_firing_ms: i64,
    /// After how long those who were told are told again; `null` never.
    pub repeat_ms: Option<i64>,
    /// Who is told: ids of channels; `null` is all, an empty list nobody.
    pub channels: Option<Vec<String>>,
}

/// What has to hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AlertCondition {
    /// A value crosses a threshold. Each series of the result is an alert of its own.
    Metric {
        /// PromQL.
        expr: String,
        /// How the value is compared with the threshold.
        comparison: AlertComparison,
        /// The threshold.
        threshold: f64,
        /// A second one that is crossed before: it makes an alert of severity `medium`.
        warning: Option<f64>,
        /// In what the value is measured.
        unit: AlertUnit,
    },
    /// Security events happen. Each detection in each container is an alert of its own.
    SecurityEvent {
        /// Only of these detections; empty: of all.
        rules: Vec<String>,
        /// Only as grave as this, or graver.
        min_severity: SeverityName,
        /// Only in containers whose name or id matches this regular expression; `host` is the host. Empty: all.
        container: String,
        /// The alert is resolved after so long without one.
        quiet_ms: i64,
    },
    /// An agent is silent.
    AgentDown {
        /// For how long.
        silent_ms: i64,
        /// Only of nodes whose name matches this regular expression. Empty: all.
        node: String,
    },
}

/// How a value is compared with a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertComparison {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

/// In what a value is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertUnit {
    /// A plain number.
    None,
    /// 90 is 90 %.
    Percent,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
    /// Per second.
    PerSecond,
}

/// A change of a rule.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertRuleChange {
    /// What it shall say.
    pub spec: AlertRuleSpec,
    /// The version that was changed; `null` overwrites what is there.
    pub version: Option<u64>,
}

/// A rule that is tried on the past.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertPreviewRequest {
    /// The rule.
    pub spec: AlertRuleSpec,
    /// How far back, in hours: 1 to 168.
    pub hours: u32,
}

/// What a rule would have done.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertPreview {
    /// The range.
    pub from_ms: i64,
    /// The range.
    pub to_ms: i64,
    /// Between the values of the series.
    pub step_ms: i64,
    /// The series with the most extreme values, at most twelve.
    pub series: Vec<AlertPreviewSeries>,
    /// How many series there are.
    pub series_total: u32,
    /// How often it would have fired.
    pub fired: u32,
    /// When and what, newest first, at most 100.
    pub firings: Vec<AlertFiring>,
    /// Since when there is data at all; `null` without any.
    pub data_from_ms: Option<i64>,
    /// What every channel that is told would get.
    pub messages: Vec<AlertMessage>,
}

/// A series of a preview.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertPreviewSeries {
    /// What it is about.
    pub labels: BTreeMap<String, String>,
    /// A value per step; `null` where there is none.
    pub values: Vec<Option<f64>>,
}

/// A time in which an alert would have fired.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertFiring {
    /// What about.
    pub labels: BTreeMap<String, String>,
    /// From.
    pub from_ms: i64,
    /// To; `null` when it would fire now.
    pub to_ms: Option<i64>,
    /// How grave.
    pub severity: SeverityName,
}

/// A message as a channel would get it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AlertMessage {
    /// The channel.
    pub channel_id: String,
    /// Its name.
    pub channel_name: String,
    /// What it is.
    pub channel_type: String,
    /// The first line.
    pub title: String,
    /// All of it.
    pub text: String,
}

/// All silences.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SilenceList {
    /// Active ones first, then those to come, then those that are over (of the last 5 days).
    pub silences: Vec<Silence>,
}

/// A time in which nobody is told of some alerts.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Silence {
    /// Its identity.
    pub id: String,
    /// What it says.
    pub spec: SilenceSpec,
    /// Who made it.
    pub author: String,
    /// When it was made or changed.
    pub changed_ms: i64,
    /// Its state.
    pub state: SilenceState,
    /// Alerts it keeps back now, or would.
    pub matching: u32,
}

/// State of a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SilenceState {
    /// It keeps messages back.
    Active,
    /// It is yet to begin.
    Scheduled,
    /// It is over.
    Expired,
}

/// What a silence says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SilenceSpec {
    /// All have to hold. `alertname` is the rule's name, `rule_id` its identity, `severity` the severity.
    pub matchers: Vec<SilenceMatcher>,
    /// From when.
    pub from_ms: i64,
    /// Until when.
    pub to_ms: i64,
    /// Why.
    pub comment: String,
}

/// A condition on a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SilenceMatcher {
    /// The label.
    pub label: String,
    /// How it is compared: `=`, `!=`, `=~`, `!~`.
    pub op: String,
    /// With what; regular expressions match the whole value.
    pub value: String,
}

/// What a silence would keep back.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SilencePreview {
    /// Alerts that are pending or firing and match.
    pub alerts: Vec<Alert>,
}

/// All channels.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChannelList {
    /// The channels by name.
    pub channels: Vec<Channel>,
}

/// Where alerts are sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Channel {
    /// Its identity.
    pub id: String,
    /// What it says; secrets are `null`.
    pub spec: ChannelSpec,
    /// The secrets it has.
    pub secrets: Vec<String>,
    /// To be sent back with a change.
    pub version: u64,
    /// When it was last changed.
    pub changed_ms: i64,
    /// The newest delivery.
    pub last_delivery: Option<Delivery>,
    /// Messages that wait to be sent.
    pub waiting: u32,
}

/// What a channel says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChannelSpec {
    /// Its name.
    pub name: String,
    /// Whether anything is sent.
    pub enabled: bool,
    /// Only alerts as grave as this, or graver.
    pub min_severity: SeverityName,
    /// The language of its messages.
    pub language: ChannelLanguage,
    /// Where to.
    pub target: ChannelTarget,
}

/// The language of a channel's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChannelLanguage {
    /// English.
    En,
    /// Japanese.
    Ja,
}

/// Where to. Secrets are taken and never given: `null` keeps what is stored, as long as they go to the same place.
#[derive(Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ChannelTarget {
    /// Mail by SMTP.
    Email {
        /// The mail server.
        host: String,
        /// Its port: 587 for STARTTLS, 465 for TLS, 25 without.
        port: u16,
        /// How the connection is secured.
        security: SmtpSecurity,
        /// Who signs in; `null` without signing in.
        username: Option<String>,
        /// With what. Secret.
        password: Option<String>,
        /// The sender.
        from: String,
        /// The recipients, at most 50.
        to: Vec<String>,
    },
    /// An incoming webhook of Slack.
    Slack {
        /// The webhook's address. Secret.
        url: Option<String>,
    },
    /// The Events API v2 of PagerDuty.
    Pagerduty {
        /// The integration's routing key. Secret.
        routing_key: Option<String>,
        /// Where events are sent; `null` is PagerDuty's own address.
        url: Option<String>,
    },
    /// JSON by POST.
    Webhook {
        /// The address.
        url: String,
        /// The body is signed with it (HMAC-SHA256, header `X-Lanner-Signature`). Secret.
        secret: Option<String>,
    },
}

impl std::fmt::Debug for ChannelTarget {
    /// Without what may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ChannelTarget::Email { .. } => "Email",
            ChannelTarget::Slack { .. } => "Slack",
            ChannelTarget::Pagerduty { .. } => "Pagerduty",
            ChannelTarget::Webhook { .. } => "Webhook",
        })
    }
}

/// How a connection to a mail server is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SmtpSecurity {
    /// Not at all.
    None,
    /// It begins plain, and must become TLS before anything else is said.
    Starttls,
    /// TLS from the first byte.
    Tls,
}

/// A change of a channel.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChannelChange {
    /// What it shall say.
    pub spec: ChannelSpec,
    /// The version that was changed; `null` overwrites what is there.
    pub version: Option<u64>,
}

/// What came of a test message.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChannelTest {
    /// Whether the other side took it.
    pub delivered: bool,
    /// What it said.
    pub answer: String,
    /// How long it took.
    pub took_ms: u32,
}

/// What `GET /deliveries` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct DeliveriesQuery {
    /// Only to this channel.
    #[param(max_length = 64)]
    pub channel: Option<String>,
    /// At most so many (100 by default, 1,000 at most).
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
}

/// Messages, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeliveryList {
    /// Those that wait, then those that are done.
    pub deliveries: Vec<Delivery>,
}

/// A message that was sent, waits to be sent or was given up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// Its identity.
    pub id: String,
    /// When it was made.
    pub made_ms: i64,
    /// When it was last tried; `null` before the first time.
    pub tried_ms: Option<i64>,
    /// When it is tried again; `null` when it is done.
    pub next_ms: Option<i64>,
    /// The channel.
    pub channel_id: String,
    /// Its name at that time.
    pub channel_name: String,
    /// Its first line.
    pub title: String,
    /// What became of it.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// What the other side said, or why it was not reached.
    pub answer: Option<String>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It waits.
    Waiting,
    /// The other side took it.
    Sent,
    /// It was tried for a day, or can never be taken.
    GivenUp,
}
