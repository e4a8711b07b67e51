//! What the programs of links and user space hand each other: twins of `bpf/record.h`.

use crate::bytes::Plain;

/// Bytes of data kept of each segment.
pub(crate) const SEGMENT_BYTES: usize = 80;
/// [`SegmentRecord::direction`] of what was sent.
pub(crate) const SENT: u16 = 1;
/// [`KeyRecord::side`] of the one that accepted.
pub(crate) const SERVER: u16 = 1;

/// How the iterator takes what it finds, as [`LookRecord::mode`].
pub(crate) mod mode {
    pub(crate) const PORTS: u32 = 0;
    pub(crate) const STANDING: u32 = 1;
    pub(crate) const NEW: u32 = 2;
}

/// [`SocketRecord::flags`] of a connection that stands.
pub(crate) const STANDS: u16 = 1;

/// Which connections are summed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(C)]
pub(crate) struct KeyRecord {
    pub(crate) cgroup: u64,
    pub(crate) comm: [u8; 16],
    pub(crate) local: [u8; 16],
    pub(crate) peer: [u8; 16],
    pub(crate) netns: u32,
    pub(crate) port: u16,
    pub(crate) side: u16,
}

/// Cumulative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct TotalsRecord {
    pub(crate) connections: u64,
    pub(crate) failed: u64,
    pub(crate) closed: u64,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) rtt_us: u64,
    pub(crate) rtt_count: u64,
}

/// A socket of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct SocketRecord {
    pub(crate) link: KeyRecord,
    pub(crate) begun_ns: u64,
    pub(crate) seen_ns: u64,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) rtt_us: u32,
    pub(crate) client_port: u16,
    pub(crate) flags: u16,
}

/// How the iterator takes what it finds.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct LookRecord {
    pub(crate) mode: u32,
    pub(crate) generation: u32,
}

/// Cumulative.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct LossesRecord {
    pub(crate) links: u64,
    pub(crate) sockets: u64,
    pub(crate) ends: u64,
}

/// A listening socket.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct ListenerRecord {
    pub(crate) cgroup: u64,
    pub(crate) comm: [u8; 16],
    pub(crate) address: [u8; 16],
    pub(crate) netns: u32,
    pub(crate) port: u16,
    pub(crate) reserved: u16,
}

/// The beginning of what a call carried.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct SegmentRecord {
    pub(crate) time_ns: u64,
    pub(crate) socket: u64,
    pub(crate) begun_ns: u64,
    pub(crate) link: KeyRecord,
    pub(crate) direction: u16,
    pub(crate) length: u16,
    pub(crate) reserved: u32,
    pub(crate) data: [u8; SEGMENT_BYTES],
}

impl Default for SegmentRecord {
    fn default() -> Self {
        Self {
            time_ns: 0,
            socket: 0,
            begun_ns: 0,
            link: KeyRecord::default(),
            direction: 0,
            length: 0,
            reserved: 0,
            data: [0; SEGMENT_BYTES],
        }
    }
}

/// A connection that had segments and has ended.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct SocketEndRecord {
    pub(crate) time_ns: u64,
    pub(crate) socket: u64,
    pub(crate) begun_ns: u64,
}

// SAFETY: all of these are `repr(C)`, made of integers alone and without padding (the test
// `records_have_no_padding` adds their fields up), so any bytes are a value and every byte is set.
unsafe impl Plain for KeyRecord {}
// SAFETY: as above.
unsafe impl Plain for TotalsRecord {}
// SAFETY: as above.
unsafe impl Plain for SocketRecord {}
// SAFETY: as above.
unsafe impl Plain for LookRecord {}
// SAFETY: as above.
unsafe impl Plain for LossesRecord {}
// SAFETY: as above.
unsafe impl Plain for ListenerRecord {}
// SAFETY: as above.
unsafe impl Plain for SegmentRecord {}
// SAFETY: as above.
unsafe impl Plain for SocketEndRecord {}

#[cfg(test)]
mod tests {
    use libbpf_rs::btf::types::{MemberAttr, Struct};
    use libbpf_rs::btf::{Btf, HasSize};

    use super::*;
    use crate::{loader, log};

    #[test]
    fn records_have_no_padding() {
        assert_eq!(size_of::<KeyRecord>(), 8 + 3 * 16 + 4 + 2 * 2);
        assert_eq!(size_of::<TotalsRecord>(), 7 * 8);
        assert_eq!(size_of::<SocketRecord>(), size_of::<KeyRecord>() + 4 * 8 + 4 + 2 * 2);
        assert_eq!(size_of::<LookRecord>(), 2 * 4);
        assert_eq!(size_of::<LossesRecord>(), 3 * 8);
        assert_eq!(size_of::<ListenerRecord>(), 8 + 2 * 16 + 4 + 2 * 2);
        assert_eq!(size_of::<SegmentRecord>(), 3 * 8 + size_of::<KeyRecord>() + 2 * 2 + 4 + SEGMENT_BYTES);
        assert_eq!(size_of::<SocketEndRecord>(), 3 * 8);
    }

    /// A structure of C has the size of its twin, and these fields where the twin has them.
    fn check_layout(btf: &Btf<'_>, name: &str, size: usize, fields: &[(&str, usize)]) {
        let found = btf.type_by_name::<Struct<'_>>(name).unwrap_or_else(|| panic!("no struct {name}"));
        assert_eq!(found.size(), size, "struct {name}");
        let there: Vec<(String, usize)> = found
            .iter()
            .map(|member| {
                let MemberAttr::Normal { offset } = member.attr else { panic!("{name} has a bit field") };
                (member.name.unwrap().to_string_lossy().into_owned(), offset as usize / 8)
            })
            .collect();
        let expected: Vec<(String, usize)> =
            fields.iter().map(|(field, offset)| ((*field).to_owned(), *offset)).collect();
        assert_eq!(there, expected, "struct {name}");
    }

    macro_rules! layout {
        ($btf:expr, $twin:ident as $name:literal: $($field:ident),+) => {
            check_layout($btf, $name, size_of::<$twin>(),
                &[$((stringify!($field), std::mem::offset_of!($twin, $field))),+])
        };
    }

    #[test]
    fn structures_shared_with_the_programs_have_the_same_layout() {
        let (btf, _) = log::listen(|| Btf::from_raw("probe", loader::PROBE));
        let btf = btf.unwrap().unwrap();
        layout!(&btf, KeyRecord as "link_key": cgroup, comm, local, peer, netns, port, side);
        layout!(&btf, TotalsRecord as "link_totals": connections, failed, closed, sent, received, rtt_us, rtt_count);
        layout!(&btf, SocketRecord as "link_socket": link, begun_ns, seen_ns, sent, received, rtt_us,
            client_port, flags);
        layout!(&btf, LookRecord as "link_look": mode, generation);
        layout!(&btf, LossesRecord as "link_losses": links, sockets, ends);
        layout!(&btf, ListenerRecord as "listener_record": cgroup, comm, address, netns, port, reserved);
        layout!(&btf, SegmentRecord as "segment_record": time_ns, socket, begun_ns, link, direction, length,
            reserved, data);
        layout!(&btf, SocketEndRecord as "socket_end_record": time_ns, socket, begun_ns);
    }
}
