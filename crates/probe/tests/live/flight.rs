//! The flight recorder: the past of those that are recorded, whole and in order.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use lanner_model::event::{EventType, FdInfo};
use lanner_model::id::Pid;
use lanner_model::source::{Next, Source};
use lanner_probe::{
    Decisions, Flight, FlightRecorder, Interest, Probe, ProbeConfig, Reading, Scope, Snapshot,
};

use crate::watch::{able, compile, skip};

/// A probe that tells nothing and records what this process and its children do.
struct Subject {
    probe: Probe,
    recorder: FlightRecorder,
    decisions: Decisions,
    dir: tempfile::TempDir,
    program: PathBuf,
}

fn subject() -> Option<Subject> {
    let mut decisions = able()?;
    if decisions.flight.ring_bytes == 0 {
        skip(&decisions.flight.reason);
        return None;
    }
    decisions.flight.ring_bytes = 512 * 1024;
    let processes = vec![Pid(i64::from(std::process::id()))];
    let config = ProbeConfig {
        interest: Interest::nothing(),
        scope: Scope::Only { processes, cgroups: Vec::new() },
        snapshot: Snapshot::None,
        flight: Flight::On,
        ..ProbeConfig::default()
    };
    let mut probe = Probe::start(&decisions, &config).unwrap();
    let (is_on, note) = probe.flight_note();
    assert!(is_on, "{note}");
    let recorder = probe.flight_recorder().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let program = compile("flight", dir.path());
    Some(Subject { probe, recorder, decisions, dir, program })
}

impl Subject {
    fn record_children(&self) {
        self.recorder.sources().record_processes(&[Pid(i64::from(std::process::id()))]).unwrap();
    }

    /// Runs the program to its end and gives its process.
    fn run(&self, rounds: usize) -> Pid {
        // On one CPU, so that one ring has all of it.
        let mut child =
            self.command("taskset", &["-c", "0", self.program.to_str().unwrap(), &rounds.to_string()]);
        assert!(child.wait().unwrap().success());
        Pid(i64::from(child.id()))
    }

    fn command(&self, name: &str, arguments: &[&str]) -> Child {
        Command::new(name).args(arguments).current_dir(self.dir.path()).stdin(Stdio::null()).spawn().unwrap()
    }

    /// Everything up to now: what has just happened is given when it has settled.
    fn all(&mut self, pid: Pid) -> Reading {
        let mut idle = 0;
        while idle < 3 {
            idle += usize::from(matches!(self.probe.next().unwrap(), Next::Idle));
        }
        let reading = self.recorder.read_all();
        assert!(ends(&reading, pid), "the end of {pid} was recorded");
        reading
    }
}

fn ends(reading: &Reading, pid: Pid) -> bool {
    reading.events().any(|one| one.pid == pid && one.event.event_type() == EventType::PROCEXIT_1_E)
}

/// The calls on the file `data`: a letter each, with the round of those that carry data.
fn story(reading: &Reading, pid: Pid) -> Vec<String> {
    let of_it = reading.events().filter(|one| one.pid == pid);
    of_it
        .filter_map(|one| {
            let data = |index| String::from_utf8_lossy(one.event.param(index).unwrap_or_default()).into_owned();
            let is_data = |info: Option<FdInfo>| {
                matches!(info, Some(FdInfo::File { path, .. }) if path.ends_with(b"/data"))
            };
            match one.event.event_type() {
                EventType::SYSCALL_OPENAT_2_X if one.event.text(2) == Some(b"data") => Some("open".to_owned()),
                EventType::SYSCALL_WRITE_X if is_data(one.event.fd_info()) => Some(format!("w {}", data(1))),
                EventType::SYSCALL_READ_X if is_data(one.event.fd_info()) => Some(format!("r {}", data(1))),
                _ => None,
            }
        })
        .collect()
}

fn rounds(from: usize, to: usize) -> Vec<String> {
    (from..to).flat_map(|n| ["open".to_owned(), format!("w number-{n}"), format!("r number-{n}")]).collect()
}

#[test]
fn the_past_is_told_whole_and_in_order() {
    let Some(mut subject) = subject() else { return };
    subject.record_children();
    let pid = subject.run(50);
    let reading = subject.all(pid);
    assert_eq!(story(&reading, pid), rounds(0, 50));
    assert_eq!((reading.lost(), reading.undecodable()), (0, 0));
    let times: Vec<u64> = reading.events().map(|one| one.event.time().0).collect();
    assert!(times.is_sorted());
    let first = reading.events().find(|one| one.pid == pid).unwrap();
    assert_eq!(first.event.event_type(), EventType::SYSCALL_CLONE_20_X, "a process begins with its clone");
    assert_ne!(first.cgroup.0, 0);
    assert!(subject.probe.flight_counts().0 >= 150);
}

#[test]
fn data_is_recorded_only_of_those_that_are_named() {
    let Some(mut subject) = subject() else { return };
    let pid = subject.run(20);
    assert_eq!(story(&subject.all(pid), pid), vec!["open".to_owned(); 20], "what is recorded of everybody");

    subject.recorder.sources().record_everybody(true).unwrap();
    let pid = subject.run(3);
    assert_eq!(story(&subject.all(pid), pid), rounds(0, 3));

    subject.recorder.sources().record_everybody(false).unwrap();
    subject.record_children();
    subject.recorder.sources().forget_processes().unwrap();
    let pid = subject.run(2);
    assert_eq!(story(&subject.all(pid), pid), vec!["open".to_owned(); 2]);
}

#[test]
fn two_who_want_the_past_both_get_it_and_what_follows_once() {
    let Some(mut subject) = subject() else { return };
    subject.record_children();
    let first = subject.run(5);
    let early = subject.all(first);
    assert!(early.events().all(|one| one.is_new));
    let second = subject.run(5);
    let late = subject.all(second);
    assert_eq!(story(&late, first), rounds(0, 5), "the second sees the whole past");
    assert_eq!(story(&late, second), rounds(0, 5));
    let new = |pid| late.events().filter(|one| one.pid == pid && one.is_new).count();
    assert_eq!(new(first), 0, "the first has that already");
    assert!(new(second) > 0);
    assert_eq!(subject.recorder.read().events().filter(|one| one.pid == second).count(), 0);
    assert_eq!(late.lost(), 0);
}

#[test]
fn a_ring_that_is_written_over_keeps_the_newest_and_counts_the_rest() {
    let Some(mut subject) = subject() else { return };
    subject.record_children();
    let before = subject.run(1);
    drop(subject.all(before));
    let pid = subject.run(5_000);
    let reading = subject.all(pid);
    let story = story(&reading, pid);
    let kept = story.len() / 3;
    assert!((100..4_000).contains(&kept), "{kept} of 5,000 rounds fit into 512 KiB");
    let whole = &story[story.len() - kept * 3..];
    assert_eq!(whole, rounds(5_000 - kept, 5_000), "the newest, without a gap");
    assert_eq!(reading.undecodable(), 0);
    let recorded: usize = reading.events().filter(|one| one.is_new).count();
    let (handed, failed) = subject.probe.flight_counts();
    assert_eq!(failed, 0);
    let lost = reading.lost();
    assert!(lost + story.len() as u64 >= 15_000, "{} kept, {lost} counted as lost", story.len());
    assert!(lost + recorded as u64 <= handed, "{lost} lost and {recorded} recorded of {handed}");
    // Before it was put on CPU 0 it ran on another, whose ring goes back further.
    let first = reading.events().find(|one| one.pid == pid && one.cpu == 0).unwrap();
    assert!(reading.complete_since() <= first.event.time());
    assert!(reading.complete_since().0 > 0);
}

/// A control group that is removed when the test ends, however it ends.
struct Group(PathBuf);

impl Drop for Group {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir(&self.0);
    }
}

#[test]
fn a_container_is_recorded_without_being_named() {
    let Some(mut subject) = subject() else { return };
    let Some(mount) = subject.decisions.cgroup_mount.clone() else {
        skip("no control groups are mounted");
        return;
    };
    let parent = Group(mount.join("lanner-flight-test"));
    // The second comes when the first has gone, and with it every container of the test.
    for number in 0..2 {
        let id = format!("{number}{:063x}", std::process::id());
        let group = Group(parent.0.join(&id));
        if let Err(error) = std::fs::create_dir_all(&group.0) {
            skip(&format!("{} cannot be made: {error}", group.0.display()));
            return;
        }
        let known = |subject: &mut Subject| {
            subject.probe.next().unwrap();
            subject.recorder.sources().container(&id.as_str().into())
        };
        let container =
            (0..2_000).find_map(|_| known(&mut subject)).expect("the probe learns of the container");
        assert_eq!(container.cgroup.0, inode(&group.0));
        let script =
            format!("echo $$ > {}/cgroup.procs && exec {} 4", group.0.display(), subject.program.display());
        let mut child = subject.command("/bin/sh", &["-c", &script]);
        assert!(child.wait().unwrap().success());
        let pid = Pid(i64::from(child.id()));
        let reading = subject.all(pid);
        assert_eq!(story(&reading, pid), rounds(0, 4));
        let of_it =
            |kind| reading.events().find(|one| one.pid == pid && one.event.event_type() == kind).unwrap();
        assert_eq!(of_it(EventType::PROCEXIT_1_E).cgroup, container.cgroup);
        assert_eq!(subject.recorder.sources().groups_of(&container.id), [container.cgroup]);
    }
}

fn inode(path: &Path) -> u64 {
    std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(path).unwrap())
}
