//! This machine's own `/proc`.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use lanner_collect::{Collector, Roots};
use lanner_metrics::{declaration_of, exposition};
use lanner_model::time::WallMs;

use crate::tree::process;

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
