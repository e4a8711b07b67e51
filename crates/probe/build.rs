//! Compiles `bpf/*.bpf.c` with clang into objects that the crate carries inside itself.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What is compiled; each becomes `$OUT_DIR/NAME.o`.
const OBJECTS: [&str; 5] = ["probe", "floor", "feature", "empty", "refused"];
const CLANGS: [&str; 8] =
    ["clang-19", "clang-20", "clang-21", "clang", "clang-18", "clang-17", "clang-16", "clang-15"];
/// Older ones lack what the programs need of CO-RE (`preserve_access_index` over whole headers).
const OLDEST_CLANG: u32 = 15;

#[allow(clippy::print_stderr, reason = "that is where cargo shows why a build failed")]
fn main() {
    if let Err(problem) = build() {
        eprintln!("{problem}");
        std::process::exit(1);
    }
}

fn build() -> Result<(), String> {
    println!("cargo:rerun-if-changed=bpf");
    println!("cargo:rerun-if-env-changed=LANNER_CLANG");
    let clang = find_clang()?;
    let out = PathBuf::from(variable("OUT_DIR")?);
    let headers = variable("DEP_BPF_INCLUDE")?;
    let define = match variable("CARGO_CFG_TARGET_ARCH")?.as_str() {
        "x86_64" => "-D__TARGET_ARCH_x86",
        "aarch64" => "-D__TARGET_ARCH_arm64",
        other => return Err(format!("the probe has no programs for {other}; it knows x86_64 and aarch64")),
    };
    for object in OBJECTS {
        compile(&clang, &headers, define, object, &out)?;
    }
    let list = call_programs()?.iter().map(|name| format!("    \"{name}\",\n")).collect::<String>();
    std::fs::write(out.join("call_programs.rs"), format!("&[\n{list}]\n"))
        .map_err(|error| format!("call_programs.rs cannot be written: {error}"))
}

/// The programs of single system calls: each is a `CALL_PROGRAM(name)` in a file of `bpf/`.
fn call_programs() -> Result<Vec<String>, String> {
    let unreadable = |error: std::io::Error| format!("bpf/ cannot be read: {error}");
    let mut names = Vec::new();
    for entry in std::fs::read_dir("bpf").map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let of_probe = !path.to_string_lossy().ends_with("/refused.bpf.c");
        if of_probe && path.to_string_lossy().ends_with(".bpf.c") {
            let text = std::fs::read_to_string(&path).map_err(unreadable)?;
            let calls = text.lines().filter_map(|line| line.strip_prefix("CALL_PROGRAM(")?.split(')').next());
            names.extend(calls.map(|name| format!("on_{name}")));
        }
    }
    names.sort();
    Ok(names)
}

fn compile(clang: &str, headers: &str, define: &str, object: &str, out: &Path) -> Result<(), String> {
    let source = format!("bpf/{object}.bpf.c");
    let status = Command::new(clang)
        .args([
            "-target",
            "bpf",
            "-mcpu=v3",
            define,
            "-O2",
            "-g",
            "-Wall",
            "-Wextra",
            "-Wno-unused-parameter",
        ])
        .args(["-Wno-sign-compare", "-Werror", "-I", headers, "-c", &source, "-o"])
        .arg(out.join(format!("{object}.o")))
        .status()
        .map_err(|error| format!("{clang} cannot be run: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{clang} could not compile {source}")) }
}

/// The clang to use: `LANNER_CLANG` if it is set, else the first that is new enough.
fn find_clang() -> Result<String, String> {
    if let Ok(asked) = std::env::var("LANNER_CLANG") {
        return match version(&asked) {
            Some(found) if found >= OLDEST_CLANG => Ok(asked),
            Some(found) => {
                Err(format!("LANNER_CLANG={asked} is clang {found}; {OLDEST_CLANG} or newer is needed"))
            }
            None => Err(format!("LANNER_CLANG={asked} is no clang that runs")),
        };
    }
    CLANGS
        .into_iter()
        .find(|name| version(name).is_some_and(|found| found >= OLDEST_CLANG))
        .map(str::to_owned)
        .ok_or_else(|| {
            format!("no clang {OLDEST_CLANG} or newer for the eBPF programs: apt install clang-19, or set LANNER_CLANG")
        })
}

/// The major version a clang says it has.
fn version(clang: &str) -> Option<u32> {
    let output = Command::new(clang).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (_, after) = text.split_once("version ")?;
    after.split('.').next()?.parse().ok()
}

fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("{name} is not set; build with cargo"))
}
