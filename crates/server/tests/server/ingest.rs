//! What agents send.

use std::fs;
use std::path::Path;

use lanner_api::agent::{AgentMessage, FromAgent, batch_message};
use lanner_model::finding::Priority;
use serde_json::json;
use tonic::Code;
use tonic::transport::Endpoint;

use crate::agent::Agent;
use crate::browser::get_json;
use crate::cases::*;

#[tokio::test]
async fn a_batch_is_on_disk_when_it_is_acknowledged() {
    let (server, folder) = server().await;
    let (mut agent, last) = Agent::connect(server.channel(), hello()).await;
    assert_eq!(last, 0);
    agent.say(batch(1, cpu_samples(), vec![finding_now(1, Priority::Error)])).await;
    assert_eq!(agent.hear_ack().await, 1);

    // What is in the folder at this moment is what would be left if the machine stopped now.
    let copy = tempfile::tempdir().expect("a folder");
    copy_folder(folder.path(), copy.path());
    let after_crash = start(copy.path()).await;
    let status = get_json(after_crash.http_address(), "/api/v1/status").await;
    assert_eq!((&status["series"], &status["findings_stored"]), (&json!(1), &json!(1)));
    let (_agent, last) = Agent::connect(after_crash.channel(), hello()).await;
    assert_eq!(last, 1);
    after_crash.stop().await;
    server.stop().await;
}

#[tokio::test]
async fn what_is_sent_again_is_stored_once() {
    let (server, folder) = server().await;
    let message = batch(1, cpu_samples(), vec![finding_now(1, Priority::Error)]);
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    for _ in 0..2 {
        agent.say(message.clone()).await;
        assert_eq!(agent.hear_ack().await, 1);
    }
    server.stop().await;

    // The sequence was lost, as after a crash between storing and noting it.
    fs::remove_file(folder.path().join("ingest/agent-1")).expect("a sequence was kept");
    let server = start(folder.path()).await;
    let (mut agent, last) = Agent::connect(server.channel(), hello()).await;
    assert_eq!(last, 0);
    agent.say(message).await;
    agent.say(table(0.5)).await;
    assert_eq!(agent.hear_ack().await, 1);
    agent.say(batch(2, Vec::new(), Vec::new())).await;
    assert_eq!(agent.hear_ack().await, 2);

    let page = get_json(server.http_address(), "/api/v1/events").await;
    assert_eq!(page["events"].as_array().map(Vec::len), Some(1));
    let shown = get_json(server.http_address(), "/api/v1/explore").await;
    assert_eq!(shown["rows"][0]["findings"], json!([{"severity": "high", "count": 1}]), "counted once");
    assert_eq!(shown["rows"][2]["cpu_spark"][15], 0.25, "samples are there once");
    server.stop().await;
}

#[tokio::test]
async fn an_agent_of_another_process_speaks_the_same_over_tcp() {
    let (server, folder) = server().await;
    let key = fs::read_to_string(folder.path().join("agent-key")).expect("a key");
    let endpoint = Endpoint::from_shared(format!("http://{}", server.grpc_address())).expect("an address");
    let channel = endpoint.connect().await.expect("the server listens");
    let agent = Agent::try_open(channel, Some(key.trim())).await.expect("let in");
    let (mut agent, _) = agent.greet(hello()).await;
    agent.say(batch(1, cpu_samples(), Vec::new())).await;
    assert_eq!(agent.hear_ack().await, 1);
    server.stop().await;
    let (code, reason) = agent.hear_end().await;
    assert_eq!((code, reason.as_str()), (Code::Unavailable, "the server is shutting down"));
}

#[tokio::test]
async fn what_no_agent_sends_ends_the_stream() {
    let (server, _folder) = server().await;
    let cases: Vec<(AgentMessage, bool, &str)> = vec![
        (table(0.1).into(), false, "the stream must begin with Hello"),
        (
            AgentMessage { kind: None },
            false,
            "the agent sent what no agent sends: message of an unknown kind",
        ),
        (FromAgent::Hello(hello()).into(), true, "Hello came a second time"),
        (batch(0, Vec::new(), Vec::new()).into(), true, "batch 0 does not count from 1"),
        (AgentMessage { kind: None }, true, "the agent sent what no agent sends: message of an unknown kind"),
    ];
    for (message, after_hello, expected) in cases {
        let mut agent = match after_hello {
            true => Agent::connect(server.channel(), hello()).await.0,
            false => Agent::open(server.channel()).await,
        };
        agent.say_raw(message).await;
        assert_eq!(agent.hear_end().await, (Code::InvalidArgument, expected.to_owned()));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_message_that_is_too_large_ends_the_stream() {
    let (server, _folder) = server().await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    // Field 2 of a batch, `symbols`: one text of 17 MiB.
    let mut bytes = vec![0x12, 0x80, 0x80, 0xc0, 0x08];
    bytes.resize(bytes.len() + (17 << 20), b'x');
    agent.say_raw(batch_message(1, &bytes).expect("a batch")).await;
    assert_eq!(agent.hear_end().await.0, Code::OutOfRange);
    server.stop().await;
}

#[tokio::test]
async fn an_agent_that_comes_back_takes_over_its_older_stream() {
    let (server, _folder) = server().await;
    let (mut older, _) = Agent::connect(server.channel(), hello()).await;
    let (mut newer, _) = Agent::connect(server.channel(), hello()).await;
    let (code, reason) = older.hear_end().await;
    assert_eq!((code, reason.as_str()), (Code::Aborted, "a newer stream of this agent took over"));
    newer.say(batch(1, Vec::new(), Vec::new())).await;
    assert_eq!(newer.hear_ack().await, 1);
    let agents = get_json(server.http_address(), "/api/v1/agents").await;
    assert_eq!(agents.as_array().map(Vec::len), Some(1));
    assert_eq!(agents[0]["state"], "connected");
    server.stop().await;
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}
