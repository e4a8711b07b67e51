//! Columns that rows are sorted by.

use std::cmp::Ordering;

use lanner_api::http::ExploreRow;

/// A column and a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    column: Column,
    descending: bool,
}

/// A sort that names no column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no column `{name}`")]
pub(crate) struct SortError {
    /// What was given.
    name: String,
}

impl SortError {
    /// The columns there are.
    pub(crate) fn hint() -> String {
        let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
        format!("sort by one of {}, with `-` before it for descending", names.join(", "))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Node,
    Pid,
    User,
    State,
    Start,
    Cpu,
    CpuPercent,
    CpuWorst,
    Memory,
    MemoryPercent,
    DiskRead,
    DiskWrite,
    Disk,
    NetRx,
    NetTx,
    Net,
    Threads,
    Fds,
    Processes,
    Findings,
}

/// Each column's name in URLs: those of the row's properties, shorter where that is plain.
const COLUMNS: &[(&str, Column)] = &[
    ("name", Column::Name),
    ("node", Column::Node),
    ("pid", Column::Pid),
    ("user", Column::User),
    ("state", Column::State),
    ("start", Column::Start),
    ("cpu", Column::Cpu),
    ("cpu_percent", Column::CpuPercent),
    ("cpu_worst", Column::CpuWorst),
    ("memory", Column::Memory),
    ("memory_percent", Column::MemoryPercent),
    ("disk_read", Column::DiskRead),
    ("disk_write", Column::DiskWrite),
    ("disk", Column::Disk),
    ("net_rx", Column::NetRx),
    ("net_tx", Column::NetTx),
    ("net", Column::Net),
    ("threads", Column::Threads),
    ("fds", Column::Fds),
    ("processes", Column::Processes),
    ("findings", Column::Findings),
];

impl Default for Sort {
    fn default() -> Self {
        Self { column: Column::Cpu, descending: true }
    }
}

impl Sort {
    /// Reads `cpu` or `-cpu`.
    pub(crate) fn parse(text: &str) -> Result<Self, SortError> {
        let name = text.strip_prefix('-').unwrap_or(text);
        let (_, column) = COLUMNS
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| SortError { name: name.chars().take(64).collect() })?;
        Ok(Self { column: *column, descending: name.len() < text.len() })
    }

    /// The order of two rows. What is not known comes last in either direction; equals are in order
    /// of their names, then pids, so that a live table does not flicker.
    pub(crate) fn compare(self, a: &ExploreRow, b: &ExploreRow) -> Ordering {
        let order = match (self.column.key(a), self.column.key(b)) {
            (Key::Unknown, Key::Unknown) => Ordering::Equal,
            (Key::Unknown, _) => return Ordering::Greater,
            (_, Key::Unknown) => return Ordering::Less,
            (Key::Number(a), Key::Number(b)) => a.total_cmp(&b),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            (Key::Number(_), Key::Text(_)) => Ordering::Less,
            (Key::Text(_), Key::Number(_)) => Ordering::Greater,
        };
        let order = if self.descending { order.reverse() } else { order };
        order.then_with(|| a.name.cmp(&b.name)).then_with(|| a.pid.cmp(&b.pid)).then_with(|| a.id.cmp(&b.id))
    }
}

/// What a row has in a column.
enum Key<'a> {
    Unknown,
    Number(f64),
    Text(&'a str),
}

impl Column {
    fn key<'a>(self, row: &'a ExploreRow) -> Key<'a> {
        let number = |value: Option<f64>| value.map_or(Key::Unknown, Key::Number);
        let count = |value: Option<u64>| number(value.map(|value| value as f64));
        let text = |value: &'a Option<String>| value.as_deref().map_or(Key::Unknown, Key::Text);
        match self {
            Column::Name => Key::Text(&row.name),
            Column::Node => Key::Text(&row.node),
            Column::Pid => number(row.pid.map(|pid| pid as f64)),
            Column::User => text(&row.user),
            Column::State => text(&row.state),
            Column::Start => number(row.start_ms.map(|start| start as f64)),
            Column::Cpu => number(row.cpu_cores),
            Column::CpuPercent => number(row.cpu_percent),
            Column::CpuWorst => number(row.cpu_worst_child_percent),
            Column::Memory => count(row.memory_bytes),
            Column::MemoryPercent => number(row.memory_percent),
            Column::DiskRead => number(row.disk_read_bps),
            Column::DiskWrite => number(row.disk_write_bps),
            Column::Disk => number(either_sum(row.disk_read_bps, row.disk_write_bps)),
            Column::NetRx => number(row.net_rx_bps),
            Column::NetTx => number(row.net_tx_bps),
            Column::Net => number(either_sum(row.net_rx_bps, row.net_tx_bps)),
            Column::Threads => count(row.threads),
            Column::Fds => count(row.fds),
            Column::Processes => count(row.processes),
            Column::Findings => Key::Number(gravity(row)),
        }
    }
}

/// The sum of what is known; `None` when neither is.
fn either_sum(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (None, None) => None,
        (a, b) => Some(a.unwrap_or(0.0) + b.unwrap_or(0.0)),
    }
}

/// One critical event outweighs any number of lesser ones, up to a thousand of each.
fn gravity(row: &ExploreRow) -> f64 {
    row.findings.iter().map(|count| 1000f64.powi(count.severity as i32) * count.count.min(999) as f64).sum()
}
