//! Processes: who they are, and what they did.

use lanner_model::id::{Pid, ProcessKey};
use lanner_model::time::WallNs;

use super::grid::{Cell, Column, ColumnKind, Row, Table, column, moment};
use crate::choice::Choice;
use crate::deed::Deed;
use crate::keyed::{Found, Keyed};
use crate::seen::{Object, Seen, To};

const MOST: usize = 10_000;
/// Bytes of a command line that are kept.
const COMMAND_LINE: usize = 1_024;
const TICK_NS: u64 = 10_000_000;

static COLUMNS: [Column; 14] = [
    column("process", ColumnKind::Text),
    column("pid", ColumnKind::Id),
    column("command", ColumnKind::Code),
    column("user", ColumnKind::Text),
    column("container", ColumnKind::Text),
    column("start", ColumnKind::Time),
    column("end", ColumnKind::Time),
    column("calls", ColumnKind::Count),
    column("errors", ColumnKind::Count),
    column("file_bytes_in", ColumnKind::Bytes),
    column("file_bytes_out", ColumnKind::Bytes),
    column("net_bytes_in", ColumnKind::Bytes),
    column("net_bytes_out", ColumnKind::Bytes),
    column("executable", ColumnKind::Code),
];

#[derive(Debug)]
pub(crate) struct Processes {
    rows: Keyed<ProcessKey, Process>,
}

#[derive(Debug, Default)]
struct Process {
    comm: String,
    command: String,
    executable: String,
    user: String,
    container: String,
    parent: Option<ProcessKey>,
    end: Option<u64>,
    calls: u64,
    errors: u64,
    file: Traffic,
    net: Traffic,
}

/// Bytes in both directions.
#[derive(Clone, Copy, Debug, Default)]
struct Traffic {
    into: u64,
    out_of: u64,
}

impl Processes {
    pub(crate) fn new() -> Self {
        Self { rows: Keyed::new(MOST) }
    }

    pub(crate) fn see(&mut self, seen: &Seen<'_>) -> Found {
        let Some(key) = seen.process else { return Found::Known };
        let (found, process) = self.rows.row(&key, Process::default);
        let Some(process) = process else { return found };
        if found == Found::New || seen.deed == Deed::Execute && seen.succeeded() {
            process.describe(seen);
        }
        if seen.deed == Deed::Exit {
            process.end = Some(seen.time);
        }
        if seen.result.is_some() {
            process.calls += 1;
        }
        if seen.failed() {
            process.errors += 1;
        }
        if let Some(carried) = seen.carried {
            let traffic = match seen.object {
                Object::File(_) => &mut process.file,
                Object::Connection(_) | Object::Socket(_) => &mut process.net,
                Object::Nothing => return found,
            };
            match carried.to {
                To::Process => traffic.into += carried.bytes,
                To::Object => traffic.out_of += carried.bytes,
            }
        }
        found
    }

    pub(crate) fn total(&self) -> u64 {
        self.rows.total()
    }

    pub(crate) fn table(&self) -> Table {
        let rows = self.rows.iter().map(|(key, process)| process.row(*key)).collect();
        Table { columns: &COLUMNS, rows, beyond: self.rows.beyond(), sort: "start".to_owned() }
    }
}

impl Process {
    fn describe(&mut self, seen: &Seen<'_>) {
        let mut ancestry = seen.view.ancestry().into_iter();
        let Some(own) = ancestry.next() else { return };
        self.user = if own.user.is_empty() { own.uid.to_string() } else { own.user };
        self.command = own.cmdline;
        self.command.truncate(self.command.floor_char_boundary(COMMAND_LINE));
        self.executable = own.exepath;
        self.comm = own.comm;
        self.container = own.container.short().to_owned();
        self.parent = ancestry.next().map(|parent| {
            let start = parent.start.0;
            ProcessKey { pid: Pid(parent.pid), start: WallNs(start - start % TICK_NS) }
        });
    }

    fn row(&self, key: ProcessKey) -> Row {
        Row {
            choice: Choice::Process(key),
            parent: self.parent.map(Choice::Process),
            cells: vec![
                Cell::from(&*self.comm),
                Cell::from(key.pid.0),
                Cell::from(&*self.command),
                Cell::from(&*self.user),
                Cell::from(&*self.container),
                moment(Some(key.start.0)),
                moment(self.end),
                Cell::from(self.calls),
                Cell::from(self.errors),
                Cell::from(self.file.into),
                Cell::from(self.file.out_of),
                Cell::from(self.net.into),
                Cell::from(self.net.out_of),
                Cell::from(&*self.executable),
            ],
        }
    }
}
