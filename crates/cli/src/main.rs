//! The binary `lanner`.

fn main() {}
