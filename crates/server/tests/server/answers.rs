//! What is asked once.

use lanner_model::finding::Priority;
use lanner_model::time::WallMs;
use serde_json::{Value, json};

use crate::agent::Agent;
use crate::browser::{admin, ask, get, get_json};
use crate::cases::*;

#[tokio::test]
async fn every_described_path_is_answered() {
    let (server, _folder) = server().await;
    let openapi: Value = get_json(server.http_address(), "/api/v1/openapi.json").await;
    let paths = openapi["paths"].as_object().expect("paths");
    assert!(paths.len() > 10);
    for (path, methods) in paths.iter().filter(|(path, _)| !path.ends_with("/stream")) {
        if methods.get("get").is_none() {
            continue;
        }
        let path = match path.as_str() {
            "/api/v1/history" => "/api/v1/history?row=host:a".to_owned(),
            path => path.replace(['{', '}'], ""),
        };
        let answer = get(server.http_address(), &path).await;
        // A path that names something may say that it is not there, one that lists nothing that it
        // lacks a parameter: both are answers of its own.
        assert!(matches!(answer.status, 200 | 400 | 404), "{path}: {} {}", answer.status, answer.body);
        assert!(!answer.body.contains("there is no /"), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn malformed_questions_are_refused_in_one_form() {
    let (server, _folder) = server().await;
    let long = "x".repeat(300);
    let cases = [
        "/api/v1/explore?limit=0".to_owned(),
        "/api/v1/explore?limit=10001".to_owned(),
        "/api/v1/explore?limit=-1".to_owned(),
        "/api/v1/explore?limit=many".to_owned(),
        "/api/v1/explore?view=round".to_owned(),
        "/api/v1/explore?sort=color".to_owned(),
        "/api/v1/explore?scope=moon".to_owned(),
        "/api/v1/explore/stream?sort=color".to_owned(),
        format!("/api/v1/explore?q={long}"),
        "/api/v1/history".to_owned(),
        "/api/v1/history?row=host".to_owned(),
        "/api/v1/history?row=process:a:1:x".to_owned(),
        "/api/v1/history?row=host:a&from=now&to=now-1h".to_owned(),
        "/api/v1/history?row=host:a&from=0".to_owned(),
        "/api/v1/history?row=host:a&points=1501".to_owned(),
        "/api/v1/history?row=host:a&from=99999999999999999999".to_owned(),
        "/api/v1/events?severity=severe".to_owned(),
        "/api/v1/events?from=yesterday".to_owned(),
        "/api/v1/events?cursor=page2".to_owned(),
        "/api/v1/events?limit=1001".to_owned(),
        "/api/v1/events/stream?severity=severe".to_owned(),
        format!("/api/v1/events?container={long}"),
    ];
    for path in cases {
        let answer = get(server.http_address(), &path).await;
        assert_eq!((answer.status, answer.error_code().as_str()), (400, "bad_request"), "{path}");
    }
    for (path, code) in [("/api/v1/nothing", "not_found"), ("/api", "not_found"), ("/gone.js", "not_found")] {
        let answer = get(server.http_address(), path).await;
        assert_eq!((answer.status, answer.error_code().as_str()), (404, code), "{path}");
    }
    let host = server.http_address().to_string();
    for path in ["/api/v1/status", "/explore"] {
        let answer =
            ask(server.http_address(), "POST", path, &[("Host", &host), ("Content-Length", "0")]).await;
        assert_eq!((answer.status, answer.error_code().as_str()), (405, "method_not_allowed"), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn only_pages_of_this_machine_are_answered() {
    let (server, _folder) = server().await;
    let address = server.http_address();
    let own = format!("http://{address}");
    let host = address.to_string();
    let cookie = admin(address).await;
    for (mut headers, status) in [
        (vec![("Host", host.as_str())], 200),
        (vec![("Host", "localhost:1234")], 200),
        (vec![("Host", host.as_str()), ("Origin", own.as_str())], 200),
        (vec![("Host", "evil.example")], 403),
        (vec![("Host", host.as_str()), ("Origin", "http://evil.example")], 403),
    ] {
        headers.push(("Cookie", &cookie));
        for path in ["/api/v1/status", "/metrics", "/healthz"] {
            assert_eq!(ask(address, "GET", path, &headers).await.status, status, "{path} {headers:?}");
        }
    }
    let refused = ask(address, "GET", "/", &[("Host", "evil.example")]).await;
    assert_eq!((refused.status, refused.error_code().as_str()), (403, "forbidden"));
    server.stop().await;
}

#[tokio::test]
async fn browsers_are_told_what_an_answer_may_do() {
    let (server, _folder) = server().await;
    for path in ["/", "/api/v1/status", "/api/v1/nothing"] {
        let head = get(server.http_address(), path).await.head.to_lowercase();
        for header in [
            "content-security-policy: default-src 'self';",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-",
        ] {
            assert!(head.contains(header), "{path} has no {header}: {head}");
        }
        assert!(!head.contains("unsafe"), "{path}: {head}");
    }
    server.stop().await;
}

#[tokio::test]
async fn explore_shows_the_newest_table_with_events_and_history() {
    let (server, _folder) = server().await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    let finding = finding_now(1, Priority::Critical);
    agent.say(batch(1, cpu_samples(), vec![finding])).await;
    assert_eq!(agent.hear_ack().await, 1);
    agent.say(table(0.25)).await;
    // Messages are taken in order: when the next is acknowledged, the table is here.
    agent.say(batch(2, Vec::new(), Vec::new())).await;
    assert_eq!(agent.hear_ack().await, 2);

    let shown = get_json(server.http_address(), "/api/v1/explore?sort=-cpu").await;
    let names: Vec<&str> = shown["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["worker-1", "web", "cat", "init"]);
    assert_eq!(shown["interval_s"], 2, "someone looks");
    let cat = &shown["rows"][2];
    assert_eq!(cat["id"], "process:worker-1:42:1700000000120");
    assert_eq!(cat["parent"], format!("container:worker-1:{CONTAINER}"));
    assert_eq!(cat["cpu_percent"], 50.0, "of the container's limit");
    assert_eq!(cat["findings"], json!([{"severity": "critical", "count": 1}]));
    let spark = cat["cpu_spark"].as_array().expect("a line");
    assert_eq!((spark.len(), &spark[15]), (30, &json!(0.25)));
    assert_eq!(shown["rows"][0]["detail"], "6.18.5", "the node's kernel");
    assert_eq!(shown["rows"][0]["findings"], json!([{"severity": "critical", "count": 1}]));

    let row = cat["id"].as_str().expect("an id");
    let history = get_json(server.http_address(), &format!("/api/v1/history?row={row}&from=now-10m")).await;
    assert_eq!(history["charts"][0]["name"], "cpu");
    let line = &history["charts"][0]["series"][0];
    assert_eq!(
        (&line["name"], &line["metric"]),
        (&json!("used"), &json!("lanner_process_cpu_seconds_total"))
    );
    let values = line["values"].as_array().expect("values");
    let length = (history["to_ms"].as_i64().expect("to") - history["from_ms"].as_i64().expect("from"))
        / history["step_ms"].as_i64().expect("step");
    assert_eq!(values.len() as i64, length + 1);
    assert_eq!(values[values.len() / 2], 0.25);

    let flat = get_json(server.http_address(), "/api/v1/explore?view=flat&q=CAT").await;
    assert_eq!((flat["rows"].as_array().map(Vec::len), &flat["total"]), (Some(1), &json!(1)));
    server.stop().await;
}

#[tokio::test]
async fn events_are_listed_counted_paged_and_shown_whole() {
    let (server, _folder) = server().await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    let now = now_ms();
    let at = |hours_ago: i64, number, priority| {
        finding(WallMs(now - hours_ago * 3_600_000).nanos(), number, priority)
    };
    let mut on_host = at(1, 4, Priority::Notice);
    on_host.container = None;
    on_host.output = "a shell on the host".into();
    let findings = vec![
        at(30, 1, Priority::Critical),
        at(5, 2, Priority::Warning),
        at(4, 3, Priority::Critical),
        on_host,
    ];
    agent.say(batch(1, Vec::new(), findings)).await;
    assert_eq!(agent.hear_ack().await, 1);

    let ask = async |query: &str| get_json(server.http_address(), &format!("/api/v1/events{query}")).await;
    let outputs = |page: &Value| -> Vec<String> {
        let events = page["events"].as_array().expect("events");
        events.iter().map(|event| event["output"].as_str().expect("text").to_owned()).collect()
    };
    let page = ask("").await;
    assert_eq!(
        outputs(&page),
        ["a shell on the host", "cat read /etc/shadow (3)", "cat read /etc/shadow (2)"]
    );
    let one_each = json!([
        {"severity": "critical", "count": 1}, {"severity": "medium", "count": 1}, {"severity": "low", "count": 1},
    ]);
    assert_eq!(page["counts"], one_each);
    assert_eq!(page["previous_counts"], json!([{"severity": "critical", "count": 1}]));
    let bars = page["histogram"].as_array().expect("bars");
    assert_eq!(bars.iter().filter(|bar| bar["counts"] != json!([])).count(), 3);
    assert_eq!(bars[0]["from_ms"], page["from_ms"]);
    assert_eq!(page["next_cursor"], Value::Null);

    let critical = ask("?severity=critical,high").await;
    assert_eq!(outputs(&critical), ["cat read /etc/shadow (3)"]);
    assert_eq!(critical["counts"], one_each, "counts are before the severity filter");
    assert_eq!(outputs(&ask("?container=host").await), ["a shell on the host"]);
    assert_eq!(outputs(&ask(&format!("?container={CONTAINER}&q=(2)")).await), ["cat read /etc/shadow (2)"]);
    assert_eq!(outputs(&ask("?rule=nothing").await), [""; 0]);
    assert_eq!(outputs(&ask("?from=now-2d").await).len(), 4);

    let first = ask("?limit=2").await;
    let cursor = first["next_cursor"].as_str().expect("a next page");
    let second = ask(&format!("?limit=2&cursor={cursor}")).await;
    assert_eq!(outputs(&second), ["cat read /etc/shadow (2)"]);

    let listed = &critical["events"][0];
    assert_eq!(listed["process_row"], "process:worker-1:42:1700000000120");
    assert_eq!(listed["container"]["runtime"], "containerd");
    let id = listed["id"].as_str().expect("an id");
    let detail = get_json(server.http_address(), &format!("/api/v1/events/{id}")).await;
    assert_eq!(detail["id"], listed["id"]);
    let tree: Vec<&Value> =
        detail["process_tree"].as_array().expect("a tree").iter().map(|p| &p["comm"]).collect();
    assert_eq!(tree, ["sh", "cat"]);
    assert_eq!(detail["process_tree"][1]["vpid"], 2);
    assert_eq!(detail["process_tree"][0]["start_ms"], Value::Null);
    assert_eq!(detail["matched"][0]["value"], "/etc/shadow");
    assert_eq!(detail["rule_condition"], "fd.name = /etc/shadow");
    server.stop().await;
}

#[tokio::test]
async fn status_agents_rules_and_metrics_say_what_is_there() {
    let (server, _folder) = server().await;
    let address = server.http_address();
    assert_eq!(get_json(address, "/api/v1/agents").await, json!([]));
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    agent.say(batch(1, cpu_samples(), vec![finding_now(1, Priority::Error)])).await;
    assert_eq!(agent.hear_ack().await, 1);

    let status = get_json(address, "/api/v1/status").await;
    assert_eq!((&status["series"], &status["findings_stored"]), (&json!(1), &json!(1)));
    assert_eq!(status["rules_loaded"], 1);
    assert!(status["last_finding_ms"].is_i64());
    let agents = get_json(address, "/api/v1/agents").await;
    assert_eq!(agents[0]["state"], "connected");
    assert_eq!(agents[0]["decisions"][0]["feature"], "tp_btf");
    let rules = get_json(address, "/api/v1/rules").await;
    assert_eq!(rules["rules"][0]["severity"], "medium");
    let metrics = get(address, "/metrics").await.body;
    for line in [
        "lanner_server_batches_total{result=\"stored\"} 1 ",
        "lanner_server_samples_total{result=\"accepted\"} 61 ",
        "lanner_server_agents{state=\"connected\"} 1 ",
        "lanner_server_stored_findings 1 ",
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    server.stop().await;
}
