//! The catalogue of captures and their files, changed one at a time.

use std::sync::Arc;

use lanner_api::agent::CaptureRefused;
use lanner_model::time::WallMs;
use lanner_store::{BlobReader, BlobStore, Change, ConfigStore, Document, Expected, Kind, Listing, Order};
use tokio::sync::{Mutex, MutexGuard};

use super::document::{CaptureDocument, CaptureProgress};
use super::error::CaptureError;
use super::retention::{CaptureLimits, Due, due};
use crate::error_chain::chain;

/// All captures: their documents and their files.
pub(crate) struct Captures {
    pub(super) settings: Arc<dyn ConfigStore>,
    pub(super) blobs: Arc<dyn BlobStore>,
    pub(crate) limits: CaptureLimits,
    /// Held by who changes a capture: agents, people and time do.
    changing: Mutex<()>,
}

impl Captures {
    pub(crate) fn new(
        settings: Arc<dyn ConfigStore>,
        blobs: Arc<dyn BlobStore>,
        limits: CaptureLimits,
    ) -> Self {
        Self { settings, blobs, limits, changing: Mutex::default() }
    }

    /// All that people see, the newest first.
    pub(crate) async fn list(&self) -> Result<Vec<CaptureDocument>, CaptureError> {
        let mut documents = self.all().await?;
        documents.retain(|document| document.progress != CaptureProgress::Deleted);
        documents.sort_by(|a, b| (b.asked_ms, &b.id).cmp(&(a.asked_ms, &a.id)));
        Ok(documents)
    }

    /// One of them.
    pub(crate) async fn get(&self, id: &str) -> Result<CaptureDocument, CaptureError> {
        let document = self.find(id).await?.ok_or(CaptureError::Missing)?;
        match document.progress {
            CaptureProgress::Deleted => Err(CaptureError::Missing),
            _ => Ok(document),
        }
    }

    /// Opens a capture's file: a whole one, or what there is of one that failed.
    pub(crate) async fn open(&self, id: &str) -> Result<(CaptureDocument, BlobReader), CaptureError> {
        let document = self.get(id).await?;
        match document.progress {
            CaptureProgress::Asked | CaptureProgress::Recording => return Err(CaptureError::NotYet),
            CaptureProgress::Failed if document.size_bytes == 0 => {
                let problem = document.problem.unwrap_or_default();
                return Err(CaptureError::Nothing { problem });
            }
            _ => {}
        }
        let blob = self.blobs.open(&document.blob()).await?;
        Ok((document, blob))
    }

    /// Deletes a capture. Gives what its agent is to be told, for one that is still on its way.
    pub(crate) async fn delete(
        &self,
        id: &str,
        now: WallMs,
        also: Vec<Change>,
    ) -> Result<Option<(CaptureDocument, CaptureRefused)>, CaptureError> {
        let _changing = self.change().await;
        let mut document = self.get(id).await?;
        let refused = document
            .is_open()
            .then(|| CaptureRefused { id: document.id.as_str().into(), reason: "it was deleted".to_owned() });
        let change = if refused.is_some() {
            document.progress = CaptureProgress::Deleted;
            put(&document)?
        } else {
            delete(id)
        };
        let mut changes = vec![change];
        changes.extend(also);
        self.settings.commit(now, &changes).await?;
        self.blobs.delete(&document.blob()).await?;
        Ok(refused.map(|refused| (document, refused)))
    }

    /// Does what time makes due: old captures leave, those that will not become whole are given up, and
    /// files that belong to nothing are deleted.
    pub(crate) async fn maintain(&self, now: WallMs) -> Result<(), CaptureError> {
        let _changing = self.change().await;
        self.make_room(0, now).await?;
        let documents = self.all().await?;
        let known: std::collections::HashSet<String> = documents.iter().map(CaptureDocument::blob).collect();
        for blob in self.blobs.list().await? {
            let is_old = now.0 - blob.changed.0 > 24 * 3_600_000;
            if is_old && !known.contains(&blob.name) {
                tracing::warn!(file = %blob.name, "a file that belongs to no capture is deleted");
                self.blobs.delete(&blob.name).await?;
            }
        }
        Ok(())
    }

    /// Deletes what has to leave so that `need_bytes` have room.
    pub(super) async fn make_room(&self, need_bytes: u64, now: WallMs) -> Result<(), CaptureError> {
        let documents = self.all().await?;
        for (id, due) in due(&documents, &self.limits, need_bytes, now) {
            let Some(document) = documents.iter().find(|document| document.id == id) else { continue };
            match due {
                Due::Delete => {
                    tracing::info!(capture = %id, bytes = document.size_bytes, "a capture is over its time or the budget");
                    self.settings.commit(now, &[delete(&id)]).await?;
                    self.blobs.delete(&document.blob()).await?;
                }
                Due::GiveUp(problem) => {
                    let mut document = document.clone();
                    document.fail(now, problem);
                    self.settings.commit(now, &[put(&document)?]).await?;
                }
            }
        }
        Ok(())
    }

    /// Changes are made by whoever holds this.
    pub(super) async fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    pub(super) async fn find(&self, id: &str) -> Result<Option<CaptureDocument>, CaptureError> {
        let document = self.settings.get(Kind::Capture, id).await?;
        Ok(document.map(|document| serde_json::from_str(&document.body)).transpose()?)
    }

    pub(super) async fn keep(&self, document: &CaptureDocument, now: WallMs) -> Result<(), CaptureError> {
        Ok(self.settings.commit(now, &[put(document)?]).await?)
    }

    pub(super) async fn all(&self) -> Result<Vec<CaptureDocument>, CaptureError> {
        let listing = Listing { order: Order::Descending, ..Listing::all(Kind::Capture) };
        let documents = self.settings.list(&listing).await?;
        Ok(documents.iter().filter_map(read).collect())
    }
}

/// One that cannot be read hides no other.
fn read(document: &Document) -> Option<CaptureDocument> {
    match serde_json::from_str(&document.body) {
        Ok(capture) => Some(capture),
        Err(error) => {
            tracing::error!(capture = %document.id, error = %chain(&error), "a capture's document cannot be read");
            None
        }
    }
}

pub(super) fn put(document: &CaptureDocument) -> Result<Change, CaptureError> {
    let body = serde_json::to_string(document)?;
    Ok(Change::Put { kind: Kind::Capture, id: document.id.clone(), expected: Expected::Any, body })
}

fn delete(id: &str) -> Change {
    Change::Delete { kind: Kind::Capture, id: id.to_owned(), expected: Expected::Any }
}
