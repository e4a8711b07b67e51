//! One node's live table as rows: each with its own values, parents with what is summed from below.

use std::collections::HashMap;

use lanner_api::http::{ExploreRow, RowKind};
use lanner_model::id::{ContainerId, NodeName, Pid, ProcessKey};
use lanner_model::resource::{ContainerInfo, ContainerUsage, LiveTable, ProcessUsage, Usage};

use super::Annotations;
use crate::row::RowId;

/// A row with the rows below it.
pub(super) struct Branch {
    pub(super) row: ExploreRow,
    /// What a filter looks at, in lower case.
    pub(super) haystack: String,
    /// What it can be grouped by: `node`, `container`, `user`, `comm` ...; what is not known is not here.
    pub(super) labels: HashMap<&'static str, String>,
    pub(super) children: Vec<Branch>,
}

/// The node, its containers, its processes.
pub(super) fn host_rows(table: &LiveTable, annotations: &Annotations) -> Branch {
    let node = &table.node;
    let whole = Whole {
        node,
        cores: Some(f64::from(table.host.cpus)).filter(|cpus| *cpus > 0.0),
        memory_bytes: Some(table.host.memory_total_bytes).filter(|bytes| *bytes > 0),
        annotations,
    };
    let mut containers: Vec<Branch> =
        table.containers.iter().map(|container| whole.container(container)).collect();
    let mut places: HashMap<&ContainerId, usize> =
        table.containers.iter().enumerate().map(|(at, container)| (&container.info.id, at)).collect();
    let mut on_host = Vec::new();
    for process in &table.processes {
        if process.container.is_empty() {
            on_host.push(whole.process(process, None));
            continue;
        }
        // A container that began after the table's containers were read has only its id.
        let at = *places.entry(&process.container).or_insert_with(|| {
            let info = ContainerInfo { id: process.container.clone(), ..ContainerInfo::default() };
            containers.push(whole.container(&ContainerUsage { info, ..ContainerUsage::default() }));
            containers.len() - 1
        });
        let row = whole.process(process, Some(&containers[at]));
        containers[at].children.push(row);
    }
    for container in &mut containers {
        sum_up(container);
    }
    containers.append(&mut on_host);

    let id = RowId::Host(node.clone());
    let mut host = whole.row(&id, RowKind::Host, &table.host.usage);
    host.name = node.to_string();
    host.detail = annotations.kernels.get(node).cloned().unwrap_or_default();
    host.cpu_limit_cores = None;
    host.cpu_percent = percent(host.cpu_cores, whole.cores);
    host.memory_percent = percent_of_bytes(host.memory_bytes, whole.memory_bytes);
    host.memory_limit_bytes = whole.memory_bytes;
    let mut host = Branch {
        haystack: format!("{node} {}", host.detail).to_lowercase(),
        labels: HashMap::from([("node", node.to_string())]),
        row: host,
        children: containers,
    };
    sum_up(&mut host);
    host
}

/// What rows are parts of.
struct Whole<'a> {
    node: &'a NodeName,
    cores: Option<f64>,
    memory_bytes: Option<u64>,
    annotations: &'a Annotations,
}

impl Whole<'_> {
    fn container(&self, container: &ContainerUsage) -> Branch {
        let info = &container.info;
        let id = RowId::Container(self.node.clone(), info.id.clone());
        let mut row = self.row(&id, RowKind::Container, &container.usage);
        row.parent = Some(RowId::Host(self.node.clone()).to_string());
        row.name = if info.name.is_empty() { info.id.short().to_owned() } else { info.name.clone() };
        row.detail = if info.image.is_empty() { info.cgroup_path.clone() } else { info.image.clone() };
        row.container_id = Some(info.id.to_string());
        row.container_runtime = Some(info.runtime.as_str().to_owned());
        row.cpu_limit_cores = container.cpu_limit_cores;
        row.cpu_percent = percent(row.cpu_cores, container.cpu_limit_cores.or(self.cores));
        row.memory_limit_bytes = container.memory_limit_bytes;
        row.memory_percent =
            percent_of_bytes(row.memory_bytes, container.memory_limit_bytes.or(self.memory_bytes));
        let haystack = format!("{} {} {} {}", row.name, info.id, info.image, info.cgroup_path).to_lowercase();
        let labels = known_labels([
            ("node", self.node.as_str()),
            ("container", &row.name),
            ("container_id", info.id.as_str()),
            ("image", &info.image),
            ("runtime", info.runtime.as_str()),
            ("pod_uid", &info.pod_uid),
        ]);
        Branch { row, haystack, labels, children: Vec::new() }
    }

    fn process(&self, process: &ProcessUsage, container: Option<&Branch>) -> Branch {
        let key = ProcessKey { pid: Pid(process.pid), start: process.start };
        let id = RowId::process(self.node, key);
        let mut row = self.row(&id, RowKind::Process, &process.usage);
        row.parent = Some(match container {
            Some(container) => container.row.id.clone(),
            None => RowId::Host(self.node.clone()).to_string(),
        });
        row.name.clone_from(&process.comm);
        row.detail.clone_from(&process.cmdline);
        row.pid = Some(process.pid);
        row.ppid = Some(process.ppid);
        row.user = Some(if process.user.is_empty() { process.uid.to_string() } else { process.user.clone() });
        row.state = Some(process.state.to_string());
        row.exe = Some(process.exepath.clone()).filter(|exe| !exe.is_empty());
        row.start_ms = Some(process.start.millis().0);
        row.container_id = container.and_then(|container| container.row.container_id.clone());
        row.container_runtime = container.and_then(|container| container.row.container_runtime.clone());
        let (cores, bytes) = match container {
            Some(container) => (container.row.cpu_limit_cores, container.row.memory_limit_bytes),
            None => (None, None),
        };
        row.cpu_percent = percent(row.cpu_cores, cores.or(self.cores));
        row.memory_percent = percent_of_bytes(row.memory_bytes, bytes.or(self.memory_bytes));
        let user = row.user.as_deref().unwrap_or_default();
        let mut haystack =
            format!("{} {} {} {user} {}", process.comm, process.cmdline, process.exepath, process.pid)
                .to_lowercase();
        if let Some(container) = container {
            haystack.push(' ');
            haystack.push_str(&container.haystack);
        }
        let mut labels = known_labels([
            ("node", self.node.as_str()),
            ("comm", &process.comm),
            ("exe", &process.exepath),
            ("user", user),
            ("state", &process.state.to_string()),
        ]);
        if let Some(container) = container {
            labels.extend(container.labels.iter().map(|(label, value)| (*label, value.clone())));
        }
        Branch { row, haystack, labels, children: Vec::new() }
    }

    fn row(&self, id: &RowId, kind: RowKind, usage: &Usage) -> ExploreRow {
        ExploreRow {
            id: id.to_string(),
            kind,
            node: self.node.to_string(),
            cpu_cores: usage.cpu_cores,
            memory_bytes: usage.memory_bytes,
            disk_read_bps: usage.disk_read_bps,
            disk_write_bps: usage.disk_write_bps,
            net_rx_bps: usage.net_rx_bps,
            net_tx_bps: usage.net_tx_bps,
            threads: usage.threads,
            fds: usage.fds,
            findings: self.annotations.findings.get(id).cloned().unwrap_or_default(),
            cpu_spark: self.annotations.cpu_sparks.get(id).cloned().unwrap_or_default(),
            ..ExploreRow::default()
        }
    }
}

/// Fills what a parent has from its children: the number of processes, the worst CPU, and threads
/// and descriptors where nobody counted them for the whole. Memory is never summed: processes share
/// pages.
pub(super) fn sum_up(parent: &mut Branch) {
    let children = &parent.children;
    let row = &mut parent.row;
    row.processes = Some(
        children
            .iter()
            .map(|child| match child.row.kind {
                RowKind::Process => 1,
                RowKind::Host | RowKind::Container | RowKind::Group => child.row.processes.unwrap_or(0),
            })
            .sum(),
    );
    row.cpu_worst_child_percent =
        children.iter().filter_map(|child| child.row.cpu_percent).max_by(f64::total_cmp);
    let sum = |value: fn(&ExploreRow) -> Option<u64>| {
        let known = children.iter().filter_map(|child| value(&child.row));
        known.fold(None, |sum: Option<u64>, value| Some(sum.unwrap_or(0).saturating_add(value)))
    };
    row.threads = row.threads.or_else(|| sum(|row| row.threads));
    row.fds = row.fds.or_else(|| sum(|row| row.fds));
}

fn known_labels<const N: usize>(labels: [(&'static str, &str); N]) -> HashMap<&'static str, String> {
    let known = labels.into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(label, value)| (label, value.to_owned())).collect()
}

fn percent(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    let whole = whole.filter(|whole| *whole > 0.0)?;
    Some(100.0 * part? / whole)
}

fn percent_of_bytes(part: Option<u64>, whole: Option<u64>) -> Option<f64> {
    percent(part.map(|part| part as f64), whole.map(|whole| whole as f64))
}
