//! A stream begins with who is there already.

use lanner_model::event::FdInfo;
use lanner_model::id::Pid;
use lanner_model::snapshot::{FdRecord, Record, ThreadRecord};
use lanner_model::source::{Next, Source};
use lanner_probe::{Interest, Probe, ProbeConfig};

use crate::watch::able;

#[test]
fn the_snapshot_has_this_process_as_proc_has_it() {
    let Some(decisions) = able() else { return };
    let file = tempfile::NamedTempFile::new().unwrap();
    let config = ProbeConfig { interest: Interest::nothing(), ..ProbeConfig::default() };
    let mut probe = Probe::start(&decisions, &config).unwrap();
    let own = Pid(i64::from(std::process::id()));
    let (mut threads, mut files, mut machine, mut users) = (Vec::new(), Vec::new(), None, 0);
    while let Next::Record(record) = probe.next().unwrap() {
        match record {
            Record::Thread(thread) => threads.push(*thread),
            Record::Fd(file) => files.push(file),
            Record::Machine(found) => machine = Some(found),
            Record::User(_) => users += 1,
            _ => {}
        }
    }
    assert_eq!(
        machine.unwrap().kernel,
        std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap().trim()
    );
    assert!(users > 0);
    let leader = threads.iter().find(|thread| thread.pid == own && thread.tid.0 == own.0).unwrap();
    check_process(leader);
    assert!(threads.iter().any(|thread| thread.pid == own && thread.tid.0 != own.0), "and its threads");
    assert!(threads.iter().any(|thread| thread.pid.0 == 1), "and process 1");
    check_file(&files, own, file.path().to_str().unwrap());
}

fn check_process(thread: &ThreadRecord) {
    let exe = std::fs::read_link("/proc/self/exe").unwrap();
    assert_eq!(thread.exepath, exe.as_os_str().as_encoded_bytes());
    assert_eq!(thread.cwd, std::env::current_dir().unwrap().as_os_str().as_encoded_bytes());
    let arguments: Vec<Vec<u8>> = std::env::args().map(String::into_bytes).collect();
    assert_eq!(thread.exe, arguments[0]);
    assert_eq!(thread.args, arguments[1..]);
    assert_eq!(thread.root, b"/");
    assert_eq!(thread.uid.0, rustix::process::geteuid().as_raw());
    assert_eq!(thread.parent.0, i64::from(rustix::process::getppid().unwrap().as_raw_nonzero().get()));
    assert!(!thread.env.is_empty());
    assert!(thread.cgroups.iter().any(|cgroup| cgroup.starts_with(b"memory=/")));
    // Field 22 of /proc/self/stat: start in clock ticks of 10 ms after boot.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let ticks: u64 = stat.rsplit(')').next().unwrap().split_whitespace().nth(19).unwrap().parse().unwrap();
    let uptime_start = ticks * 10_000_000;
    let boot = thread.start.0 - uptime_start;
    let btime: u64 = std::fs::read_to_string("/proc/stat")
        .unwrap()
        .lines()
        .find_map(|line| line.strip_prefix("btime ")?.parse().ok())
        .unwrap();
    assert!(boot.abs_diff(btime * 1_000_000_000) < 2_000_000_000, "{boot} against {btime} s");
}

fn check_file(files: &[FdRecord], pid: Pid, expected: &str) {
    let found = files.iter().any(|record| {
        record.tid.0 == pid.0
            && matches!(&record.info, FdInfo::File { path, .. } if path == expected.as_bytes())
    });
    assert!(found, "{expected} is among the descriptors");
}
