//! This machine's own `/proc` and cgroups.
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use lanner_collect::{Collector, Roots};
use lanner_metrics::{declaration_of, exposition};
use lanner_model::time::WallMs;

use crate::tree::{container, process};

/// A program that runs until it is dropped.
struct Busy(Child);

impl Busy {
    fn start() -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", "while :; do :; done"]).stdin(Stdio::null());
        Self(command.spawn().unwrap())
    }

    /// CPU time by another way than the collector's: `sum_exec_runtime` of its only thread.
    fn cpu_ns(&self) -> u64 {
        let text = fs::read_to_string(format!("/proc/{}/schedstat", self.0.id())).unwrap();
        text.split(' ').next().unwrap().parse().unwrap()
    }

    fn run_until(&self, cpu_ns: u64) {
        while self.cpu_ns() < cpu_ns {
            std::thread::yield_now();
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_cpu_of_a_busy_process_agrees_with_the_kernel() {
    let mut collector = Collector::new(Roots::default(), "here".into()).unwrap();
    let busy = Busy::start();
    busy.run_until(1);
    collector.table(WallMs(1));
    let (before, began) = (busy.cpu_ns(), Instant::now());
    busy.run_until(before + 300_000_000);
    let (after, elapsed) = (busy.cpu_ns(), began.elapsed());
    let table = collector.table(WallMs(2));
    let expected = (after - before) as f64 / elapsed.as_nanos() as f64;
    let cores = process(&table, i64::from(busy.0.id())).usage.cpu_cores.unwrap();
    // Reading the table takes a moment in which the program runs on, or does not.
    assert!(
        (0.75..1.33).contains(&(cores / expected)),
        "{cores} cores by the table, {expected} by schedstat"
    );
}

#[test]
fn this_process_is_shown_as_it_is() {
    let mut collector = Collector::new(Roots::default(), "here".into()).unwrap();
    let busy = Busy::start();
    busy.run_until(1);
    let table = collector.table(WallMs(1));
    let pid = busy.0.id();
    let child = process(&table, i64::from(pid));
    assert_eq!(child.ppid, i64::from(std::process::id()));
    assert_eq!(child.cmdline, "sh -c while :; do :; done");
    let exe = fs::read_link(format!("/proc/{pid}/exe")).unwrap();
    assert_eq!(child.exepath, exe.to_string_lossy());
    let fds = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count() as u64;
    assert_eq!((child.usage.fds, child.usage.threads), (Some(fds), Some(1)));
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let resident: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
    assert_eq!(child.usage.memory_bytes, Some(resident * 1024));
    // A tick of the clock before it began, at most a moment before now.
    let age_ns = collector.boot().0.abs_diff(child.start.0);
    assert!(age_ns > 0 && child.start.0.is_multiple_of(10_000_000));
    let own = process(&table, i64::from(std::process::id()));
    assert!(own.start <= child.start);
}

#[test]
fn a_process_that_ended_but_was_not_waited_for_is_shown_as_a_zombie() {
    let mut collector = Collector::new(Roots::default(), "here".into()).unwrap();
    let mut busy = Busy::start();
    busy.run_until(1);
    collector.table(WallMs(1));
    busy.0.kill().unwrap();
    let stat = format!("/proc/{}/stat", busy.0.id());
    while !fs::read_to_string(&stat).unwrap().contains(") Z ") {
        std::thread::yield_now();
    }
    let table = collector.table(WallMs(2));
    let zombie = process(&table, i64::from(busy.0.id()));
    assert_eq!((zombie.state, zombie.comm.as_str()), ('Z', "sh"));
    // Over the moment between two looks, in ticks of 10 ms: any number, but one.
    assert!(zombie.usage.cpu_cores.is_some_and(|cores| cores >= 0.0 && cores.is_finite()));
    busy.0.wait().unwrap();
    assert!(collector.table(WallMs(3)).processes.iter().all(|one| one.pid != zombie.pid));
}

#[test]
fn kernel_threads_are_among_the_processes_and_have_no_memory() {
    let comm = fs::read_to_string("/proc/2/comm").unwrap_or_default();
    if comm.trim() != "kthreadd" {
        println!("skipped: process 2 is not kthreadd here, but {comm:?}");
        return;
    }
    let mut collector = Collector::new(Roots::default(), "here".into()).unwrap();
    let table = collector.table(WallMs(1));
    let kthreadd = process(&table, 2);
    assert_eq!(
        (kthreadd.comm.as_str(), kthreadd.usage.memory_bytes, kthreadd.usage.fds),
        ("kthreadd", None, None)
    );
    assert!(kthreadd.is_kernel_thread());
    assert!(table.processes.iter().any(|one| one.ppid == 2 && one.is_kernel_thread()));
    assert!(!process(&table, i64::from(std::process::id())).is_kernel_thread());
}

/// A cgroup of every hierarchy of this machine, removed when it is dropped.
struct Cgroup {
    folders: Vec<PathBuf>,
}

const CONTAINER: &str = "00000000000000000000000000000000000000000000000000000000c0113c70";

impl Cgroup {
    /// `None`, said aloud, where this test may not make any.
    fn make() -> Option<Self> {
        let root = Path::new("/sys/fs/cgroup");
        let controllers = ["memory", "cpu", "cpuacct", "blkio", "pids"];
        let roots: Vec<PathBuf> = if root.join("cgroup.controllers").exists() {
            vec![root.to_owned()]
        } else {
            controllers.iter().map(|name| root.join(name)).filter(|path| path.is_dir()).collect()
        };
        let own = format!("lanner-test-{}", std::process::id());
        let folders = roots.iter().map(|root| root.join(&own).join(CONTAINER));
        let cgroup = Self { folders: folders.collect() };
        let made = cgroup.folders.iter().try_for_each(fs::create_dir_all);
        match made {
            Ok(()) if !cgroup.folders.is_empty() => Some(cgroup),
            made => {
                println!("skipped: cgroups cannot be made here: {made:?}");
                None
            }
        }
    }

    fn add(&self, pid: u32) {
        for folder in &self.folders {
            fs::write(folder.join("cgroup.procs"), pid.to_string()).unwrap();
        }
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        for folder in &self.folders {
            // Only a child that is gone leaves the cgroup empty, and that takes the kernel a moment.
            let deadline = Instant::now() + std::time::Duration::from_secs(5);
            while fs::remove_dir(folder).is_err() && folder.exists() && Instant::now() < deadline {
                std::thread::yield_now();
            }
            let _ = folder.parent().map(fs::remove_dir);
        }
    }
}

#[test]
fn a_real_cgroup_is_a_container_with_its_process_and_its_cpu() {
    let Some(cgroup) = Cgroup::make() else { return };
    let busy = Busy::start();
    busy.run_until(1);
    cgroup.add(busy.0.id());
    let mut collector = Collector::new(Roots::default(), "here".into()).unwrap();
    collector.table(WallMs(1));
    let (before, began) = (busy.cpu_ns(), Instant::now());
    busy.run_until(before + 300_000_000);
    let expected = (busy.cpu_ns() - before) as f64 / began.elapsed().as_nanos() as f64;
    let table = collector.table(WallMs(2));
    assert_eq!(process(&table, i64::from(busy.0.id())).container.as_str(), CONTAINER);
    let found = container(&table, CONTAINER);
    assert_ne!(found.info.cgroup.0, 0);
    if let Some(cores) = found.usage.cpu_cores {
        assert!(
            (0.75..1.33).contains(&(cores / expected)),
            "{cores} cores by the cgroup, {expected} by schedstat"
        );
    } else {
        println!("skipped: the cpu controller is not on for this cgroup");
    }
    drop(busy);
    drop(cgroup);
    assert!(collector.table(WallMs(3)).containers.iter().all(|one| one.info.id.as_str() != CONTAINER));
}

#[test]
fn all_samples_of_this_machine_are_declared_and_can_be_read_back() {
    let mut collector = Collector::new(Roots::default(), "here".into()).unwrap();
    for round in 1..4 {
        collector.table(WallMs(round));
        let samples = collector.samples(WallMs(round));
        for sample in &samples {
            let declaration = declaration_of(sample.labels.metric()).expect("a declared metric");
            let own: Vec<&str> = sample.labels.iter().map(|(name, _)| name).collect();
            let common = ["__name__", "instance", "job", "metrics_path", "node"];
            assert!(own.iter().all(|name| declaration.labels.contains(name) || common.contains(name)));
        }
        let families = exposition::parse(&exposition::write(&samples)).unwrap();
        assert_eq!(families.iter().map(|family| family.values.len()).sum::<usize>(), samples.len());
        for metric in
            ["node_cpu_seconds_total", "node_filesystem_size_bytes", "lanner_process_cpu_seconds_total"]
        {
            assert!(families.iter().any(|family| family.name == metric), "{metric}");
        }
    }
    assert!(collector.losses().is_empty());
}
