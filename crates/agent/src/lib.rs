//! The node agent.
//!
//! An [`Agent`] is four actors and the channels between them. The *watcher*, a thread, folds events
//! of the probe into state and asks the rules. The *sampler* asks `/proc`, cgroups and the kernel's
//! counts of TCP sockets and links: samples every 10 s, a live table as often as a page wants one. Both hand what
//! must not be lost to the *spooler*, which puts it on disk in groups. The *uplink* sends what is spooled
//! until the server has it, and live tables beside it.
//!
//! Beside them a thread writes *captures*: system calls from before and after a moment that a person or a
//! rule chose. The uplink sends them as files, behind everything else.
//!
//! [`doctor`] says what a machine can give; [`Recording`] writes system calls to a file.

mod agent;
mod captures;
mod clock;
mod detections;
mod doctor;
mod finding_maker;
mod identity;
mod key;
mod l7_tally;
mod link_book;
mod link_labels;
mod link_tally;
mod links;
mod network;
mod network_tally;
mod outbox;
mod own_state;
mod recording;
mod requests;
mod sampler;
mod sensor;
mod spooler;
mod tally;
mod uplink;
mod watcher;

pub use agent::{Agent, AgentConfig};
pub use doctor::{Doctor, doctor};
pub use key::AgentKey;
pub use recording::{Recorded, Recording, RecordingConfig};
pub use sensor::Scope;
