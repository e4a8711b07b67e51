//! The head as a file, so that the write-ahead log before it can go
//! (`docs/formats/series-head.md`).

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lanner_journal::Sequence;
use lanner_model::time::WallMs;

use super::chunk::{CHUNK_SAMPLES, Chunk};
use super::log::{put_labels, take_labels};
use super::series::{SeriesId, SeriesView};
use crate::encoding::{Input, put_bytes, put_int, put_uint};
use crate::error::StoreError;
use crate::folder::Aside;

/// What checkpoints end in.
pub(crate) const EXTENSION: &str = "series";
const MAGIC: [u8; 8] = *b"LANNERC\n";
const VERSION: u32 = 1;
const HEADER_BYTES: usize = 32;
/// A frame is closed when it has this many bytes.
const FRAME_BYTES: usize = 1 << 20;
/// No frame is longer: a series is never larger than this, so a longer one is damage.
const FRAME_LIMIT: u32 = 1 << 30;
const KIND_SERIES: u8 = 1;
const KIND_END: u8 = 2;

/// The head at one moment.
pub(crate) struct Snapshot {
    /// The last record of the write-ahead log that is in it.
    pub(crate) covers: Sequence,
    /// The number the next new series gets.
    pub(crate) next_id: SeriesId,
    pub(crate) series: Vec<SeriesView>,
}

/// A checkpoint that was read.
pub(crate) struct Loaded {
    pub(crate) snapshot: Snapshot,
    /// What was wrong with it; everything that was right is in the snapshot.
    pub(crate) damage: Option<String>,
    pub(crate) size_bytes: u64,
}

/// Where the checkpoint that covers the log up to this record lies.
pub(crate) fn path(folder: &Path, covers: Sequence) -> PathBuf {
    folder.join(format!("{:020}.{EXTENSION}", covers.0))
}

/// Writes a checkpoint; gives its size in bytes.
pub(crate) fn write(folder: &Path, snapshot: &Snapshot) -> Result<u64, StoreError> {
    let target = path(folder, snapshot.covers);
    let written = Aside::begin(folder).and_then(|mut file| {
        let size_bytes = write_to(&mut file, snapshot)?;
        file.finish(&target)?;
        Ok(size_bytes)
    });
    written.map_err(|source| StoreError::write(&target, source))
}

fn write_to(file: &mut impl Write, snapshot: &Snapshot) -> io::Result<u64> {
    let mut header = Vec::with_capacity(HEADER_BYTES);
    header.extend_from_slice(&MAGIC);
    header.extend_from_slice(&VERSION.to_le_bytes());
    header.extend_from_slice(&snapshot.covers.0.to_le_bytes());
    header.extend_from_slice(&snapshot.next_id.0.to_le_bytes());
    let checksum = crc32fast::hash(&header);
    header.extend_from_slice(&checksum.to_le_bytes());
    file.write_all(&header)?;
    let mut size_bytes = header.len() as u64;

    let mut frame = vec![KIND_SERIES];
    for series in &snapshot.series {
        put_series(&mut frame, series);
        if frame.len() >= FRAME_BYTES {
            size_bytes += write_frame(file, &frame)?;
            frame.truncate(1);
        }
    }
    if frame.len() > 1 {
        size_bytes += write_frame(file, &frame)?;
    }
    let mut end = vec![KIND_END];
    put_uint(&mut end, snapshot.series.len() as u64);
    size_bytes += write_frame(file, &end)?;
    Ok(size_bytes)
}

fn write_frame(file: &mut impl Write, frame: &[u8]) -> io::Result<u64> {
    file.write_all(&(frame.len() as u32).to_le_bytes())?;
    file.write_all(&crc32fast::hash(frame).to_le_bytes())?;
    file.write_all(frame)?;
    Ok(8 + frame.len() as u64)
}

fn put_series(out: &mut Vec<u8>, series: &SeriesView) {
    put_uint(out, series.id.0);
    put_labels(out, &series.labels);
    put_uint(out, series.chunks.len() as u64);
    for chunk in &series.chunks {
        put_int(out, chunk.first.0);
        put_uint(out, chunk.last.0.wrapping_sub(chunk.first.0) as u64);
        put_uint(out, u64::from(chunk.count));
        put_bytes(out, &chunk.bytes);
    }
}

/// Which part of the log the checkpoint of this name covers; `None` when it is no checkpoint's name.
pub(crate) fn covers(path: &Path) -> Option<Sequence> {
    let digits = path.file_stem()?.to_str()?;
    digits.parse().ok().map(Sequence)
}

/// Reads a checkpoint as far as it is good. `covers` is what its name says.
pub(crate) fn read(path: &Path, covers: Sequence) -> Result<Loaded, StoreError> {
    let read_failed = |source| StoreError::read(path, source);
    let mut file = BufReader::with_capacity(256 << 10, File::open(path).map_err(read_failed)?);
    let mut header = Vec::new();
    (&mut file).take(HEADER_BYTES as u64).read_to_end(&mut header).map_err(read_failed)?;
    let parsed = parse_header(&header).filter(|(_, in_file, _)| *in_file == covers);
    if let Some((version, ..)) = parsed
        && version > VERSION
    {
        return Err(StoreError::Version { path: path.to_owned(), version, newest: VERSION });
    }
    // Without its header a checkpoint is of use, too: the name says what it covers, and the numbers
    // in it say where to go on.
    let next_id = parsed.map_or(SeriesId(1), |(_, _, next_id)| next_id);
    let mut loaded = Loaded {
        snapshot: Snapshot { covers, next_id, series: Vec::new() },
        damage: None,
        size_bytes: header.len() as u64,
    };
    read_frames(&mut file, &mut loaded).map_err(read_failed)?;
    if parsed.is_none() {
        loaded.damage.get_or_insert_with(|| "its header is damaged".to_owned());
    }
    Ok(loaded)
}

fn parse_header(bytes: &[u8]) -> Option<(u32, Sequence, SeriesId)> {
    let (magic, rest) = bytes.split_first_chunk::<8>()?;
    let (version, rest) = rest.split_first_chunk::<4>()?;
    let (covers, rest) = rest.split_first_chunk::<8>()?;
    let (next_id, rest) = rest.split_first_chunk::<8>()?;
    let checksum = rest.first_chunk::<4>()?;
    let good = *magic == MAGIC && u32::from_le_bytes(*checksum) == crc32fast::hash(&bytes[..28]);
    good.then(|| {
        let covers = Sequence(u64::from_le_bytes(*covers));
        (u32::from_le_bytes(*version), covers, SeriesId(u64::from_le_bytes(*next_id)))
    })
}

fn read_frames(file: &mut impl Read, loaded: &mut Loaded) -> io::Result<()> {
    let mut bad_frames = 0;
    let mut total = None;
    while total.is_none() {
        let mut prefix = Vec::new();
        file.take(8).read_to_end(&mut prefix)?;
        let [a, b, c, d, e, f, g, h] = prefix[..] else { break };
        let length = u32::from_le_bytes([a, b, c, d]);
        let checksum = u32::from_le_bytes([e, f, g, h]);
        if length > FRAME_LIMIT {
            break;
        }
        let mut frame = Vec::new();
        file.take(u64::from(length)).read_to_end(&mut frame)?;
        loaded.size_bytes += 8 + frame.len() as u64;
        let is_good = frame.len() == length as usize && crc32fast::hash(&frame) == checksum;
        match is_good.then(|| frame.split_first()).flatten() {
            Some((&KIND_SERIES, body)) => match take_all_series(body) {
                Some(series) => loaded.snapshot.series.extend(series),
                None => bad_frames += 1,
            },
            Some((&KIND_END, body)) => total = Input(body).uint(),
            _ => bad_frames += 1,
        }
    }
    let found = loaded.snapshot.series.len() as u64;
    loaded.damage = match total {
        Some(total) if total == found => None,
        Some(total) => Some(format!("{} of its {total} series are damaged", total.saturating_sub(found))),
        None => Some(format!("its end is missing; {found} series are good, {bad_frames} frames are not")),
    };
    Ok(())
}

fn take_all_series(body: &[u8]) -> Option<Vec<SeriesView>> {
    let mut input = Input(body);
    let mut all = Vec::new();
    while !input.0.is_empty() {
        all.push(take_series(&mut input)?);
    }
    Some(all)
}

fn take_series(input: &mut Input<'_>) -> Option<SeriesView> {
    let id = SeriesId(input.uint()?);
    let labels = take_labels(input)?;
    let count = input.count()?;
    let chunks = (0..count).map(|_| {
        let first = input.int()?;
        let last = first.wrapping_add(input.uint()? as i64);
        let count = u16::try_from(input.uint()?).ok().filter(|count| *count <= CHUNK_SAMPLES)?;
        let bytes = input.bytes()?.into();
        Some(Arc::new(Chunk { first: WallMs(first), last: WallMs(last), count, bytes }))
    });
    Some(SeriesView { id, labels, chunks: chunks.collect::<Option<Vec<_>>>()? })
}
