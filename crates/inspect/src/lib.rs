//! What a capture shows.
#![forbid(unsafe_code)]
