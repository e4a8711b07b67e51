//! The containers of the node, found in the cgroup tree without asking any runtime.
//!
//! [`layout`] decides from what is mounted where to look (v1, v2, hybrid), [`walk`] finds the containers
//! and their processes, [`v1`] and [`v2`] read what one uses into the same [`reading`], and
//! [`table::ContainerTable`] holds them over the rounds.

pub(crate) mod layout;
pub(crate) mod netns;
pub(crate) mod reading;
pub(crate) mod table;
pub(crate) mod v1;
pub(crate) mod v2;
pub(crate) mod walk;
