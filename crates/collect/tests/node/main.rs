//! A whole node of files: what the tables and samples say of it.

mod containers;
mod host;
mod live;
mod processes;
mod samples;
mod tree;
