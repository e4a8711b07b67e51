//! What tells one link from another.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use lanner_model::id::CgroupId;

use super::address::{address, bytes};
use super::record::{KeyRecord, SERVER};

/// Connections that are summed: those between programs of one name in one control group, and one address
/// and port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkKey {
    /// Whether the process connected or accepted.
    pub side: LinkSide,
    /// Its name.
    pub comm: Name,
    /// Its control group, in the hierarchy that the decisions name.
    pub cgroup: CgroupId,
    /// The inode of the socket's network namespace.
    pub netns: u32,
    /// Its own address.
    pub local: IpAddr,
    /// The other side's address.
    pub peer: IpAddr,
    /// The server's port, on both sides.
    pub port: u16,
}

/// The end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LinkSide {
    /// It connected.
    Client,
    /// It accepted.
    Server,
}

impl LinkSide {
    /// As in the label `side`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            LinkSide::Client => "client",
            LinkSide::Server => "server",
        }
    }
}

/// The name of a process, up to 15 bytes of any kind.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name([u8; 16]);

impl Name {
    pub(crate) fn of(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// As text; what is no text is replaced. A kernel thread's says the CPU and what it does at the moment
    /// behind a slash (`kworker/0:1-events`), which is left out.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let name = &self.0[..end];
        String::from_utf8_lossy(if name.starts_with(b"kworker/") { b"kworker" } else { name })
    }
}

impl From<&str> for Name {
    /// Cut to 15 bytes.
    fn from(text: &str) -> Self {
        let mut bytes = [0; 16];
        for (to, from) in bytes[..15].iter_mut().zip(text.bytes()) {
            *to = from;
        }
        Self(bytes)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text(), f)
    }
}

impl From<&KeyRecord> for LinkKey {
    fn from(record: &KeyRecord) -> Self {
        Self {
            side: if record.side == SERVER { LinkSide::Server } else { LinkSide::Client },
            comm: Name(record.comm),
            cgroup: CgroupId(record.cgroup),
            netns: record.netns,
            local: address(record.local),
            peer: address(record.peer),
            port: record.port,
        }
    }
}

impl From<&LinkKey> for KeyRecord {
    fn from(key: &LinkKey) -> Self {
        Self {
            cgroup: key.cgroup.0,
            comm: key.comm.0,
            local: bytes(key.local),
            peer: bytes(key.peer),
            netns: key.netns,
            port: key.port,
            side: if key.side == LinkSide::Server { SERVER } else { 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_record() {
        let key = LinkKey {
            side: LinkSide::Server,
            comm: "nginx".into(),
            cgroup: CgroupId(7),
            netns: 4_026_531_840,
            local: "10.0.0.1".parse().unwrap(),
            peer: "2001:db8::2".parse().unwrap(),
            port: 80,
        };
        assert_eq!(LinkKey::from(&KeyRecord::from(&key)), key);
    }

    #[test]
    fn a_name_is_the_text_before_its_end() {
        assert_eq!(Name::from("nginx").text(), "nginx");
        assert_eq!(Name::from("a name that is too long").text(), "a name that is ");
        assert_eq!(Name::from("kworker/0:1-eve").text(), "kworker");
        assert_eq!(Name([0xff; 16]).text(), "\u{fffd}".repeat(16));
    }
}
