//! Processes that the iterator does not show and `/proc` does: some sandboxes hide their first process
//! from BPF. What `/proc` tells of them is less, but a tree without its root would be worse.

use std::collections::HashSet;
use std::path::Path;

use lanner_model::id::{Gid, Pid, Tid, Uid};
use lanner_model::snapshot::ThreadRecord;
use lanner_model::time::WallNs;

use super::strings::{Lists, strings_of};
use crate::facts::Roots;

/// Nanoseconds of a clock tick in `/proc/PID/stat` (`USER_HZ` is 100 on every architecture we know).
const TICK_NS: u64 = 10_000_000;

/// The leaders of processes that are in `/proc` and not in `known`.
pub(super) fn read(known: &[ThreadRecord], roots: &Roots, epoch_offset_ns: u64) -> Vec<ThreadRecord> {
    let known: HashSet<Pid> = known.iter().map(|thread| thread.pid).collect();
    let entries = std::fs::read_dir(&roots.proc).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .filter(|(pid, _)| !known.contains(&Pid(*pid)))
        .filter_map(|(pid, dir)| process(pid, &dir, epoch_offset_ns))
        .collect()
}

/// `None` for a process that has gone meanwhile.
fn process(pid: i64, dir: &Path, epoch_offset_ns: u64) -> Option<ThreadRecord> {
    let stat = std::fs::read_to_string(dir.join("stat")).ok()?;
    let mut thread = parse_stat(&stat, epoch_offset_ns)?;
    let link = |name: &str| {
        std::fs::read_link(dir.join(name))
            .map(|path| path.into_os_string().into_encoded_bytes())
            .unwrap_or_default()
    };
    thread.exepath = link("exe");
    thread.cwd = link("cwd");
    thread.root = link("root");
    parse_status(&mut thread, &std::fs::read_to_string(dir.join("status")).unwrap_or_default());
    let Lists { exe, args, env } = strings_of(dir);
    (thread.exe, thread.args, thread.env) = (exe, args, env);
    thread.cgroups = cgroups(&std::fs::read_to_string(dir.join("cgroup")).unwrap_or_default());
    thread.tid = Tid(pid);
    thread.pid = Pid(pid);
    Some(thread)
}

/// `pid (comm) state ppid pgrp session tty_nr ...`: field numbers as in proc(5), less the three before.
fn parse_stat(stat: &str, epoch_offset_ns: u64) -> Option<ThreadRecord> {
    let (before, after) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let number = |field: usize| fields.get(field - 3).and_then(|text| text.parse::<i64>().ok());
    Some(ThreadRecord {
        comm: before.split_once('(')?.1.as_bytes().to_vec(),
        parent: Tid(number(4)?),
        pgid: number(5)?,
        vpgid: number(5)?,
        sid: number(6)?,
        tty: number(7)? as u32,
        minor_faults: number(10)?.cast_unsigned(),
        major_faults: number(12)?.cast_unsigned(),
        start: WallNs((number(22)?.cast_unsigned() * TICK_NS).saturating_add(epoch_offset_ns)),
        ..ThreadRecord::default()
    })
}

fn parse_status(thread: &mut ThreadRecord, status: &str) {
    (thread.uid, thread.gid, thread.loginuid) = (Uid(u32::MAX), Gid(u32::MAX), Uid(u32::MAX));
    for (name, value) in status.lines().filter_map(|line| line.split_once(':')) {
        let mut words = value.split_whitespace();
        let first = words.next().unwrap_or_default();
        // Of four ids the second is the effective one.
        let second = words.next().unwrap_or_default();
        let kilobytes = || first.parse().unwrap_or(0);
        let bits = || u64::from_str_radix(first, 16).unwrap_or(0);
        match name {
            "Uid" => thread.uid = Uid(second.parse().unwrap_or(u32::MAX)),
            "Gid" => thread.gid = Gid(second.parse().unwrap_or(u32::MAX)),
            "VmSize" => thread.vm_size_kb = kilobytes(),
            "VmRSS" => thread.vm_rss_kb = kilobytes(),
            "VmSwap" => thread.vm_swap_kb = kilobytes(),
            "CapPrm" => thread.cap_permitted = bits(),
            "CapEff" => thread.cap_effective = bits(),
            "CapInh" => thread.cap_inheritable = bits(),
            // The last of the list is the innermost namespace's.
            "NSpid" => {
                let innermost =
                    value.split_whitespace().last().and_then(|text| text.parse().ok()).unwrap_or(-1);
                (thread.vpid, thread.vtid) = (innermost, innermost);
            }
            _ => {}
        }
    }
}

/// `/proc/PID/cgroup` has `id:subsystems:path`; v2's list of subsystems is empty, and its path stands
/// for the memory's if no line names that.
fn cgroups(text: &str) -> Vec<Vec<u8>> {
    let lines = || text.lines().filter_map(|line| line.split_once(':')?.1.split_once(':'));
    let v1: Vec<Vec<u8>> = lines()
        .flat_map(|(subsystems, path)| subsystems.split(',').map(move |subsystem| (subsystem, path)))
        .filter(|(subsystem, _)| matches!(*subsystem, "cpuset" | "cpu" | "memory" | "pids"))
        .map(|(subsystem, path)| format!("{subsystem}={path}").into_bytes())
        .collect();
    if !v1.is_empty() {
        return v1;
    }
    let v2 = lines().find(|(subsystems, _)| subsystems.is_empty());
    v2.map(|(_, path)| format!("memory={path}").into_bytes()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_whose_name_has_brackets_is_read() {
        let stat = "7 (a) b) S 1 2 3 4 -1 0 11 0 12 0 0 0 0 0 20 0 1 0 100 0 0";
        let thread = parse_stat(stat, 5).unwrap();
        assert_eq!(thread.comm, b"a) b");
        assert_eq!((thread.parent, thread.pgid, thread.sid, thread.tty), (Tid(1), 2, 3, 4));
        assert_eq!((thread.minor_faults, thread.major_faults), (11, 12));
        assert_eq!(thread.start, WallNs(100 * TICK_NS + 5));
        assert_eq!(parse_stat("7 (a", 0), None);
    }

    #[test]
    fn status_gives_the_effective_ids_and_the_innermost_pid() {
        let mut thread = ThreadRecord::default();
        parse_status(&mut thread, "Uid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nNSpid:\t77\t1\nCapEff:\tff\n");
        assert_eq!((thread.uid, thread.gid, thread.vpid, thread.cap_effective), (Uid(2), Gid(6), 1, 255));
    }

    #[test]
    fn control_groups_of_both_versions_are_named_by_subsystem() {
        let names = |text: &str| cgroups(text).concat();
        assert_eq!(names("4:memory:/a\n2:cpu,cpuacct:/b\n0::/\n"), b"memory=/acpu=/b");
        assert_eq!(names("0::/x\n"), b"memory=/x");
    }
}
