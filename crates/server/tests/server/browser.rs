//! A browser reduced to one request per connection.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use crate::agent::PATIENCE;
use crate::cases::ADMIN_PASSWORD;

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

    /// The cookie that is set, as a browser sends it.
    pub(crate) fn cookie(&self) -> String {
        let set = self.header("set-cookie").unwrap_or_else(|| panic!("no cookie in {}", self.head));
        set.split(';').next().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(line, _)| line.eq_ignore_ascii_case(name)).map(|(_, value)| value)
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

/// Asks for a path as the browser of an admin does.
pub(crate) async fn get(server: SocketAddr, path: &str) -> Answer {
    let cookie = admin(server).await;
    ask(server, "GET", path, &[("Host", &server.to_string()), ("Cookie", &cookie)]).await
}

/// The cookie of an admin's session; each server is signed in to once.
pub(crate) async fn admin(server: SocketAddr) -> String {
    static COOKIES: Mutex<BTreeMap<SocketAddr, String>> = Mutex::const_new(BTreeMap::new());
    let mut cookies = COOKIES.lock().await;
    if let Some(cookie) = cookies.get(&server) {
        return cookie.clone();
    }
    let cookie = sign_in(server, "admin", ADMIN_PASSWORD).await;
    cookies.insert(server, cookie.clone());
    cookie
}

/// Signs in; gives the session's cookie as a browser sends it.
pub(crate) async fn sign_in(server: SocketAddr, user: &str, password: &str) -> String {
    let body = json!({"user": user, "password": password});
    let answer = send_json(server, "POST", "/api/v1/login", &body, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.cookie()
}

/// Sends JSON as a program does; `headers` may hold a token or a browser's cookie.
pub(crate) async fn send_json(
    server: SocketAddr,
    method: &str,
    path: &str,
    body: &Value,
    headers: &[(&str, &str)],
) -> Answer {
    let (host, body) = (server.to_string(), body.to_string());
    let length = body.len().to_string();
    let origin = format!("http://{host}");
    let mut all = vec![("Host", host.as_str()), ("Origin", &origin), ("Content-Length", &length)];
    all.push(("Content-Type", "application/json"));
    all.extend_from_slice(headers);
    ask_with(server, method, path, &all, &body).await
}

/// Asks for a path and takes the answer for granted.
pub(crate) async fn get_json(server: SocketAddr, path: &str) -> Value {
    let answer = get(server, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.json()
}

pub(crate) async fn ask(server: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask_with(server, method, path, headers, "").await
}

/// The status of an answer of which no more is read: a stream has no end.
pub(crate) async fn status(server: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
    let mut connection = BufReader::new(send(server, method, path, headers, "").await);
    let mut line = String::new();
    let read = tokio::time::timeout(PATIENCE, connection.read_line(&mut line));
    read.await.expect("an answer in time").expect("an answer");
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}

pub(crate) async fn ask_with(
    server: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut connection = send(server, method, path, headers, body).await;
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(PATIENCE, connection.read_to_end(&mut bytes));
    read.await.expect("an answer in time").expect("an answer");
    let text = String::from_utf8(bytes).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {path}: {text}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

async fn send(
    server: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> TcpStream {
    let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    request.push_str(body);
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
        let cookie = admin(server).await;
        let headers = [("Host", &*server.to_string()), ("Cookie", &cookie)];
        let connection = send(server, "GET", path, &headers, "").await;
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
