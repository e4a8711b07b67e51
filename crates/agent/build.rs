//! Lists the shipped rule files for `detections.rs`: macros first, then by name.

use std::fmt::Write as _;
use std::path::Path;

fn main() {
    // Asked when it runs: what was built in another copy of this workspace may run here.
    let here = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let folder = Path::new(&here).join("../../rules");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("rules/ lies beside crates/")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".yaml") && !name.ends_with(".test.yaml"))
        .collect();
    names.sort_by_key(|name| (name != "macros.yaml", name.clone()));
    let mut list = String::from("[");
    for name in &names {
        let path = folder.join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        let _ = write!(list, "({name:?}, include_str!({:?})),", path.display().to_string());
    }
    list.push(']');
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("shipped_rules.rs"), list).expect("OUT_DIR is writable");
}
