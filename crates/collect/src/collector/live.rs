//! The live table.

use lanner_model::id::NodeName;
use lanner_model::resource::{ContainerInfo, ContainerUsage, HostUsage, LiveTable, ProcessUsage, Usage};
use lanner_model::time::{MonoNs, WallMs};
use rustc_hash::FxHashMap;

use super::gather::Gather;
use crate::container::table::Container;
use crate::host::kernel;
use crate::process::reading::Reading;
use crate::process::table::{Process, ProcessTable};
use crate::rate::{Counted, Counters, per_second};

/// Makes the table of what was read last, and keeps that as what the next is compared with.
pub(super) fn table(gather: &mut Gather, node: &NodeName, now: WallMs) -> LiveTable {
    let last = gather.host_at_table.map(|counters| counters.cpu.at);
    let host = host(gather);
    let by_pid = gather.containers.by_pid();
    let mut processes: Vec<ProcessUsage> = gather
        .processes
        .iter()
        .map(|(pid, process)| process_usage(gather, pid, process, &by_pid, last))
        .collect();
    processes.sort_unstable_by_key(|process| process.pid);
    let mut containers: Vec<ContainerUsage> =
        gather.containers.iter().map(|one| container_usage(one, &gather.processes)).collect();
    containers.sort_unstable_by(|a, b| a.info.cgroup_path.cmp(&b.info.cgroup_path));

    gather.host_at_table = Some(gather.host.counters);
    gather.processes.iter_mut().for_each(|(_, process)| process.before.table = Some(process.now));
    gather.containers.iter_mut().for_each(|one| one.at_table = Some(one.counters));
    LiveTable { node: node.clone(), time: now, host, containers, processes }
}

fn host(gather: &mut Gather) -> HostUsage {
    let load = gather.proc.read_short("loadavg", &mut gather.buffer).map(kernel::load).unwrap_or_default();
    let files = gather.proc.read_short("sys/fs/file-nr", &mut gather.buffer).map(kernel::open_files);
    let (host, before) = (&gather.host, gather.host_at_table);
    let now = host.counters;
    let rate = |of: fn(&Counters) -> Counted| per_second(of(&before?), of(&now));
    HostUsage {
        cpus: host.stat.cpus.len() as u32,
        memory_total_bytes: host.memory.total().unwrap_or(0),
        usage: Usage {
            cpu_cores: rate(|one| one.cpu).map(cores),
            memory_bytes: host.memory.used(),
            disk_read_bps: rate(|one| one.disk_read),
            disk_write_bps: rate(|one| one.disk_written),
            net_rx_bps: rate(|one| one.received),
            net_tx_bps: rate(|one| one.sent),
            threads: load.threads,
            fds: files.and_then(|(open, _)| open),
        },
    }
}

fn process_usage(
    gather: &Gather,
    pid: u32,
    process: &Process,
    by_pid: &FxHashMap<u32, &ContainerInfo>,
    last: Option<MonoNs>,
) -> ProcessUsage {
    let (identity, now) = (&process.identity, &process.now);
    let container = by_pid.get(&pid).copied().or(identity.container.as_ref());
    let base = process.base(process.before.table, last);
    let rate = |of: fn(&Reading) -> Counted| per_second(of(&base?), of(now));
    ProcessUsage {
        pid: i64::from(pid),
        ppid: now.ppid,
        start: process.start(gather.boot),
        comm: identity.comm.clone(),
        exepath: identity.exepath.clone(),
        cmdline: identity.cmdline.clone(),
        user: gather.users.name(identity.uid, container.is_some()).to_owned(),
        uid: identity.uid,
        container: container.map(|info| info.id.clone()).unwrap_or_default(),
        state: now.state,
        usage: Usage {
            cpu_cores: rate(|one| one.cpu()).map(cores),
            memory_bytes: now.resident_bytes,
            disk_read_bps: rate(|one| one.disk_read()),
            disk_write_bps: rate(|one| one.disk_written()),
            net_rx_bps: rate(|one| one.received()),
            net_tx_bps: rate(|one| one.sent()),
            threads: Some(now.threads),
            fds: now.fds,
        },
    }
}

fn container_usage(container: &Container, processes: &ProcessTable) -> ContainerUsage {
    let (usage, now, before) = (&container.usage, container.counters, container.at_table);
    let rate = |of: fn(&Counters) -> Counted| per_second(of(&before?), of(&now));
    ContainerUsage {
        info: container.info.clone(),
        cpu_limit_cores: usage.cpu.limit_cores(),
        memory_limit_bytes: usage.memory.limit,
        usage: Usage {
            cpu_cores: rate(|one| one.cpu).map(cores),
            memory_bytes: usage.memory.working_set(),
            disk_read_bps: rate(|one| one.disk_read),
            disk_write_bps: rate(|one| one.disk_written),
            net_rx_bps: rate(|one| one.received),
            net_tx_bps: rate(|one| one.sent),
            threads: usage.threads.or_else(|| container.sum(processes, |process| Some(process.now.threads))),
            fds: container.sum(processes, |process| process.now.fds),
        },
    }
}

/// CPU nanoseconds per second are billionths of a CPU.
fn cores(ns_per_second: f64) -> f64 {
    ns_per_second / 1e9
}
