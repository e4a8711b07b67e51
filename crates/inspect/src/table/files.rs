//! Files: what was done with them, and by whom.

use super::grid::{Cell, Column, ColumnKind, Row, Table, column};
use crate::choice::Choice;
use crate::deed::Deed;
use crate::fields;
use crate::keyed::{Found, Keyed};
use crate::seen::{Object, Seen, To};

const MOST: usize = 20_000;
/// Names of processes that are told per file.
const MOST_NAMES: usize = 4;

static COLUMNS: [Column; 9] = [
    column("path", ColumnKind::Code),
    column("opens", ColumnKind::Count),
    column("reads", ColumnKind::Count),
    column("writes", ColumnKind::Count),
    column("bytes_in", ColumnKind::Bytes),
    column("bytes_out", ColumnKind::Bytes),
    column("errors", ColumnKind::Count),
    column("changes", ColumnKind::Count),
    column("processes", ColumnKind::Text),
];

#[derive(Debug)]
pub(crate) struct Files {
    rows: Keyed<String, File>,
}

#[derive(Debug, Default)]
struct File {
    opens: u64,
    reads: u64,
    writes: u64,
    bytes_in: u64,
    bytes_out: u64,
    errors: u64,
    /// Deletions, renames, changes of mode.
    changes: u64,
    is_accessed: bool,
    is_modified: bool,
    names: Vec<String>,
    has_more_names: bool,
}

/// What was seen of a file for the first time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FirstTimes {
    /// It was opened, or used by who had it open.
    pub(crate) accessed: bool,
    /// It was written, renamed, removed, or its mode was changed.
    pub(crate) modified: bool,
}

impl Files {
    pub(crate) fn new() -> Self {
        Self { rows: Keyed::new(MOST) }
    }

    pub(crate) fn see(&mut self, seen: &Seen<'_>) -> FirstTimes {
        let Object::File(path) = &seen.object else { return FirstTimes::default() };
        let (found, file) = self.rows.row(&path.to_string(), File::default);
        let Some(file) = file else {
            // Beyond the table nobody knows whether a later write is the first.
            return FirstTimes { accessed: found == Found::New && seen.succeeded(), modified: false };
        };
        let mut modifies = false;
        match (seen.deed, seen.succeeded()) {
            (_, false) => file.errors += u64::from(seen.failed()),
            (Deed::Open, true) => file.opens += 1,
            (Deed::Remove | Deed::Rename | Deed::ChangeMode, true) => {
                file.changes += 1;
                modifies = true;
            }
            _ => {}
        }
        if let Some(carried) = seen.carried {
            match carried.to {
                To::Process => {
                    file.reads += 1;
                    file.bytes_in += carried.bytes;
                }
                To::Object => {
                    file.writes += 1;
                    file.bytes_out += carried.bytes;
                    modifies = true;
                }
            }
        }
        file.note_process(seen);
        let accessed = seen.succeeded() && !std::mem::replace(&mut file.is_accessed, true);
        let modified = modifies && !std::mem::replace(&mut file.is_modified, true);
        FirstTimes { accessed, modified }
    }

    pub(crate) fn total(&self) -> u64 {
        self.rows.total()
    }

    pub(crate) fn table(&self) -> Table {
        let rows = self.rows.iter().map(|(path, file)| file.row(path)).collect();
        Table { columns: &COLUMNS, rows, beyond: self.rows.beyond(), sort: "-opens".to_owned() }
    }
}

impl File {
    fn note_process(&mut self, seen: &Seen<'_>) {
        let Some(name) = fields::text(seen.view, &fields::COMM) else { return };
        if self.names.iter().any(|known| *known == name) {
            return;
        }
        if self.names.len() < MOST_NAMES {
            self.names.push(name.into_owned());
        } else {
            self.has_more_names = true;
        }
    }

    fn row(&self, path: &str) -> Row {
        let mut names = self.names.join(", ");
        if self.has_more_names {
            names.push_str(", …");
        }
        Row {
            choice: Choice::File(path.to_owned()),
            parent: None,
            cells: vec![
                Cell::from(path),
                Cell::from(self.opens),
                Cell::from(self.reads),
                Cell::from(self.writes),
                Cell::from(self.bytes_in),
                Cell::from(self.bytes_out),
                Cell::from(self.errors),
                Cell::from(self.changes),
                Cell::from(&*names),
            ],
        }
    }
}
