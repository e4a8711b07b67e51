//! A map of what an agent saw.

use lanner_model::series::{Labels, Sample};
use lanner_model::time::WallMs;
use serde_json::{Value, json};

use crate::agent::Agent;
use crate::browser::{get, get_json};
use crate::cases::*;

/// Ten minutes of a client on the host that asks a server in a container, as both ends have it: 5 requests
/// a second, one in a hundred without an answer.
fn samples() -> Vec<Sample> {
    let client = [
        ("side", "client"),
        ("comm", "curl"),
        ("netns", "1"),
        ("local", "172.17.0.1"),
        ("peer", "172.17.0.2"),
    ];
    let server = [
        ("side", "server"),
        ("comm", "nginx"),
        ("netns", "2"),
        ("local", "172.17.0.2"),
        ("peer", "172.17.0.1"),
        ("container_id", CONTAINER),
    ];
    let of = |metric: &str, link: &[(&'static str, &'static str)], more: &[(&'static str, &'static str)]| {
        let target = [("node", "worker-1"), ("port", "80")];
        Labels::new(metric, link.iter().chain(more).chain(&target).copied())
    };
    let http = ("protocol", "http");
    let series = [
        (of("lanner_link_connections_total", &client, &[]), 1.0),
        (of("lanner_link_sent_bytes_total", &client, &[]), 1000.0),
        (of("lanner_link_sent_bytes_total", &server, &[]), 4000.0),
        (of("lanner_l7_requests_total", &client, &[http, ("status", "2xx")]), 4.95),
        (of("lanner_l7_requests_total", &client, &[http, ("status", "none")]), 0.05),
        (of("lanner_l7_request_duration_seconds_bucket", &client, &[http, ("le", "0.01")]), 4.95),
        (of("lanner_l7_request_duration_seconds_bucket", &client, &[http, ("le", "+Inf")]), 4.95),
        (of("lanner_l7_request_duration_seconds_sum", &client, &[http]), 0.0099),
        (of("lanner_l7_request_duration_seconds_count", &client, &[http]), 4.95),
    ];
    let first = now_ms() - 600_000;
    let at = |step: i64, labels: &Labels, rate: f64| Sample {
        labels: labels.clone(),
        time: WallMs(first + step * 10_000),
        value: rate * (step * 10) as f64,
    };
    (0..=60).flat_map(|step| series.iter().map(move |(labels, rate)| at(step, labels, *rate))).collect()
}

async fn map(server: std::net::SocketAddr, query: &str) -> Value {
    get_json(server, &format!("/api/v1/topology?{query}")).await
}

fn ids(map: &Value, what: &str) -> Vec<String> {
    let list = map[what].as_array().expect("a list");
    list.iter().map(|one| one["id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn both_ends_of_a_link_are_one_edge() {
    let (server, _folder) = server().await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    agent.say(table(0.25)).await;
    agent.say(batch(1, samples(), Vec::new())).await;
    assert_eq!(agent.hear_ack().await, 1);
    let address = server.http_address();

    let processes = map(address, "level=process").await;
    let nginx = format!("group:node=worker-1,container_id={CONTAINER},comm=nginx");
    assert_eq!(ids(&processes, "nodes"), ["group:node=worker-1,comm=curl", nginx.as_str()]);
    let edge = &processes["edges"][0];
    assert_eq!(edge["id"], json!(format!("group:node=worker-1,comm=curl>{nginx}>80")));
    assert_eq!(edge["protocol"], json!("http"));
    let close = |value: &Value, expected: f64| {
        let value = value.as_f64().unwrap_or_else(|| panic!("{edge}"));
        assert!((value - expected).abs() < expected * 0.01, "{value} is not {expected}");
    };
    close(&edge["traffic"]["requests_per_second"], 5.0);
    close(&edge["traffic"]["error_ratio"], 0.01);
    close(&edge["traffic"]["mean_ms"], 2.0);
    close(&edge["traffic"]["p50_ms"], 5.0);
    close(&edge["traffic"]["received_bytes_per_second"], 4000.0);
    close(&edge["server"]["received_bytes_per_second"], 4000.0);
    assert_eq!(edge["server"]["requests_per_second"], Value::Null);

    let containers = map(address, "level=container").await;
    assert_eq!(
        ids(&containers, "nodes"),
        [format!("container:worker-1:{CONTAINER}"), "host:worker-1".to_owned()]
    );
    assert_eq!(containers["nodes"][0]["name"], json!("web"));
    assert_eq!(ids(&map(address, "level=host").await, "edges"), ["host:worker-1>host:worker-1>80"]);
    assert!(ids(&map(address, "scope=comm:redis").await, "nodes").is_empty());
    assert!(ids(&map(address, "from=now-2h&to=now-1h").await, "nodes").is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_question_for_no_map_is_refused() {
    let (server, _folder) = server().await;
    for query in [
        "level=pod",
        "limit=5",
        "limit=1000",
        "depth=0",
        "depth=10",
        "scope=x",
        "by=a,,b",
        "from=now&to=now-1h",
    ] {
        let answer = get(server.http_address(), &format!("/api/v1/topology?{query}")).await;
        assert_eq!((answer.status, answer.error_code().as_str()), (400, "bad_request"), "{query}");
    }
    server.stop().await;
}
