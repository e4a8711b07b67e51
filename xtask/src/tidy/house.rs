//! The work tree as the checks see it: crates, their files, the rules of `deps.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// The work tree.
pub(super) struct House {
    pub(super) crates: Vec<Crate>,
    pub(super) allowed: BTreeMap<String, Vec<String>>,
    pub(super) pure: Vec<String>,
    pub(super) banned_in_pure: Vec<String>,
}

/// A crate below `crates/`.
pub(super) struct Crate {
    /// Its folder's name.
    pub(super) name: String,
    /// Its manifest as text.
    pub(super) manifest: toml::Table,
    /// Its sources below `src/`, sorted.
    pub(super) files: Vec<SourceFile>,
}

/// A Rust file.
pub(super) struct SourceFile {
    /// Path from the root of the work tree.
    pub(super) path: String,
    /// Path below `src/` without the extension, one element per module: `["event", "param"]`;
    /// empty for `lib.rs` and `main.rs`.
    pub(super) module: Vec<String>,
    pub(super) text: String,
}

impl SourceFile {
    /// Whether it is a module of tests (`tests.rs`, `tests/x.rs`).
    pub(super) fn is_test(&self) -> bool {
        self.module.iter().any(|part| part == "tests")
    }

    pub(super) fn is_generated(&self) -> bool {
        self.text.starts_with("// @generated")
    }
}

impl House {
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let path = root.join("deps.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        let mut deps: toml::Table = text.parse().context("parse deps.toml")?;
        let pure = deps.remove("pure").context("deps.toml has no [pure]")?;
        let allowed = deps.into_iter().map(|(name, list)| (name, texts(&list))).collect();
        let mut crates = Vec::new();
        for folder in sorted_entries(&root.join("crates"))? {
            let manifest = folder.join("Cargo.toml");
            if !manifest.exists() {
                continue;
            }
            let text = fs::read_to_string(&manifest)?;
            let manifest = text.parse().with_context(|| format!("parse {}", manifest.display()))?;
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let mut files = Vec::new();
            let source = folder.join("src");
            read_sources(root, &source, &source, &mut files)?;
            crates.push(Crate { name, manifest, files });
        }
        Ok(Self { crates, allowed, pure: texts(&pure["crates"]), banned_in_pure: texts(&pure["banned"]) })
    }
}

fn texts(value: &toml::Value) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn sorted_entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}

fn read_sources(root: &Path, source: &Path, folder: &Path, into: &mut Vec<SourceFile>) -> anyhow::Result<()> {
    for path in sorted_entries(folder)? {
        if path.is_dir() {
            read_sources(root, source, &path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let below = path.strip_prefix(source)?.with_extension("");
            let mut module: Vec<String> =
                below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            if module.len() == 1 && (module[0] == "lib" || module[0] == "main") {
                module.clear();
            }
            let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
            let path = path.strip_prefix(root)?.to_string_lossy().into_owned();
            into.push(SourceFile { path, module, text });
        }
    }
    Ok(())
}
