//! The flight recorder: the last system calls, kept in rings that the kernel overwrites, one per CPU.
//! User space reads them when it is asked for the past, and again and again while a capture goes on.
//!
//! What is recorded is declared: [`FlightRecorder::recorded_always`] of everybody, and calls with data of
//! the containers ([`FlightSources`]), of single processes, or of all while someone wants them.

mod buffer;
mod declared;
mod reading;
mod recorder;
mod ring;
mod sources;

pub(crate) use declared::{always, with_data};
pub use reading::{FlightEvent, Reading};
pub use recorder::FlightRecorder;
pub(crate) use ring::FlightRing;
pub use sources::FlightSources;
