//! What the writer thread of the embedded store does.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use lanner_journal::{Journal, Sequence};
use lanner_model::series::Sample;
use lanner_model::time::WallMs;

use super::checkpoint::{self, Snapshot};
use super::head::{Dropped, Head, Refused};
use super::log::{LogRecord, Point};
use super::options::MetricOptions;
use super::series::{Appended, SeriesId};
use super::store::WriteReport;
use crate::error::StoreError;
use crate::folder;
use crate::writer::{Engine, Reply};

/// So many samples go into one record of the log: few enough that the labels of as many new series,
/// each as long as may be, stay below the journal's limit of 16 MiB.
const RECORD_SAMPLES: usize = 2_000;

/// What the writer can be asked for.
pub(crate) enum Job {
    /// Store samples.
    Write { samples: Vec<Sample>, reply: Reply<WriteReport> },
    /// Drop what is too old; say whether a checkpoint is due, and of what.
    Retain { now: WallMs, reply: Reply<(Dropped, Option<Snapshot>)> },
    /// A checkpoint of this size was written: let go of what it replaces.
    Checkpointed { covers: Sequence, size_bytes: u64, reply: Reply<()> },
    /// Bytes of the log and of the newest checkpoint, and what became of all samples.
    Stats { reply: Reply<Written> },
}

/// What the writer alone knows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Written {
    pub(crate) log_bytes: u64,
    pub(crate) checkpoint_bytes: u64,
    pub(crate) report: WriteReport,
}

/// The writer's own things.
pub(crate) struct MetricEngine {
    pub(crate) folder: PathBuf,
    pub(crate) options: MetricOptions,
    pub(crate) journal: Journal,
    pub(crate) head: Arc<RwLock<Head>>,
    pub(crate) checkpoint_bytes: u64,
    pub(crate) log_bytes_at_checkpoint: u64,
    pub(crate) report: WriteReport,
}

/// A write that is in the log but not yet confirmed by the disk.
struct Pending {
    points: Vec<Point>,
    report: WriteReport,
    reply: Reply<WriteReport>,
}

impl Engine for MetricEngine {
    type Job = Job;

    fn run(&mut self, jobs: Vec<Job>) {
        let mut pending = Vec::new();
        for job in jobs {
            if let Job::Write { samples, reply } = job {
                match self.log(&samples) {
                    Ok((points, report)) => pending.push(Pending { points, report, reply }),
                    Err(error) => drop(reply.send(Err(error))),
                }
                continue;
            }
            self.commit(std::mem::take(&mut pending));
            match job {
                Job::Write { .. } => {}
                Job::Retain { now, reply } => drop(reply.send(self.retain(now))),
                Job::Checkpointed { covers, size_bytes, reply } => {
                    drop(reply.send(self.checkpointed(covers, size_bytes)));
                }
                Job::Stats { reply } => drop(reply.send(Ok(Written {
                    log_bytes: self.journal.size_bytes(),
                    checkpoint_bytes: self.checkpoint_bytes,
                    report: self.report,
                }))),
            }
        }
        self.commit(pending);
    }
}

impl MetricEngine {
    /// Finds the samples' series and appends both to the log.
    fn log(&mut self, samples: &[Sample]) -> Result<(Vec<Point>, WriteReport), StoreError> {
        let mut report = WriteReport::default();
        let mut points = Vec::with_capacity(samples.len());
        let mut records = Vec::new();
        {
            let mut head = lock(&self.head);
            for part in samples.chunks(RECORD_SAMPLES) {
                let mut record = LogRecord::default();
                for sample in part {
                    match head.series_of(&sample.labels) {
                        Ok(id) => {
                            record.points.push(Point { id, time: sample.time, value: sample.value });
                        }
                        Err(Refused::OverBudget) => report.over_budget += 1,
                        Err(Refused::Invalid) => report.invalid += 1,
                    }
                }
                record.series = unlogged(&head, &record.points);
                records.push(record);
            }
        }
        for mut record in records {
            if record.points.is_empty() {
                continue;
            }
            self.journal.append(&record.encode())?;
            let told: Vec<SeriesId> = record.series.iter().map(|(id, _)| *id).collect();
            lock(&self.head).mark_logged(&told);
            points.append(&mut record.points);
        }
        Ok((points, report))
    }

    /// Waits for the disk, then shows the samples to readers and answers.
    fn commit(&mut self, pending: Vec<Pending>) {
        if pending.is_empty() {
            return;
        }
        if let Err(error) = self.journal.sync() {
            // Only one can have the error itself.
            let mut replies = pending.into_iter().map(|write| write.reply);
            if let Some(first) = replies.next() {
                drop(first.send(Err(error.into())));
            }
            return replies.for_each(|reply| drop(reply.send(Err(StoreError::Closed))));
        }
        for write in pending {
            let mut report = write.report;
            {
                let mut head = lock(&self.head);
                for point in write.points {
                    match head.append(point.id, point.time, point.value) {
                        Some(Appended::Accepted) => report.accepted += 1,
                        Some(Appended::Duplicate) => report.duplicates += 1,
                        Some(Appended::OutOfOrder) => report.out_of_order += 1,
                        None => report.invalid += 1,
                    }
                }
            }
            self.report.add(&report);
            drop(write.reply.send(Ok(report)));
        }
    }

    fn retain(&mut self, now: WallMs) -> Result<(Dropped, Option<Snapshot>), StoreError> {
        let oldest = WallMs(now.0.saturating_sub(self.options.retention_ms));
        let dropped = lock(&self.head).drop_before(oldest);
        let grown = self.journal.size_bytes().saturating_sub(self.log_bytes_at_checkpoint);
        if grown < self.options.checkpoint_log_bytes.max(self.checkpoint_bytes) {
            return Ok((dropped, None));
        }
        Ok((dropped, Some(self.snapshot()?)))
    }

    /// The head, and the place in the log up to which it is in there.
    pub(crate) fn snapshot(&mut self) -> Result<Snapshot, StoreError> {
        let covers = self.journal.sync()?;
        let head = self.head.read().unwrap_or_else(PoisonError::into_inner);
        Ok(Snapshot { covers, next_id: head.next_id(), series: head.snapshot() })
    }

    pub(crate) fn checkpointed(&mut self, covers: Sequence, size_bytes: u64) -> Result<(), StoreError> {
        let newest = checkpoint::path(&self.folder, covers);
        let all = folder::list(&self.folder, checkpoint::EXTENSION)
            .map_err(|source| StoreError::read(&self.folder, source))?;
        for old in all.iter().filter(|path| **path < newest) {
            folder::delete(old).map_err(|source| StoreError::write(old, source))?;
        }
        self.journal.forget_before(covers.next())?;
        self.journal.sync()?;
        self.checkpoint_bytes = size_bytes;
        self.log_bytes_at_checkpoint = self.journal.size_bytes();
        Ok(())
    }
}

/// The series of these points whose labels the log does not have yet.
fn unlogged(head: &Head, points: &[Point]) -> Vec<(SeriesId, lanner_model::series::Labels)> {
    let mut ids: Vec<SeriesId> = points
        .iter()
        .map(|point| point.id)
        .filter(|id| head.get(*id).is_some_and(|series| !series.is_logged))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().filter_map(|id| Some((id, head.get(id)?.labels.clone()))).collect()
}

fn lock(head: &RwLock<Head>) -> RwLockWriteGuard<'_, Head> {
    head.write().unwrap_or_else(PoisonError::into_inner)
}
