//! What the writer thread of the embedded store does.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use lanner_journal::{Journal, Sequence};
use lanner_model::finding::Finding;
use lanner_model::time::WallNs;

use super::detail::finding_to_json;
use super::options::EventOptions;
use super::row::{Columns, text_at};
use super::schema;
use super::segment::Segment;
use super::shelf::Shelf;
use super::spec::EventFilter;
use super::store::{AppendReport, EventMaintenance};
use crate::error::StoreError;
use crate::writer::{Engine, Reply};

const HOUR_NS: u64 = 3600 * 1_000_000_000;
/// Findings may be late by this much and still get into the segment of their hour.
const GRACE_NS: u64 = 120 * 1_000_000_000;
/// A record of the log is closed when it has this many bytes.
const RECORD_BYTES: usize = 4 << 20;
/// The ids of so many segments are kept in memory for findings that come again.
const REMEMBERED_SEGMENTS: usize = 4;

/// What the writer can be asked for.
pub(crate) enum Job {
    Append { findings: Vec<Finding>, reply: Reply<AppendReport> },
    ForgetBefore { before: WallNs, reply: Reply<u64> },
    Maintain { now: WallNs, reply: Reply<EventMaintenance> },
    Stats { reply: Reply<Written> },
}

/// What the writer alone knows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Written {
    pub(crate) log_bytes: u64,
    pub(crate) duplicates: u64,
}

/// The writer's own things.
pub(crate) struct EventEngine {
    pub(crate) folder: PathBuf,
    pub(crate) options: EventOptions,
    pub(crate) journal: Journal,
    pub(crate) shelf: Shelf,
    pub(crate) known: KnownIds,
    pub(crate) duplicates: u64,
}

/// A finding, the log's record that has it, and its bytes there.
type Logged = (Finding, Sequence, usize);

/// An append that is in the log but not yet confirmed by the disk.
struct Pending {
    findings: Vec<Logged>,
    report: AppendReport,
    reply: Reply<AppendReport>,
}

impl Engine for EventEngine {
    type Job = Job;

    fn run(&mut self, jobs: Vec<Job>) {
        let mut pending = Vec::new();
        let mut pending_ids = HashSet::new();
        for job in jobs {
            if let Job::Append { findings, reply } = job {
                if self.is_full(&pending) {
                    // What is pending must be in memory before the log may let go of anything.
                    self.commit(std::mem::take(&mut pending));
                    pending_ids.clear();
                    if let Err(error) = self.flush_before(WallNs(u64::MAX)) {
                        drop(reply.send(Err(error)));
                        continue;
                    }
                }
                match self.log(findings, &mut pending_ids) {
                    Ok((findings, report)) => pending.push(Pending { findings, report, reply }),
                    Err(error) => drop(reply.send(Err(error))),
                }
                continue;
            }
            self.commit(std::mem::take(&mut pending));
            pending_ids.clear();
            match job {
                Job::Append { .. } => {}
                Job::ForgetBefore { before, reply } => drop(reply.send(self.forget_before(before))),
                Job::Maintain { now, reply } => drop(reply.send(self.maintain(now))),
                Job::Stats { reply } => {
                    drop(reply.send(Ok(Written {
                        log_bytes: self.journal.size_bytes(),
                        duplicates: self.duplicates,
                    })))
                }
            }
        }
        self.commit(pending);
    }
}

impl EventEngine {
    /// Appends those findings to the log that are new.
    fn log(
        &mut self,
        findings: Vec<Finding>,
        pending_ids: &mut HashSet<String>,
    ) -> Result<(Vec<Logged>, AppendReport), StoreError> {
        let mut report = AppendReport::default();
        let mut logged = Vec::with_capacity(findings.len());
        let mut ids = HashSet::new();
        let mut record = Vec::new();
        let mut in_record = Vec::new();
        for finding in findings {
            if ids.contains(&finding.id)
                || pending_ids.contains(&finding.id)
                || self.known.has(&self.shelf, &finding)?
            {
                report.duplicates += 1;
                continue;
            }
            ids.insert(finding.id.clone());
            let json = finding_to_json(&finding)?;
            if !record.is_empty() && record.len() + json.len() > RECORD_BYTES {
                let sequence = self.journal.append(&record)?;
                logged.extend(in_record.drain(..).map(|(finding, size)| (finding, sequence, size)));
                record.clear();
            }
            record.extend_from_slice(&json);
            in_record.push((finding, json.len()));
        }
        if !record.is_empty() {
            let sequence = self.journal.append(&record)?;
            logged.extend(in_record.into_iter().map(|(finding, size)| (finding, sequence, size)));
        }
        report.accepted = logged.len() as u64;
        pending_ids.extend(ids);
        Ok((logged, report))
    }

    /// Waits for the disk, then shows the findings to readers and answers.
    fn commit(&mut self, pending: Vec<Pending>) {
        if pending.is_empty() {
            return;
        }
        if let Err(error) = self.journal.sync() {
            // Only one can have the error itself.
            let mut replies = pending.into_iter().map(|append| append.reply);
            if let Some(first) = replies.next() {
                drop(first.send(Err(error.into())));
            }
            return replies.for_each(|reply| drop(reply.send(Err(StoreError::Closed))));
        }
        for Pending { findings, report, reply } in pending {
            let mut contents = self.shelf.write();
            for (finding, sequence, size_bytes) in findings {
                contents.buffer.insert(finding, sequence, size_bytes);
            }
            drop(contents);
            self.duplicates += report.duplicates;
            drop(reply.send(Ok(report)));
        }
    }

    /// Whether memory holds as much as it may, so that segments are due before their time.
    fn is_full(&self, pending: &[Pending]) -> bool {
        let waiting = pending.iter().flat_map(|append| &append.findings);
        let (rows, bytes) = waiting.fold((0, 0), |(rows, bytes), (_, _, size)| (rows + 1, bytes + size));
        let buffer = &self.shelf.read().buffer;
        buffer.len() + rows >= self.options.max_buffered
            || buffer.size_bytes() + bytes >= self.options.max_buffered_bytes
    }

    fn maintain(&mut self, now: WallNs) -> Result<EventMaintenance, StoreError> {
        let in_this_hour = now.0.saturating_sub(GRACE_NS);
        let written_segments = self.flush_before(WallNs(in_this_hour - in_this_hour % HOUR_NS))?;
        let dropped = self.forget_before(WallNs(now.0.saturating_sub(self.options.retention_ns)))?;
        Ok(EventMaintenance { written_segments, dropped })
    }

    /// Writes the findings from before that time into segments, one for each hour; gives how many.
    fn flush_before(&mut self, time: WallNs) -> Result<u64, StoreError> {
        let findings: Vec<Arc<Finding>> = self.shelf.read().buffer.before(time).cloned().collect();
        let mut by_hour: BTreeMap<u64, Vec<&Finding>> = BTreeMap::new();
        for finding in &findings {
            by_hour.entry(finding.time.0 / HOUR_NS).or_default().push(finding);
        }
        let mut written = 0;
        for (hour, findings) in by_hour {
            let segment = Segment::write(&self.folder, &findings)?;
            let mut contents = self.shelf.write();
            // Readers see each finding at one place: before this in memory, after it on disk.
            contents.add(segment);
            contents.buffer.remove_before(WallNs((hour + 1).saturating_mul(HOUR_NS)).min(time));
            written += 1;
        }
        if written > 0 {
            self.forget_log()?;
        }
        Ok(written)
    }

    fn forget_before(&mut self, before: WallNs) -> Result<u64, StoreError> {
        let (gone, mut dropped) = {
            let mut contents = self.shelf.write();
            let (gone, kept): (Vec<_>, Vec<_>) =
                std::mem::take(&mut contents.segments).into_iter().partition(|s| s.last < before);
            contents.segments = kept;
            (gone, contents.buffer.remove_before(before))
        };
        if dropped > 0 {
            self.forget_log()?;
        }
        for segment in gone {
            segment.delete()?;
            dropped += segment.rows;
        }
        Ok(dropped)
    }

    /// Lets go of the log's records that no finding in memory needs.
    fn forget_log(&mut self) -> Result<(), StoreError> {
        let needed = self.shelf.read().buffer.first_sequence();
        let needed = needed.unwrap_or_else(|| self.journal.next_sequence());
        self.journal.forget_before(needed)?;
        self.journal.sync()?;
        Ok(())
    }
}

/// Knows which findings are there already.
#[derive(Default)]
pub(crate) struct KnownIds {
    /// The ids of the segments that were asked last.
    remembered: VecDeque<(PathBuf, HashSet<String>)>,
}

impl KnownIds {
    /// Whether the store has a finding with this id and time. A new finding is mostly newer than all
    /// segments, so no file is read for it.
    pub(crate) fn has(&mut self, shelf: &Shelf, finding: &Finding) -> Result<bool, StoreError> {
        let segments: Vec<Arc<Segment>> = {
            let contents = shelf.read();
            if contents.buffer.has(&finding.id) {
                return Ok(true);
            }
            let has_time = |segment: &&Arc<Segment>| (segment.first..=segment.last).contains(&finding.time);
            contents.segments.iter().filter(has_time).cloned().collect()
        };
        for segment in segments {
            if self.ids_of(shelf, &segment)?.contains(&finding.id) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn ids_of(&mut self, shelf: &Shelf, segment: &Arc<Segment>) -> Result<&HashSet<String>, StoreError> {
        let at = self.remembered.iter().position(|(path, _)| *path == segment.path);
        let entry = match at.and_then(|at| self.remembered.remove(at)) {
            Some(entry) => entry,
            None => (segment.path.clone(), read_ids(shelf, segment)?),
        };
        self.remembered.truncate(REMEMBERED_SEGMENTS - 1);
        self.remembered.push_front(entry);
        Ok(&self.remembered[0].1)
    }
}

fn read_ids(shelf: &Shelf, segment: &Arc<Segment>) -> Result<HashSet<String>, StoreError> {
    let columns = schema::columns_named(&[schema::ID]);
    let batches = shelf.read_segment(segment, &EventFilter::default(), None, usize::MAX, &columns)?;
    let mut ids = HashSet::new();
    for batch in batches.into_iter().flatten() {
        let column = Columns { batch: &batch }.texts(schema::ID)?;
        ids.extend((0..batch.num_rows()).filter_map(|row| text_at(column, row).map(str::to_owned)));
    }
    Ok(ids)
}
