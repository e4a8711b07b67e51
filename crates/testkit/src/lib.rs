//! What tests of several crates need: records and events that are quickly written down, and a
//! source that plays them.
//!
//! ```
//! use lanner_model::source::{Next, Source};
//! use lanner_testkit::{Script, process};
//!
//! let mut source = Script::new()
//!     .record(process(1, 0, "init"))
//!     .record(process(10, 1, "bash"))
//!     .fork(10, 11)
//!     .execve(11, "/bin/cat", &["/etc/shadow"])
//!     .openat(11, 3, "/etc/shadow")
//!     .close(11, 3)
//!     .exit(11);
//! let mut events = 0;
//! loop {
//!     match source.next().unwrap() {
//!         Next::Event(_) => events += 1,
//!         Next::End => break,
//!         _ => {}
//!     }
//! }
//! assert_eq!(events, 6); // a fork returns twice
//! ```

mod record;
mod script;

pub use record::{file, process, thread};
pub use script::{FIRST_EVENT_NS, Script};
