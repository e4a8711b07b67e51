//! The store of findings in the binary: a write-ahead log, the present hour in memory, segments.

use std::path::Path;

use async_trait::async_trait;
use lanner_journal::{Journal, JournalError, Options, Sequence};
use lanner_model::finding::Finding;
use lanner_model::time::WallNs;

use super::detail::findings_from_json;
use super::engine::{EventEngine, Job, KnownIds};
use super::options::EventOptions;
use super::segment::{EXTENSION, Segment};
use super::shelf::Shelf;
use super::spec::{EventFilter, QuerySpec};
use super::store::{AppendReport, EventMaintenance, EventPage, EventStats, EventStore, SeverityCounts};
use crate::error::StoreError;
use crate::folder;
use crate::recovery::{SetAside, StoreRecovery};
use crate::writer::{Writer, off_the_async_threads};

/// The store of findings in the binary. Its folder holds `log/` (the write-ahead log) and segments.
pub struct EmbeddedEvents {
    shelf: Shelf,
    writer: Writer<Job>,
}

impl EmbeddedEvents {
    /// Opens the store in `folder`, which is made where it is missing: lists the segments, then reads
    /// what the log has beyond them. It blocks while it does. Segments are checked when they are
    /// first asked.
    ///
    /// # Errors
    /// When the folder cannot be used, or is of a newer Lanner. Damage is no error: see
    /// [`StoreRecovery`] and [`EmbeddedEvents::set_aside`].
    pub fn open(
        folder: impl AsRef<Path>,
        options: EventOptions,
    ) -> Result<(EmbeddedEvents, StoreRecovery), StoreError> {
        let folder = folder.as_ref();
        folder::make(folder).map_err(|source| StoreError::write(folder, source))?;
        let (journal, log) = Journal::open(folder.join("log"), Options::default())?;
        let mut recovery = StoreRecovery { log, ..StoreRecovery::default() };
        let shelf = Shelf::default();
        list_segments(folder, &shelf)?;
        let mut engine = EventEngine {
            folder: folder.to_owned(),
            options,
            journal,
            shelf: shelf.clone(),
            known: KnownIds::default(),
            duplicates: 0,
        };
        replay_log(&mut engine, &mut recovery)?;
        recovery.set_aside = shelf.read().damaged.clone();
        let writer =
            Writer::start("event-store", engine).map_err(|source| StoreError::write(folder, source))?;
        Ok((EmbeddedEvents { shelf, writer }, recovery))
    }

    /// The segments that were found damaged since the store was opened.
    #[must_use]
    pub fn set_aside(&self) -> Vec<SetAside> {
        self.shelf.read().damaged.clone()
    }
}

#[async_trait]
impl EventStore for EmbeddedEvents {
    async fn append(&self, findings: &[Finding]) -> Result<AppendReport, StoreError> {
        if findings.is_empty() {
            return Ok(AppendReport::default());
        }
        let findings = findings.to_vec();
        self.writer.ask(|reply| Job::Append { findings, reply }).await
    }

    async fn query(&self, spec: &QuerySpec) -> Result<EventPage, StoreError> {
        let (shelf, spec) = (self.shelf.clone(), spec.clone());
        off_the_async_threads(move || shelf.query(&spec)).await
    }

    async fn histogram(&self, filter: &EventFilter, step_ns: u64) -> Result<Vec<SeverityCounts>, StoreError> {
        let (shelf, filter) = (self.shelf.clone(), filter.clone());
        off_the_async_threads(move || shelf.histogram(&filter, step_ns)).await
    }

    async fn get(&self, id: &str) -> Result<Option<Finding>, StoreError> {
        let (shelf, id) = (self.shelf.clone(), id.to_owned());
        off_the_async_threads(move || shelf.get(&id)).await
    }

    async fn forget_before(&self, before: WallNs) -> Result<u64, StoreError> {
        self.writer.ask(|reply| Job::ForgetBefore { before, reply }).await
    }

    async fn maintain(&self, now: WallNs) -> Result<EventMaintenance, StoreError> {
        self.writer.ask(|reply| Job::Maintain { now, reply }).await
    }

    async fn stats(&self) -> EventStats {
        let written = self.writer.ask(|reply| Job::Stats { reply }).await.unwrap_or_default();
        let contents = self.shelf.read();
        let segments = &contents.segments;
        EventStats {
            buffered: contents.buffer.len() as u64,
            stored: segments.iter().map(|segment| segment.rows).sum(),
            segments: segments.len() as u64,
            segment_bytes: segments.iter().map(|segment| segment.size_bytes).sum(),
            log_bytes: written.log_bytes,
            damaged_segments: contents.damaged.len() as u64,
            duplicates: written.duplicates,
            oldest: segments.iter().map(|segment| segment.first).chain(contents.buffer.oldest()).min(),
            newest: segments.iter().map(|segment| segment.last).chain(contents.buffer.newest()).max(),
        }
    }
}

fn list_segments(folder: &Path, shelf: &Shelf) -> Result<(), StoreError> {
    let paths = folder::list(folder, EXTENSION).map_err(|source| StoreError::read(folder, source))?;
    for path in paths {
        if let Some(segment) = Segment::from_path(&path) {
            shelf.write().add(segment);
            continue;
        }
        let path = folder::set_aside(&path).map_err(|source| StoreError::write(&path, source))?;
        let reason = "its name is not one of a segment".to_owned();
        shelf.write().damaged.push(SetAside { path, reason });
    }
    Ok(())
}

/// Takes findings from the log that are in no segment: the last owner may have been stopped between
/// writing a segment and letting go of the log.
fn replay_log(engine: &mut EventEngine, recovery: &mut StoreRecovery) -> Result<(), StoreError> {
    for entry in engine.journal.read_from(Sequence::FIRST) {
        let entry = match entry {
            Ok(entry) => entry,
            // The journal's own recovery has told of it.
            Err(JournalError::Damaged(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        let Some(findings) = findings_from_json(&entry.payload) else {
            recovery.unreadable += 1;
            continue;
        };
        let size_bytes = entry.payload.len() / findings.len().max(1);
        for finding in findings {
            if !engine.known.has(&engine.shelf, &finding)? {
                engine.shelf.write().buffer.insert(finding, entry.sequence, size_bytes);
                recovery.replayed += 1;
            }
        }
    }
    Ok(())
}
