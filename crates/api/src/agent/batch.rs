//! Batches: samples by series with their texts said once, and findings.

use std::collections::HashMap;
use std::sync::Arc;

use lanner_model::finding::Finding;
use lanner_model::series::{Labels, METRIC_NAME, Sample};
use lanner_model::time::WallMs;
use prost::Message;

use super::bound::{LAST_MS, NAME, PATH, WireError, length, list, text, time_ms};
use super::generated::{self as wire, AgentMessage, agent_message};
use super::{MAX_FINDINGS, MAX_LABELS, MAX_SAMPLES, MAX_SERIES};

/// A batch is closed when it has so many bytes, far below the largest message.
const BATCH_BYTES: usize = 2 << 20;

/// The metadata in which a server that ends a stream names the batch that is none.
pub const REFUSED_BATCH: &str = "lanner-refused-batch";

/// The number of the batch in a message that may be anything.
#[must_use]
pub fn batch_sequence(message: &AgentMessage) -> Option<u64> {
    match &message.kind {
        Some(agent_message::Kind::Batch(batch)) => Some(batch.sequence),
        _ => None,
    }
}

/// What an agent sends and keeps until it is acknowledged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Counts up by one from batch to batch of an agent, from 1.
    pub sequence: u64,
    /// Samples.
    pub samples: Vec<Sample>,
    /// Findings.
    pub findings: Vec<Finding>,
}

/// What [`encode_batches`] made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncodedBatches {
    /// The wire form of each batch, without a sequence number: what the spool keeps.
    pub batches: Vec<Vec<u8>>,
    /// Samples that no server would take (no metric name, too many or too long labels, a time
    /// outside 1970 to 2100), to be counted as lost.
    pub samples_left_out: u64,
}

/// The wire form of samples and findings, in as many batches as the limits ask for.
#[must_use]
pub fn encode_batches(samples: &[Sample], findings: &[Finding]) -> EncodedBatches {
    let mut out = EncodedBatches::default();
    let mut open = OpenBatch::default();
    for finding in findings {
        let finding = wire::Finding::from(finding);
        let bytes = finding.encoded_len();
        if open.batch.findings.len() == MAX_FINDINGS || open.is_full_with(bytes) {
            open.close_into(&mut out.batches);
        }
        open.bytes += bytes;
        open.batch.findings.push(finding);
    }
    for sample in samples {
        if !is_acceptable(sample) {
            out.samples_left_out += 1;
            continue;
        }
        if open.samples == MAX_SAMPLES || open.batch.series.len() == MAX_SERIES || open.is_full_with(0) {
            open.close_into(&mut out.batches);
        }
        open.add_sample(sample);
    }
    if open.samples > 0 || !open.batch.findings.is_empty() {
        open.close_into(&mut out.batches);
    }
    out
}

/// The message that sends what the spool kept.
///
/// # Errors
/// When the bytes are no batch.
pub fn batch_message(sequence: u64, bytes: &[u8]) -> Result<AgentMessage, WireError> {
    let mut batch = wire::Batch::decode(bytes).map_err(WireError::Decode)?;
    batch.sequence = sequence;
    Ok(AgentMessage { kind: Some(agent_message::Kind::Batch(batch)) })
}

/// The batch that the spool kept; its sequence number is 0.
///
/// # Errors
/// When the bytes are no batch or one outside the limits.
pub fn decode_batch(bytes: &[u8]) -> Result<Batch, WireError> {
    wire::Batch::decode(bytes).map_err(WireError::Decode)?.try_into()
}

/// A batch that is being filled.
#[derive(Default)]
struct OpenBatch {
    batch: wire::Batch,
    /// The place of each text in `batch.symbols`.
    symbols: HashMap<Arc<str>, u32>,
    /// The place of each series in `batch.series`.
    series: HashMap<Labels, usize>,
    samples: usize,
    bytes: usize,
}

impl OpenBatch {
    fn is_full_with(&self, more: usize) -> bool {
        self.bytes > 0 && self.bytes + more > BATCH_BYTES
    }

    fn close_into(&mut self, batches: &mut Vec<Vec<u8>>) {
        batches.push(std::mem::take(self).batch.encode_to_vec());
    }

    fn add_sample(&mut self, sample: &Sample) {
        let at = match self.series.get(&sample.labels) {
            Some(at) => *at,
            None => self.add_series(&sample.labels),
        };
        let series = &mut self.batch.series[at];
        series.times_ms.push(sample.time.0);
        series.values.push(sample.value);
        self.samples += 1;
        self.bytes += 16;
    }

    fn add_series(&mut self, labels: &Labels) -> usize {
        let mut places = Vec::with_capacity(labels.len() * 2);
        for (name, value) in labels.iter() {
            places.push(self.symbol(name));
            places.push(self.symbol(value));
        }
        self.bytes += 4 + places.len() * 3;
        self.batch.series.push(wire::Series { labels: places, ..wire::Series::default() });
        let at = self.batch.series.len() - 1;
        self.series.insert(labels.clone(), at);
        at
    }

    fn symbol(&mut self, text: &str) -> u32 {
        if let Some(place) = self.symbols.get(text) {
            return *place;
        }
        let place = self.batch.symbols.len() as u32;
        self.batch.symbols.push(text.to_owned());
        self.symbols.insert(text.into(), place);
        self.bytes += text.len() + 4;
        place
    }
}

fn is_acceptable(sample: &Sample) -> bool {
    !sample.labels.metric().is_empty()
        && sample.labels.len() <= MAX_LABELS
        && sample.labels.iter().all(|(name, value)| name.len() <= NAME && value.len() <= PATH)
        && (0..=LAST_MS).contains(&sample.time.0)
}

impl From<&Batch> for wire::Batch {
    fn from(batch: &Batch) -> Self {
        let mut open = OpenBatch::default();
        batch.samples.iter().for_each(|sample| open.add_sample(sample));
        open.batch.sequence = batch.sequence;
        open.batch.findings = batch.findings.iter().map(Into::into).collect();
        open.batch
    }
}

impl TryFrom<wire::Batch> for Batch {
    type Error = WireError;

    fn try_from(batch: wire::Batch) -> Result<Self, WireError> {
        length("batch.series", batch.series.len(), MAX_SERIES)?;
        let sample_count = batch.series.iter().map(|series| series.times_ms.len()).sum();
        length("batch samples", sample_count, MAX_SAMPLES)?;
        let symbols = list("batch.symbols", batch.symbols, MAX_SERIES * MAX_LABELS, |symbol| {
            text("batch.symbols", symbol, PATH).map(Arc::<str>::from)
        })?;
        let mut samples = Vec::with_capacity(sample_count);
        for series in batch.series {
            series_into(series, &symbols, &mut samples)?;
        }
        Ok(Self {
            sequence: batch.sequence,
            samples,
            findings: list("batch.findings", batch.findings, MAX_FINDINGS, Finding::try_from)?,
        })
    }
}

fn series_into(
    series: wire::Series,
    symbols: &[Arc<str>],
    samples: &mut Vec<Sample>,
) -> Result<(), WireError> {
    length("series.labels", series.labels.len(), MAX_LABELS * 2)?;
    let (pairs, rest) = series.labels.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(WireError::Missing { field: "series.labels: the value of the last label" });
    }
    if series.times_ms.len() != series.values.len() {
        return Err(WireError::Missing { field: "series.values: one per time" });
    }
    let symbol = |place: u32| {
        symbols
            .get(place as usize)
            .cloned()
            .ok_or(WireError::Value { field: "series.labels", value: place.to_string() })
    };
    let pairs = pairs
        .iter()
        .map(|[name, value]| Ok((symbol(*name)?, symbol(*value)?)))
        .collect::<Result<Vec<_>, WireError>>()?;
    let labels = Labels::from_pairs(pairs);
    if labels.metric().is_empty() {
        return Err(WireError::Missing { field: METRIC_NAME });
    }
    for (time, value) in series.times_ms.into_iter().zip(series.values) {
        samples.push(Sample {
            labels: labels.clone(),
            time: WallMs(time_ms("series.times_ms", time)?),
            value,
        });
    }
    Ok(())
}
