//! Project programs: code generation and tidiness.
//!
//! - `cargo xtask codegen` writes what is generated from `schema/`; with `--check` it only says what is
//!   stale.

mod codegen;

use std::path::Path;

use anyhow::bail;

fn main() -> anyhow::Result<()> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["codegen"] => codegen::write(root),
        ["codegen", "--check"] => match codegen::check(root)? {
            stale if stale.is_empty() => Ok(()),
            stale => bail!("stale: {}; run `cargo xtask codegen`", stale.join(", ")),
        },
        _ => bail!("usage: cargo xtask codegen [--check]"),
    }
}
