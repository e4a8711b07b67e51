//! Loads and their measurement.

fn main() {}
