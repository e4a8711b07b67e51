//! The form of all tables: columns, rows of cells, sorting.

use std::cmp::Ordering;

use crate::choice::Choice;

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Its columns.
    pub columns: &'static [Column],
    /// Its rows.
    pub rows: Vec<Row>,
    /// Rows for which there was no room.
    pub beyond: u64,
    /// Its own order: a column's name, `-` before it for descending.
    pub sort: String,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its cells are.
    pub kind: ColumnKind,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// A path, command line or address.
    Code,
    /// A word of a fixed set.
    Word,
    /// A number that names something.
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

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What leaves only its events.
    pub choice: Choice,
    /// The choice of the row it stands below.
    pub parent: Option<Choice>,
    /// One per column.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Not known.
    Unknown,
    /// A number.
    Number(i64),
    /// Text.
    Text(String),
}

/// A table has no such column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no column `{name}`; there are {columns}")]
pub struct UnknownColumn {
    name: String,
    columns: String,
}

impl Table {
    /// Sorts the rows by a column, `-` before its name for descending; what is unknown comes last. Rows
    /// that are equal keep their order.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn sort_by(&mut self, order: &str) -> Result<(), UnknownColumn> {
        let (name, descending) = order.strip_prefix('-').map_or((order, false), |name| (name, true));
        let Some(column) = self.columns.iter().position(|column| column.name == name) else {
            let columns: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
            let name = name.chars().take(64).collect();
            return Err(UnknownColumn { name, columns: columns.join(", ") });
        };
        let cell = |row: &Row| row.cells.get(column).cloned().unwrap_or(Cell::Unknown);
        self.rows.sort_by(|a, b| cell(a).compare(&cell(b), descending));
        order.clone_into(&mut self.sort);
        Ok(())
    }

    /// Keeps rows in which some cell contains a text, whatever its case.
    pub fn keep_with(&mut self, text: &str) {
        let wanted = text.to_lowercase();
        if !wanted.is_empty() {
            self.rows.retain(|row| row.cells.iter().any(|cell| cell.contains(&wanted)));
        }
    }
}

impl Cell {
    fn compare(&self, other: &Cell, descending: bool) -> Ordering {
        let known = match (self, other) {
            (Cell::Unknown, Cell::Unknown) => return Ordering::Equal,
            (Cell::Unknown, _) => return Ordering::Greater,
            (_, Cell::Unknown) => return Ordering::Less,
            (Cell::Number(a), Cell::Number(b)) => a.cmp(b),
            (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
            (Cell::Number(_), Cell::Text(_)) => Ordering::Less,
            (Cell::Text(_), Cell::Number(_)) => Ordering::Greater,
        };
        if descending { known.reverse() } else { known }
    }

    fn contains(&self, wanted: &str) -> bool {
        match self {
            Cell::Unknown => false,
            Cell::Number(number) => number.to_string().contains(wanted),
            Cell::Text(text) => text.to_lowercase().contains(wanted),
        }
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Cell::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Cell::Number(number)
    }
}

impl From<&str> for Cell {
    /// Text; an empty one is not known.
    fn from(text: &str) -> Self {
        if text.is_empty() { Cell::Unknown } else { Cell::Text(text.to_owned()) }
    }
}

/// A moment in nanoseconds since the epoch: as text, for 64 bits are more than many a reader of JSON
/// holds. Of equal length from 2001 to 2286, so that texts sort as times.
pub(super) fn moment(time_ns: Option<u64>) -> Cell {
    time_ns.filter(|time| *time > 0).map_or(Cell::Unknown, |time| Cell::Text(format!("{time:019}")))
}

/// A column.
pub(super) const fn column(name: &'static str, kind: ColumnKind) -> Column {
    Column { name, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: &[(&str, Option<i64>)]) -> Table {
        static COLUMNS: [Column; 2] = [column("name", ColumnKind::Text), column("calls", ColumnKind::Count)];
        let row = |(name, calls): &(&str, Option<i64>)| Row {
            choice: Choice::Syscall((*name).into()),
            parent: None,
            cells: vec![Cell::from(*name), calls.map_or(Cell::Unknown, Cell::Number)],
        };
        Table { columns: &COLUMNS, rows: cells.iter().map(row).collect(), ..Table::default() }
    }

    fn names(table: &Table) -> Vec<String> {
        table.rows.iter().map(|row| row.choice.to_string().replace("syscall:", "")).collect()
    }

    #[test]
    fn what_is_unknown_comes_last_in_either_order() {
        let mut table = table(&[("a", None), ("b", Some(1)), ("c", Some(2))]);
        table.sort_by("-calls").expect("a column");
        assert_eq!(names(&table), ["c", "b", "a"]);
        table.sort_by("calls").expect("a column");
        assert_eq!(names(&table), ["b", "c", "a"]);
        let error = table.sort_by("size").expect_err("no column");
        assert_eq!(error.to_string(), "there is no column `size`; there are name, calls");
    }

    #[test]
    fn a_text_is_looked_for_in_all_cells() {
        let mut table = table(&[("Openat", Some(12)), ("read", Some(3))]);
        table.keep_with("OPEN");
        assert_eq!(names(&table), ["Openat"]);
        table.keep_with("12");
        assert_eq!(names(&table), ["Openat"]);
        table.keep_with("13");
        assert!(table.rows.is_empty());
    }
}
