//! What agents, servers and browsers say to each other.
//!
//! [`http`] holds the JSON of `/api/v1`: `openapi.json` beside this crate's manifest is made from
//! it, and the web UI's client from that. Wire types live here and nowhere else; they are converted
//! by hand from what `model` has, so that a rename inside never changes what is sent.
#![forbid(unsafe_code)]

pub mod http;
mod openapi;

pub use openapi::openapi_json;
