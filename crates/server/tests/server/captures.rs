//! Captures: asked for, taken in, kept, looked at.

use std::net::SocketAddr;

use lanner_api::agent::{
    CaptureAck, CaptureEnd, CapturePart, CapturePhase, CaptureReason, CaptureScope, CaptureState, FromAgent,
    FromServer,
};
use lanner_capture::{CaptureWriter, Compression};
use lanner_model::snapshot::Machine;
use lanner_model::source::{Next, Source as _};
use lanner_model::time::{WallMs, WallNs};
use lanner_testkit::{Script, process};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::agent::Agent;
use crate::browser::{admin, ask, get, get_json, send_json};
use crate::cases::*;

const ID: &str = "18ca2f1c6ad60000-7b1f";

/// `cat` reads /etc/shadow, as a file.
fn capture() -> Vec<u8> {
    let mut source = Script::new()
        .record(process(10, 1, "bash"))
        .fork(10, 11)
        .execve(11, "/bin/cat", &["/etc/shadow"])
        .openat(11, 3, "/etc/shadow")
        .close(11, 3)
        .exit(11);
    let mut writer =
        CaptureWriter::create(Vec::new(), &Machine::default(), Compression::Gzip).expect("a capture");
    loop {
        match source.next().expect("a script does not fail") {
            Next::Record(record) => writer.record(&record).expect("a record"),
            Next::Event(delivery) => writer.event(delivery.cpu, delivery.event).expect("an event"),
            Next::End => return writer.finish().expect("a whole file"),
            _ => {}
        }
    }
}

fn state(phase: CapturePhase, bytes: usize) -> FromAgent {
    let trigger = WallMs(now_ms()).nanos();
    FromAgent::CaptureState(CaptureState {
        id: ID.into(),
        phase,
        reason: CaptureReason::Rule("Read of a credential file".into()),
        finding: Some("18ca-0-worker-1".into()),
        scope: CaptureScope::Container(CONTAINER.into()),
        container: Some(container()),
        command: String::new(),
        trigger,
        asked_before_ms: 5_000,
        reached_before_ms: Some(3_200),
        from: WallNs(trigger.0 - 3_200_000_000),
        to: WallNs(trigger.0 + 2_000_000_000),
        events: 6,
        bytes: bytes as u64,
        lost: 0,
        error: String::new(),
    })
}

fn part(file: &[u8], from: usize, to: usize) -> FromAgent {
    let end = CaptureEnd { size: file.len() as u64, sha256: Sha256::digest(file).into() };
    FromAgent::CapturePart(CapturePart {
        id: ID.into(),
        offset: from as u64,
        data: file[from..to].to_vec(),
        end: (to == file.len()).then_some(end),
    })
}

/// What the server says of captures next.
async fn hear(agent: &mut Agent) -> FromServer {
    loop {
        match agent.hear().await {
            FromServer::Ack { .. } | FromServer::LiveInterest { .. } => {}
            message => return message,
        }
    }
}

fn ack(offset: usize) -> FromServer {
    FromServer::CaptureAck(CaptureAck { id: ID.into(), offset: offset as u64 })
}

async fn admin_asks(server: SocketAddr, method: &str, path: &str, body: Value) -> (u16, String) {
    let cookie = admin(server).await;
    let answer = send_json(server, method, path, &body, &[("Cookie", &cookie)]).await;
    (answer.status, answer.body)
}

async fn download(server: SocketAddr, path: &str) -> Vec<u8> {
    let cookie = admin(server).await;
    let mut connection = tokio::net::TcpStream::connect(server).await.expect("the server listens");
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {server}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.expect("it is taken");
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.expect("an answer");
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head") + 4;
    let text = String::from_utf8_lossy(&answer[..head]).to_lowercase();
    assert!(text.starts_with("http/1.1 200"), "{text}");
    assert!(text.contains(&format!("content-disposition: attachment; filename=\"{ID}.scap\"")), "{text}");
    answer.split_off(head)
}

#[tokio::test]
async fn a_capture_that_a_rule_began_arrives_over_crashes_and_is_looked_at() {
    let (server, folder) = server().await;
    let file = capture();
    let half = file.len() / 2;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    agent.say(state(CapturePhase::Recording, 0)).await;
    agent.say(state(CapturePhase::Done, file.len())).await;
    assert_eq!(hear(&mut agent).await, ack(0));
    agent.say(part(&file, 0, half)).await;
    assert_eq!(hear(&mut agent).await, ack(half));
    let listed = get_json(server.http_address(), "/api/v1/captures").await;
    let shown = &listed["captures"][0];
    assert_eq!((&shown["state"], &shown["name"]), (&json!("recording"), &json!("web")));
    assert_eq!(
        (&shown["reached_back_ms"], &shown["rule"]),
        (&json!(3200), &json!("Read of a credential file"))
    );
    let early = get(server.http_address(), &format!("/api/v1/captures/{ID}/overview")).await;
    assert_eq!((early.status, early.error_code()), (409, "not_yet".to_owned()));
    drop(agent);
    server.stop().await;

    // The server was away: what is on the disk says where the agent goes on.
    let server = start(folder.path()).await;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    agent.say(state(CapturePhase::Done, file.len())).await;
    assert_eq!(hear(&mut agent).await, ack(half));
    // A part that comes again, or too early, changes nothing.
    agent.say(part(&file, 0, half)).await;
    assert_eq!(hear(&mut agent).await, ack(half));
    agent.say(part(&file, half, file.len())).await;
    assert_eq!(hear(&mut agent).await, ack(file.len()));
    agent.say(state(CapturePhase::Done, file.len())).await;
    assert_eq!(hear(&mut agent).await, ack(file.len()), "an agent that did not hear it is told again");

    let http = server.http_address();
    let one = get_json(http, &format!("/api/v1/captures/{ID}")).await;
    assert_eq!((&one["state"], &one["size_bytes"]), (&json!("done"), &json!(file.len())));
    assert_eq!(one["event_id"], "18ca-0-worker-1");
    assert_eq!(download(http, &format!("/api/v1/captures/{ID}/file")).await, file);

    let overview = get_json(http, &format!("/api/v1/captures/{ID}/overview")).await;
    let tile = |name: &str| {
        let tiles = overview["tiles"].as_array().expect("tiles");
        tiles.iter().find(|tile| tile["name"] == name).expect(name).clone()
    };
    assert_eq!((&tile("commands")["total"], &tile("sensitive_files")["total"]), (&json!(1), &json!(1)));
    assert_eq!(tile("sensitive_files")["noteworthy"], true);
    let files = get_json(http, &format!("/api/v1/captures/{ID}/views/files")).await;
    assert_eq!(files["rows"][0]["select"], "file:/etc/shadow");
    let only = format!("/api/v1/captures/{ID}/events?path=file:/etc/shadow&limit=1");
    let events = get_json(http, &only).await;
    assert_eq!(events["events"][0]["event_type"], "openat");
    let number = events["events"][0]["number"].as_u64().expect("a number");
    assert_eq!(events["after"], number, "the close follows");
    let detail = get_json(http, &format!("/api/v1/captures/{ID}/events/{number}")).await;
    assert_eq!(detail["ancestry"][1]["comm"], "cat");

    let bad = get(http, &format!("/api/v1/captures/{ID}/overview?filter=proc.nmae=x")).await;
    assert_eq!(bad.status, 400);
    assert!(bad.body.contains("did you mean `proc.name`?"), "{}", bad.body);

    let audit = get_json(http, "/api/v1/audit").await;
    let actions: Vec<&str> =
        audit.as_array().expect("a list").iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert!(actions.contains(&"capture_opened") && actions.contains(&"capture_downloaded"), "{actions:?}");

    let (status, _) = admin_asks(http, "DELETE", &format!("/api/v1/captures/{ID}"), json!({})).await;
    assert_eq!(status, 204);
    assert_eq!(get(http, &format!("/api/v1/captures/{ID}")).await.status, 404);
    assert!(!folder.path().join(format!("captures/{ID}.scap")).exists());
    server.stop().await;
}

#[tokio::test]
async fn bytes_that_changed_on_their_way_are_asked_for_again() {
    let (server, _folder) = server().await;
    let (file, mut broken) = (capture(), capture());
    broken[20] ^= 1;
    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    agent.say(state(CapturePhase::Done, file.len())).await;
    assert_eq!(hear(&mut agent).await, ack(0));
    let FromAgent::CapturePart(mut wrong) = part(&file, 0, file.len()) else { unreachable!() };
    wrong.data = broken;
    agent.say(FromAgent::CapturePart(wrong)).await;
    assert_eq!(hear(&mut agent).await, ack(0), "none of it is kept");
    agent.say(part(&file, 0, file.len())).await;
    assert_eq!(hear(&mut agent).await, ack(file.len()));
    server.stop().await;
}

#[tokio::test]
async fn a_person_starts_stops_and_deletes_a_capture() {
    let (server, _folder) = server().await;
    let http = server.http_address();
    let asks = json!({"row": format!("container:worker-1:{CONTAINER}"), "seconds": 10, "before_seconds": 5});
    let (status, body) = admin_asks(http, "POST", "/api/v1/captures", asks.clone()).await;
    assert_eq!(status, 404, "nothing is known of the container: {body}");

    let (mut agent, _) = Agent::connect(server.channel(), hello()).await;
    agent.say(table(0.1)).await;
    agent.say(batch(1, Vec::new(), Vec::new())).await;
    assert_eq!(agent.hear_ack().await, 1);
    let (status, body) = admin_asks(http, "POST", "/api/v1/captures", asks).await;
    assert_eq!(status, 201, "{body}");
    let FromServer::StartCapture(start) = hear(&mut agent).await else { panic!("the agent is asked") };
    assert_eq!((start.duration_ms, start.before_ms), (10_000, 5_000));
    assert_eq!(start.scope, CaptureScope::Container(CONTAINER.into()));

    let id = start.id.to_string();
    let (status, _) = admin_asks(http, "POST", &format!("/api/v1/captures/{id}/stop"), json!({})).await;
    assert_eq!(status, 200);
    assert_eq!(hear(&mut agent).await, FromServer::StopCapture { id: start.id.clone() });

    let (status, _) = admin_asks(http, "DELETE", &format!("/api/v1/captures/{id}"), json!({})).await;
    assert_eq!(status, 204);
    assert!(matches!(hear(&mut agent).await, FromServer::CaptureRefused(refused) if refused.id == start.id));
    let listed = get_json(http, "/api/v1/captures").await;
    assert_eq!(listed["captures"], json!([]));

    for wrong in [
        json!({"row": "group:comm=cat"}),
        json!({"row": "x"}),
        json!({"row": "host:worker-1", "seconds": 0}),
        json!({"row": "host:worker-1", "before_seconds": 601}),
    ] {
        assert_eq!(admin_asks(http, "POST", "/api/v1/captures", wrong.clone()).await.0, 400, "{wrong}");
    }
    drop(agent);
    let (status, body) = admin_asks(http, "POST", "/api/v1/captures", json!({"row": "host:other"})).await;
    assert_eq!(status, 409, "{body}");
    assert!(body.contains("no agent of node other is connected"), "{body}");
    let nobody =
        ask(http, "GET", &format!("/api/v1/captures/{id}/file"), &[("Host", &http.to_string())]).await;
    assert_eq!(nobody.status, 401);
    server.stop().await;
}
