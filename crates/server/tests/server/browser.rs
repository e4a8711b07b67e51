//! A browser reduced to one request per connection.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::agent::PATIENCE;

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The error's code, which every refusal has together with a message and an id.
    pub(crate) fn error_code(&self) -> String {
        let error = &self.json()["error"];
        for part in ["code", "message", "id"] {
            assert!(error[part].as_str().is_some_and(|text| !text.is_empty()), "{part}: {}", self.body);
        }
        error["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Asks for a path as a browser on this machine does.
pub(crate) async fn get(server: SocketAddr, path: &str) -> Answer {
    ask(server, "GET", path, &[("Host", &server.to_string())]).await
}

/// Asks for a path and takes the answer for granted.
pub(crate) async fn get_json(server: SocketAddr, path: &str) -> Value {
    let answer = get(server, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json()
}

pub(crate) async fn ask(server: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut connection = send(server, method, path, headers).await;
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(PATIENCE, connection.read_to_end(&mut bytes));
    read.await.expect("an answer in time").expect("an answer");
    let text = String::from_utf8(bytes).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {path}: {text}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head: head.to_lowercase(), body: body.to_owned() }
}

async fn send(server: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> TcpStream {
    let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    let mut connection = TcpStream::connect(server).await.expect("the server listens");
    connection.write_all(request.as_bytes()).await.expect("the server takes the request");
    connection
}

/// An open stream of server-sent events.
pub(crate) struct Events {
    lines: tokio::io::Lines<BufReader<TcpStream>>,
}

impl Events {
    /// Opens a stream; returns when the server has answered.
    pub(crate) async fn open(server: SocketAddr, path: &str) -> Self {
        let (status, events) = Self::try_open(server, path).await;
        assert_eq!(status, 200, "{path}");
        events
    }

    pub(crate) async fn try_open(server: SocketAddr, path: &str) -> (u16, Self) {
        let connection = send(server, "GET", path, &[("Host", &server.to_string())]).await;
        let mut events = Self { lines: BufReader::new(connection).lines() };
        let status_line = events.line().await.expect("an answer");
        let status = status_line.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.expect("a status"), events)
    }

    /// The next event: its name and its data.
    pub(crate) async fn next(&mut self) -> Option<(String, Value)> {
        let mut name = String::new();
        loop {
            let line = self.line().await?;
            if let Some(event) = line.strip_prefix("event: ") {
                name = event.to_owned();
            } else if let Some(data) = line.strip_prefix("data: ") {
                return Some((name, serde_json::from_str(data).expect("JSON")));
            }
        }
    }

    async fn line(&mut self) -> Option<String> {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await.expect("a line in time");
        line.ok().flatten()
    }
}
