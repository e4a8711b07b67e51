//! Explore: the newest live table of each node, as rows. A fold: tables and what else is known of
//! rows go in, the rows to show come out.

mod column;
mod group;
mod rows;
mod tree;

use std::collections::HashMap;
use std::sync::Arc;

use lanner_api::http::{ExploreTable, ExploreView, SeverityCount};
use lanner_model::id::NodeName;
use lanner_model::resource::LiveTable;

pub(crate) use column::{Sort, SortError};

use crate::row::RowId;
use crate::sparks::SparkLines;

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) struct ExploreRequest {
    pub(crate) view: ExploreView,
    /// Labels that rows are grouped by, the outermost first.
    pub(crate) by: Vec<String>,
    pub(crate) sort: Sort,
    /// Lower case; empty asks for all.
    pub(crate) filter: String,
    pub(crate) scope: Option<RowId>,
    pub(crate) limit: usize,
}

/// What is known of rows beside their live tables.
#[derive(Debug, Default)]
pub(crate) struct Annotations {
    /// Security events of the last 24 h, the gravest severity first.
    pub(crate) findings: HashMap<RowId, Vec<SeverityCount>>,
    /// CPU over the last 10 minutes.
    pub(crate) cpu_sparks: Arc<SparkLines>,
    /// The kernel of each node, as `uname -r` says.
    pub(crate) kernels: HashMap<NodeName, String>,
}

/// The table to show. `interval_s` is what agents are told at the moment.
pub(crate) fn explore<'a>(
    tables: impl IntoIterator<Item = &'a LiveTable>,
    annotations: &Annotations,
    request: &ExploreRequest,
    interval_s: u32,
) -> ExploreTable {
    let mut updated_ms = None;
    let mut nodes = Vec::new();
    for table in tables {
        updated_ms = updated_ms.max(Some(table.time.0));
        nodes.push(rows::host_rows(table, annotations));
    }
    let (rows, total) = tree::arrange(nodes, request);
    ExploreTable { updated_ms, interval_s, rows, total }
}

#[cfg(test)]
mod tests;
