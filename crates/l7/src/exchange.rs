//! A request and what came of it.

use lanner_model::time::WallNs;

/// The end of a connection at which an exchange was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// It sent the request.
    Client,
    /// It received the request.
    Server,
}

impl Side {
    /// As in the label `side`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Client => "client",
            Side::Server => "server",
        }
    }
}

/// What is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// HTTP/1.0 or HTTP/1.1 in clear text.
    Http,
}

impl Protocol {
    /// As in the label `protocol`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Protocol::Http => "http",
        }
    }
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A response with this status, 100 to 599.
    Status(u16),
    /// No response: the connection ended, or none came for too long.
    Unanswered,
}

impl Outcome {
    /// As in the label `status`: `1xx` to `5xx`, or `none`.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Outcome::Unanswered => "none",
            Outcome::Status(..200) => "1xx",
            Outcome::Status(..300) => "2xx",
            Outcome::Status(..400) => "3xx",
            Outcome::Status(..500) => "4xx",
            Outcome::Status(_) => "5xx",
        }
    }
}

/// A request and what came of it, as one end of the connection saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Which end.
    pub side: Side,
    /// What is spoken.
    pub protocol: Protocol,
    /// When the request began to be sent (client) or had arrived (server).
    pub begun: WallNs,
    /// When the response began, the connection ended, or it was given up.
    pub ended: WallNs,
    /// From `begun` to the beginning of the response; `None` when there is none, or when the clock went
    /// backwards between them.
    pub duration_ns: Option<u64>,
    /// How it ended.
    pub outcome: Outcome,
    /// The method, one of those registered.
    pub method: &'static str,
    /// The path without query, at most 128 bytes of it; for `CONNECT` the authority. It comes from the
    /// network: bytes that are no text were replaced.
    pub path: Box<str>,
}
