//! The network of a container: that of its network namespace, seen through one of its processes.

use lanner_model::time::MonoNs;

use crate::folder::{Buffer, Folder};
use crate::host::network::{self, Interface};
use crate::rate::Counted;

/// The inode of a network namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NetNs(u64);

/// The namespace of a process: `PID` or `self`.
pub(crate) fn of_process(proc: &Folder, pid: &str) -> Option<NetNs> {
    let link = proc.link(&format!("{pid}/ns/net"))?;
    let inode = link.strip_prefix(b"net:[")?.strip_suffix(b"]")?;
    crate::text::number(inode).map(NetNs)
}

/// The host's namespace. Process 1 may forbid to look; then the agent's own, which is the host's.
pub(crate) fn of_host(proc: &Folder) -> Option<NetNs> {
    of_process(proc, "1").or_else(|| of_process(proc, "self"))
}

/// The interfaces a process sees, the loopback left out: none in a namespace of its own that nobody has
/// connected. `None` where it may not be read.
pub(crate) fn interfaces(proc: &Folder, pid: u32, buffer: &mut Buffer) -> Option<Vec<Interface>> {
    let file = proc.read(&format!("{pid}/net/dev"), buffer)?;
    Some(network::parse(file).into_iter().filter(Interface::leaves_the_machine).collect())
}

/// Bytes received and sent by several interfaces together.
pub(crate) fn bytes<'a>(at: MonoNs, interfaces: impl Iterator<Item = &'a Interface>) -> (Counted, Counted) {
    let (mut received, mut sent) = (None, None);
    for interface in interfaces {
        received = sum(received, interface.receive[0]);
        sent = sum(sent, interface.transmit[0]);
    }
    (Counted { at, value: received }, Counted { at, value: sent })
}

fn sum(total: Option<u64>, more: Option<u64>) -> Option<u64> {
    Some(total.unwrap_or(0).saturating_add(more?)).or(total)
}
