//! Links and series to a map of who talks to whom.
#![forbid(unsafe_code)]
