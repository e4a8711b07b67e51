//! The rings the kernel writes into, read in place through their mapped memory.
//!
//! The layout of a ring (`kernel/bpf/ringbuf.c`): a page with the consumer's position that user
//! space writes, a page with the producer's, then the data, mapped twice in a row so that a record
//! never breaks at the end. Before each record lie 4 bytes of length, whose highest bits say that it
//! is still being written or was thrown away, and 4 bytes for the kernel itself.

use std::os::fd::AsFd;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use libbpf_rs::{MapHandle, MapType};
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

use crate::error::ProbeError;

const BUSY: u32 = 1 << 31;
const DISCARDED: u32 = 1 << 30;
const HEADER: u64 = 8;

/// One ring. Records are looked at with [`Ring::head`] and given back with [`Ring::release`].
pub(crate) struct Ring {
    map: MapHandle,
    consumer: Mapping,
    producer: Mapping,
    page: usize,
    mask: u64,
    /// Where the next record to look at begins.
    position: u64,
    /// Where records ended when [`Ring::refresh`] last looked.
    limit: u64,
}

impl Ring {
    /// Makes a ring of `size_bytes` (a power of two and of pages).
    pub(crate) fn create(number: u32, size_bytes: u32) -> Result<Self, ProbeError> {
        let options = libbpf_sys::bpf_map_create_opts {
            sz: size_of::<libbpf_sys::bpf_map_create_opts>() as libbpf_sys::size_t,
            ..Default::default()
        };
        let map = MapHandle::create(MapType::RingBuf, Some("lanner_ring"), 0, 0, size_bytes, &options)
            .map_err(|cause| ProbeError::Map { operation: "create", map: format!("ring {number}"), cause })?;
        let failed = |cause| ProbeError::RingMemory { ring: number, size_bytes, cause };
        let page = rustix::param::page_size();
        let consumer = Mapping::new(&map, page, ProtFlags::READ | ProtFlags::WRITE, 0).map_err(failed)?;
        let data = page + 2 * size_bytes as usize;
        let producer = Mapping::new(&map, data, ProtFlags::READ, page as u64).map_err(failed)?;
        Ok(Self { map, consumer, producer, page, mask: u64::from(size_bytes) - 1, position: 0, limit: 0 })
    }

    pub(crate) fn map(&self) -> &MapHandle {
        &self.map
    }

    /// Takes note of what has been written until now; records beyond are seen after the next call.
    pub(crate) fn refresh(&mut self) {
        self.limit = self.producer.position().load(Ordering::Acquire);
    }

    /// The first record that has not been released, if there is one.
    pub(crate) fn head(&mut self) -> Option<&[u8]> {
        let (length, start) = loop {
            if self.position >= self.limit {
                return None;
            }
            let offset = self.page + (self.position & self.mask) as usize;
            let length = self.producer.word(offset)?.load(Ordering::Acquire);
            if length & BUSY != 0 {
                return None;
            }
            if length & DISCARDED == 0 {
                break (length as usize, offset + HEADER as usize);
            }
            self.skip(length);
        };
        self.producer.bytes(start, length)
    }

    /// Gives the record that [`Ring::head`] showed back to the kernel.
    pub(crate) fn release(&mut self) {
        let offset = self.page + (self.position & self.mask) as usize;
        if let Some(length) = self.producer.word(offset) {
            let length = length.load(Ordering::Relaxed);
            self.skip(length);
        }
    }

    /// Bytes of data it can hold.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.mask + 1
    }

    fn skip(&mut self, length: u32) {
        let length = u64::from(length & !(BUSY | DISCARDED));
        self.position += (length + HEADER).next_multiple_of(8);
        self.consumer.position().store(self.position, Ordering::Release);
    }
}

/// Memory shared with the kernel.
struct Mapping {
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: the mapping belongs to this value alone and is not tied to a thread.
unsafe impl Send for Mapping {}

impl Mapping {
    fn new(map: &MapHandle, len: usize, protection: ProtFlags, offset: u64) -> rustix::io::Result<Self> {
        // SAFETY: a new mapping at an address of the kernel's choice touches no memory of ours.
        let start =
            unsafe { mmap(std::ptr::null_mut(), len, protection, MapFlags::SHARED, map.as_fd(), offset)? };
        let start = NonNull::new(start.cast()).ok_or(rustix::io::Errno::NOMEM)?;
        Ok(Self { start, len })
    }

    /// The position at the beginning of either mapping.
    fn position(&self) -> &AtomicU64 {
        // SAFETY: both mappings are at least a page long and page-aligned, the kernel keeps an
        // aligned 64-bit counter at their beginning, and they live as long as `self`.
        unsafe { AtomicU64::from_ptr(self.start.as_ptr().cast()) }
    }

    /// A record's length word. The kernel aligns records to 8 bytes.
    fn word(&self, offset: usize) -> Option<&AtomicU32> {
        if !offset.is_multiple_of(8) || offset.checked_add(4)? > self.len {
            return None;
        }
        // SAFETY: inside the mapping and aligned (checked above); read-only memory is only loaded.
        Some(unsafe { AtomicU32::from_ptr(self.start.as_ptr().add(offset).cast()) })
    }

    fn bytes(&self, offset: usize, len: usize) -> Option<&[u8]> {
        if offset.checked_add(len)? > self.len {
            return None;
        }
        // SAFETY: inside the mapping (checked above); the kernel does not write a committed record
        // again before it is released, which takes `&mut self` of the ring.
        Some(unsafe { std::slice::from_raw_parts(self.start.as_ptr().add(offset), len) })
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: `start` and `len` are those of the mapping, and nothing borrows from it any more.
        let unmapped = unsafe { munmap(self.start.as_ptr().cast(), self.len) };
        if let Err(error) = unmapped {
            tracing::warn!(%error, "a ring's memory could not be unmapped");
        }
    }
}
