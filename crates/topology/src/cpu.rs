//! CPU of boxes.

use std::collections::BTreeMap;

use lanner_model::series::Labels;

use super::known::Known;
use super::level::{Level, Shared};
use super::measure::Measure;
use super::observation::Observation;

/// What boxes use of CPU, and what they may.
pub(crate) struct CpuByBox {
    cores: BTreeMap<Shared, f64>,
    limits: BTreeMap<(String, String), f64>,
    nodes: BTreeMap<String, f64>,
}

/// Whose CPU time makes up that of a box.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// Its hosts'.
    Hosts,
    /// Its containers', and that of processes that are in none.
    Containers,
    /// Its processes'.
    Processes,
}

impl CpuByBox {
    pub(crate) fn of(observation: &Observation, known: &Known, level: &Level) -> CpuByBox {
        let source = Source::of(level);
        let mut cores: BTreeMap<Shared, f64> = BTreeMap::new();
        let mut add = |shared: Shared, more: f64| *cores.entry(shared).or_default() += more;
        if source == Source::Hosts {
            observation.cpu(&Measure::HostCpu).for_each(|used| add(level.of(used.labels), used.cores));
        } else {
            for used in observation.cpu(&Measure::ProcessCpu) {
                if source == Source::Processes || used.labels.value("container_id").is_none() {
                    add(level.of(used.labels), used.cores);
                }
            }
        }
        if source == Source::Containers {
            for used in observation.cpu(&Measure::ContainerCpu) {
                if let Some(labels) = with_container_id(used.labels) {
                    add(level.of(&labels), used.cores);
                }
            }
        }
        let mut nodes: BTreeMap<String, f64> =
            observation.host_cores().map(|(node, cores)| (node.to_owned(), cores)).collect();
        nodes.extend(known.cpus.clone());
        let limits = known
            .containers
            .iter()
            .filter_map(|(key, container)| Some((key.clone(), container.cpu_limit_cores?)))
            .collect();
        CpuByBox { cores, limits, nodes }
    }

    /// CPUs used.
    pub(crate) fn cores(&self, shared: &Shared) -> Option<f64> {
        self.cores.get(shared).copied()
    }

    /// Of the container's limit, else of the node's CPUs.
    pub(crate) fn percent(&self, shared: &Shared) -> Option<f64> {
        let used = self.cores(shared)?;
        let node = shared.value("node")?.to_owned();
        let limit =
            shared.value("container_id").and_then(|id| self.limits.get(&(node.clone(), id.to_owned())));
        let may = limit.or_else(|| self.nodes.get(&node)).copied().filter(|cores| *cores > 0.0)?;
        Some(used / may * 100.0)
    }
}

impl Source {
    fn of(level: &Level) -> Source {
        match level.innermost() {
            "node" | "cluster" | "region" | "zone" => Source::Hosts,
            "comm" | "exe" => Source::Processes,
            _ => Source::Containers,
        }
    }
}

/// cAdvisor's `name` is the id that the runtime gave the container; series of links call that
/// `container_id`. Cgroups that are no container have none.
fn with_container_id(labels: &Labels) -> Option<Labels> {
    let id = labels.value("name")?;
    let pairs = labels.iter().map(|(name, value)| (name.into(), value.into()));
    Some(Labels::from_pairs(pairs.chain([("container_id".into(), id.into())])))
}
