//! Project programs: code generation and tidiness.

fn main() {}
