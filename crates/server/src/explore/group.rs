//! Rows grouped by any labels, in any order: `node, container` is the tree everybody knows, `user, comm`
//! or `image` another one. A label that a process does not have is passed over: the process then stands
//! one level higher, as those of the host beside its containers.

use std::collections::HashMap;

use lanner_api::http::{ExploreRow, GroupLabel, RowKind, SeverityCount};

use super::rows::{Branch, sum_up};
use crate::row::RowId;

/// The grouping that tables have by themselves.
pub(super) const OF_A_NODE: [&str; 2] = ["node", "container"];

/// The same processes below other parents.
pub(super) fn regroup(nodes: Vec<Branch>, by: &[String]) -> Vec<Branch> {
    let mut known = Known::default();
    let mut processes = Vec::new();
    for node in nodes {
        known.take_apart(node, &mut processes);
    }
    let mut top = Level::default();
    for process in processes {
        let path: Vec<Step> = by.iter().filter_map(|label| Step::of(label, &process)).collect();
        top.insert(&path, process);
    }
    let mut rows: Vec<Branch> = Vec::new();
    top.into_rows(&mut Vec::new(), &mut known, &mut rows);
    rows
}

/// One label of a row and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    label: String,
    /// What tells two values apart.
    value: String,
    /// What people read.
    name: String,
}

impl Step {
    fn of(label: &str, process: &Branch) -> Option<Self> {
        // Containers are told apart by id: two may have one name.
        let key = if label == "container" { "container_id" } else { label };
        let value = process.labels.get(key)?.clone();
        let name = process.labels.get(label).unwrap_or(&value).clone();
        Some(Self { label: label.to_owned(), value, name })
    }
}

/// What stands below a parent: further levels in the order they came up, and processes.
#[derive(Default)]
struct Level {
    groups: Vec<(Step, Level)>,
    places: HashMap<(String, String), usize>,
    processes: Vec<Branch>,
}

impl Level {
    fn insert(&mut self, path: &[Step], process: Branch) {
        let Some((step, below)) = path.split_first() else {
            self.processes.push(process);
            return;
        };
        let key = (step.label.clone(), step.value.clone());
        let at = *self.places.entry(key).or_insert_with(|| {
            self.groups.push((step.clone(), Level::default()));
            self.groups.len() - 1
        });
        if let Some((_, level)) = self.groups.get_mut(at) {
            level.insert(below, process);
        }
    }

    fn into_rows(self, path: &mut Vec<Step>, known: &mut Known, rows: &mut Vec<Branch>) {
        for (step, level) in self.groups {
            path.push(step);
            let mut children = Vec::new();
            level.into_rows(path, known, &mut children);
            let mut row = known.row(path).unwrap_or_else(|| group_row(path, &children, known));
            for child in &mut children {
                child.row.parent = Some(row.row.id.clone());
            }
            row.children = children;
            sum_up(&mut row);
            rows.push(row);
            path.pop();
        }
        rows.extend(self.processes.into_iter().map(|mut process| {
            process.row.parent = None;
            process
        }));
    }
}

/// Hosts and containers with values of their own, which are better than sums.
#[derive(Default)]
struct Known {
    hosts: HashMap<String, Branch>,
    containers: HashMap<String, Branch>,
    cores: HashMap<String, f64>,
}

impl Known {
    fn take_apart(&mut self, mut branch: Branch, processes: &mut Vec<Branch>) {
        for child in std::mem::take(&mut branch.children) {
            self.take_apart(child, processes);
        }
        branch.row.parent = None;
        match branch.row.kind {
            RowKind::Process => processes.push(branch),
            RowKind::Host => {
                let cores = branch.row.cpu_cores.zip(branch.row.cpu_percent);
                let cores =
                    cores.filter(|(_, percent)| *percent > 0.0).map(|(used, percent)| 100.0 * used / percent);
                if let Some(cores) = cores {
                    self.cores.insert(branch.row.node.clone(), cores);
                }
                self.hosts.insert(branch.row.node.clone(), branch);
            }
            RowKind::Container => {
                let id = branch.row.container_id.clone().unwrap_or_default();
                self.containers.insert(id, branch);
            }
            RowKind::Group => {}
        }
    }

    /// The row of a whole host or container: only where everything of it stands at this place, which it
    /// does when what is above are labels of its own.
    fn row(&mut self, path: &[Step]) -> Option<Branch> {
        let (last, above) = path.split_last()?;
        let known = match last.label.as_str() {
            "node" => &mut self.hosts,
            "container" | "container_id" => &mut self.containers,
            _ => return None,
        };
        let branch = known.get(&last.value)?;
        let is_whole = above.iter().all(|step| branch.labels.get(step.label.as_str()) == Some(&step.value));
        if is_whole { known.remove(&last.value) } else { None }
    }
}

/// A row that is nothing but what stands below it.
fn group_row(path: &[Step], children: &[Branch], known: &Known) -> Branch {
    let labels: Vec<GroupLabel> =
        path.iter().map(|step| GroupLabel { label: step.label.clone(), value: step.value.clone() }).collect();
    let id = path.iter().map(|step| (step.label.clone(), step.value.clone())).collect();
    let id = RowId::Group(id).to_string();
    let name = path.last().map(|step| step.name.clone()).unwrap_or_default();
    let mut row = ExploreRow { id, kind: RowKind::Group, name, group: labels, ..ExploreRow::default() };
    let mut nodes: Vec<&str> = Vec::new();
    for child in children.iter().map(|child| &child.row) {
        add(&mut row.cpu_cores, child.cpu_cores);
        add(&mut row.disk_read_bps, child.disk_read_bps);
        add(&mut row.disk_write_bps, child.disk_write_bps);
        add(&mut row.net_rx_bps, child.net_rx_bps);
        add(&mut row.net_tx_bps, child.net_tx_bps);
        if let Some(bytes) = child.memory_bytes {
            row.memory_bytes = Some(row.memory_bytes.unwrap_or(0).saturating_add(bytes));
        }
        add_findings(&mut row.findings, &child.findings);
        add_spark(&mut row.cpu_spark, &child.cpu_spark);
        if !nodes.contains(&child.node.as_str()) {
            nodes.push(&child.node);
        }
    }
    if let [node] = nodes[..] {
        row.node = node.to_owned();
        let cores = known.cores.get(node);
        row.cpu_percent = row.cpu_cores.zip(cores).map(|(used, cores)| 100.0 * used / cores);
    }
    let haystack = row.name.to_lowercase();
    Branch { row, haystack, labels: HashMap::new(), children: Vec::new() }
}

fn add(sum: &mut Option<f64>, part: Option<f64>) {
    if let Some(part) = part {
        *sum = Some(sum.unwrap_or(0.0) + part);
    }
}

fn add_findings(sum: &mut Vec<SeverityCount>, parts: &[SeverityCount]) {
    for part in parts {
        match sum.iter_mut().find(|known| known.severity == part.severity) {
            Some(known) => known.count += part.count,
            None => sum.push(part.clone()),
        }
    }
    sum.sort_by_key(|count| std::cmp::Reverse(count.severity));
}

fn add_spark(sum: &mut Vec<Option<f64>>, part: &[Option<f64>]) {
    if sum.len() < part.len() {
        sum.resize(part.len(), None);
    }
    for (sum, part) in sum.iter_mut().zip(part) {
        add(sum, *part);
    }
}
