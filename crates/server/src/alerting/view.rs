//! What the API shows of alerts.

use std::cmp::Reverse;

use lanner_alert::{
    Change, Channel, Condition, Delivery, Instance, Message, Outcome, Rule, Silence, SilencePhase, State,
    quantity, render,
};
use lanner_api::http::{
    Alert, AlertChange, AlertHistory, AlertKind, AlertList, AlertRule, AlertRuleHealth, AlertRuleList,
    AlertRuleOrigin, AlertStateName, Channel as ChannelView, ChannelList, Delivery as DeliveryView,
    DeliveryList, DeliveryState, Silence as SilenceView, SilenceList, SilenceMatcher, SilenceSpec,
    SilenceState,
};
use lanner_model::time::WallMs;
use lanner_store::{ConfigError, Kind};

use super::book::{Book, Kept, KeptRule};
use super::document::{read_all, read_newest};
use super::error::AlertingError;
use super::spec::{channel_spec, rule_spec};
use crate::app::App;
use crate::severity::severity_name;

/// History documents that are looked through for one page.
const LOOKED_THROUGH: usize = 10_000;

/// What is pending or firing, worst first.
pub(crate) fn alerts(app: &App, now: WallMs) -> AlertList {
    let book = app.alerting.book();
    let alerts = active(&book, now);
    let count = |is: &dyn Fn(&Alert) -> bool| u32::try_from(alerts.iter().filter(|alert| is(alert)).count());
    let is_firing = |alert: &Alert| alert.state == AlertStateName::Firing;
    let rules_on = book.rules.values().filter(|kept| kept.rule.enabled);
    let failing = rules_on
        .clone()
        .filter(|kept| book.health.get(&kept.rule.id).is_some_and(|health| health.error.is_some()));
    AlertList {
        firing: count(&|alert| is_firing(alert) && alert.silenced_by.is_none()).unwrap_or(u32::MAX),
        pending: count(&|alert| !is_firing(alert)).unwrap_or(u32::MAX),
        silenced: count(&|alert| is_firing(alert) && alert.silenced_by.is_some()).unwrap_or(u32::MAX),
        rules_on: rules_on.count() as u32,
        rules_failing: failing.count() as u32,
        channels_on: book.channels.values().filter(|kept| kept.document.enabled).count() as u32,
        evaluated_ms: book.evaluated.map(|evaluated| evaluated.0),
        alerts,
    }
}

/// Pending and firing alerts that a silence is about.
pub(super) fn matching(book: &Book, silence: &Silence, now: WallMs) -> Vec<Alert> {
    let is_meant = |alert: &Alert| {
        let rule = book.rules.get(&alert.rule_id).map(|kept| &kept.rule);
        let instance = book.instances.get(&alert.rule_id).and_then(|of_rule| of_rule.get(&alert.id));
        rule.zip(instance).is_some_and(|(rule, instance)| silence.matches(rule, instance))
    };
    active(book, now).into_iter().filter(is_meant).collect()
}

fn active(book: &Book, now: WallMs) -> Vec<Alert> {
    let silences = book.silence_list();
    let mut alerts = Vec::new();
    for kept in book.rules.values() {
        let instances = book.instances.get(&kept.rule.id).into_iter().flat_map(|of_rule| of_rule.values());
        for instance in instances.filter(|instance| instance.state != State::Resolved) {
            alerts.push(alert(book, &kept.rule, instance, &silences, now));
        }
    }
    let place = |alert: &Alert| {
        let is_pending = alert.state != AlertStateName::Firing;
        (is_pending, alert.silenced_by.is_some(), Reverse(alert.severity), alert.since_ms, alert.id.clone())
    };
    alerts.sort_by_cached_key(place);
    alerts
}

fn alert(book: &Book, rule: &Rule, instance: &Instance, silences: &[Silence], now: WallMs) -> Alert {
    let silence = Silence::of(silences, rule, instance, now);
    let unit = match &rule.condition {
        Condition::Metric(metric) => metric.unit,
        Condition::SecurityEvent(_) => lanner_alert::Unit::None,
        Condition::AgentDown(_) => lanner_alert::Unit::Seconds,
    };
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    let sign = match &rule.condition {
        Condition::Metric(metric) => metric.comparison.sign(),
        _ => ">",
    };
    let name_of = |id: &String| book.channels.get(id).map(|kept| kept.document.name.clone());
    Alert {
        id: instance.id.clone(),
        rule_id: rule.id.clone(),
        rule_name: rule.name.clone(),
        kind: kind(&rule.condition),
        state: state_name(instance.state),
        severity: severity_name(instance.severity),
        labels: instance.labels.clone(),
        value: finite(instance.value),
        value_text: instance.value.map(|value| quantity(value, unit)),
        threshold: finite(instance.threshold),
        threshold_text: instance.threshold.map(|threshold| format!("{sign} {}", quantity(threshold, unit))),
        since_ms: instance.since,
        fired_ms: instance.fired,
        resolved_ms: instance.resolved,
        silenced_by: silence.map(|silence| silence.id.clone()),
        silenced_until_ms: silence.map(|silence| silence.to),
        told_ms: instance.told.values().map(|told| told.at).max(),
        told_channels: instance.told.keys().filter_map(name_of).collect(),
        event_id: instance.event.as_ref().map(|event| event.id.clone()),
        event_output: instance.event.as_ref().map(|event| event.output.clone()),
    }
}

fn kind(condition: &Condition) -> AlertKind {
    match condition {
        Condition::Metric(_) => AlertKind::Metric,
        Condition::SecurityEvent(_) => AlertKind::SecurityEvent,
        Condition::AgentDown(_) => AlertKind::AgentDown,
    }
}

fn state_name(state: State) -> AlertStateName {
    match state {
        State::Pending => AlertStateName::Pending,
        State::Firing => AlertStateName::Firing,
        State::Resolved => AlertStateName::Resolved,
    }
}

/// All rules and how they fare, by name.
pub(crate) fn rules(app: &App) -> AlertRuleList {
    let book = app.alerting.book();
    let mut rules: Vec<AlertRule> = book.rules.values().map(|kept| rule_view(&book, kept)).collect();
    rules.sort_by(|a, b| a.spec.name.cmp(&b.spec.name));
    AlertRuleList { rules }
}

/// One rule.
pub(crate) fn rule(app: &App, id: &str) -> Result<AlertRule, AlertingError> {
    let book = app.alerting.book();
    let kept = book.rules.get(id).ok_or(AlertingError::Unknown { what: "rule" })?;
    Ok(rule_view(&book, kept))
}

fn rule_view(book: &Book, kept: &KeptRule) -> AlertRule {
    let health = book.health.get(&kept.rule.id);
    let error = health.and_then(|health| health.error.clone());
    let is_of_values = matches!(kept.rule.condition, Condition::Metric(_));
    let state = match health {
        _ if !kept.rule.enabled => AlertRuleHealth::Off,
        None => AlertRuleHealth::Waiting,
        Some(_) if error.is_some() => AlertRuleHealth::Error,
        Some(health) if health.watched == 0 && is_of_values => AlertRuleHealth::NoData,
        Some(_) => AlertRuleHealth::Ok,
    };
    let count = |state: State| {
        let instances = book.instances.get(&kept.rule.id).into_iter().flat_map(|of_rule| of_rule.values());
        instances.filter(|instance| instance.state == state).count() as u32
    };
    AlertRule {
        id: kept.rule.id.clone(),
        spec: rule_spec(&kept.rule),
        origin: match (kept.is_shipped, kept.stored) {
            (true, None) => AlertRuleOrigin::Shipped,
            (true, Some(_)) => AlertRuleOrigin::Changed,
            (false, _) => AlertRuleOrigin::Own,
        },
        version: kept.stored.map_or(0, |(version, _)| version),
        changed_ms: kept.stored.map(|(_, changed)| changed.0),
        health: state,
        error,
        evaluated_ms: health.and_then(|health| health.evaluated).map(|evaluated| evaluated.0),
        evaluation_ms: health.map(|health| health.took_ms),
        watched: health.map_or(0, |health| health.watched as u32),
        pending: count(State::Pending),
        firing: count(State::Firing),
        over_limit: health.map_or(0, |health| health.over_limit as u32),
    }
}

/// A page of changes, newest first.
pub(crate) async fn history(
    app: &App,
    is_wanted: impl Fn(&AlertChange) -> bool,
    limit: usize,
    cursor: Option<String>,
) -> Result<AlertHistory, ConfigError> {
    let mut changes = Vec::new();
    let mut after = cursor;
    for _ in 0..LOOKED_THROUGH / 1_000 {
        let part = read_newest::<Change>(&*app.settings, Kind::AlertHistory, after.clone(), 1_000).await?;
        let is_last = part.len() < 1_000;
        for (place, change) in part {
            after = Some(place.id.clone());
            let change = change_view(place.id, change);
            if is_wanted(&change) {
                changes.push(change);
            }
            if changes.len() == limit {
                return Ok(AlertHistory { changes, next_cursor: after });
            }
        }
        if is_last {
            break;
        }
    }
    Ok(AlertHistory { changes, next_cursor: None })
}

fn change_view(id: String, change: Change) -> AlertChange {
    AlertChange {
        id,
        time_ms: change.time,
        alert_id: change.instance,
        rule_id: change.rule,
        rule_name: change.rule_name,
        to: state_name(change.to),
        severity: severity_name(change.severity),
        labels: change.labels,
        value_text: change.value,
        reason: change.reason.as_str().to_owned(),
        since_ms: change.since,
    }
}

/// All silences: active ones, those to come, those that are over.
pub(crate) fn silences(app: &App, now: WallMs) -> SilenceList {
    let book = app.alerting.book();
    let mut silences: Vec<SilenceView> =
        book.silences.values().map(|kept| silence_view(&book, kept, now)).collect();
    silences.sort_by_key(|silence| {
        let place = match silence.state {
            SilenceState::Active => 0,
            SilenceState::Scheduled => 1,
            SilenceState::Expired => 2,
        };
        (place, Reverse(silence.changed_ms))
    });
    SilenceList { silences }
}

fn silence_view(book: &Book, kept: &Kept<Silence>, now: WallMs) -> SilenceView {
    let silence = &kept.document;
    let matchers = silence.matchers.iter().map(|matcher| SilenceMatcher {
        label: matcher.label.clone(),
        op: matcher.op.sign().to_owned(),
        value: matcher.value.clone(),
    });
    SilenceView {
        id: silence.id.clone(),
        spec: SilenceSpec {
            matchers: matchers.collect(),
            from_ms: silence.from,
            to_ms: silence.to,
            comment: silence.comment.clone(),
        },
        author: silence.author.clone(),
        changed_ms: kept.changed.0,
        state: match silence.phase(now) {
            SilencePhase::Active => SilenceState::Active,
            SilencePhase::Scheduled => SilenceState::Scheduled,
            SilencePhase::Expired => SilenceState::Expired,
        },
        matching: matching(book, silence, now).len() as u32,
    }
}

/// All channels, without their secrets, by name.
pub(crate) async fn channels(app: &App) -> Result<ChannelList, ConfigError> {
    let log = deliveries(app, None, 1_000).await?.deliveries;
    let book = app.alerting.book();
    let mut channels: Vec<ChannelView> =
        book.channels.values().map(|kept| channel_view(&book, kept, &log)).collect();
    channels.sort_by(|a, b| (&a.spec.name, &a.id).cmp(&(&b.spec.name, &b.id)));
    Ok(ChannelList { channels })
}

fn channel_view(book: &Book, kept: &Kept<Channel>, log: &[DeliveryView]) -> ChannelView {
    let channel = &kept.document;
    let (spec, secrets) = channel_spec(channel);
    let tried = log.iter().filter(|delivery| delivery.channel_id == channel.id);
    ChannelView {
        id: channel.id.clone(),
        spec,
        secrets,
        version: kept.version,
        changed_ms: kept.changed.0,
        last_delivery: tried.max_by_key(|delivery| delivery.tried_ms).cloned(),
        waiting: book.waiting.get(&channel.id).map_or(0, |count| *count as u32),
    }
}

/// What waits to be sent, then what is done, the newest first.
pub(crate) async fn deliveries(
    app: &App,
    channel: Option<&str>,
    limit: usize,
) -> Result<DeliveryList, ConfigError> {
    let is_wanted = |delivery: &DeliveryView| channel.is_none_or(|channel| delivery.channel_id == channel);
    let waiting = read_all::<Message>(&*app.settings, Kind::Outbox).await?;
    let done = read_newest::<Delivery>(&*app.settings, Kind::Delivery, None, 2_000).await?;
    let waiting = waiting.into_iter().rev().map(|(_, message)| waiting_view(message));
    let done = done.into_iter().map(|(_, delivery)| done_view(delivery));
    Ok(DeliveryList { deliveries: waiting.chain(done).filter(is_wanted).take(limit).collect() })
}

fn waiting_view(message: Message) -> DeliveryView {
    DeliveryView {
        id: message.id.clone(),
        made_ms: message.made,
        tried_ms: message.tried,
        next_ms: Some(message.next),
        title: render(&message, lanner_alert::Language::En, "").title,
        channel_id: message.channel,
        channel_name: message.channel_name,
        state: DeliveryState::Waiting,
        attempts: message.attempts,
        answer: message.answer,
    }
}

fn done_view(delivery: Delivery) -> DeliveryView {
    DeliveryView {
        id: delivery.id,
        made_ms: delivery.made,
        tried_ms: delivery.tried,
        next_ms: None,
        channel_id: delivery.channel,
        channel_name: delivery.channel_name,
        title: delivery.title,
        state: match delivery.outcome {
            Outcome::Sent => DeliveryState::Sent,
            Outcome::GivenUp => DeliveryState::GivenUp,
        },
        attempts: delivery.attempts,
        answer: delivery.answer,
    }
}
