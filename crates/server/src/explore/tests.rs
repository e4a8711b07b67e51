//! Tables go in, indented lines come out.

use std::sync::Arc;

use lanner_api::http::{ExploreRow, ExploreTable, ExploreView, RowKind, SeverityCount, SeverityName};
use lanner_model::resource::{ContainerInfo, ContainerUsage, HostUsage, LiveTable, ProcessUsage, Usage};
use lanner_model::time::{WallMs, WallNs};

use super::{Annotations, ExploreRequest, Sort, explore};
use crate::row::RowId;

fn usage(cpu: f64, memory: u64, threads: u64) -> Usage {
    Usage { cpu_cores: Some(cpu), memory_bytes: Some(memory), threads: Some(threads), ..Usage::default() }
}

fn process(pid: i64, comm: &str, container: &str, usage: Usage) -> ProcessUsage {
    ProcessUsage {
        pid,
        ppid: 1,
        start: WallNs(pid.unsigned_abs() * 10_000_000),
        comm: comm.into(),
        exepath: format!("/usr/bin/{comm}"),
        cmdline: format!("{comm} --serve"),
        user: String::new(),
        uid: 33,
        container: container.into(),
        state: 'S',
        usage,
    }
}

fn table(node: &str) -> LiveTable {
    LiveTable {
        node: node.into(),
        time: WallMs(1_000_000),
        host: HostUsage {
            cpus: 4,
            memory_total_bytes: 1000,
            usage: Usage { threads: None, ..usage(2.0, 500, 0) },
        },
        containers: vec![
            ContainerUsage {
                info: ContainerInfo {
                    id: "aaaabbbbccccdddd".into(),
                    image: "nginx:1.27".into(),
                    ..ContainerInfo::default()
                },
                cpu_limit_cores: Some(0.5),
                memory_limit_bytes: Some(200),
                usage: Usage { threads: None, ..usage(0.25, 100, 0) },
            },
            ContainerUsage {
                info: ContainerInfo { id: "ffff".into(), name: "idle".into(), ..ContainerInfo::default() },
                usage: Usage { threads: None, ..usage(0.0, 10, 0) },
                ..ContainerUsage::default()
            },
        ],
        processes: vec![
            process(1, "systemd", "", usage(0.1, 20, 1)),
            process(50, "nginx", "aaaabbbbccccdddd", usage(0.05, 30, 2)),
            process(51, "worker", "aaaabbbbccccdddd", usage(0.2, 60, 3)),
            process(70, "busy", "", usage(1.5, 40, 8)),
            process(80, "late", "eeee", Usage::default()),
        ],
    }
}

fn request() -> ExploreRequest {
    ExploreRequest {
        view: ExploreView::Tree,
        by: vec!["node".into(), "container".into()],
        sort: Sort::default(),
        filter: String::new(),
        scope: None,
        limit: 500,
    }
}

/// One line a row, indented by depth: kind, name, CPU in per cent, worst child, threads, processes.
fn lines(table: &ExploreTable) -> Vec<String> {
    let known = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.0}%"));
    let count = |value: Option<u64>| value.map_or("-".to_owned(), |value| value.to_string());
    let line = |row: &ExploreRow| {
        format!(
            "{:indent$}{} cpu {} worst {} threads {} processes {}",
            "",
            row.name,
            known(row.cpu_percent),
            known(row.cpu_worst_child_percent),
            count(row.threads),
            count(row.processes),
            indent = 2 * depth(table, row),
        )
    };
    table.rows.iter().map(line).collect()
}

fn depth(table: &ExploreTable, row: &ExploreRow) -> usize {
    let Some(parent) = &row.parent else { return 0 };
    1 + depth(table, table.rows.iter().find(|row| row.id == *parent).expect("its parent is shown"))
}

fn names(table: &ExploreTable) -> Vec<&str> {
    table.rows.iter().map(|row| row.name.as_str()).collect()
}

fn check(request: ExploreRequest, expected: &[&str]) {
    let tables = [table("a")];
    assert_eq!(names(&explore(&tables, &Annotations::default(), &request, 10)), expected);
}

#[test]
fn a_tree_has_hosts_containers_and_processes() {
    let shown = explore(&[table("a")], &Annotations::default(), &request(), 2);
    assert_eq!(
        lines(&shown),
        [
            "a cpu 50% worst 50% threads 14 processes 5",
            "  busy cpu 38% worst - threads 8 processes -",
            "  aaaabbbbcccc cpu 50% worst 40% threads 5 processes 2",
            "    worker cpu 40% worst - threads 3 processes -",
            "    nginx cpu 10% worst - threads 2 processes -",
            "  systemd cpu 2% worst - threads 1 processes -",
            "  idle cpu 0% worst - threads - processes 0",
            "  eeee cpu - worst - threads - processes 1",
            "    late cpu - worst - threads - processes -",
        ]
    );
    assert_eq!((shown.updated_ms, shown.interval_s, shown.total), (Some(1_000_000), 2, 9));
    let container = &shown.rows[2];
    assert_eq!(container.detail, "nginx:1.27");
    assert_eq!((container.memory_percent, container.memory_limit_bytes), (Some(50.0), Some(200)));
    assert_eq!(shown.rows[3].user.as_deref(), Some("33"), "a user without a name is its number");
    assert_eq!(shown.rows[3].container_id.as_deref(), Some("aaaabbbbccccdddd"));
}

#[test]
fn no_table_is_no_row_and_no_time() {
    let shown = explore(&[], &Annotations::default(), &request(), 10);
    assert_eq!((shown.updated_ms, shown.rows.len(), shown.total), (None, 0, 0));
}

#[test]
fn flat_has_processes_only() {
    let flat = ExploreRequest { view: ExploreView::Flat, ..request() };
    check(flat.clone(), &["busy", "worker", "systemd", "nginx", "late"]);
    check(
        ExploreRequest { sort: Sort::parse("name").expect("a column"), ..flat.clone() },
        &["busy", "late", "nginx", "systemd", "worker"],
    );
    // What is not known comes last in either direction.
    check(
        ExploreRequest { sort: Sort::parse("cpu").expect("a column"), ..flat },
        &["nginx", "systemd", "worker", "busy", "late"],
    );
}

#[test]
fn a_filter_keeps_the_parents_of_what_it_finds() {
    let filter = |filter: &str| ExploreRequest { filter: filter.into(), ..request() };
    check(filter("worker"), &["a", "aaaabbbbcccc", "worker"]);
    check(filter("nginx:1.27"), &["a", "aaaabbbbcccc", "worker", "nginx"]);
    check(filter("70"), &["a", "busy"]);
    check(filter("no such thing"), &[]);
}

#[test]
fn a_scope_is_a_subtree() {
    let scope = |id: &str| ExploreRequest { scope: RowId::parse(id), ..request() };
    check(scope("container:a:aaaabbbbccccdddd"), &["aaaabbbbcccc", "worker", "nginx"]);
    check(
        ExploreRequest { view: ExploreView::Flat, ..scope("container:a:aaaabbbbccccdddd") },
        &["worker", "nginx"],
    );
    check(scope("process:a:70:700"), &["busy"]);
    check(scope("host:b"), &[]);
}

#[test]
fn a_limit_keeps_every_node_and_the_highest_processes() {
    let mut second = table("b");
    second.processes[0].usage.cpu_cores = Some(3.0);
    let limited = ExploreRequest { limit: 8, ..request() };
    let shown = explore(&[table("a"), second], &Annotations::default(), &limited, 10);
    assert_eq!(names(&shown), ["a", "aaaabbbbcccc", "idle", "eeee", "b", "aaaabbbbcccc", "idle", "eeee"]);
    assert_eq!(shown.total, 18);
    let limited = ExploreRequest { limit: 10, ..request() };
    let mut second = table("b");
    second.processes[0].usage.cpu_cores = Some(3.0);
    let shown = explore(&[table("a"), second], &Annotations::default(), &limited, 10);
    assert_eq!(
        names(&shown),
        ["a", "busy", "aaaabbbbcccc", "idle", "eeee", "b", "systemd", "aaaabbbbcccc", "idle", "eeee"]
    );
}

#[test]
fn annotations_find_their_rows() {
    let worker = RowId::parse("process:a:51:510").expect("an id");
    let counts = vec![SeverityCount { severity: SeverityName::High, count: 2 }];
    let mut annotations = Annotations::default();
    annotations.findings.insert(worker.clone(), counts.clone());
    annotations.cpu_sparks = Arc::new([(worker, vec![Some(0.5)])].into());
    annotations.kernels.insert("a".into(), "6.18.5".into());
    let by_findings = ExploreRequest {
        view: ExploreView::Flat,
        sort: Sort::parse("-findings").expect("a column"),
        ..request()
    };
    let shown = explore(&[table("a")], &annotations, &by_findings, 10);
    assert_eq!((shown.rows[0].name.as_str(), &shown.rows[0].findings), ("worker", &counts));
    assert_eq!(shown.rows[0].cpu_spark, [Some(0.5)]);
    assert_eq!(explore(&[table("a")], &annotations, &request(), 10).rows[0].detail, "6.18.5");
}

#[test]
fn a_sort_that_names_no_column_is_refused() {
    for bad in ["", "-", "--cpu", "color"] {
        assert!(Sort::parse(bad).is_err(), "{bad}");
    }
}

fn by(labels: &[&str]) -> ExploreRequest {
    ExploreRequest { by: labels.iter().map(|label| (*label).to_owned()).collect(), ..request() }
}

#[test]
fn rows_are_grouped_by_any_labels_in_any_order() {
    let shown = explore(&[table("a"), table("b")], &Annotations::default(), &by(&["comm", "node"]), 2);
    let lines = lines(&shown);
    assert_eq!(
        lines[..5],
        [
            "busy cpu - worst 38% threads 16 processes 2",
            "  a cpu 38% worst 38% threads 8 processes 1",
            "    busy cpu 38% worst - threads 8 processes -",
            "  b cpu 38% worst 38% threads 8 processes 1",
            "    busy cpu 38% worst - threads 8 processes -",
        ]
    );
    assert_eq!(shown.rows[0].cpu_cores, Some(3.0));
    assert_eq!(shown.rows[0].memory_bytes, Some(80));
    assert_eq!(shown.rows[1].id, "group:comm=busy,node=a");
}

#[test]
fn a_container_that_is_whole_in_its_group_keeps_its_own_values() {
    let shown = explore(&[table("a")], &Annotations::default(), &by(&["image", "container"]), 2);
    let image = shown.rows.iter().position(|row| row.name == "nginx:1.27").expect("the image");
    let container = &shown.rows[image + 1];
    assert_eq!((container.id.as_str(), container.cpu_cores), ("container:a:aaaabbbbccccdddd", Some(0.25)));
    assert_eq!(container.parent.as_deref(), Some("group:image=nginx:1.27"));
    // Divided between users it is not whole any more: what is shown is what its processes use.
    let shown = explore(&[table("a")], &Annotations::default(), &by(&["user", "container"]), 2);
    let container = shown.rows.iter().find(|row| row.name == "aaaabbbbcccc").expect("the container");
    assert_eq!((container.kind, container.cpu_cores), (RowKind::Group, Some(0.25)));
    assert_eq!(container.id, "group:user=33,container=aaaabbbbccccdddd");
}

#[test]
fn a_label_that_nothing_has_makes_no_level() {
    let plain = explore(&[table("a")], &Annotations::default(), &by(&["region", "node", "namespace"]), 2);
    assert_eq!(plain.rows[0].id, "host:a");
    assert_eq!(plain.rows.len(), 6);
    let flat = explore(&[table("a")], &Annotations::default(), &by(&[]), 2);
    assert_eq!(names(&flat), ["busy", "worker", "systemd", "nginx", "late"]);
}

#[test]
fn a_group_is_a_scope() {
    let scoped = ExploreRequest { scope: RowId::parse("group:comm=worker"), ..by(&["comm", "node"]) };
    check(scoped, &["worker", "a", "worker"]);
}
