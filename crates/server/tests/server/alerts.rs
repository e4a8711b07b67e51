//! Alerts from what agents send to what others are told.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use lanner_model::finding::Priority;
use lanner_model::series::{Labels, Sample};
use lanner_model::time::WallMs;
use lanner_server::Server;
use serde_json::{Value, json};

use crate::agent::Agent;
use crate::browser::{Answer, admin, get_json, send_json};
use crate::cases::*;
use crate::ingest::copy_folder;
use crate::standin::{MailServer, Web};

async fn server_at(folder: &Path) -> Server {
    let mut config = config(folder);
    config.alert_interval = Duration::from_millis(50);
    Server::start(config).await.expect("the server starts")
}

async fn change(server: SocketAddr, method: &str, path: &str, body: &Value) -> Answer {
    let cookie = admin(server).await;
    send_json(server, method, path, body, &[("Cookie", &cookie)]).await
}

async fn changed(server: SocketAddr, method: &str, path: &str, body: &Value) -> Value {
    let answer = change(server, method, path, body).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json()
}

async fn add_channel(server: SocketAddr, name: &str, target: Value) -> String {
    let spec = json!({
        "name": name, "enabled": true, "min_severity": "info", "language": "en", "target": target,
    });
    let channel = changed(server, "POST", "/api/v1/channels", &json!({"spec": spec, "version": null})).await;
    channel["id"].as_str().expect("an id").to_owned()
}

fn load_rule(name: &str) -> Value {
    json!({
        "name": name, "description": "Too much to do.", "enabled": true, "severity": "critical",
        "condition": {
            "type": "metric", "expr": "max by (node) (node_load1)", "comparison": "above", "threshold": 4.0,
            "warning": null, "unit": "none",
        },
        "for_ms": 0, "keep_firing_ms": 0, "repeat_ms": null, "channels": null,
    })
}

async fn add_rule(server: SocketAddr, spec: Value) -> Value {
    changed(server, "POST", "/api/v1/alerts/rules", &json!({"spec": spec, "version": null})).await
}

fn load(value: f64) -> Vec<Sample> {
    let labels = Labels::new("node_load1", [("node", "worker-1"), ("instance", "worker-1")]);
    vec![Sample { labels, time: WallMs(now_ms()), value }]
}

#[tokio::test]
async fn channels_are_told_when_an_alert_fires_and_when_it_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = server_at(folder.path()).await;
    let http = server.http_address();
    let (mut web, mut mails) = (Web::start().await, MailServer::start().await);
    add_channel(http, "Slack", json!({"type": "slack", "url": web.url("/slack")})).await;
    let pager = json!({"type": "pagerduty", "routing_key": "KEY", "url": web.url("/pager")});
    add_channel(http, "Pager", pager).await;
    let hook = json!({"type": "webhook", "url": web.url("/hook"), "secret": "s3cret"});
    add_channel(http, "Hook", hook).await;
    let mail = json!({
        "type": "email", "host": "127.0.0.1", "port": mails.address.port(), "security": "none",
        "username": null, "password": null, "from": "Lanner <lanner@example.com>", "to": ["on-call@example.com"],
    });
    add_channel(http, "Mail", mail).await;
    add_rule(http, load_rule("High load")).await;

    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    for (sequence, value, state, action) in [(1, 7.5, "FIRING", "trigger"), (2, 0.5, "RESOLVED", "resolve")] {
        agent.say(batch(sequence, load(value), Vec::new())).await;
        agent.hear_ack().await;
        let title = format!("[{state}] Critical: High load");
        let mut paths = Vec::new();
        for _ in 0..3 {
            let post = web.next().await;
            let body = post.json();
            match post.path.as_str() {
                "/slack" => {
                    assert!(body["text"].as_str().is_some_and(|text| text.starts_with(&title)), "{body}")
                }
                "/pager" => {
                    assert_eq!(
                        (&body["event_action"], &body["routing_key"]),
                        (&json!(action), &json!("KEY"))
                    );
                    let key = body["dedup_key"].as_str().expect("a key");
                    assert!(key.starts_with("high-load."), "{key}");
                }
                _ => {
                    assert_eq!(body["alerts"][0]["labels"], json!({"node": "worker-1"}));
                    assert!(
                        post.header("x-lanner-signature")
                            .is_some_and(|signature| signature.starts_with("t="))
                    );
                }
            }
            paths.push(post.path.clone());
            post.answer("202 Accepted");
        }
        paths.sort();
        assert_eq!(paths, ["/hook", "/pager", "/slack"]);
        let mail = mails.next().await;
        assert!(mail.contains("Subject: ") && mail.contains("To: on-call@example.com"), "{mail}");
    }
    let history = get_json(http, "/api/v1/alerts/history").await;
    let states: Vec<&Value> =
        history["changes"].as_array().expect("changes").iter().map(|change| &change["to"]).collect();
    assert_eq!(states, [&json!("resolved"), &json!("firing")]);
    server.stop().await;
}

#[tokio::test]
async fn what_was_not_sent_before_a_crash_is_sent_after_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = server_at(folder.path()).await;
    let http = server.http_address();
    let mut web = Web::start().await;
    add_channel(http, "Hook", json!({"type": "webhook", "url": web.url("/hook"), "secret": null})).await;
    add_rule(http, load_rule("High load")).await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    agent.say(batch(1, load(7.5), Vec::new())).await;
    agent.hear_ack().await;

    // The other side was asked and has not answered: the server is killed here.
    let unanswered = web.next().await;
    let copy = tempfile::tempdir().expect("a folder");
    copy_folder(folder.path(), copy.path());
    drop(server);
    let first = unanswered.json();
    unanswered.answer("503 Service Unavailable");

    let after_crash = server_at(copy.path()).await;
    let again = web.next().await;
    assert_eq!((&again.json()["id"], &again.json()["status"]), (&first["id"], &json!("firing")));
    again.answer("200 OK");
    let alerts = get_json(after_crash.http_address(), "/api/v1/alerts").await;
    let alert = &alerts["alerts"][0];
    assert_eq!((&alert["state"], &alert["rule_id"]), (&json!("firing"), &json!("high-load")));
    after_crash.stop().await;
}

#[tokio::test]
async fn a_refused_message_is_tried_again_and_the_log_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = server_at(folder.path()).await;
    let http = server.http_address();
    let mut web = Web::start().await;
    let hook = json!({"type": "webhook", "url": web.url("/hook"), "secret": null});
    let id = add_channel(http, "Hook", hook.clone()).await;
    add_rule(http, load_rule("High load")).await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    agent.say(batch(1, load(7.5), Vec::new())).await;
    agent.hear_ack().await;
    web.next().await.answer("503 Service Unavailable");
    // Somebody mends the channel: what waits is tried at once.
    let spec = json!({
        "name": "Hook", "enabled": true, "min_severity": "low", "language": "ja", "target": hook,
    });
    changed(http, "PUT", &format!("/api/v1/channels/{id}"), &json!({"spec": spec, "version": 1})).await;
    let post = web.next().await;
    assert!(
        post.json()["title"].as_str().is_some_and(|title| title.starts_with("[発生中]")),
        "{}",
        post.body
    );
    post.answer("200 OK");
    server.stop().await;
}

#[tokio::test]
async fn security_events_of_before_a_crash_make_alerts_after_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = server_at(folder.path()).await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    let finding = finding_now(1, Priority::Error);
    agent.say(batch(1, Vec::new(), vec![finding.clone()])).await;
    agent.hear_ack().await;
    let copy = tempfile::tempdir().expect("a folder");
    copy_folder(folder.path(), copy.path());
    drop(server);

    let after_crash = server_at(copy.path()).await;
    let http = after_crash.http_address();
    let mut web = Web::start().await;
    add_channel(http, "Hook", json!({"type": "webhook", "url": web.url("/hook"), "secret": null})).await;
    let post = web.next().await;
    let alert = &post.json()["alerts"][0];
    assert_eq!((&alert["event_id"], &alert["severity"]), (&json!(finding.id), &json!("high")));
    post.answer("200 OK");
    after_crash.stop().await;
}

#[tokio::test]
async fn a_silence_shows_on_the_alert_and_ends_when_it_is_expired() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = server_at(folder.path()).await;
    let http = server.http_address();
    let mut web = Web::start().await;
    let spec = json!({
        "matchers": [{"label": "node", "op": "=~", "value": "worker-.*"}],
        "from_ms": now_ms() - 1_000, "to_ms": now_ms() + 3_600_000, "comment": "work",
    });
    let silence = changed(http, "POST", "/api/v1/silences", &spec).await;
    assert_eq!((&silence["state"], &silence["author"]), (&json!("active"), &json!("admin")));
    add_channel(http, "Hook", json!({"type": "webhook", "url": web.url("/hook"), "secret": null})).await;
    add_rule(http, load_rule("High load")).await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    agent.say(batch(1, load(7.5), Vec::new())).await;
    agent.hear_ack().await;
    let silenced = loop {
        let alerts = get_json(http, "/api/v1/alerts").await;
        if alerts["silenced"] == json!(1) {
            break alerts;
        }
    };
    assert_eq!(silenced["alerts"][0]["silenced_by"], silence["id"]);
    assert_eq!((&silenced["firing"], &silenced["alerts"][0]["told_ms"]), (&json!(0), &Value::Null));
    let path = format!("/api/v1/silences/{}", silence["id"].as_str().expect("an id"));
    assert_eq!(change(http, "DELETE", &path, &json!({})).await.status, 204);
    let post = web.next().await;
    assert_eq!(post.json()["status"], "firing");
    post.answer("200 OK");
    server.stop().await;
}

#[tokio::test]
async fn secrets_are_taken_and_never_given() {
    let (server, _folder) = server().await;
    let http = server.http_address();
    let secret = "N0tToBeShown";
    let hook = json!({"type": "webhook", "url": "http://127.0.0.1:9/hook", "secret": secret});
    add_channel(http, "Hook", hook).await;
    add_channel(http, "Slack", json!({"type": "slack", "url": format!("http://127.0.0.1:9/{secret}")})).await;
    add_channel(http, "Pager", json!({"type": "pagerduty", "routing_key": secret, "url": null})).await;
    let mail = json!({
        "type": "email", "host": "127.0.0.1", "port": 9, "security": "tls", "username": "me", "password": secret,
        "from": "a@example.com", "to": ["b@example.com"],
    });
    let id = add_channel(http, "Mail", mail.clone()).await;
    let slack_id = get_json(http, "/api/v1/channels").await["channels"][3]["id"].as_str().map(str::to_owned);
    let tested =
        changed(http, "POST", &format!("/api/v1/channels/{}/test", slack_id.expect("an id")), &json!({}))
            .await;
    assert_eq!(tested["delivered"], false);
    for path in ["/api/v1/channels", "/api/v1/deliveries", "/metrics"] {
        let answer = crate::browser::get(http, path).await;
        assert!(answer.status == 200 && !answer.body.contains(secret), "{path}: {}", answer.body);
    }

    // A stored password goes to the server it was given for, and to no other.
    let mut elsewhere = mail;
    elsewhere["password"] = Value::Null;
    let spec = |target: &Value| {
        let spec = json!({
            "name": "Mail", "enabled": true, "min_severity": "info", "language": "en", "target": target,
        });
        json!({"spec": spec, "version": null})
    };
    let path = format!("/api/v1/channels/{id}");
    assert_eq!(change(http, "PUT", &path, &spec(&elsewhere)).await.status, 200);
    elsewhere["host"] = json!("evil.example");
    assert_eq!(change(http, "PUT", &path, &spec(&elsewhere)).await.status, 400);
    server.stop().await;
}

#[tokio::test]
async fn a_shipped_rule_can_be_changed_and_taken_back() {
    let (server, folder) = server().await;
    let http = server.http_address();
    let path = "/api/v1/alerts/rules/host-cpu";
    let shipped = get_json(http, path).await;
    assert_eq!((&shipped["origin"], &shipped["version"]), (&json!("shipped"), &json!(0)));
    let mut spec = shipped["spec"].clone();
    spec["condition"]["threshold"] = json!(75.0);
    let put = json!({"spec": spec, "version": 0});
    let after = changed(http, "PUT", path, &put).await;
    assert_eq!((&after["origin"], &after["version"]), (&json!("changed"), &json!(1)));
    assert_eq!(change(http, "PUT", path, &put).await.status, 409);
    server.stop().await;

    let server = start(folder.path()).await;
    let http = server.http_address();
    assert_eq!(get_json(http, path).await["spec"]["condition"]["threshold"], json!(75.0));
    assert_eq!(change(http, "DELETE", path, &json!({})).await.status, 204);
    assert_eq!(get_json(http, path).await["spec"], shipped["spec"]);
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_rule_is_said() {
    let (server, _folder) = server().await;
    let http = server.http_address();
    let check = async |patch: Value, expected: &str| {
        let mut spec = load_rule("Wrong");
        for (name, value) in patch.as_object().expect("a patch") {
            let of_condition = spec["condition"].get(name).is_some();
            if of_condition { spec["condition"][name] = value.clone() } else { spec[name] = value.clone() }
        }
        let answer =
            change(http, "POST", "/api/v1/alerts/rules", &json!({"spec": spec, "version": null})).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
        let message = answer.json()["error"]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(expected), "{message}");
    };
    check(json!({"name": " "}), "the name is empty").await;
    check(json!({"expr": "rate(x[5m]"}), "the expression is no PromQL").await;
    check(json!({"expr": "x[5m]"}), "range vector").await;
    check(json!({"warning": 9.0}), "not crossed before").await;
    check(json!({"for_ms": -1}), "not between").await;
    server.stop().await;
}

#[tokio::test]
async fn a_preview_says_how_often_a_rule_would_have_fired() {
    let (server, _folder) = server().await;
    let http = server.http_address();
    add_channel(http, "Hook", json!({"type": "webhook", "url": "http://127.0.0.1:9/", "secret": null})).await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    let labels = Labels::new("node_load1", [("node", "worker-1")]);
    // Twice over the threshold within the last hour.
    let values = (0..300).map(|n| if (50..80).contains(&n) || (150..160).contains(&n) { 9.0 } else { 1.0 });
    let begin = now_ms() - 3_300_000;
    let samples = values.enumerate().map(|(n, value)| Sample {
        labels: labels.clone(),
        time: WallMs(begin + n as i64 * 10_000),
        value,
    });
    agent.say(batch(1, samples.collect(), Vec::new())).await;
    agent.hear_ack().await;
    let ask = json!({"spec": load_rule("High load"), "hours": 1});
    let preview = changed(http, "POST", "/api/v1/alerts/rules/preview", &ask).await;
    assert_eq!((&preview["fired"], &preview["series_total"]), (&json!(2), &json!(1)), "{preview}");
    let title = preview["messages"][0]["title"].as_str().unwrap_or_default();
    assert!(title.starts_with("[FIRING] Critical: High load – worker-1"), "{title}");
    server.stop().await;
}

#[tokio::test]
async fn who_changes_what_is_watched_and_who_is_told_is_written_down() {
    let (server, _folder) = server().await;
    let http = server.http_address();
    let channel =
        add_channel(http, "Hook", json!({"type": "webhook", "url": "https://hooks.example/s3cret"})).await;
    let mut rule = add_rule(http, load_rule("High load")).await;
    let path = format!("/api/v1/alerts/rules/{}", rule["id"].as_str().expect("an id"));
    rule["spec"]["enabled"] = json!(false);
    changed(http, "PUT", &path, &json!({"spec": rule["spec"], "version": rule["version"]})).await;
    let silence = json!({
        "matchers": [{"label": "node", "op": "=", "value": "a"}],
        "from_ms": now_ms(), "to_ms": now_ms() + 60_000, "comment": "",
    });
    changed(http, "POST", "/api/v1/silences", &silence).await;
    for path in [&path, &format!("/api/v1/channels/{channel}")] {
        assert_eq!(change(http, "DELETE", path, &json!({})).await.status, 204, "{path}");
    }
    let audit = get_json(http, "/api/v1/audit").await;
    let entries = audit.as_array().expect("entries").iter().rev();
    let entries = entries.filter(|entry| entry["action"] != "sign_in");
    let done: Vec<String> =
        entries.map(|entry| format!("{} {} {}", entry["actor"], entry["action"], entry["subject"])).collect();
    let expected = [
        r#""admin" "channel_made" "Hook""#,
        r#""admin" "rule_made" "High load""#,
        r#""admin" "rule_switched_off" "High load""#,
        r#""admin" "silence_made" "node=a""#,
        r#""admin" "rule_deleted" "High load""#,
        r#""admin" "channel_deleted" "Hook""#,
    ];
    assert!(done.ends_with(&expected.map(str::to_owned)), "{done:#?}");
    assert!(!audit.to_string().contains("s3cret"));
    server.stop().await;
}
