//! Tests that need to see inside; their cases are files in `tests/data` and in `rules/`.

mod conditions;
mod diagnostics;
mod facts_table;
mod hostile;
mod indexing;
mod shared_rules;
mod shipped_rules;
mod templates;

use std::path::{Path, PathBuf};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Compares with a file; with `UPDATE_EXPECT` set, writes it instead.
fn expect_file(path: &Path, actual: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, actual).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(expected == actual, "{} differs (UPDATE_EXPECT=1 writes it); now:\n{actual}", path.display());
}

/// The shared data folder, or `None` where it is not there; an error where it must be.
#[allow(clippy::print_stdout, reason = "the suite counts this line")]
fn shared_data() -> Option<PathBuf> {
    let shared = std::env::var_os("LANNER_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let data = shared.join("data");
    if data.is_dir() {
        return Some(data);
    }
    let required = std::env::var("LANNER_REQUIRE").unwrap_or_default();
    assert!(!required.split([',', ' ']).any(|part| part == "data"), "../shared/data is required and absent");
    println!("skipped: ../shared/data absent");
    None
}
