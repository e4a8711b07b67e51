//! The container metrics agree with what a real kubelet answered.
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use lanner_metrics::exposition::{FamilyKind, parse};
use lanner_metrics::{Kind, Source, metric};

#[test]
fn container_metrics_have_the_types_and_labels_of_a_real_kubelet() {
    let Some(text) = shared("data/kubernetes/kubelet/metrics-cadvisor.txt") else { return };
    let families = parse(&text).unwrap();
    assert_eq!(families.iter().map(|family| family.values.len()).sum::<usize>(), 2229);
    let families: BTreeMap<&str, _> = families.iter().map(|family| (family.name.as_str(), family)).collect();
    let mut compared = 0;
    for declaration in metric::ALL.iter().filter(|one| one.source == Source::Cadvisor) {
        let Some(family) = families.get(declaration.name) else { continue };
        let kind = match family.kind {
            FamilyKind::Counter => Kind::Counter,
            _ => Kind::Gauge,
        };
        assert_eq!(declaration.kind, kind, "{}", declaration.name);
        // A label with an empty value is no label, so what the text has is a part of what is declared.
        let declared: BTreeSet<&str> = declaration.labels.iter().copied().collect();
        let seen: BTreeSet<&str> =
            family.values.iter().flat_map(|value| value.labels.iter()).map(|(name, _)| name).collect();
        // machine_* describe the kubelet's host: uuids that are nobody's label.
        let hosts = ["boot_id", "machine_id", "system_uuid", "__name__"];
        let unknown: Vec<&&str> =
            seen.iter().filter(|name| !declared.contains(**name) && !hosts.contains(name)).collect();
        assert!(unknown.is_empty(), "{} lacks {unknown:?}", declaration.name);
        compared += 1;
    }
    assert!(compared >= 40, "only {compared} metrics were compared");
}

/// A file of `../shared`; `None`, said aloud, where the folder is absent.
fn shared(path: &str) -> Option<String> {
    let root = std::env::var_os("LANNER_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    if !root.join("data").is_dir() {
        let required = std::env::var("LANNER_REQUIRE").unwrap_or_default();
        assert!(
            !required.split(',').any(|part| part.trim() == "data"),
            "../shared/data is required and absent"
        );
        println!("skipped: ../shared/data absent");
        return None;
    }
    Some(std::fs::read_to_string(root.join(path)).unwrap())
}
