//! What a container uses, from v1 hierarchies (the kernel's `Documentation/admin-guide/cgroup-v1/`).

use lanner_model::time::MonoNs;

use super::layout::Controllers;
use super::reading::{Reading, device_number};
use crate::folder::{Buffer, Folder};
use crate::host::cpu::TICK_NS;
use crate::text::{lines, number, pairs, words};

/// v1 says "no limit" with the largest multiple of a page; less than a page's worth below `i64::MAX` is none.
const NO_LIMIT_FROM: u64 = i64::MAX as u64 - (1 << 20);

pub(crate) fn read(controllers: &Controllers, path: &str, at: MonoNs, buffer: &mut Buffer) -> Reading {
    let mut reading = Reading { at, ..Reading::default() };
    let open = |root: &Option<Folder>| root.as_ref()?.open_below(path.trim_start_matches('/')).ok();
    if let Some(folder) = open(&controllers.cpuacct) {
        cpu_time(&folder, &mut reading, buffer);
    }
    if let Some(folder) = open(&controllers.cpu) {
        cpu_limit(&folder, &mut reading, buffer);
    }
    if let Some(folder) = open(&controllers.memory) {
        memory(&folder, &mut reading, buffer);
    }
    if let Some(folder) = open(&controllers.blkio) {
        devices(&folder, &mut reading, buffer);
    }
    if let Some(folder) = open(&controllers.pids) {
        reading.threads = folder.number("pids.current", buffer);
        reading.threads_max = folder.number("pids.max", buffer);
    }
    reading
}

fn cpu_time(folder: &Folder, reading: &mut Reading, buffer: &mut Buffer) {
    reading.cpu.usage_ns = folder.number("cpuacct.usage", buffer);
    for (key, ticks) in folder.read_short("cpuacct.stat", buffer).into_iter().flat_map(pairs) {
        let time_ns = Some(ticks.saturating_mul(TICK_NS));
        match key {
            b"user" => reading.cpu.user_ns = time_ns,
            b"system" => reading.cpu.system_ns = time_ns,
            _ => {}
        }
    }
}

fn cpu_limit(folder: &Folder, reading: &mut Reading, buffer: &mut Buffer) {
    // Without a limit the quota is -1, which is no number here.
    reading.cpu.quota_us = folder.number("cpu.cfs_quota_us", buffer);
    reading.cpu.period_us = folder.number("cpu.cfs_period_us", buffer);
    reading.cpu.shares = folder.number("cpu.shares", buffer);
    for (key, value) in folder.read_short("cpu.stat", buffer).into_iter().flat_map(pairs) {
        match key {
            b"nr_periods" => reading.cpu.periods = Some(value),
            b"nr_throttled" => reading.cpu.throttled_periods = Some(value),
            b"throttled_time" => reading.cpu.throttled_ns = Some(value),
            _ => {}
        }
    }
}

fn memory(folder: &Folder, reading: &mut Reading, buffer: &mut Buffer) {
    let memory = &mut reading.memory;
    memory.usage = folder.number("memory.usage_in_bytes", buffer);
    memory.max_usage = folder.number("memory.max_usage_in_bytes", buffer);
    memory.limit_hits = folder.number("memory.failcnt", buffer);
    memory.kernel = folder.number("memory.kmem.usage_in_bytes", buffer);
    let limit = |value: Option<u64>| value.filter(|bytes| *bytes < NO_LIMIT_FROM);
    memory.limit = limit(folder.number("memory.limit_in_bytes", buffer));
    memory.swap_limit = limit(folder.number("memory.memsw.limit_in_bytes", buffer));
    memory.reservation = limit(folder.number("memory.soft_limit_in_bytes", buffer));
    for (key, value) in folder.read_short("memory.oom_control", buffer).into_iter().flat_map(pairs) {
        if key == b"oom_kill" {
            memory.oom_kills = Some(value);
        }
    }
    // `total_*` includes what lies below: systemd in a container.
    for (key, value) in folder.read("memory.stat", buffer).into_iter().flat_map(pairs) {
        let field = match key {
            b"total_cache" => &mut memory.cache,
            b"total_rss" => &mut memory.rss,
            b"total_swap" => &mut memory.swap,
            b"total_mapped_file" => &mut memory.mapped_file,
            b"total_active_file" => &mut memory.active_file,
            b"total_inactive_file" => &mut memory.inactive_file,
            b"total_pgfault" => &mut memory.page_faults,
            b"total_pgmajfault" => &mut memory.major_page_faults,
            _ => continue,
        };
        *field = Some(value);
    }
}

fn devices(folder: &Folder, reading: &mut Reading, buffer: &mut Buffer) {
    // The throttling layer counts for every I/O scheduler; recursive counts since Linux 4.17.
    for (recursive, plain, is_bytes) in [
        ("blkio.throttle.io_service_bytes_recursive", "blkio.throttle.io_service_bytes", true),
        ("blkio.throttle.io_serviced_recursive", "blkio.throttle.io_serviced", false),
    ] {
        let name = if folder.stat(recursive).is_some() { recursive } else { plain };
        for line in folder.read(name, buffer).into_iter().flat_map(lines) {
            let mut words = words(line);
            let Some((major, minor)) = words.next().and_then(device_number) else { continue };
            let (Some(operation), Some(value)) = (words.next(), words.next().and_then(number)) else {
                continue;
            };
            let device = reading.device(major, minor);
            match (operation, is_bytes) {
                (b"Read", true) => device.read_bytes = value,
                (b"Write", true) => device.written_bytes = value,
                (b"Read", false) => device.reads = value,
                (b"Write", false) => device.writes = value,
                _ => {}
            }
        }
    }
}
