//! Ports that were listened on, or on which somebody was let in.

use super::grid::{Cell, Column, ColumnKind, Row, Table, column};
use crate::choice::Choice;
use crate::deed::Deed;
use crate::fields;
use crate::keyed::{Found, Keyed};
use crate::seen::{Object, Seen};

const MOST: usize = 5_000;

static COLUMNS: [Column; 5] = [
    column("port", ColumnKind::Id),
    column("address", ColumnKind::Code),
    column("process", ColumnKind::Text),
    column("pid", ColumnKind::Id),
    column("accepts", ColumnKind::Count),
];

#[derive(Debug)]
pub(crate) struct Ports {
    rows: Keyed<u16, Port>,
}

#[derive(Debug)]
struct Port {
    address: String,
    comm: String,
    pid: Option<i64>,
    accepts: u64,
}

impl Ports {
    pub(crate) fn new() -> Self {
        Self { rows: Keyed::new(MOST) }
    }

    pub(crate) fn see(&mut self, seen: &Seen<'_>) -> Found {
        let is_socket = matches!(seen.object, Object::Connection(_) | Object::Socket(_));
        if !matches!(seen.deed, Deed::Listen | Deed::Accept) || !is_socket || !seen.succeeded() {
            return Found::Known;
        }
        let port = fields::number(seen.view, &fields::FD_SERVER_PORT);
        let Some(port) = port.and_then(|port| u16::try_from(port).ok()) else { return Found::Known };
        let (found, row) = self.rows.row(&port, || Port {
            address: fields::kept(seen.view, &fields::FD_SERVER_ADDRESS, 64),
            comm: fields::kept(seen.view, &fields::COMM, 64),
            pid: seen.process.map(|process| process.pid.0),
            accepts: 0,
        });
        if let Some(row) = row {
            row.accepts += u64::from(seen.deed == Deed::Accept);
        }
        found
    }

    pub(crate) fn total(&self) -> u64 {
        self.rows.total()
    }

    pub(crate) fn table(&self) -> Table {
        let row = |(port, row): &(u16, Port)| Row {
            choice: Choice::Port(*port),
            parent: None,
            cells: vec![
                Cell::from(i64::from(*port)),
                Cell::from(&*row.address),
                Cell::from(&*row.comm),
                row.pid.map_or(Cell::Unknown, Cell::from),
                Cell::from(row.accepts),
            ],
        };
        let rows = self.rows.iter().map(row).collect();
        Table { columns: &COLUMNS, rows, beyond: self.rows.beyond(), sort: "port".to_owned() }
    }
}
