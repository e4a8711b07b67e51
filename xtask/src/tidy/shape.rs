//! Names, docs and sizes of files; what pure crates must not name.

use super::house::{House, SourceFile};
use super::scan;

/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "common", "helper", "helpers", "misc", "manager", "mod"];
/// A hand-written file longer than this has more than one responsibility.
const LINES_MAX: usize = 900;

pub(super) fn check(house: &House) -> Vec<String> {
    let mut problems = Vec::new();
    for krate in &house.crates {
        let pure = house.pure.contains(&krate.name);
        for file in &krate.files {
            problems.extend(check_file(file));
            if pure && !file.is_test() {
                problems.extend(check_purity(file, &house.banned_in_pure));
            }
        }
        let roots = krate.files.iter().filter(|file| file.module.is_empty());
        for root in roots.filter(|file| pure && !file.text.contains("#![forbid(unsafe_code)]")) {
            problems.push(format!("{}: a pure crate without `#![forbid(unsafe_code)]`", root.path));
        }
    }
    problems
}

fn check_file(file: &SourceFile) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(name) = file.module.last().filter(|name| EMPTY_NAMES.contains(&name.as_str())) {
        problems.push(format!("{}: `{name}` says nothing of what is inside: name the thing", file.path));
    }
    let docs = file.text.lines().find(|line| !line.starts_with("// ") && !line.is_empty());
    if !docs.is_some_and(|line| line.starts_with("//!")) && !file.is_generated() {
        problems.push(format!("{}: begins without module docs (`//!`): say what the file is for", file.path));
    }
    let lines = file.text.lines().count();
    if lines > LINES_MAX && !file.is_generated() {
        problems
            .push(format!("{}: {lines} lines: split it by responsibility ({LINES_MAX} at most)", file.path));
    }
    problems
}

fn check_purity(file: &SourceFile, banned: &[String]) -> Vec<String> {
    let code = scan::code_only(&file.text);
    let named = banned.iter().filter(|banned| code.contains(banned.as_str()));
    named
        .map(|banned| format!("{}: a pure crate names `{banned}`: leave it to the edge", file.path))
        .collect()
}
