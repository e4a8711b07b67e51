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
