//! Which rows are shown, and in which order.

use std::collections::HashSet;

use lanner_api::http::{ExploreRow, ExploreView, RowKind};

use super::ExploreRequest;
use super::group::{OF_A_NODE, regroup};
use super::rows::Branch;

/// The rows in display order, and how many there would be without the limit.
pub(super) fn arrange(nodes: Vec<Branch>, request: &ExploreRequest) -> (Vec<ExploreRow>, u32) {
    let mut top = if request.by == OF_A_NODE { nodes } else { regroup(nodes, &request.by) };
    if let Some(scope) = &request.scope {
        top = find(top, &scope.to_string()).into_iter().collect();
        if let [branch] = &mut top[..] {
            branch.row.parent = None;
        }
    }
    if request.view == ExploreView::Flat {
        top = processes(top);
    }
    top.retain_mut(|branch| keep(branch, &request.filter));
    let total = top.iter().map(size).sum::<usize>();
    if total > request.limit {
        cut(&mut top, request);
    }
    let mut rows = Vec::with_capacity(total.min(request.limit));
    flatten(top, request, &mut rows);
    (rows, u32::try_from(total).unwrap_or(u32::MAX))
}

/// The branch that begins at a row.
fn find(branches: Vec<Branch>, id: &str) -> Option<Branch> {
    for branch in branches {
        if branch.row.id == id {
            return Some(branch);
        }
        if let Some(found) = find(branch.children, id) {
            return Some(found);
        }
    }
    None
}

/// All processes, without those above them.
fn processes(branches: Vec<Branch>) -> Vec<Branch> {
    let mut out = Vec::new();
    for mut branch in branches {
        if branch.row.kind == RowKind::Process {
            branch.row.parent = None;
            out.push(branch);
        } else {
            out.extend(processes(branch.children));
        }
    }
    out
}

/// Whether a branch has anything that the filter lets through; what has not is taken out of it.
fn keep(branch: &mut Branch, filter: &str) -> bool {
    if filter.is_empty() {
        return true;
    }
    branch.children.retain_mut(|child| keep(child, filter));
    !branch.children.is_empty() || branch.haystack.contains(filter)
}

fn size(branch: &Branch) -> usize {
    1 + branch.children.iter().map(size).sum::<usize>()
}

/// Takes out what is over the limit: what stands higher stays before what is below it, of each level
/// those that the order puts first over all nodes. So one busy node hides no other.
fn cut(top: &mut Vec<Branch>, request: &ExploreRequest) {
    let mut order: Vec<(u8, &ExploreRow)> = Vec::new();
    for branch in &*top {
        collect(branch, 0, &mut order);
    }
    order.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| request.sort.compare(a.1, b.1)));
    let shown: HashSet<String> =
        order.into_iter().take(request.limit).map(|(_, row)| row.id.clone()).collect();
    retain_shown(top, &shown);
}

fn collect<'a>(branch: &'a Branch, depth: u8, order: &mut Vec<(u8, &'a ExploreRow)>) {
    // A process counts as one wherever it stands: a busy one of the host hides no container.
    let level = if branch.row.kind == RowKind::Process { u8::MAX } else { depth };
    order.push((level, &branch.row));
    for child in &branch.children {
        collect(child, depth.saturating_add(1), order);
    }
}

fn retain_shown(branches: &mut Vec<Branch>, shown: &HashSet<String>) {
    branches.retain_mut(|branch| {
        retain_shown(&mut branch.children, shown);
        shown.contains(&branch.row.id)
    });
}

/// A parent before its children, siblings sorted.
fn flatten(mut branches: Vec<Branch>, request: &ExploreRequest, rows: &mut Vec<ExploreRow>) {
    branches.sort_by(|a, b| request.sort.compare(&a.row, &b.row));
    for branch in branches {
        rows.push(branch.row);
        flatten(branch.children, request, rows);
    }
}
