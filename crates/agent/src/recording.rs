//! System calls into a `.scap` file.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use lanner_capture::{CaptureWriter, Compression};
use lanner_model::snapshot::Record;
use lanner_model::source::{Next, Source as _};
use lanner_probe::Probe;
use lanner_rules::Filter;
use lanner_state::{Budget, State};

use crate::clock;
use crate::sensor::{self, Scope};
use crate::tally::Tally;

/// A live source says it is idle while its newest events wait to be put in order; so long after the
/// end, none of before it can still be waiting.
const SETTLING_NS: u64 = 100_000_000;

/// What is recorded, and where to.
#[derive(Debug)]
pub struct RecordingConfig {
    /// The file; it appears under this name when it is whole.
    pub file: PathBuf,
    /// Only events that match.
    pub filter: Option<Filter>,
    /// Which processes' system calls.
    pub scope: Scope,
    /// Bytes of data kept of each read and write.
    pub snaplen: u16,
    /// For how long; without it, until told to stop.
    pub duration: Option<Duration>,
}

/// A recording that has begun.
pub struct Recording {
    config: RecordingConfig,
    source: Probe,
}

/// What was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Events in the file.
    pub events: u64,
    /// The file's size.
    pub bytes: u64,
    /// Events that the kernel could not hand over.
    pub lost: u64,
}

impl Recording {
    /// Starts the probe for all calls.
    ///
    /// # Errors
    /// When the kernel can not be watched; the error says what is missing.
    pub fn start(config: RecordingConfig) -> anyhow::Result<Self> {
        let source = sensor::start_for_recording(config.scope, u32::from(config.snaplen))?;
        Ok(Self { config, source })
    }

    /// Records until the time is over or `stop` is set.
    ///
    /// # Errors
    /// When the file can not be written or the source ends early.
    pub fn run(mut self, stop: &AtomicBool) -> anyhow::Result<Recorded> {
        let aside = aside(&self.config.file);
        let file = File::create(&aside).with_context(|| format!("create {}", aside.display()))?;
        let writing = || format!("write {}", aside.display());
        let mut writer = None;
        let mut state = State::new(Budget::default());
        let mut recorded = Recorded::default();
        let mut file = Some(file);
        let begun = Instant::now();
        let most = self.config.duration;
        let mut end = None;
        let tally = Tally::default();
        loop {
            // What happened before the end may still lie in the rings: it belongs to the recording.
            let is_over = stop.load(Ordering::Relaxed) || most.is_some_and(|most| begun.elapsed() >= most);
            if is_over && end.is_none() {
                end = Some(clock::now());
            }
            match self.source.next().context("take the next event")? {
                Next::Record(record) => {
                    state.record(&record);
                    if let (Record::Machine(machine), Some(file)) = (&record, file.take()) {
                        writer = Some(
                            CaptureWriter::create(file, machine, Compression::None).with_context(writing)?,
                        );
                    } else if let Some(writer) = &mut writer {
                        writer.record(&record).with_context(writing)?;
                    }
                }
                Next::Event(delivery) if end.is_some_and(|end| delivery.event.time() > end) => break,
                Next::Event(delivery) => {
                    let view = state.observe(&delivery);
                    let wanted = self.config.filter.as_ref().is_none_or(|filter| filter.matches(&view));
                    if let (true, Some(writer)) = (wanted, &mut writer) {
                        writer.event(delivery.cpu, delivery.event).with_context(writing)?;
                        recorded.events += 1;
                    }
                }
                Next::Loss(loss) => tally.set_loss(loss),
                Next::Idle if end.is_some_and(|end| clock::now().since(end) > SETTLING_NS) => break,
                Next::Idle => {}
                Next::End => break,
            }
        }
        let writer = writer.context("the source said nothing of its machine")?;
        let file = writer.finish().with_context(writing)?;
        recorded.lost = tally.all_losses().iter().map(|loss| loss.count).sum();
        file.sync_all().with_context(writing)?;
        recorded.bytes = file.metadata().with_context(writing)?.len();
        fs::rename(&aside, &self.config.file)
            .with_context(|| format!("rename {} to {}", aside.display(), self.config.file.display()))?;
        Ok(recorded)
    }
}

fn aside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}
