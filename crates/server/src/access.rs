//! Who asks, and what they may do: users and their passwords, sessions, programs' tokens, the agents'
//! key.
//!
//! Nothing that opens a door is stored: passwords as argon2id hashes, everything random (256 bits) as
//! SHA-256. Every request that carries a session or token looks it up in the store, so what is
//! revoked is revoked at once; for a stream that is open, within seconds.

mod accounts;
mod agent_key;
mod audit;
mod caller;
mod error;
mod first_start;
mod gate;
mod password;
mod record;
mod secret;
mod sign_in;
mod throttle;
mod tokens;
mod users;

pub(crate) use audit::entry as audit_entry;
pub(crate) use caller::Caller;
pub(crate) use error::AccessError;
pub(crate) use first_start::FirstStart;
pub(crate) use gate::{Gate, GateError};
pub(crate) use password::Password;
pub(crate) use sign_in::{SessionKey, SignedIn};
