//! How a server is set up.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// A text that is not printed.
#[derive(Clone)]
pub struct Secret(pub(crate) String);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// How a server is set up.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Where pages and programs ask. Default: `127.0.0.1:7070`.
    pub listen_http: SocketAddr,
    /// Where agents of other processes connect. Default: `127.0.0.1:7071`.
    pub listen_grpc: SocketAddr,
    /// Where everything is kept. Default: `./data`.
    pub data_dir: PathBuf,
    /// The path below which a browser sees the server: `/`, or what a proxy in front puts before
    /// it; begins and ends with `/`.
    pub base_path: String,
    /// Names under which browsers reach the server, beside this machine's own: those of a proxy in front.
    pub hosts: Vec<String>,
    /// The password of the first admin; without one, the first start makes a one-time password
    /// ([`Server::one_time_password`](crate::Server::one_time_password)).
    pub admin_password: Option<Secret>,
    /// Whether the admin gets a new one-time password at this start.
    pub reset_admin: bool,
    /// How often alert rules are evaluated. Default: 10 s.
    pub alert_interval: Duration,
    /// Samples older than this are dropped. Default: 24 h.
    pub metric_retention_ms: i64,
    /// Security events older than this are dropped. Default: 30 days.
    pub event_retention_ms: i64,
    /// Captures older than this are deleted. Default: 30 days.
    pub capture_retention_ms: i64,
    /// Bytes that all captures may take; then the oldest are deleted. Default: 10 GiB.
    pub capture_budget_bytes: u64,
}

impl ServerConfig {
    /// The defaults, with everything kept in a folder.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            listen_http: SocketAddr::from((Ipv4Addr::LOCALHOST, 7070)),
            listen_grpc: SocketAddr::from((Ipv4Addr::LOCALHOST, 7071)),
            data_dir: data_dir.into(),
            base_path: "/".to_owned(),
            hosts: Vec::new(),
            admin_password: None,
            reset_admin: false,
            alert_interval: Duration::from_secs(10),
            metric_retention_ms: 24 * 3_600_000,
            event_retention_ms: 30 * 24 * 3_600_000,
            capture_retention_ms: 30 * 24 * 3_600_000,
            capture_budget_bytes: 10 << 30,
        }
    }
}
