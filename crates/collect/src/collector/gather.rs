//! What is read, and when.

use std::fmt;
use std::path::PathBuf;

use lanner_model::time::{MonoNs, WallMs, WallNs};

use super::agent_counts::AgentCounts;
use crate::clock::{Clock, boot_time};
use crate::container::netns;
use crate::container::table::ContainerTable;
use crate::error::{CollectError, open_proc};
use crate::folder::{Buffer, Folder};
use crate::host::cpu::{self, KernelStat};
use crate::host::disk::{self, Disk};
use crate::host::identity::{self, Uname};
use crate::host::memory::{self, Memory};
use crate::host::network::{self, Interface, Link};
use crate::process::table::ProcessTable;
use crate::process::user::Users;
use crate::rate::{Counted, Counters};
use crate::roots::Roots;

/// Everything that is read.
pub(super) struct Gather {
    pub(super) proc: Folder,
    pub(super) sys: Option<Folder>,
    pub(super) host_root: PathBuf,
    pub(super) boot: WallNs,
    pub(super) uname: Uname,
    pub(super) os: [String; 7],
    pub(super) processes: ProcessTable,
    pub(super) containers: ContainerTable,
    pub(super) users: Users,
    pub(super) host: Host,
    /// The node's counters when the last live table was made.
    pub(super) host_at_table: Option<Counters>,
    /// When what the last samples were made of was read.
    pub(super) samples_at: Option<MonoNs>,
    pub(super) buffer: Buffer,
    clock: Clock,
    read_at: Option<WallMs>,
}

/// The node itself at one moment.
#[derive(Debug, Default)]
pub(super) struct Host {
    pub(super) stat: KernelStat,
    pub(super) memory: Memory,
    pub(super) disks: Vec<Disk>,
    pub(super) interfaces: Vec<(Interface, Link)>,
    pub(super) counters: Counters,
}

impl Gather {
    pub(super) fn new(roots: &Roots, boot: Option<WallNs>, clock: Clock) -> Result<Self, CollectError> {
        let proc = open_proc(&roots.proc)?;
        let mut buffer = Buffer::default();
        let boot = boot.unwrap_or_else(|| boot_of(&proc, &mut buffer));
        let os = std::fs::read(roots.host.join("etc/os-release"));
        Ok(Self {
            uname: identity::uname(&proc, &mut buffer),
            os: identity::os_release(&os.unwrap_or_default()),
            processes: ProcessTable::new(&proc),
            containers: ContainerTable::new(&roots.cgroup, &proc, &mut buffer),
            users: Users::new(&roots.host),
            sys: Folder::open(&roots.sys).ok(),
            host_root: roots.host.clone(),
            host: Host::default(),
            host_at_table: None,
            samples_at: None,
            read_at: None,
            proc,
            boot,
            buffer,
            clock,
        })
    }

    /// Reads everything, but only once for one `now`. Processes come first, then cgroups: so a process that
    /// is in the list has its container found.
    pub(super) fn read(&mut self, now: WallMs, counts: &AgentCounts) {
        if self.read_at == Some(now) {
            return;
        }
        self.read_at = Some(now);
        self.users.refresh();
        self.processes.read(&self.proc, &mut self.clock, &mut self.buffer);
        for (pid, process) in self.processes.iter_mut() {
            let network = counts.network.get(&pid);
            process.now.received_bytes = network.map(|bytes| bytes.received);
            process.now.sent_bytes = network.map(|bytes| bytes.sent);
        }
        self.containers.read(&self.proc, &mut self.clock, &mut self.buffer);
        self.read_host();
    }

    fn read_host(&mut self) {
        let buffer = &mut self.buffer;
        let at = (self.clock)();
        self.host.stat = self.proc.read("stat", buffer).map(cpu::parse).unwrap_or_default();
        self.host.memory = self.proc.read("meminfo", buffer).map(memory::parse).unwrap_or_default();
        self.host.disks = self.proc.read("diskstats", buffer).map(disk::parse).unwrap_or_default();
        // Of process 1: an agent with a network namespace of its own would see that.
        let file = match self.proc.read("1/net/dev", buffer) {
            Some(file) => Some(file),
            None => self.proc.read("net/dev", buffer),
        };
        let interfaces = file.map(network::parse).unwrap_or_default();
        let sys = self.sys.as_ref();
        self.host.interfaces = interfaces
            .into_iter()
            .filter(Interface::has_series)
            .map(|one| {
                let link = sys.and_then(|sys| network::link(sys, &one.name, buffer));
                (one, link.unwrap_or_default())
            })
            .collect();
        self.host.counters = counters(&self.host, at);
    }
}

fn counters(host: &Host, at: MonoNs) -> Counters {
    let sum = |bytes: fn(&Disk) -> Option<u64>| {
        let values = host.disks.iter().filter(|disk| disk.is_whole()).filter_map(bytes);
        let value = (!host.disks.is_empty()).then(|| values.fold(0, u64::saturating_add));
        Counted { at, value }
    };
    // Bridges and tunnels carry again what a device carries; a machine without devices has only them.
    let has_device = host.interfaces.iter().any(|(_, link)| link.is_device);
    let outer = host
        .interfaces
        .iter()
        .filter(|(one, link)| one.leaves_the_machine() && (link.is_device || !has_device))
        .map(|(one, _)| one);
    let (received, sent) = netns::bytes(at, outer);
    Counters {
        cpu: Counted { at, value: host.stat.busy_ns() },
        disk_read: sum(Disk::read_bytes),
        disk_written: sum(Disk::written_bytes),
        received,
        sent,
    }
}

/// The boot time, read once: `btime` of `/proc/stat` has whole seconds, so where the clocks of this machine
/// agree with it they are taken.
fn boot_of(proc: &Folder, buffer: &mut Buffer) -> WallNs {
    let seconds = proc.read("stat", buffer).and_then(|file| cpu::parse(file).boot_time);
    let by_file = WallNs(seconds.unwrap_or(0).saturating_mul(1_000_000_000));
    let by_clocks = boot_time();
    let differ_ns = by_clocks.0.abs_diff(by_file.0);
    if proc.is_procfs() && differ_ns <= 2_000_000_000 { by_clocks } else { by_file }
}

impl fmt::Debug for Gather {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gather")
            .field("boot", &self.boot)
            .field("processes", &self.processes.len())
            .field("containers", &self.containers.len())
            .finish_non_exhaustive()
    }
}
