//! Samples of the node itself.

use lanner_metrics::{Metric, Round, metric};
use lanner_model::time::WallMs;

use super::gather::Gather;
use crate::folder::{Buffer, Folder};
use crate::host::cpu::{GUEST_MODES, KernelStat, MODES, TICKS_PER_SECOND};
use crate::host::disk::Disk;
use crate::host::filesystem::{self, Filesystem};
use crate::host::memory::Memory;
use crate::host::network::{Interface, Link};
use crate::host::{kernel, protocol};
use crate::kernel_call::clock_discipline;
use crate::text::pairs;

pub(super) fn add(round: &mut Round<'_>, gather: &mut Gather, now: WallMs) {
    let boot = (gather.boot.0 / 1_000_000_000) as f64;
    round.add(&metric::NODE_BOOT_TIME_SECONDS, [], boot);
    round.add(&metric::NODE_TIME_SECONDS, [], now.0 as f64 / 1000.0);
    add_identity(round, gather);
    add_kernel_stat(round, &gather.host.stat);
    add_memory(round, &gather.host.memory);
    gather.host.disks.iter().filter(|disk| disk.has_series()).for_each(|disk| add_disk(round, disk));
    gather.host.interfaces.iter().for_each(|(interface, link)| add_interface(round, interface, link));
    let (proc, buffer) = (&gather.proc, &mut gather.buffer);
    // Process 1's: an agent in a container has a mount table of its own.
    let mounts = match proc.read("1/mounts", buffer) {
        Some(mounts) => Some(mounts),
        None => proc.read("mounts", buffer),
    };
    let filesystems = filesystem::read(mounts.unwrap_or_default(), &gather.host_root);
    filesystems.iter().for_each(|one| add_filesystem(round, one));
    add_small_files(round, proc, buffer);
    add_protocols(round, proc, buffer);
}

fn add_identity(round: &mut Round<'_>, gather: &Gather) {
    let uname = &gather.uname;
    let labels =
        [&uname.sysname, &uname.release, &uname.version, &uname.machine, &uname.nodename, &uname.domainname];
    round.add(&metric::NODE_UNAME_INFO, labels.map(String::as_str), 1.0);
    if gather.os.iter().any(|value| !value.is_empty()) {
        round.add(&metric::NODE_OS_INFO, std::array::from_fn(|at| gather.os[at].as_str()), 1.0);
    }
}

fn add_kernel_stat(round: &mut Round<'_>, stat: &KernelStat) {
    let seconds = |ticks: Option<u64>| ticks.map(|ticks| ticks as f64 / TICKS_PER_SECOND);
    for cpu in &stat.cpus {
        for (mode, ticks) in MODES.iter().zip(cpu.modes) {
            round.add_known(&metric::NODE_CPU_SECONDS_TOTAL, [&cpu.name, mode], seconds(ticks));
        }
        for (mode, ticks) in GUEST_MODES.iter().zip(cpu.guest) {
            round.add_known(&metric::NODE_CPU_GUEST_SECONDS_TOTAL, [&cpu.name, mode], seconds(ticks));
        }
    }
    round.add_known(&metric::NODE_INTR_TOTAL, [], float(stat.interrupts));
    round.add_known(&metric::NODE_CONTEXT_SWITCHES_TOTAL, [], float(stat.context_switches));
    round.add_known(&metric::NODE_FORKS_TOTAL, [], float(stat.forks));
    round.add_known(&metric::NODE_PROCS_RUNNING, [], float(stat.running));
    round.add_known(&metric::NODE_PROCS_BLOCKED, [], float(stat.blocked));
}

fn add_memory(round: &mut Round<'_>, memory: &Memory) {
    for (key, metric) in metric::MEMINFO_BYTES.iter().chain(&metric::MEMINFO_PAGES) {
        round.add_known(metric, [], float(memory.value(key)));
    }
}

fn add_disk(round: &mut Round<'_>, disk: &Disk) {
    let labels = [disk.name.as_str()];
    let count = |at: usize| float(disk.counts[at]);
    let seconds = |at: usize| disk.counts[at].map(|ms| ms as f64 / 1000.0);
    let values: [(&'static Metric<1>, Option<f64>); 17] = [
        (&metric::NODE_DISK_READS_COMPLETED_TOTAL, count(0)),
        (&metric::NODE_DISK_READS_MERGED_TOTAL, count(1)),
        (&metric::NODE_DISK_READ_BYTES_TOTAL, float(disk.read_bytes())),
        (&metric::NODE_DISK_READ_TIME_SECONDS_TOTAL, seconds(3)),
        (&metric::NODE_DISK_WRITES_COMPLETED_TOTAL, count(4)),
        (&metric::NODE_DISK_WRITES_MERGED_TOTAL, count(5)),
        (&metric::NODE_DISK_WRITTEN_BYTES_TOTAL, float(disk.written_bytes())),
        (&metric::NODE_DISK_WRITE_TIME_SECONDS_TOTAL, seconds(7)),
        (&metric::NODE_DISK_IO_NOW, count(8)),
        (&metric::NODE_DISK_IO_TIME_SECONDS_TOTAL, seconds(9)),
        (&metric::NODE_DISK_IO_TIME_WEIGHTED_SECONDS_TOTAL, seconds(10)),
        (&metric::NODE_DISK_DISCARDS_COMPLETED_TOTAL, count(11)),
        (&metric::NODE_DISK_DISCARDS_MERGED_TOTAL, count(12)),
        (&metric::NODE_DISK_DISCARDED_SECTORS_TOTAL, count(13)),
        (&metric::NODE_DISK_DISCARD_TIME_SECONDS_TOTAL, seconds(14)),
        (&metric::NODE_DISK_FLUSH_REQUESTS_TOTAL, count(15)),
        (&metric::NODE_DISK_FLUSH_REQUESTS_TIME_SECONDS_TOTAL, seconds(16)),
    ];
    for (metric, value) in values {
        round.add_known(metric, labels, value);
    }
}

fn add_interface(round: &mut Round<'_>, interface: &Interface, link: &Link) {
    let labels = [interface.name.as_str()];
    let receive: [&'static Metric<1>; 8] = [
        &metric::NODE_NETWORK_RECEIVE_BYTES_TOTAL,
        &metric::NODE_NETWORK_RECEIVE_PACKETS_TOTAL,
        &metric::NODE_NETWORK_RECEIVE_ERRS_TOTAL,
        &metric::NODE_NETWORK_RECEIVE_DROP_TOTAL,
        &metric::NODE_NETWORK_RECEIVE_FIFO_TOTAL,
        &metric::NODE_NETWORK_RECEIVE_FRAME_TOTAL,
        &metric::NODE_NETWORK_RECEIVE_COMPRESSED_TOTAL,
        &metric::NODE_NETWORK_RECEIVE_MULTICAST_TOTAL,
    ];
    let transmit: [&'static Metric<1>; 8] = [
        &metric::NODE_NETWORK_TRANSMIT_BYTES_TOTAL,
        &metric::NODE_NETWORK_TRANSMIT_PACKETS_TOTAL,
        &metric::NODE_NETWORK_TRANSMIT_ERRS_TOTAL,
        &metric::NODE_NETWORK_TRANSMIT_DROP_TOTAL,
        &metric::NODE_NETWORK_TRANSMIT_FIFO_TOTAL,
        &metric::NODE_NETWORK_TRANSMIT_COLLS_TOTAL,
        &metric::NODE_NETWORK_TRANSMIT_CARRIER_TOTAL,
        &metric::NODE_NETWORK_TRANSMIT_COMPRESSED_TOTAL,
    ];
    let received = receive.into_iter().zip(interface.receive);
    for (metric, value) in received.chain(transmit.into_iter().zip(interface.transmit)) {
        round.add_known(metric, labels, float(value));
    }
    if link.operstate.is_empty() {
        return;
    }
    round.add(&metric::NODE_NETWORK_UP, labels, f64::from(u8::from(link.is_up)));
    round.add_known(&metric::NODE_NETWORK_MTU_BYTES, labels, float(link.mtu));
    round.add_known(&metric::NODE_NETWORK_CARRIER, labels, float(link.carrier));
    // Mbit/s to bytes/s.
    let speed = link.speed_mbit.map(|mbit| mbit as f64 * 125_000.0);
    round.add_known(&metric::NODE_NETWORK_SPEED_BYTES, labels, speed);
    let info = [&interface.name, &link.address, &link.broadcast, &link.duplex, &link.operstate];
    round.add(&metric::NODE_NETWORK_INFO, info.map(String::as_str), 1.0);
}

fn add_filesystem(round: &mut Round<'_>, filesystem: &Filesystem) {
    let labels = [filesystem.device.as_str(), &filesystem.fstype, &filesystem.mountpoint];
    let flag = |is_so: bool| f64::from(u8::from(is_so));
    round.add(&metric::NODE_FILESYSTEM_DEVICE_ERROR, labels, flag(filesystem.space.is_none()));
    round.add(&metric::NODE_FILESYSTEM_READONLY, labels, flag(filesystem.is_readonly));
    let Some(space) = filesystem.space else { return };
    round.add(&metric::NODE_FILESYSTEM_SIZE_BYTES, labels, space.size_bytes as f64);
    round.add(&metric::NODE_FILESYSTEM_FREE_BYTES, labels, space.free_bytes as f64);
    round.add(&metric::NODE_FILESYSTEM_AVAIL_BYTES, labels, space.available_bytes as f64);
    round.add(&metric::NODE_FILESYSTEM_FILES, labels, space.files as f64);
    round.add(&metric::NODE_FILESYSTEM_FILES_FREE, labels, space.files_free as f64);
}

fn add_small_files(round: &mut Round<'_>, proc: &Folder, buffer: &mut Buffer) {
    let load = proc.read_short("loadavg", buffer).map(kernel::load).unwrap_or_default();
    let loads = [&metric::NODE_LOAD1, &metric::NODE_LOAD5, &metric::NODE_LOAD15];
    for (metric, value) in loads.into_iter().zip(load.averages) {
        round.add_known(metric, [], value);
    }
    let files = proc.read_short("sys/fs/file-nr", buffer).map(kernel::open_files).unwrap_or_default();
    round.add_known(&metric::NODE_FILEFD_ALLOCATED, [], float(files.0));
    round.add_known(&metric::NODE_FILEFD_MAXIMUM, [], float(files.1));
    for (name, metric) in [
        ("sys/net/netfilter/nf_conntrack_count", &metric::NODE_NF_CONNTRACK_ENTRIES),
        ("sys/net/netfilter/nf_conntrack_max", &metric::NODE_NF_CONNTRACK_ENTRIES_LIMIT),
        ("sys/kernel/random/entropy_avail", &metric::NODE_ENTROPY_AVAILABLE_BITS),
    ] {
        round.add_known(metric, [], float(proc.number(name, buffer)));
    }
    if let Some(clock) = clock_discipline() {
        round.add(&metric::NODE_TIMEX_SYNC_STATUS, [], f64::from(u8::from(clock.is_synchronized)));
        round.add(&metric::NODE_TIMEX_OFFSET_SECONDS, [], clock.offset);
        round.add(&metric::NODE_TIMEX_MAXERROR_SECONDS, [], clock.max_error);
        round.add(&metric::NODE_TIMEX_ESTIMATED_ERROR_SECONDS, [], clock.estimated_error);
    }
    let mut pressure = |name: &str| proc.read_short(name, buffer).map(kernel::pressure).unwrap_or_default();
    let (cpu, io, memory) = (pressure("pressure/cpu"), pressure("pressure/io"), pressure("pressure/memory"));
    round.add_known(&metric::NODE_PRESSURE_CPU_WAITING_SECONDS_TOTAL, [], cpu.some);
    round.add_known(&metric::NODE_PRESSURE_IO_WAITING_SECONDS_TOTAL, [], io.some);
    round.add_known(&metric::NODE_PRESSURE_IO_STALLED_SECONDS_TOTAL, [], io.full);
    round.add_known(&metric::NODE_PRESSURE_MEMORY_WAITING_SECONDS_TOTAL, [], memory.some);
    round.add_known(&metric::NODE_PRESSURE_MEMORY_STALLED_SECONDS_TOTAL, [], memory.full);
}

fn add_protocols(round: &mut Round<'_>, proc: &Folder, buffer: &mut Buffer) {
    let mut add = |metric: &'static Metric<0>, value: u64| round.add(metric, [], value as f64);
    for (key, value) in proc.read("vmstat", buffer).into_iter().flat_map(pairs) {
        if let Some(metric) = protocol::find(&metric::VMSTAT, key) {
            add(metric, value);
        }
    }
    for name in ["1/net/snmp", "1/net/netstat"] {
        if let Some(file) = proc.read(name, buffer) {
            protocol::paired(file, &metric::NETSTAT, &mut add);
        }
    }
    if let Some(file) = proc.read("1/net/snmp6", buffer) {
        protocol::snmp6(file, &metric::NETSTAT, &mut add);
    }
    for name in ["1/net/sockstat", "1/net/sockstat6"] {
        if let Some(file) = proc.read(name, buffer) {
            protocol::sockstat(file, &metric::SOCKSTAT, &mut add);
        }
    }
    let pages = proc.read("1/net/sockstat", buffer).map(protocol::socket_pages).unwrap_or_default();
    let bytes = |pages: Option<u64>| pages.map(|pages| pages as f64 * rustix::param::page_size() as f64);
    round.add_known(&metric::NODE_SOCKSTAT_TCP_MEM_BYTES, [], bytes(pages.0));
    round.add_known(&metric::NODE_SOCKSTAT_UDP_MEM_BYTES, [], bytes(pages.1));
    let arp = proc.read("1/net/arp", buffer).map(protocol::arp_entries).unwrap_or_default();
    for (device, entries) in &arp {
        round.add(&metric::NODE_ARP_ENTRIES, [device.as_str()], *entries as f64);
    }
}

fn float(value: Option<u64>) -> Option<f64> {
    value.map(|value| value as f64)
}
