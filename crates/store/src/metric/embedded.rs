//! The store of series in the binary: a write-ahead log, all series in memory, checkpoints.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use lanner_journal::{Journal, JournalError, Options, Sequence};
use lanner_model::series::{Labels, Matcher, Sample};
use lanner_model::time::WallMs;
use tokio::sync::Mutex;

use super::checkpoint;
use super::engine::{Job, MetricEngine};
use super::head::Head;
use super::log::LogRecord;
use super::matcher::Condition;
use super::options::MetricOptions;
use super::series::{Series, SeriesId, SeriesView};
use super::store::{MetricMaintenance, MetricStats, MetricStore, SeriesData, WriteReport, is_stale};
use crate::error::StoreError;
use crate::folder;
use crate::recovery::{SetAside, StoreRecovery};
use crate::writer::{Writer, off_the_async_threads};

/// The store of series in the binary. Its folder holds `log/` (the write-ahead log) and at most one
/// checkpoint.
pub struct EmbeddedMetrics {
    head: Arc<RwLock<Head>>,
    writer: Writer<Job>,
    /// One maintenance at a time.
    maintenance: Mutex<()>,
    folder: std::path::PathBuf,
    options: MetricOptions,
}

impl EmbeddedMetrics {
    /// Opens the store in `folder`, which is made where it is missing: reads the checkpoint, then
    /// what the log has beyond it. It blocks while it does.
    ///
    /// # Errors
    /// When the folder cannot be used, or is of a newer Lanner. Damage is no error: see
    /// [`StoreRecovery`].
    pub fn open(
        folder: impl AsRef<Path>,
        options: MetricOptions,
    ) -> Result<(EmbeddedMetrics, StoreRecovery), StoreError> {
        let folder = folder.as_ref();
        folder::make(folder).map_err(|source| StoreError::write(folder, source))?;
        let (mut journal, log) = Journal::open(folder.join("log"), Options::default())?;
        let mut recovery = StoreRecovery { log, ..StoreRecovery::default() };
        let mut head = Head::new(options.max_series, options.max_label_bytes);

        let checkpoint = load_checkpoint(folder, &mut head)?;
        let replay = replay_log(&journal, checkpoint.covers.next(), &mut head)?;
        recovery.replayed = replay.samples;
        recovery.unreadable = replay.unreadable;
        // A log that was lost must not hand out numbers that the checkpoint seems to cover.
        journal.advance_to(checkpoint.covers.next())?;

        let head = Arc::new(RwLock::new(head));
        let mut engine = MetricEngine {
            folder: folder.to_owned(),
            options: options.clone(),
            journal,
            head: head.clone(),
            checkpoint_bytes: checkpoint.size_bytes,
            log_bytes_at_checkpoint: 0,
            report: WriteReport::default(),
        };
        if !checkpoint.damaged.is_empty() {
            for (path, reason) in checkpoint.damaged {
                let path = folder::keep_damaged(&path).map_err(|source| StoreError::write(&path, source))?;
                recovery.set_aside.push(SetAside { path, reason });
            }
            // Takes the place of the damaged ones, under their name or a later one.
            let snapshot = engine.snapshot()?;
            let size_bytes = checkpoint::write(folder, &snapshot)?;
            engine.checkpointed(snapshot.covers, size_bytes)?;
        }
        let writer =
            Writer::start("metric-store", engine).map_err(|source| StoreError::write(folder, source))?;
        let store =
            EmbeddedMetrics { head, writer, maintenance: Mutex::new(()), folder: folder.to_owned(), options };
        Ok((store, recovery))
    }

    /// Runs a question over the head where it may take its time.
    async fn read<T: Send + 'static>(
        &self,
        matchers: &[Matcher],
        question: impl FnOnce(&RwLock<Head>, &[Condition]) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let conditions = Condition::compile(matchers)?;
        let head = self.head.clone();
        off_the_async_threads(move || question(&head, &conditions)).await
    }

    async fn select(
        &self,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<SeriesData>, StoreError> {
        let limit = self.options.max_points;
        self.read(matchers, move |head, conditions| {
            // Only choosing the chunks holds the lock; reading them does not.
            let views = read_lock(head).select(conditions, from, to);
            decode(views, from, to, limit)
        })
        .await
    }
}

#[async_trait]
impl MetricStore for EmbeddedMetrics {
    async fn write(&self, samples: &[Sample]) -> Result<WriteReport, StoreError> {
        if samples.is_empty() {
            return Ok(WriteReport::default());
        }
        let samples = samples.to_vec();
        self.writer.ask(|reply| Job::Write { samples, reply }).await
    }

    async fn range(
        &self,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<SeriesData>, StoreError> {
        self.select(matchers, from, to).await
    }

    async fn instant(
        &self,
        matchers: &[Matcher],
        at: WallMs,
        lookback_ms: i64,
    ) -> Result<Vec<Sample>, StoreError> {
        let from = WallMs(at.0.saturating_sub(lookback_ms));
        let series = self.select(matchers, from, at).await?;
        let newest = series.into_iter().filter_map(|SeriesData { labels, points }| {
            let (time, value) = points.last().copied()?;
            (!is_stale(value)).then_some(Sample { labels, time, value })
        });
        Ok(newest.collect())
    }

    async fn series(
        &self,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<Labels>, StoreError> {
        self.read(matchers, move |head, conditions| Ok(read_lock(head).matching(conditions, from, to))).await
    }

    async fn label_names(
        &self,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<String>, StoreError> {
        let series = self.series(matchers, from, to).await?;
        let names = series.iter().flat_map(Labels::iter).map(|(name, _)| name);
        Ok(sorted(names))
    }

    async fn label_values(
        &self,
        name: &str,
        matchers: &[Matcher],
        from: WallMs,
        to: WallMs,
    ) -> Result<Vec<String>, StoreError> {
        let series = self.series(matchers, from, to).await?;
        Ok(sorted(series.iter().filter_map(|labels| labels.value(name))))
    }

    async fn maintain(&self, now: WallMs) -> Result<MetricMaintenance, StoreError> {
        let _alone = self.maintenance.lock().await;
        let (dropped, due) = self.writer.ask(|reply| Job::Retain { now, reply }).await?;
        let mut done = MetricMaintenance {
            dropped_series: dropped.series,
            dropped_samples: dropped.samples,
            checkpoint_bytes: None,
        };
        if let Some(snapshot) = due {
            let folder = self.folder.clone();
            let covers = snapshot.covers;
            let size_bytes = off_the_async_threads(move || checkpoint::write(&folder, &snapshot)).await?;
            self.writer.ask(|reply| Job::Checkpointed { covers, size_bytes, reply }).await?;
            done.checkpoint_bytes = Some(size_bytes);
        }
        Ok(done)
    }

    async fn stats(&self) -> MetricStats {
        let written = self.writer.ask(|reply| Job::Stats { reply }).await.unwrap_or_default();
        let size = read_lock(&self.head).size();
        MetricStats {
            series: size.series,
            series_limit: self.options.max_series as u64,
            samples: size.samples,
            chunk_bytes: size.chunk_bytes,
            log_bytes: written.log_bytes,
            checkpoint_bytes: written.checkpoint_bytes,
            oldest: size.oldest,
            newest: size.newest,
            written: written.report,
        }
    }
}

/// What was read of checkpoints.
struct Checkpoints {
    covers: Sequence,
    size_bytes: u64,
    damaged: Vec<(std::path::PathBuf, String)>,
}

/// Reads the newest checkpoint into the head. Were it damaged and an older one still there (the last
/// owner was stopped just before it deleted that), then the log from the older one on is still there,
/// too, and nothing is lost; else what is good in the damaged one is taken.
fn load_checkpoint(folder: &Path, head: &mut Head) -> Result<Checkpoints, StoreError> {
    let mut found = Checkpoints { covers: Sequence::NONE, size_bytes: 0, damaged: Vec::new() };
    let paths =
        folder::list(folder, checkpoint::EXTENSION).map_err(|source| StoreError::read(folder, source))?;
    let mut newest_first =
        paths.into_iter().rev().filter_map(|path| Some((checkpoint::covers(&path)?, path))).peekable();
    while let Some((covers, path)) = newest_first.next() {
        let loaded = checkpoint::read(&path, covers)?;
        if let Some(reason) = loaded.damage {
            found.damaged.push((path, reason));
            if newest_first.peek().is_some() {
                continue;
            }
        }
        found.covers = covers;
        found.size_bytes = loaded.size_bytes;
        head.reserve_ids_before(loaded.snapshot.next_id);
        for series in loaded.snapshot.series {
            head.restore(series.id, &series.labels, |labels| Series::restored(labels, series.chunks));
        }
        break;
    }
    Ok(found)
}

#[derive(Default)]
struct LogReplay {
    samples: u64,
    unreadable: u64,
}

fn replay_log(journal: &Journal, from: Sequence, head: &mut Head) -> Result<LogReplay, StoreError> {
    let mut replay = LogReplay::default();
    // The number a series has here, for those whose number in the log is another.
    let mut here: HashMap<SeriesId, SeriesId> = HashMap::new();
    for entry in journal.read_from(from) {
        let entry = match entry {
            Ok(entry) => entry,
            // The journal's own recovery has told of it.
            Err(JournalError::Damaged(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        let Some(record) = LogRecord::decode(&entry.payload) else {
            replay.unreadable += 1;
            continue;
        };
        for (id, labels) in record.series {
            let known_as = head.restore(id, &labels, Series::new);
            head.mark_logged(&[known_as]);
            if known_as != id {
                here.insert(id, known_as);
            }
        }
        for point in record.points {
            let id = here.get(&point.id).copied().unwrap_or(point.id);
            match head.append(id, point.time, point.value) {
                Some(_) => replay.samples += 1,
                None => replay.unreadable += 1,
            }
        }
    }
    Ok(replay)
}

fn decode(
    views: Vec<SeriesView>,
    from: WallMs,
    to: WallMs,
    limit: usize,
) -> Result<Vec<SeriesData>, StoreError> {
    let mut left = limit;
    let mut found = Vec::with_capacity(views.len());
    for view in views {
        let points: Vec<(WallMs, f64)> = view
            .chunks
            .iter()
            .flat_map(|chunk| chunk.points())
            .filter(|(time, _)| (from..=to).contains(time))
            .take(left.saturating_add(1))
            .collect();
        left = left.checked_sub(points.len()).ok_or(StoreError::TooManyPoints { limit })?;
        if !points.is_empty() {
            found.push(SeriesData { labels: view.labels, points });
        }
    }
    Ok(found)
}

fn sorted<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let texts: std::collections::BTreeSet<&str> = texts.collect();
    texts.into_iter().map(str::to_owned).collect()
}

fn read_lock(head: &RwLock<Head>) -> std::sync::RwLockReadGuard<'_, Head> {
    head.read().unwrap_or_else(PoisonError::into_inner)
}
