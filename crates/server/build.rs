//! The page is embedded from `web/dist`; where it is not built yet, from an empty folder.

fn main() {
    // Asked when it runs: what was built in another copy of this workspace may run here.
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let dist = format!("{here}/../../web/dist");
    // What is wrong here is said better by the compiler, which does not find the folder.
    let _ = std::fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed={dist}");
}
