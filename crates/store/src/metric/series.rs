//! One series in the head.

use std::sync::Arc;

use lanner_model::series::Labels;
use lanner_model::time::WallMs;

use super::chunk::{CHUNK_SAMPLES, Chunk, OpenChunk};

/// The number of a series in one store. Never used again for other labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SeriesId(pub(crate) u64);

/// What became of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Appended {
    Accepted,
    Duplicate,
    OutOfOrder,
}

/// A series: full chunks, and one that grows.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) labels: Labels,
    /// Whether the write-ahead log says which labels this number has.
    pub(crate) is_logged: bool,
    full: Vec<Arc<Chunk>>,
    open: OpenChunk,
}

/// A series as it was at one moment; chunks are shared, not copied.
#[derive(Clone, Debug)]
pub(crate) struct SeriesView {
    pub(crate) id: SeriesId,
    pub(crate) labels: Labels,
    pub(crate) chunks: Vec<Arc<Chunk>>,
}

impl Series {
    pub(crate) fn new(labels: Labels) -> Series {
        Series { labels, is_logged: false, full: Vec::new(), open: OpenChunk::default() }
    }

    /// A series with these chunks; the last one goes on growing when it is not full.
    pub(crate) fn restored(labels: Labels, mut chunks: Vec<Arc<Chunk>>) -> Series {
        let mut open = OpenChunk::default();
        if chunks.last().is_some_and(|last| last.count < CHUNK_SAMPLES)
            && let Some(last) = chunks.pop()
        {
            for (time, value) in last.points() {
                open.push(time, value);
            }
        }
        Series { labels, is_logged: true, full: chunks, open }
    }

    /// When its newest sample was.
    pub(crate) fn last(&self) -> Option<WallMs> {
        self.open.last().or_else(|| self.full.last().map(|chunk| chunk.last))
    }

    /// When its oldest sample was.
    pub(crate) fn first(&self) -> Option<WallMs> {
        self.full.first().map(|chunk| chunk.first).or_else(|| self.open.first())
    }

    pub(crate) fn append(&mut self, time: WallMs, value: f64) -> Appended {
        if self.last().is_some_and(|last| time <= last) {
            return if self.has(time, value) { Appended::Duplicate } else { Appended::OutOfOrder };
        }
        if self.open.is_full_for(time) {
            self.full.extend(self.open.chunk().map(Arc::new));
            self.open = self.open.successor();
        }
        self.open.push(time, value);
        Appended::Accepted
    }

    /// Whether just this sample is there.
    fn has(&self, time: WallMs, value: f64) -> bool {
        let has = |chunk: &Chunk| {
            let mut points = chunk.points();
            points.any(|(at, found)| at == time && found.to_bits() == value.to_bits())
        };
        if self.open.chunk().is_some_and(|chunk| chunk.overlaps(time, time) && has(&chunk)) {
            return true;
        }
        let at = self.full.partition_point(|chunk| chunk.last < time);
        self.full.get(at).is_some_and(|chunk| chunk.overlaps(time, time) && has(chunk))
    }

    /// The chunks that may have samples in the range.
    pub(crate) fn chunks(&self, from: WallMs, to: WallMs) -> Vec<Arc<Chunk>> {
        let begin = self.full.partition_point(|chunk| chunk.last < from);
        let full = self.full[begin..].iter().take_while(|chunk| chunk.first <= to).cloned();
        let open_is_asked =
            self.open.first().is_some_and(|first| first <= to) && self.open.last() >= Some(from);
        let open = open_is_asked.then(|| self.open.chunk()).flatten().map(Arc::new);
        full.chain(open).collect()
    }

    /// Whether it may have samples in the range.
    pub(crate) fn overlaps(&self, from: WallMs, to: WallMs) -> bool {
        self.first().is_some_and(|first| first <= to) && self.last().is_some_and(|last| last >= from)
    }

    /// Drops full chunks whose samples are all before `oldest`; gives how many samples went. An
    /// open chunk stays as long as its newest sample counts.
    pub(crate) fn drop_before(&mut self, oldest: WallMs) -> u64 {
        let gone = self.full.partition_point(|chunk| chunk.last < oldest);
        let mut samples: u64 = self.full.drain(..gone).map(|chunk| u64::from(chunk.count)).sum();
        if self.open.last().is_some_and(|last| last < oldest) {
            samples += u64::from(self.open.count());
            self.open = OpenChunk::default();
        }
        samples
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.full.is_empty() && self.open.count() == 0
    }

    /// Samples, and bytes of their chunks.
    pub(crate) fn size(&self) -> (u64, u64) {
        let full = self.full.iter().fold((0, 0), |(samples, bytes), chunk| {
            (samples + u64::from(chunk.count), bytes + chunk.bytes.len() as u64)
        });
        (full.0 + u64::from(self.open.count()), full.1 + self.open.size_bytes() as u64)
    }
}
