//! Processes of the live table.

use lanner_collect::ProcessStarts;
use lanner_model::id::{Pid, ProcessKey};
use lanner_model::time::WallNs;

use crate::tree::{BOOT, Process, Tree, process};

#[test]
fn a_process_is_shown_with_what_its_files_say() {
    let tree = Tree::new();
    tree.process(&Process { comm: b"a b) (c", fds: 5, ..Process::default() });
    let table = tree.table(&mut tree.collector());
    let one = process(&table, 100);
    assert_eq!(
        (one.comm.as_str(), one.exepath.as_str(), one.cmdline.as_str()),
        ("a b) (c", "/bin/app", "/bin/app -v")
    );
    assert_eq!((one.ppid, one.uid, one.user.as_str(), one.state), (1, 1000, "me", 'S'));
    assert_eq!(one.start, WallNs(BOOT.0 + 5_000_000_000));
    assert_eq!((one.usage.threads, one.usage.fds), (Some(2), Some(5)));
    assert_eq!(one.usage.memory_bytes, Some(380 * 4096));
    assert!(one.container.is_empty());
}

#[test]
fn the_first_table_has_no_rates_and_the_second_has_them_over_the_exact_time() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    tree.process(&Process { cpu_ticks: 1000, read_bytes: 5000, ..Process::default() });
    let first = tree.table(&mut collector);
    assert_eq!(process(&first, 100).usage.cpu_cores, None);
    assert_eq!(process(&first, 100).usage.disk_read_bps, None);

    tree.pass(2500);
    tree.process(&Process { cpu_ticks: 1100, read_bytes: 10_000, ..Process::default() });
    let second = tree.table(&mut collector);
    assert_eq!(process(&second, 100).usage.cpu_cores, Some(1.0 / 2.5));
    assert_eq!(process(&second, 100).usage.disk_read_bps, Some(2000.0));
    assert_eq!(process(&second, 100).usage.disk_write_bps, Some(0.0));
    assert_eq!(process(&second, 100).usage.net_rx_bps, None);
}

#[test]
fn a_counter_that_went_backwards_has_no_rate() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    tree.process(&Process { read_bytes: 5000, ..Process::default() });
    tree.table(&mut collector);
    tree.pass(1000);
    tree.process(&Process { read_bytes: 4000, ..Process::default() });
    assert_eq!(process(&tree.table(&mut collector), 100).usage.disk_read_bps, None);
}

#[test]
fn a_process_that_began_since_counts_from_its_start() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    tree.table(&mut collector);
    tree.pass(2000);
    // It began one second ago, 1001 s after boot, and was busy half the time.
    tree.process(&Process { start_ticks: 100_100, cpu_ticks: 50, ..Process::default() });
    // This one was there all the time but could not be read before: no rate can be said.
    tree.process(&Process { pid: 101, start_ticks: 500, cpu_ticks: 50, ..Process::default() });
    let table = tree.table(&mut collector);
    assert_eq!(process(&table, 100).usage.cpu_cores, Some(0.5));
    assert_eq!(process(&table, 101).usage.cpu_cores, None);
}

#[test]
fn a_pid_that_is_used_again_is_another_process() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    tree.process(&Process { cpu_ticks: 70, ..Process::default() });
    tree.table(&mut collector);
    tree.pass(2000);
    tree.process(&Process { comm: b"new", start_ticks: 100_100, cpu_ticks: 100, ..Process::default() });
    let table = tree.table(&mut collector);
    assert_eq!(process(&table, 100).comm, "new");
    assert_eq!(process(&table, 100).usage.cpu_cores, Some(1.0));
    assert_eq!(process(&table, 100).start, WallNs(BOOT.0 + 1_001_000_000_000));
}

#[test]
fn who_a_process_is_is_read_again_after_an_exec_only() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    let mut cmdline_of = |stack, cmdline: &str| {
        tree.pass(1000);
        let cmdline = cmdline.as_bytes();
        tree.process(&Process { start_ticks: 100_100, stack, cmdline, ..Process::default() });
        process(&tree.table(&mut collector), 100).cmdline.clone()
    };
    assert_eq!(cmdline_of(7, "before exec"), "before exec");
    // At the second look at a young process always: at the first it may have been between fork and exec.
    assert_eq!(cmdline_of(7, "second look"), "second look");
    assert_eq!(cmdline_of(7, "same program"), "second look");
    assert_eq!(cmdline_of(8, "another program"), "another program");
}

#[test]
fn what_is_no_process_or_half_of_one_is_left_out() {
    let tree = Tree::new();
    let mut collector = tree.collector();
    std::fs::create_dir_all(tree.path("proc/200")).unwrap();
    tree.file("proc/201/stat", "201 (no end");
    tree.file("proc/202", "a file");
    tree.file("proc/203/stat", [b"203 (\xff\n\0) R 1", &[b' '; 5000][..]].concat());
    tree.file("proc/4294967296/stat", "x");
    tree.file("proc/204/stat/deeper", "a folder in place of a file");
    std::fs::create_dir_all(tree.path("proc/-1")).unwrap();
    tree.process(&Process { pid: 300, comm: b"\xff\xfe\n)", cmdline: b"\xff\0\xfe", ..Process::default() });
    for _ in 0..40 {
        let table = tree.table(&mut collector);
        let pids: Vec<i64> = table.processes.iter().map(|process| process.pid).collect();
        assert_eq!(pids, [1, 300]);
        assert_eq!(process(&table, 300).comm, "\u{fffd}\u{fffd}\n)");
        tree.pass(1000);
    }
    tree.remove("proc/300");
    assert_eq!(tree.table(&mut collector).processes.len(), 1);
}

#[test]
fn files_that_may_not_be_read_are_not_known_instead_of_zero() {
    let tree = Tree::new();
    tree.process(&Process::default());
    for name in ["io", "statm", "cmdline", "status", "cgroup", "exe"] {
        std::fs::remove_file(tree.path(&format!("proc/100/{name}"))).unwrap();
    }
    tree.remove("proc/100/fd");
    let table = tree.table(&mut tree.collector());
    let one = process(&table, 100);
    assert_eq!((one.usage.memory_bytes, one.usage.fds, one.uid), (None, None, u32::MAX));
    assert_eq!((one.exepath.as_str(), one.user.as_str(), one.comm.as_str()), ("", "", "app"));
}

#[test]
fn a_process_s_key_is_that_of_the_table_while_it_lives() {
    let tree = Tree::new();
    tree.process(&Process::default());
    let table = tree.table(&mut tree.collector());
    let start = process(&table, 100).start;
    let mut starts = ProcessStarts::new(&tree.roots(), BOOT).unwrap();
    let key = Some(ProcessKey { pid: Pid(100), start });
    assert_eq!(starts.key(Pid(100), WallNs(start.0 + 12_345_678)), key);
    assert_eq!(starts.key(Pid(100), WallNs(start.0 - 999_999_999)), key);
    assert_eq!(starts.key(Pid(100), WallNs(start.0 + 2_000_000_000)), None, "another one had this pid");
    assert_eq!(starts.key(Pid(101), start), None);
    assert_eq!(starts.key(Pid(-1), start), None);
}

#[test]
fn without_procfs_there_is_no_collector() {
    let folder = tempfile::tempdir().unwrap();
    let roots = lanner_collect::Roots::below(folder.path());
    let error = lanner_collect::Collector::new(roots, "n1".into()).unwrap_err();
    assert!(error.to_string().starts_with("open /"), "{error}");
    assert!(error.to_string().ends_with("/proc: is procfs mounted there?"), "{error}");
}
