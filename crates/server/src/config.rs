//! How a server is set up.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// How a server is set up.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Where pages and programs ask; loopback addresses only. Default: `127.0.0.1:7070`.
    pub listen_http: SocketAddr,
    /// Where agents of other processes connect; loopback addresses only. Default: `127.0.0.1:7071`.
    pub listen_grpc: SocketAddr,
    /// Where everything is kept. Default: `./data`.
    pub data_dir: PathBuf,
    /// The path below which a browser sees the server: `/`, or what a proxy in front puts before
    /// it; begins and ends with `/`.
    pub base_path: String,
    /// Samples older than this are dropped. Default: 24 h.
    pub metric_retention_ms: i64,
    /// Security events older than this are dropped. Default: 30 days.
    pub event_retention_ms: i64,
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
            metric_retention_ms: 24 * 3_600_000,
            event_retention_ms: 30 * 24 * 3_600_000,
        }
    }
}
