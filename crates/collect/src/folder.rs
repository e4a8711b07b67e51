//! Reading many small files below one folder with few system calls.

use std::path::Path;

use rustix::buffer::spare_capacity;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Mode, OFlags, RawDir};
use rustix::io::Errno;

/// Files of the kernel that are longer than this are cut: nothing read here is.
const FILE_MAX: usize = 4 << 20;

/// An open folder. Names are relative to it, so the kernel does not walk the whole path for every file.
#[derive(Debug)]
pub(crate) struct Folder(OwnedFd);

/// A file's bytes; kept between files so that reading does not allocate.
#[derive(Debug, Default)]
pub(crate) struct Buffer(Vec<u8>);

impl Folder {
    pub(crate) fn open(path: &Path) -> Result<Self, Errno> {
        Ok(Self(rustix::fs::open(path, folder_flags(), Mode::empty())?))
    }

    pub(crate) fn open_below(&self, name: &str) -> Result<Self, Errno> {
        Ok(Self(rustix::fs::openat(&self.0, name, folder_flags(), Mode::empty())?))
    }

    /// A file that the kernel gives out in one read (one record, less than a page): three system calls.
    pub(crate) fn read_short<'b>(&self, name: &str, buffer: &'b mut Buffer) -> Option<&'b [u8]> {
        let file = self.open_file(name)?;
        buffer.0.clear();
        buffer.0.reserve(4096);
        retry(|| rustix::io::read(&file, spare_capacity(&mut buffer.0)))?;
        Some(&buffer.0)
    }

    /// A file of any length, to its end.
    pub(crate) fn read<'b>(&self, name: &str, buffer: &'b mut Buffer) -> Option<&'b [u8]> {
        let file = self.open_file(name)?;
        buffer.0.clear();
        loop {
            buffer.0.reserve(16 << 10);
            let read = retry(|| rustix::io::read(&file, spare_capacity(&mut buffer.0)))?;
            if read == 0 || buffer.0.len() >= FILE_MAX {
                return Some(&buffer.0);
            }
        }
    }

    /// The only number of a file.
    pub(crate) fn number(&self, name: &str, buffer: &mut Buffer) -> Option<u64> {
        crate::text::only_number(self.read_short(name, buffer)?)
    }

    /// A file's text without blanks around it; empty where there is none.
    pub(crate) fn text(&self, name: &str, buffer: &mut Buffer) -> String {
        self.read_short(name, buffer).map_or_else(String::new, |text| crate::text::lossy(text.trim_ascii()))
    }

    /// Where a symbolic link leads.
    pub(crate) fn link(&self, name: &str) -> Option<Vec<u8>> {
        rustix::fs::readlinkat(&self.0, name, Vec::with_capacity(256)).ok().map(|path| path.into_bytes())
    }

    pub(crate) fn stat(&self, name: &str) -> Option<rustix::fs::Stat> {
        rustix::fs::statat(&self.0, name, AtFlags::empty()).ok()
    }

    /// What the folder itself is.
    pub(crate) fn own_stat(&self) -> Option<rustix::fs::Stat> {
        rustix::fs::fstat(&self.0).ok()
    }

    /// Whether it lies on procfs.
    pub(crate) fn is_procfs(&self) -> bool {
        rustix::fs::fstatfs(&self.0).is_ok_and(|fs| fs.f_type == rustix::fs::PROC_SUPER_MAGIC)
    }

    /// Calls `each` with the name of every entry that is no `.` or `..`; ends early when reading fails, as
    /// happens to a folder that vanishes.
    pub(crate) fn entries(&self, buffer: &mut Buffer, mut each: impl FnMut(&[u8], rustix::fs::FileType)) {
        // A descriptor of its own, so that each listing begins at the start.
        let Ok(own) = rustix::fs::openat(&self.0, ".", folder_flags(), Mode::empty()) else { return };
        buffer.0.clear();
        buffer.0.reserve(32 << 10);
        let mut entries = RawDir::new(own, buffer.0.spare_capacity_mut());
        while let Some(Ok(entry)) = entries.next() {
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                each(name, entry.file_type());
            }
        }
    }

    fn open_file(&self, name: &str) -> Option<OwnedFd> {
        // Not blocking: a tree of somebody else's may hold a FIFO.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        rustix::fs::openat(&self.0, name, flags, Mode::empty()).ok()
    }
}

fn folder_flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC
}

fn retry(mut read: impl FnMut() -> Result<usize, Errno>) -> Option<usize> {
    loop {
        match read() {
            Err(Errno::INTR) => {}
            result => return result.ok(),
        }
    }
}
