//! What is known of things beside their series.

use std::collections::BTreeMap;

use lanner_model::series::Labels;

/// What live tables say: of this moment, whatever range a map is of.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Containers by node and full id.
    pub containers: BTreeMap<(String, String), KnownContainer>,
    /// CPUs by node.
    pub cpus: BTreeMap<String, f64>,
    /// How many processes run, by the labels they would have in series (`node`, `comm`, `container_id` ...).
    pub processes: BTreeMap<Labels, u32>,
}

/// What is known of a container.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownContainer {
    /// Its name; empty where unknown.
    pub name: String,
    /// Its image; empty where unknown.
    pub image: String,
    /// CPU limit in cores; `None` where it has none.
    pub cpu_limit_cores: Option<f64>,
}
