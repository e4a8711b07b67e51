//! What is to be captured.

use lanner_api::agent::{CapturePhase, CaptureReason, CaptureScope, CaptureState};
use lanner_model::id::CaptureId;
use lanner_model::resource::ContainerInfo;
use lanner_model::time::WallNs;

/// Where a capture's file ends when nobody says.
const USUAL_BYTES: u64 = 64 << 20;
/// Where it ends whatever anybody says.
const MOST_BYTES: u64 = 256 << 20;

/// What somebody wants captured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CaptureOrder {
    pub(crate) id: CaptureId,
    pub(crate) reason: CaptureReason,
    pub(crate) finding: Option<String>,
    pub(crate) scope: CaptureScope,
    pub(crate) container: Option<ContainerInfo>,
    pub(crate) command: String,
    /// The moment it is about.
    pub(crate) trigger: WallNs,
    pub(crate) before_ms: u32,
    pub(crate) after_ms: u32,
    /// `None` leaves it to us.
    pub(crate) max_bytes: Option<u64>,
}

/// What the thread that records is told.
#[derive(Debug)]
pub(crate) enum Command {
    Begin(Box<CaptureOrder>),
    /// End it now, and keep what it has.
    Stop(CaptureId),
}

impl CaptureOrder {
    pub(crate) fn limit_bytes(&self) -> u64 {
        self.max_bytes.unwrap_or(USUAL_BYTES).min(MOST_BYTES)
    }

    /// The moment from which it is to have everything.
    pub(crate) fn from(&self) -> WallNs {
        WallNs(self.trigger.0.saturating_sub(nanoseconds(self.before_ms)))
    }

    /// The moment at which it ends.
    pub(crate) fn until(&self) -> WallNs {
        WallNs(self.trigger.0.saturating_add(nanoseconds(self.after_ms)))
    }

    /// How it fares before anything was written.
    pub(crate) fn state(&self) -> CaptureState {
        CaptureState {
            id: self.id.clone(),
            phase: CapturePhase::Recording,
            reason: self.reason.clone(),
            finding: self.finding.clone(),
            scope: self.scope.clone(),
            container: self.container.clone(),
            command: self.command.clone(),
            trigger: self.trigger,
            asked_before_ms: self.before_ms,
            reached_before_ms: None,
            from: self.trigger,
            to: self.trigger,
            events: 0,
            bytes: 0,
            lost: 0,
            error: String::new(),
        }
    }

    /// How one fares that could not be begun.
    pub(crate) fn failed(&self, why: impl Into<String>) -> CaptureState {
        CaptureState { phase: CapturePhase::Failed, error: why.into(), ..self.state() }
    }
}

fn nanoseconds(milliseconds: u32) -> u64 {
    u64::from(milliseconds) * 1_000_000
}
