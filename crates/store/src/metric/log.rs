//! What one record of the write-ahead log says: new series, and samples
//! (`docs/formats/series-head.md`).

use std::sync::Arc;

use lanner_model::series::Labels;
use lanner_model::time::WallMs;

use super::series::SeriesId;
use crate::encoding::{Input, put_bytes, put_int, put_uint};

const KIND_SAMPLES: u8 = 1;

/// A sample of a series that has a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) id: SeriesId,
    pub(crate) time: WallMs,
    pub(crate) value: f64,
}

/// What a record says.
#[derive(Debug, Default)]
pub(crate) struct LogRecord {
    pub(crate) series: Vec<(SeriesId, Labels)>,
    pub(crate) points: Vec<Point>,
}

impl LogRecord {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(16 + self.series.len() * 200 + self.points.len() * 13);
        out.push(KIND_SAMPLES);
        put_uint(&mut out, self.series.len() as u64);
        for (id, labels) in &self.series {
            put_uint(&mut out, id.0);
            put_labels(&mut out, labels);
        }
        put_uint(&mut out, self.points.len() as u64);
        let mut before = 0;
        for point in &self.points {
            put_uint(&mut out, point.id.0);
            put_int(&mut out, point.time.0.wrapping_sub(before));
            out.extend_from_slice(&point.value.to_bits().to_le_bytes());
            before = point.time.0;
        }
        out
    }

    /// Reads a record; `None` when it makes no sense.
    pub(crate) fn decode(bytes: &[u8]) -> Option<LogRecord> {
        let mut input = Input(bytes);
        if input.byte()? != KIND_SAMPLES {
            return None;
        }
        let count = input.count()?;
        let series = (0..count).map(|_| Some((SeriesId(input.uint()?), take_labels(&mut input)?)));
        let series = series.collect::<Option<Vec<_>>>()?;
        let count = input.count()?;
        let mut time = 0i64;
        let points = (0..count).map(|_| {
            let id = SeriesId(input.uint()?);
            time = time.wrapping_add(input.int()?);
            Some(Point { id, time: WallMs(time), value: f64::from_bits(input.u64()?) })
        });
        let points = points.collect::<Option<Vec<_>>>()?;
        input.0.is_empty().then_some(LogRecord { series, points })
    }
}

/// Adds labels: their number, then each name and value.
pub(crate) fn put_labels(out: &mut Vec<u8>, labels: &Labels) {
    put_uint(out, labels.len() as u64);
    for (name, value) in labels.iter() {
        put_bytes(out, name.as_bytes());
        put_bytes(out, value.as_bytes());
    }
}

/// Reads labels.
pub(crate) fn take_labels(input: &mut Input<'_>) -> Option<Labels> {
    let count = input.count()?;
    let pairs = (0..count).map(|_| Some((Arc::from(input.text()?), Arc::from(input.text()?))));
    Some(Labels::from_pairs(pairs.collect::<Option<Vec<_>>>()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_record_comes_back() {
        let labels = Labels::new("up", [("node", "a"), ("zone", "eu-1")]);
        let point = |id, time, value| Point { id: SeriesId(id), time: WallMs(time), value };
        let record = LogRecord {
            series: vec![(SeriesId(7), labels.clone())],
            points: vec![
                point(7, 1_700_000_000_000, 1.5),
                point(300, i64::MIN, -0.0),
                point(1, i64::MAX, 2.0),
            ],
        };
        let back = LogRecord::decode(&record.encode()).expect("readable");
        assert_eq!(back.series, record.series);
        let plain = |record: &LogRecord| -> Vec<_> {
            record.points.iter().map(|p| (p.id, p.time, p.value.to_bits())).collect()
        };
        assert_eq!(plain(&back), plain(&record));
        for length in 0..record.encode().len() {
            assert!(LogRecord::decode(&record.encode()[..length]).is_none(), "cut to {length}");
        }
    }

    proptest! {
        #[test]
        fn noise_is_no_reason_to_panic(mut noise: Vec<u8>) {
            let _ = LogRecord::decode(&noise);
            noise.insert(0, KIND_SAMPLES);
            let _ = LogRecord::decode(&noise);
        }
    }
}
