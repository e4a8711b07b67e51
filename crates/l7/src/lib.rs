//! Protocols recognised in the data of connections.
#![forbid(unsafe_code)]
