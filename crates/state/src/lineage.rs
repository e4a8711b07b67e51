//! Who made a process, kept as long as the made one lives.
//!
//! The kernel gives orphans to a reaper, so the parent of a daemon is pid 1 and says nothing. What
//! an analyst wants is who started it. Every process points at what its maker was at that moment,
//! and that at its maker: the dead stay known exactly as long as a descendant lives, without a table
//! of tombstones to size and sweep.

use std::sync::Arc;

use crate::container::Cgroups;
use crate::image::Image;
use crate::text::Text;

/// A process at the moment it made another.
#[derive(Debug)]
pub(crate) struct Lineage {
    pub(crate) pid: i64,
    pub(crate) vpid: i64,
    pub(crate) start: u64,
    pub(crate) comm: Text,
    pub(crate) image: Arc<Image>,
    pub(crate) uid: u32,
    pub(crate) cgroups: Arc<Cgroups>,
    pub(crate) maker: Option<Arc<Lineage>>,
    /// How many are above it.
    pub(crate) depth: u16,
}

/// More ancestors than this are forgotten, so that a program that forks and exits for ever does not
/// make a chain without end.
const DEEPEST: u16 = 32;

impl Lineage {
    /// The same, made by `maker`.
    pub(crate) fn made_by(self, maker: Option<Arc<Lineage>>) -> Self {
        let depth = maker.as_ref().map_or(0, |maker| maker.depth + 1);
        if depth > DEEPEST { self } else { Self { maker, depth, ..self } }
    }

    /// Its short name and its arguments.
    pub(crate) fn cmdline(&self) -> Vec<u8> {
        self.image.cmdline(&self.comm)
    }
}
