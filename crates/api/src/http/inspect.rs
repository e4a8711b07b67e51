//! Inspect: what a capture shows.
//!
//! All paths of the room take the same selection: a `path` of choices, a window of time and a
//! filter; what is shown are the events for which all of it holds.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::status::LossCount;

/// Which events of a capture are looked at, and what `GET .../overview` takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct InspectQuery {
    /// Choices, `~` between: `process:PID:START_NS`, `file:PATH`, `connection:NAME`,
    /// `container:ID` (`host` for none), `syscall:NAME`, `error:NAME`, `port:ADDRESS`; `%` and `~`
    /// in a value as `%25` and `%7E`. All of them hold.
    #[param(max_length = 8192)]
    pub path: Option<String>,
    /// Not before: nanoseconds since the epoch.
    #[param(pattern = "^[0-9]{1,20}$")]
    pub t0: Option<String>,
    /// Before: nanoseconds since the epoch.
    #[param(pattern = "^[0-9]{1,20}$")]
    pub t1: Option<String>,
    /// A condition in the rule language: `evt.failed = true`.
    #[param(max_length = 4096)]
    pub filter: Option<String>,
    /// At most so many steps of time (100 by default).
    #[param(minimum = 4, maximum = 400)]
    pub steps: Option<u32>,
}

/// A capture at one look.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectOverview {
    /// The first event of the capture, nanoseconds since the epoch as text; `null` without events.
    pub first_ns: Option<String>,
    /// The last one.
    pub last_ns: Option<String>,
    /// Where the first step of time begins.
    pub steps_from_ns: Option<String>,
    /// How long a step is, in nanoseconds.
    pub step_ns: f64,
    /// Events of the capture.
    pub events: u64,
    /// Events for which path and filter hold.
    pub matched: u64,
    /// Those of them in the window; `null` without one.
    pub selected: Option<u64>,
    /// The tiles, by category.
    pub tiles: Vec<InspectTile>,
    /// The views and how many rows each has in the selection.
    pub views: Vec<InspectViewCount>,
    /// Bytes of the file.
    pub size_bytes: u64,
    /// What the file says was lost, and what could not be read of it.
    pub losses: Vec<LossCount>,
    /// Why reading ended before the end: what was found, where. `null` for a whole file.
    pub cut: Option<String>,
    /// The machine: its name, where the file says it.
    pub hostname: Option<String>,
}

/// A number with its course over time.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectTile {
    /// Its name: `system_calls`, `commands` ...
    pub name: String,
    /// What it is about.
    pub category: InspectCategory,
    /// What is counted.
    pub unit: InspectUnit,
    /// The whole capture's, under path and filter.
    pub total: u64,
    /// The window's; `null` without one.
    pub selected: Option<u64>,
    /// One value per step, the first at `steps_from_ns`. Of things that are counted once (processes,
    /// files), when each was first seen.
    pub values: Vec<u64>,
    /// Whether a person should look.
    pub noteworthy: bool,
    /// Whether there is nothing of it.
    pub empty: bool,
    /// The view that shows what is behind it; `events` for the list of events.
    pub view: String,
    /// The column by which that view is to be sorted, `-` before it for descending.
    pub sort: String,
    /// A filter that leaves only what is counted; empty where none is needed.
    pub filter: String,
}

/// What a tile is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum InspectCategory {
    General,
    Security,
    File,
    Network,
    Performance,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InspectUnit {
    /// Things.
    Count,
    /// Bytes.
    Bytes,
}

/// A view and how much it has to show.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectViewCount {
    /// Its name.
    pub name: InspectView,
    /// Its rows, those beyond what is kept included.
    pub rows: u64,
}

/// A table of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InspectView {
    /// Processes.
    Processes,
    /// Containers and the host.
    Containers,
    /// Executed commands, in their order.
    Commands,
    /// Files.
    Files,
    /// Connections.
    Connections,
    /// Ports that were listened on.
    Ports,
    /// System calls by name.
    Syscalls,
    /// Failed calls by error.
    Errors,
}

/// What `GET .../views/{view}` takes, beside the selection.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct InspectTableQuery {
    /// As for the overview.
    #[param(max_length = 8192)]
    pub path: Option<String>,
    /// As for the overview.
    #[param(pattern = "^[0-9]{1,20}$")]
    pub t0: Option<String>,
    /// As for the overview.
    #[param(pattern = "^[0-9]{1,20}$")]
    pub t1: Option<String>,
    /// As for the overview.
    #[param(max_length = 4096)]
    pub filter: Option<String>,
    /// Column to sort by, `-` before it for descending; the view's own order by default.
    #[param(pattern = "^-?[a-z_]+$")]
    pub sort: Option<String>,
    /// Only rows that contain this text.
    #[param(max_length = 256)]
    pub q: Option<String>,
    /// At most so many rows (500 by default).
    #[param(minimum = 1, maximum = 5000)]
    pub limit: Option<u32>,
}

/// Rows of a view.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectTable {
    /// Which.
    pub view: InspectView,
    /// Its columns.
    pub columns: Vec<InspectColumn>,
    /// Its rows, sorted.
    pub rows: Vec<InspectRow>,
    /// Rows that are not here, by the limit or because no more are kept.
    pub more: u64,
    /// What the rows are sorted by.
    pub sort: String,
}

/// A column of a view.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectColumn {
    /// Its name.
    pub name: String,
    /// What its cells are.
    pub kind: InspectColumnKind,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InspectColumnKind {
    /// Text.
    Text,
    /// A path, command line or address.
    Code,
    /// A word of a fixed set, to be translated.
    Word,
    /// A number that names something (a process id).
    Id,
    /// A count.
    Count,
    /// Bytes.
    Bytes,
    /// Nanoseconds since the epoch, as text.
    Time,
    /// An event's number.
    Event,
}

/// A row of a view.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectRow {
    /// The choice that leaves only its events, to be put at the end of `path`.
    pub select: String,
    /// The choice of the row it stands below (a process's parent); `null` for none.
    pub parent: Option<String>,
    /// One per column; `null` where unknown.
    pub cells: Vec<Option<InspectCell>>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum InspectCell {
    /// A number.
    Number(i64),
    /// Text.
    Text(String),
}

/// What `GET .../events` takes, beside the selection.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct InspectEventsQuery {
    /// As for the overview.
    #[param(max_length = 8192)]
    pub path: Option<String>,
    /// As for the overview.
    #[param(pattern = "^[0-9]{1,20}$")]
    pub t0: Option<String>,
    /// As for the overview.
    #[param(pattern = "^[0-9]{1,20}$")]
    pub t1: Option<String>,
    /// As for the overview.
    #[param(max_length = 4096)]
    pub filter: Option<String>,
    /// Only events behind this number.
    pub after: Option<u64>,
    /// Only events before this number: the last ones before it.
    pub before: Option<u64>,
    /// Only events around this moment, nanoseconds since the epoch: the first ones from there on.
    #[param(pattern = "^[0-9]{1,20}$")]
    pub at: Option<String>,
    /// At most so many (200 by default).
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
}

/// A page of a capture's events, in their order.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectEvents {
    /// The events.
    pub events: Vec<InspectEvent>,
    /// Ask with `before` this for the page before; `null` at the beginning.
    pub before: Option<u64>,
    /// Ask with `after` this for the next page; `null` at the end.
    pub after: Option<u64>,
}

/// An event of a capture.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectEvent {
    /// Its number.
    pub number: u64,
    /// When, nanoseconds since the epoch as text.
    pub time_ns: String,
    /// The CPU.
    pub cpu: u16,
    /// The thread.
    pub tid: i64,
    /// The process as a choice for `path`; `null` where unknown.
    pub process: Option<String>,
    /// Its name; empty where unknown.
    pub comm: String,
    /// The container's short id; empty on the host.
    pub container: String,
    /// What happened: `openat`.
    pub event_type: String,
    /// `>` for an event that begins a call, `<` for one that ends it.
    pub direction: String,
    /// Its parameters as text.
    pub args: String,
    /// Whether the call failed.
    pub failed: bool,
}

/// An event with everything that is known around it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectEventDetail {
    /// What the list has of it.
    #[serde(flatten)]
    pub event: InspectEvent,
    /// Its parameters.
    pub params: Vec<InspectParam>,
    /// Fields of the rule language with their values in this event.
    pub fields: Vec<InspectField>,
    /// Its process and the ancestors: the oldest first.
    pub ancestry: Vec<InspectAncestor>,
}

/// A parameter of an event.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectParam {
    /// Its name.
    pub name: String,
    /// Its type, `fspath`.
    pub param_type: String,
    /// Its value as text; `null` where the event does not carry it.
    pub text: Option<String>,
    /// Its bytes in hexadecimal, for data that was read or written.
    pub hex: Option<String>,
    /// How many bytes it has.
    pub size_bytes: u64,
}

/// A field and its value.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectField {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A process above an event.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InspectAncestor {
    /// Its id.
    pub pid: i64,
    /// Its name.
    pub comm: String,
    /// Its command line.
    pub cmdline: String,
    /// The process as a choice for `path`.
    pub select: String,
}
