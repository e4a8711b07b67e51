//! Asking for the snapshot again, on whatever thread.

use std::io::Read;

use lanner_model::snapshot::Record;
use libbpf_rs::{Iter, Link};

use super::order;
use crate::error::ProbeError;
use crate::facts::Roots;
use crate::loader::Loaded;
use crate::program;

/// Reads who is there at a moment: the records that a capture begins with. It works on any thread, and
/// as long as it lives.
pub struct SnapshotReader {
    iterators: Vec<(&'static str, Link)>,
    roots: Roots,
    epoch_offset_ns: u64,
}

impl SnapshotReader {
    pub(crate) fn of(loaded: &Loaded, epoch_offset_ns: u64) -> Result<Self, ProbeError> {
        let mut iterators = Vec::new();
        for name in program::ITERATORS {
            if let Some(link) = loaded.iterator(name) {
                iterators.push((name, link?));
            }
        }
        Ok(Self { iterators, roots: Roots::default(), epoch_offset_ns })
    }

    /// The records of this moment. What cannot be read is left out and logged.
    #[must_use]
    pub fn read(&self) -> Vec<Record> {
        let iterate = |name: &str| {
            let (_, link) = self.iterators.iter().find(|(other, _)| *other == name)?;
            Some(run(link))
        };
        order::read_with(iterate, &self.roots, self.epoch_offset_ns)
    }
}

fn run(link: &Link) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    Iter::new(link).map_err(std::io::Error::other)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}
