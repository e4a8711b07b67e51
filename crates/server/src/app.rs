//! The server's parts, each with an owner of its own. Handlers hold a reference to all of them and
//! take what they need.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};

use lanner_api::http::{AgentState, ExploreTable, SeverityCount, Status};
use lanner_model::finding::Finding;
use lanner_model::time::WallMs;
use lanner_store::{ConfigStore, EventStore, FolderBlobs, MetricStore, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, oneshot};

use crate::access::Gate;
use crate::alerting::Alerting;
use crate::captures::{CaptureLimits, Captures};
use crate::config::ServerConfig;
use crate::ending::{Announcer, Ending};
use crate::error_chain::chain;
use crate::explore::{Annotations, ExploreRequest, explore};
use crate::finding_counts::FindingCounts;
use crate::inspect::Inspector;
use crate::live::{LiveInterest, LiveTables};
use crate::own_metrics::{OwnMetrics, Present};
use crate::promql::QueryPlaces;
use crate::registry::Registry;
use crate::row::RowId;
use crate::sequence::Sequences;
use crate::sparks::Sparks;
use crate::topology::Observations;

/// Server-sent streams that are open at a time.
const MAX_STREAMS: usize = 64;
/// Findings that a slow stream may be behind.
const FINDINGS_BEHIND: usize = 1_024;

/// A finding that was stored, on its way to streams.
pub(crate) type StoredFinding = Arc<Finding>;

/// Where everything is kept.
pub(crate) struct Stores {
    pub(crate) metrics: Arc<dyn MetricStore>,
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) settings: Arc<dyn ConfigStore>,
}

/// Everything that handlers and agents' streams share.
pub(crate) struct App {
    pub(crate) config: ServerConfig,
    pub(crate) metrics: Arc<dyn MetricStore>,
    pub(crate) events: Arc<dyn EventStore>,
    pub(crate) settings: Arc<dyn ConfigStore>,
    pub(crate) gate: Gate,
    pub(crate) registry: Arc<Registry>,
    pub(crate) sequences: Sequences,
    pub(crate) live: LiveTables,
    pub(crate) interest: Arc<LiveInterest>,
    pub(crate) own_metrics: OwnMetrics,
    pub(crate) alerting: Alerting,
    pub(crate) topology: Observations,
    pub(crate) captures: Captures,
    pub(crate) inspector: Inspector,
    pub(crate) queries: QueryPlaces,
    sparks: Sparks,
    finding_counts: Mutex<FindingCounts>,
    findings: broadcast::Sender<StoredFinding>,
    streams: Arc<Semaphore>,
    announcer: Announcer,
    started: WallMs,
    /// The data folder's lock, let go after the stores are closed: fields end in this order.
    _lock: File,
    _closed: oneshot::Sender<Infallible>,
}

impl App {
    /// The app, and a receiver that resolves when the last one lets it go and its stores are closed.
    pub(crate) fn new(
        config: ServerConfig,
        Stores { metrics, events, settings }: Stores,
        gate: Gate,
        sequences: Sequences,
        lock: File,
        started: WallMs,
    ) -> (Self, oneshot::Receiver<Infallible>) {
        let (closed, is_closed) = oneshot::channel();
        let blobs = Arc::new(FolderBlobs::at(config.data_dir.join("captures")));
        let captures = Captures::new(Arc::clone(&settings), blobs, CaptureLimits::of(&config));
        let app = Self {
            config,
            metrics,
            events,
            settings,
            gate,
            registry: Arc::default(),
            sequences,
            live: LiveTables::new(),
            interest: Arc::new(LiveInterest::new()),
            own_metrics: OwnMetrics::default(),
            alerting: Alerting::default(),
            topology: Observations::default(),
            captures,
            inspector: Inspector::new(),
            queries: QueryPlaces::default(),
            sparks: Sparks::default(),
            finding_counts: Mutex::default(),
            findings: broadcast::Sender::new(FINDINGS_BEHIND),
            streams: Arc::new(Semaphore::new(MAX_STREAMS)),
            announcer: Announcer::new(),
            started,
            _lock: lock,
            _closed: closed,
        };
        (app, is_closed)
    }

    /// The table that a page shows.
    pub(crate) async fn explore(&self, request: &ExploreRequest, now: WallMs) -> ExploreTable {
        let tables = self.live.current(now);
        let cpu_sparks = match self.sparks.current(&*self.metrics, now).await {
            Ok(lines) => lines,
            Err(error) => {
                tracing::warn!(error = %chain(&error), "explore is shown without its CPU lines");
                Arc::default()
            }
        };
        let annotations =
            Annotations { findings: self.counted(now), cpu_sparks, kernels: self.registry.kernels() };
        let interval_s = *self.interest.interval_s().borrow();
        explore(tables.iter().map(|table| &**table), &annotations, request, interval_s)
    }

    fn counted(&self, now: WallMs) -> HashMap<RowId, Vec<SeverityCount>> {
        let mut counts = self.finding_counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.expire(now);
        counts.listed()
    }

    /// Counts findings that are stored; gives those that were not counted before.
    pub(crate) fn count_stored<'a>(&self, findings: &'a [Finding]) -> Vec<&'a Finding> {
        let mut counts = self.finding_counts.lock().unwrap_or_else(PoisonError::into_inner);
        findings.iter().filter(|finding| counts.add(finding)).collect()
    }

    /// Stores findings; when it returns they are durable, counted and on their way to streams.
    pub(crate) async fn store_findings(&self, findings: &[Finding]) -> Result<(), StoreError> {
        let report = self.events.append(findings).await?;
        self.own_metrics.findings_stored.add(report.accepted);
        self.own_metrics.findings_repeated.add(report.duplicates);
        for finding in self.count_stored(findings) {
            // Nobody may listen.
            let _ = self.findings.send(Arc::new(finding.clone()));
        }
        Ok(())
    }

    /// The server in a few numbers.
    pub(crate) async fn status(&self, now: WallMs) -> Status {
        let events = self.events.stats().await;
        Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            now_ms: now.0,
            started_ms: self.started.0,
            agents: self.registry.agents(),
            rules_loaded: u32::try_from(self.registry.rules().len()).unwrap_or(u32::MAX),
            series: self.metrics.stats().await.series,
            findings_stored: events.buffered + events.stored,
            last_finding_ms: events.newest.map(|newest| newest.millis().0),
        }
    }

    /// What is counted here and shown with the server's own counters.
    pub(crate) async fn present(&self) -> Present {
        let agents = self.registry.agents();
        let connected = agents.iter().filter(|agent| agent.state == AgentState::Connected).count();
        let events = self.events.stats().await;
        Present {
            agents_connected: connected as u64,
            agents_known: agents.len() as u64,
            streams_open: (MAX_STREAMS - self.streams.available_permits()) as u64,
            findings: events.buffered + events.stored,
            metrics: self.metrics.stats().await,
        }
    }

    /// Findings from here on.
    pub(crate) fn findings(&self) -> broadcast::Receiver<StoredFinding> {
        self.findings.subscribe()
    }

    /// A place for one more stream, if there is one.
    pub(crate) fn take_stream_place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.streams).try_acquire_owned().ok()
    }

    /// When the server began.
    pub(crate) fn started(&self) -> WallMs {
        self.started
    }

    /// Tells when the server ends.
    pub(crate) fn ending(&self) -> Ending {
        self.announcer.ending()
    }

    pub(crate) fn announce_end(&self) {
        self.announcer.announce();
    }
}
