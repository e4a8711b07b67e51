//! What has to be told is told, also by a server that was ended between noticing and telling.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use lanner_e2e::{Lanner, Part, eventually, machine_has};
use serde_json::{Value, json};

const RULE: &str = "A node has a clock";

/// A rule that holds from the first evaluation on, told to one webhook.
fn make_rule(lanner: &Lanner, port: u16) {
    let post = |path: &str, body: &Value| -> Value {
        let (status, answer) = lanner.send("POST", path, Some(body)).expect("an answer");
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        serde_json::from_str(&answer).expect("JSON")
    };
    let target = json!({"type": "webhook", "url": format!("http://127.0.0.1:{port}/alerts"), "secret": null});
    let spec =
        json!({"name": "hook", "enabled": true, "min_severity": "info", "language": "en", "target": target});
    let channel = post("/api/v1/channels", &json!({"spec": spec, "version": null}));
    let condition = json!({
        "type": "metric", "expr": "node_time_seconds", "comparison": "above", "threshold": 0.0,
        "warning": null, "unit": "seconds",
    });
    let spec = json!({
        "name": RULE, "description": "Always true.", "enabled": true, "severity": "high",
        "condition": condition, "for_ms": 0, "keep_firing_ms": 0, "repeat_ms": null,
        "channels": [channel["id"]],
    });
    post("/api/v1/alerts/rules", &json!({"spec": spec, "version": null}));
}

/// A listener that is asked again and again instead of waited for.
fn listen(address: &str) -> TcpListener {
    let listener = TcpListener::bind(address).expect("a port");
    listener.set_nonblocking(true).expect("a socket");
    listener
}

fn accept(listener: &TcpListener) -> TcpStream {
    let (stream, _) = eventually("a connection", || listener.accept().ok());
    stream.set_nonblocking(false).expect("a socket");
    stream
}

/// The next request: its body as JSON. It is answered with 200.
fn take_request(listener: &TcpListener) -> Value {
    let stream = accept(listener);
    let body = read_request(&stream);
    (&stream)
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        .expect("an answer");
    body
}

fn read_request(stream: &TcpStream) -> Value {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        let line = line.trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    serde_json::from_slice(&body).expect("JSON")
}

/// Whether somebody was to be told of the rule and was not yet.
fn is_waiting(lanner: &Lanner) -> Option<()> {
    let told = lanner.get("/api/v1/deliveries")?;
    told["deliveries"].as_array()?.iter().find(|one| one["state"] == "waiting").map(drop)
}

fn restart(data: &std::path::Path) -> Lanner {
    let own = std::process::id().to_string();
    let flags = ["up", "--http-port", "0", "--grpc-port", "0", "--interval", "2", "--watch-only", &own];
    Lanner::start(&flags, data)
}

#[test]
fn a_server_killed_while_nobody_listens_tells_when_it_is_back() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let data = tempfile::tempdir().unwrap();
    let address = listen("127.0.0.1:0").local_addr().unwrap();
    let mut lanner = restart(data.path());
    make_rule(&lanner, address.port());
    eventually("a message that waits", || is_waiting(&lanner));
    lanner.kill();
    let listener = listen(&address.to_string());
    let _again = restart(data.path());
    assert!(take_request(&listener).to_string().contains(RULE));
}

#[test]
fn a_server_killed_while_it_tells_tells_again() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let data = tempfile::tempdir().unwrap();
    let listener = listen("127.0.0.1:0");
    let mut lanner = restart(data.path());
    make_rule(&lanner, listener.local_addr().unwrap().port());
    // Taken, but never answered: nobody knows whether it was heard.
    let stream = accept(&listener);
    let first = read_request(&stream);
    lanner.kill();
    drop(stream);
    let _again = restart(data.path());
    let second = take_request(&listener);
    for told in [&first, &second] {
        assert!(told.to_string().contains(RULE), "{told}");
    }
}
