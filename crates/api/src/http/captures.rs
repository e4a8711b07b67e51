//! Captures: asking for one, listing them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::status::LossCount;

/// A capture that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaptureRequest {
    /// What to record, as a row of Explore: `host:NODE`, `container:NODE:ID` or
    /// `process:NODE:PID:START_MS` (the process and what it starts).
    #[schema(pattern = "^(host|container|process):.+$")]
    pub row: String,
    /// How long to record from now on, in seconds (30 by default).
    #[schema(minimum = 1, maximum = 600)]
    pub seconds: Option<u32>,
    /// How much of the time before to take along, in seconds, as far as the flight recorder
    /// reaches (5 by default, 0 for none).
    #[schema(minimum = 0, maximum = 600)]
    pub before_seconds: Option<u32>,
}

/// What `GET /captures` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct CapturesQuery {
    /// Only those that were asked for from here on: milliseconds since the epoch or `now-1h`
    /// (everything that is kept, by default).
    #[param(pattern = "^(now(-[0-9]{1,9}[smhd])?|[0-9]{1,13})$")]
    pub from: Option<String>,
    /// Until here: milliseconds since the epoch or `now` (the default).
    #[param(pattern = "^(now(-[0-9]{1,9}[smhd])?|[0-9]{1,13})$")]
    pub to: Option<String>,
    /// States, comma between: `recording,done`.
    #[param(pattern = "^(asked|recording|done|failed)(,(asked|recording|done|failed))*$")]
    pub state: Option<String>,
    /// At most so many (200 by default, 1,000 at most).
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
}

/// Captures, the newest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CaptureList {
    /// The captures.
    pub captures: Vec<Capture>,
    /// How many there are without `limit`.
    pub total: u64,
    /// Bytes that all kept captures take.
    pub used_bytes: u64,
    /// Bytes they may take; then the oldest are deleted.
    pub budget_bytes: u64,
    /// How long a capture is kept.
    pub kept_days: u32,
}

/// A capture: who asked for it, of what, and how far it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Capture {
    /// Its identity.
    pub id: String,
    /// How far it is.
    pub state: CaptureStateName,
    /// The node.
    pub node: String,
    /// What is recorded.
    pub scope: CaptureScopeName,
    /// What is recorded, as a row of Explore.
    pub row: String,
    /// Its name: node, container or command.
    pub name: String,
    /// The container's full id; empty outside containers.
    pub container_id: String,
    /// The process; `null` when no single one is meant.
    pub pid: Option<i64>,
    /// Who asked: a person's name; `null` when a rule did.
    pub asked_by: Option<String>,
    /// The rule that asked; `null` when a person did.
    pub rule: Option<String>,
    /// The security event it belongs to.
    pub event_id: Option<String>,
    /// When that event happened, nanoseconds since the epoch as text.
    pub event_time_ns: Option<String>,
    /// When it was asked for.
    pub asked_ms: i64,
    /// When the agent began to record.
    pub began_ms: Option<i64>,
    /// When it was whole, or failed.
    pub ended_ms: Option<i64>,
    /// How long it was to record, in seconds.
    pub seconds: u32,
    /// How much of the time before was asked for, in seconds.
    pub before_seconds: u32,
    /// How far back before its trigger it reaches, in milliseconds; `null` while that is not known.
    pub reached_back_ms: Option<u64>,
    /// Events in it; `null` while that is not known.
    pub events: Option<u64>,
    /// What was lost while it was recorded.
    pub losses: Vec<LossCount>,
    /// Bytes that are here.
    pub size_bytes: u64,
    /// Bytes it will have; `null` while that is not known.
    pub whole_bytes: Option<u64>,
    /// Why it failed or is not whole; `null` where all went well.
    pub problem: Option<String>,
}

/// How far a capture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaptureStateName {
    /// The agent was asked and has not said yet that it records.
    Asked,
    /// The agent records, or sends what it recorded.
    Recording,
    /// It is whole.
    Done,
    /// There is none, or not all of it; `problem` says why. What is here can be opened.
    Failed,
}

/// What a capture is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaptureScopeName {
    /// A whole node.
    Host,
    /// A container.
    Container,
    /// A process and what it starts.
    Process,
}
