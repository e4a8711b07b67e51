//! Control groups are learnt when they appear, before a process is in them.

use std::path::PathBuf;

use lanner_model::event::EventType;
use lanner_model::source::{Next, Source};
use lanner_probe::{Interest, Probe, ProbeConfig, Scope, Snapshot};

use crate::watch::{able, skip};

/// A control group that is removed when the test ends, however it ends.
struct Group(PathBuf);

impl Drop for Group {
    fn drop(&mut self) {
        // A group with a dying process in it cannot be removed at once; the next run uses another name.
        let _ = std::fs::remove_dir(&self.0);
    }
}

#[test]
fn a_new_group_is_known_before_its_first_process_runs() {
    let Some(decisions) = able() else { return };
    let Some(mount) = decisions.cgroup_mount.clone() else {
        skip("no control groups are mounted");
        return;
    };
    let name = format!("lanner-test-{}", std::process::id());
    let path = mount.join(&name);
    let config = ProbeConfig {
        interest: Interest::lives(),
        scope: Scope::Only {
            processes: vec![lanner_model::id::Pid(i64::from(std::process::id()))],
            cgroups: vec![],
        },
        snapshot: Snapshot::None,
        ..ProbeConfig::default()
    };
    let mut probe = Probe::start(&decisions, &config).unwrap();
    assert!(probe.cgroups().id("/").is_some(), "the walk at the start has found the root");
    if let Err(error) = std::fs::create_dir(&path) {
        skip(&format!("{} cannot be made: {error}", path.display()));
        return;
    }
    let group = Group(path.clone());
    let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(&path).unwrap());
    let script = format!("echo $$ > {}/cgroup.procs && exec /bin/true", path.display());
    let mut child = std::process::Command::new("/bin/sh").args(["-c", &script]).spawn().unwrap();
    let pid = i64::from(child.id());
    let mut cgroups = None;
    loop {
        let known = probe.cgroups().id(&format!("/{name}"));
        match probe.next().unwrap() {
            Next::Event(delivery) if delivery.event.tid().0 == pid => {
                let event = delivery.event;
                if event.event_type() == EventType::SYSCALL_EXECVE_19_X {
                    cgroups = event.text(14).map(<[u8]>::to_vec);
                    assert_eq!(known.map(|id| id.0), Some(inode), "learnt before the first exec");
                }
                if event.event_type() == EventType::PROCEXIT_1_E {
                    break;
                }
            }
            _ => {}
        }
    }
    child.wait().unwrap();
    let cgroups = String::from_utf8(cgroups.unwrap()).unwrap();
    let key = if decisions.cgroup_key.as_str() == "v2" { "memory" } else { decisions.cgroup_key.as_str() };
    assert!(cgroups.split('\0').any(|entry| entry == format!("{key}=/{name}")), "{cgroups:?}");
    drop(group);
    // The kernel tells of the removal too.
    for _ in 0..2_000 {
        if probe.cgroups().id(&format!("/{name}")).is_none() || path.exists() {
            return;
        }
        probe.next().unwrap();
    }
    panic!("the removed group is still known");
}
