//! The rules an agent runs: those shipped in the binary, then those of the operator's folders.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use lanner_rules::{Level, RuleFile, RuleSet};

/// The shipped files, in the order they are loaded: macros first.
const SHIPPED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/shipped_rules.rs"));

/// Loads the shipped rules, then `paths` in their order: a file, or a folder whose `.yaml` and
/// `.yml` files are taken in order of their names (`*.test.yaml` are fixtures and left out).
///
/// # Errors
/// When a path can not be read, or a rule has a mistake: the text shows each with its place.
pub(crate) fn load(paths: &[PathBuf]) -> anyhow::Result<RuleSet> {
    let mut texts: Vec<(String, String)> =
        SHIPPED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    for path in paths {
        for file in rule_files(path)? {
            let text = fs::read_to_string(&file).with_context(|| format!("read rules {}", file.display()))?;
            texts.push((file.display().to_string(), text));
        }
    }
    let files: Vec<RuleFile<'_>> = texts.iter().map(|(name, text)| RuleFile { name, text }).collect();
    let compiled = RuleSet::compile(&files);
    let (mistakes, warnings): (Vec<_>, Vec<_>) =
        compiled.diagnostics.into_iter().partition(|diagnostic| diagnostic.level == Level::Error);
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    if mistakes.is_empty() {
        return Ok(compiled.rules);
    }
    let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    bail!("{} mistakes in the rules: mend them, or leave the file out\n{}", mistakes.len(), lines.join("\n"))
}

fn rule_files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).with_context(|| format!("list rules {}", path.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.with_context(|| format!("list rules {}", path.display()))?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let is_rules = name.ends_with(".yaml") || name.ends_with(".yml");
        if is_rules && !name.ends_with(".test.yaml") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}
