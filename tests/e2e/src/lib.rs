//! What end-to-end tests stand on: `lanner` in a process of its own, its API, real containers.
//!
//! A test that needs what the machine lacks asks [`machine_has`] first, which prints why and, where
//! `LANNER_REQUIRE` names that part, fails.
//!
//! ```no_run
//! use lanner_e2e::{Lanner, eventually};
//!
//! let lanner = Lanner::up(&[]);
//! let status = eventually("an agent is connected", || {
//!     let status = lanner.get("/api/v1/status")?;
//!     (status["agents"][0]["state"] == "connected").then_some(status)
//! });
//! assert_eq!(status["agents"].as_array().map(Vec::len), Some(1));
//! ```

#![allow(clippy::print_stdout, reason = "a skipped test says why on its output")]
#![allow(clippy::missing_panics_doc, reason = "a test's tool fails by panic")]

mod api;
mod container;
mod machine;
mod process;
mod wait;

pub use api::Api;
pub use container::Container;
pub use machine::{Part, machine_has};
pub use process::{Lanner, lanner_binary};
pub use wait::{eventually, eventually_within};
