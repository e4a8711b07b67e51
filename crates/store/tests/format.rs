//! Files that earlier versions wrote are read. `tests/golden/v1` was written by the first version;
//! when a format changes, its files stay and those of the new version are added
//! (`LANNER_WRITE_GOLDEN=1` writes those of the present one into a folder that is not there yet).

use std::fs;
use std::path::{Path, PathBuf};

use lanner_model::finding::{Finding, MatchedCondition, Priority, ProcessNode};
use lanner_model::id::{CgroupId, ContainerId, NodeName};
use lanner_model::resource::{ContainerInfo, ContainerRuntime};
use lanner_model::series::{Labels, STALE_NAN, Sample};
use lanner_model::time::{WallMs, WallNs};
use lanner_store::{
    EmbeddedEvents, EmbeddedMetrics, EventOptions, EventStore, MetricOptions, MetricStore, QuerySpec,
};

const HOUR_MS: i64 = 3_600_000;
const START_MS: i64 = 472_222 * HOUR_MS;

fn golden(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(version)
}

fn open(folder: &Path) -> (EmbeddedMetrics, EmbeddedEvents) {
    let options = MetricOptions { checkpoint_log_bytes: 0, ..MetricOptions::default() };
    let (metrics, recovery) = EmbeddedMetrics::open(folder.join("metrics"), options).expect("open");
    assert!(recovery.is_clean(), "{recovery:?}");
    let (events, recovery) =
        EmbeddedEvents::open(folder.join("events"), EventOptions::default()).expect("open");
    assert!(recovery.is_clean(), "{recovery:?}");
    (metrics, events)
}

/// Two series, of which one ends and one begins after the checkpoint.
fn samples(minute: i64) -> Vec<Sample> {
    let time = WallMs(START_MS + minute * 60_000);
    let sample = |node: &str, value| Sample { labels: Labels::new("up", [("node", node)]), time, value };
    match minute {
        0..130 => vec![sample("a", minute as f64 / 3.0)],
        130 => vec![sample("a", f64::from_bits(STALE_NAN)), sample("b", -1.0)],
        _ => vec![sample("b", minute as f64)],
    }
}

fn finding(minute: u64) -> Finding {
    let time = WallNs((START_MS as u64 + minute * 60_000) * 1_000_000);
    let node = NodeName::from("node-1");
    let container = minute.is_multiple_of(2).then(|| ContainerInfo {
        id: ContainerId::from("0123456789abcdef"),
        runtime: ContainerRuntime::Crio,
        name: "app".to_owned(),
        image: "registry.example/app:1".to_owned(),
        pod_uid: "7d2f".to_owned(),
        cgroup_path: "/kubepods/pod7d2f/0123456789abcdef".to_owned(),
        cgroup: CgroupId(4711),
    });
    let process = |pid, comm: &str| ProcessNode {
        pid,
        vpid: 1,
        comm: comm.to_owned(),
        exepath: format!("/bin/{comm}"),
        cmdline: format!("{comm} \"ünï\""),
        user: "root".to_owned(),
        uid: 0,
        start: WallNs(time.0 - 5),
        container: ContainerId::from("0123456789abcdef"),
    };
    Finding {
        id: Finding::make_id(time, minute as u32, &node),
        time,
        node,
        rule: "Shell in a container".to_owned(),
        priority: Priority::ALL[minute as usize % 8],
        tags: vec!["container".to_owned(), "mitre_execution".to_owned()],
        output: format!("a shell, minute {minute}"),
        event_number: minute,
        event_type: "execve".to_owned(),
        fields: vec![("proc.name".to_owned(), "sh".to_owned())],
        matched: vec![MatchedCondition {
            text: "proc.name in (sh, bash)".to_owned(),
            field: "proc.name".to_owned(),
            value: Some("sh".to_owned()),
            negated: false,
        }],
        ancestry: vec![process(20, "sh"), process(10, "init")],
        container,
        capture: None,
    }
}

async fn write(folder: &Path) {
    let (metrics, events) = open(folder);
    for minute in 0..130 {
        metrics.write(&samples(minute)).await.expect("write");
    }
    metrics.maintain(WallMs(START_MS)).await.expect("maintain");
    for minute in 130..140 {
        metrics.write(&samples(minute)).await.expect("write");
    }
    for minute in 0..65 {
        events.append(&[finding(minute)]).await.expect("append");
    }
    events.maintain(WallNs((START_MS + HOUR_MS * 5 / 4) as u64 * 1_000_000)).await.expect("maintain");
}

async fn check(version: &str) {
    // Opening changes files: a copy.
    let folder = tempfile::tempdir().expect("folder");
    copy_folder(&golden(version), folder.path());
    let (metrics, events) = open(folder.path());
    let found = metrics.range(&[], WallMs(i64::MIN), WallMs(i64::MAX)).await.expect("range");
    let plain = |points: &[(WallMs, f64)]| -> Vec<(i64, u64)> {
        points.iter().map(|(time, value)| (time.0, value.to_bits())).collect()
    };
    for (node, series) in ["a", "b"].iter().zip(&found) {
        let all = (0..140).flat_map(samples).filter(|sample| sample.labels.value("node") == Some(node));
        let expected: Vec<(WallMs, f64)> = all.map(|sample| (sample.time, sample.value)).collect();
        assert_eq!(plain(&series.points), plain(&expected));
    }
    assert_eq!(found.len(), 2);
    let page = events.query(&QuerySpec { limit: 1000, ..QuerySpec::default() }).await.expect("query");
    assert_eq!(page.damaged_segments, 0);
    let expected: Vec<Finding> = (0..65).rev().map(finding).collect();
    assert_eq!(page.findings().expect("findings"), expected);
    let stats = events.stats().await;
    assert_eq!((stats.stored, stats.buffered), (60, 5));
}

#[tokio::test]
async fn files_of_version_1_are_read() {
    if std::env::var_os("LANNER_WRITE_GOLDEN").is_some() && !golden("v1").exists() {
        write(&golden("v1")).await;
    }
    check("v1").await;
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("make");
    for entry in fs::read_dir(from).expect("list") {
        let path = entry.expect("entry").path();
        let target = to.join(path.file_name().expect("name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copy");
        }
    }
}
