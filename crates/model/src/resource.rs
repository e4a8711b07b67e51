//! Things that are watched: hosts, containers, processes.

use crate::id::{CgroupId, ContainerId, NodeName};
use crate::time::{WallMs, WallNs};

/// A container as far as it is known. What its runtime would have to be asked is empty until it
/// was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ContainerInfo {
    /// Its full id.
    pub id: ContainerId,
    /// Which runtime's path it lies in.
    pub runtime: ContainerRuntime,
    /// Its name; empty where unknown.
    pub name: String,
    /// Its image; empty where unknown.
    pub image: String,
    /// The uid of its pod, from the cgroup path; empty outside Kubernetes.
    pub pod_uid: String,
    /// Its cgroup's path below the hierarchy's root.
    pub cgroup_path: String,
    /// Its cgroup.
    pub cgroup: CgroupId,
}

/// Who runs containers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ContainerRuntime {
    /// Docker Engine.
    Docker,
    /// containerd, by itself or through CRI.
    Containerd,
    /// CRI-O.
    Crio,
    /// podman (libpod).
    Podman,
    /// A path that several runtimes write.
    #[default]
    Unknown,
}

impl ContainerRuntime {
    /// The word for it, as `container.type` has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ContainerRuntime::Docker => "docker",
            ContainerRuntime::Containerd => "containerd",
            ContainerRuntime::Crio => "cri-o",
            ContainerRuntime::Podman => "podman",
            ContainerRuntime::Unknown => "",
        }
    }

    /// The runtime named by such a word.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        use ContainerRuntime::*;
        [Docker, Containerd, Crio, Podman]
            .into_iter()
            .find(|runtime| runtime.as_str() == text)
            .unwrap_or(Unknown)
    }
}

/// A live table of one node: what Explore shows of this moment. Counters are turned into rates by
/// the one who has the table before, too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveTable {
    /// The node.
    pub node: NodeName,
    /// When it was read.
    pub time: WallMs,
    /// The node itself.
    pub host: HostUsage,
    /// Its containers.
    pub containers: Vec<ContainerUsage>,
    /// Its processes.
    pub processes: Vec<ProcessUsage>,
}

/// What a node has and uses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HostUsage {
    /// How many CPUs are online.
    pub cpus: u32,
    /// Memory in bytes.
    pub memory_total_bytes: u64,
    /// Its use.
    pub usage: Usage,
}

/// What a container uses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContainerUsage {
    /// The container.
    pub info: ContainerInfo,
    /// CPU limit in cores; `None` where it has none.
    pub cpu_limit_cores: Option<f64>,
    /// Memory limit in bytes; `None` where it has none.
    pub memory_limit_bytes: Option<u64>,
    /// Its use.
    pub usage: Usage,
}

/// What a process uses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProcessUsage {
    /// Process id.
    pub pid: i64,
    /// Its parent's process id.
    pub ppid: i64,
    /// When it began, cut to the kernel's clock tick.
    pub start: WallNs,
    /// Short name.
    pub comm: String,
    /// The executable's path; empty for kernel threads and where it may not be read.
    pub exepath: String,
    /// The command line, cut to 512 bytes.
    pub cmdline: String,
    /// Who runs it; empty where the id has no name.
    pub user: String,
    /// Who runs it.
    pub uid: u32,
    /// The container it runs in; empty on the host.
    pub container: ContainerId,
    /// One letter as in `ps`: R S D T Z I.
    pub state: char,
    /// Its use.
    pub usage: Usage,
}

impl ProcessUsage {
    /// Whether it is a thread of the kernel: a child of kthreadd, which is process 2 on every Linux (seen
    /// from the host), or kthreadd itself.
    #[must_use]
    pub fn is_kernel_thread(&self) -> bool {
        (self.pid == 2 || self.ppid == 2) && self.exepath.is_empty() && self.cmdline.is_empty()
    }
}

/// Use of a node, container or process. A rate is over the time since the table before; `None`
/// is "not known", never zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    /// CPUs used: 1.0 is one whole CPU.
    pub cpu_cores: Option<f64>,
    /// Bytes: RSS of a process, `memory.current` less inactive file pages of a container
    /// (`working set`), total less available of a host.
    pub memory_bytes: Option<u64>,
    /// Bytes/s read from block devices.
    pub disk_read_bps: Option<f64>,
    /// Bytes/s written to block devices.
    pub disk_write_bps: Option<f64>,
    /// Bytes/s received.
    pub net_rx_bps: Option<f64>,
    /// Bytes/s sent.
    pub net_tx_bps: Option<f64>,
    /// Threads.
    pub threads: Option<u64>,
    /// Open descriptors.
    pub fds: Option<u64>,
}
