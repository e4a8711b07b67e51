//! Threads: what the iterator wrote, with what only `/proc` tells.

use std::collections::HashMap;

use lanner_model::event::{EventRef, HEADER_LEN};
use lanner_model::id::{Gid, Pid, Tid, Uid};
use lanner_model::snapshot::ThreadRecord;
use lanner_model::time::WallNs;

use super::strings::{Lists, strings_of};
use crate::facts::Roots;

/// Parameters of an exec event by number, as `iter_task` of `bpf/iterator.bpf.c` writes them; from 31
/// on those it adds.
mod at {
    pub(super) const PID: usize = 4;
    pub(super) const PARENT: usize = 5;
    pub(super) const CWD: usize = 6;
    pub(super) const FD_LIMIT: usize = 7;
    pub(super) const MAJOR_FAULTS: usize = 8;
    pub(super) const MINOR_FAULTS: usize = 9;
    pub(super) const VM_SIZE: usize = 10;
    pub(super) const VM_RSS: usize = 11;
    pub(super) const VM_SWAP: usize = 12;
    pub(super) const COMM: usize = 13;
    pub(super) const CGROUPS: usize = 14;
    pub(super) const TTY: usize = 16;
    pub(super) const VPGID: usize = 17;
    pub(super) const LOGINUID: usize = 18;
    pub(super) const FLAGS: usize = 19;
    pub(super) const CAP_INHERITABLE: usize = 20;
    pub(super) const CAP_PERMITTED: usize = 21;
    pub(super) const CAP_EFFECTIVE: usize = 22;
    pub(super) const EXE_INO: usize = 23;
    pub(super) const EXE_CTIME: usize = 24;
    pub(super) const EXE_MTIME: usize = 25;
    pub(super) const UID: usize = 26;
    pub(super) const EXEPATH: usize = 27;
    pub(super) const PGID: usize = 28;
    pub(super) const GID: usize = 29;
    pub(super) const SID: usize = 31;
    pub(super) const VTID: usize = 32;
    pub(super) const VPID: usize = 33;
    pub(super) const START: usize = 34;
    pub(super) const PIDNS_START: usize = 35;
    pub(super) const ROOT: usize = 36;
    pub(super) const CLONE_FLAGS: usize = 37;
}

/// The threads in the output of `iter_task`.
pub(super) fn read(mut bytes: &[u8], roots: &Roots, epoch_offset_ns: u64) -> Vec<ThreadRecord> {
    let mut threads = Vec::new();
    let mut known: HashMap<Pid, Lists> = HashMap::new();
    while let Some((event, rest)) = split_event(bytes) {
        bytes = rest;
        let mut thread = record(&event, epoch_offset_ns);
        let lists = known
            .entry(thread.pid)
            .or_insert_with(|| strings_of(&roots.proc.join(thread.pid.to_string())))
            .clone();
        thread.exe = if lists.exe.is_empty() { thread.exepath.clone() } else { lists.exe };
        thread.args = lists.args;
        thread.env = lists.env;
        threads.push(thread);
    }
    threads
}

/// The first event of several that lie one behind the other.
fn split_event(bytes: &[u8]) -> Option<(EventRef<'_>, &[u8])> {
    let header = bytes.get(..HEADER_LEN)?;
    let length = u32::from_le_bytes(*header[16..].first_chunk::<4>()?) as usize;
    let (event, rest) = bytes.split_at_checked(length)?;
    Some((EventRef::parse(event).ok()?, rest))
}

fn record(event: &EventRef<'_>, epoch_offset_ns: u64) -> ThreadRecord {
    let number = |index| event.u64(index).unwrap_or(0);
    let signed = |index| event.i64(index).unwrap_or(-1);
    let small = |index| number(index) as u32;
    let text = |index| event.text(index).unwrap_or_default().to_vec();
    let wall = |index| WallNs(number(index).saturating_add(epoch_offset_ns));
    let flags = small(at::FLAGS);
    ThreadRecord {
        tid: event.tid(),
        pid: Pid(signed(at::PID)),
        parent: Tid(signed(at::PARENT)),
        sid: signed(at::SID),
        vpgid: signed(at::VPGID),
        pgid: signed(at::PGID),
        comm: text(at::COMM),
        exe: Vec::new(),
        exepath: text(at::EXEPATH),
        args: Vec::new(),
        env: Vec::new(),
        cwd: text(at::CWD),
        root: text(at::ROOT),
        tty: small(at::TTY),
        uid: Uid(small(at::UID)),
        gid: Gid(small(at::GID)),
        loginuid: Uid(small(at::LOGINUID)),
        vtid: signed(at::VTID),
        vpid: signed(at::VPID),
        start: wall(at::START),
        pidns_init_start: wall(at::PIDNS_START),
        flags: small(at::CLONE_FLAGS),
        fd_limit: signed(at::FD_LIMIT),
        cap_permitted: number(at::CAP_PERMITTED),
        cap_effective: number(at::CAP_EFFECTIVE),
        cap_inheritable: number(at::CAP_INHERITABLE),
        cgroups: event.texts(at::CGROUPS).map(<[u8]>::to_vec).collect(),
        vm_size_kb: small(at::VM_SIZE),
        vm_rss_kb: small(at::VM_RSS),
        vm_swap_kb: small(at::VM_SWAP),
        major_faults: number(at::MAJOR_FAULTS),
        minor_faults: number(at::MINOR_FAULTS),
        exe_inode: number(at::EXE_INO),
        exe_ctime: number(at::EXE_CTIME),
        exe_mtime: number(at::EXE_MTIME),
        // `PPM_EXE_*`
        exe_writable: flags & 1 != 0,
        exe_upper_layer: flags & 2 != 0,
        exe_from_memfd: flags & 4 != 0,
        exe_lower_layer: flags & 8 != 0,
    }
}
