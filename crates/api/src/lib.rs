//! What agents, servers and browsers say to each other.
//!
//! [`http`] holds the JSON of `/api/v1`: `openapi.json` beside this crate's manifest is made from
//! it, and the web UI's client from that. Wire types live here and nowhere else; they are converted
//! by hand from what `model` has, so that a rename inside never changes what is sent.
//!
//! [`agent`] holds what agents and servers say to each other over gRPC.
//!
//! ```
//! use lanner_api::agent::{FromServer, ServerMessage};
//!
//! let message = ServerMessage::from(FromServer::Ack { sequence: 7 });
//! assert_eq!(FromServer::try_from(message), Ok(FromServer::Ack { sequence: 7 }));
//! ```
#![forbid(unsafe_code)]

pub mod agent;
pub mod http;
mod openapi;

pub use openapi::openapi_json;
