//! A capture as it stands in the settings store.

use lanner_api::http::{Capture, CaptureScopeName, CaptureStateName, LossCount};
use lanner_model::time::{WallMs, WallNs};
use serde::{Deserialize, Serialize};

/// A capture as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CaptureDocument {
    pub(crate) id: String,
    pub(crate) progress: CaptureProgress,
    pub(crate) node: String,
    pub(crate) scope: CaptureScopeName,
    /// What it is of, as a row of Explore.
    pub(crate) row: String,
    pub(crate) name: String,
    pub(crate) container_id: String,
    pub(crate) pid: Option<i64>,
    pub(crate) asked_by: Option<String>,
    pub(crate) rule: Option<String>,
    pub(crate) finding: Option<String>,
    pub(crate) trigger_ns: u64,
    pub(crate) asked_ms: i64,
    pub(crate) began_ms: Option<i64>,
    pub(crate) ended_ms: Option<i64>,
    pub(crate) seconds: u32,
    pub(crate) before_seconds: u32,
    pub(crate) reached_back_ms: Option<u64>,
    pub(crate) events: Option<u64>,
    pub(crate) lost: u64,
    /// Bytes that are here.
    pub(crate) size_bytes: u64,
    pub(crate) whole_bytes: Option<u64>,
    pub(crate) problem: Option<String>,
    /// How often its bytes came and were not those that the agent had sent.
    #[serde(default)]
    pub(crate) spoiled: u32,
}

/// How far a capture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CaptureProgress {
    /// The agent was asked.
    Asked,
    /// The agent records, or sends.
    Recording,
    /// It is whole.
    Done,
    /// There is none, or not all of it.
    Failed,
    /// It was deleted before its agent had sent all: the agent is still to be told.
    Deleted,
}

impl CaptureDocument {
    /// The name of its blob.
    pub(crate) fn blob(&self) -> String {
        blob_name(&self.id)
    }

    /// Whether more of it may come.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.progress, CaptureProgress::Asked | CaptureProgress::Recording)
    }

    /// As the API tells it.
    pub(crate) fn answer(&self) -> Capture {
        let state = match self.progress {
            CaptureProgress::Asked => CaptureStateName::Asked,
            CaptureProgress::Recording => CaptureStateName::Recording,
            CaptureProgress::Done => CaptureStateName::Done,
            CaptureProgress::Failed | CaptureProgress::Deleted => CaptureStateName::Failed,
        };
        let lost = LossCount { cause: "overwritten".into(), place: "recorder".into(), count: self.lost };
        Capture {
            id: self.id.clone(),
            state,
            node: self.node.clone(),
            scope: self.scope,
            row: self.row.clone(),
            name: self.name.clone(),
            container_id: self.container_id.clone(),
            pid: self.pid,
            asked_by: self.asked_by.clone(),
            rule: self.rule.clone(),
            event_id: self.finding.clone(),
            event_time_ns: self.finding.as_ref().map(|_| self.trigger_ns.to_string()),
            asked_ms: self.asked_ms,
            began_ms: self.began_ms,
            ended_ms: self.ended_ms,
            seconds: self.seconds,
            before_seconds: self.before_seconds,
            reached_back_ms: self.reached_back_ms,
            events: self.events,
            losses: if self.lost > 0 { vec![lost] } else { Vec::new() },
            size_bytes: self.size_bytes,
            whole_bytes: self.whole_bytes,
            problem: self.problem.clone(),
        }
    }

    pub(crate) fn fail(&mut self, now: WallMs, problem: impl Into<String>) {
        self.progress = CaptureProgress::Failed;
        self.ended_ms = Some(now.0);
        self.problem = Some(problem.into());
    }
}

/// The name of a capture's blob.
pub(crate) fn blob_name(id: &str) -> String {
    format!("{id}.scap")
}

/// Whole seconds of a length in milliseconds, rounded up.
pub(crate) fn seconds(ms: u64) -> u32 {
    u32::try_from(ms.div_ceil(1_000)).unwrap_or(u32::MAX)
}

/// Milliseconds from one moment to another; 0 when it is the other way round.
pub(crate) fn span_ms(from: WallNs, to: WallNs) -> u64 {
    to.since(from) / 1_000_000
}
