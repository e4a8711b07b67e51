//! What live tables say of containers and processes.

use std::sync::Arc;

use lanner_model::resource::LiveTable;
use lanner_model::series::Labels;
use lanner_topology::{Known, KnownContainer};

/// Names, limits and numbers of processes, from the newest table of each node.
pub(crate) fn known(tables: &[Arc<LiveTable>]) -> Known {
    let mut known = Known::default();
    for table in tables {
        let node = table.node.as_str();
        if table.host.cpus > 0 {
            known.cpus.insert(node.to_owned(), f64::from(table.host.cpus));
        }
        for container in &table.containers {
            let facts = KnownContainer {
                name: container.info.name.clone(),
                image: container.info.image.clone(),
                cpu_limit_cores: container.cpu_limit_cores,
            };
            known.containers.insert((node.to_owned(), container.info.id.to_string()), facts);
        }
        for process in &table.processes {
            // No container is no label.
            let labels =
                [("node", node), ("comm", &process.comm), ("container_id", process.container.as_str())];
            let labels = Labels::from_pairs(labels.map(|(name, value)| (name.into(), value.into())));
            *known.processes.entry(labels).or_default() += 1;
        }
    }
    known
}
