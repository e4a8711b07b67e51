//! The eBPF probe: what a Linux kernel does, as events.
//!
//! [`Facts`] are what this machine has; [`decide`] turns them, without asking anyone, into
//! [`Decisions`]: which programs to load, how large the rings are, which control-group hierarchy names
//! a container. [`Probe::start`] loads the programs, each one optional, and is a
//! [`Source`](lanner_model::source::Source): first the records of who is there already, then the
//! events that the [`Interest`] asks for, in the order of their time stamps.
//!
//! The programs are C (`bpf/`), one behaviour per file. They write events in the byte form of `.scap`
//! files into one ring per CPU, and [`Probe`] hands those bytes on in place. An event that works on a
//! descriptor carries it resolved (`EventRef::fd_info`), so that nobody has to have seen its `open`.
//!
//! What the kernel counts anyway is read, not counted again: [`Probe::socket_bytes`] gives a
//! [`SocketBytesReader`], which any thread may ask for the bytes of every TCP socket. Connections are summed
//! in the kernel, by program and by the two addresses: [`Probe::links`] gives a [`LinkReader`] of the sums.
//! What is said over them is told by [`Probe::hear`], beside the events.
//!
//! The last system calls are kept by the flight recorder in rings of its own, which the kernel overwrites:
//! [`Probe::flight_recorder`] gives its reader, [`Probe::snapshots`] what tells who was there.
//!
//! ```no_run
//! use lanner_model::source::{Next, Source};
//! use lanner_probe::{Facts, Probe, ProbeConfig, Roots, Wishes, decide};
//!
//! let facts = Facts::read(&Roots::default());
//! let decisions = decide(&facts, &Wishes::default());
//! let mut probe = Probe::start(&decisions, &ProbeConfig::default())?;
//! loop {
//!     match probe.next()? {
//!         Next::Event(delivery) => println!("{:?}", delivery.event),
//!         Next::End => break,
//!         _ => {}
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bytes;
mod cgroup;
mod clock;
mod decision;
mod error;
mod facts;
mod flight;
mod floor;
mod interest;
mod iterate;
mod link;
mod loader;
mod log;
mod probe;
mod program;
mod record;
mod ring;
mod snapshot;
mod socket_bytes;

pub use cgroup::Cgroups;
pub use decision::{Blocker, CgroupKey, Choice, Decisions, FlightPlan, RingPlan, Wishes, decide};
pub use error::ProbeError;
pub use facts::{CgroupFacts, CgroupLayout, CgroupMount, Facts, Feature, Features, Rights, Roots};
pub use flight::{FlightEvent, FlightRecorder, FlightSources, Reading};
pub use floor::Floor;
pub use interest::Interest;
pub use link::{
    CgroupPaths, ConnectionId, Direction, Heard, LinkCounts, LinkGrowth, LinkKey, LinkLook, LinkReader,
    LinkSide, Listener, Name, Segment,
};
pub use loader::Rejected;
pub use probe::{Flight, OwnEvents, Probe, ProbeConfig, Scope, Snapshot};
pub use snapshot::SnapshotReader;
pub use socket_bytes::{LivingProcess, SocketBytes, SocketBytesReader, SocketLook};
