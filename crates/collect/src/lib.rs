//! What is learned by asking: `/proc`, `/sys`, cgroups.
//!
//! A [`Collector`] reads the node, its containers and its processes, and makes two things of it: a
//! [`LiveTable`](lanner_model::resource::LiveTable) of this moment for people who look, and
//! [`Sample`](lanner_model::series::Sample)s of declared metrics for the store. It asks no runtime and no
//! other machine; containers are known by their cgroups.
//!
//! Where the kernel's file systems are is a value ([`Roots`]), so a test is a folder with files. What the
//! files hold is not trusted: a process that vanishes while it is read, a name with parentheses and
//! newlines or a number that does not fit is left out, never a panic.
//!
//! ```
//! use lanner_collect::{Collector, Roots};
//! use lanner_model::time::WallMs;
//!
//! let mut collector = Collector::new(Roots::default(), "node-1".into())?;
//! let table = collector.table(WallMs(1_700_000_000_000));
//! assert!(table.processes.iter().any(|process| process.pid == i64::from(std::process::id())));
//! let samples = collector.samples(WallMs(1_700_000_000_000));
//! assert!(samples.iter().any(|sample| sample.labels.metric() == "node_load1"));
//! # Ok::<(), lanner_collect::CollectError>(())
//! ```
//!
//! - Rates are over the exact time between two readings of the same thing, by `CLOCK_BOOTTIME`.
//! - A process's start is [`WallNs::of_process`](lanner_model::time::WallNs::of_process) of the boot time
//!   that the collector reads once ([`Collector::boot`]); [`ProcessStarts`] says the same for one pid.
//! - Bytes of a process's network, events and losses are not in `/proc`: who knows them says so with
//!   [`Collector::tell`].

mod clock;
mod collector;
mod container;
mod error;
mod folder;
mod host;
mod kernel_call;
mod process;
mod rate;
mod roots;
mod text;

pub use clock::{Clock, boot_clock};
pub use collector::{AgentCounts, Collector, NetworkBytes, Surroundings};
pub use container::layout::CgroupLayout;
pub use error::CollectError;
pub use process::start::ProcessStarts;
pub use roots::Roots;
