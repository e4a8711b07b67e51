//! Threads: entries of process list blocks, nine versions of them.
//!
//! Up to version 8 a version adds fields in the middle; from version 9 on an entry begins with its
//! length and only ever grows at its end.

use lanner_model::id::{Gid, Pid, Tid, Uid};
use lanner_model::snapshot::ThreadRecord;
use lanner_model::time::WallNs;

use super::{LIST_MAX, PATH_MAX};
use crate::entry::{Entry, put_sized, put_text, put_texts};
use crate::error::CaptureError;

/// Reads an entry of a block of this version.
pub(crate) fn read(entry: &mut Entry<'_>, version: u8) -> Result<ThreadRecord, CaptureError> {
    let mut thread = ThreadRecord {
        tid: Tid(entry.i64("a thread id")?),
        pid: Pid(entry.i64("a process id")?),
        parent: Tid(entry.i64("a parent's id")?),
        sid: -1,
        vpgid: -1,
        pgid: -1,
        vtid: -1,
        vpid: -1,
        loginuid: Uid(u32::MAX),
        ..ThreadRecord::default()
    };
    if version >= 6 {
        thread.sid = entry.i64("a session id")?;
    }
    if version >= 8 {
        thread.vpgid = entry.i64("a process group id")?;
    }
    thread.comm = entry.text("a thread's name")?;
    thread.exe = entry.text("a process's first argument")?;
    if version >= 7 {
        thread.exepath = entry.text("an executable's path")?;
    }
    thread.args = entry.texts("a process's arguments")?;
    thread.cwd = entry.text("a working directory")?;
    thread.fd_limit = entry.i64("a limit on descriptors")?;
    thread.flags = entry.u32("a thread's flags")?;
    thread.uid = Uid(entry.u32("a user id")?);
    thread.gid = Gid(entry.u32("a group id")?);
    if version >= 2 {
        thread.vm_size_kb = entry.u32("a size of memory")?;
        thread.vm_rss_kb = entry.u32("a size of memory")?;
        thread.vm_swap_kb = entry.u32("a size of memory")?;
        thread.major_faults = entry.u64("a number of page faults")?;
        thread.minor_faults = entry.u64("a number of page faults")?;
    }
    if version >= 3 {
        thread.env = entry.texts("a process's environment")?;
    }
    if version >= 4 {
        thread.vtid = entry.i64("a thread id")?;
        thread.vpid = entry.i64("a process id")?;
        thread.cgroups = entry.texts("a thread's cgroups")?;
    }
    if version >= 5 {
        thread.root = entry.text("a root directory")?;
    }
    if version >= 9 {
        read_additions(entry, &mut thread)?;
    }
    Ok(thread)
}

/// Fields that versions of the writer added behind the others, as far as the entry has them. Two
/// came before the rest in libs 0.10; an entry with at most 29 bytes left is from before that.
fn read_additions(entry: &mut Entry<'_>, thread: &mut ThreadRecord) -> Result<(), CaptureError> {
    const BEFORE_0_10: u32 = 29;
    if entry.left() > BEFORE_0_10 {
        thread.pidns_init_start = WallNs(entry.u64("a start time")?);
        thread.tty = entry.u32("a terminal")?;
    }
    added(entry, Added::U32(&mut thread.loginuid.0))?;
    added(entry, Added::Bool(&mut thread.exe_writable))?;
    added(entry, Added::U64(&mut thread.cap_inheritable))?;
    added(entry, Added::U64(&mut thread.cap_permitted))?;
    added(entry, Added::U64(&mut thread.cap_effective))?;
    added(entry, Added::Bool(&mut thread.exe_upper_layer))?;
    added(entry, Added::U64(&mut thread.exe_inode))?;
    added(entry, Added::U64(&mut thread.exe_ctime))?;
    added(entry, Added::U64(&mut thread.exe_mtime))?;
    added(entry, Added::Bool(&mut thread.exe_from_memfd))?;
    added(entry, Added::Bool(&mut thread.exe_lower_layer))?;
    added(entry, Added::I64(&mut thread.pgid))
}

enum Added<'a> {
    U32(&'a mut u32),
    U64(&'a mut u64),
    I64(&'a mut i64),
    Bool(&'a mut bool),
}

fn added(entry: &mut Entry<'_>, field: Added<'_>) -> Result<(), CaptureError> {
    let expected = "a fact on a process";
    match field {
        Added::U32(value) if entry.left() >= 4 => *value = entry.u32(expected)?,
        Added::U64(value) if entry.left() >= 8 => *value = entry.u64(expected)?,
        Added::I64(value) if entry.left() >= 8 => *value = entry.i64(expected)?,
        Added::Bool(value) if entry.left() >= 1 => *value = entry.u8(expected)? != 0,
        _ => {}
    }
    Ok(())
}

/// Appends an entry of version 9.
pub(crate) fn write(out: &mut Vec<u8>, thread: &ThreadRecord) {
    put_sized(out, |out| {
        for id in [thread.tid.0, thread.pid.0, thread.parent.0, thread.sid, thread.vpgid] {
            out.extend_from_slice(&id.to_le_bytes());
        }
        put_text(out, &thread.comm, PATH_MAX);
        put_text(out, &thread.exe, PATH_MAX);
        put_text(out, &thread.exepath, PATH_MAX);
        put_texts(out, &thread.args, LIST_MAX);
        put_text(out, &thread.cwd, PATH_MAX);
        out.extend_from_slice(&thread.fd_limit.to_le_bytes());
        for number in [thread.flags, thread.uid.0, thread.gid.0] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for size in [thread.vm_size_kb, thread.vm_rss_kb, thread.vm_swap_kb] {
            out.extend_from_slice(&size.to_le_bytes());
        }
        out.extend_from_slice(&thread.major_faults.to_le_bytes());
        out.extend_from_slice(&thread.minor_faults.to_le_bytes());
        put_texts(out, &thread.env, LIST_MAX);
        out.extend_from_slice(&thread.vtid.to_le_bytes());
        out.extend_from_slice(&thread.vpid.to_le_bytes());
        put_texts(out, &thread.cgroups, LIST_MAX);
        put_text(out, &thread.root, PATH_MAX);
        out.extend_from_slice(&thread.pidns_init_start.0.to_le_bytes());
        out.extend_from_slice(&thread.tty.to_le_bytes());
        out.extend_from_slice(&thread.loginuid.0.to_le_bytes());
        out.push(u8::from(thread.exe_writable));
        for set in [thread.cap_inheritable, thread.cap_permitted, thread.cap_effective] {
            out.extend_from_slice(&set.to_le_bytes());
        }
        out.push(u8::from(thread.exe_upper_layer));
        for fact in [thread.exe_inode, thread.exe_ctime, thread.exe_mtime] {
            out.extend_from_slice(&fact.to_le_bytes());
        }
        out.push(u8::from(thread.exe_from_memfd));
        out.push(u8::from(thread.exe_lower_layer));
        out.extend_from_slice(&thread.pgid.to_le_bytes());
    });
}
