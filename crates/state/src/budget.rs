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
    /// Bytes that all descriptors may take.
    pub fd_bytes: usize,
    /// Bytes of one text (a command line, an environment); what is longer is cut.
    pub text_bytes: usize,
    /// Bytes that command lines and environments of all processes may take. When they are full,
    /// environments are left out first.
    pub total_text_bytes: usize,
    /// Distinct sets of cgroups.
    pub cgroups: usize,
}

impl Default for Budget {
    /// Room for a busy node. All of it in use is about 120 MiB; a node with 1,000 processes, 10,000
    /// threads and 30,000 descriptors needs 12.
    fn default() -> Self {
        const MIB: usize = 1 << 20;
        Self {
            threads: 65_536,
            fds: 131_072,
            fds_per_process: 8_192,
            fd_bytes: 40 * MIB,
            text_bytes: 4_096,
            total_text_bytes: 32 * MIB,
            cgroups: 8_192,
        }
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
            (LossCause::Budget, "texts", self.texts),
            (LossCause::Decode, "descriptors", self.malformed),
        ]
        .into_iter()
        .filter(|(_, _, count)| *count > 0)
        .map(|(cause, place, count)| Loss { cause, place: place.to_string(), count })
        .collect()
    }
}
