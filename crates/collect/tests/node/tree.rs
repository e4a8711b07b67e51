//! A node made of files in a temporary folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lanner_collect::{Collector, Roots, Surroundings};
use lanner_model::resource::{ContainerUsage, LiveTable, ProcessUsage};
use lanner_model::series::Sample;
use lanner_model::time::{MonoNs, WallMs, WallNs};

/// When the node booted.
pub(crate) const BOOT: WallNs = WallNs(1_700_000_000_000_000_000);

/// A node with a clock that stands still until it is moved.
pub(crate) struct Tree {
    folder: tempfile::TempDir,
    clock: Arc<AtomicU64>,
}

/// What the files of a process say.
pub(crate) struct Process<'a> {
    pub(crate) pid: u32,
    pub(crate) ppid: u32,
    pub(crate) comm: &'a [u8],
    pub(crate) start_ticks: u64,
    pub(crate) cpu_ticks: u64,
    pub(crate) read_bytes: u64,
    pub(crate) stack: u64,
    pub(crate) cmdline: &'a [u8],
    pub(crate) cgroup: &'a str,
    pub(crate) fds: u32,
    pub(crate) netns: u64,
}

impl Default for Process<'_> {
    fn default() -> Self {
        Self {
            pid: 100,
            ppid: 1,
            comm: b"app",
            start_ticks: 500,
            cpu_ticks: 0,
            read_bytes: 0,
            stack: 7,
            cmdline: b"/bin/app\0-v\0",
            cgroup: "0::/\n",
            fds: 3,
            netns: 1,
        }
    }
}

impl Tree {
    /// A node with the few files that every Linux has, 1000 s after it booted.
    pub(crate) fn new() -> Self {
        let tree =
            Self { folder: tempfile::tempdir().unwrap(), clock: Arc::new(AtomicU64::new(1_000_000_000_000)) };
        tree.file("proc/stat", "cpu0 100 0 0 900\ncpu1 0 0 0 1000\nbtime 1700000000\n");
        tree.file("proc/meminfo", "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\n");
        tree.file("proc/loadavg", "0.50 0.25 0.10 1/42 99\n");
        tree.file("proc/sys/fs/file-nr", "640\t0\t9999\n");
        tree.file("etc/passwd", "root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\n");
        fs::create_dir_all(tree.path("sys")).unwrap();
        tree.process(&Process { pid: 1, ppid: 0, comm: b"init", start_ticks: 1, ..Process::default() });
        tree
    }

    pub(crate) fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn file(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn files(&self, folder: &str, files: &[(&str, &str)]) {
        files.iter().for_each(|(name, text)| self.file(&format!("{folder}/{name}"), text));
    }

    pub(crate) fn link(&self, path: &str, to: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        symlink(Path::new(to), path).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_dir_all(self.path(path)).unwrap();
    }

    /// Writes the files of a process, anew if it has them.
    pub(crate) fn process(&self, process: &Process<'_>) {
        let folder = format!("proc/{}", process.pid);
        let stat = [
            format!("{} (", process.pid).as_bytes(),
            process.comm,
            format!(
                ") S {} 1 1 0 -1 4194304 0 0 0 0 {} 0 0 0 20 0 2 0 {} 3133440 380 1 1 1 {} 0 0\n",
                process.ppid, process.cpu_ticks, process.start_ticks, process.stack
            )
            .as_bytes(),
        ]
        .concat();
        self.file(&format!("{folder}/stat"), stat);
        self.file(&format!("{folder}/statm"), "765 380 300 5 0 116 0\n");
        self.file(
            &format!("{folder}/io"),
            format!("rchar: 1\nread_bytes: {}\nwrite_bytes: 0\n", process.read_bytes),
        );
        self.file(&format!("{folder}/status"), "Name:\tx\nUid:\t1000\t1000\t1000\t1000\n");
        self.file(&format!("{folder}/cmdline"), process.cmdline);
        self.file(&format!("{folder}/cgroup"), process.cgroup);
        self.link(&format!("{folder}/exe"), "/bin/app");
        self.link(&format!("{folder}/ns/net"), &format!("net:[{}]", process.netns));
        for fd in 0..process.fds {
            self.link(&format!("{folder}/fd/{fd}"), "/dev/null");
        }
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, milliseconds: u64) {
        self.clock.fetch_add(milliseconds * 1_000_000, Ordering::Relaxed);
    }

    pub(crate) fn roots(&self) -> Roots {
        Roots { cgroup: self.path("cgroup"), ..Roots::below(self.folder.path()) }
    }

    pub(crate) fn collector(&self) -> Collector {
        let clock = Arc::clone(&self.clock);
        let surroundings = Surroundings {
            boot: Some(BOOT),
            clock: Box::new(move || MonoNs(clock.load(Ordering::Relaxed))),
            ..Surroundings::default()
        };
        Collector::within(self.roots(), "n1".into(), surroundings).unwrap()
    }

    /// The wall clock.
    pub(crate) fn now(&self) -> WallMs {
        WallMs((BOOT.0 / 1_000_000 + self.clock.load(Ordering::Relaxed) / 1_000_000) as i64)
    }

    pub(crate) fn table(&self, collector: &mut Collector) -> LiveTable {
        collector.table(self.now())
    }

    pub(crate) fn samples(&self, collector: &mut Collector) -> Vec<Sample> {
        collector.samples(self.now())
    }
}

/// The process of a table.
#[track_caller]
pub(crate) fn process(table: &LiveTable, pid: i64) -> &ProcessUsage {
    table.processes.iter().find(|process| process.pid == pid).expect("the process is in the table")
}

/// The container of a table.
#[track_caller]
pub(crate) fn container<'a>(table: &'a LiveTable, id: &str) -> &'a ContainerUsage {
    table.containers.iter().find(|one| one.info.id.as_str() == id).expect("the container is in the table")
}

/// The value of the one series of a metric with these labels among others.
#[track_caller]
pub(crate) fn value(samples: &[Sample], metric: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let is_it = |sample: &&Sample| {
        sample.labels.metric() == metric
            && labels.iter().all(|(name, value)| sample.labels.value(name).unwrap_or("") == *value)
    };
    let found: Vec<&Sample> = samples.iter().filter(is_it).collect();
    assert!(found.len() <= 1, "{metric} {labels:?} is not one series: {found:?}");
    found.first().map(|sample| sample.value)
}
