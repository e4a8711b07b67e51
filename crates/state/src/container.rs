//! Which container a thread runs in, from its cgroups.

use std::sync::Arc;

use lanner_model::id::ContainerId;
use lanner_model::resource::{ContainerInfo, ContainerRuntime};
use rustc_hash::FxHashMap;

use crate::budget::{Budget, Losses};
use crate::text::TextList;

/// A set of cgroups that threads are in, one per subsystem.
#[derive(Debug, Default)]
pub(crate) struct Cgroups {
    /// As `subsystem=/path`; empty where unknown.
    pub(crate) paths: TextList,
    /// The container they belong to; `None` on the host.
    pub(crate) container: Option<ContainerInfo>,
}

impl Cgroups {
    /// Whether anything is known: if not, "no container" must not be read as "the host".
    pub(crate) fn known(&self) -> bool {
        !self.paths.bytes().is_empty()
    }

    /// Subsystem and path of each. Some kernels abbreviate subsystems' names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.paths.iter().filter_map(|entry| {
            let at = entry.iter().position(|byte| *byte == b'=')?;
            let subsystem: &[u8] = match &entry[..at] {
                b"perf" => b"perf_event",
                b"mem" => b"memory",
                b"io" => b"blkio",
                other => other,
            };
            Some((subsystem, &entry[at + 1..]))
        })
    }
}

/// All sets of cgroups in use: threads of one container share one.
#[derive(Debug, Default)]
pub(crate) struct Containers {
    sets: FxHashMap<Box<[u8]>, Arc<Cgroups>>,
    /// What was learned of containers beyond their cgroups, by the first 12 digits of their ids: some
    /// who tell know no more.
    learned: FxHashMap<Box<str>, ContainerInfo>,
}

impl Containers {
    /// The set that a `cgroups` parameter lists. `before` is the set that the thread or its parent
    /// had; nearly always it is the same.
    pub(crate) fn set(
        &mut self,
        listed: &[u8],
        before: &Arc<Cgroups>,
        budget: &Budget,
        losses: &mut Losses,
    ) -> Arc<Cgroups> {
        let same = |bytes: &[u8]| {
            bytes.strip_suffix(&[0]).unwrap_or(bytes) == listed.strip_suffix(&[0]).unwrap_or(listed)
        };
        if same(before.paths.bytes()) {
            return Arc::clone(before);
        }
        if let Some(set) = self.sets.get(listed) {
            return Arc::clone(set);
        }
        if self.sets.len() >= budget.cgroups {
            // What no thread is in any more can go.
            self.sets.retain(|_, set| Arc::strong_count(set) > 1);
        }
        let paths = TextList::from_param(listed, usize::MAX);
        let mut set = Cgroups { paths, container: None };
        let container = set
            .iter()
            .filter_map(|(_, path)| std::str::from_utf8(path).ok())
            .find_map(lanner_model::cgroup::container_of);
        if let Some(from_path) = &container
            && let Some(learned) = self.learned.get_mut(from_path.id.short())
        {
            complete(learned, from_path);
        }
        set.container = container;
        let set = Arc::new(set);
        if self.sets.len() >= budget.cgroups {
            losses.cgroups += 1;
        } else {
            self.sets.insert(listed.into(), Arc::clone(&set));
        }
        set
    }

    /// Remembers what was learned of a container. What the one who tells leaves out stays as its
    /// cgroup's path has it.
    pub(crate) fn learn(&mut self, mut info: ContainerInfo, budget: &Budget) {
        let id: Box<str> = info.id.short().into();
        if self.learned.len() >= budget.cgroups && !self.learned.contains_key(&id) {
            return;
        }
        let from_path =
            self.sets.values().filter_map(|set| set.container.as_ref()).find(|info| info.id.short() == &*id);
        if let Some(from_path) = from_path {
            complete(&mut info, from_path);
        }
        self.learned.insert(id, info);
    }

    /// Forgets a container that is gone.
    pub(crate) fn forget(&mut self, id: &ContainerId) {
        self.learned.remove(id.short());
    }

    /// All that is known of the container of a set.
    pub(crate) fn of<'a>(&'a self, cgroups: &'a Cgroups) -> Option<&'a ContainerInfo> {
        let from_path = cgroups.container.as_ref()?;
        Some(self.learned.get(from_path.id.short()).unwrap_or(from_path))
    }
}

/// Fills in from a cgroup's path what nobody said.
fn complete(info: &mut ContainerInfo, from_path: &ContainerInfo) {
    info.id = from_path.id.clone();
    if info.runtime == ContainerRuntime::Unknown {
        info.runtime = from_path.runtime;
    }
    if info.pod_uid.is_empty() {
        info.pod_uid.clone_from(&from_path.pod_uid);
    }
    if info.cgroup_path.is_empty() {
        info.cgroup_path.clone_from(&from_path.cgroup_path);
    }
    if info.name.is_empty() {
        info.name.clone_from(&from_path.name);
    }
    if info.cgroup.0 == 0 {
        info.cgroup = from_path.cgroup;
    }
}
