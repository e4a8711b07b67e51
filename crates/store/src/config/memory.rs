//! A config store in memory, for tests.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use lanner_model::time::WallMs;

use super::document::{Change, Document, Expected, Kind, Listing, Order};
use super::store::{ConfigError, ConfigStore};

type Documents = BTreeMap<(Kind, String), Document>;

/// A config store in memory, for tests.
#[derive(Debug, Default)]
pub struct MemoryConfig {
    documents: Mutex<Documents>,
}

impl MemoryConfig {
    fn documents(&self) -> MutexGuard<'_, Documents> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ConfigStore for MemoryConfig {
    async fn get(&self, kind: Kind, id: &str) -> Result<Option<Document>, ConfigError> {
        Ok(self.documents().get(&(kind, id.to_owned())).cloned())
    }

    async fn list(&self, listing: &Listing) -> Result<Vec<Document>, ConfigError> {
        let documents = self.documents();
        let from = Bound::Included((listing.kind, listing.prefix.clone()));
        let of_prefix = documents
            .range((from, Bound::Unbounded))
            .map(|(_, document)| document)
            .take_while(|document| document.kind == listing.kind && document.id.starts_with(&listing.prefix));
        let is_behind = |document: &&Document| match (&listing.after, listing.order) {
            (None, _) => true,
            (Some(after), Order::Ascending) => document.id > *after,
            (Some(after), Order::Descending) => document.id < *after,
        };
        let mut listed: Vec<Document> = of_prefix.filter(is_behind).cloned().collect();
        if listing.order == Order::Descending {
            listed.reverse();
        }
        listed.truncate(listing.limit);
        Ok(listed)
    }

    async fn commit(&self, now: WallMs, changes: &[Change]) -> Result<(), ConfigError> {
        let mut documents = self.documents();
        let mut changed = documents.clone();
        for change in changes {
            let (kind, id, expected) = match change {
                Change::Put { kind, id, expected, .. } | Change::Delete { kind, id, expected } => {
                    (*kind, id, *expected)
                }
            };
            let key = (kind, id.clone());
            let version = changed.get(&key).map(|document| document.version);
            let as_expected = match expected {
                Expected::Any => true,
                Expected::Absent => version.is_none(),
                Expected::Version(expected) => version == Some(expected),
            };
            if !as_expected {
                return Err(ConfigError::Conflict { kind, id: id.clone() });
            }
            match change {
                Change::Put { body, .. } => {
                    let version = version.unwrap_or(0) + 1;
                    let body = body.clone();
                    changed.insert(key, Document { kind, id: id.clone(), version, changed: now, body });
                }
                Change::Delete { .. } => drop(changed.remove(&key)),
            }
        }
        *documents = changed;
        Ok(())
    }
}
