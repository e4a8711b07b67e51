//! What an alert is about, in a few words.

use super::condition::Condition;
use super::instance::{Instance, Labels};
use super::quantity::quantity;
use super::rule::Rule;

/// Labels that name a thing, the nearest first.
const NAMES: [&str; 7] = ["container", "name", "pod", "comm", "mountpoint", "device", "agent"];
const PLACES: [&str; 2] = ["node", "instance"];

/// The value with its unit; nothing for rules whose value is none.
pub(crate) fn value_text(rule: &Rule, instance: &Instance) -> Option<String> {
    let value = instance.value?;
    Some(match &rule.condition {
        Condition::Metric(metric) => quantity(value, metric.unit),
        Condition::SecurityEvent(_) => quantity(value, super::condition::Unit::None),
        Condition::AgentDown(_) => quantity(value, super::condition::Unit::Seconds),
    })
}

/// The threshold with its unit and the sign of the comparison: `> 90 %`.
pub(crate) fn threshold_text(rule: &Rule, instance: &Instance) -> Option<String> {
    let threshold = instance.threshold?;
    Some(match &rule.condition {
        Condition::Metric(metric) => {
            format!("{} {}", metric.comparison.sign(), quantity(threshold, metric.unit))
        }
        Condition::SecurityEvent(_) => return None,
        Condition::AgentDown(_) => format!("> {}", quantity(threshold, super::condition::Unit::Seconds)),
    })
}

/// What labels are about: `web (node-1)`; empty where nothing tells.
pub(crate) fn subject(labels: &Labels) -> String {
    let first = |names: &[&str]| names.iter().find_map(|name| labels.get(*name)).map(String::as_str);
    let named = match (labels.get("rule"), first(&NAMES).map(short)) {
        (Some(rule), Some(name)) => Some(format!("{rule}, {name}")),
        (Some(rule), None) => Some(rule.clone()),
        (None, name) => name.map(str::to_owned),
    };
    match (named, first(&PLACES)) {
        (Some(name), Some(place)) => format!("{name} ({place})"),
        (Some(name), None) => name,
        (None, Some(place)) => place.to_owned(),
        (None, None) => labels.values().take(2).cloned().collect::<Vec<_>>().join(", "),
    }
}

/// A container's id as everybody writes it: its first twelve digits.
fn short(name: &str) -> &str {
    let is_id = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { &name[..12] } else { name }
}
