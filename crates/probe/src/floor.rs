//! The least that a hook on every system call can cost.

use crate::bytes::Plain;
use crate::error::ProbeError;
use crate::facts::Facts;
use crate::interest::Interest;
use crate::loader::{self, Loaded};
use crate::record::Wanted;

/// A program at the end of every system call that looks into the bitmap and does nothing else. The
/// benchmark subtracts what it costs from what the probe costs.
pub struct Floor {
    loaded: Loaded,
}

impl Floor {
    /// Attaches it until the value is dropped. Calls of `interest` are counted, nothing is sent.
    ///
    /// # Errors
    /// When the kernel refuses it.
    pub fn attach(facts: &Facts, interest: &Interest) -> Result<Self, ProbeError> {
        let loaded = loader::load_floor(facts.cpus)?;
        let wanted = Wanted { calls: interest.calls(), ..Wanted::default() };
        loaded.write(".data.wanted", &0u32.to_ne_bytes(), wanted.bytes())?;
        Ok(Self { loaded })
    }

    /// How many calls were found in the bitmap.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.loaded.tallies().iter().map(|tally| tally.sent).sum()
    }
}
