//! All containers over the rounds.

use lanner_model::resource::ContainerInfo;
use lanner_model::time::MonoNs;
use rustc_hash::{FxHashMap, FxHashSet};

use super::layout::{CgroupLayout, Hierarchies};
use super::netns::{self, NetNs};
use super::reading::Reading;
use super::{v1, v2, walk};
use crate::clock::Clock;
use crate::folder::{Buffer, Folder};
use crate::host::network::Interface;
use crate::process::table::{Process, ProcessTable};
use crate::rate::{Counted, Counters};

/// All containers over the rounds.
#[derive(Debug)]
pub(crate) struct ContainerTable {
    hierarchies: Hierarchies,
    host_net: Option<NetNs>,
    containers: Vec<Container>,
    skipped: u64,
}

/// One container.
#[derive(Debug)]
pub(crate) struct Container {
    pub(crate) info: ContainerInfo,
    pub(crate) pids: Vec<u32>,
    pub(crate) usage: Reading,
    /// Empty where the network is the host's, or another container's of the same pod.
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) counters: Counters,
    /// The counters when the last live table was made.
    pub(crate) at_table: Option<Counters>,
    /// Through which process its network namespace was found.
    net: Option<(u32, NetNs)>,
}

impl ContainerTable {
    pub(crate) fn new(root: &std::path::Path, proc: &Folder, buffer: &mut Buffer) -> Self {
        Self {
            hierarchies: Hierarchies::of(root, buffer),
            host_net: netns::of_host(proc),
            containers: Vec::new(),
            skipped: 0,
        }
    }

    pub(crate) fn layout(&self) -> CgroupLayout {
        self.hierarchies.layout()
    }

    /// Cgroups that were not looked at because the tree is too large; cumulative.
    pub(crate) fn skipped(&self) -> u64 {
        self.skipped
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Container> {
        self.containers.iter_mut()
    }

    pub(crate) fn len(&self) -> usize {
        self.containers.len()
    }

    /// The container each of their processes is in.
    pub(crate) fn by_pid(&self) -> FxHashMap<u32, &ContainerInfo> {
        self.iter().flat_map(|one| one.pids.iter().map(move |pid| (*pid, &one.info))).collect()
    }

    /// Reads all containers.
    pub(crate) fn read(&mut self, proc: &Folder, clock: &mut Clock, buffer: &mut Buffer) {
        let Some(root) = self.hierarchies.to_walk() else { return };
        let walk = walk::walk(root, buffer);
        self.skipped += walk.skipped;
        let known = std::mem::take(&mut self.containers);
        let mut known: FxHashMap<_, _> =
            known.into_iter().map(|one| ((one.info.cgroup, one.info.cgroup_path.clone()), one)).collect();
        for found in walk.found {
            let before = known.remove(&(found.info.cgroup, found.info.cgroup_path.clone()));
            let usage = self.usage(&found.info.cgroup_path, clock(), buffer);
            self.containers.push(Container {
                net: before.as_ref().and_then(|one| one.net).filter(|(pid, _)| found.pids.contains(pid)),
                at_table: before.and_then(|one| one.at_table),
                counters: Counters {
                    cpu: usage.cpu_used(),
                    disk_read: usage.disk_read(),
                    disk_written: usage.disk_written(),
                    ..Counters::default()
                },
                usage,
                interfaces: Vec::new(),
                info: found.info,
                pids: found.pids,
            });
        }
        self.read_networks(proc, clock, buffer);
    }

    fn usage(&self, path: &str, at: MonoNs, buffer: &mut Buffer) -> Reading {
        match &self.hierarchies {
            Hierarchies::Unified(root) => v2::read(root, path, at, buffer),
            Hierarchies::PerController(controllers) => v1::read(controllers, path, at, buffer),
            Hierarchies::Absent => Reading { at, ..Reading::default() },
        }
    }

    /// Containers of a pod share a namespace: its bytes are the oldest one's (the sandbox), so that they
    /// count once. The host's namespace is no container's.
    fn read_networks(&mut self, proc: &Folder, clock: &mut Clock, buffer: &mut Buffer) {
        for container in &mut self.containers {
            if container.net.is_none() {
                let pid = container.pids.iter().copied().min();
                container.net = pid.and_then(|pid| Some((pid, netns::of_process(proc, &pid.to_string())?)));
            }
        }
        let mut in_order: Vec<usize> = (0..self.containers.len()).collect();
        in_order.sort_by_key(|&at| self.containers[at].net.map(|(pid, _)| pid));
        let mut taken = FxHashSet::default();
        taken.extend(self.host_net);
        for at in in_order {
            let container = &mut self.containers[at];
            if let Some((pid, _)) = container.net.filter(|(_, namespace)| taken.insert(*namespace)) {
                let at = clock();
                let Some(interfaces) = netns::interfaces(proc, pid, buffer) else { continue };
                let (received, sent) = netns::bytes(at, interfaces.iter());
                // Without an interface nothing was received or sent: that is known.
                let known = |counted: Counted| Counted { value: counted.value.or(Some(0)), ..counted };
                (container.counters.received, container.counters.sent) = (known(received), known(sent));
                container.interfaces = interfaces;
            }
        }
    }
}

impl Container {
    /// A sum over its processes; `None` where none says a value.
    pub(crate) fn sum(
        &self,
        processes: &ProcessTable,
        value: impl Fn(&Process) -> Option<u64>,
    ) -> Option<u64> {
        let values = self.pids.iter().filter_map(|pid| value(processes.process(*pid)?));
        values.reduce(u64::saturating_add)
    }
}
