//! What the programs and user space hand each other: the twins of `bpf/record.h`. The live test
//! `layout` compares each with the object's BTF, so neither side can drift alone.

use crate::bytes::Plain;

/// System calls by native number; x86_64 and arm64 end below 480.
pub(crate) const CALL_SLOTS: usize = 512;

/// Written before the programs are loaded.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct Fixed {
    pub(crate) epoch_offset_ns: u64,
    pub(crate) cgroup_key: u32,
    pub(crate) ring_shift: u32,
    pub(crate) critical_ring: u32,
    pub(crate) iterator_scratch: u32,
}

/// May be written at any time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Wanted {
    pub(crate) calls: [u64; CALL_SLOTS / 64],
    pub(crate) looks: Looks,
    pub(crate) points: u32,
    pub(crate) scope: u32,
    pub(crate) snaplen: u32,
    pub(crate) own_tgid: u32,
}

/// What goes into the flight recorder, as bits by native number and of [`Wanted::points`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct FlightWanted {
    pub(crate) live: [u64; CALL_SLOTS / 64],
    pub(crate) always: [u64; CALL_SLOTS / 64],
    pub(crate) data: [u64; CALL_SLOTS / 64],
    pub(crate) live_points: u32,
    pub(crate) always_points: u32,
}

/// Whose calls with data are recorded, as bits of [`flight_source`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct FlightSources {
    pub(crate) sources: u32,
    pub(crate) reserved: u32,
}

/// Bits of [`FlightSources::sources`].
pub(crate) mod flight_source {
    pub(crate) const CGROUPS: u32 = 1;
    pub(crate) const PROCESSES: u32 = 2;
    pub(crate) const ALL: u32 = 4;
}

/// Behind each event in the flight recorder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct FlightTail {
    pub(crate) cgroup: u64,
    pub(crate) tgid: u32,
    pub(crate) sequence: u32,
}

/// One per CPU, cumulative.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct FlightTally {
    pub(crate) recorded: u64,
    pub(crate) failed: u64,
    pub(crate) sequence: u32,
    pub(crate) reserved: u32,
}

/// How links look at each call, by native number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Looks(pub(crate) [u8; CALL_SLOTS]);

impl Default for Looks {
    fn default() -> Self {
        Self([look::NOT; CALL_SLOTS])
    }
}

/// How links look at a call, as [`Looks`] have it.
pub(crate) mod look {
    pub(crate) const NOT: u8 = 0;
    pub(crate) const ALWAYS: u8 = 1;
    pub(crate) const BUFFER: u8 = 2;
    pub(crate) const PARTS: u8 = 3;
}

/// Tracepoints beside `sys_exit`, as bits of [`Wanted::points`].
pub(crate) mod point {
    pub(crate) const EXEC: u32 = 1;
    pub(crate) const FORK: u32 = 2;
    pub(crate) const EXIT: u32 = 4;
    pub(crate) const CGROUP: u32 = 8;
}

/// Which tasks are watched, as bits of [`Wanted::scope`].
pub(crate) mod scope {
    pub(crate) const PROCESS: u32 = 1;
    pub(crate) const CGROUP: u32 = 2;
}

/// Kinds of record, as [`RecordHead::kind`].
pub(crate) mod kind {
    pub(crate) const EVENT: u16 = 1;
    pub(crate) const CGROUP: u16 = 2;
    pub(crate) const SEGMENT: u16 = 3;
    pub(crate) const SOCKET_END: u16 = 4;
}

/// [`CgroupRecord::change`] of a control group that has gone; all others are there.
pub(crate) const CGROUP_REMOVED: u32 = 2;

/// Before each record in a ring.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct RecordHead {
    pub(crate) kind: u16,
    pub(crate) cpu: u16,
    pub(crate) sequence: u32,
}

/// A control group that appeared, went or got a process; its path follows, without a NUL.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct CgroupRecord {
    pub(crate) time_ns: u64,
    pub(crate) id: u64,
    pub(crate) tgid: i32,
    pub(crate) hierarchy: i32,
    pub(crate) change: u32,
    pub(crate) path_len: u32,
}

/// What an iterator writes of a descriptor; what it refers to follows.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct FileRecord {
    pub(crate) tid: i32,
    pub(crate) fd: u32,
    pub(crate) info_len: u32,
    pub(crate) reserved: u32,
}

/// What an iterator writes of a process.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct ProcessRecord {
    pub(crate) pid: u32,
    pub(crate) reserved: u32,
    pub(crate) start_ns: u64,
}

/// What an iterator writes of a TCP socket that a process holds.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct SocketRecord {
    pub(crate) pid: u32,
    pub(crate) reserved: u32,
    pub(crate) inode: u64,
    pub(crate) received: u64,
    pub(crate) sent: u64,
}

/// One per CPU, cumulative.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct Tally {
    pub(crate) sent: u64,
    pub(crate) ring_full: u64,
    pub(crate) oversize: u64,
    pub(crate) fault: u64,
    pub(crate) tail_call: u64,
    pub(crate) map_full: u64,
    pub(crate) compat: u64,
    pub(crate) sequence: u32,
    pub(crate) reserved: u32,
}

// SAFETY: all of these are `repr(C)`, made of integers alone and without padding (the test
// `records_have_no_padding` adds their fields up), so any bytes are a value and every byte is set.
unsafe impl Plain for Fixed {}
// SAFETY: as above.
unsafe impl Plain for Wanted {}
// SAFETY: as above.
unsafe impl Plain for RecordHead {}
// SAFETY: as above.
unsafe impl Plain for CgroupRecord {}
// SAFETY: as above.
unsafe impl Plain for Tally {}
// SAFETY: as above.
unsafe impl Plain for FileRecord {}
// SAFETY: as above.
unsafe impl Plain for ProcessRecord {}
// SAFETY: as above.
unsafe impl Plain for SocketRecord {}
// SAFETY: as above.
unsafe impl Plain for FlightWanted {}
// SAFETY: as above.
unsafe impl Plain for FlightSources {}
// SAFETY: as above.
unsafe impl Plain for FlightTail {}
// SAFETY: as above.
unsafe impl Plain for FlightTally {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_no_padding() {
        assert_eq!(size_of::<Fixed>(), 8 + 4 * 4);
        assert_eq!(size_of::<Wanted>(), CALL_SLOTS / 8 + CALL_SLOTS + 4 * 4);
        assert_eq!(size_of::<RecordHead>(), 2 + 2 + 4);
        assert_eq!(size_of::<CgroupRecord>(), 2 * 8 + 4 * 4);
        assert_eq!(size_of::<FileRecord>(), 4 * 4);
        assert_eq!(size_of::<ProcessRecord>(), 2 * 4 + 8);
        assert_eq!(size_of::<SocketRecord>(), 2 * 4 + 3 * 8);
        assert_eq!(size_of::<FlightWanted>(), 3 * CALL_SLOTS / 8 + 2 * 4);
        assert_eq!(size_of::<FlightSources>(), 2 * 4);
        assert_eq!(size_of::<FlightTail>(), 8 + 2 * 4);
        assert_eq!(size_of::<FlightTally>(), 2 * 8 + 2 * 4);
        assert_eq!(size_of::<Tally>(), 7 * 8 + 2 * 4);
    }
}
