//! `cargo xtask test`: every stage of the test run, what each took, and one closing line.
//!
//! A stage is a command whose output says what passed: cargo's, vitest's and our browser runner's
//! closing lines are read. A test that can not run prints `skipped: <fact>`; with the part named in
//! `LANNER_REQUIRE` it fails instead (the tests see to that themselves).

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A stage of the run.
struct Stage {
    name: &'static str,
    /// Where it runs, from the root.
    folder: &'static str,
    command: &'static [&'static str],
    /// Whether its success counts as one passed test (a check that counts nothing itself).
    is_check: bool,
}

const STAGES: &[Stage] = &[
    check("lint: format", ".", &["cargo", "fmt", "--all", "--check"]),
    check("lint: tidy", ".", &["cargo", "run", "-q", "--locked", "-p", "xtask", "--", "tidy"]),
    check(
        "lint: generated",
        ".",
        &["cargo", "run", "-q", "--locked", "-p", "xtask", "--", "codegen", "--check"],
    ),
    check("lint: page", "web", &["npm", "run", "--silent", "lint"]),
    check(
        "lint: clippy",
        ".",
        &["cargo", "clippy", "-q", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"],
    ),
    counted("page: unit", "web", &["npm", "--silent", "test"]),
    check("page: build", "web", &["npm", "run", "--silent", "build"]),
    check("build", ".", &["cargo", "build", "--locked", "--workspace", "--all-targets"]),
    counted(
        "rust: unit, live, end to end",
        ".",
        &["cargo", "test", "--locked", "--workspace", "--no-fail-fast", "--", "--show-output"],
    ),
    counted("browser", "tests/browser", &["node", "run.mjs"]),
];

const fn check(name: &'static str, folder: &'static str, command: &'static [&'static str]) -> Stage {
    Stage { name, folder, command, is_check: true }
}

const fn counted(name: &'static str, folder: &'static str, command: &'static [&'static str]) -> Stage {
    Stage { name, folder, command, is_check: false }
}

/// What tests said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
    skipped: Vec<String>,
}

/// Runs all stages whose name begins with `only` (all without it) and prints the summary.
/// Returns whether everything passed.
pub(crate) fn run(root: &Path, only: Option<&str>) -> bool {
    let mut total = Count::default();
    let mut lines = Vec::new();
    for stage in STAGES.iter().filter(|stage| only.is_none_or(|only| stage.name.starts_with(only))) {
        println!("== {}", stage.name);
        let begun = Instant::now();
        let (success, mut count) = run_stage(root, stage).unwrap_or_else(|error| {
            println!("{error:#}");
            (false, Count::default())
        });
        if stage.is_check || (!success && count.failed == 0) {
            count.passed += u64::from(success);
            count.failed += u64::from(!success);
        }
        lines.push(summary_line(stage.name, success, &count, begun.elapsed()));
        total.passed += count.passed;
        total.failed += count.failed;
        total.skipped.append(&mut count.skipped);
    }
    println!("\n== summary");
    for line in &lines {
        println!("{line}");
    }
    for reason in &total.skipped {
        println!("{reason}");
    }
    println!("{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped.len());
    total.failed == 0
}

fn summary_line(name: &str, success: bool, count: &Count, took: Duration) -> String {
    let minutes = took.as_secs_f64() / 60.0;
    let word = if success { "ok" } else { "FAILED" };
    format!("{name:<30} {word:<7} {:>5} passed {:>3} failed {minutes:>6.1} min", count.passed, count.failed)
}

fn run_stage(root: &Path, stage: &Stage) -> anyhow::Result<(bool, Count)> {
    let mut child = Command::new(stage.command[0])
        .args(&stage.command[1..])
        .current_dir(root.join(stage.folder))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|cause| anyhow::anyhow!("start {}: {cause}", stage.command.join(" ")))?;
    let mut count = Count::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            count.add(&line);
        }
    }
    Ok((child.wait()?.success(), count))
}

impl Count {
    fn add(&mut self, line: &str) {
        let line = plain(line);
        let line = line.trim();
        if line.starts_with("skipped: ") {
            self.skipped.push(line.to_owned());
        } else if let Some(result) = line.strip_prefix("test result: ") {
            self.passed += number_before(result, " passed");
            self.failed += number_before(result, " failed");
        } else if let Some(result) = line.strip_prefix("Tests ") {
            self.passed += number_before(result, " passed");
            self.failed += number_before(result, " failed");
        } else if let Some(result) = line.strip_prefix("browser: ") {
            self.passed += number_before(result, " passed");
            self.failed += number_before(result, " failed");
        }
    }
}

/// The number that stands right before `word`; 0 when there is none.
fn number_before(text: &str, word: &str) -> u64 {
    let Some(at) = text.find(word) else { return 0 };
    let digits = text[..at].rsplit(|character: char| !character.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// `line` without terminal colours.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            for skipped in characters.by_ref() {
                if skipped.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_all_runners_are_counted() {
        let mut count = Count::default();
        count.add("test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out");
        count.add("\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m1 failed\u{1b}[39m | 57 passed (58)");
        count.add("browser: 9 passed, 2 failed");
        count.add("skipped: no root here");
        let skipped = vec!["skipped: no root here".to_owned()];
        assert_eq!(count, Count { passed: 78, failed: 3, skipped });
    }
}
