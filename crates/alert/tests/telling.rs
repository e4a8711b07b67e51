//! Who is told what, and in which words.

use std::collections::BTreeMap;

use lanner_alert::{
    Channel, Comparison, Condition, Due, Instance, Language, Message, Metric, Notice, Op, Rule, Secret,
    Silence, SilenceMatcher, SilencePhase, Status, Target, Unit, due, evaluate, labels, pagerduty, render,
    shipped, slack, webhook,
};
use lanner_metrics::declaration_of;
use lanner_metrics::promql::Query;
use lanner_model::finding::Severity;
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

fn rule() -> Rule {
    Rule {
        id: "host-cpu".into(),
        name: "Host CPU is busy".into(),
        description: "See Explore.".into(),
        enabled: true,
        severity: Severity::Critical,
        condition: Condition::Metric(metric()),
        for_ms: 0,
        keep_firing_ms: 0,
        repeat_ms: Some(60_000),
        channels: None,
    }
}

fn channel(id: &str, min_severity: Severity) -> Channel {
    let target = Target::Webhook { url: "http://hook/".into(), secret: None };
    Channel { id: id.into(), name: id.into(), enabled: true, min_severity, language: Language::En, target }
}

fn silence(matchers: &[(&str, Op, &str)]) -> Silence {
    let matcher = |(label, op, value): &(&str, Op, &str)| SilenceMatcher {
        label: (*label).into(),
        op: *op,
        value: (*value).into(),
    };
    Silence {
        id: "s".into(),
        matchers: matchers.iter().map(matcher).collect(),
        from: 10_000,
        to: 20_000,
        comment: String::new(),
        author: "me".into(),
    }
}

/// A thing that is evaluated step by step.
#[derive(Default)]
struct Thing(BTreeMap<String, Instance>);

impl Thing {
    fn step(&mut self, at_s: i64, value: f64, channels: &[Channel], silences: &[Silence]) -> Vec<String> {
        let now = WallMs(at_s * 1_000);
        let seen = [metric().observe(labels([("node", "n1")]), value)];
        evaluate(&rule(), &mut self.0, &seen, now);
        let mut told: Vec<Due> = Vec::new();
        for instance in self.0.values_mut() {
            let is_silenced = Silence::of(silences, &rule(), instance, now).is_some();
            told.extend(due(&rule(), instance, channels, is_silenced, now));
        }
        let word =
            |due: &Due| format!("{} {:?} {}", due.channel, due.notice.status, due.notice.severity.as_str());
        told.iter().map(word).collect()
    }
}

#[test]
fn each_channel_is_told_once_then_again_after_a_while_and_of_the_end() {
    let channels = [channel("a", Severity::Info)];
    let mut thing = Thing::default();
    assert_eq!(thing.step(0, 95.0, &channels, &[]), ["a Firing critical"]);
    assert!(thing.step(59, 95.0, &channels, &[]).is_empty());
    assert_eq!(thing.step(60, 95.0, &channels, &[]), ["a Firing critical"]);
    assert_eq!(thing.step(70, 10.0, &channels, &[]), ["a Resolved critical"]);
    assert!(thing.step(80, 10.0, &channels, &[]).is_empty());
}

#[test]
fn who_asked_for_grave_alerts_is_told_when_one_becomes_grave() {
    let channels = [channel("all", Severity::Info), channel("grave", Severity::High)];
    let mut thing = Thing::default();
    assert_eq!(thing.step(0, 85.0, &channels, &[]), ["all Firing medium"]);
    assert_eq!(thing.step(10, 95.0, &channels, &[]), ["all Firing critical", "grave Firing critical"]);
    assert!(thing.step(20, 85.0, &channels, &[]).is_empty());
    assert!(thing.step(30, 95.0, &channels, &[]).is_empty(), "back and forth is told once");
    assert_eq!(thing.step(40, 10.0, &channels, &[]), ["all Resolved critical", "grave Resolved critical"]);
}

#[test]
fn a_silence_keeps_back_until_it_is_over_and_never_an_end() {
    let channels = [channel("a", Severity::Info)];
    let silences = [silence(&[("node", Op::Equal, "n1")])];
    let mut thing = Thing::default();
    assert!(thing.step(10, 95.0, &channels, &silences).is_empty());
    assert_eq!(thing.step(20, 95.0, &channels, &silences), ["a Firing critical"]);
    let mut thing = Thing::default();
    assert_eq!(thing.step(0, 95.0, &channels, &silences), ["a Firing critical"]);
    assert_eq!(thing.step(15, 10.0, &channels, &silences), ["a Resolved critical"]);
    let mut thing = Thing::default();
    assert!(thing.step(12, 95.0, &channels, &silences).is_empty());
    assert!(thing.step(15, 10.0, &channels, &silences).is_empty(), "who knows of no beginning hears no end");
}

#[test]
fn a_channel_that_was_deleted_or_switched_off_hears_nothing() {
    let mut thing = Thing::default();
    assert_eq!(thing.step(0, 95.0, &[channel("a", Severity::Info)], &[]), ["a Firing critical"]);
    assert!(thing.step(10, 10.0, &[], &[]).is_empty());
    let off = Channel { enabled: false, ..channel("a", Severity::Info) };
    assert!(Thing::default().step(0, 95.0, &[off], &[]).is_empty());
}

#[test]
fn silences_match_labels_rule_and_severity() {
    let mut thing = Thing::default();
    thing.step(0, 95.0, &[], &[]);
    let instance = thing.0.values().next().expect("one");
    let check = |matchers: &[(&str, Op, &str)]| silence(matchers).matches(&rule(), instance);
    assert!(check(&[("node", Op::Equal, "n1"), ("severity", Op::Equal, "critical")]));
    assert!(check(&[("alertname", Op::Regex, "Host.*"), ("rule_id", Op::NotEqual, "x")]));
    assert!(check(&[("node", Op::Regex, "n1|n2")]));
    assert!(!check(&[("node", Op::Regex, "n")]), "patterns match whole");
    assert!(check(&[("zone", Op::Equal, "")]), "a label that is not there is empty");
    assert!(check(&[("zone", Op::NotRegex, ".+")]));
    assert!(!check(&[("node", Op::Equal, "n1"), ("zone", Op::Equal, "a")]));
}

#[test]
fn a_silence_of_everything_or_of_nothing_is_refused() {
    assert!(silence(&[("node", Op::Equal, "n")]).check().is_ok());
    for wrong in [
        &[][..],
        &[("node", Op::Regex, ".*")],
        &[("node", Op::NotEqual, "y")],
        &[("node", Op::Regex, "(")],
        &[("", Op::Equal, "x")],
    ] {
        assert!(silence(wrong).check().is_err(), "{wrong:?}");
    }
    let backwards = Silence { from: 5, to: 5, ..silence(&[("node", Op::Equal, "n")]) };
    assert!(backwards.check().is_err());
    assert_eq!(silence(&[]).phase(WallMs(20_000)), SilencePhase::Expired);
}

fn message(status: Status) -> Message {
    let mut thing = Thing::default();
    let now = 1_700_000_000;
    thing.step(now, 97.31, &[], &[]);
    if status == Status::Resolved {
        thing.step(now + 90, 12.0, &[], &[]);
    }
    let instance = thing.0.values().next().expect("one");
    Message {
        id: "1".into(),
        made: 0,
        channel: "c".into(),
        channel_name: "c".into(),
        rule: "host-cpu".into(),
        rule_name: "Host CPU is busy".into(),
        description: "See Explore.".into(),
        notices: vec![Notice::of(&rule(), instance, status)],
        attempts: 0,
        tried: None,
        next: 0,
        answer: None,
    }
}

#[test]
fn a_message_says_what_since_when_and_where_to_look() {
    let told = render(&message(Status::Firing), Language::En, "https://lanner.example/");
    assert_eq!(told.title, "[FIRING] Critical: Host CPU is busy – n1: 97.3 %");
    let link = &told.link;
    let expected = format!(
        "FIRING · Critical · n1\n  Value: 97.3 % (> 90 %)\n  Since: 2023-11-14 22:13:20 UTC\n  Labels: node=n1\n\n\
         See Explore.\n\n{link}"
    );
    assert_eq!(told.text, expected);
    assert!(link.starts_with("https://lanner.example/alerts?sel=host-cpu."), "{link}");
    let told = render(&message(Status::Resolved), Language::Ja, "https://lanner.example/");
    assert_eq!(told.title, "[解消] 重大: Host CPU is busy – n1");
    assert!(told.text.contains("解消時刻: 2023-11-14 22:14:50 UTC"), "{}", told.text);
}

#[test]
fn what_a_process_wrote_ends_no_line_of_a_title() {
    let mut message = message(Status::Firing);
    message.notices[0].subject = "web\r\nBcc: all@example.com".into();
    let title = render(&message, Language::En, "").title;
    assert!(!title.contains(['\r', '\n']), "{title:?}");
}

#[test]
fn pagerduty_gets_one_incident_per_alert() {
    let firing = message(Status::Firing);
    let rendered = render(&firing, Language::En, "https://l/");
    let event = pagerduty("KEY", &rendered, firing.notices.first(), "https://l/");
    assert_eq!(event["event_action"], "trigger");
    assert_eq!(event["routing_key"], "KEY");
    assert_eq!(event["payload"]["severity"], "critical");
    assert_eq!(event["payload"]["source"], "n1");
    assert_eq!(event["payload"]["timestamp"], "2023-11-14T22:13:20Z");
    let key = event["dedup_key"].as_str().expect("a key");
    assert!(key.len() <= 255);
    let resolved = message(Status::Resolved);
    let event = pagerduty("KEY", &rendered, resolved.notices.first(), "https://l/");
    assert_eq!((&event["event_action"], event["dedup_key"].as_str()), (&"resolve".into(), Some(key)));
}

#[test]
fn slack_and_webhooks_get_title_and_text() {
    let mut firing = message(Status::Firing);
    firing.rule_name = "<!channel> & co".into();
    let rendered = render(&firing, Language::En, "https://l/");
    let to_slack = slack(&rendered);
    assert_eq!(to_slack["text"], "[FIRING] Critical: &lt;!channel&gt; &amp; co – n1: 97.3 %");
    assert_eq!(to_slack["blocks"][0]["text"]["type"], "plain_text");
    let to_hook = webhook(&rendered, Some(&firing));
    assert_eq!(
        (&to_hook["status"], &to_hook["alerts"][0]["labels"]["node"]),
        (&"firing".into(), &"n1".into())
    );
    assert_eq!(webhook(&rendered, None)["status"], "test");
}

#[test]
fn secrets_do_not_get_into_debug_text() {
    let target = Target::Slack { url: Secret("https://hooks.slack.com/services/SECRET".into()) };
    assert!(!format!("{target:?}").contains("SECRET"));
}

#[test]
fn every_shipped_expression_is_promql_over_declared_metrics() {
    for rule in shipped() {
        let Condition::Metric(metric) = &rule.condition else { continue };
        let query = Query::parse(&metric.expr).unwrap_or_else(|error| panic!("{}: {error}", rule.id));
        let names = query.metric_names();
        assert!(!names.is_empty(), "{}", rule.id);
        for name in names {
            assert!(declaration_of(&name).is_some(), "{}: {name} is not declared", rule.id);
        }
    }
}
