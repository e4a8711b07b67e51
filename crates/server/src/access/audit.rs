//! What was done that has to do with who may do what.

use std::sync::atomic::{AtomicU64, Ordering};

use lanner_api::http::AuditEntry;
use lanner_model::time::WallMs;
use lanner_store::{Change, Expected, Kind, Listing, Order};
use serde::Deserialize;

use super::accounts::Accounts;
use super::error::AccessError;
use super::record;

/// Entries that are listed.
const LISTED: usize = 200;
/// Entries that are kept; the oldest go.
const KEPT: usize = 10_000;
/// Entries that are taken away at a time.
const TAKEN_AWAY: usize = 500;
/// The longest name that is written down.
pub(super) const MAX_NAME: usize = 80;

#[derive(Debug, Deserialize)]
struct AuditRecord {
    actor: String,
    action: String,
    subject: String,
}

/// The change that writes down who did what on what.
pub(crate) fn entry(now: WallMs, actor: &str, action: &str, subject: &str) -> Change {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let shorten = |text: &str| text.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    let (actor, subject): (String, String) = (shorten(actor), shorten(subject));
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let id = format!("{:015}-{number:08}", now.0.max(0));
    let body = serde_json::json!({ "actor": actor, "action": action, "subject": subject }).to_string();
    Change::Put { kind: Kind::Audit, id, expected: Expected::Any, body }
}

impl Accounts {
    /// The newest entries, the newest first.
    pub(crate) async fn audit(&self) -> Result<Vec<AuditEntry>, AccessError> {
        let newest = Listing { order: Order::Descending, limit: LISTED, ..Listing::all(Kind::Audit) };
        let documents = self.settings.list(&newest).await?;
        let entries = documents.iter().map(|document| {
            let AuditRecord { actor, action, subject } = record::read(document)?;
            Ok(AuditEntry { time_ms: document.changed.0, actor, action, subject })
        });
        entries.collect()
    }

    /// Takes away what is beyond what is kept.
    pub(super) async fn trim_audit(&self, now: WallMs) -> Result<(), AccessError> {
        let newest = Listing { order: Order::Descending, limit: KEPT, ..Listing::all(Kind::Audit) };
        let Some(oldest_kept) = self.settings.list(&newest).await?.pop() else { return Ok(()) };
        let beyond = Listing { after: Some(oldest_kept.id), limit: TAKEN_AWAY, ..newest };
        let beyond = self.settings.list(&beyond).await?;
        let changes: Vec<Change> =
            beyond.iter().map(|document| record::delete(Kind::Audit, &document.id)).collect();
        if !changes.is_empty() {
            self.settings.commit(now, &changes).await?;
        }
        Ok(())
    }
}
