//! Snapshot records, each with its reader and its writer beside one another.

pub(crate) mod fd;
pub(crate) mod interface;
pub(crate) mod machine;
pub(crate) mod thread;
pub(crate) mod user;

/// Longest path, argument list, environment and cgroup list that other readers take
/// (`userspace/libscap/scap_limits.h` of falcosecurity/libs).
pub(crate) const PATH_MAX: usize = 1023;
pub(crate) const LIST_MAX: usize = 4096;
/// Longest user and group name.
pub(crate) const NAME_MAX: usize = 255;
