//! Why somebody is not let in, or an account not changed.

use lanner_store::{ConfigError, Kind};

/// Why somebody is not let in, or an account not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccessError {
    #[error("name or password is wrong")]
    WrongPassword,
    #[error("too many wrong passwords")]
    TooManyAttempts {
        /// Seconds until the next is looked at.
        wait_s: u64,
    },
    #[error("{0}")]
    BadPassword(String),
    #[error("{0}")]
    BadName(&'static str),
    #[error("{0}")]
    BadToken(&'static str),
    #[error("there is no such user")]
    NoUser,
    #[error("there is no such token")]
    NoToken,
    #[error("there is a user of this name already")]
    UserExists,
    #[error("this is the last admin: make another one first")]
    LastAdmin,
    #[error("there are as many {0} as may be; take some away first")]
    TooMany(&'static str),
    #[error("the system has no random numbers to give: {0}")]
    NoRandomness(String),
    #[error("{} {id:?} in the store is unreadable", kind.as_str())]
    Unreadable {
        kind: Kind,
        id: String,
        #[source]
        source: serde_json::Error,
    },
    #[error("a password could not be hashed")]
    Hashing(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error(transparent)]
    Store(#[from] ConfigError),
}
