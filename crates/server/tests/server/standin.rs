//! Stand-ins for those whom alerts are sent to: a web server and a mail server.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

use crate::agent::PATIENCE;

/// A request that waits for its answer.
pub(crate) struct Post {
    pub(crate) path: String,
    /// Names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    answer: oneshot::Sender<&'static str>,
}

impl Post {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// Answers with a status: `200 OK`.
    pub(crate) fn answer(self, status: &'static str) {
        let _ = self.answer.send(status);
    }
}

/// A web server that shows its requests, each of which waits for its answer.
pub(crate) struct Web {
    pub(crate) address: SocketAddr,
    posts: mpsc::Receiver<Post>,
}

impl Web {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, posts) = mpsc::channel(16);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, sender.clone()));
            }
        });
        Self { address, posts }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request.
    pub(crate) async fn next(&mut self) -> Post {
        tokio::time::timeout(PATIENCE, self.posts.recv())
            .await
            .expect("a request in time")
            .expect("a request")
    }
}

async fn serve(connection: TcpStream, posts: mpsc::Sender<Post>) -> Option<()> {
    let mut connection = BufReader::new(connection);
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let path = line.split(' ').nth(1)?.to_owned();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            connection.read_line(&mut line).await.ok()?;
            let Some((name, value)) = line.trim().split_once(": ") else { break };
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse().ok()?;
        let mut body = vec![0; length];
        connection.read_exact(&mut body).await.ok()?;
        let (answer, answered) = oneshot::channel();
        let body = String::from_utf8(body).ok()?;
        posts.send(Post { path, headers, body, answer }).await.ok()?;
        let status = answered.await.ok()?;
        let text = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\n\r\nok");
        connection.write_all(text.as_bytes()).await.ok()?;
    }
}

/// A mail server that shows the mails it took.
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    mails: mpsc::Receiver<String>,
}

impl MailServer {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, mails) = mpsc::channel(16);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(take_mail(connection, sender.clone()));
            }
        });
        Self { address, mails }
    }

    /// The next mail: headers and text as they were sent.
    pub(crate) async fn next(&mut self) -> String {
        tokio::time::timeout(PATIENCE, self.mails.recv()).await.expect("a mail in time").expect("a mail")
    }
}

async fn take_mail(connection: TcpStream, mails: mpsc::Sender<String>) -> Option<()> {
    let mut connection = BufReader::new(connection);
    connection.write_all(b"220 stand-in\r\n").await.ok()?;
    let mut mail: Option<String> = None;
    loop {
        let mut line = String::new();
        connection.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let answer = match (&mut mail, line.as_str()) {
            (Some(text), ".\r\n") => {
                mails.send(std::mem::take(text)).await.ok()?;
                mail = None;
                "250 kept\r\n"
            }
            (Some(text), line) => {
                text.push_str(line);
                continue;
            }
            (None, line) if line.starts_with("EHLO") => "250-stand-in\r\n250 8BITMIME\r\n",
            (None, "DATA\r\n") => {
                mail = Some(String::new());
                "354 go on\r\n"
            }
            (None, _) => "250 ok\r\n",
        };
        connection.write_all(answer.as_bytes()).await.ok()?;
    }
}
