//! All findings of the embedded store, for reading: those in memory and the segments.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use arrow_array::{RecordBatch, TimestampNanosecondArray, UInt8Array};
use lanner_model::finding::Finding;
use lanner_model::time::WallNs;

use super::buffer::Buffer;
use super::histogram::Histogram;
use super::row::{Columns, batch_of, priority_of, text_at};
use super::schema;
use super::segment::{Segment, SegmentError};
use super::spec::{Cursor, EventFilter, QuerySpec};
use super::store::{EventPage, SeverityCounts};
use crate::error::StoreError;
use crate::folder;
use crate::recovery::SetAside;

/// What is there. The writer changes it; everyone reads it.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) buffer: Buffer,
    /// The newest first, by the time of their last finding.
    pub(crate) segments: Vec<Arc<Segment>>,
    /// Segments that were found damaged since the store was opened.
    pub(crate) damaged: Vec<SetAside>,
}

impl Contents {
    pub(crate) fn add(&mut self, segment: Segment) {
        // Written again after a crash: the same findings, so the same name.
        self.segments.retain(|other| other.path != segment.path);
        self.segments.push(Arc::new(segment));
        self.segments.sort_by_key(|segment| std::cmp::Reverse(segment.last));
    }
}

/// The contents, shared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf(Arc<RwLock<Contents>>);

impl Shelf {
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Contents> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Contents> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page of findings.
    pub(crate) fn query(&self, spec: &QuerySpec) -> Result<EventPage, StoreError> {
        let QuerySpec { filter, after, .. } = spec;
        // One more than asked for tells whether there is a next page.
        let wanted = spec.limit.saturating_add(1);
        let columns = schema::columns_of(spec.projection);
        let (buffered, segments) = {
            let contents = self.read();
            let buffered: Vec<Arc<Finding>> =
                contents.buffer.matching(filter, after.as_ref()).take(wanted).cloned().collect();
            (buffered, contents.segments.clone())
        };
        let mut rows = Rows::default();
        let buffered: Vec<&Finding> = buffered.iter().map(Arc::as_ref).collect();
        let batch = batch_of(&buffered)?;
        let batch = batch.project(&columns).map_err(|error| StoreError::convert("a page", error))?;
        rows.add(batch)?;
        let mut page = EventPage::default();
        for segment in segments.iter().filter(|segment| segment.overlaps(filter, after.as_ref())) {
            if rows.has_newer_than(segment.last, wanted) {
                break; // all segments that follow are older
            }
            match self.read_segment(segment, filter, after.as_ref(), wanted, &columns)? {
                Some(batches) => batches.into_iter().try_for_each(|batch| rows.add(batch))?,
                None => page.damaged_segments += 1,
            }
        }
        rows.fill(&mut page, spec.limit);
        Ok(page)
    }

    /// Counts findings over time.
    pub(crate) fn histogram(
        &self,
        filter: &EventFilter,
        step_ns: u64,
    ) -> Result<Vec<SeverityCounts>, StoreError> {
        let mut histogram = Histogram::new(filter, step_ns)?;
        let segments = {
            let contents = self.read();
            for finding in contents.buffer.matching(filter, None) {
                histogram.add(finding.time, finding.priority);
            }
            contents.segments.clone()
        };
        let columns = schema::columns_named(&[schema::TIME, schema::PRIORITY]);
        for segment in segments.iter().filter(|segment| segment.overlaps(filter, None)) {
            let batches = self.read_segment(segment, filter, None, usize::MAX, &columns)?;
            for batch in batches.into_iter().flatten() {
                let columns = Columns { batch: &batch };
                let time = columns.of::<TimestampNanosecondArray>(schema::TIME)?;
                let priority = columns.of::<UInt8Array>(schema::PRIORITY)?;
                let (Some(time), Some(priority)) = (time, priority) else { continue };
                for (time, priority) in time.values().iter().zip(priority.values()) {
                    histogram.add(WallNs(*time as u64), priority_of(*priority));
                }
            }
        }
        Ok(histogram.finish())
    }

    /// One finding.
    pub(crate) fn get(&self, id: &str) -> Result<Option<Finding>, StoreError> {
        if let Some(finding) = self.read().buffer.get(id) {
            return Ok(Some(Finding::clone(&finding)));
        }
        let ids = vec![id.to_owned()];
        // An id begins with its time (`Finding::make_id`): one segment, where that is so.
        let time = id.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok());
        if let Some(time) = time {
            let (from, to) = (WallNs(time), WallNs(time.saturating_add(1)));
            let filter = EventFilter { from, to, ids: ids.clone(), ..EventFilter::default() };
            let found = self.first(filter)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        self.first(EventFilter { ids, ..EventFilter::default() })
    }

    fn first(&self, filter: EventFilter) -> Result<Option<Finding>, StoreError> {
        let page = self.query(&QuerySpec { filter, limit: 1, ..QuerySpec::default() })?;
        Ok(page.findings()?.into_iter().next())
    }

    /// Reads a segment; `None` when it is damaged. It is set aside then, and not asked again.
    pub(crate) fn read_segment(
        &self,
        segment: &Arc<Segment>,
        filter: &EventFilter,
        after: Option<&Cursor>,
        limit: usize,
        columns: &[usize],
    ) -> Result<Option<Vec<RecordBatch>>, StoreError> {
        match segment.read(filter, after, limit, columns) {
            Ok(batches) => Ok(Some(batches)),
            Err(SegmentError::Damaged(reason)) => {
                self.set_aside(segment, reason);
                Ok(None)
            }
            Err(SegmentError::Failed(StoreError::Read { source, .. }))
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                // Retention deleted it since we looked: nothing is missing. Else someone else did.
                let is_listed = self.read().segments.iter().any(|other| other.path == segment.path);
                if is_listed {
                    self.set_aside(segment, "it is gone".to_owned());
                }
                Ok((!is_listed).then(Vec::new))
            }
            Err(SegmentError::Failed(error)) => Err(error),
        }
    }

    /// Takes a damaged segment out of the list and renames its file.
    fn set_aside(&self, segment: &Segment, reason: String) {
        let mut contents = self.write();
        let before = contents.segments.len();
        contents.segments.retain(|other| other.path != segment.path);
        if contents.segments.len() == before {
            return; // another reader was faster
        }
        // A file that cannot be renamed stays where it is and is found damaged again after a restart.
        let path = folder::set_aside(&segment.path).unwrap_or_else(|_| segment.path.clone());
        contents.damaged.push(SetAside { path, reason });
    }
}

/// Rows of several batches, to be put in order.
#[derive(Default)]
struct Rows {
    batches: Vec<RecordBatch>,
    /// The place of each row in the order of pages, its batch and its number there.
    places: Vec<(Cursor, usize, usize)>,
}

impl Rows {
    fn add(&mut self, batch: RecordBatch) -> Result<(), StoreError> {
        let columns = Columns { batch: &batch };
        let time = columns.of::<TimestampNanosecondArray>(schema::TIME)?;
        let id = columns.texts(schema::ID)?;
        for row in 0..batch.num_rows() {
            let time = WallNs(time.map_or(0, |column| column.value(row)) as u64);
            let id = text_at(id, row).unwrap_or("").to_owned();
            self.places.push((Cursor { time, id }, self.batches.len(), row));
        }
        self.batches.push(batch);
        Ok(())
    }

    /// Whether so many rows are newer than that time that nothing as old can be on the page.
    fn has_newer_than(&self, time: WallNs, wanted: usize) -> bool {
        self.places.len() >= wanted
            && self.places.iter().filter(|(place, ..)| place.time > time).count() >= wanted
    }

    /// Puts the newest rows on the page, as slices of the batches they are in.
    fn fill(mut self, page: &mut EventPage, limit: usize) {
        self.places.sort_by(|a, b| b.0.cmp(&a.0));
        let has_more = self.places.len() > limit;
        self.places.truncate(limit);
        if has_more {
            page.next = self.places.last().map(|(place, ..)| place.clone());
        }
        let follows = |a: &(Cursor, usize, usize), b: &(Cursor, usize, usize)| b.1 == a.1 && b.2 == a.2 + 1;
        for run in self.places.chunk_by(follows) {
            if let Some((_, batch, row)) = run.first() {
                page.batches.push(self.batches[*batch].slice(*row, run.len()));
            }
        }
    }
}
