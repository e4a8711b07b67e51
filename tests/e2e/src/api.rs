//! A client just large enough: GET, JSON, server-sent events, over HTTP/1.0.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// The API at one address.
#[derive(Clone, Debug)]
pub struct Api {
    address: String,
}

impl Api {
    /// The API at `address`, `127.0.0.1:7070`.
    #[must_use]
    pub fn at(address: &str) -> Self {
        Self { address: address.to_owned() }
    }

    /// The JSON of a path; `None` when the server does not answer with 200.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Value> {
        let (status, body) = self.raw(path)?;
        (status == 200).then(|| serde_json::from_str(&body).ok())?
    }

    /// Status and body of a path; `None` when nobody answers.
    #[must_use]
    pub fn raw(&self, path: &str) -> Option<(u16, String)> {
        let mut stream = self.request(path)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
    }

    /// The data of server-sent events of a path, as they come.
    pub fn events(&self, path: &str) -> impl Iterator<Item = Value> + use<> {
        let stream = self.request(path);
        let lines = stream.into_iter().flat_map(|stream| BufReader::new(stream).lines());
        lines.map_while(Result::ok).filter_map(|line| serde_json::from_str(line.strip_prefix("data:")?).ok())
    }

    fn request(&self, path: &str) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
        write!(stream, "GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n", self.address).ok()?;
        Some(stream)
    }
}
