//! Checks that keep the house in shape: `cargo xtask tidy`.
//!
//! Direction between crates ([`direction`], from `deps.toml`), no circles between the files of a
//! crate ([`circle`]), names, docs and sizes of files ([`shape`]), and no IO in pure crates
//! ([`shape`] too). A problem is one line: `path: what is wrong: what to do`.

mod circle;
mod direction;
mod house;
mod scan;
mod shape;

use std::path::Path;

/// All problems of the work tree at `root`, sorted; empty when it is tidy.
///
/// # Errors
/// When `deps.toml` or a source file can not be read.
pub(crate) fn problems(root: &Path) -> anyhow::Result<Vec<String>> {
    let house = house::House::read(root)?;
    let mut problems = direction::check(&house);
    problems.extend(circle::check(&house));
    problems.extend(shape::check(&house));
    problems.sort();
    problems.dedup();
    Ok(problems)
}
