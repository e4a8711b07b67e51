//! Messages in the forms that others take.

use lanner_model::finding::Severity;
use lanner_model::time::WallMs;
use serde_json::{Value, json};

use super::delivery::{Message, Notice, Status};
use super::evaluate::cut;
use super::message::Rendered;
use super::utc::utc;

/// For an incoming webhook of Slack: `text` for notifications, blocks for the channel. Limits are
/// Slack's: 150 characters in a header, 3,000 in a section.
#[must_use]
pub fn slack(message: &Rendered) -> Value {
    json!({
        "text": escaped(&message.title),
        "blocks": [
            { "type": "header", "text": { "type": "plain_text", "text": cut(&message.title, 150), "emoji": false } },
            { "type": "section", "text": { "type": "mrkdwn", "text": cut(&escaped(&message.text), 2_900) } },
        ],
    })
}

/// For PagerDuty's Events API v2. The alert's id is the `dedup_key`: told twice it is one incident,
/// and its end finds it. `notice` is `None` for a test, which ends itself at once nowhere else than there.
#[must_use]
pub fn pagerduty(routing_key: &str, message: &Rendered, notice: Option<&Notice>, base: &str) -> Value {
    let Some(notice) = notice else {
        return json!({
            "routing_key": routing_key,
            "event_action": "trigger",
            "dedup_key": "lanner-test",
            "client": "Lanner",
            "client_url": base,
            "payload": { "summary": message.title, "source": "lanner", "severity": "info" },
        });
    };
    let action = match notice.status {
        Status::Firing => "trigger",
        Status::Resolved => "resolve",
    };
    let source = notice.labels.get("node").or_else(|| notice.labels.get("instance"));
    let component =
        ["container", "comm", "mountpoint", "device"].iter().find_map(|name| notice.labels.get(*name));
    json!({
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": notice.instance,
        "client": "Lanner",
        "client_url": message.link,
        "links": [{ "href": message.link, "text": "Lanner" }],
        "payload": {
            "summary": cut(&message.title, 1_000),
            "source": source.map_or("lanner", String::as_str),
            "severity": match notice.severity {
                Severity::Critical => "critical",
                Severity::High => "error",
                Severity::Medium => "warning",
                Severity::Low | Severity::Info => "info",
            },
            "timestamp": utc(WallMs(notice.since)),
            "component": component,
            "custom_details": {
                "labels": notice.labels,
                "value": notice.value,
                "threshold": notice.threshold,
                "event": notice.event.as_ref().map(|event| &event.output),
                "text": cut(&message.text, 4_000),
            },
        },
    })
}

/// For everybody's own webhook; `docs/alerts.md` describes it. Without a message it is a test.
#[must_use]
pub fn webhook(rendered: &Rendered, message: Option<&Message>) -> Value {
    let alerts: Vec<Value> = message.iter().flat_map(|message| &message.notices).map(alert).collect();
    let is_firing = |message: &Message| message.notices.iter().any(|notice| notice.status == Status::Firing);
    json!({
        "version": 1,
        "status": message.map_or("test", |message| if is_firing(message) { "firing" } else { "resolved" }),
        "id": message.map(|message| &message.id),
        "rule": message.map(|message| json!({ "id": message.rule, "name": message.rule_name })),
        "title": rendered.title,
        "text": rendered.text,
        "link": rendered.link,
        "alerts": alerts,
    })
}

fn alert(notice: &Notice) -> Value {
    json!({
        "id": notice.instance,
        "status": notice.status,
        "severity": notice.severity.as_str(),
        "labels": notice.labels,
        "value": notice.value,
        "threshold": notice.threshold,
        "since": utc(WallMs(notice.since)),
        "resolved": notice.resolved.map(|resolved| utc(WallMs(resolved))),
        "event_id": notice.event.as_ref().map(|event| &event.id),
        "event": notice.event.as_ref().map(|event| &event.output),
    })
}

/// The three characters that Slack's markup is made of.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
