//! Mounted file systems: `/proc/1/mounts` and `statvfs`.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::text::{lines, lossy, words};

/// One mounted file system.
#[derive(Debug, PartialEq)]
pub(crate) struct Filesystem {
    pub(crate) device: String,
    pub(crate) mountpoint: String,
    pub(crate) fstype: String,
    pub(crate) is_readonly: bool,
    /// `None` where it could not be asked.
    pub(crate) space: Option<Space>,
}

/// Bytes and inodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Space {
    pub(crate) size_bytes: u64,
    pub(crate) free_bytes: u64,
    pub(crate) available_bytes: u64,
    pub(crate) files: u64,
    pub(crate) files_free: u64,
}

/// Kinds that hold no data of people's: what node_exporter leaves out by default.
const NO_STORAGE: &[&str] = &[
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "erofs",
    "fusectl",
    "hugetlbfs",
    "iso9660",
    "mqueue",
    "nsfs",
    "overlay",
    "proc",
    "procfs",
    "pstore",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "squashfs",
    "sysfs",
    "tracefs",
];

/// Kinds whose `statvfs` waits for another machine or program, without end when that is away: one dead NFS
/// server must not stop the agent.
const REMOTE: &[&str] = &["nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "afs", "9p", "glusterfs", "lustre"];

/// Mount points below which containers and the kernel have their own.
const HIDDEN_BELOW: &[&str] = &[
    "/dev",
    "/proc",
    "/sys",
    "/run/credentials",
    "/var/lib/docker",
    "/var/lib/containers/storage",
    "/var/lib/kubelet/pods",
    "/var/lib/kubelet/plugins",
    "/run/containerd",
];

/// The file systems of a mount table that have series, each asked below `host`.
pub(crate) fn read(mounts: &[u8], host: &Path) -> Vec<Filesystem> {
    let mut filesystems: Vec<Filesystem> = Vec::new();
    for (mut filesystem, path) in lines(mounts).filter_map(parse_line) {
        // What was mounted over is no longer seen: of several on one mount point the last counts.
        filesystems.retain(|other| other.mountpoint != filesystem.mountpoint);
        if !filesystem.has_series() {
            continue;
        }
        let relative = path.strip_prefix(b"/").unwrap_or(&path);
        filesystem.space = space(&host.join(OsStr::from_bytes(relative)));
        filesystems.push(filesystem);
    }
    filesystems
}

/// A line of the mount table with its mount point as bytes.
fn parse_line(line: &[u8]) -> Option<(Filesystem, Vec<u8>)> {
    let mut words = words(line);
    let device = unescaped(words.next()?);
    let mountpoint = unescaped(words.next()?);
    let fstype = lossy(words.next()?);
    let is_readonly = words.next()?.split(|byte| *byte == b',').any(|option| option == b"ro");
    let filesystem = Filesystem {
        device: lossy(&device),
        mountpoint: lossy(&mountpoint),
        fstype,
        is_readonly,
        space: None,
    };
    Some((filesystem, mountpoint))
}

impl Filesystem {
    fn has_series(&self) -> bool {
        let fstype = self.fstype.as_str();
        let is_hidden = HIDDEN_BELOW.iter().any(|hidden| {
            self.mountpoint.strip_prefix(hidden).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        !is_hidden
            && !NO_STORAGE.contains(&fstype)
            && !REMOTE.contains(&fstype)
            && fstype != "fuse"
            && !fstype.starts_with("fuse.")
    }
}

fn space(path: &Path) -> Option<Space> {
    let fs = rustix::fs::statvfs(path).ok()?;
    Some(Space {
        size_bytes: fs.f_blocks.saturating_mul(fs.f_frsize),
        free_bytes: fs.f_bfree.saturating_mul(fs.f_frsize),
        available_bytes: fs.f_bavail.saturating_mul(fs.f_frsize),
        files: fs.f_files,
        files_free: fs.f_ffree,
    })
}

/// The kernel writes blank, tab, newline and backslash as `\` and three octal digits.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let octal =
            after.get(..3).filter(|digits| byte == b'\\' && digits.iter().all(|d| (b'0'..=b'7').contains(d)));
        match octal {
            Some(digits) => {
                out.push(
                    digits.iter().fold(0u8, |value, digit| value.wrapping_mul(8).wrapping_add(digit - b'0')),
                );
                rest = &after[3..];
            }
            None => {
                out.push(byte);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_storage_of_this_machine_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("with space")).unwrap();
        let mounts = b"/dev/vda / ext4 rw,relatime 0 0\n\
            /dev/vdb /with\\040space xfs ro 0 0\n\
            server:/x /gone nfs4 rw 0 0\n\
            overlay /merged overlay rw 0 0\n\
            tmpfs /dev/shm tmpfs rw 0 0\n\
            tmpfs /devices tmpfs rw 0 0\n\
            /dev/vdc /var/lib/kubelet/pods/x ext4 rw 0 0\n\
            /dev/vdd /twice ext4 rw 0 0\n\
            proc /twice proc rw 0 0\n\
            short\n";
        let read = read(mounts, folder.path());
        let seen: Vec<(&str, bool, bool)> =
            read.iter().map(|one| (one.mountpoint.as_str(), one.is_readonly, one.space.is_some())).collect();
        assert_eq!(seen, [("/", false, true), ("/with space", true, true), ("/devices", false, false)]);
    }
}
