//! What a rule would have done.

use std::collections::BTreeMap;

use lanner_alert::{
    Comparison, Condition, Firing, Instance, Message, Metric, Notice, Observed, Replay, Rule, State, Status,
    evaluate, render, slug, take_events,
};
use lanner_api::http::{AlertFiring, AlertMessage, AlertPreview, AlertPreviewSeries, AlertRuleSpec};
use lanner_metrics::promql::Series;
use lanner_model::time::WallMs;

use super::error::AlertingError;
use super::rules::checked;
use super::{observe, spec as said};
use crate::app::App;
use crate::findings;
use crate::promql;
use crate::range::TimeRange;
use crate::severity::severity_name;

const MAX_SERIES: usize = 12;
const MAX_FIRINGS: usize = 100;
/// Moments a preview looks at, at most: at 24 h one every 30 s.
const MOMENTS: i64 = 2_880;
const SHORTEST_STEP_MS: i64 = 10_000;

/// Evaluates a rule over the last hours: when it would have fired and what would have been told.
pub(crate) async fn preview(
    app: &App,
    spec: &AlertRuleSpec,
    hours: u32,
    now: WallMs,
) -> Result<AlertPreview, AlertingError> {
    let rule = checked(said::rule_of(slug(&spec.name), spec))?;
    let length = i64::from(hours.clamp(1, 168)) * 3_600_000;
    let step_ms = (length / MOMENTS).max(SHORTEST_STEP_MS);
    // Steps begin at whole multiples, so that the same moments are asked again.
    let to = WallMs(now.0 - now.0 % step_ms);
    let from = WallMs(to.0 - length);
    let mut done = AlertPreview {
        from_ms: from.0,
        to_ms: to.0,
        step_ms,
        series: Vec::new(),
        series_total: 0,
        fired: 0,
        firings: Vec::new(),
        data_from_ms: None,
        messages: Vec::new(),
    };
    let firings = match &rule.condition {
        Condition::Metric(metric) => values(app, &rule, metric, &mut done).await?,
        Condition::SecurityEvent(_) => events(app, &rule, from, to).await?,
        Condition::AgentDown(_) => Vec::new(),
    };
    done.fired = u32::try_from(firings.len()).unwrap_or(u32::MAX);
    done.messages = messages(app, &rule, example(&rule, &firings, &done, now), now);
    done.firings = firings.into_iter().rev().take(MAX_FIRINGS).map(firing_view).collect();
    Ok(done)
}

async fn values(
    app: &App,
    rule: &Rule,
    metric: &Metric,
    done: &mut AlertPreview,
) -> Result<Vec<Firing>, AlertingError> {
    let query = observe::query(metric)?;
    let (from, to) = (WallMs(done.from_ms), WallMs(done.to_ms));
    let mut limits = promql::Limits::default();
    let _place = app.queries.take(&mut limits).await?;
    let series = promql::range(&*app.metrics, &query, from, to, done.step_ms, &limits).await?;
    done.series_total = u32::try_from(series.len()).unwrap_or(u32::MAX);
    done.data_from_ms = series.iter().filter_map(|one| one.points.first()).map(|(at, _)| at.0).min();
    let firings = replay(rule, metric, &series, done);
    done.series = most_extreme(metric, series).iter().map(|one| drawn(one, done)).collect();
    Ok(firings)
}

fn replay(rule: &Rule, metric: &Metric, series: &[Series], done: &AlertPreview) -> Vec<Firing> {
    let labels: Vec<_> = series.iter().map(|one| observe::labels_of(&one.labels)).collect();
    let mut next = vec![0; series.len()];
    let mut replay = Replay::new(rule);
    let mut at = done.from_ms;
    while at <= done.to_ms {
        let mut observed: Vec<Observed> = Vec::new();
        for (number, one) in series.iter().enumerate() {
            while one.points.get(next[number]).is_some_and(|(time, _)| time.0 < at) {
                next[number] += 1;
            }
            if let Some((_, value)) = one.points.get(next[number]).filter(|(time, _)| time.0 == at) {
                observed.push(metric.observe(labels[number].clone(), *value));
            }
        }
        replay.step(&observed, WallMs(at));
        at += done.step_ms;
    }
    replay.finish()
}

/// The series that come nearest to the threshold, or are farthest beyond it.
fn most_extreme(metric: &Metric, mut series: Vec<Series>) -> Vec<Series> {
    let extreme = |one: &Series| {
        let values = one.points.iter().map(|(_, value)| *value).filter(|value| !value.is_nan());
        match metric.comparison {
            Comparison::Below | Comparison::AtMost => -values.fold(f64::INFINITY, f64::min),
            _ => values.fold(f64::NEG_INFINITY, f64::max),
        }
    };
    series.sort_by(|a, b| extreme(b).total_cmp(&extreme(a)));
    series.truncate(MAX_SERIES);
    series
}

/// One value for each step, `None` where there is none.
fn drawn(series: &Series, done: &AlertPreview) -> AlertPreviewSeries {
    let steps = usize::try_from((done.to_ms - done.from_ms) / done.step_ms + 1).unwrap_or(0);
    let mut values = vec![None; steps];
    for (at, value) in series.points.iter().filter(|(_, value)| value.is_finite()) {
        let place = usize::try_from((at.0 - done.from_ms) / done.step_ms).ok();
        if let Some(place) = place.and_then(|place| values.get_mut(place)) {
            *place = Some(*value);
        }
    }
    AlertPreviewSeries { labels: observe::labels_of(&series.labels), values }
}

/// The security events of the range, taken in one by one at their times.
async fn events(app: &App, rule: &Rule, from: WallMs, to: WallMs) -> Result<Vec<Firing>, AlertingError> {
    let mut all = Vec::new();
    let read =
        findings::each_of(&*app.events, TimeRange { from, to }, |mut part| all.append(&mut part)).await;
    read.map_err(promql::PromqlError::Store)?;
    all.reverse();
    let mut instances = BTreeMap::new();
    let mut firings: Vec<Firing> = Vec::new();
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for finding in all.iter().map(Some).chain([None]) {
        let at = finding.map_or(to, |finding| finding.time.millis());
        let findings: Vec<_> = finding.into_iter().collect();
        // First the end of what was quiet until here, then what is new.
        let mut changes = take_events(rule, &mut instances, &[], false, at).changes;
        changes.extend(take_events(rule, &mut instances, &findings, false, at).changes);
        for change in changes {
            match (change.to, open.get(&change.instance).copied()) {
                (State::Firing, None) => {
                    open.insert(change.instance, firings.len());
                    let severity = change.severity;
                    firings.push(Firing { labels: change.labels, from: at, to: None, severity });
                }
                (State::Firing, Some(place)) => firings[place].severity = change.severity,
                (_, Some(place)) => {
                    firings[place].to = Some(at);
                    open.remove(&change.instance);
                }
                _ => {}
            }
        }
    }
    Ok(firings)
}

/// An alert as it would be told: the newest that would have fired, else one made of what there is.
fn example(rule: &Rule, firings: &[Firing], done: &AlertPreview, now: WallMs) -> Option<Instance> {
    let labels = firings.last().map(|firing| firing.labels.clone());
    let labels = labels.or_else(|| done.series.first().map(|one| one.labels.clone())).unwrap_or_default();
    let mut at_once = rule.clone();
    at_once.for_ms = 0;
    let (value, threshold) = match &rule.condition {
        Condition::Metric(metric) => {
            let drawn = done.series.iter().find(|one| one.labels == labels);
            let last = drawn.and_then(|one| one.values.iter().rev().find_map(|value| *value));
            (last.unwrap_or(metric.threshold), Some(metric.threshold))
        }
        Condition::SecurityEvent(_) => (1.0, None),
        Condition::AgentDown(down) => {
            (down.silent_ms as f64 / 1_000.0, Some(down.silent_ms as f64 / 1_000.0))
        }
    };
    let thing = Observed { labels, value: Some(value), threshold, holds: true, severity: None };
    let mut instances = BTreeMap::new();
    evaluate(&at_once, &mut instances, &[thing], now);
    instances.into_values().next()
}

/// What every channel that is told would get.
fn messages(app: &App, rule: &Rule, example: Option<Instance>, now: WallMs) -> Vec<AlertMessage> {
    let Some(example) = example else { return Vec::new() };
    let base = app.alerting.base();
    let channels = app.alerting.book().channel_list();
    let is_told = |channel: &&lanner_alert::Channel| {
        channel.enabled
            && rule.channels.as_ref().is_none_or(|chosen| chosen.contains(&channel.id))
            && example.severity >= channel.min_severity
    };
    let message = |channel: &lanner_alert::Channel| {
        let message = Message {
            id: String::new(),
            made: now.0,
            channel: channel.id.clone(),
            channel_name: channel.name.clone(),
            rule: rule.id.clone(),
            rule_name: rule.name.clone(),
            description: rule.description.clone(),
            notices: vec![Notice::of(rule, &example, Status::Firing)],
            attempts: 0,
            tried: None,
            next: now.0,
            answer: None,
        };
        let rendered = render(&message, channel.language, &base);
        AlertMessage {
            channel_id: channel.id.clone(),
            channel_name: channel.name.clone(),
            channel_type: channel.target.kind().to_owned(),
            title: rendered.title,
            text: rendered.text,
        }
    };
    channels.iter().filter(is_told).map(message).collect()
}

fn firing_view(firing: Firing) -> AlertFiring {
    AlertFiring {
        labels: firing.labels,
        from_ms: firing.from.0,
        to_ms: firing.to.map(|to| to.0),
        severity: severity_name(firing.severity),
    }
}
