//! A client just large enough: signing in, JSON, server-sent events, over HTTP/1.0.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// The password of the user `admin` of every server that tests start.
pub(crate) const ADMIN_PASSWORD: &str = "a password for tests";

/// The API at one address.
#[derive(Clone, Debug)]
pub struct Api {
    address: String,
    /// The admin's session; none before it signed in.
    cookie: Option<String>,
}

impl Api {
    /// The API at `address`, `127.0.0.1:7070`, asked as nobody.
    #[must_use]
    pub fn at(address: &str) -> Self {
        Self { address: address.to_owned(), cookie: None }
    }

    /// The same, asked as the admin.
    #[must_use]
    pub fn signed_in(self) -> Self {
        let body = serde_json::json!({"user": "admin", "password": ADMIN_PASSWORD});
        let (head, body) =
            self.exchange("POST", "/api/v1/login", Some(&body)).expect("an answer to signing in");
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
        let cookie = Some(cookie.unwrap_or_else(|| panic!("not signed in: {body}")).to_owned());
        Self { cookie, ..self }
    }

    /// Where it is, `127.0.0.1:7070`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
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
        self.send("GET", path, None)
    }

    /// Status and body of what is sent; `None` when nobody answers.
    #[must_use]
    pub fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Option<(u16, String)> {
        let (head, body) = self.exchange(method, path, body)?;
        Some((head.split(' ').nth(1)?.parse().ok()?, body))
    }

    fn exchange(&self, method: &str, path: &str, body: Option<&Value>) -> Option<(String, String)> {
        let mut stream = self.request(method, path, body)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.to_owned(), body.to_owned()))
    }

    /// The data of server-sent events of a path, as they come.
    pub fn events(&self, path: &str) -> impl Iterator<Item = Value> + use<> {
        let stream = self.request("GET", path, None);
        let lines = stream.into_iter().flat_map(|stream| BufReader::new(stream).lines());
        lines.map_while(Result::ok).filter_map(|line| serde_json::from_str(line.strip_prefix("data:")?).ok())
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
        let address = &self.address;
        let mut head = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\nOrigin: http://{address}\r\n");
        if let Some(cookie) = &self.cookie {
            head += &format!("Cookie: {cookie}\r\n");
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        if method != "GET" {
            head += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        }
        write!(stream, "{head}\r\n{body}").ok()?;
        Some(stream)
    }
}
