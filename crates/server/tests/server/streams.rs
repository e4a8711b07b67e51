//! What goes on: server-sent events, and agents that hurry while somebody looks.

use lanner_model::finding::Priority;
use serde_json::json;

use crate::agent::Agent;
use crate::browser::{Events, get, get_json};
use crate::cases::*;

#[tokio::test]
async fn explore_is_pushed_and_agents_hurry_meanwhile() {
    let (server, _folder) = server().await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    assert_eq!(agent.hear_interest().await, 10, "nobody looks yet");

    let mut page = Events::open(server.http_address(), "/api/v1/explore/stream").await;
    assert_eq!(agent.hear_interest().await, 2);
    let (name, empty) = page.next().await.expect("a table at once");
    assert_eq!(
        (name.as_str(), &empty["updated_ms"], &empty["interval_s"]),
        ("table", &json!(null), &json!(2))
    );

    for cpu in [0.25, 0.5] {
        agent.say(table(cpu)).await;
        let (_, shown) = page.next().await.expect("the new table");
        assert_eq!(shown["rows"][1]["cpu_cores"], cpu);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_question_makes_agents_hurry_too() {
    let (server, _folder) = server().await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    assert_eq!(agent.hear_interest().await, 10);
    get_json(server.http_address(), "/api/v1/explore").await;
    assert_eq!(agent.hear_interest().await, 2);
    server.stop().await;
}

#[tokio::test]
async fn events_are_pushed_as_they_are_stored() {
    let (server, _folder) = server().await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    let mut all = Events::open(server.http_address(), "/api/v1/events/stream").await;
    let mut grave = Events::open(server.http_address(), "/api/v1/events/stream?severity=critical").await;
    let findings = vec![finding_now(1, Priority::Notice), finding_now(2, Priority::Critical)];
    agent.say(batch(1, Vec::new(), findings.clone())).await;
    assert_eq!(agent.hear_ack().await, 1);
    for finding in &findings {
        let (name, event) = all.next().await.expect("an event");
        assert_eq!((name.as_str(), event["id"].as_str()), ("finding", Some(finding.id.as_str())));
    }
    let (_, event) = grave.next().await.expect("an event");
    assert_eq!(event["id"].as_str(), Some(findings[1].id.as_str()));
    server.stop().await;
}

#[tokio::test]
async fn streams_end_when_the_server_does() {
    let (server, _folder) = server().await;
    let mut explore = Events::open(server.http_address(), "/api/v1/explore/stream").await;
    let mut events = Events::open(server.http_address(), "/api/v1/events/stream").await;
    explore.next().await.expect("a table at once");
    server.stop().await;
    assert!(explore.next().await.is_none());
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn only_so_many_streams_are_open_at_a_time() {
    let (server, _folder) = server().await;
    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(Events::open(server.http_address(), "/api/v1/events/stream").await);
    }
    let answer = get(server.http_address(), "/api/v1/explore/stream").await;
    assert_eq!((answer.status, answer.error_code().as_str()), (503, "unavailable"));
    get_json(server.http_address(), "/api/v1/explore").await;
    server.stop().await;
}
