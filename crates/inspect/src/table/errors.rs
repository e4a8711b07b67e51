//! Failed calls by error.

use super::grid::{Cell, Column, ColumnKind, Row, Table, column};
use crate::choice::Choice;
use crate::keyed::Keyed;
use crate::seen::Seen;

/// More than Linux has errors.
const MOST: usize = 1_000;
/// Names of calls that are told per error.
const MOST_NAMES: usize = 6;

static COLUMNS: [Column; 4] = [
    column("error", ColumnKind::Code),
    column("calls", ColumnKind::Count),
    column("call", ColumnKind::Code),
    column("event", ColumnKind::Event),
];

#[derive(Debug)]
pub(crate) struct Errors {
    rows: Keyed<String, Error>,
}

#[derive(Debug, Default)]
struct Error {
    calls: u64,
    names: Vec<String>,
    first_event: u64,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self { rows: Keyed::new(MOST) }
    }

    pub(crate) fn see(&mut self, seen: &Seen<'_>) {
        let Some(error) = seen.error() else { return };
        let make = || Error { first_event: seen.number(), ..Error::default() };
        let Some(row) = self.rows.row(&error.into_owned(), make).1 else { return };
        row.calls += 1;
        let name = seen.name();
        if row.names.len() < MOST_NAMES && !row.names.iter().any(|known| *known == name) {
            row.names.push(name.into_owned());
        }
    }

    pub(crate) fn total(&self) -> u64 {
        self.rows.total()
    }

    pub(crate) fn table(&self) -> Table {
        let row = |(error, row): &(String, Error)| Row {
            choice: Choice::Error(error.clone()),
            parent: None,
            cells: vec![
                Cell::from(&**error),
                Cell::from(row.calls),
                Cell::from(&*row.names.join(", ")),
                Cell::from(row.first_event),
            ],
        };
        let rows = self.rows.iter().map(row).collect();
        Table { columns: &COLUMNS, rows, beyond: self.rows.beyond(), sort: "-calls".to_owned() }
    }
}
