//! Executed commands, in their order.

use super::grid::{Cell, Column, ColumnKind, Row, Table, column, moment};
use crate::deed::Deed;
use crate::fields;
use crate::seen::Seen;

const MOST: usize = 5_000;
/// Bytes of a command line that are kept.
const COMMAND_LINE: usize = 1_024;

static COLUMNS: [Column; 7] = [
    column("time", ColumnKind::Time),
    column("command", ColumnKind::Code),
    column("process", ColumnKind::Text),
    column("pid", ColumnKind::Id),
    column("user", ColumnKind::Text),
    column("container", ColumnKind::Text),
    column("event", ColumnKind::Event),
];

#[derive(Debug, Default)]
pub(crate) struct Commands {
    rows: Vec<Row>,
    beyond: u64,
}

impl Commands {
    pub(crate) fn see(&mut self, seen: &Seen<'_>) {
        if seen.deed != Deed::Execute || !seen.succeeded() {
            return;
        }
        let Some(choice) = seen.process_choice().filter(|_| self.rows.len() < MOST) else {
            self.beyond += 1;
            return;
        };
        let view = seen.view;
        let text = |field, most| Cell::from(&*fields::kept(view, field, most));
        self.rows.push(Row {
            choice,
            parent: None,
            cells: vec![
                moment(Some(seen.time)),
                text(&fields::COMMAND_LINE, COMMAND_LINE),
                text(&fields::COMM, 64),
                seen.process.map_or(Cell::Unknown, |process| Cell::from(process.pid.0)),
                text(&fields::USER, 64),
                Cell::from(view.container().map_or("", |container| container.id.short())),
                Cell::from(seen.number()),
            ],
        });
    }

    pub(crate) fn total(&self) -> u64 {
        self.rows.len() as u64 + self.beyond
    }

    pub(crate) fn table(&self) -> Table {
        Table { columns: &COLUMNS, rows: self.rows.clone(), beyond: self.beyond, sort: "time".to_owned() }
    }
}
