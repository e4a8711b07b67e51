//! Captures of system calls: how they are asked for, how they fare, and their bytes.

use lanner_model::id::{CaptureId, ContainerId, Pid, ProcessKey};
use lanner_model::resource::ContainerInfo;
use lanner_model::time::WallNs;

use super::bound::{NAME, VALUE, WireError, cut, file_name, length, name, text, time_ns};
use super::generated as wire;
use super::{MAX_CAPTURE_MS, MAX_CAPTURE_PART_BYTES};

/// Begin a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartCapture {
    /// Its identity, made by the server. One that the agent has already is not begun again.
    pub id: CaptureId,
    /// Whose calls.
    pub scope: CaptureScope,
    /// Milliseconds before this moment that are wanted, 10 minutes at most.
    pub before_ms: u32,
    /// Milliseconds from this moment on, 1 to 10 minutes.
    pub duration_ms: u32,
    /// Where its file ends; `None` leaves it to the agent, which has a limit of its own in any case.
    pub max_bytes: Option<u64>,
}

/// Whose calls a capture has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum CaptureScope {
    /// Everybody's on the node.
    #[default]
    Host,
    /// Those of a container.
    Container(ContainerId),
    /// Those of a process and of all that descend from it.
    Process(ProcessKey),
}

/// Where a capture is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapturePhase {
    /// Events are still written to it.
    Recording,
    /// Its file is whole: parts follow.
    Done,
    /// There is no file; [`CaptureState::error`] says why.
    Failed,
}

/// Who began a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaptureReason {
    /// A person, through the server.
    Person,
    /// A hit of a rule with this name.
    Rule(String),
}

/// How a capture fares.
#[derive(Clone, Debug, PartialEq)]
pub struct CaptureState {
    /// Its identity; of one that a rule began, made by the agent.
    pub id: CaptureId,
    /// Where it is on its way.
    pub phase: CapturePhase,
    /// Who began it.
    pub reason: CaptureReason,
    /// The finding it belongs to.
    pub finding: Option<String>,
    /// Whose calls it has.
    pub scope: CaptureScope,
    /// The container of the scope or of its process; `None` on the host and where it is not known.
    pub container: Option<ContainerInfo>,
    /// The short name of the scope's process; empty where there is none.
    pub command: String,
    /// The moment it was asked for.
    pub trigger: WallNs,
    /// Milliseconds before the trigger that were asked for.
    pub asked_before_ms: u32,
    /// Milliseconds before the trigger that the flight recorder still had; `None` while not known.
    pub reached_before_ms: Option<u32>,
    /// What time it covers: from here
    pub from: WallNs,
    /// to here; of one that records, so far.
    pub to: WallNs,
    /// Events in it.
    pub events: u64,
    /// Bytes of its file.
    pub bytes: u64,
    /// Events of its time that are not in it: overwritten before they were read, or past its limit.
    pub lost: u64,
    /// What went wrong, or cut it short; empty when nothing did.
    pub error: String,
}

/// Bytes of a capture's file. Parts follow each other in the file's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapturePart {
    /// The capture.
    pub id: CaptureId,
    /// Where in the file `data` begins.
    pub offset: u64,
    /// At most [`MAX_CAPTURE_PART_BYTES`].
    pub data: Vec<u8>,
    /// With the last part.
    pub end: Option<CaptureEnd>,
}

/// What the whole file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureEnd {
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of it.
    pub sha256: [u8; 32],
}

/// The first bytes of a capture's file are on disk at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureAck {
    /// The capture.
    pub id: CaptureId,
    /// So many bytes; the agent sends what follows, and deletes the file when that is all of it.
    pub offset: u64,
}

/// The server does not take a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureRefused {
    /// The capture.
    pub id: CaptureId,
    /// Why, in one sentence.
    pub reason: String,
}

impl From<&StartCapture> for wire::StartCapture {
    fn from(start: &StartCapture) -> Self {
        Self {
            id: start.id.to_string(),
            scope: Some((&start.scope).into()),
            before_ms: start.before_ms.min(MAX_CAPTURE_MS),
            duration_ms: start.duration_ms.clamp(1, MAX_CAPTURE_MS),
            max_bytes: start.max_bytes.unwrap_or(0),
        }
    }
}

impl TryFrom<wire::StartCapture> for StartCapture {
    type Error = WireError;

    fn try_from(start: wire::StartCapture) -> Result<Self, WireError> {
        let duration_ms = milliseconds("start_capture.duration_ms", start.duration_ms)?;
        if duration_ms == 0 {
            return Err(WireError::Missing { field: "start_capture.duration_ms" });
        }
        Ok(Self {
            id: file_name("start_capture.id", start.id)?.into(),
            scope: start.scope.unwrap_or_default().try_into()?,
            before_ms: milliseconds("start_capture.before_ms", start.before_ms)?,
            duration_ms,
            max_bytes: (start.max_bytes > 0).then_some(start.max_bytes),
        })
    }
}

impl From<&CaptureScope> for wire::CaptureScope {
    fn from(scope: &CaptureScope) -> Self {
        use wire::capture_scope::Kind;
        Self {
            kind: Some(match scope {
                CaptureScope::Host => Kind::Host(wire::Host {}),
                CaptureScope::Container(id) => Kind::ContainerId(cut(id.as_str(), NAME)),
                CaptureScope::Process(process) => {
                    Kind::Process(wire::ProcessId { pid: process.pid.0, start_ns: process.start.0 })
                }
            }),
        }
    }
}

impl TryFrom<wire::CaptureScope> for CaptureScope {
    type Error = WireError;

    fn try_from(scope: wire::CaptureScope) -> Result<Self, WireError> {
        use wire::capture_scope::Kind;
        Ok(match scope.kind.ok_or(WireError::Missing { field: "capture_scope.kind" })? {
            Kind::Host(wire::Host {}) => Self::Host,
            Kind::ContainerId(id) => Self::Container(name("capture_scope.container_id", id, NAME)?.into()),
            Kind::Process(process) => Self::Process(ProcessKey {
                pid: Pid(process.pid),
                start: WallNs(time_ns("capture_scope.start_ns", process.start_ns)?),
            }),
        })
    }
}

impl From<&CaptureState> for wire::CaptureState {
    fn from(state: &CaptureState) -> Self {
        let phase = match state.phase {
            CapturePhase::Recording => wire::CapturePhase::Recording,
            CapturePhase::Done => wire::CapturePhase::Done,
            CapturePhase::Failed => wire::CapturePhase::Failed,
        };
        Self {
            id: state.id.to_string(),
            phase: phase as i32,
            rule: match &state.reason {
                CaptureReason::Person => String::new(),
                CaptureReason::Rule(rule) => cut(rule, NAME),
            },
            finding_id: state.finding.as_deref().map(|id| cut(id, NAME)).unwrap_or_default(),
            scope: Some((&state.scope).into()),
            container: state.container.as_ref().map(Into::into),
            command: cut(&state.command, NAME),
            trigger_ns: state.trigger.0,
            asked_before_ms: state.asked_before_ms,
            reached_before_ms: state.reached_before_ms,
            from_ns: state.from.0,
            to_ns: state.to.0,
            events: state.events,
            bytes: state.bytes,
            lost: state.lost,
            error: cut(&state.error, VALUE),
        }
    }
}

impl TryFrom<wire::CaptureState> for CaptureState {
    type Error = WireError;

    fn try_from(state: wire::CaptureState) -> Result<Self, WireError> {
        let phase = match wire::CapturePhase::try_from(state.phase) {
            Ok(wire::CapturePhase::Recording) => CapturePhase::Recording,
            Ok(wire::CapturePhase::Done) => CapturePhase::Done,
            Ok(wire::CapturePhase::Failed) => CapturePhase::Failed,
            Ok(wire::CapturePhase::Unspecified) | Err(_) => {
                return Err(WireError::Value {
                    field: "capture_state.phase",
                    value: state.phase.to_string(),
                });
            }
        };
        let rule = text("capture_state.rule", state.rule, NAME)?;
        let finding = text("capture_state.finding_id", state.finding_id, NAME)?;
        Ok(Self {
            id: file_name("capture_state.id", state.id)?.into(),
            phase,
            reason: if rule.is_empty() { CaptureReason::Person } else { CaptureReason::Rule(rule) },
            finding: (!finding.is_empty()).then_some(finding),
            scope: state.scope.unwrap_or_default().try_into()?,
            container: state.container.map(ContainerInfo::try_from).transpose()?,
            command: text("capture_state.command", state.command, NAME)?,
            trigger: WallNs(time_ns("capture_state.trigger_ns", state.trigger_ns)?),
            asked_before_ms: milliseconds("capture_state.asked_before_ms", state.asked_before_ms)?,
            reached_before_ms: state
                .reached_before_ms
                .map(|reached| milliseconds("capture_state.reached_before_ms", reached))
                .transpose()?,
            from: WallNs(time_ns("capture_state.from_ns", state.from_ns)?),
            to: WallNs(time_ns("capture_state.to_ns", state.to_ns)?),
            events: state.events,
            bytes: state.bytes,
            lost: state.lost,
            error: text("capture_state.error", state.error, VALUE)?,
        })
    }
}

impl From<CapturePart> for wire::CapturePart {
    fn from(part: CapturePart) -> Self {
        Self {
            id: part.id.to_string(),
            offset: part.offset,
            data: part.data,
            end: part.end.map(|end| wire::CaptureEnd { size: end.size, sha256: end.sha256.to_vec() }),
        }
    }
}

impl TryFrom<wire::CapturePart> for CapturePart {
    type Error = WireError;

    fn try_from(part: wire::CapturePart) -> Result<Self, WireError> {
        length("capture_part.data", part.data.len(), MAX_CAPTURE_PART_BYTES)?;
        let behind = part.offset.checked_add(part.data.len() as u64);
        let behind = behind
            .ok_or(WireError::Value { field: "capture_part.offset", value: part.offset.to_string() })?;
        let end = part.end.map(CaptureEnd::try_from).transpose()?;
        if let Some(end) = &end
            && end.size != behind
        {
            return Err(WireError::Value { field: "capture_end.size", value: end.size.to_string() });
        }
        Ok(Self {
            id: file_name("capture_part.id", part.id)?.into(),
            offset: part.offset,
            data: part.data,
            end,
        })
    }
}

impl TryFrom<wire::CaptureEnd> for CaptureEnd {
    type Error = WireError;

    fn try_from(end: wire::CaptureEnd) -> Result<Self, WireError> {
        let sha256 = <[u8; 32]>::try_from(end.sha256.as_slice()).map_err(|_| WireError::Value {
            field: "capture_end.sha256",
            value: format!("{} bytes", end.sha256.len()),
        })?;
        Ok(Self { size: end.size, sha256 })
    }
}

impl From<&CaptureAck> for wire::CaptureAck {
    fn from(ack: &CaptureAck) -> Self {
        Self { id: ack.id.to_string(), offset: ack.offset }
    }
}

impl TryFrom<wire::CaptureAck> for CaptureAck {
    type Error = WireError;

    fn try_from(ack: wire::CaptureAck) -> Result<Self, WireError> {
        Ok(Self { id: file_name("capture_ack.id", ack.id)?.into(), offset: ack.offset })
    }
}

impl From<&CaptureRefused> for wire::CaptureRefused {
    fn from(refused: &CaptureRefused) -> Self {
        Self { id: refused.id.to_string(), reason: cut(&refused.reason, VALUE) }
    }
}

impl TryFrom<wire::CaptureRefused> for CaptureRefused {
    type Error = WireError;

    fn try_from(refused: wire::CaptureRefused) -> Result<Self, WireError> {
        Ok(Self {
            id: file_name("capture_refused.id", refused.id)?.into(),
            reason: text("capture_refused.reason", refused.reason, VALUE)?,
        })
    }
}

fn milliseconds(field: &'static str, value: u32) -> Result<u32, WireError> {
    if value > MAX_CAPTURE_MS {
        return Err(WireError::Value { field, value: value.to_string() });
    }
    Ok(value)
}
