//! What a person gets wrong: a clear message that says what to do, and an exit code that is not 0.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use lanner_e2e::{Part, lanner_binary, machine_has};

fn run(program: &Path, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).stdin(Stdio::null()).output().expect("start it")
}

/// Fails unless the command failed in good order, saying all of `wanted`.
#[track_caller]
fn check(output: &Output, wanted: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "exit code; it said: {said}");
    assert!(!said.contains("panicked"), "{said}");
    for word in wanted {
        assert!(said.contains(word), "`{word}` is missing in: {said}");
    }
}

#[test]
fn an_unknown_field_in_a_filter_is_pointed_at() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("any.scap");
    fs::write(&file, b"").unwrap();
    let output = run(&lanner_binary(), &["read", "-r", file.to_str().unwrap(), "proc.nmae", "=", "cat"]);
    check(&output, &["proc.nmae", "did you mean", "proc.name", "^"]);
}

#[test]
fn an_unknown_field_in_a_rule_is_pointed_at() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("mine.yaml");
    let rule = "- rule: Mine\n  desc: d\n  condition: evt.type = open and proc.nmae = cat\n  output: o\n  priority: INFO\n";
    fs::write(&rules, rule).unwrap();
    let output = run(
        &lanner_binary(),
        &[
            "up",
            "--http-port",
            "0",
            "--grpc-port",
            "0",
            "--data-dir",
            folder.path().to_str().unwrap(),
            "--rules",
            rules.to_str().unwrap(),
        ],
    );
    check(&output, &["mine.yaml", "proc.nmae", "did you mean", "proc.name"]);
}

#[test]
fn a_cut_capture_says_where_it_was_cut() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cut.scap");
    // A section header block that says it is longer than the file.
    fs::write(&file, [0x0a, 0x0d, 0x0d, 0x0a, 0x1c, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0]).unwrap();
    check(&run(&lanner_binary(), &["read", "-r", file.to_str().unwrap()]), &["cut.scap", "byte"]);
    check(
        &run(&lanner_binary(), &["read", "-r", "/nonexistent.scap"]),
        &["/nonexistent.scap", "No such file"],
    );
}

#[test]
fn a_busy_port_is_named_with_the_flag_that_changes_it() {
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = busy.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let http =
        run(&lanner_binary(), &["server", "--http-port", &port, "--grpc-port", "0", "--data-dir", data]);
    check(&http, &[&port, "--http-port"]);
    let grpc =
        run(&lanner_binary(), &["server", "--http-port", "0", "--grpc-port", &port, "--data-dir", data]);
    check(&grpc, &[&port, "--grpc-port"]);
}

#[test]
fn without_root_it_says_what_is_missing() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    // Where nobody may go: a copy in a folder of its own.
    let folder = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .tempdir_in("/tmp")
        .unwrap();
    let binary = folder.path().join("lanner");
    fs::copy(lanner_binary(), &binary).unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    rustix::fs::chown(&data, Some(rustix::process::Uid::from_raw(65534)), None).unwrap();
    let as_nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let command = [
        binary.to_str().unwrap(),
        "up",
        "--http-port",
        "0",
        "--grpc-port",
        "0",
        "--data-dir",
        data.to_str().unwrap(),
    ];
    check(&run(Path::new("setpriv"), &[&as_nobody[..], &command[..]].concat()), &["root", "CAP_BPF"]);
    let output = run(Path::new("setpriv"), &[&as_nobody[..], &[command[0], "doctor"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("CAP_BPF"), "doctor names it too");
}

#[test]
fn without_btf_it_says_what_is_missing() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let command = format!(
        "mount -t tmpfs none /sys/kernel/btf && exec {} up --http-port 0 --grpc-port 0 --data-dir {}",
        lanner_binary().display(),
        folder.path().display()
    );
    check(
        &run(Path::new("unshare"), &["--mount", "sh", "-c", &command]),
        &["BTF", "/sys/kernel/btf/vmlinux"],
    );
}
