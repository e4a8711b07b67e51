//! The node itself: processors, memory, disks, file systems, network.
//!
//! Each file of the kernel that is read has a file here; what it holds becomes a plain value, and the
//! samples are made of that in `collector/`.

pub(crate) mod cpu;
pub(crate) mod disk;
pub(crate) mod filesystem;
pub(crate) mod identity;
pub(crate) mod kernel;
pub(crate) mod memory;
pub(crate) mod network;
pub(crate) mod protocol;
