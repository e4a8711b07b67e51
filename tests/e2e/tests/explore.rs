//! Explore over HTTP: what it says of processes and containers is what `/proc` says.

#![allow(clippy::print_stdout, reason = "figures for who reads the log")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use lanner_e2e::{Container, Lanner, Part, eventually, machine_has};
use serde_json::Value;

/// Name, busy percent of one CPU, MiB, threads, files.
const WORKERS: [(&str, u64, u64, u64, u64); 5] = [
    ("lanner-t-idle", 0, 8, 2, 0),
    ("lanner-t-low", 10, 32, 3, 20),
    ("lanner-t-half", 30, 64, 5, 100),
    ("lanner-t-busy", 50, 16, 9, 7),
    ("lanner-t-large", 5, 300, 2, 300),
];

struct Worker {
    child: Child,
    name: &'static str,
}

impl Worker {
    fn start(
        folder: &Path,
        (name, busy, memory, threads, files): (&'static str, u64, u64, u64, u64),
    ) -> Self {
        let program = folder.join(name);
        fs::copy(env!("CARGO_BIN_EXE_worker"), &program).unwrap();
        let numbers = [busy, memory, threads, files].map(|number| number.to_string());
        let child = Command::new(program).args(numbers).stdin(Stdio::piped()).spawn().unwrap();
        Self { child, name }
    }

    /// CPU time so far in seconds, from every thread's `schedstat`.
    fn cpu_seconds(&self) -> f64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let of = |task: fs::DirEntry| {
            let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            text.split(' ').next().and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0)
        };
        tasks.map(|task| of(task.unwrap())).sum::<f64>() / 1e9
    }

    fn status(&self, key: &str) -> f64 {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap();
        line.trim_matches([':', '\t', ' ']).split(' ').next().unwrap().parse().unwrap()
    }

    fn row(&self, table: &Value) -> Option<Value> {
        let rows = table["rows"].as_array()?;
        rows.iter().find(|row| row["pid"] == self.child.id() && row["kind"] == "process").cloned()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn assert_within(what: &str, said: f64, real: f64, share: f64, slack: f64) {
    let off = (said - real).abs();
    assert!(off <= real * share + slack, "{what}: Explore says {said}, /proc says {real}");
}

#[test]
fn five_processes_use_what_proc_says_they_use() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let workers: Vec<Worker> =
        WORKERS.into_iter().map(|worker| Worker::start(folder.path(), worker)).collect();
    let lanner = Lanner::up(&[]);
    // A page looks: tables come every 2 s. Six of them span 10 s; the first is the baseline.
    let tables = lanner.events("/api/v1/explore/stream?view=flat&q=lanner-t-&limit=1000");
    let mut seen = tables.filter(|table| workers.iter().all(|worker| cpu(worker, table).is_some()));
    seen.next().expect("a first table");
    let mut real: Vec<f64> = workers.iter().map(Worker::cpu_seconds).collect();
    let begun = Instant::now();
    let mut said = vec![0.0; workers.len()];
    let mut last = Value::Null;
    for _ in 0..5 {
        last = seen.next().expect("a further table");
        for (sum, worker) in said.iter_mut().zip(&workers) {
            *sum += cpu(worker, &last).unwrap() / 5.0;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    for (before, worker) in real.iter_mut().zip(&workers) {
        *before = (worker.cpu_seconds() - *before) / seconds;
    }
    for ((worker, said), real) in workers.iter().zip(said).zip(real) {
        let row = worker.row(&last).unwrap();
        println!("{}: CPU {said:.3} cores, /proc {real:.3}; {row}", worker.name);
        assert_eq!(row["name"], worker.name);
        // An idle process' 5 % is less than a clock tick: 0.5 % of a CPU is allowed on top.
        assert_within(worker.name, said, real, 0.05, 0.005);
        assert_within(
            "memory",
            row["memory_bytes"].as_f64().unwrap(),
            worker.status("VmRSS") * 1024.0,
            0.05,
            0.0,
        );
        assert_within("threads", row["threads"].as_f64().unwrap(), worker.status("Threads"), 0.0, 0.0);
        let files = fs::read_dir(format!("/proc/{}/fd", worker.child.id())).unwrap().count();
        assert_within("fds", row["fds"].as_f64().unwrap(), files as f64, 0.0, 0.0);
    }
}

fn cpu(worker: &Worker, table: &Value) -> Option<f64> {
    worker.row(table)?["cpu_cores"].as_f64()
}

#[test]
fn a_new_process_and_its_container_are_in_the_tree() {
    if !machine_has(&[Part::Bpf, Part::Containers]) {
        return;
    }
    let lanner = Lanner::up(&[]);
    let tables = lanner.events("/api/v1/explore/stream?limit=10000");
    let container = Container::start(&["sh", "-c", "sleep 1000 & exec sleep 2000"]);
    let container_row = format!(":{}", container.id());
    for table in tables {
        let rows = table["rows"].as_array().unwrap();
        let Some(row) = rows.iter().find(|row| row["pid"] == container.pid()) else { continue };
        let parent = row["parent"].as_str().unwrap();
        assert!(parent.starts_with("container:") && parent.ends_with(&container_row), "{row}");
        let parent = rows.iter().find(|row| row["id"] == parent).expect("its container has a row");
        assert_eq!(parent["container_id"], container.id());
        assert_eq!(parent["memory_limit_bytes"], 256 << 20);
        assert!(parent["processes"].as_u64().unwrap() >= 1, "{parent}");
        return;
    }
    panic!("the stream ended");
}

#[test]
fn charts_of_a_process_have_points() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let worker = Worker::start(folder.path(), ("lanner-t-chart", 40, 16, 2, 0));
    let lanner = Lanner::up(&[]);
    let row = eventually("its row", || worker.row(&lanner.get("/api/v1/explore?view=flat&limit=10000")?));
    let path = format!("/api/v1/history?row={}&from=now-5m", row["id"].as_str().unwrap());
    // The second sample comes 10 s after the first; a rate needs both.
    let chart = eventually("two CPU samples", || {
        let history = lanner.get(&path)?;
        let chart = history["charts"].as_array()?.iter().find(|chart| chart["name"] == "cpu")?.clone();
        chart["series"][0]["values"].as_array()?.iter().any(|value| value.is_f64()).then_some(chart)
    });
    let values = chart["series"][0]["values"].as_array().unwrap();
    let newest = values.iter().rev().find_map(Value::as_f64).unwrap();
    // On a machine with other work it may get less than it asks for, never more.
    assert!((0.02..0.6).contains(&newest), "a process that is 40 % busy is charted at {newest}");
}
