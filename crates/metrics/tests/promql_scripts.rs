//! The test scripts of Prometheus, where they are there.
#![allow(clippy::print_stdout, reason = "a skipped test says so; figures of each script")]

use std::fmt::Write as _;
use std::path::PathBuf;

use lanner_metrics::promql::script;

/// Evaluations that fail and are known to, by file and line, each with its reason.
const EXCEPTIONS: &[(&str, usize, &str)] = &[(
    "aggregators.test",
    481,
    "a string that is no valid UTF-8 is refused when it is read, with its place",
)];

fn scripts() -> Option<Vec<PathBuf>> {
    let shared = std::env::var_os("LANNER_SHARED").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let folder = shared.unwrap_or(beside).join("data/promql");
    let entries = std::fs::read_dir(folder).ok()?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "test"));
    paths.sort();
    Some(paths)
}

#[test]
fn our_own_scripts_pass() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/promql");
    let mut evaluations = 0;
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("the script is text");
        let report = script::run(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(report.failures, [], "{}", path.display());
        assert_eq!(report.not_yet, [], "{}", path.display());
        evaluations += report.passed;
    }
    assert!(evaluations > 70, "{evaluations}");
}

#[test]
fn a_script_that_is_not_understood_says_where() {
    for (text, message) in [
        ("\nload 5x\n", "line 2: \"5x\" is no time"),
        ("load 1m\n  x 1 y", "line 1: \"y\" is no point"),
        ("eval instant 5m x", "line 1: expected \"at\", not \"5m\""),
        ("reload", "line 1: unknown command \"reload\"; there are load, clear and eval"),
    ] {
        assert_eq!(script::run(text).expect_err(text).to_string(), message);
    }
}

#[test]
fn the_scripts_of_prometheus_pass_but_for_what_is_listed() {
    let Some(paths) = scripts() else {
        println!("skipped: ../shared/data absent");
        return;
    };
    let mut unexpected = String::new();
    let mut exceptions_met = 0;
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let text = std::fs::read_to_string(&path).expect("the script is text");
        let report = script::run(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        println!(
            "{name}: {} passed, {} failed, {} not yet",
            report.passed,
            report.failures.len(),
            report.not_yet.len()
        );
        for failure in report.failures {
            if EXCEPTIONS.iter().any(|(file, line, _)| *file == name && *line == failure.line) {
                exceptions_met += 1;
                continue;
            }
            let _ =
                writeln!(unexpected, "{name}:{}: {}\n    {}", failure.line, failure.query, failure.reason);
        }
    }
    assert!(unexpected.is_empty(), "{unexpected}");
    assert_eq!(exceptions_met, EXCEPTIONS.len(), "an exception passes now: take it from the list");
}
