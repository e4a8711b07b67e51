//! Descriptors: entries of fd list blocks. A block begins with the process they belong to.

use lanner_model::event::{FdInfo, SockTuple};
use lanner_model::id::{Fd, Tid};
use lanner_model::snapshot::FdRecord;

use super::PATH_MAX;
use crate::entry::{Entry, put_sized};
use crate::error::CaptureError;

/// Reads an entry of a block that belongs to `tid`.
pub(crate) fn read(entry: &mut Entry<'_>, tid: Tid) -> Result<FdRecord, CaptureError> {
    let fd = Fd(entry.i64("a descriptor's number")?);
    let bytes = match u16::try_from(entry.left()) {
        Ok(0) => bare_info(entry)?,
        Ok(left) => entry.bytes(left, "a descriptor")?,
        Err(_) => return Err(entry.damaged(format!("a descriptor has {} bytes", entry.left()))),
    };
    let info = FdInfo::decode(&bytes);
    let info = info.ok_or_else(|| entry.damaged("a descriptor lacks a part of its kind".to_owned()))?;
    Ok(FdRecord { tid, fd, inode: info.inode(), info })
}

/// The bytes of an entry that does not say its length: the kind says what follows.
fn bare_info(entry: &mut Entry<'_>) -> Result<Vec<u8>, CaptureError> {
    let mut bytes = entry.bytes(9, "a descriptor's inode and kind")?;
    let (fixed, named) = match bytes[8] {
        FdInfo::IPV4_SOCK => (13, false),
        FdInfo::IPV6_SOCK => (37, false),
        FdInfo::IPV4_SERVSOCK => (7, false),
        FdInfo::IPV6_SERVSOCK => (19, false),
        FdInfo::UNIX_SOCK => (16, true),
        FdInfo::FILE_V2 => (4, true),
        FdInfo::UNKNOWN => (0, false),
        kind => (0, kind <= FdInfo::PIDFD),
    };
    bytes.extend(entry.bytes(fixed, "a descriptor's addresses")?);
    if named {
        let name = entry.text("a descriptor's name")?;
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.extend(name);
    }
    Ok(bytes)
}

/// Appends an entry that begins with its length. Other readers refuse a file with a longer path
/// than they have room for, so paths are cut.
pub(crate) fn write(out: &mut Vec<u8>, record: &FdRecord) {
    let mut info = record.info.clone();
    match &mut info {
        FdInfo::File { path, .. }
        | FdInfo::Directory { path, .. }
        | FdInfo::Socket { tuple: SockTuple::Unix { path, .. }, .. }
        | FdInfo::Other { name: path, .. } => path.truncate(PATH_MAX),
        FdInfo::Socket { .. } | FdInfo::Listener { .. } => {}
    }
    put_sized(out, |out| {
        out.extend_from_slice(&record.fd.0.to_le_bytes());
        info.encode(out);
    });
}
