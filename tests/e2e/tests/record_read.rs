//! `lanner record` writes what `lanner read` reads back.

use std::fs;
use std::process::{Command, Stdio};

use lanner_e2e::{Part, eventually, lanner_binary, machine_has};
use serde_json::Value;

/// Records this test's own descendants while `load` runs; the file's path.
fn record(folder: &std::path::Path, filter: &[&str], load: impl FnOnce()) -> String {
    let file = folder.join("x.scap").to_str().unwrap().to_owned();
    let own = std::process::id().to_string();
    let mut recorder = Command::new(lanner_binary())
        .args(["record", "-w", &file, "-d", "120", "--watch-only", &own])
        .args(filter)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // The file beside the final one grows when the snapshot is written: the programs are attached.
    let aside = format!("{file}.part");
    eventually("the recording has begun", || fs::metadata(&aside).is_ok().then_some(()));
    let marker = folder.join("marker");
    eventually("calls are seen", || {
        // Until one comes through: attaching takes a moment after the file is there.
        Command::new("cat").arg(&marker).stderr(Stdio::null()).status().unwrap();
        (fs::metadata(&aside).is_ok_and(|meta| meta.len() > 0)).then_some(())
    });
    load();
    rustix::process::kill_process(rustix::process::Pid::from_child(&recorder), rustix::process::Signal::INT)
        .unwrap();
    assert!(recorder.wait().unwrap().success());
    file
}

fn read(file: &str, arguments: &[&str]) -> String {
    let output = Command::new(lanner_binary()).args(["read", "-r", file]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_was_recorded_is_read_back_with_names_of_processes_and_files() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret-file");
    fs::write(&secret, "nothing").unwrap();
    let mut pid = 0;
    let file = record(folder.path(), &[], || {
        let mut cat = Command::new("cat").arg(&secret).stdout(Stdio::null()).spawn().unwrap();
        pid = cat.id();
        cat.wait().unwrap();
    });
    let wanted = secret.to_str().unwrap();
    let own = format!("proc.pid = {pid}");
    let lines = read(&file, &["-p", "%evt.type %proc.name %fd.name", &own]);
    for line in [format!("openat cat {wanted}"), format!("read cat {wanted}")] {
        assert!(lines.lines().any(|have| have == line), "`{line}` is missing in:\n{lines}");
    }
    let objects: Vec<Value> =
        read(&file, &["--json", &own]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let types: Vec<&str> = objects.iter().filter_map(|object| object["evt.type"].as_str()).collect();
    assert!(types.contains(&"execve") && types.contains(&"procexit"), "{types:?}");
    let open =
        objects.iter().find(|object| object["evt.type"] == "openat" && object["fd.name"] == wanted).unwrap();
    assert_eq!(open["proc.cmdline"], format!("cat {wanted}"));
    assert_eq!(open["thread.tid"], pid);
    assert!(open["proc.ppid"].is_u64() || open["proc.ppid"].is_i64(), "{open}");
}

#[test]
fn a_filter_keeps_what_matches() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = record(folder.path(), &["evt.type = procexit"], || {
        Command::new("true").status().unwrap();
    });
    let types = read(&file, &["-p", "%evt.type"]);
    assert!(!types.is_empty() && types.lines().all(|line| line == "procexit"), "{types}");
}

#[test]
fn a_copy_cut_short_is_salvaged_up_to_the_cut() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = record(folder.path(), &[], || {
        for _ in 0..50 {
            Command::new("true").status().unwrap();
        }
    });
    let whole = fs::read(&file).unwrap();
    let cut = folder.path().join("cut.scap").to_str().unwrap().to_owned();
    fs::write(&cut, &whole[..whole.len() - whole.len() / 4]).unwrap();
    let strict = Command::new(lanner_binary()).args(["read", "-r", &cut]).output().unwrap();
    assert_eq!(strict.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&strict.stderr).contains("byte"), "it says where");
    let salvaged = read(&cut, &["--salvage", "-p", "*%evt.num"]).lines().count();
    let all = read(&file, &["-p", "*%evt.num"]).lines().count();
    assert!(0 < salvaged && salvaged < all, "{salvaged} of {all}");
}
