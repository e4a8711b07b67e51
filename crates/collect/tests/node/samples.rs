//! Samples over several rounds.

use lanner_collect::{AgentCounts, NetworkBytes};
use lanner_metrics::exposition;
use lanner_model::loss::{Loss, LossCause};
use lanner_model::series::STALE_NAN;

use crate::tree::{Process, Tree, value};

#[test]
fn the_node_s_metrics_are_those_of_node_exporter() {
    let tree = Tree::new();
    tree.file("proc/1/mounts", "/dev/vda / ext4 ro 0 0\n");
    tree.file("proc/1/net/dev", "h\nh\neth0: 10 2 0 0 0 0 0 0 20 3 0 0 0 0 0 0\n");
    tree.file("sys/class/net/eth0/operstate", "up\n");
    tree.file("sys/class/net/eth0/speed", "1000\n");
    tree.file("proc/vmstat", "oom_kill 3\nnr_free_pages 5\n");
    tree.file("proc/1/net/snmp", "Tcp: CurrEstab\nTcp: 4\n");
    tree.file("proc/pressure/cpu", "some avg10=0.00 total=1500000\n");
    tree.file("proc/sys/kernel/osrelease", "6.1.0\n");
    tree.file("etc/os-release", "ID=debian\n");
    let samples = tree.samples(&mut tree.collector());
    let own = [("job", "node-exporter"), ("instance", "n1"), ("node", "n1")];
    for (metric, more, expected) in [
        ("node_cpu_seconds_total", &[("cpu", "0"), ("mode", "idle")][..], 9.0),
        ("node_load5", &[], 0.25),
        ("node_memory_MemAvailable_bytes", &[], 409_600.0),
        ("node_boot_time_seconds", &[], 1_700_000_000.0),
        ("node_time_seconds", &[], 1_700_001_000.0),
        ("node_filefd_allocated", &[], 640.0),
        ("node_vmstat_oom_kill", &[], 3.0),
        ("node_netstat_Tcp_CurrEstab", &[], 4.0),
        ("node_pressure_cpu_waiting_seconds_total", &[], 1.5),
        ("node_network_receive_bytes_total", &[("device", "eth0")], 10.0),
        ("node_network_transmit_packets_total", &[("device", "eth0")], 3.0),
        ("node_network_up", &[("device", "eth0")], 1.0),
        ("node_network_speed_bytes", &[("device", "eth0")], 125_000_000.0),
        ("node_filesystem_readonly", &[("mountpoint", "/"), ("fstype", "ext4"), ("device", "/dev/vda")], 1.0),
        ("node_uname_info", &[("release", "6.1.0")], 1.0),
        ("node_os_info", &[("id", "debian")], 1.0),
    ] {
        let labels: Vec<(&str, &str)> = own.iter().chain(more).copied().collect();
        assert_eq!(value(&samples, metric, &labels), Some(expected), "{metric}");
    }
    assert!(samples.iter().all(|sample| sample.time == tree.now()));
    exposition::parse(&exposition::write(&samples)).unwrap();
}

#[test]
fn a_process_s_series_are_named_by_pid_and_start_and_end_with_it() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    tree.process(&Process { cpu_ticks: 150, read_bytes: 7, ..Process::default() });
    let own = [
        ("pid", "100"),
        ("start", "1700000005.00"),
        ("comm", "app"),
        ("exe", "/bin/app"),
        ("job", "lanner-agent"),
    ];
    let samples = tree.samples(&mut collector);
    for (metric, expected) in [
        ("lanner_process_cpu_seconds_total", 1.5),
        ("lanner_process_resident_memory_bytes", 380.0 * 4096.0),
        ("lanner_process_threads", 2.0),
        ("lanner_process_open_fds", 3.0),
        ("lanner_process_disk_read_bytes_total", 7.0),
        ("lanner_process_disk_written_bytes_total", 0.0),
    ] {
        assert_eq!(value(&samples, metric, &own), Some(expected), "{metric}");
    }
    assert_eq!(value(&samples, "lanner_process_network_receive_bytes_total", &own), None);

    tree.remove("proc/100");
    tree.pass(10_000);
    let samples = tree.samples(&mut collector);
    let last = value(&samples, "lanner_process_threads", &own).unwrap();
    assert_eq!(last.to_bits(), STALE_NAN);
    tree.pass(10_000);
    assert_eq!(value(&tree.samples(&mut collector), "lanner_process_threads", &own), None);
}

#[test]
fn processes_without_series_of_their_own_are_summed_by_name_and_never_fall() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    // No memory, no disk, no CPU: nothing ranks them.
    for pid in 200..300 {
        tree.process(&Process { pid, comm: b"idle", ..Process::default() });
        std::fs::remove_file(tree.path(&format!("proc/{pid}/statm"))).unwrap();
    }
    let other = [("pid", "other"), ("comm", "idle"), ("start", ""), ("exe", "")];
    let of = |samples: &_, metric| value(samples, metric, &other);
    let samples = tree.samples(&mut collector);
    assert_eq!(of(&samples, "lanner_process_threads"), Some(200.0));
    assert_eq!(of(&samples, "lanner_process_open_fds"), Some(300.0));
    assert_eq!(of(&samples, "lanner_process_cpu_seconds_total"), Some(0.0));

    // All work a little; the 50 busiest get series, what the others grew by is in the sum.
    tree.pass(10_000);
    for pid in 200..300 {
        let cpu_ticks = if pid < 250 { 500 } else { 100 };
        tree.process(&Process { pid, comm: b"idle", cpu_ticks, ..Process::default() });
        std::fs::remove_file(tree.path(&format!("proc/{pid}/statm"))).unwrap();
    }
    let samples = tree.samples(&mut collector);
    assert_eq!(of(&samples, "lanner_process_threads"), Some(100.0));
    assert_eq!(of(&samples, "lanner_process_cpu_seconds_total"), Some(50.0));
    assert_eq!(value(&samples, "lanner_process_cpu_seconds_total", &[("pid", "200")]), Some(5.0));

    // One of them ends: its part of the sum stays.
    tree.pass(10_000);
    tree.remove("proc/299");
    let samples = tree.samples(&mut collector);
    assert!(of(&samples, "lanner_process_cpu_seconds_total").unwrap() >= 50.0);
    for pid in 200..299 {
        tree.remove(&format!("proc/{pid}"));
    }
    tree.pass(10_000);
    let ended = of(&tree.samples(&mut collector), "lanner_process_threads").unwrap();
    assert_eq!(ended.to_bits(), STALE_NAN);
}

#[test]
fn what_the_agent_tells_is_in_the_table_and_the_samples() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    tree.process(&Process::default());
    let counts = |received| AgentCounts {
        network: [(100, NetworkBytes { received, sent: 10 })].into_iter().collect(),
        events: 12,
        findings: 2,
        losses: vec![Loss { cause: LossCause::RingFull, place: "cpu0".to_owned(), count: 3 }],
    };
    collector.tell(counts(1000));
    tree.table(&mut collector);
    tree.pass(2000);
    collector.tell(counts(3000));
    let table = tree.table(&mut collector);
    assert_eq!(crate::tree::process(&table, 100).usage.net_rx_bps, Some(1000.0));
    assert_eq!(crate::tree::process(&table, 100).usage.net_tx_bps, Some(0.0));
    let samples = tree.samples(&mut collector);
    let of = |metric, labels| value(&samples, metric, labels);
    assert_eq!(of("lanner_process_network_receive_bytes_total", &[("pid", "100")]), Some(3000.0));
    assert_eq!(of("lanner_agent_events_total", &[("job", "lanner-agent")]), Some(12.0));
    assert_eq!(of("lanner_agent_findings_total", &[]), Some(2.0));
    assert_eq!(of("lanner_agent_lost_total", &[("cause", "ring_full"), ("place", "cpu0")]), Some(3.0));
    assert_eq!(of("lanner_agent_processes", &[]), Some(2.0));
    assert!(of("lanner_agent_cpu_seconds_total", &[]).unwrap() > 0.0);
}

#[test]
fn a_table_and_samples_of_one_moment_are_of_one_reading() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    tree.process(&Process { cpu_ticks: 100, ..Process::default() });
    tree.table(&mut collector);
    tree.process(&Process { cpu_ticks: 200, ..Process::default() });
    let samples = tree.samples(&mut collector);
    assert_eq!(value(&samples, "lanner_process_cpu_seconds_total", &[("pid", "100")]), Some(1.0));
}
