//! The Prometheus HTTP API, as its clients ask it.

use std::net::SocketAddr;

use lanner_model::series::{Labels, Sample};
use lanner_model::time::WallMs;
use lanner_server::Server;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::agent::Agent;
use crate::browser::{admin, ask_with, get, get_json};
use crate::cases::*;

/// The moment of the newest sample, a whole minute.
fn newest() -> i64 {
    now_ms() / 60_000 * 60_000
}

/// Ten minutes of a counter of two nodes, 1 and 2 a second, every 15 s.
fn requests() -> Vec<Sample> {
    let mut samples = Vec::new();
    for (node, rate) in [("a", 1.0), ("b.c", 2.0)] {
        let labels = Labels::new("requests_total", [("node", node), ("path", "/\"x\"")]);
        let sample = |n: i64| Sample {
            labels: labels.clone(),
            time: WallMs(newest() - 600_000 + n * 15_000),
            value: rate * 15.0 * n as f64,
        };
        samples.extend((0..=40).map(sample));
    }
    samples
}

async fn server_with_requests() -> (Server, TempDir) {
    let (server, folder) = server().await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    agent.say(batch(1, requests(), Vec::new())).await;
    agent.hear_ack().await;
    (server, folder)
}

async fn data(server: SocketAddr, path: &str) -> Value {
    let answer = get_json(server, &format!("/prometheus/api/v1/{path}")).await;
    assert_eq!(answer["status"], "success", "{path}");
    answer["data"].clone()
}

async fn refusal(server: SocketAddr, path: &str) -> (u16, String, String) {
    let answer = get(server, &format!("/prometheus/api/v1/{path}")).await;
    let json = answer.json();
    assert_eq!(json["status"], "error", "{path}");
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    (answer.status, text("errorType"), text("error"))
}

#[tokio::test]
async fn instant_and_range_queries_have_the_form_of_prometheus() {
    let (server, _folder) = server_with_requests().await;
    let address = server.http_address();
    let at = newest() / 1000;

    let vector =
        data(address, &format!("query?query=round(sum(rate(requests_total%5B5m%5D)),0.001)&time={at}")).await;
    assert_eq!(vector, json!({"resultType": "vector", "result": [{"metric": {}, "value": [at, "3"]}]}));
    let series = data(address, &format!("query?query=requests_total%7Bnode%3D%22a%22%7D&time={at}.5")).await;
    assert_eq!(
        series["result"][0],
        json!({
            "metric": {"__name__": "requests_total", "node": "a", "path": "/\"x\""},
            "value": [at as f64 + 0.5, "600"],
        })
    );
    assert_eq!(
        data(address, "query?query=1%2F0&time=7").await,
        json!({"resultType": "scalar", "result": [7, "+Inf"]})
    );
    assert_eq!(
        data(address, "query?query=%22a%22&time=7").await,
        json!({"resultType": "string", "result": [7, "a"]})
    );

    let range = format!(
        "query_range?query=round(rate(requests_total%5B1m%5D),0.001)&start={}&end={at}&step=1m",
        at - 120
    );
    let matrix = data(address, &range).await;
    assert_eq!(matrix["resultType"], "matrix");
    assert_eq!(
        matrix["result"][1],
        json!({
            "metric": {"node": "b.c", "path": "/\"x\""},
            "values": [[at - 120, "2"], [at - 60, "2"], [at, "2"]],
        })
    );
    let scoped = data(address, &format!("{range}&scope=node:b.c&stats=all")).await;
    assert_eq!(scoped["result"].as_array().map(Vec::len), Some(1));
    assert_eq!(scoped["stats"]["samples"]["totalQueryableSamples"], 12);

    let limited =
        get_json(address, &format!("/prometheus/api/v1/query?query=requests_total&time={at}&limit=1")).await;
    assert_eq!(limited["data"]["result"].as_array().map(Vec::len), Some(1));
    assert_eq!(limited["warnings"], json!(["results truncated due to limit"]));
    server.stop().await;
}

#[tokio::test]
async fn a_form_asks_like_an_address() {
    let (server, _folder) = server_with_requests().await;
    let address = server.http_address();
    let (host, cookie) = (address.to_string(), admin(address).await);
    let body = format!("query=count(requests_total)&time={}", newest() / 1000);
    let (origin, length) = (format!("http://{host}"), body.len().to_string());
    let headers = [
        ("Host", host.as_str()),
        ("Origin", &origin),
        ("Cookie", &cookie),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Length", &length),
    ];
    let answer = ask_with(address, "POST", "/prometheus/api/v1/query", &headers, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.json()["data"]["result"][0]["value"][1], "2");
    server.stop().await;
}

#[tokio::test]
async fn labels_values_series_and_metadata_are_listed() {
    let (server, _folder) = server_with_requests().await;
    let address = server.http_address();
    let selected = "match%5B%5D=requests_total";
    assert_eq!(data(address, &format!("labels?{selected}")).await, json!(["__name__", "node", "path"]));
    assert_eq!(data(address, &format!("label/node/values?{selected}")).await, json!(["a", "b.c"]));
    assert_eq!(data(address, &format!("label/node/values?{selected}&scope=node:a")).await, json!(["a"]));
    assert_eq!(data(address, &format!("label/node/values?{selected}&end=5")).await, json!([]));
    assert_eq!(
        data(address, &format!("series?{selected}&scope=node:a")).await,
        json!([{"__name__": "requests_total", "node": "a", "path": "/\"x\""}])
    );
    let metadata = data(address, "metadata?metric=node_cpu_seconds_total").await;
    assert_eq!(metadata["node_cpu_seconds_total"][0]["type"], "counter");
    assert_eq!(metadata.as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(data(address, "status/buildinfo").await["application"], "Lanner");
    assert_eq!(data(address, "format_query?query=sum(x)by(a)").await, "sum by (a) (x)");
    server.stop().await;
}

#[tokio::test]
async fn what_can_not_be_answered_is_said_as_prometheus_says_it() {
    let (server, _folder) = server_with_requests().await;
    let address = server.http_address();
    let at = newest() / 1000;
    let cases = [
        (
            "query?query=sum(".to_owned(),
            400,
            "bad_data",
            r#"invalid parameter "query": 1:5: parse error: unexpected end of input, expected expression"#,
        ),
        (
            "query".to_owned(),
            400,
            "bad_data",
            r#"invalid parameter "query": 1:1: parse error: no expression found in input"#,
        ),
        (
            "query?query=x&time=soon".to_owned(),
            400,
            "bad_data",
            r#"invalid parameter "time": cannot parse "soon" to a valid timestamp"#,
        ),
        (
            "query_range?query=x&start=0&end=1".to_owned(),
            400,
            "bad_data",
            r#"invalid parameter "step": cannot parse "" to a valid duration"#,
        ),
        (
            "query_range?query=x&start=0&end=1&step=0".to_owned(),
            400,
            "bad_data",
            r#"invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer"#,
        ),
        (
            "query_range?query=x&start=2&end=1&step=1".to_owned(),
            400,
            "bad_data",
            r#"invalid parameter "end": end timestamp must not be before start time"#,
        ),
        (
            "query_range?query=x&start=0&end=20000&step=1".to_owned(),
            400,
            "bad_data",
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
        ),
        (
            "query_range?query=x%5B5m%5D&start=0&end=1&step=1".to_owned(),
            400,
            "bad_data",
            r#"invalid expression type "range vector" for range query, must be Scalar or instant Vector"#,
        ),
        (
            format!("query?query=requests_total%2Bon(path)requests_total&time={at}"),
            422,
            "execution",
            r#"found duplicate series for the match group {path="/\"x\""} on the right hand-side of the operation: [{__name__="requests_total", node="a", path="/\"x\""}, {__name__="requests_total", node="b.c", path="/\"x\""}];many-to-many matching not allowed: matching labels must be unique on one side"#,
        ),
        (
            format!("query?query=label_replace(requests_total,%22node%22,%22%22,%22%22,%22%22)&time={at}"),
            422,
            "execution",
            "vector cannot contain metrics with the same labelset",
        ),
        ("series".to_owned(), 400, "bad_data", "no match[] parameter provided"),
        (
            "query?query=x&scope=node".to_owned(),
            400,
            "bad_data",
            r#"invalid parameter "scope": it must have the form LABEL:VALUE"#,
        ),
        (
            "query?query=max_over_time(vector(1)%5B1y:1ms%5D)&timeout=0.001".to_owned(),
            422,
            "execution",
            "a subquery would be evaluated at more than 1000000 moments; give it a longer step",
        ),
    ];
    for (path, status, error_type, error) in cases {
        assert_eq!(
            refusal(address, &path).await,
            (status, error_type.to_owned(), error.to_owned()),
            "{path}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_given_up() {
    let (server, _folder) = server_with_requests().await;
    let long = "max_over_time(sum_over_time(vector(1)%5B1d:1s%5D)%5B1d:1s%5D)";
    let (status, error_type, _) =
        refusal(server.http_address(), &format!("query?query={long}&timeout=50ms")).await;
    assert_eq!((status, error_type.as_str()), (503, "timeout"));
    server.stop().await;
}
