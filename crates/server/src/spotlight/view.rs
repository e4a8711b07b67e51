//! The first page, put together from the app's parts.

use std::collections::BTreeMap;

use lanner_api::http::{
    Agent, AgentHealth, AgentState, AlertStateName, IntegrationState, LossCount, SecurityEvent,
    SeverityCount, SeverityName, Spotlight, SpotlightTiles,
};
use lanner_model::finding::Severity;
use lanner_model::series::{Matcher, Sample};
use lanner_model::time::WallMs;
use lanner_store::{EventFilter, StoreError};

use super::attention::{CPU_BUDGET_CORES, MEMORY_BUDGET_BYTES, Seen, attention};
use super::integration::integrations;
use super::trend::{Increase, increases};
use crate::alerting;
use crate::app::App;
use crate::findings::{self, PageRequest};
use crate::range::TimeRange;

/// Lines that are listed of each; how many more there are is told.
const MAX_ATTENTION: usize = 100;
const MAX_AGENTS: usize = 200;
const MAX_INTEGRATIONS: usize = 200;
/// Grave events that are looked at.
const MAX_EVENTS: usize = 500;
const DAY_MS: i64 = 24 * 3_600_000;
/// What is older is not of this moment.
const RECENT_MS: i64 = 5 * 60_000;
/// Over so long losses are counted.
const LOSSES_MS: i64 = 10 * 60_000;

/// The first page as of `now`.
pub(crate) async fn spotlight(app: &App, now: WallMs) -> Result<Spotlight, StoreError> {
    let version = env!("CARGO_PKG_VERSION");
    let mut agents = app.registry.agents();
    let alerts = alerting::alerts(app, now);
    let firing: Vec<_> = alerts.alerts.into_iter().filter(|it| it.state == AlertStateName::Firing).collect();
    let events = last_day(app, now).await?;
    let listeners = recent(app, "lanner_listener_info", now).await?;
    let requests = gained(app, "lanner_l7_requests_total", RECENT_MS, now).await?;
    let mut found = integrations(&listeners, &requests, RECENT_MS as f64 / 1000.0);
    let mut attention = attention(&Seen {
        now,
        started: app.started(),
        version,
        agents: &agents,
        alerts: &firing,
        events: &events.grave,
        losses: &gained(app, "lanner_agent_lost_total", LOSSES_MS, now).await?,
        disk_available: &recent(app, "node_filesystem_avail_bytes", now).await?,
        disk_size: &recent(app, "node_filesystem_size_bytes", now).await?,
        integrations: &found,
    });
    let tables = app.live.current(now);
    let is_grave = |severity: SeverityName| matches!(severity, SeverityName::Critical | SeverityName::High);
    let tiles = SpotlightTiles {
        agents_reporting: count(agents.iter().filter(|agent| agent.state == AgentState::Connected)),
        agents_known: count(&agents),
        hosts: count(&tables),
        containers: tables.iter().map(|table| count(&table.containers)).sum(),
        alerts_firing: count(&firing),
        alerts_critical: count(firing.iter().filter(|alert| is_grave(alert.severity))),
        events_total: total(&events.counts),
        events: events.counts,
        events_before: events.before,
        integrations_monitored: count(found.iter().filter(|it| it.monitored == IntegrationState::Monitored)),
        integrations_found: count(&found),
    };
    agents.sort_by_key(|agent| agent.state == AgentState::Connected);
    let attention_left_out = cut(&mut attention, MAX_ATTENTION);
    let agents_left_out = cut(&mut agents, MAX_AGENTS);
    let integrations_left_out = cut(&mut found, MAX_INTEGRATIONS);
    Ok(Spotlight {
        now_ms: now.0,
        version: version.to_owned(),
        tiles,
        attention,
        attention_left_out,
        agents: agents.into_iter().map(|agent| health(agent, version)).collect(),
        agents_left_out,
        integrations: found,
        integrations_left_out,
    })
}

struct LastDay {
    counts: Vec<SeverityCount>,
    before: Option<u64>,
    grave: Vec<SecurityEvent>,
}

async fn last_day(app: &App, now: WallMs) -> Result<LastDay, StoreError> {
    let request = PageRequest {
        range: TimeRange { from: WallMs((now.0 - DAY_MS).max(0)), to: now },
        filter: EventFilter {
            severities: vec![Severity::Critical, Severity::High],
            ..EventFilter::default()
        },
        limit: MAX_EVENTS,
        cursor: None,
    };
    let page = findings::page(&*app.events, &request).await?;
    // Nothing that is older than a day: then nobody can say how many there were before.
    let oldest = app.events.stats().await.oldest.map(|oldest| oldest.millis().0);
    let before = oldest.is_some_and(|oldest| oldest < now.0 - DAY_MS);
    Ok(LastDay {
        before: before.then(|| total(&page.previous_counts)),
        counts: page.counts,
        grave: page.events,
    })
}

async fn recent(app: &App, metric: &str, now: WallMs) -> Result<Vec<Sample>, StoreError> {
    app.metrics.instant(&[Matcher::equal("__name__", metric)], now, RECENT_MS).await
}

async fn gained(app: &App, metric: &str, range_ms: i64, now: WallMs) -> Result<Vec<Increase>, StoreError> {
    let of = [Matcher::equal("__name__", metric)];
    Ok(increases(app.metrics.range(&of, WallMs(now.0 - range_ms), now).await?))
}

fn health(agent: Agent, version: &str) -> AgentHealth {
    let mut by_cause: BTreeMap<String, u64> = BTreeMap::new();
    for loss in agent.losses {
        *by_cause.entry(loss.cause).or_default() += loss.count;
    }
    let losses = by_cause.into_iter().filter(|(_, count)| *count > 0);
    let mut losses: Vec<LossCount> =
        losses.map(|(cause, count)| LossCount { cause, place: String::new(), count }).collect();
    losses.sort_by_key(|loss| std::cmp::Reverse(loss.count));
    AgentHealth {
        version_differs: agent.version != version,
        id: agent.id,
        node: agent.node,
        state: agent.state,
        version: agent.version,
        kernel: agent.kernel,
        decisions: agent.decisions,
        events_per_second: agent.events_per_second,
        losses,
        cpu_cores: agent.cpu_cores,
        cpu_budget_cores: CPU_BUDGET_CORES,
        memory_bytes: agent.memory_bytes,
        memory_budget_bytes: MEMORY_BUDGET_BYTES,
        last_seen_ms: agent.last_seen_ms,
        connected_ms: agent.connected_ms,
    }
}

/// Cuts a list; gives how many fell off.
fn cut<T>(list: &mut Vec<T>, most: usize) -> u32 {
    let left_out = list.len().saturating_sub(most);
    list.truncate(most);
    left_out as u32
}

fn count<T>(items: impl IntoIterator<Item = T>) -> u32 {
    items.into_iter().count() as u32
}

fn total(counts: &[SeverityCount]) -> u64 {
    counts.iter().map(|it| it.count).sum()
}
