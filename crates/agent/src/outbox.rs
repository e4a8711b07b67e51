//! What must not be lost on its way to the server: the spool on disk and what is known of it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use lanner_api::agent::encode_batches;
use lanner_journal::{Entry, Journal, JournalError, Options, Sequence, WhenFull};
use lanner_model::finding::Finding;
use lanner_model::loss::LossCause;
use lanner_model::series::Sample;
use tokio::sync::watch;

use crate::tally::Tally;

/// Bytes the spool may take on disk; the oldest batches give way and are counted.
const SPOOL_MAX_BYTES: u64 = 512 << 20;

/// The spool: batches by sequence number, kept until the server has them on disk.
#[derive(Debug)]
pub(crate) struct Outbox {
    journal: Mutex<Journal>,
    /// The newest batch that is on disk here.
    stored: watch::Sender<u64>,
    /// The first sequence of the last damaged stretch that was counted.
    damage_told: AtomicU64,
}

impl Outbox {
    /// Opens the spool in `folder`. Also says whether it was just begun.
    pub(crate) fn open(folder: &Path, tally: &Tally) -> anyhow::Result<(Self, bool)> {
        let options = Options {
            max_bytes: Some(SPOOL_MAX_BYTES),
            when_full: WhenFull::DropOldest,
            ..Options::default()
        };
        let (journal, recovery) =
            Journal::open(folder, options).with_context(|| format!("open the spool {}", folder.display()))?;
        if !recovery.is_clean() {
            tracing::warn!(?recovery, "the spool was damaged; what is good is kept");
            tally.lose(LossCause::Decode, "spool", recovery.damaged_records());
        }
        let is_new = journal.next_sequence() == Sequence::FIRST;
        let stored = watch::Sender::new(journal.next_sequence().previous().0);
        Ok((Self { journal: Mutex::new(journal), stored, damage_told: AtomicU64::new(0) }, is_new))
    }

    /// Puts samples and findings on disk; they survive whatever comes after this returns.
    pub(crate) fn store(
        &self,
        samples: &[Sample],
        findings: &[Finding],
        tally: &Tally,
    ) -> anyhow::Result<()> {
        let encoded = encode_batches(samples, findings);
        tally.lose(LossCause::Budget, "samples", encoded.samples_left_out);
        if encoded.batches.is_empty() {
            return Ok(());
        }
        let mut journal = self.journal();
        let dropped = journal.dropped_records();
        for batch in &encoded.batches {
            journal.append(batch).context("append to the spool")?;
        }
        let newest = journal.sync().context("sync the spool")?;
        tally.lose(LossCause::SpoolFull, "spool", journal.dropped_records() - dropped);
        drop(journal);
        self.stored.send_replace(newest.0);
        Ok(())
    }

    /// The batches from `sequence` on, `count` good ones at most. Damaged ones are counted, once,
    /// and passed over.
    pub(crate) fn batches_from(
        &self,
        sequence: u64,
        count: usize,
        tally: &Tally,
    ) -> anyhow::Result<Vec<Entry>> {
        let reader = self.journal().read_from(Sequence(sequence));
        let mut entries = Vec::new();
        for entry in reader {
            match entry {
                Ok(entry) => entries.push(entry),
                Err(JournalError::Damaged(damage)) => {
                    if self.damage_told.fetch_max(damage.first.0, Ordering::Relaxed) < damage.first.0 {
                        tracing::error!("a part of the spool can not be read: {damage}");
                        tally.lose(LossCause::Decode, "spool", damage.records);
                    }
                }
                Err(error) => return Err(error).context("read the spool"),
            }
            if entries.len() == count {
                break;
            }
        }
        Ok(entries)
    }

    /// The server has everything up to `sequence` on disk. A spool that can not write that down may
    /// send some batches twice; the server keeps each once.
    pub(crate) fn acknowledged(&self, sequence: u64) {
        if let Err(error) = self.journal().forget_before(Sequence(sequence).next()) {
            tracing::warn!("acknowledged batches are kept longer than needed: {error}");
        }
    }

    /// The oldest batch that the server is not known to have.
    pub(crate) fn first_kept(&self) -> u64 {
        self.journal().first_sequence().0
    }

    /// The newest batch on disk, and news of it.
    pub(crate) fn newest(&self) -> watch::Receiver<u64> {
        self.stored.subscribe()
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
