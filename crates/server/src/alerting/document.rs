//! What stands in the config store about alerts; `docs/formats/alerts.md` describes it.

use lanner_model::time::WallMs;
use lanner_store::{Change, ConfigError, ConfigStore, Document, Expected, Kind, Listing, Order};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::access::audit_entry;

/// Changes that belong together, on their way into one commit.
#[derive(Debug, Default)]
pub(super) struct Commit(Vec<Change>);

impl Commit {
    pub(super) fn put(&mut self, kind: Kind, id: impl Into<String>, document: &impl Serialize) {
        self.put_if(kind, id, document, Expected::Any);
    }

    pub(super) fn put_if(
        &mut self,
        kind: Kind,
        id: impl Into<String>,
        document: &impl Serialize,
        expected: Expected,
    ) {
        // Strings, numbers and lists of them always become JSON; NaN becomes null.
        let body = serde_json::to_string(document).unwrap_or_default();
        self.0.push(Change::Put { kind, id: id.into(), expected, body });
    }

    pub(super) fn delete(&mut self, kind: Kind, id: impl Into<String>) {
        self.0.push(Change::Delete { kind, id: id.into(), expected: Expected::Any });
    }

    /// Writes down in the audit who did what on what.
    pub(super) fn note(&mut self, now: WallMs, by: &str, action: &str, subject: &str) {
        self.0.push(audit_entry(now, by, action, subject));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes all of them, or none.
    pub(super) async fn make(self, store: &dyn ConfigStore, now: WallMs) -> Result<(), ConfigError> {
        if self.0.is_empty() {
            return Ok(());
        }
        store.commit(now, &self.0).await
    }
}

/// All documents of a kind that can be read, each with what it says. One that cannot is told in the
/// log and left where it is.
pub(super) async fn read_all<T: DeserializeOwned>(
    store: &dyn ConfigStore,
    kind: Kind,
) -> Result<Vec<(Document, T)>, ConfigError> {
    Ok(readable(store.list(&Listing::all(kind)).await?))
}

/// The newest documents of a kind whose ids are times, the newest first.
pub(super) async fn read_newest<T: DeserializeOwned>(
    store: &dyn ConfigStore,
    kind: Kind,
    after: Option<String>,
    limit: usize,
) -> Result<Vec<(Document, T)>, ConfigError> {
    let listing = Listing { order: Order::Descending, after, limit, ..Listing::all(kind) };
    Ok(readable(store.list(&listing).await?))
}

/// Deletes the oldest documents of a kind whose ids are times, when there are more than so many.
pub(super) async fn trim(
    store: &dyn ConfigStore,
    kind: Kind,
    most: usize,
    now: WallMs,
) -> Result<(), ConfigError> {
    const AT_ONCE: usize = 1_000;
    let newest = Listing { order: Order::Descending, limit: most, ..Listing::all(kind) };
    let Some(oldest_kept) = store.list(&newest).await?.pop().filter(|_| most > 0) else { return Ok(()) };
    loop {
        let older = Listing {
            order: Order::Descending,
            after: Some(oldest_kept.id.clone()),
            limit: AT_ONCE,
            ..Listing::all(kind)
        };
        let mut commit = Commit::default();
        for document in store.list(&older).await? {
            commit.delete(kind, document.id);
        }
        if commit.is_empty() {
            return Ok(());
        }
        commit.make(store, now).await?;
    }
}

fn readable<T: DeserializeOwned>(documents: Vec<Document>) -> Vec<(Document, T)> {
    let read = |document: Document| match serde_json::from_str(&document.body) {
        Ok(said) => Some((document, said)),
        Err(error) => {
            tracing::warn!(kind = document.kind.as_str(), id = %document.id, %error, "a document cannot be read");
            None
        }
    };
    documents.into_iter().filter_map(read).collect()
}
