//! Containers, and the host as what is in none.

use super::grid::{Cell, Column, ColumnKind, Row, Table, column};
use crate::choice::Choice;
use crate::deed::Deed;
use crate::keyed::{Found, Keyed};
use crate::seen::Seen;

const MOST: usize = 2_000;

static COLUMNS: [Column; 7] = [
    column("container", ColumnKind::Text),
    column("image", ColumnKind::Code),
    column("runtime", ColumnKind::Text),
    column("processes", ColumnKind::Count),
    column("commands", ColumnKind::Count),
    column("calls", ColumnKind::Count),
    column("errors", ColumnKind::Count),
];

#[derive(Debug)]
pub(crate) struct Containers {
    rows: Keyed<String, Container>,
}

#[derive(Debug, Default)]
struct Container {
    name: String,
    image: String,
    runtime: &'static str,
    processes: u64,
    commands: u64,
    calls: u64,
    errors: u64,
}

impl Containers {
    pub(crate) fn new() -> Self {
        Self { rows: Keyed::new(MOST) }
    }

    /// `process` says whether the event's process was seen for the first time.
    pub(crate) fn see(&mut self, seen: &Seen<'_>, process: Found) -> Found {
        let (found, container) = self.rows.row(&seen.container().to_owned(), || Container::of(seen));
        if let Some(container) = container {
            container.processes += u64::from(process == Found::New);
            container.commands += u64::from(seen.deed == Deed::Execute && seen.succeeded());
            container.calls += u64::from(seen.result.is_some());
            container.errors += u64::from(seen.failed());
        }
        // The host is no container.
        if seen.container() == Choice::HOST { Found::Known } else { found }
    }

    pub(crate) fn total(&self) -> u64 {
        self.rows.total()
    }

    pub(crate) fn table(&self) -> Table {
        let rows = self.rows.iter().map(|(id, container)| container.row(id)).collect();
        Table { columns: &COLUMNS, rows, beyond: self.rows.beyond(), sort: "-calls".to_owned() }
    }
}

impl Container {
    fn of(seen: &Seen<'_>) -> Self {
        let Some(info) = seen.view.container() else { return Self::default() };
        let name = if info.name.is_empty() { info.id.short() } else { &info.name };
        Self {
            name: name.to_owned(),
            image: info.image.clone(),
            runtime: info.runtime.as_str(),
            ..Self::default()
        }
    }

    fn row(&self, id: &str) -> Row {
        Row {
            choice: Choice::Container(id.to_owned()),
            parent: None,
            cells: vec![
                Cell::from(if self.name.is_empty() { id } else { &self.name }),
                Cell::from(&*self.image),
                Cell::from(self.runtime),
                Cell::from(self.processes),
                Cell::from(self.commands),
                Cell::from(self.calls),
                Cell::from(self.errors),
            ],
        }
    }
}
