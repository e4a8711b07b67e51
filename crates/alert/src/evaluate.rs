//! The states that a rule's things go through.

use std::collections::BTreeMap;

use lanner_model::finding::Finding;
use lanner_model::time::WallMs;

use super::condition::{Condition, SecurityEvents, whole};
use super::instance::{Change, EventNote, Instance, Observed, Reason, State, instance_id};
use super::outline::value_text;
use super::rule::Rule;

/// Things that one rule watches at a time; more are counted and left out.
pub const MAX_INSTANCES: usize = 1_000;
/// Who waited to fire goes on waiting over a gap of evaluations that is no longer than this: a
/// restart. After a longer one nobody knows what was in between.
const LONGEST_GAP_MS: i64 = 600_000;
/// A resolved thing is known for so long: security events that are found again after a restart are
/// not told twice (see [`take_events`]).
const RESOLVED_KEPT_MS: i64 = 86_400_000;
/// An event's sentence in messages and states, at most.
const OUTPUT_BYTES: usize = 1_024;

/// What an evaluation did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// What changed, in order of the things' ids.
    pub changes: Vec<Change>,
    /// Things that were left out for [`MAX_INSTANCES`].
    pub over_limit: usize,
}

/// Moves the things of a rule on: `observed` is all that was seen at `now`. What is not among it has
/// no value any more. `instances` are all of the rule, by id.
pub fn evaluate(
    rule: &Rule,
    instances: &mut BTreeMap<String, Instance>,
    observed: &[Observed],
    now: WallMs,
) -> Evaluation {
    let mut done = Evaluation::default();
    let mut seen = BTreeMap::new();
    for thing in observed {
        let id = instance_id(&rule.id, &thing.labels);
        if thing.holds && !make_room(instances, &id) {
            done.over_limit += 1;
            continue;
        }
        if thing.holds {
            hold(rule, instances, &id, thing, now, &mut done.changes);
        }
        seen.insert(id, thing);
    }
    for (id, instance) in instances.iter_mut() {
        match seen.get(id) {
            Some(thing) if thing.holds => {}
            Some(thing) => {
                if instance.state == State::Firing {
                    instance.value = thing.value;
                }
                clear(rule, instance, Reason::Condition, now, &mut done.changes);
            }
            None => clear(rule, instance, Reason::NoData, now, &mut done.changes),
        }
    }
    forget(instances, now);
    done
}

/// Takes security events in, then resolves what was quiet for long enough. With `is_again`, events
/// may be among those that were taken in before: what is not newer than a thing's newest is known.
pub fn take_events(
    rule: &Rule,
    instances: &mut BTreeMap<String, Instance>,
    findings: &[&Finding],
    is_again: bool,
    now: WallMs,
) -> Evaluation {
    let mut done = Evaluation::default();
    let Condition::SecurityEvent(condition) = &rule.condition else { return done };
    let container = whole(&condition.container).ok().flatten();
    for finding in findings.iter().filter(|finding| condition.covers(finding, container.as_ref())) {
        let labels = SecurityEvents::labels_of(finding);
        let id = instance_id(&rule.id, &labels);
        let known = instances.get(&id);
        let newest = known.and_then(|instance| instance.event.as_ref());
        if is_again && newest.is_some_and(|newest| newest.id >= finding.id) {
            continue;
        }
        if !make_room(instances, &id) {
            done.over_limit += 1;
            continue;
        }
        let firing = instances.get(&id).filter(|instance| instance.state == State::Firing);
        let count = firing.and_then(|instance| instance.value).unwrap_or(0.0) + 1.0;
        let severity = finding.priority.severity();
        let severity = firing.map_or(severity, |instance| instance.severity.max(severity));
        let thing =
            Observed { labels, value: Some(count), threshold: None, holds: true, severity: Some(severity) };
        let event = EventNote {
            id: finding.id.clone(),
            time: finding.time.millis().0,
            output: cut(&finding.output, OUTPUT_BYTES),
        };
        hold(rule, instances, &id, &thing, now, &mut done.changes);
        if let Some(instance) = instances.get_mut(&id)
            && instance.event.as_ref().is_none_or(|known| known.id < event.id)
        {
            instance.event = Some(event);
        }
    }
    for instance in instances.values_mut().filter(|instance| instance.state == State::Firing) {
        if now.0 - instance.seen >= condition.quiet_ms {
            resolve(rule, instance, Reason::Quiet, now, &mut done.changes);
        }
    }
    forget(instances, now);
    done
}

/// Ends everything a rule watches: it is off, gone, or watches something else from now on.
pub fn switch_off(rule: &Rule, instances: &mut BTreeMap<String, Instance>, now: WallMs) -> Evaluation {
    let mut done = Evaluation::default();
    instances.retain(|_, instance| instance.state != State::Pending);
    for instance in instances.values_mut().filter(|instance| instance.state == State::Firing) {
        resolve(rule, instance, Reason::RuleOff, now, &mut done.changes);
    }
    done
}

/// Whether there is a place for a thing: its own, a free one, or that of the one that was resolved
/// longest ago.
fn make_room(instances: &mut BTreeMap<String, Instance>, id: &str) -> bool {
    if instances.contains_key(id) || instances.len() < MAX_INSTANCES {
        return true;
    }
    let resolved = instances.values().filter(|instance| instance.state == State::Resolved);
    let oldest = resolved.min_by_key(|instance| instance.resolved).map(|instance| instance.id.clone());
    oldest.is_some_and(|oldest| instances.remove(&oldest).is_some())
}

/// The condition holds for a thing.
fn hold(
    rule: &Rule,
    instances: &mut BTreeMap<String, Instance>,
    id: &str,
    thing: &Observed,
    now: WallMs,
    changes: &mut Vec<Change>,
) {
    let severity = thing.severity.unwrap_or(rule.severity);
    let instance = instances.entry(id.to_owned()).or_insert_with(|| Instance {
        id: id.to_owned(),
        rule: rule.id.clone(),
        labels: thing.labels.clone(),
        state: State::Resolved,
        severity,
        value: None,
        threshold: None,
        since: now.0,
        fired: None,
        resolved: None,
        seen: now.0,
        clear: None,
        told: BTreeMap::new(),
        event: None,
    });
    let gap = now.0 - instance.seen;
    let begins_anew =
        instance.state == State::Resolved || (instance.state == State::Pending && gap > LONGEST_GAP_MS);
    if begins_anew {
        instance.state = State::Pending;
        instance.since = now.0;
        instance.fired = None;
        instance.resolved = None;
        instance.severity = severity;
    }
    instance.value = thing.value;
    instance.threshold = thing.threshold;
    instance.seen = now.0;
    instance.clear = None;
    let was = std::mem::replace(&mut instance.severity, severity);
    let waits_for = if matches!(rule.condition, Condition::Metric(_)) { rule.for_ms } else { 0 };
    if instance.state == State::Pending && now.0 - instance.since >= waits_for {
        instance.state = State::Firing;
        instance.fired = Some(now.0);
        changes.push(change(rule, instance, Reason::Condition, now));
    } else if instance.state == State::Firing && severity > was {
        changes.push(change(rule, instance, Reason::Escalated, now));
    }
}

/// The condition holds no more for a thing.
fn clear(rule: &Rule, instance: &mut Instance, reason: Reason, now: WallMs, changes: &mut Vec<Change>) {
    match instance.state {
        // Nobody was told of it, so its end is nothing to tell: `forget` lets go of it.
        State::Pending => instance.state = State::Resolved,
        State::Firing => {
            let since = *instance.clear.get_or_insert(now.0);
            if now.0 - since >= rule.keep_firing_ms {
                resolve(rule, instance, reason, now, changes);
            }
        }
        State::Resolved => {}
    }
}

fn resolve(rule: &Rule, instance: &mut Instance, reason: Reason, now: WallMs, changes: &mut Vec<Change>) {
    instance.state = State::Resolved;
    instance.resolved = Some(now.0);
    instance.clear = None;
    changes.push(change(rule, instance, reason, now));
}

fn change(rule: &Rule, instance: &Instance, reason: Reason, now: WallMs) -> Change {
    Change {
        time: now.0,
        instance: instance.id.clone(),
        rule: rule.id.clone(),
        rule_name: rule.name.clone(),
        to: instance.state,
        severity: instance.severity,
        labels: instance.labels.clone(),
        value: value_text(rule, instance),
        reason,
        since: instance.since,
    }
}

/// Lets go of what ended before anybody was told, and of what was resolved long ago. Whoever still
/// has to be told of an end keeps it.
fn forget(instances: &mut BTreeMap<String, Instance>, now: WallMs) {
    instances.retain(|_, instance| match (instance.state, instance.resolved) {
        (State::Resolved, Some(resolved)) => now.0 - resolved < RESOLVED_KEPT_MS || !instance.told.is_empty(),
        (State::Resolved, None) => false,
        _ => true,
    });
}

/// At most so many bytes of a text, whole characters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most.saturating_sub(3)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{}…", &text[..end])
}
