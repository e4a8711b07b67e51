//! One CPU's ring: memory of the kernel's that it writes over and we may only look at.
//!
//! The kernel writes backwards, so the newest record begins at `data_head`, which counts down from 0.
//! Nothing is paused while we copy. The kernel announces a record after it has written it, so what was
//! copied is whole but for its oldest end, over which a record may have been written meanwhile: so much
//! as `data_head` has moved since, and [`UNANNOUNCED`] for what is not announced yet.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering, fence};

use rustix::io::Errno;
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

use crate::error::ProbeError;

/// What may lie written and not announced: two records of the longest kind. One is being written; that
/// before it may be announced later than the other's bytes are seen, on machines that reorder writes.
const UNANNOUNCED: u64 = 2 * 64 * 1024;
/// `struct perf_event_mmap_page`: where `data_head` stands.
const DATA_HEAD_AT: usize = 1024;

/// `struct perf_event_attr` as far as its fifth version, 4.1.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Attributes {
    kind: u32,
    size: u32,
    config: u64,
    sample_period: u64,
    sample_type: u64,
    read_format: u64,
    flags: u64,
    wakeup: u32,
    breakpoint: u32,
    config_1: u64,
    config_2: u64,
    branches: u64,
    user_registers: u64,
    user_stack: u32,
    clock: i32,
    interrupt_registers: u64,
    aux_watermark: u32,
    reserved: u32,
}

const SOFTWARE: u32 = 1;
const BPF_OUTPUT: u64 = 10;
const SAMPLE_RAW: u64 = 1 << 10;
const WRITE_BACKWARD: u64 = 1 << 27;
const CLOSE_ON_EXEC: libc::c_ulong = 8;

/// The ring of a CPU.
pub(crate) struct FlightRing {
    cpu: u32,
    event: OwnedFd,
    start: NonNull<u8>,
    page: usize,
    data_bytes: u64,
}

// SAFETY: the mapping belongs to this value alone, is only read, and is not tied to a thread.
unsafe impl Send for FlightRing {}

/// The newest bytes of a ring.
pub(super) struct Copied {
    /// Where the newest record began.
    pub(super) head: u64,
    /// From there on.
    pub(super) bytes: Vec<u8>,
    /// Whether they go back to the first record there ever was.
    pub(super) from_the_beginning: bool,
}

impl FlightRing {
    /// Makes the ring of a CPU, of `data_bytes` (a power of two and of pages); `None` for a CPU that is
    /// switched off.
    pub(crate) fn create(cpu: u32, data_bytes: u32) -> Result<Option<Self>, ProbeError> {
        let attributes = Attributes {
            kind: SOFTWARE,
            size: size_of::<Attributes>() as u32,
            config: BPF_OUTPUT,
            sample_period: 1,
            sample_type: SAMPLE_RAW,
            flags: WRITE_BACKWARD,
            ..Attributes::default()
        };
        // SAFETY: the attributes are as long as they say and outlive the call, which copies them.
        let fd = unsafe {
            libc::syscall(
                libc::SYS_perf_event_open,
                &raw const attributes,
                -1,
                cpu as libc::c_int,
                -1,
                CLOSE_ON_EXEC,
            )
        };
        if fd < 0 {
            let cause = Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::IO);
            if cause == Errno::NODEV {
                return Ok(None);
            }
            return Err(ProbeError::FlightRing { operation: "open", cpu, cause });
        }
        // SAFETY: the kernel has just made it for us.
        let event = unsafe { OwnedFd::from_raw_fd(fd as i32) };
        let page = rustix::param::page_size();
        let len = page + data_bytes as usize;
        // SAFETY: a new mapping at an address of the kernel's choice touches no memory of ours. That it
        // cannot be written is what makes the kernel overwrite.
        let start = unsafe { mmap(std::ptr::null_mut(), len, ProtFlags::READ, MapFlags::SHARED, &event, 0) };
        let start = start.and_then(|start| NonNull::new(start.cast()).ok_or(Errno::NOMEM));
        let start = start.map_err(|cause| ProbeError::FlightRing { operation: "map", cpu, cause })?;
        Ok(Some(Self { cpu, event, start, page, data_bytes: u64::from(data_bytes) }))
    }

    pub(crate) fn cpu(&self) -> u32 {
        self.cpu
    }

    /// What the kernel's map of rings takes.
    pub(crate) fn fd(&self) -> i32 {
        self.event.as_raw_fd()
    }

    /// Bytes of memory it takes.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.data_bytes + self.page as u64
    }

    /// Copies what was written since `position` (0: ever), as far as it is still there.
    pub(super) fn copy(&self, position: u64) -> Copied {
        let head = self.head();
        let ever = 0u64.wrapping_sub(head);
        let wanted = position.wrapping_sub(head).min(ever);
        let length = wanted.min(self.data_bytes);
        let mut bytes = Vec::with_capacity(length as usize);
        for offset in (0..length).step_by(8) {
            bytes.extend_from_slice(&self.word(head.wrapping_add(offset)).to_ne_bytes());
        }
        // What was copied was read before the head is read again.
        fence(Ordering::Acquire);
        let moved = head.wrapping_sub(self.head());
        let whole = self.data_bytes.saturating_sub(UNANNOUNCED).saturating_sub(moved);
        let from_the_beginning = ever <= whole && length == ever;
        bytes.truncate(whole.min(length) as usize);
        Copied { head, bytes, from_the_beginning }
    }

    /// Where the newest record begins, counting down from 0.
    fn head(&self) -> u64 {
        // SAFETY: inside the first page, aligned, and the kernel writes it as one 64-bit word.
        let head = unsafe { AtomicU64::from_ptr(self.start.as_ptr().add(DATA_HEAD_AT).cast()) };
        head.load(Ordering::Acquire)
    }

    /// Eight bytes; records begin at multiples of 8.
    fn word(&self, position: u64) -> u64 {
        let offset = self.page + (position & (self.data_bytes - 1) & !7) as usize;
        // SAFETY: the mask keeps the offset inside the data, and aligned. The kernel may write at the
        // same time, so the memory is only read atomically; torn records are cut off by the caller.
        let word = unsafe { AtomicU64::from_ptr(self.start.as_ptr().add(offset).cast()) };
        word.load(Ordering::Relaxed)
    }
}

impl AsFd for FlightRing {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.event.as_fd()
    }
}

impl Drop for FlightRing {
    fn drop(&mut self) {
        let len = self.page + self.data_bytes as usize;
        // SAFETY: `start` and `len` are those of the mapping, and nothing borrows from it any more.
        if let Err(error) = unsafe { munmap(self.start.as_ptr().cast(), len) } {
            tracing::warn!(%error, "a flight recorder's ring could not be unmapped");
        }
    }
}
