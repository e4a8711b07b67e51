//! What a container uses, from the v2 hierarchy (the kernel's `Documentation/admin-guide/cgroup-v2.rst`).

use lanner_model::time::MonoNs;

use super::reading::{Reading, device_number};
use crate::folder::{Buffer, Folder};
use crate::text::{lines, number, pairs, words};

pub(crate) fn read(root: &Folder, path: &str, at: MonoNs, buffer: &mut Buffer) -> Reading {
    let mut reading = Reading { at, ..Reading::default() };
    let Ok(folder) = root.open_below(path.trim_start_matches('/')) else { return reading };
    cpu(&folder, &mut reading, buffer);
    memory(&folder, &mut reading, buffer);
    devices(&folder, &mut reading, buffer);
    reading.threads = folder.number("pids.current", buffer);
    reading.threads_max = folder.number("pids.max", buffer);
    reading
}

fn cpu(folder: &Folder, reading: &mut Reading, buffer: &mut Buffer) {
    let cpu = &mut reading.cpu;
    for (key, value) in folder.read_short("cpu.stat", buffer).into_iter().flat_map(pairs) {
        let (field, unit) = match key {
            b"usage_usec" => (&mut cpu.usage_ns, 1000),
            b"user_usec" => (&mut cpu.user_ns, 1000),
            b"system_usec" => (&mut cpu.system_ns, 1000),
            b"throttled_usec" => (&mut cpu.throttled_ns, 1000),
            b"nr_periods" => (&mut cpu.periods, 1),
            b"nr_throttled" => (&mut cpu.throttled_periods, 1),
            _ => continue,
        };
        *field = Some(value.saturating_mul(unit));
    }
    // `max 100000` without a limit.
    if let Some(file) = folder.read_short("cpu.max", buffer) {
        let mut words = words(file).map(number);
        cpu.quota_us = words.next().flatten();
        cpu.period_us = words.next().flatten();
    }
    // The inverse of what runtimes do with `cpu.shares` of a container's spec (runc, libcontainer/cgroups).
    cpu.shares = folder
        .number("cpu.weight", buffer)
        .map(|weight| 2 + weight.saturating_sub(1).saturating_mul(262_142) / 9_999);
}

fn memory(folder: &Folder, reading: &mut Reading, buffer: &mut Buffer) {
    let memory = &mut reading.memory;
    memory.usage = folder.number("memory.current", buffer);
    memory.max_usage = folder.number("memory.peak", buffer);
    memory.swap = folder.number("memory.swap.current", buffer);
    // `max` is no number: no limit.
    memory.limit = folder.number("memory.max", buffer);
    memory.reservation = folder.number("memory.low", buffer).filter(|bytes| *bytes > 0);
    let swap = folder.number("memory.swap.max", buffer);
    memory.swap_limit = memory.limit.and_then(|limit| limit.checked_add(swap?));
    for (key, value) in folder.read_short("memory.events", buffer).into_iter().flat_map(pairs) {
        match key {
            b"max" => memory.limit_hits = Some(value),
            b"oom_kill" => memory.oom_kills = Some(value),
            _ => {}
        }
    }
    for (key, value) in folder.read("memory.stat", buffer).into_iter().flat_map(pairs) {
        let field = match key {
            b"anon" => &mut memory.rss,
            b"file" => &mut memory.cache,
            b"kernel" => &mut memory.kernel,
            b"file_mapped" => &mut memory.mapped_file,
            b"active_file" => &mut memory.active_file,
            b"inactive_file" => &mut memory.inactive_file,
            b"pgfault" => &mut memory.page_faults,
            b"pgmajfault" => &mut memory.major_page_faults,
            _ => continue,
        };
        *field = Some(value);
    }
}

/// `254:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0`
fn devices(folder: &Folder, reading: &mut Reading, buffer: &mut Buffer) {
    for line in folder.read("io.stat", buffer).into_iter().flat_map(lines) {
        let mut words = words(line);
        let Some((major, minor)) = words.next().and_then(device_number) else { continue };
        let device = reading.device(major, minor);
        for word in words {
            let Some(equals) = word.iter().position(|byte| *byte == b'=') else { continue };
            let Some(value) = number(&word[equals + 1..]) else { continue };
            match &word[..equals] {
                b"rbytes" => device.read_bytes = value,
                b"wbytes" => device.written_bytes = value,
                b"rios" => device.reads = value,
                b"wios" => device.writes = value,
                _ => {}
            }
        }
    }
}
