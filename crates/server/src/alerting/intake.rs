//! Security events on their way to the rules: as they are stored, and after a start once more.

use std::sync::Arc;

use lanner_model::finding::Finding;
use lanner_model::time::WallMs;
use lanner_store::StoreError;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

use crate::app::{App, StoredFinding};
use crate::findings;
use crate::range::TimeRange;

/// So far back security events are read again after a start, or when too many came at once. States of
/// what was resolved are kept as long, so what was taken in before is known.
const AGAIN_MS: i64 = 24 * 3_600_000;
/// After a start, what comes may be among what was read again.
const OVERLAP_MS: i64 = 60_000;
/// Security events that wait to be taken in.
const MAX_QUEUED: usize = 20_000;

/// Security events that were not taken in yet.
pub(super) struct Intake {
    findings: Receiver<StoredFinding>,
    queue: Vec<StoredFinding>,
    /// Some were passed over: the store has them.
    has_gap: bool,
    /// Until then, what comes may have been taken in before.
    again_until: WallMs,
}

/// What is to be taken in.
pub(super) struct Batch {
    pub(super) findings: Vec<StoredFinding>,
    /// Some of it may have been taken in before.
    pub(super) is_again: bool,
}

impl Intake {
    /// Listens from now on; what was stored before is read with the first batch.
    pub(super) fn new(app: &App) -> Self {
        Self { findings: app.findings(), queue: Vec::new(), has_gap: true, again_until: WallMs(i64::MAX) }
    }

    /// Waits for something to take in.
    pub(super) async fn arrived(&mut self) {
        match self.findings.recv().await {
            Ok(finding) => self.add(finding),
            Err(RecvError::Lagged(_)) => self.has_gap = true,
            // The app is gone, and with it who waits.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }

    /// All that is there. What is given back by [`Intake::keep`] comes again.
    pub(super) async fn batch(&mut self, app: &App, now: WallMs) -> Result<Batch, StoreError> {
        loop {
            match self.findings.try_recv() {
                Ok(finding) => self.add(finding),
                Err(TryRecvError::Lagged(_)) => self.has_gap = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        if self.has_gap {
            let since = app.alerting.book().events_since.0.max(now.0 - AGAIN_MS);
            // A node's clock may be a little ahead.
            let range = TimeRange { from: WallMs(since.min(now.0)), to: WallMs(now.0 + OVERLAP_MS) };
            let mut read: Vec<StoredFinding> = Vec::new();
            let mut left_out = 0;
            findings::each_of(&*app.events, range, |part: Vec<Finding>| {
                let room = MAX_QUEUED - read.len().min(MAX_QUEUED);
                left_out += part.len().saturating_sub(room);
                read.extend(part.into_iter().take(room).map(Arc::new));
            })
            .await?;
            if left_out > 0 {
                app.own_metrics.findings_not_watched.add(left_out as u64);
                tracing::warn!(
                    left_out,
                    "alert rules do not see all security events of the last day: there are too many"
                );
            }
            self.queue.append(&mut read);
            self.queue.sort_by(|a, b| a.id.cmp(&b.id));
            self.queue.dedup_by(|a, b| a.id == b.id);
            self.has_gap = false;
            self.again_until = WallMs(now.0 + OVERLAP_MS);
        }
        let is_again = now < self.again_until;
        Ok(Batch { findings: std::mem::take(&mut self.queue), is_again })
    }

    /// What could not be taken in: it comes with the next batch.
    pub(super) fn keep(&mut self, batch: Batch) {
        let newer = std::mem::replace(&mut self.queue, batch.findings);
        newer.into_iter().for_each(|finding| self.add(finding));
        if batch.is_again {
            self.has_gap = true;
        }
    }

    fn add(&mut self, finding: StoredFinding) {
        if self.queue.len() < MAX_QUEUED {
            self.queue.push(finding);
        } else {
            self.has_gap = true;
        }
    }
}
