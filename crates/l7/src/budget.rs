//! How much is remembered.

/// What a tracker may remember, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Connections at a time.
    pub connections: usize,
    /// Requests of one connection that wait for their answers. A connection with more is no longer
    /// understood, and is left alone until it is closed.
    pub pending: usize,
    /// Bytes of everything together, about.
    pub bytes: usize,
    /// Nanoseconds after which a request counts as unanswered.
    pub answer_within_ns: u64,
    /// Nanoseconds after which a quiet connection without open requests is forgotten.
    pub quiet_ns: u64,
}

impl Default for Budget {
    /// 16,384 connections, 32 requests each, 8 MiB; 2 minutes for an answer, 10 minutes of quiet.
    fn default() -> Self {
        const SECOND_NS: u64 = 1_000_000_000;
        Self {
            connections: 16_384,
            pending: 32,
            bytes: 8 << 20,
            answer_within_ns: 120 * SECOND_NS,
            quiet_ns: 600 * SECOND_NS,
        }
    }
}
