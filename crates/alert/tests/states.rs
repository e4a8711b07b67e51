//! Times and values in, changes out.

use std::collections::BTreeMap;

use lanner_alert::{
    Change, Comparison, Condition, Instance, MAX_INSTANCES, Metric, Observed, Reason, Rule, SecurityEvents,
    State, Unit, evaluate, labels, switch_off, take_events,
};
use lanner_model::finding::{Finding, Priority, Severity};
use lanner_model::time::WallMs;

fn metric() -> Metric {
    Metric {
        expr: "x".into(),
        comparison: Comparison::Above,
        threshold: 90.0,
        warning: Some(80.0),
        unit: Unit::Percent,
    }
}

fn rule(condition: Condition, for_s: i64, keep_s: i64) -> Rule {
    Rule {
        id: "r".into(),
        name: "R".into(),
        description: String::new(),
        enabled: true,
        severity: Severity::Critical,
        condition,
        for_ms: for_s * 1_000,
        keep_firing_ms: keep_s * 1_000,
        repeat_ms: None,
        channels: None,
    }
}

fn told(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|change| {
            let word = if change.to == State::Firing { "firing" } else { "resolved" };
            let reason = change.reason.as_str();
            format!("{} {word} {} {reason}", change.time / 1_000, change.severity.as_str())
        })
        .collect()
}

/// Values of one thing at times in seconds (`None`: no value), and what has to be told.
fn check(for_s: i64, keep_s: i64, values: &[(i64, Option<f64>)], expected: &[&str]) {
    let rule = rule(Condition::Metric(metric()), for_s, keep_s);
    let mut instances = BTreeMap::new();
    let mut changes = Vec::new();
    for (at, value) in values {
        let seen: Vec<Observed> =
            value.iter().map(|value| metric().observe(labels([("node", "n")]), *value)).collect();
        changes.extend(evaluate(&rule, &mut instances, &seen, WallMs(at * 1_000)).changes);
    }
    assert_eq!(told(&changes), expected);
}

#[test]
fn it_fires_when_the_condition_held_for_its_time() {
    check(
        30,
        0,
        &[(0, Some(95.0)), (20, Some(95.0)), (30, Some(95.0)), (40, Some(96.0))],
        &["30 firing critical condition"],
    );
}

#[test]
fn it_fires_at_once_without_a_time() {
    check(0, 0, &[(0, Some(95.0))], &["0 firing critical condition"]);
}

#[test]
fn a_gap_in_the_condition_begins_the_time_anew() {
    check(
        30,
        0,
        &[(0, Some(95.0)), (20, Some(50.0)), (30, Some(95.0)), (50, Some(95.0)), (60, Some(95.0))],
        &["60 firing critical condition"],
    );
}

#[test]
fn it_ends_when_the_condition_holds_no_more() {
    check(
        0,
        0,
        &[(0, Some(95.0)), (10, Some(50.0))],
        &["0 firing critical condition", "10 resolved critical condition"],
    );
}

#[test]
fn it_ends_when_the_thing_is_gone() {
    check(
        0,
        0,
        &[(0, Some(95.0)), (10, None)],
        &["0 firing critical condition", "10 resolved critical no_data"],
    );
}

#[test]
fn it_keeps_firing_over_short_dips() {
    check(
        0,
        30,
        &[
            (0, Some(95.0)),
            (10, Some(50.0)),
            (30, Some(95.0)),
            (40, Some(50.0)),
            (60, Some(50.0)),
            (70, Some(50.0)),
        ],
        &["0 firing critical condition", "70 resolved critical condition"],
    );
}

#[test]
fn a_warning_becomes_critical_and_is_told_again_only_then() {
    check(
        0,
        0,
        &[(0, Some(85.0)), (10, Some(95.0)), (20, Some(85.0)), (30, Some(10.0))],
        &["0 firing medium condition", "10 firing critical escalated", "30 resolved medium condition"],
    );
}

#[test]
fn not_a_number_crosses_nothing() {
    check(0, 0, &[(0, Some(f64::NAN)), (10, Some(f64::INFINITY))], &["10 firing critical condition"]);
}

#[test]
fn who_waited_goes_on_waiting_over_a_restart_but_not_over_an_hour() {
    let held = [(0, Some(95.0)), (200, Some(95.0)), (300, Some(95.0))];
    check(300, 0, &held, &["300 firing critical condition"]);
    check(
        300,
        0,
        &[(0, Some(95.0)), (3_600, Some(95.0)), (3_900, Some(95.0))],
        &["3900 firing critical condition"],
    );
}

#[test]
fn states_come_back_from_their_documents_as_they_were() {
    let rule = rule(Condition::Metric(metric()), 30, 0);
    let mut instances = BTreeMap::new();
    let seen = [metric().observe(labels([("node", "n"), ("device", "\"/dev\" é")]), 95.0)];
    evaluate(&rule, &mut instances, &seen, WallMs(0));
    let text = serde_json::to_string(&instances).expect("JSON");
    let mut back: BTreeMap<String, Instance> = serde_json::from_str(&text).expect("an instance");
    assert_eq!(back, instances);
    let done = evaluate(&rule, &mut back, &seen, WallMs(30_000));
    assert_eq!(told(&done.changes), ["30 firing critical condition"]);
}

#[test]
fn things_beyond_the_limit_are_counted_and_the_rest_goes_on() {
    let rule = rule(Condition::Metric(metric()), 0, 0);
    let many: Vec<Observed> = (0..MAX_INSTANCES + 7)
        .map(|n| metric().observe(labels([("n", n.to_string().as_str())]), 95.0))
        .collect();
    let mut instances = BTreeMap::new();
    let done = evaluate(&rule, &mut instances, &many, WallMs(0));
    assert_eq!((done.changes.len(), done.over_limit), (MAX_INSTANCES, 7));
    // What is resolved makes room for what is new.
    evaluate(&rule, &mut instances, &[], WallMs(10_000));
    let done = evaluate(&rule, &mut instances, &many[MAX_INSTANCES..], WallMs(20_000));
    assert_eq!((done.changes.len(), done.over_limit), (7, 0));
    assert_eq!(instances.len(), MAX_INSTANCES);
}

#[test]
fn a_rule_that_is_switched_off_ends_what_fires_and_forgets_what_waits() {
    let rule = rule(Condition::Metric(metric()), 10, 0);
    let thing = |name: &str| metric().observe(labels([("n", name)]), 95.0);
    let mut instances = BTreeMap::new();
    evaluate(&rule, &mut instances, &[thing("a")], WallMs(0));
    evaluate(&rule, &mut instances, &[thing("a"), thing("b")], WallMs(10_000));
    let done = switch_off(&rule, &mut instances, WallMs(15_000));
    assert_eq!(done.changes.iter().map(|change| change.reason).collect::<Vec<_>>(), [Reason::RuleOff]);
    assert_eq!(instances.len(), 1);
}

fn finding(at_s: i64, sequence: u32, rule: &str, priority: Priority) -> Finding {
    let time = WallMs(at_s * 1_000).nanos();
    let node = "n".into();
    Finding {
        id: Finding::make_id(time, sequence, &node),
        time,
        node,
        rule: rule.into(),
        priority,
        tags: Vec::new(),
        output: "cat read /etc/shadow".into(),
        event_number: 1,
        event_type: "openat".into(),
        fields: Vec::new(),
        matched: Vec::new(),
        ancestry: Vec::new(),
        container: None,
        capture: None,
    }
}

fn events_rule() -> Rule {
    let condition = SecurityEvents {
        rules: Vec::new(),
        min_severity: Severity::Medium,
        container: String::new(),
        quiet_ms: 60_000,
    };
    rule(Condition::SecurityEvent(condition), 0, 0)
}

#[test]
fn a_security_event_fires_at_once_counts_on_and_ends_when_it_is_quiet() {
    let rule = events_rule();
    let mut instances = BTreeMap::new();
    let first = finding(0, 0, "Shadow", Priority::Warning);
    let second = finding(10, 0, "Shadow", Priority::Error);
    let third = finding(11, 0, "Shadow", Priority::Warning);
    let mut changes = take_events(&rule, &mut instances, &[&first], false, WallMs(1_000)).changes;
    changes.extend(take_events(&rule, &mut instances, &[&second, &third], false, WallMs(12_000)).changes);
    let instance = instances.values().next().expect("one");
    assert_eq!((instance.value, instance.severity), (Some(3.0), Severity::High));
    assert_eq!(instance.event.as_ref().map(|event| event.id.as_str()), Some(third.id.as_str()));
    changes.extend(take_events(&rule, &mut instances, &[], false, WallMs(71_999)).changes);
    changes.extend(take_events(&rule, &mut instances, &[], false, WallMs(72_000)).changes);
    let expected = ["1 firing medium condition", "12 firing high escalated", "72 resolved high quiet"];
    assert_eq!(told(&changes), expected);
}

#[test]
fn events_that_are_too_light_or_elsewhere_are_none_of_its_business() {
    let mut rule = events_rule();
    let mut instances = BTreeMap::new();
    let light = finding(0, 0, "Shadow", Priority::Notice);
    assert!(take_events(&rule, &mut instances, &[&light], false, WallMs(0)).changes.is_empty());
    let on_host = finding(0, 0, "Shadow", Priority::Critical);
    for (pattern, fires) in [("web", false), ("host", true), ("hos", false), ("host|web", true)] {
        let Condition::SecurityEvent(events) = &mut rule.condition else { unreachable!() };
        events.container = pattern.into();
        let done = take_events(&rule, &mut BTreeMap::new(), &[&on_host], false, WallMs(0));
        assert_eq!(!done.changes.is_empty(), fires, "{pattern}");
    }
}

#[test]
fn events_that_are_read_again_after_a_restart_are_known() {
    let rule = events_rule();
    let mut instances = BTreeMap::new();
    let known = finding(0, 0, "Shadow", Priority::Warning);
    let missed = finding(5, 0, "Other", Priority::Warning);
    take_events(&rule, &mut instances, &[&known], false, WallMs(0));
    take_events(&rule, &mut instances, &[], false, WallMs(60_000));
    let done = take_events(&rule, &mut instances, &[&known, &missed], true, WallMs(3_600_000));
    assert_eq!(done.changes.len(), 1);
    assert_eq!(done.changes[0].labels["rule"], "Other");
}
