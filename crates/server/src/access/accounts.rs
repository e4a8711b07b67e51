//! Users, sessions and tokens in the store.

use std::sync::{Arc, Mutex};

use lanner_store::{ConfigStore, Document, Expected, Kind, Listing};
use serde::de::DeserializeOwned;

use super::error::AccessError;
use super::password::Hasher;
use super::record::{self, UserRecord};
use super::throttle::Throttle;

/// Users, sessions and tokens. (What they can do stands in the files beside this one.)
pub(crate) struct Accounts {
    pub(super) settings: Arc<dyn ConfigStore>,
    pub(super) hasher: Hasher,
    pub(super) throttle: Mutex<Throttle>,
    /// Held by who changes users: that an admin is left is a fact about all of them.
    pub(super) changing_users: tokio::sync::Mutex<()>,
}

/// A record and the version it stands in.
pub(super) struct Kept<T> {
    pub(super) record: T,
    pub(super) version: u64,
}

impl<T> Kept<T> {
    pub(super) fn expected(&self) -> Expected {
        Expected::Version(self.version)
    }
}

impl Accounts {
    pub(crate) fn new(settings: Arc<dyn ConfigStore>) -> Result<Self, AccessError> {
        Ok(Self {
            settings,
            hasher: Hasher::new()?,
            throttle: Mutex::new(Throttle::new()),
            changing_users: tokio::sync::Mutex::default(),
        })
    }

    pub(super) async fn user(&self, name: &str) -> Result<Option<Kept<UserRecord>>, AccessError> {
        self.get(Kind::User, name).await
    }

    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        kind: Kind,
        id: &str,
    ) -> Result<Option<Kept<T>>, AccessError> {
        let document = self.settings.get(kind, id).await?;
        document.map(|document| kept(&document)).transpose()
    }

    /// All of a kind with their ids, by id.
    pub(super) async fn all<T: DeserializeOwned>(
        &self,
        kind: Kind,
    ) -> Result<Vec<(String, Kept<T>)>, AccessError> {
        let documents = self.settings.list(&Listing::all(kind)).await?;
        documents.iter().map(|document| Ok((document.id.clone(), kept(document)?))).collect()
    }
}

fn kept<T: DeserializeOwned>(document: &Document) -> Result<Kept<T>, AccessError> {
    Ok(Kept { record: record::read(document)?, version: document.version })
}
