//! The node agent.
//!
//! An [`Agent`] is four actors and the channels between them. The *watcher*, a thread, folds events
//! of the probe into state and asks the rules. The *sampler* asks `/proc`, cgroups and the kernel's
//! counts of TCP sockets: samples every 10 s, a live table as often as a page wants one. Both hand what
//! must not be lost to the *spooler*, which puts it on disk in groups. The *uplink* sends what is spooled
//! until the server has it, and live tables beside it.
//!
//! [`doctor`] says what a machine can give; [`Recording`] writes system calls to a file.

mod agent;
mod clock;
mod detections;
mod doctor;
mod finding_maker;
mod identity;
mod network;
mod network_tally;
mod outbox;
mod own_state;
mod recording;
mod sampler;
mod sensor;
mod spooler;
mod tally;
mod uplink;
mod watcher;

pub use agent::{Agent, AgentConfig};
pub use doctor::{Doctor, doctor};
pub use recording::{Recorded, Recording, RecordingConfig};
pub use sensor::Scope;
