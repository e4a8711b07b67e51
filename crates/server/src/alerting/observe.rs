//! What there is to see for a rule.

use lanner_alert::{AgentDown, Labels, Metric, Observed, labels};
use lanner_api::http::{Agent, AgentState};
use lanner_metrics::promql::{Query, Value, ValueType};
use lanner_model::series::{METRIC_NAME, Sample};
use lanner_model::time::WallMs;

use super::error::AlertingError;
use crate::app::App;
use crate::promql;

/// After a start agents have so long to come back before they count as silent.
const RETURN_MS: i64 = 30_000;

/// The expression of a rule, understood.
pub(super) fn query(metric: &Metric) -> Result<Query, AlertingError> {
    let query = Query::parse(&metric.expr)?;
    match query.value_type() {
        ValueType::Vector | ValueType::Scalar => Ok(query),
        other => Err(AlertingError::ExpressionType { found: other.as_str() }),
    }
}

/// The values of a metric rule at a moment.
pub(super) async fn values(app: &App, metric: &Metric, now: WallMs) -> Result<Vec<Observed>, AlertingError> {
    let query = query(metric)?;
    let value = promql::instant(&*app.metrics, &query, now, &promql::Limits::default()).await?;
    let observed = match value {
        Value::Scalar(_, value) => vec![metric.observe(Labels::new(), value)],
        Value::Vector(samples) => samples.iter().map(|sample| observe(metric, sample)).collect(),
        Value::Text(..) | Value::Matrix(_) => Vec::new(),
    };
    Ok(observed)
}

/// The agents and for how long each is silent. `started` is when this server began.
pub(super) fn agents(agents: &[Agent], down: &AgentDown, started: WallMs, now: WallMs) -> Vec<Observed> {
    let pattern = regex::Regex::new(&format!("^(?:{})$", down.node)).ok();
    let is_meant = |agent: &&Agent| {
        down.node.is_empty() || pattern.as_ref().is_some_and(|pattern| pattern.is_match(&agent.node))
    };
    let observe = |agent: &Agent| {
        let heard = agent.last_seen_ms.max(started.0 + RETURN_MS - down.silent_ms).min(now.0);
        let silent_ms = now.0 - heard;
        let is_here = agent.state == AgentState::Connected && silent_ms < 2 * down.silent_ms;
        Observed {
            labels: labels([("agent", agent.id.as_str()), ("node", agent.node.as_str())]),
            value: Some((now.0 - agent.last_seen_ms).max(0) as f64 / 1_000.0),
            threshold: Some(down.silent_ms as f64 / 1_000.0),
            holds: silent_ms >= down.silent_ms && !is_here,
            severity: None,
        }
    };
    agents.iter().filter(is_meant).map(observe).collect()
}

/// Labels of a series without the metric's name.
pub(super) fn labels_of(series: &lanner_model::series::Labels) -> Labels {
    labels(series.iter().filter(|(name, _)| *name != METRIC_NAME))
}

fn observe(metric: &Metric, sample: &Sample) -> Observed {
    metric.observe(labels_of(&sample.labels), sample.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(last_seen_ms: i64, state: AgentState) -> Agent {
        Agent {
            id: "a1".into(),
            node: "n1".into(),
            state,
            version: String::new(),
            kernel: String::new(),
            arch: String::new(),
            last_seen_ms,
            connected_ms: None,
            events_per_second: None,
            cpu_cores: None,
            memory_bytes: None,
            losses: Vec::new(),
            decisions: Vec::new(),
        }
    }

    fn is_down(last_seen_ms: i64, state: AgentState, started: i64, now: i64) -> bool {
        let down = AgentDown { silent_ms: 30_000, node: String::new() };
        let seen = agents(&[agent(last_seen_ms, state)], &down, WallMs(started), WallMs(now));
        seen[0].holds
    }

    #[test]
    fn an_agent_that_went_is_down_after_its_time() {
        assert!(!is_down(100_000, AgentState::Disconnected, 0, 129_999));
        assert!(is_down(100_000, AgentState::Disconnected, 0, 130_000));
    }

    #[test]
    fn a_connection_that_hangs_is_no_sign_of_life() {
        assert!(!is_down(100_000, AgentState::Connected, 0, 140_000));
        assert!(is_down(100_000, AgentState::Connected, 0, 160_000));
    }

    #[test]
    fn agents_may_come_back_after_a_start() {
        assert!(!is_down(100_000, AgentState::Disconnected, 900_000, 929_999));
        assert!(is_down(100_000, AgentState::Disconnected, 900_000, 930_000));
    }
}
