//! The page is embedded from `web/dist`; where it is not built yet, from an empty folder.

fn main() {
    let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/dist");
    // What is wrong here is said better by the compiler, which does not find the folder.
    let _ = std::fs::create_dir_all(dist);
    println!("cargo::rerun-if-changed={dist}");
}
