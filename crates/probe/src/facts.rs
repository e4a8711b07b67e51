//! What this machine and this process have. Facts are read once; nothing is decided here.

mod cgroup;
mod feature;
mod rights;

mod machine;

pub use cgroup::{CgroupFacts, CgroupLayout, CgroupMount};
pub use feature::{Feature, Features};
pub use machine::{Facts, Roots};
pub use rights::Rights;
