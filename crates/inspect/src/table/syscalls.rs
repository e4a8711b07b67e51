//! System calls by name.

use super::grid::{Cell, Column, ColumnKind, Row, Table, column, moment};
use crate::choice::Choice;
use crate::keyed::Keyed;
use crate::seen::Seen;

/// More than Linux has system calls.
const MOST: usize = 1_000;

static COLUMNS: [Column; 5] = [
    column("call", ColumnKind::Code),
    column("calls", ColumnKind::Count),
    column("errors", ColumnKind::Count),
    column("bytes", ColumnKind::Bytes),
    column("first", ColumnKind::Time),
];

#[derive(Debug)]
pub(crate) struct Syscalls {
    rows: Keyed<String, Syscall>,
}

#[derive(Debug, Default)]
struct Syscall {
    calls: u64,
    errors: u64,
    bytes: u64,
    first: u64,
}

impl Syscalls {
    pub(crate) fn new() -> Self {
        Self { rows: Keyed::new(MOST) }
    }

    pub(crate) fn see(&mut self, seen: &Seen<'_>) {
        let name = seen.name();
        // Most events' names are known already: no text is made for them.
        let row = match self.rows.get_mut(&*name) {
            Some(row) => Some(row),
            None => {
                self.rows.row(&name.into_owned(), || Syscall { first: seen.time, ..Syscall::default() }).1
            }
        };
        if let Some(row) = row {
            row.calls += 1;
            row.errors += u64::from(seen.failed());
            row.bytes += seen.carried.map_or(0, |carried| carried.bytes);
        }
    }

    pub(crate) fn total(&self) -> u64 {
        self.rows.total()
    }

    pub(crate) fn table(&self) -> Table {
        let row = |(name, row): &(String, Syscall)| Row {
            choice: Choice::Syscall(name.clone()),
            parent: None,
            cells: vec![
                Cell::from(&**name),
                Cell::from(row.calls),
                Cell::from(row.errors),
                Cell::from(row.bytes),
                moment(Some(row.first)),
            ],
        };
        let rows = self.rows.iter().map(row).collect();
        Table { columns: &COLUMNS, rows, beyond: self.rows.beyond(), sort: "-calls".to_owned() }
    }
}
