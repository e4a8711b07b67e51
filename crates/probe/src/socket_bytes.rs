//! The bytes of TCP sockets, as the kernel has counted them anyway.

use std::fmt;

use lanner_model::time::MonoNs;
use libbpf_rs::Link;

use crate::error::ProbeError;
use crate::iterate::run;
use crate::loader::Loaded;
use crate::program;
use crate::record::{ProcessRecord, SocketRecord};

/// Reads the bytes of all TCP sockets that processes hold. It works on any thread, and as long as it
/// lives; asking costs the processes that are asked about nothing.
///
/// Unix and UDP sockets have no byte counters in the kernel, so they are not told. Neither are those whose
/// descriptor is closed: what a connection carried after the last look before its end is not seen.
pub struct SocketBytesReader {
    processes: Link,
    sockets: Link,
}

/// All processes and TCP sockets at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SocketLook {
    /// The processes that were looked at, with sockets or without. Kernel threads are not among them.
    pub processes: Vec<LivingProcess>,
    /// The TCP sockets that have carried something, once for each descriptor that refers to one.
    pub sockets: Vec<SocketBytes>,
    /// Whether these are all; there is a bound on how many are read.
    pub is_complete: bool,
}

/// A process that was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LivingProcess {
    /// Its id, as in `/proc` of the reader's pid namespace.
    pub pid: u32,
    /// When it began, on the boot clock.
    pub start: MonoNs,
}

/// A TCP socket that a process holds, and what it has carried since it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketBytes {
    /// The process's id, as in `/proc` of the reader's pid namespace.
    pub pid: u32,
    /// Names the socket, whoever holds it; the `N` of `socket:[N]` in `/proc/PID/fd`.
    pub inode: u64,
    /// Bytes of data that have come (`tcp_sock.bytes_received`); the other side's end of sending is one.
    pub received: u64,
    /// Bytes of data that have gone out (`tcp_sock.bytes_sent`), those sent again included.
    pub sent: u64,
}

impl SocketBytesReader {
    /// `None` where one of the two programs is not loaded.
    pub(crate) fn of(loaded: &Loaded) -> Result<Option<Self>, ProbeError> {
        let [processes, sockets] = program::NETWORK;
        let (Some(processes), Some(sockets)) = (loaded.iterator(processes), loaded.iterator(sockets)) else {
            return Ok(None);
        };
        Ok(Some(Self { processes: processes?, sockets: sockets? }))
    }

    /// Looks at all sockets, then at all processes: one that has ended in between is not told.
    ///
    /// # Errors
    /// When the kernel does not run an iterator.
    pub fn look(&self) -> Result<SocketLook, ProbeError> {
        let [processes, sockets] = program::NETWORK;
        let (sockets, all_sockets) = run::<SocketRecord>(&self.sockets, sockets)?;
        let (processes, all_processes) = run::<ProcessRecord>(&self.processes, processes)?;
        let process = |one: ProcessRecord| LivingProcess { pid: one.pid, start: MonoNs(one.start_ns) };
        let socket = |one: SocketRecord| SocketBytes {
            pid: one.pid,
            inode: one.inode,
            received: one.received,
            sent: one.sent,
        };
        Ok(SocketLook {
            processes: processes.into_iter().map(process).collect(),
            sockets: sockets.into_iter().map(socket).collect(),
            is_complete: all_sockets && all_processes,
        })
    }
}

impl fmt::Debug for SocketBytesReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketBytesReader").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_may_be_handed_to_another_thread() {
        fn check<T: Send>() {}
        check::<SocketBytesReader>();
    }
}
