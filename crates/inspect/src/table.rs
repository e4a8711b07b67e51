//! Tables of a capture. Each file gathers one; `grid` is the form in which all are given.

mod commands;
mod connections;
mod containers;
mod errors;
mod files;
mod grid;
mod name;
mod ports;
mod processes;
mod syscalls;

pub(crate) use commands::Commands;
pub(crate) use connections::Connections;
pub(crate) use containers::Containers;
pub(crate) use errors::Errors;
pub(crate) use files::Files;
pub use grid::{Cell, Column, ColumnKind, Row, Table, UnknownColumn};
pub use name::ViewName;
pub(crate) use ports::Ports;
pub(crate) use processes::Processes;
pub(crate) use syscalls::Syscalls;
