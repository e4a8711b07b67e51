//! The server: takes in what agents send, keeps it, shows it.
//!
//! [`Server::start`] opens the stores below a data folder, listens for agents (gRPC) and for pages
//! and programs (HTTP), and answers until [`Server::stop`].
//!
//! - Who asks is looked up by `access`: people sign in, programs have tokens, agents a key.
//! - An agent's stream is served by `ingest`: batches go into the stores and are acknowledged when
//!   they are on disk, live tables go to `live`, who the agent is to `registry`.
//! - HTTP (`http`) checks what is asked for, takes it from there, and has it folded by what is pure:
//!   `explore` makes rows of live tables, `history` makes charts of samples, `findings` makes pages
//!   of security events.
//! - Captures are asked for, taken in and kept by `captures`; `inspect` shows what is in them.
//! - While somebody looks at Explore, `live` has agents told to send every 2 s instead of every 10 s.
//!
//! An agent in the same process gets [`Server::channel`]: the same gRPC, through a pipe.
//!
//! ```
//! use lanner_api::agent::AgentsClient;
//! use lanner_server::{Server, ServerConfig};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let mut config = ServerConfig::new(folder.path());
//! config.listen_http.set_port(0);
//! config.listen_grpc.set_port(0);
//! let server = Server::start(config).await?;
//! println!("open http://{}", server.http_address());
//! let _agent = AgentsClient::new(server.channel());
//! server.stop().await;
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod access;
mod alerting;
mod app;
mod captures;
mod clock;
mod config;
mod dashboards;
mod ending;
mod error_chain;
mod explore;
mod finding_counts;
mod findings;
mod history;
mod http;
mod in_process;
mod ingest;
mod inspect;
mod live;
mod own_metrics;
mod promql;
mod range;
mod registry;
mod registry_keeper;
mod row;
mod sequence;
mod server;
mod severity;
mod sparks;
mod spotlight;
#[cfg(test)]
mod testing;
mod topology;

pub use config::{Secret, ServerConfig};
pub use server::{DoorsError, SequencesError, Server, ServerError};
