//! Project programs: `cargo xtask ...`.
//!
//! - `codegen` writes what is generated from `schema/` and `crates/api/proto`; with `--check` it
//!   only says what is stale.
//! - `tidy` checks directions, circles, names and docs.
//! - `test` runs all that CI runs; with `--only PREFIX` the stages whose names begin so.

#![allow(clippy::print_stdout, reason = "command line programs")]

mod codegen;
mod test;
mod tidy;

use std::path::Path;

use anyhow::bail;

fn main() -> anyhow::Result<()> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let all_well = match arguments[..] {
        ["codegen"] => codegen::write(root).map(|()| true)?,
        ["codegen", "--check"] => told("stale, run `cargo xtask codegen`", &codegen::check(root)?),
        ["tidy"] => told("untidy", &tidy::problems(root)?),
        ["test"] => test::run(root, None),
        ["test", "--only", prefix] => test::run(root, Some(prefix)),
        _ => bail!("usage: cargo xtask codegen [--check] | tidy | test [--only PREFIX]"),
    };
    if all_well { Ok(()) } else { std::process::exit(1) }
}

/// Prints what is wrong; whether nothing is.
fn told(what: &str, problems: &[impl std::fmt::Display]) -> bool {
    for problem in problems {
        println!("{what}: {problem}");
    }
    problems.is_empty()
}
