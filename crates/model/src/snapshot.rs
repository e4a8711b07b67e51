//! What a capture begins with: who was there before the first event. A live source makes these
//! records from BPF iterators and `/proc`, a file carries them in its first blocks.

use crate::event::FdInfo;
use crate::id::{Fd, Gid, Pid, Tid, Uid};
use crate::time::WallNs;

/// One record of the snapshot.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// The machine the events are from.
    Machine(Machine),
    /// A thread. A process is its leader's record (`tid == pid`).
    Thread(Box<ThreadRecord>),
    /// A descriptor of a process.
    Fd(FdRecord),
    /// A user.
    User(UserRecord),
    /// A group.
    Group(GroupRecord),
    /// A network interface's address.
    Interface(InterfaceRecord),
}

/// The machine the events are from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Its host name.
    pub hostname: String,
    /// How many CPUs it has.
    pub cpus: u32,
    /// Its memory in bytes.
    pub memory_bytes: u64,
    /// When it booted; 0 where a file is too old to say.
    pub boot: WallNs,
    /// Its architecture as `uname -m` says; empty where unknown.
    pub arch: String,
    /// Its kernel as `uname -r` says; empty where unknown.
    pub kernel: String,
}

/// A thread as it was. Sizes in bytes, paths absolute; what is not known is empty or zero, for the
/// ids -1 (`u32::MAX`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThreadRecord {
    /// The thread.
    pub tid: Tid,
    /// Its process.
    pub pid: Pid,
    /// The process that made it (`ptid` in captures).
    pub parent: Tid,
    /// The session's leader.
    pub sid: i64,
    /// The process group's leader, as seen from its own pid namespace.
    pub vpgid: i64,
    /// The process group's leader in the host's namespace.
    pub pgid: i64,
    /// The short name (15 bytes at most).
    pub comm: Vec<u8>,
    /// The first argument (`argv[0]`), else the path that was executed.
    pub exe: Vec<u8>,
    /// The executable's resolved path.
    pub exepath: Vec<u8>,
    /// The arguments after the first.
    pub args: Vec<Vec<u8>>,
    /// The environment, `NAME=value` each.
    pub env: Vec<Vec<u8>>,
    /// The working directory.
    pub cwd: Vec<u8>,
    /// The root directory as seen from the host.
    pub root: Vec<u8>,
    /// The controlling terminal's device number; 0 when there is none.
    pub tty: u32,
    /// Who runs it (effective).
    pub uid: Uid,
    /// Which group runs it (effective).
    pub gid: Gid,
    /// Who logged in.
    pub loginuid: Uid,
    /// Thread id in its own pid namespace.
    pub vtid: i64,
    /// Process id in its own pid namespace.
    pub vpid: i64,
    /// When it was cloned.
    pub start: WallNs,
    /// When the pid namespace's first process was started, in nanoseconds since the epoch.
    pub pidns_init_start: WallNs,
    /// `PPM_CL_*` flags of its clone.
    pub flags: u32,
    /// The limit on open descriptors.
    pub fd_limit: i64,
    /// Capabilities: permitted, effective, inheritable.
    pub cap_permitted: u64,
    /// See `cap_permitted`.
    pub cap_effective: u64,
    /// See `cap_permitted`.
    pub cap_inheritable: u64,
    /// The cgroup of each subsystem, as `subsystem=/path`.
    pub cgroups: Vec<Vec<u8>>,
    /// Virtual memory in KiB.
    pub vm_size_kb: u32,
    /// Resident memory in KiB.
    pub vm_rss_kb: u32,
    /// Swapped memory in KiB.
    pub vm_swap_kb: u32,
    /// Major page faults since the start.
    pub major_faults: u64,
    /// Minor page faults since the start.
    pub minor_faults: u64,
    /// Facts on the executable (drift): inode, change and modification time, flags.
    pub exe_inode: u64,
    /// Change time of the executable, nanoseconds since the epoch.
    pub exe_ctime: u64,
    /// Modification time of the executable, nanoseconds since the epoch.
    pub exe_mtime: u64,
    /// Whether the one who runs it may write the executable.
    pub exe_writable: bool,
    /// Whether it lies in the upper layer of an overlay.
    pub exe_upper_layer: bool,
    /// Whether it lies in the lower layer of an overlay.
    pub exe_lower_layer: bool,
    /// Whether it was never a file on disk.
    pub exe_from_memfd: bool,
}

/// A descriptor a process holds.
#[derive(Clone, Debug, PartialEq)]
pub struct FdRecord {
    /// The process (in old captures also a thread with a table of its own).
    pub tid: Tid,
    /// The number.
    pub fd: Fd,
    /// The inode, 0 where unknown.
    pub inode: u64,
    /// What it refers to.
    pub info: FdInfo,
}

/// A user of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// Its id.
    pub uid: Uid,
    /// Its primary group.
    pub gid: Gid,
    /// Its name.
    pub name: String,
    /// Its home directory.
    pub home: String,
    /// Its shell.
    pub shell: String,
}

/// A group of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRecord {
    /// Its id.
    pub gid: Gid,
    /// Its name.
    pub name: String,
}

/// A network interface with one of its addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceRecord {
    /// The interface, `eth0`.
    pub name: String,
    /// Its address.
    pub address: std::net::IpAddr,
    /// The network's mask.
    pub netmask: std::net::IpAddr,
    /// Link speed in bit/s; 0 where unknown.
    pub speed_bits: u64,
}
