//! Records of a snapshot with everything that a test does not care about filled in.

use lanner_model::event::FdInfo;
use lanner_model::id::{Fd, Gid, Pid, Tid, Uid};
use lanner_model::snapshot::{FdRecord, Record, ThreadRecord};
use lanner_model::time::WallNs;

/// A process of root on the host, in `/`, that executes `/bin/COMM`.
#[must_use]
pub fn process(pid: i64, parent: i64, comm: &str) -> Record {
    thread(pid, pid, parent, comm)
}

/// A thread of a process.
#[must_use]
pub fn thread(tid: i64, pid: i64, parent: i64, comm: &str) -> Record {
    let path = format!("/bin/{comm}").into_bytes();
    Record::Thread(Box::new(ThreadRecord {
        tid: Tid(tid),
        pid: Pid(pid),
        parent: Tid(parent),
        sid: pid,
        vpgid: pid,
        pgid: pid,
        comm: comm.into(),
        exe: path.clone(),
        exepath: path,
        cwd: b"/".to_vec(),
        root: b"/".to_vec(),
        uid: Uid(0),
        gid: Gid(0),
        loginuid: Uid(u32::MAX),
        vtid: tid,
        vpid: pid,
        start: WallNs(1_600_000_000_000_000_000),
        cgroups: vec![b"memory=/".to_vec()],
        ..ThreadRecord::default()
    }))
}

/// An open file.
#[must_use]
pub fn file(tid: i64, fd: i64, path: &str) -> Record {
    let info = FdInfo::File { path: path.into(), open_flags: 0, dev: 0, inode: 0 };
    Record::Fd(FdRecord { tid: Tid(tid), fd: Fd(fd), inode: 0, info })
}
