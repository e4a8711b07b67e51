//! Samples of containers.

use lanner_metrics::{Metric, Round, metric};
use lanner_model::time::WallMs;

use super::gather::Gather;
use crate::container::reading::{DeviceIo, Reading};
use crate::container::table::Container;
use crate::host::disk::Disk;
use crate::host::network::Interface;

/// The labels every container has: container, id, image, name, namespace, pod. cAdvisor's `name` is the id
/// that the runtime knows; what Kubernetes knows is joined by the server.
type Labels<'a> = [&'a str; 6];

pub(super) fn add(round: &mut Round<'_>, gather: &Gather, now: WallMs) {
    for container in gather.containers.iter() {
        let info = &container.info;
        let labels = [info.name.as_str(), &info.cgroup_path, &info.image, info.id.as_str(), "", ""];
        let usage = &container.usage;
        add_cpu(round, labels, usage);
        add_memory(round, labels, usage);
        for device in &usage.devices {
            add_device(round, labels, device, &gather.host.disks);
        }
        for interface in &container.interfaces {
            add_interface(round, labels, interface);
        }
        add_life(round, labels, container, gather, now);
    }
    round.add(&metric::MACHINE_CPU_CORES, [], gather.host.stat.cpus.len() as f64);
    round.add_known(&metric::MACHINE_MEMORY_BYTES, [], gather.host.memory.total().map(|bytes| bytes as f64));
}

fn add_cpu(round: &mut Round<'_>, labels: Labels<'_>, usage: &Reading) {
    let cpu = &usage.cpu;
    round.add_known(
        &metric::CONTAINER_CPU_USAGE_SECONDS_TOTAL,
        with(labels, ["total"]),
        seconds(cpu.usage_ns),
    );
    round.add_known(&metric::CONTAINER_CPU_USER_SECONDS_TOTAL, labels, seconds(cpu.user_ns));
    round.add_known(&metric::CONTAINER_CPU_SYSTEM_SECONDS_TOTAL, labels, seconds(cpu.system_ns));
    round.add_known(&metric::CONTAINER_SPEC_CPU_PERIOD, labels, float(cpu.period_us));
    round.add_known(&metric::CONTAINER_SPEC_CPU_SHARES, labels, float(cpu.shares));
    // As cAdvisor has it, these are only there where there is a limit.
    if cpu.quota_us.is_some() {
        round.add_known(&metric::CONTAINER_SPEC_CPU_QUOTA, labels, float(cpu.quota_us));
        round.add_known(&metric::CONTAINER_CPU_CFS_PERIODS_TOTAL, labels, float(cpu.periods));
        round.add_known(
            &metric::CONTAINER_CPU_CFS_THROTTLED_PERIODS_TOTAL,
            labels,
            float(cpu.throttled_periods),
        );
        round.add_known(
            &metric::CONTAINER_CPU_CFS_THROTTLED_SECONDS_TOTAL,
            labels,
            seconds(cpu.throttled_ns),
        );
    }
}

fn add_memory(round: &mut Round<'_>, labels: Labels<'_>, usage: &Reading) {
    let memory = &usage.memory;
    let values: [(&'static Metric<6>, Option<u64>); 12] = [
        (&metric::CONTAINER_MEMORY_USAGE_BYTES, memory.usage),
        (&metric::CONTAINER_MEMORY_WORKING_SET_BYTES, memory.working_set()),
        (&metric::CONTAINER_MEMORY_RSS, memory.rss),
        (&metric::CONTAINER_MEMORY_CACHE, memory.cache),
        (&metric::CONTAINER_MEMORY_SWAP, memory.swap),
        (&metric::CONTAINER_MEMORY_MAPPED_FILE, memory.mapped_file),
        (&metric::CONTAINER_MEMORY_KERNEL_USAGE, memory.kernel),
        (&metric::CONTAINER_MEMORY_TOTAL_ACTIVE_FILE_BYTES, memory.active_file),
        (&metric::CONTAINER_MEMORY_TOTAL_INACTIVE_FILE_BYTES, memory.inactive_file),
        (&metric::CONTAINER_MEMORY_MAX_USAGE_BYTES, memory.max_usage),
        (&metric::CONTAINER_MEMORY_FAILCNT, memory.limit_hits),
        (&metric::CONTAINER_OOM_EVENTS_TOTAL, memory.oom_kills),
    ];
    for (metric, value) in values {
        round.add_known(metric, labels, float(value));
    }
    for (kind, value) in [("pgfault", memory.page_faults), ("pgmajfault", memory.major_page_faults)] {
        let labels = with(labels, [kind, "hierarchy"]);
        round.add_known(&metric::CONTAINER_MEMORY_FAILURES_TOTAL, labels, float(value));
    }
    if memory.usage.is_some() {
        // cAdvisor writes 0 where there is no limit.
        let limit = |value: Option<u64>| value.unwrap_or(0) as f64;
        round.add(&metric::CONTAINER_SPEC_MEMORY_LIMIT_BYTES, labels, limit(memory.limit));
        round.add(&metric::CONTAINER_SPEC_MEMORY_SWAP_LIMIT_BYTES, labels, limit(memory.swap_limit));
        round.add(&metric::CONTAINER_SPEC_MEMORY_RESERVATION_LIMIT_BYTES, labels, limit(memory.reservation));
    }
}

fn add_device(round: &mut Round<'_>, labels: Labels<'_>, io: &DeviceIo, disks: &[Disk]) {
    let (major, minor) = (io.major.to_string(), io.minor.to_string());
    let disk = disks.iter().find(|disk| (disk.major, disk.minor) == (io.major, io.minor));
    let device = disk.map(|disk| format!("/dev/{}", disk.name)).unwrap_or_default();
    let on_device = with(labels, [device.as_str()]);
    round.add(&metric::CONTAINER_FS_READS_BYTES_TOTAL, on_device, io.read_bytes as f64);
    round.add(&metric::CONTAINER_FS_WRITES_BYTES_TOTAL, on_device, io.written_bytes as f64);
    round.add(&metric::CONTAINER_FS_READS_TOTAL, on_device, io.reads as f64);
    round.add(&metric::CONTAINER_FS_WRITES_TOTAL, on_device, io.writes as f64);
    for (operation, bytes) in [("Read", io.read_bytes), ("Write", io.written_bytes)] {
        let labels = with(labels, [device.as_str(), &major, &minor, operation]);
        round.add(&metric::CONTAINER_BLKIO_DEVICE_USAGE_TOTAL, labels, bytes as f64);
    }
}

fn add_interface(round: &mut Round<'_>, labels: Labels<'_>, interface: &Interface) {
    let [container, id, image, name, namespace, pod] = labels;
    let labels = [container, id, image, interface.name.as_str(), name, namespace, pod];
    // Bytes, packets, errors, dropped: the first four of each direction.
    let metrics: [(&'static Metric<7>, Option<u64>); 8] = [
        (&metric::CONTAINER_NETWORK_RECEIVE_BYTES_TOTAL, interface.receive[0]),
        (&metric::CONTAINER_NETWORK_RECEIVE_PACKETS_TOTAL, interface.receive[1]),
        (&metric::CONTAINER_NETWORK_RECEIVE_ERRORS_TOTAL, interface.receive[2]),
        (&metric::CONTAINER_NETWORK_RECEIVE_PACKETS_DROPPED_TOTAL, interface.receive[3]),
        (&metric::CONTAINER_NETWORK_TRANSMIT_BYTES_TOTAL, interface.transmit[0]),
        (&metric::CONTAINER_NETWORK_TRANSMIT_PACKETS_TOTAL, interface.transmit[1]),
        (&metric::CONTAINER_NETWORK_TRANSMIT_ERRORS_TOTAL, interface.transmit[2]),
        (&metric::CONTAINER_NETWORK_TRANSMIT_PACKETS_DROPPED_TOTAL, interface.transmit[3]),
    ];
    for (metric, value) in metrics {
        round.add_known(metric, labels, float(value));
    }
}

fn add_life(round: &mut Round<'_>, labels: Labels<'_>, container: &Container, gather: &Gather, now: WallMs) {
    let processes = &gather.processes;
    let usage = &container.usage;
    round.add(&metric::CONTAINER_LAST_SEEN, labels, (now.0 / 1000) as f64);
    let starts = container.pids.iter().filter_map(|pid| processes.process(*pid));
    let oldest = starts.map(|process| process.start(gather.boot)).min();
    let oldest = oldest.map(|start| (start.0 / 1_000_000_000) as f64);
    round.add_known(&metric::CONTAINER_START_TIME_SECONDS, labels, oldest);
    round.add(&metric::CONTAINER_PROCESSES, labels, container.pids.len() as f64);
    let threads = usage.threads.or_else(|| container.sum(processes, |process| Some(process.now.threads)));
    round.add_known(&metric::CONTAINER_THREADS, labels, float(threads));
    round.add(&metric::CONTAINER_THREADS_MAX, labels, usage.threads_max.unwrap_or(0) as f64);
    let fds = container.sum(processes, |process| process.now.fds);
    round.add_known(&metric::CONTAINER_FILE_DESCRIPTORS, labels, float(fds));
}

/// A container's labels and further ones.
fn with<'a, const MORE: usize, const ALL: usize>(
    labels: Labels<'a>,
    more: [&'a str; MORE],
) -> [&'a str; ALL] {
    const { assert!(ALL == 6 + MORE, "the metric has as many labels as are given") };
    std::array::from_fn(|at| if at < 6 { labels[at] } else { more[at - 6] })
}

fn float(value: Option<u64>) -> Option<f64> {
    value.map(|value| value as f64)
}

fn seconds(ns: Option<u64>) -> Option<f64> {
    ns.map(|ns| ns as f64 / 1e9)
}
