//! Who is there already, as the records a stream of events begins with: threads and their descriptors
//! from BPF iterators, arguments and environments from `/proc`, and what the machine is.

mod absent;
mod interface;
mod machine;
mod order;
mod reader;
mod strings;
mod table;
mod thread;

pub(crate) use order::read;
pub use reader::SnapshotReader;
