//! What was lost, where and why. Every drop, fall-back and eviction is one of these.

/// A count of things that were lost since the one who counts began.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Loss {
    /// Why.
    pub cause: LossCause,
    /// Where: a ring (`cpu0`), a table (`threads`), a queue (`spool`).
    pub place: String,
    /// How many events, records or samples, cumulative.
    pub count: u64,
}

/// Why something was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LossCause {
    /// A ring buffer had no room.
    RingFull,
    /// A kernel map or a table of ours had no room.
    MapFull,
    /// An event was larger than the assembly buffer.
    Oversize,
    /// Memory of the traced process could not be read.
    Fault,
    /// The kernel refused to run a program inside itself.
    Recursion,
    /// A tail call found no program.
    TailCall,
    /// A call of a 32-bit program: its number means another call, so it is not told.
    Compat,
    /// Bytes that are no event.
    Decode,
    /// The disk spool reached its cap.
    SpoolFull,
    /// A budget (series, rows, bytes) was reached.
    Budget,
}

impl LossCause {
    /// The label value under which it is counted.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            LossCause::RingFull => "ring_full",
            LossCause::MapFull => "map_full",
            LossCause::Oversize => "oversize",
            LossCause::Fault => "fault",
            LossCause::Recursion => "recursion",
            LossCause::TailCall => "tail_call",
            LossCause::Compat => "compat",
            LossCause::Decode => "decode",
            LossCause::SpoolFull => "spool_full",
            LossCause::Budget => "budget",
        }
    }

    /// The cause named by a label value.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        use LossCause::*;
        [RingFull, MapFull, Oversize, Fault, Recursion, TailCall, Compat, Decode, SpoolFull, Budget]
            .into_iter()
            .find(|cause| cause.as_str() == text)
    }
}
