//! About 120 samples of one series in a few hundred bytes.
//!
//! The scheme is that of Facebook's Gorilla (Pelkonen et al., VLDB 2015): times as the change of
//! their distance, which is 0 for a regular series, and values as the bits that differ from the
//! value before. `docs/formats/series-head.md` has the exact bits. Every `i64` time and every `f64`,
//! NaN payloads included, comes back as it was.

use lanner_model::time::WallMs;

use super::bits::{BitReader, BitWriter};

/// A chunk with this many samples is full.
pub(crate) const CHUNK_SAMPLES: u16 = 120;
/// A chunk that would span more time is full, too, so that retention can drop it.
const CHUNK_SPAN_MS: i64 = 2 * 3600 * 1000;

/// Bits of a distance's change, by prefix `10`, `110`, `1110`. 7 bits take the jitter of a timer,
/// 14 a late scrape, 20 a missed minute.
const TIME_BITS: [u8; 3] = [7, 14, 20];
/// Bits of the count of leading zeros (at most 31 are used), and of the length less one.
const LEADING_BITS: u8 = 5;
const LENGTH_BITS: u8 = 6;

/// A chunk that nothing is added to any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) first: WallMs,
    pub(crate) last: WallMs,
    pub(crate) count: u16,
    pub(crate) bytes: Box<[u8]>,
}

impl Chunk {
    /// Its samples, the oldest first; fewer than [`Chunk::count`] if the bytes are damaged.
    pub(crate) fn points(&self) -> Points<'_> {
        Points::new(self.first, self.count, &self.bytes)
    }

    /// Whether any of its samples can lie in the range.
    pub(crate) fn overlaps(&self, from: WallMs, to: WallMs) -> bool {
        self.first <= to && self.last >= from
    }
}

/// A chunk that grows.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenChunk {
    bits: BitWriter,
    first: WallMs,
    count: u16,
    state: State,
}

/// What the coding of the next sample depends on.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    time: i64,
    delta: i64,
    value: u64,
    /// The bits that the last coded difference was given room for: leading zeros and length; a
    /// length of 0 before the first.
    window: (u8, u8),
}

impl OpenChunk {
    pub(crate) fn count(&self) -> u16 {
        self.count
    }

    /// When its oldest sample was; `None` when it is empty.
    pub(crate) fn first(&self) -> Option<WallMs> {
        (self.count > 0).then_some(self.first)
    }

    /// When its newest sample was; `None` when it is empty.
    pub(crate) fn last(&self) -> Option<WallMs> {
        (self.count > 0).then_some(WallMs(self.state.time))
    }

    /// Whether a sample at this time, which is later than all in it, must go into the next chunk.
    pub(crate) fn is_full_for(&self, time: WallMs) -> bool {
        self.count >= CHUNK_SAMPLES || (self.count > 0 && time.0.saturating_sub(self.first.0) > CHUNK_SPAN_MS)
    }

    /// An empty chunk with room for about as many bytes as this one has: the next chunk of a series
    /// will be like the last, and growing it step by step leaves holes in the heap.
    pub(crate) fn successor(&self) -> OpenChunk {
        OpenChunk { bits: BitWriter::with_capacity(self.size_bytes()), ..OpenChunk::default() }
    }

    /// Adds a sample.
    pub(crate) fn push(&mut self, time: WallMs, value: f64) {
        let value = value.to_bits();
        if self.count == 0 {
            self.first = time;
            self.state = State { time: time.0, delta: 0, value, window: (0, 0) };
            self.bits.put(value, 64);
        } else {
            self.put_time(time.0);
            self.put_value(value);
        }
        self.count += 1;
    }

    /// The same samples as a chunk of its own; `None` when there are none.
    pub(crate) fn chunk(&self) -> Option<Chunk> {
        let last = self.last()?;
        Some(Chunk { first: self.first, last, count: self.count, bytes: self.bits.bytes().into() })
    }

    pub(crate) fn size_bytes(&self) -> usize {
        self.bits.bytes().len()
    }

    fn put_time(&mut self, time: i64) {
        // Wrapping, so that any two times can follow each other.
        let delta = time.wrapping_sub(self.state.time);
        let change = delta.wrapping_sub(self.state.delta);
        self.state.time = time;
        self.state.delta = delta;
        if change == 0 {
            return self.bits.put(0, 1);
        }
        for (at, bits) in TIME_BITS.into_iter().enumerate() {
            let half = 1i64 << (bits - 1);
            if (-half..half).contains(&change) {
                // 10, 110 or 1110
                let prefix_bits = at as u8 + 2;
                self.bits.put((1 << prefix_bits) - 2, prefix_bits);
                return self.bits.put(change as u64, bits);
            }
        }
        self.bits.put(0b1111, 4);
        self.bits.put(change as u64, 64);
    }

    fn put_value(&mut self, value: u64) {
        let difference = value ^ self.state.value;
        self.state.value = value;
        if difference == 0 {
            return self.bits.put(0, 1);
        }
        let leading = (difference.leading_zeros() as u8).min(31);
        let trailing = difference.trailing_zeros() as u8;
        let length = 64 - leading - trailing;
        let (window_leading, window_length) = self.state.window;
        let fits =
            window_length > 0 && leading >= window_leading && trailing >= 64 - window_leading - window_length;
        // Saying a new window costs 11 bits; a far too wide one costs more.
        if fits && window_length <= length + LEADING_BITS + LENGTH_BITS {
            self.bits.put(0b10, 2);
            return self.bits.put(difference >> (64 - window_leading - window_length), window_length);
        }
        self.state.window = (leading, length);
        self.bits.put(0b11, 2);
        self.bits.put(u64::from(leading), LEADING_BITS);
        self.bits.put(u64::from(length - 1), LENGTH_BITS);
        self.bits.put(difference >> trailing, length);
    }
}

/// Reads the samples of a chunk.
pub(crate) struct Points<'a> {
    bits: BitReader<'a>,
    left: u16,
    is_first: bool,
    state: State,
}

impl<'a> Points<'a> {
    fn new(first: WallMs, count: u16, bytes: &'a [u8]) -> Points<'a> {
        let state = State { time: first.0, ..State::default() };
        Points { bits: BitReader::new(bytes), left: count, is_first: true, state }
    }

    fn read(&mut self) -> Option<(WallMs, f64)> {
        if self.is_first {
            self.is_first = false;
            self.state.value = self.bits.take(64)?;
        } else {
            self.read_time()?;
            self.read_value()?;
        }
        Some((WallMs(self.state.time), f64::from_bits(self.state.value)))
    }

    fn read_time(&mut self) -> Option<()> {
        let mut ones = 0;
        while ones < 4 && self.bits.bit()? {
            ones += 1;
        }
        let change = match ones {
            0 => 0,
            4 => self.bits.take(64)? as i64,
            _ => {
                let bits = TIME_BITS[ones - 1];
                // The highest of the bits is the sign.
                let unused = 64 - u32::from(bits);
                (self.bits.take(bits)? << unused) as i64 >> unused
            }
        };
        self.state.delta = self.state.delta.wrapping_add(change);
        self.state.time = self.state.time.wrapping_add(self.state.delta);
        Some(())
    }

    fn read_value(&mut self) -> Option<()> {
        if !self.bits.bit()? {
            return Some(());
        }
        if self.bits.bit()? {
            let leading = self.bits.take(LEADING_BITS)? as u8;
            let length = self.bits.take(LENGTH_BITS)? as u8 + 1;
            self.state.window = (leading, length);
        }
        let (leading, length) = self.state.window;
        let trailing = 64u8.checked_sub(leading)?.checked_sub(length)?;
        self.state.value ^= self.bits.take(length)?.checked_shl(u32::from(trailing))?;
        Some(())
    }
}

impl Iterator for Points<'_> {
    type Item = (WallMs, f64);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let point = self.read();
        if point.is_none() {
            self.left = 0;
        }
        point
    }
}

#[cfg(test)]
mod tests {
    use lanner_model::series::STALE_NAN;
    use proptest::prelude::*;

    use super::*;

    fn chunk(points: &[(i64, f64)]) -> Chunk {
        let mut open = OpenChunk::default();
        for (time, value) in points {
            open.push(WallMs(*time), *value);
        }
        open.chunk().expect("at least one point")
    }

    /// Coded and decoded, points are the same to the bit; gives the bytes per sample.
    fn check(points: &[(i64, f64)]) -> f64 {
        let chunk = chunk(points);
        let back: Vec<(i64, u64)> = chunk.points().map(|(time, value)| (time.0, value.to_bits())).collect();
        let given: Vec<(i64, u64)> = points.iter().map(|(time, value)| (*time, value.to_bits())).collect();
        assert_eq!(back, given);
        chunk.bytes.len() as f64 / points.len() as f64
    }

    fn every_ten_seconds(value: impl Fn(i64) -> f64) -> Vec<(i64, f64)> {
        (0..120).map(|n| (1_700_000_000_000 + n * 10_000, value(n))).collect()
    }

    #[test]
    fn a_constant_takes_a_quarter_byte() {
        assert!(check(&every_ten_seconds(|_| 42.0)) < 0.35);
    }

    #[test]
    fn a_counter_takes_about_two_bytes() {
        let per_sample = check(&every_ten_seconds(|n| (1_000_000 + n * 512 + n % 7) as f64));
        assert!(per_sample < 2.5, "{per_sample}");
    }

    #[test]
    fn jitter_of_a_few_milliseconds_takes_about_a_byte() {
        let jitter: Vec<(i64, f64)> =
            (0..120).map(|n| (1_700_000_000_000 + n * 10_000 + n * 7 % 13, 1.0)).collect();
        let per_sample = check(&jitter);
        assert!(per_sample < 1.5, "{per_sample}");
    }

    #[test]
    fn noise_in_all_bits_takes_little_more_than_its_eight_bytes() {
        let mut state = 7u64;
        let noise: Vec<(i64, f64)> = (0..120)
            .map(|n| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (n * 10_000, f64::from_bits(state))
            })
            .collect();
        let per_sample = check(&noise);
        assert!(per_sample < 8.6, "{per_sample}");
    }

    #[test]
    fn the_stale_marker_keeps_its_bits() {
        check(&[(0, 1.0), (1, f64::from_bits(STALE_NAN)), (2, f64::NAN), (3, -0.0), (4, 0.0)]);
    }

    #[test]
    fn a_chunk_is_full_by_count_and_by_span() {
        let mut open = OpenChunk::default();
        assert!(!open.is_full_for(WallMs(i64::MAX)));
        open.push(WallMs(0), 1.0);
        assert!(!open.is_full_for(WallMs(CHUNK_SPAN_MS)));
        assert!(open.is_full_for(WallMs(CHUNK_SPAN_MS + 1)));
        for n in 1..i64::from(CHUNK_SAMPLES) {
            open.push(WallMs(n), 1.0);
        }
        assert!(open.is_full_for(WallMs(500)));
    }

    #[test]
    fn the_bits_are_those_of_the_format_page() {
        // docs/formats/series-head.md, "An example".
        let chunk = chunk(&[(1000, 1.0), (11_000, 1.0), (21_000, 2.0), (31_005, 2.0)]);
        let hex: String = chunk.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "3ff0000000000000e027103095ffe0a0");
    }

    proptest! {
        #[test]
        fn any_points_come_back(points in prop::collection::vec((any::<i64>(), any::<u64>()), 1..300)) {
            let points: Vec<(i64, f64)> =
                points.into_iter().map(|(time, bits)| (time, f64::from_bits(bits))).collect();
            check(&points);
        }

        #[test]
        fn likely_points_come_back(
            steps in prop::collection::vec((0i64..40_000, -1000i32..1000, any::<bool>()), 1..300),
        ) {
            let (mut time, mut value) = (1_700_000_000_000i64, 0.0f64);
            let points: Vec<(i64, f64)> = steps
                .into_iter()
                .map(|(step, change, by_tenths)| {
                    time += step;
                    value += if by_tenths { f64::from(change) / 10.0 } else { f64::from(change) };
                    (time, value)
                })
                .collect();
            check(&points);
        }

        #[test]
        fn noise_is_no_reason_to_panic(first: i64, count: u16, bytes: Vec<u8>) {
            let chunk = Chunk { first: WallMs(first), last: WallMs(first), count, bytes: bytes.into() };
            prop_assert!(chunk.points().count() <= usize::from(count));
        }
    }
}
