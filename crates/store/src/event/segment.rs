//! A segment: findings of one hour in a Parquet file that never changes
//! (`docs/formats/event-segment.md`).

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use lanner_model::finding::Finding;
use lanner_model::time::WallNs;
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowPredicateFn, ParquetRecordBatchReaderBuilder, RowFilter};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{KeyValue, RowGroupMetaData};
use parquet::file::properties::WriterProperties;
use parquet::file::statistics::Statistics;

use super::filter;
use super::row::{batch_of, nanos};
use super::schema;
use super::spec::{Cursor, EventFilter};
use crate::error::StoreError;
use crate::folder::{self, Aside};

/// What segments end in.
pub(crate) const EXTENSION: &str = "parquet";
/// The version of the columns; its key in the file's metadata.
const VERSION: u32 = 1;
const VERSION_KEY: &str = "lanner.version";
/// Small enough that a page of a list reads little, large enough to compress.
const ROW_GROUP_ROWS: usize = 4096;
const BATCH_ROWS: usize = 1024;

/// A segment's file and what its name says.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    /// The time of its oldest finding.
    pub(crate) first: WallNs,
    /// The time of its newest finding.
    pub(crate) last: WallNs,
    pub(crate) rows: u64,
    pub(crate) size_bytes: u64,
    checksum: u32,
    is_verified: AtomicBool,
}

/// Why a segment gave nothing.
#[derive(Debug)]
pub(crate) enum SegmentError {
    /// It is damaged; the text says how it was seen.
    Damaged(String),
    /// It could not be read, or is of a newer Lanner.
    Failed(StoreError),
}

impl Segment {
    /// A segment by its file; `None` when the name is not one of a segment.
    pub(crate) fn from_path(path: &Path) -> Option<Segment> {
        let size_bytes = path.metadata().ok()?.len();
        let mut parts = path.file_stem()?.to_str()?.split('-');
        let first = WallNs(u64::from_str_radix(parts.next()?, 16).ok()?);
        let last = WallNs(u64::from_str_radix(parts.next()?, 16).ok()?);
        let rows = parts.next()?.parse().ok()?;
        let checksum = u32::from_str_radix(parts.next()?, 16).ok()?;
        let is_verified = AtomicBool::new(false);
        let segment = Segment { path: path.to_owned(), first, last, rows, size_bytes, checksum, is_verified };
        parts.next().is_none().then_some(segment)
    }

    /// Writes findings, the newest first, as a segment: it is there, whole and on the disk, when this
    /// returns, or not at all.
    pub(crate) fn write(folder: &Path, findings: &[&Finding]) -> Result<Segment, StoreError> {
        let mut newest_first = findings.to_vec();
        newest_first.sort_by(|a, b| (b.time, &b.id).cmp(&(a.time, &a.id)));
        let first = newest_first.last().map_or(WallNs(0), |finding| finding.time);
        let last = newest_first.first().map_or(WallNs(0), |finding| finding.time);
        let rows = newest_first.len() as u64;

        let write_failed = |source| StoreError::write(folder, source);
        let aside = Aside::begin(folder).map_err(write_failed)?;
        let file = Checksummed { inner: aside, checksum: crc32fast::Hasher::new(), size_bytes: 0 };
        let parquet_failed =
            |error: parquet::errors::ParquetError| StoreError::write(folder, io::Error::other(error));
        let mut writer =
            ArrowWriter::try_new(file, schema::event_schema(), Some(properties())).map_err(parquet_failed)?;
        for part in newest_first.chunks(ROW_GROUP_ROWS) {
            writer.write(&batch_of(part)?).map_err(parquet_failed)?;
        }
        let file = writer.into_inner().map_err(parquet_failed)?;
        let (size_bytes, checksum) = (file.size_bytes, file.checksum.finalize());
        let name = format!("{:016x}-{:016x}-{rows}-{checksum:08x}.{EXTENSION}", first.0, last.0);
        let path = folder.join(name);
        file.inner.finish(&path).map_err(|source| StoreError::write(&path, source))?;
        Ok(Segment { path, first, last, rows, size_bytes, checksum, is_verified: AtomicBool::new(true) })
    }

    /// Whether any of its findings can lie in the filter's time, and before the cursor's.
    pub(crate) fn overlaps(&self, filter: &EventFilter, after: Option<&Cursor>) -> bool {
        self.first < filter.to
            && self.last >= filter.from
            && after.is_none_or(|after| self.first <= after.time)
    }

    /// The first `limit` rows that are asked for, the newest first, with these columns.
    pub(crate) fn read(
        &self,
        filter: &EventFilter,
        after: Option<&Cursor>,
        limit: usize,
        columns: &[usize],
    ) -> Result<Vec<RecordBatch>, SegmentError> {
        self.verify()?;
        let damaged = |error: parquet::errors::ParquetError| SegmentError::Damaged(error.to_string());
        let file = File::open(&self.path).map_err(|source| self.failed(source))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(damaged)?;
        let metadata = builder.metadata();
        self.check_version(metadata.file_metadata().key_value_metadata())?;
        let groups = metadata.row_groups().iter().enumerate();
        let groups: Vec<usize> =
            groups.filter(|(_, group)| may_have(group, filter, after)).map(|(at, _)| at).collect();
        let looked_at = ProjectionMask::roots(builder.parquet_schema(), filter::columns_of(filter));
        // A segment of an earlier version ends before the newest columns.
        let there = builder.schema().fields().len();
        let columns = columns.iter().copied().filter(|column| *column < there);
        let wanted = ProjectionMask::roots(builder.parquet_schema(), columns);
        let (filter, after) = (filter.clone(), after.cloned());
        let predicate = ArrowPredicateFn::new(looked_at, move |batch| {
            filter::rows(&filter, after.as_ref(), &batch)
                .map_err(|error| ArrowError::ExternalError(Box::new(error)))
        });
        let reader = builder
            .with_row_groups(groups)
            .with_row_filter(RowFilter::new(vec![Box::new(predicate)]))
            .with_projection(wanted)
            .with_batch_size(BATCH_ROWS.min(limit.max(1)))
            .with_limit(limit)
            .build()
            .map_err(damaged)?;
        reader.collect::<Result<Vec<_>, _>>().map_err(|error| SegmentError::Damaged(error.to_string()))
    }

    /// Compares the file with the checksum in its name, once. Parquet has checksums per page, but a
    /// reader of damaged metadata may do anything, so not a byte is parsed before.
    fn verify(&self) -> Result<(), SegmentError> {
        if self.is_verified.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut file = File::open(&self.path).map_err(|source| self.failed(source))?;
        let mut checksum = crc32fast::Hasher::new();
        let mut buffer = vec![0; 256 << 10];
        loop {
            match file.read(&mut buffer).map_err(|source| self.failed(source))? {
                0 => break,
                length => checksum.update(&buffer[..length]),
            }
        }
        if checksum.finalize() != self.checksum {
            return Err(SegmentError::Damaged("its bytes do not fit the checksum in its name".to_owned()));
        }
        self.is_verified.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn check_version(&self, metadata: Option<&Vec<KeyValue>>) -> Result<(), SegmentError> {
        let version = metadata.into_iter().flatten().find(|pair| pair.key == VERSION_KEY);
        let version = version.and_then(|pair| pair.value.as_deref()?.parse().ok()).unwrap_or(0);
        if version > VERSION {
            let path = self.path.clone();
            return Err(SegmentError::Failed(StoreError::Version { path, version, newest: VERSION }));
        }
        Ok(())
    }

    fn failed(&self, source: io::Error) -> SegmentError {
        SegmentError::Failed(StoreError::read(&self.path, source))
    }

    pub(crate) fn delete(&self) -> Result<(), StoreError> {
        folder::delete(&self.path).map_err(|source| StoreError::write(&self.path, source))
    }
}

fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_created_by(concat!("lanner ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new(VERSION_KEY.to_owned(), VERSION.to_string())]))
        .build()
}

/// Whether a row group can have what is asked for, by its statistics.
fn may_have(group: &RowGroupMetaData, filter: &EventFilter, after: Option<&Cursor>) -> bool {
    let statistics = |name: &str| {
        let column = group.columns().iter().find(|column| column.column_path().string() == name);
        column.and_then(|column| column.statistics())
    };
    if let Some(Statistics::Int64(time)) = statistics(schema::TIME)
        && let (Some(min), Some(max)) = (time.min_opt(), time.max_opt())
    {
        let is_outside = *min >= nanos(filter.to)
            || *max < nanos(filter.from)
            || after.is_some_and(|after| *min > nanos(after.time));
        if is_outside {
            return false;
        }
    }
    if let Some(Statistics::ByteArray(ids)) = statistics(schema::ID)
        && let (Some(min), Some(max)) = (ids.min_opt(), ids.max_opt())
        && !filter.ids.is_empty()
    {
        // Long ids are cut in statistics, but so that all ids still lie between.
        return filter.ids.iter().any(|id| (min.data()..=max.data()).contains(&id.as_bytes()));
    }
    true
}

/// A file whose checksum is known when it is written.
struct Checksummed {
    inner: Aside,
    checksum: crc32fast::Hasher,
    size_bytes: u64,
}

impl Write for Checksummed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.checksum.update(&bytes[..written]);
        self.size_bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
