//! What needs a look, the worst first, each with since when and where to go next.

use std::collections::BTreeMap;

use lanner_api::http::{
    Agent, AgentState, Alert, AlertStateName, Attention, AttentionKind, AttentionLevel, Decision,
    Integration, IntegrationState, SecurityEvent, SeverityName,
};
use lanner_model::series::Sample;
use lanner_model::time::WallMs;

use super::trend::Increase;

/// What an agent should stay below: half a core and 256 MiB.
pub(super) const CPU_BUDGET_CORES: f64 = 0.5;
pub(super) const MEMORY_BUDGET_BYTES: u64 = 256 << 20;
/// A disk that is fuller needs a look, and one that is fuller than the second at once.
const DISK_FULL: f64 = 0.90;
const DISK_VERY_FULL: f64 = 0.97;
/// Features that nothing of an agent needs so far: without them it sees as much.
const SPARE_FEATURES: [&str; 2] = ["bpf_lsm", "fentry"];
/// Agents need so long to come back after the server began.
const BACK_MS: i64 = 20_000;

/// What is looked at.
pub(super) struct Seen<'a> {
    pub(super) now: WallMs,
    /// When the server began.
    pub(super) started: WallMs,
    /// The server's version.
    pub(super) version: &'a str,
    pub(super) agents: &'a [Agent],
    pub(super) alerts: &'a [Alert],
    /// Grave events of the last day, the newest first.
    pub(super) events: &'a [SecurityEvent],
    /// Losses of the last minutes, by agent, cause and place.
    pub(super) losses: &'a [Increase],
    /// Bytes that are available and bytes there are, by file system.
    pub(super) disk_available: &'a [Sample],
    pub(super) disk_size: &'a [Sample],
    pub(super) integrations: &'a [Integration],
}

/// All that needs a look, the worst first.
pub(super) fn attention(seen: &Seen<'_>) -> Vec<Attention> {
    let mut found = Vec::new();
    agents(seen, &mut found);
    alerts(seen, &mut found);
    events(seen, &mut found);
    losses(seen, &mut found);
    disks(seen, &mut found);
    integrations(seen, &mut found);
    // Of the same level, what is told first in `AttentionKind`; then what began last.
    found.sort_by(|a, b| {
        b.level
            .cmp(&a.level)
            .then(a.kind.cmp(&b.kind))
            .then(b.since_ms.cmp(&a.since_ms))
            .then_with(|| (&a.node, &a.subject).cmp(&(&b.node, &b.subject)))
    });
    found
}

fn item(kind: AttentionKind, level: AttentionLevel, subject: impl Into<String>) -> Attention {
    Attention {
        kind,
        level,
        subject: subject.into(),
        node: None,
        detail: String::new(),
        value: None,
        since_ms: None,
        link: "settings/about".to_owned(),
    }
}

fn agents(seen: &Seen<'_>, found: &mut Vec<Attention>) {
    let is_new_here = seen.now.0 - seen.started.0 < BACK_MS;
    for agent in seen.agents {
        // Known from before this server began: it may be on its way back.
        let may_come_back = is_new_here && agent.last_seen_ms < seen.started.0;
        let about = |kind, level| Attention {
            node: Some(agent.node.clone()),
            ..item(kind, level, agent.node.clone())
        };
        let silence = match agent.state {
            AgentState::Connected => None,
            AgentState::Silent => Some(AttentionKind::AgentSilent),
            AgentState::Disconnected => Some(AttentionKind::AgentGone),
        };
        if let Some(kind) = silence {
            if !may_come_back {
                let since_ms = Some(agent.last_seen_ms);
                found.push(Attention { since_ms, ..about(kind, AttentionLevel::Critical) });
            }
            // What it said of itself is old.
            continue;
        }
        if let Some(cores) = agent.cpu_cores.filter(|cores| *cores > CPU_BUDGET_CORES) {
            let value = Some(cores);
            found.push(Attention { value, ..about(AttentionKind::AgentCpu, AttentionLevel::Warning) });
        }
        if let Some(bytes) = agent.memory_bytes.filter(|bytes| *bytes > MEMORY_BUDGET_BYTES) {
            let value = Some(bytes as f64);
            found.push(Attention { value, ..about(AttentionKind::AgentMemory, AttentionLevel::Warning) });
        }
        let costs =
            |decision: &&Decision| !decision.used && !SPARE_FEATURES.contains(&decision.feature.as_str());
        for decision in agent.decisions.iter().filter(costs) {
            found.push(Attention {
                node: Some(agent.node.clone()),
                detail: decision.reason.clone(),
                ..item(AttentionKind::LessSeen, AttentionLevel::Notice, decision.feature.clone())
            });
        }
        if agent.version != seen.version {
            let detail = agent.version.clone();
            found.push(Attention { detail, ..about(AttentionKind::VersionSkew, AttentionLevel::Notice) });
        }
    }
}

fn alerts(seen: &Seen<'_>, found: &mut Vec<Attention>) {
    let fires = |alert: &&Alert| alert.state == AlertStateName::Firing;
    for alert in seen.alerts.iter().filter(fires) {
        // Which node it is stands in a column of its own.
        let labels = alert.labels.iter().filter(|(name, _)| *name != "node");
        let labels: Vec<&str> = labels.map(|(_, value)| as_read(value)).collect();
        let level = match alert.severity {
            SeverityName::Critical | SeverityName::High => AttentionLevel::Critical,
            SeverityName::Medium => AttentionLevel::Warning,
            SeverityName::Low | SeverityName::Info => AttentionLevel::Notice,
        };
        found.push(Attention {
            node: alert.labels.get("node").cloned(),
            detail: labels.join(" / "),
            value: alert.value,
            since_ms: Some(alert.fired_ms.unwrap_or(alert.since_ms)),
            link: "alerts".to_owned(),
            ..item(AttentionKind::AlertFiring, level, alert.rule_name.clone())
        });
    }
}

/// A label's value as people read it: of a container's full id what everybody shows of it.
fn as_read(value: &str) -> &str {
    let is_id = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { value.get(..12).unwrap_or(value) } else { value }
}

/// One line for each rule: the newest hit is where to go.
fn events(seen: &Seen<'_>, found: &mut Vec<Attention>) {
    let mut by_rule: BTreeMap<&str, Vec<&SecurityEvent>> = BTreeMap::new();
    for event in seen.events {
        by_rule.entry(&event.rule).or_default().push(event);
    }
    for (rule, events) in by_rule {
        let Some(newest) = events.iter().max_by_key(|event| event.time_ms) else { continue };
        let is_critical = events.iter().any(|event| event.severity == SeverityName::Critical);
        found.push(Attention {
            node: Some(newest.node.clone()),
            detail: newest.output.chars().take(200).collect(),
            value: Some(events.len() as f64),
            since_ms: events.iter().map(|event| event.time_ms).min(),
            link: match events.len() {
                1 => format!("security/events/{}", newest.id),
                _ => format!("security/events?from=now-24h&rule={}", encoded(rule)),
            },
            ..item(
                AttentionKind::SecurityEvents,
                if is_critical { AttentionLevel::Critical } else { AttentionLevel::Warning },
                rule,
            )
        });
    }
}

fn losses(seen: &Seen<'_>, found: &mut Vec<Attention>) {
    let mut by_cause: BTreeMap<(&str, &str), (f64, Option<WallMs>)> = BTreeMap::new();
    for increase in seen.losses.iter().filter(|increase| increase.amount > 0.0) {
        let of = |name| increase.labels.value(name).unwrap_or_default();
        let (amount, began) = by_cause.entry((of("node"), of("cause"))).or_default();
        *amount += increase.amount;
        *began = [*began, increase.began].into_iter().flatten().min();
    }
    for ((node, cause), (amount, began)) in by_cause {
        found.push(Attention {
            node: Some(node.to_owned()),
            detail: cause.to_owned(),
            value: Some(amount.round()),
            since_ms: began.map(|began| began.0),
            ..item(AttentionKind::LossGrowing, AttentionLevel::Warning, node)
        });
    }
}

fn disks(seen: &Seen<'_>, found: &mut Vec<Attention>) {
    let place = |sample: &Sample| -> Option<(String, String, String)> {
        let of = |name| sample.labels.value(name).map(str::to_owned);
        Some((of("node")?, of("device")?, of("mountpoint")?))
    };
    let sizes: BTreeMap<_, f64> =
        seen.disk_size.iter().filter_map(|sample| Some((place(sample)?, sample.value))).collect();
    // A file system that is mounted at several places is full once: told at the shortest.
    let mut fullest: BTreeMap<(String, String), (String, f64)> = BTreeMap::new();
    for sample in seen.disk_available {
        let Some(at) = place(sample) else { continue };
        let Some(size) = sizes.get(&at).filter(|size| **size > 0.0) else { continue };
        let used = 1.0 - sample.value / size;
        let (node, device, mount) = at;
        let told = fullest.entry((node, device)).or_insert_with(|| (mount.clone(), used));
        if mount.len() < told.0.len() {
            *told = (mount, used);
        }
    }
    for ((node, _), (mount, used)) in fullest.into_iter().filter(|(_, (_, used))| *used > DISK_FULL) {
        let level = if used > DISK_VERY_FULL { AttentionLevel::Critical } else { AttentionLevel::Warning };
        found.push(Attention {
            link: format!("dashboards/host?scope=node:{}", encoded(&node)),
            node: Some(node),
            value: Some(used),
            ..item(AttentionKind::DiskFull, level, mount)
        });
    }
}

fn integrations(seen: &Seen<'_>, found: &mut Vec<Attention>) {
    let unknown = |it: &&Integration| it.monitored == IntegrationState::UnknownProtocol;
    for it in seen.integrations.iter().filter(unknown) {
        found.push(Attention {
            node: Some(it.node.clone()),
            detail: it.container.clone().unwrap_or_default(),
            value: it.ports.first().map(|port| f64::from(*port)),
            link: "topology".to_owned(),
            ..item(AttentionKind::NotMonitored, AttentionLevel::Notice, it.service.clone())
        });
    }
}

/// A text as it may stand in a query string.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanner_model::series::Labels;

    const NOW: WallMs = WallMs(1_700_000_000_000);

    fn agent(node: &str, state: AgentState) -> Agent {
        Agent {
            id: node.to_owned(),
            node: node.to_owned(),
            state,
            version: "0.1.0".to_owned(),
            kernel: "6.18.5".to_owned(),
            arch: "x86_64".to_owned(),
            last_seen_ms: NOW.0 - 60_000,
            connected_ms: None,
            events_per_second: Some(10.0),
            cpu_cores: Some(0.1),
            memory_bytes: Some(64 << 20),
            losses: Vec::new(),
            decisions: Vec::new(),
        }
    }

    fn seen<'a>(agents: &'a [Agent]) -> Seen<'a> {
        Seen {
            now: NOW,
            started: WallMs(0),
            version: "0.1.0",
            agents,
            alerts: &[],
            events: &[],
            losses: &[],
            disk_available: &[],
            disk_size: &[],
            integrations: &[],
        }
    }

    fn told(seen: &Seen<'_>) -> Vec<(AttentionKind, AttentionLevel, String)> {
        attention(seen).into_iter().map(|it| (it.kind, it.level, it.subject)).collect()
    }

    #[test]
    fn an_agent_that_is_well_needs_no_look() {
        assert_eq!(told(&seen(&[agent("a", AgentState::Connected)])), []);
    }

    #[test]
    fn silent_and_gone_agents_come_first_and_not_right_after_a_start() {
        let hungry = Agent {
            cpu_cores: Some(0.6),
            memory_bytes: Some(300 << 20),
            ..agent("c", AgentState::Connected)
        };
        let agents = [hungry, agent("a", AgentState::Silent), agent("b", AgentState::Disconnected)];
        use {AttentionKind as K, AttentionLevel as L};
        let expected = [
            (K::AgentGone, L::Critical, "b".to_owned()),
            (K::AgentSilent, L::Critical, "a".to_owned()),
            (K::AgentCpu, L::Warning, "c".to_owned()),
            (K::AgentMemory, L::Warning, "c".to_owned()),
        ];
        assert_eq!(told(&seen(&agents)), expected);
        assert_eq!(attention(&seen(&agents))[0].since_ms, Some(NOW.0 - 60_000));
        let just_begun = Seen { started: WallMs(NOW.0 - 5_000), ..seen(&agents) };
        assert_eq!(told(&just_begun), expected[2..]);
    }

    #[test]
    fn what_an_agent_cannot_see_and_another_version_are_worth_knowing() {
        let decision = |feature: &str, used| Decision {
            feature: feature.to_owned(),
            used,
            reason: "the kernel has none".to_owned(),
        };
        let decisions =
            vec![decision("tp_btf", true), decision("ringbuf", false), decision("bpf_lsm", false)];
        let agents = [Agent { decisions, version: "0.0.9".to_owned(), ..agent("a", AgentState::Connected) }];
        use {AttentionKind as K, AttentionLevel as L};
        let expected =
            [(K::LessSeen, L::Notice, "ringbuf".to_owned()), (K::VersionSkew, L::Notice, "a".to_owned())];
        assert_eq!(told(&seen(&agents)), expected);
    }

    #[test]
    fn losses_are_told_by_node_and_cause() {
        let lost = |cause, place, amount, began| Increase {
            labels: Labels::new("m", [("node", "a"), ("cause", cause), ("place", place)]),
            amount,
            began,
        };
        let losses = [
            lost("ring_full", "cpu0", 5.0, Some(WallMs(20))),
            lost("ring_full", "cpu1", 7.0, Some(WallMs(10))),
            lost("spool_full", "spool", 0.0, None),
        ];
        let found = attention(&Seen { losses: &losses, ..seen(&[]) });
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].detail.as_str(), found[0].value, found[0].since_ms),
            ("ring_full", Some(12.0), Some(10))
        );
    }

    #[test]
    fn a_full_disk_is_told_once_at_its_shortest_mount_point() {
        let sample = |metric: &str, device, mount, value| Sample {
            labels: Labels::new(metric, [("node", "a"), ("device", device), ("mountpoint", mount)]),
            time: NOW,
            value,
        };
        let size = [
            sample("size", "sda", "/", 100.0),
            sample("size", "sda", "/var/lib/x", 100.0),
            sample("size", "sdb", "/data", 100.0),
            sample("size", "none", "/empty", 0.0),
        ];
        let available = [
            sample("avail", "sda", "/var/lib/x", 2.0),
            sample("avail", "sda", "/", 2.0),
            sample("avail", "sdb", "/data", 11.0),
            sample("avail", "none", "/empty", 0.0),
        ];
        let found = attention(&Seen { disk_available: &available, disk_size: &size, ..seen(&[]) });
        let told: Vec<_> = found.iter().map(|it| (it.subject.as_str(), it.level, it.value)).collect();
        assert_eq!(told, [("/", AttentionLevel::Critical, Some(0.98))]);
    }

    #[test]
    fn links_hold_whatever_a_rule_is_called() {
        assert_eq!(encoded("Read & write: /etc"), "Read%20%26%20write%3A%20%2Fetc");
    }
}
