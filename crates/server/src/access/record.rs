//! What is stored of users, sessions and tokens.

use lanner_api::http::{Role, Token, User};
use lanner_store::{Change, Document, Expected, Kind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::AccessError;

/// A user. The document's id is the name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct UserRecord {
    pub(super) role: Role,
    /// A PHC string.
    pub(super) password: String,
    /// Whether the password was made for them, and another is to be set.
    pub(super) one_time: bool,
    pub(super) created_ms: i64,
    pub(super) last_sign_in_ms: Option<i64>,
}

/// A session. The document's id is the hash of its key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SessionRecord {
    pub(super) user: String,
    pub(super) created_ms: i64,
    /// To within some minutes.
    pub(super) used_ms: i64,
}

/// A token. The document's id is the first part of its key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct TokenRecord {
    pub(super) name: String,
    pub(super) role: Role,
    /// Of the whole key.
    pub(super) hash: String,
    pub(super) created_by: String,
    pub(super) created_ms: i64,
    pub(super) expires_ms: Option<i64>,
    /// To within a minute.
    pub(super) used_ms: Option<i64>,
}

impl UserRecord {
    pub(super) fn describe(&self, name: &str) -> User {
        User {
            name: name.to_owned(),
            role: self.role,
            created_ms: self.created_ms,
            last_sign_in_ms: self.last_sign_in_ms,
            must_set_password: self.one_time,
        }
    }
}

impl TokenRecord {
    pub(super) fn describe(&self, id: &str) -> Token {
        Token {
            id: id.to_owned(),
            name: self.name.clone(),
            role: self.role,
            created_by: self.created_by.clone(),
            created_ms: self.created_ms,
            expires_ms: self.expires_ms,
            last_used_ms: self.used_ms,
        }
    }
}

/// What a document says.
pub(super) fn read<T: DeserializeOwned>(document: &Document) -> Result<T, AccessError> {
    serde_json::from_str(&document.body).map_err(|source| AccessError::Unreadable {
        kind: document.kind,
        id: document.id.clone(),
        source,
    })
}

pub(super) fn put<T: Serialize>(
    kind: Kind,
    id: &str,
    expected: Expected,
    record: &T,
) -> Result<Change, AccessError> {
    let body = serde_json::to_string(record).map_err(|source| AccessError::Unreadable {
        kind,
        id: id.to_owned(),
        source,
    })?;
    Ok(Change::Put { kind, id: id.to_owned(), expected, body })
}

pub(super) fn delete(kind: Kind, id: &str) -> Change {
    Change::Delete { kind, id: id.to_owned(), expected: Expected::Any }
}
