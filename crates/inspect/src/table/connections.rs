//! Connections: between whom, which way, how much.

use super::grid::{Cell, Column, ColumnKind, Row, Table, column, moment};
use crate::choice::Choice;
use crate::deed::Deed;
use crate::fields;
use crate::keyed::Keyed;
use crate::seen::{Object, Seen, To};

const MOST: usize = 20_000;

static COLUMNS: [Column; 11] = [
    column("connection", ColumnKind::Code),
    column("direction", ColumnKind::Word),
    column("protocol", ColumnKind::Text),
    column("process", ColumnKind::Text),
    column("pid", ColumnKind::Id),
    column("state", ColumnKind::Word),
    column("bytes_in", ColumnKind::Bytes),
    column("bytes_out", ColumnKind::Bytes),
    column("requests", ColumnKind::Count),
    column("first", ColumnKind::Time),
    column("last", ColumnKind::Time),
];

/// A connection by its name, and whether its serving end is meant: a capture may have both.
type Key = (String, bool);

#[derive(Debug)]
pub(crate) struct Connections {
    rows: Keyed<Key, Connection>,
}

#[derive(Debug)]
struct Connection {
    protocol: String,
    comm: String,
    pid: Option<i64>,
    state: State,
    bytes_in: u64,
    bytes_out: u64,
    requests: u64,
    first: u64,
    last: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It was there before the capture.
    Open,
    /// It began in the capture.
    Begun,
    Closed,
    Failed,
}

impl Connections {
    pub(crate) fn new() -> Self {
        Self { rows: Keyed::new(MOST) }
    }

    /// Takes an event in; `requests` that it ended belong to its connection.
    pub(crate) fn see(&mut self, seen: &Seen<'_>, requests: u64) {
        let Object::Connection(name) = &seen.object else { return };
        let serves = seen.deed == Deed::Accept
            || seen.deed != Deed::Connect && fields::holds(seen.view, &fields::FD_IS_SERVER);
        let key = (name.to_string(), serves);
        let Some(connection) = self.rows.row(&key, || Connection::of(seen)).1 else { return };
        connection.last = seen.time;
        connection.requests += requests;
        match seen.deed {
            // In progress (EINPROGRESS) is no failure: the socket does not wait.
            Deed::Connect if seen.failed() && seen.result != Some(-115) => connection.state = State::Failed,
            Deed::Connect | Deed::Accept => connection.state = State::Begun,
            Deed::Close if connection.state != State::Failed => connection.state = State::Closed,
            _ => {}
        }
        if let Some(carried) = seen.carried {
            match carried.to {
                To::Process => connection.bytes_in += carried.bytes,
                To::Object => connection.bytes_out += carried.bytes,
            }
        }
    }

    pub(crate) fn total(&self) -> u64 {
        self.rows.total()
    }

    pub(crate) fn table(&self) -> Table {
        let rows = self.rows.iter().map(|(key, connection)| connection.row(key)).collect();
        Table { columns: &COLUMNS, rows, beyond: self.rows.beyond(), sort: "first".to_owned() }
    }
}

impl Connection {
    fn of(seen: &Seen<'_>) -> Self {
        Self {
            protocol: fields::kept(seen.view, &fields::FD_PROTOCOL, 16),
            comm: fields::kept(seen.view, &fields::COMM, 64),
            pid: seen.process.map(|process| process.pid.0),
            state: State::Open,
            bytes_in: 0,
            bytes_out: 0,
            requests: 0,
            first: seen.time,
            last: seen.time,
        }
    }

    fn row(&self, (name, serves): &Key) -> Row {
        let state = match self.state {
            State::Open => "open",
            State::Begun => "begun",
            State::Closed => "closed",
            State::Failed => "failed",
        };
        Row {
            choice: Choice::Connection(name.clone()),
            parent: None,
            cells: vec![
                Cell::from(&**name),
                Cell::from(if *serves { "in" } else { "out" }),
                Cell::from(&*self.protocol),
                Cell::from(&*self.comm),
                self.pid.map_or(Cell::Unknown, Cell::from),
                Cell::from(state),
                Cell::from(self.bytes_in),
                Cell::from(self.bytes_out),
                Cell::from(self.requests),
                moment(Some(self.first)),
                moment(Some(self.last)),
            ],
        }
    }
}
