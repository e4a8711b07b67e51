//! What state may hold, and what it had to let go.

use lanner_model::loss::{Loss, LossCause};

/// How much state may hold. Everything beyond is let go and counted, never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Threads. When the table is full, those that were silent for longest leave first.
    pub threads: usize,
    /// Descriptors of all processes together.
    pub fds: usize,
    /// Descriptors of one process.
    pub fds_per_process: usize,
    /// Bytes of one text (a command line, an environment, a path); what is longer is cut.
    pub text_bytes: usize,
    /// Distinct sets of cgroups.
    pub cgroups: usize,
}

impl Default for Budget {
    /// A busy node's worth: about 64 MiB when all of it is used.
    fn default() -> Self {
        Self { threads: 65_536, fds: 262_144, fds_per_process: 8_192, text_bytes: 4_096, cgroups: 16_384 }
    }
}

/// Cumulative counts of what did not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Losses {
    pub(crate) threads: u64,
    pub(crate) fds: u64,
    pub(crate) cgroups: u64,
    pub(crate) texts: u64,
    pub(crate) malformed: u64,
}

impl Losses {
    /// The counts that are not zero, as everything that is lost is told.
    pub(crate) fn list(&self) -> Vec<Loss> {
        [
            (LossCause::MapFull, "threads", self.threads),
            (LossCause::MapFull, "fds", self.fds),
            (LossCause::MapFull, "cgroups", self.cgroups),
            (LossCause::Oversize, "texts", self.texts),
            (LossCause::Decode, "descriptors", self.malformed),
        ]
        .into_iter()
        .filter(|(_, _, count)| *count > 0)
        .map(|(cause, place, count)| Loss { cause, place: place.to_string(), count })
        .collect()
    }
}
