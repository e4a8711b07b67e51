//! A real container: runc with a busybox root file system (`tests/container`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A running container; ended when dropped.
#[derive(Debug)]
pub struct Container {
    folder: tempfile::TempDir,
    id: String,
    pid: i64,
}

impl Container {
    /// Starts `command` in a new container.
    #[must_use]
    pub fn start(command: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let id = random_id();
        let output = Command::new(scripts().join("start"))
            .arg(folder.path())
            .arg(&id)
            .args(command)
            .stdin(Stdio::null())
            .output()
            .expect("start a container");
        assert!(output.status.success(), "runc: {}", String::from_utf8_lossy(&output.stderr));
        let pid = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a process id");
        Self { folder, id, pid }
    }

    /// Its full id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its first process, in the host's pid namespace.
    #[must_use]
    pub fn pid(&self) -> i64 {
        self.pid
    }

    /// Runs a further command inside and waits for it.
    pub fn exec(&self, command: &[&str]) -> Output {
        Command::new("runc")
            .arg("--root")
            .arg(self.folder.path().join("state"))
            .args(["exec", &self.id])
            .args(command)
            .stdin(Stdio::null())
            .output()
            .expect("runc exec")
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let ended = Command::new(scripts().join("stop")).arg(self.folder.path()).arg(&self.id).status();
        if !ended.is_ok_and(|status| status.success()) {
            println!("a container was left behind: {}", self.id);
        }
    }
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../container")
}

fn random_id() -> String {
    let uuids = (0..2).map(|_| fs::read_to_string("/proc/sys/kernel/random/uuid").expect("a random id"));
    uuids.flat_map(|uuid| uuid.trim().replace('-', "").chars().collect::<Vec<_>>()).collect()
}
