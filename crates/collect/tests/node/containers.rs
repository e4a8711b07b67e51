//! Containers from cgroup trees of every kind.

use lanner_collect::CgroupLayout;
use lanner_model::resource::ContainerRuntime;

use crate::tree::{Process, Tree, container, process, value};

const A: &str = "0445e5bed8806930d6585734509ce8d3b4170e2543d90f3b56e2064ab9bab74b";
const B: &str = "d792c02e4426f5508163d793da6824d2bbf2515de22f6c5387087e9456d144d5";

/// The files of one container, by CPU time and memory, in a hierarchy of some kind.
type Write = fn(&Tree, &str, u64);

fn unified(tree: &Tree, path: &str, cpu_ms: u64) {
    tree.file("cgroup/cgroup.controllers", "cpu memory io pids\n");
    tree.files(
        &format!("cgroup{path}"),
        &[
            ("cpu.stat", &format!("usage_usec {}\nuser_usec 1000\nsystem_usec 2000\nnr_periods 4\nnr_throttled 2\nthrottled_usec 500000\n", cpu_ms * 1000)),
            ("cpu.max", "50000 100000\n"),
            ("cpu.weight", "39\n"),
            ("memory.current", "1000000\n"),
            ("memory.max", "2000000\n"),
            ("memory.swap.max", "max\n"),
            ("memory.peak", "1500000\n"),
            ("memory.stat", "anon 300000\nfile 600000\ninactive_file 400000\nactive_file 200000\npgfault 11\npgmajfault 3\n"),
            ("memory.events", "low 0\nhigh 0\nmax 7\noom 1\noom_kill 1\n"),
            ("pids.current", "3\n"),
            ("pids.max", "max\n"),
            ("io.stat", &format!("254:0 rbytes={} wbytes=0 rios=5 wios=0 dbytes=0 dios=0\n", cpu_ms * 10)),
        ],
    );
}

fn per_controller(tree: &Tree, path: &str, cpu_ms: u64) {
    v1_with(tree, path, cpu_ms, "cpu", "cpuacct");
}

fn joint_controllers(tree: &Tree, path: &str, cpu_ms: u64) {
    v1_with(tree, path, cpu_ms, "cpu,cpuacct", "cpu,cpuacct");
    tree.file("cgroup/unified/cgroup.controllers", "");
}

fn v1_with(tree: &Tree, path: &str, cpu_ms: u64, cpu: &str, cpuacct: &str) {
    tree.files(
        &format!("cgroup/{cpuacct}{path}"),
        &[("cpuacct.usage", &format!("{}\n", cpu_ms * 1_000_000)), ("cpuacct.stat", "user 1\nsystem 2\n")],
    );
    tree.files(
        &format!("cgroup/{cpu}{path}"),
        &[
            ("cpu.cfs_quota_us", "50000\n"),
            ("cpu.cfs_period_us", "100000\n"),
            ("cpu.shares", "1024\n"),
            ("cpu.stat", "nr_periods 4\nnr_throttled 2\nthrottled_time 500000000\n"),
        ],
    );
    tree.files(
        &format!("cgroup/memory{path}"),
        &[
            ("memory.usage_in_bytes", "1000000\n"),
            ("memory.max_usage_in_bytes", "1500000\n"),
            ("memory.limit_in_bytes", "2000000\n"),
            ("memory.memsw.limit_in_bytes", "9223372036854771712\n"),
            ("memory.soft_limit_in_bytes", "9223372036854771712\n"),
            ("memory.failcnt", "7\n"),
            ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n"),
            ("memory.stat", "cache 1\nrss 1\ninactive_file 1\ntotal_cache 600000\ntotal_rss 300000\ntotal_inactive_file 400000\ntotal_active_file 200000\ntotal_pgfault 11\ntotal_pgmajfault 3\n"),
        ],
    );
    let bytes = cpu_ms * 10;
    tree.files(
        &format!("cgroup/blkio{path}"),
        &[
            (
                "blkio.throttle.io_service_bytes_recursive",
                &format!("254:0 Read {bytes}\n254:0 Write 0\n254:0 Total {bytes}\nTotal {bytes}\n"),
            ),
            ("blkio.throttle.io_serviced_recursive", "254:0 Read 5\n254:0 Write 0\nTotal 5\n"),
        ],
    );
    tree.files(&format!("cgroup/pids{path}"), &[("pids.current", "3\n"), ("pids.max", "max\n")]);
}

#[track_caller]
fn check_usage(write: Write, layout: CgroupLayout, walked: &str) {
    let tree = Tree::new();
    tree.process(&Process { pid: 100, netns: 2, ..Process::default() });
    tree.process(&Process { pid: 101, netns: 2, fds: 4, ..Process::default() });
    tree.file("proc/100/net/dev", "h\nh\n lo: 7 1\neth0: 1000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0\n");
    tree.file("proc/diskstats", "254 0 vda 1 0 1 0 1 0 0 0 0 0 0\n");
    let path = format!("/docker/{A}");
    write(&tree, &path, 1000);
    tree.file(&format!("{walked}{path}/cgroup.procs"), "100\n101\n999\n");
    let mut collector = tree.collector();
    assert_eq!(collector.cgroup_layout(), layout);
    let first = tree.table(&mut collector);
    assert_eq!(first.containers.len(), 1);
    let one = container(&first, A);
    assert_eq!((one.info.runtime, one.info.cgroup_path.as_str()), (ContainerRuntime::Docker, path.as_str()));
    assert!(one.info.cgroup.0 > 0);
    assert_eq!((one.cpu_limit_cores, one.memory_limit_bytes), (Some(0.5), Some(2_000_000)));
    assert_eq!(one.usage.memory_bytes, Some(600_000));
    assert_eq!((one.usage.threads, one.usage.fds, one.usage.cpu_cores), (Some(3), Some(7), None));
    assert_eq!(process(&first, 100).container.as_str(), A);
    assert_eq!(process(&first, 100).user, "", "uid 1000 of a container is nobody on the host");
    assert!(process(&first, 1).container.is_empty());

    tree.pass(2000);
    write(&tree, &path, 2000);
    tree.file("proc/100/net/dev", "h\nh\neth0: 3000 10 1 2 0 0 0 0 2000 20 3 4 0 0 0 0\n");
    let second = tree.table(&mut collector);
    let usage = &container(&second, A).usage;
    assert_eq!(
        (usage.cpu_cores, usage.disk_read_bps, usage.disk_write_bps),
        (Some(0.5), Some(5000.0), Some(0.0))
    );
    assert_eq!((usage.net_rx_bps, usage.net_tx_bps), (Some(1000.0), Some(0.0)));
    let samples = tree.samples(&mut collector);
    check_samples(&samples, &path);
}

#[track_caller]
fn check_samples(samples: &[lanner_model::series::Sample], path: &str) {
    let own = [("id", path), ("name", A), ("job", "kubelet"), ("node", "n1")];
    for (metric, more, expected) in [
        ("container_cpu_usage_seconds_total", &[("cpu", "total")][..], 2.0),
        ("container_cpu_cfs_periods_total", &[], 4.0),
        ("container_cpu_cfs_throttled_periods_total", &[], 2.0),
        ("container_cpu_cfs_throttled_seconds_total", &[], 0.5),
        ("container_spec_cpu_quota", &[], 50_000.0),
        ("container_memory_usage_bytes", &[], 1_000_000.0),
        ("container_memory_working_set_bytes", &[], 600_000.0),
        ("container_memory_rss", &[], 300_000.0),
        ("container_memory_cache", &[], 600_000.0),
        ("container_memory_max_usage_bytes", &[], 1_500_000.0),
        ("container_memory_failcnt", &[], 7.0),
        ("container_memory_failures_total", &[("failure_type", "pgfault")], 11.0),
        ("container_oom_events_total", &[], 1.0),
        ("container_spec_memory_limit_bytes", &[], 2_000_000.0),
        ("container_spec_memory_swap_limit_bytes", &[], 0.0),
        ("container_fs_reads_bytes_total", &[("device", "/dev/vda")], 20_000.0),
        ("container_fs_reads_total", &[("device", "/dev/vda")], 5.0),
        ("container_network_receive_bytes_total", &[("interface", "eth0")], 3000.0),
        ("container_network_transmit_packets_dropped_total", &[("interface", "eth0")], 4.0),
        ("container_processes", &[], 3.0),
        ("container_threads", &[], 3.0),
        ("container_threads_max", &[], 0.0),
        ("container_file_descriptors", &[], 7.0),
        ("container_start_time_seconds", &[], 1_700_000_005.0),
    ] {
        let labels: Vec<(&str, &str)> = own.iter().chain(more).copied().collect();
        assert_eq!(value(samples, metric, &labels), Some(expected), "{metric}");
    }
}

#[test]
fn a_container_is_the_same_in_every_version_of_cgroups() {
    check_usage(unified, CgroupLayout::Unified, "cgroup");
    check_usage(per_controller, CgroupLayout::PerController, "cgroup/memory");
    check_usage(joint_controllers, CgroupLayout::PerController, "cgroup/memory");
}

#[test]
fn processes_below_a_container_are_its_own_but_for_a_container_within() {
    let tree = Tree::new();
    for pid in [100, 101, 102] {
        tree.process(&Process { pid, ..Process::default() });
    }
    let (outer, inner) = (format!("/docker/{A}"), format!("/docker/{A}/docker/{B}"));
    unified(&tree, &outer, 1);
    unified(&tree, &inner, 1);
    tree.file(&format!("cgroup{outer}/init.scope/cgroup.procs"), "100\n");
    tree.file(&format!("cgroup{outer}/system.slice/x.service/cgroup.procs"), "101\n");
    tree.file(&format!("cgroup{inner}/cgroup.procs"), "102\n");
    tree.file("cgroup/system.slice/ssh.service/cgroup.procs", "1\n");
    let table = tree.table(&mut tree.collector());
    let of = |pid| process(&table, pid).container.as_str();
    assert_eq!((of(100), of(101), of(102), of(1)), (A, A, B, ""));
    assert_eq!(table.containers.len(), 2);
}

#[test]
fn a_pod_s_network_counts_once_and_the_host_s_for_no_container() {
    let tree = Tree::new();
    tree.file("cgroup/cgroup.controllers", "");
    let pod = "/kubepods/pod7c9d7b63-1c57-44a1-bb8e-35fc013ff48f";
    for (pid, name, netns) in [(100, "sandbox", 5), (101, "app", 5), (102, "hostnet", 1)] {
        tree.process(&Process { pid, netns, ..Process::default() });
        tree.file(&format!("proc/{pid}/net/dev"), "h\nh\neth0: 10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n");
        tree.file(&format!("cgroup{pod}/{name}/cgroup.procs"), format!("{pid}\n"));
    }
    let mut collector = tree.collector();
    tree.table(&mut collector);
    tree.pass(1000);
    let table = tree.table(&mut collector);
    let rate = |name| container(&table, name).usage.net_rx_bps;
    assert_eq!((rate("sandbox"), rate("app"), rate("hostnet")), (Some(0.0), None, None));
    assert_eq!(container(&table, "app").info.name, "app");
    assert_eq!(container(&table, "app").info.pod_uid, "7c9d7b63-1c57-44a1-bb8e-35fc013ff48f");
}

#[test]
fn a_process_has_its_container_even_where_no_cgroups_are_mounted() {
    let tree = Tree::new();
    let cgroup = format!("4:memory:/docker/{A}\n0::/\n");
    tree.process(&Process { cgroup: &cgroup, ..Process::default() });
    let mut collector = tree.collector();
    assert_eq!(collector.cgroup_layout(), CgroupLayout::Absent);
    let table = tree.table(&mut collector);
    assert_eq!(process(&table, 100).container.as_str(), A);
    assert!(table.containers.is_empty());
}

#[test]
fn an_empty_cgroup_is_a_container_of_which_nothing_is_known() {
    let tree = Tree::new();
    tree.file("cgroup/cgroup.controllers", "");
    std::fs::create_dir_all(tree.path(&format!("cgroup/docker/{A}"))).unwrap();
    tree.file(&format!("cgroup/docker/{B}/cgroup.procs"), "garbage\n-1\n99999999999999999999\n");
    tree.file(&format!("cgroup/docker/{B}/cpu.max"), "max 0\n");
    tree.file(&format!("cgroup/docker/{B}/io.stat"), "254:0 rbytes\nx:y rbytes=1\n=\n");
    let mut collector = tree.collector();
    for _ in 0..2 {
        let table = tree.table(&mut collector);
        assert_eq!(table.containers.len(), 2);
        assert_eq!(container(&table, A).usage.memory_bytes, None);
        assert_eq!(container(&table, B).cpu_limit_cores, None);
        tree.pass(1000);
        tree.samples(&mut collector);
    }
}
