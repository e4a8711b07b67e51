//! Which machine and which system this is.

use crate::folder::{Buffer, Folder};
use crate::text::{lines, lossy};

/// What `uname` says of the host, from `/proc/sys/kernel`: the agent's own `uname` would name its container.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Uname {
    pub(crate) sysname: String,
    pub(crate) release: String,
    pub(crate) version: String,
    pub(crate) machine: String,
    pub(crate) nodename: String,
    pub(crate) domainname: String,
}

pub(crate) fn uname(proc: &Folder, buffer: &mut Buffer) -> Uname {
    let mut text = |name: &str| proc.text(&format!("sys/kernel/{name}"), buffer);
    Uname {
        sysname: text("ostype"),
        release: text("osrelease"),
        version: text("version"),
        machine: rustix::system::uname().machine().to_string_lossy().into_owned(),
        nodename: text("hostname"),
        domainname: text("domainname"),
    }
}

/// The keys of `os-release` that have labels, in the order of the declaration.
pub(crate) const OS_KEYS: [&str; 7] =
    ["ID", "ID_LIKE", "NAME", "PRETTY_NAME", "VERSION", "VERSION_CODENAME", "VERSION_ID"];

/// Their values from `/etc/os-release` (`man 5 os-release`); empty where there is none.
pub(crate) fn os_release(file: &[u8]) -> [String; 7] {
    OS_KEYS.map(|key| {
        let value = lines(file).find_map(|line| line.strip_prefix(key.as_bytes())?.strip_prefix(b"="));
        let value = lossy(value.unwrap_or_default().trim_ascii());
        value.trim_matches(['"', '\'']).replace('\\', "")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn os_release_is_read_with_and_without_quotes() {
        let read =
            os_release(b"PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID='12'\nNAME\n");
        assert_eq!(read, ["debian", "", "", "Debian GNU/Linux 12 (bookworm)", "", "", "12"]);
    }
}
