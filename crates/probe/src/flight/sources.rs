//! Whose calls with data are recorded.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lanner_model::cgroup::container_of;
use lanner_model::id::{CgroupId, ContainerId, Pid};
use lanner_model::resource::ContainerInfo;
use libbpf_rs::{MapCore, MapFlags, MapHandle};

use crate::bytes::Plain;
use crate::error::ProbeError;
use crate::loader::Loaded;
use crate::record::{FlightSources as Switches, flight_source};

/// Groups of containers that are kept, those that have gone included: their events may be in the rings.
const MOST_GROUPS: usize = 8192;

/// Says whose calls with data are recorded: always those of containers, which the probe names as it
/// learns of them; those of processes or of all while a capture wants them.
pub struct FlightSources {
    switches: MapHandle,
    groups: MapHandle,
    processes: MapHandle,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    switches: Switches,
    containers: HashMap<CgroupId, ContainerInfo>,
    /// Groups that have gone, the longest gone first.
    gone: VecDeque<CgroupId>,
    /// Groups that neither we nor the kernel had room for.
    dropped: u64,
}

impl FlightSources {
    pub(crate) fn of(loaded: &Loaded) -> Result<Self, ProbeError> {
        Ok(Self {
            switches: loaded.map(".data.flightsrc")?,
            groups: loaded.map("recorded_cgroups")?,
            processes: loaded.map("recorded_processes")?,
            known: Mutex::default(),
        })
    }

    /// Records calls with data of everybody, or no longer.
    ///
    /// # Errors
    /// When the kernel does not take it.
    pub fn record_everybody(&self, wanted: bool) -> Result<(), ProbeError> {
        self.switch(flight_source::ALL, wanted)
    }

    /// Records calls with data of these processes too, and of the children they will have.
    ///
    /// # Errors
    /// When the kernel does not take one: the table has room for 8,192.
    pub fn record_processes(&self, processes: &[Pid]) -> Result<(), ProbeError> {
        self.switch(flight_source::PROCESSES, true)?;
        for process in processes {
            update(&self.processes, "recorded_processes", &(process.0 as u32).to_ne_bytes(), &[1])?;
        }
        Ok(())
    }

    /// Records calls with data of single processes no longer.
    ///
    /// # Errors
    /// When the kernel does not take it.
    pub fn forget_processes(&self) -> Result<(), ProbeError> {
        self.switch(flight_source::PROCESSES, false)?;
        for process in self.processes.keys().collect::<Vec<_>>() {
            // One that has just ended is not there any more.
            let _ = self.processes.delete(&process);
        }
        Ok(())
    }

    /// A container as its control group's path tells, also for a while after it has gone.
    #[must_use]
    pub fn container(&self, id: &ContainerId) -> Option<ContainerInfo> {
        self.known().containers.values().find(|container| container.id == *id).cloned()
    }

    /// The container that a control group is in.
    #[must_use]
    pub fn container_in(&self, cgroup: CgroupId) -> Option<ContainerInfo> {
        self.known().containers.get(&cgroup).cloned()
    }

    /// The control groups of a container, its own and those below it.
    #[must_use]
    pub fn groups_of(&self, container: &ContainerId) -> Vec<CgroupId> {
        let known = self.known();
        let of_it = known.containers.iter().filter(|(_, info)| info.id == *container);
        of_it.map(|(group, _)| *group).collect()
    }

    /// Containers' control groups whose calls are not recorded because there was no room.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.known().dropped
    }

    /// A control group is there. Those of containers are recorded from now on.
    pub(crate) fn learn(&self, id: CgroupId, path: &str) {
        let Some(container) = container_of(path) else { return };
        let mut known = self.known();
        if known.containers.contains_key(&id) {
            return;
        }
        while known.containers.len() >= MOST_GROUPS {
            let Some(gone) = known.gone.pop_front() else { break };
            known.containers.remove(&gone);
        }
        let has_room = known.containers.len() < MOST_GROUPS;
        if !has_room || update(&self.groups, "recorded_cgroups", &id.0.to_ne_bytes(), &[1]).is_err() {
            known.dropped += 1;
            return;
        }
        known.containers.insert(id, ContainerInfo { cgroup: id, ..container });
        drop(known);
        if let Err(error) = self.switch(flight_source::CGROUPS, true) {
            tracing::warn!(%error, "reads and writes of containers are not recorded");
        }
    }

    /// A control group has gone. The kernel has forgotten it by itself; its events are still there. Without
    /// containers, no call is asked whose it is.
    pub(crate) fn forget(&self, id: CgroupId) {
        let mut known = self.known();
        if known.containers.contains_key(&id) && !known.gone.contains(&id) {
            known.gone.push_back(id);
        }
        let has_containers = known.containers.len() > known.gone.len();
        drop(known);
        if !has_containers && let Err(error) = self.switch(flight_source::CGROUPS, false) {
            tracing::warn!(%error, "calls are asked for containers though there are none");
        }
    }

    fn switch(&self, source: u32, wanted: bool) -> Result<(), ProbeError> {
        let mut known = self.known();
        let before = known.switches.sources;
        let after = if wanted { before | source } else { before & !source };
        if before == after {
            return Ok(());
        }
        let switches = Switches { sources: after, ..known.switches };
        update(&self.switches, "flight_sources", &0u32.to_ne_bytes(), switches.bytes())?;
        known.switches = switches;
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn update(map: &MapHandle, name: &str, key: &[u8], value: &[u8]) -> Result<(), ProbeError> {
    map.update(key, value, MapFlags::ANY).map_err(|cause| ProbeError::Map {
        operation: "write",
        map: name.to_owned(),
        cause,
    })
}
