//! `/proc/PID/net/dev` and `/sys/class/net`.

use crate::folder::{Buffer, Folder};
use crate::text::{lines, lossy, number, words};

/// One network interface. Counts in the order of the file: eight of receiving, eight of sending.
#[derive(Debug, PartialEq)]
pub(crate) struct Interface {
    pub(crate) name: String,
    pub(crate) receive: [Option<u64>; 8],
    pub(crate) transmit: [Option<u64>; 8],
}

pub(crate) fn parse(file: &[u8]) -> Vec<Interface> {
    let interface = |line: &[u8]| {
        // The name may hold a colon (an alias), the counts do not.
        let colon = line.iter().rposition(|byte| *byte == b':')?;
        let name = lossy(line[..colon].trim_ascii());
        let mut counts = words(&line[colon + 1..]).map(number);
        let mut next = || counts.next().flatten();
        let receive = std::array::from_fn(|_| next());
        let transmit = std::array::from_fn(|_| next());
        Some(Interface { name, receive, transmit })
    };
    lines(file).filter_map(interface).collect()
}

impl Interface {
    /// Whether it has series of its own: the host's ends of containers' pairs come and go with them.
    pub(crate) fn has_series(&self) -> bool {
        let is_hash = |name: &str| name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let name = self.name.as_str();
        let is_pair = name.starts_with("veth")
            || name.starts_with("cali")
            || name.starts_with("lxc")
            || (name.len() == 15 && is_hash(name))
            || name.strip_prefix("eni").is_some_and(|rest| rest.len() == 11 && is_hash(rest));
        !is_pair
    }

    /// Whether it counts for a container: everything but the loopback.
    pub(crate) fn leaves_the_machine(&self) -> bool {
        self.name != "lo"
    }
}

/// What `/sys/class/net/NAME` says of an interface.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Link {
    pub(crate) is_up: bool,
    /// Whether hardware (or what a hypervisor gives for it) is behind it.
    pub(crate) is_device: bool,
    pub(crate) mtu: Option<u64>,
    /// Mbit/s; unknown for most virtual ones.
    pub(crate) speed_mbit: Option<u64>,
    pub(crate) carrier: Option<u64>,
    pub(crate) address: String,
    pub(crate) broadcast: String,
    pub(crate) duplex: String,
    pub(crate) operstate: String,
}

/// `sys` is sysfs. A name that is no file's name (`.`, `..`) says nothing.
pub(crate) fn link(sys: &Folder, name: &str, buffer: &mut Buffer) -> Option<Link> {
    if name.contains('/') || name.starts_with('.') {
        return None;
    }
    let folder = sys.open_below(&format!("class/net/{name}")).ok()?;
    let operstate = folder.text("operstate", buffer);
    Some(Link {
        is_up: operstate == "up",
        is_device: folder.stat("device").is_some(),
        mtu: folder.number("mtu", buffer),
        speed_mbit: folder.number("speed", buffer),
        carrier: folder.number("carrier", buffer),
        address: folder.text("address", buffer),
        broadcast: folder.text("broadcast", buffer),
        duplex: folder.text("duplex", buffer),
        operstate,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_with_and_without_blank_after_the_colon() {
        let read = parse(
            b"Inter-|   Receive       |  Transmit\n face |bytes    packets errs\n\
              eth0:618627300 21237 1 2 3 4 5 6 1408125 12711 7 8 9 10 11 12\n    lo:    3193      29    0\n",
        );
        let names: Vec<&str> = read.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["eth0", "lo"]);
        assert_eq!(read[0].receive[..3], [Some(618_627_300), Some(21_237), Some(1)]);
        assert_eq!(read[0].transmit[7], Some(12));
        assert_eq!(read[1].transmit[0], None);
    }

    #[test]
    fn containers_pairs_have_no_series() {
        let named = |name: &str| Interface { name: name.to_owned(), receive: [None; 8], transmit: [None; 8] };
        for name in ["eth0", "ens5", "lo", "cni0", "docker0", "eni", "eno1", "abcdef"] {
            assert!(named(name).has_series(), "{name}");
        }
        for name in ["veth1a2b3c4", "cali12345678901", "eni0123456789a", "0123456789abcde", "lxc0f0f"] {
            assert!(!named(name).has_series(), "{name}");
        }
    }
}
