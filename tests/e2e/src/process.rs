//! `lanner` in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::api::{ADMIN_PASSWORD, Api};

/// A running `lanner up` (or `server`), with its API; ended when dropped.
#[derive(Debug)]
pub struct Lanner {
    child: Child,
    api: Api,
    agents: Option<String>,
    // Dropped last: the process writes into it until it ends.
    data: Option<tempfile::TempDir>,
}

impl Lanner {
    /// Starts `lanner up` on free ports with a data folder of its own. It watches system calls of
    /// this test's process and its descendants only.
    #[must_use]
    pub fn up(arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let own = std::process::id().to_string();
        let arguments: Vec<&str> = ["up", "--http-port", "0", "--grpc-port", "0", "--watch-only", &own]
            .iter()
            .chain(arguments)
            .copied()
            .collect();
        let mut lanner = Self::start(&arguments, data.path());
        lanner.data = Some(data);
        lanner
    }

    /// Starts `lanner` with `arguments` and `--data-dir DATA`, and waits until it says where its
    /// page is.
    #[must_use]
    pub fn start(arguments: &[&str], data: &Path) -> Self {
        let mut child = Command::new(lanner_binary())
            .args(arguments)
            .arg("--data-dir")
            .arg(data)
            .env("LANNER_ADMIN_PASSWORD", ADMIN_PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log_file(data)))
            .spawn()
            .expect("start lanner");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let (mut page, mut agents) = (None, None);
        while page.is_none() {
            let Some(Ok(line)) = lines.next() else {
                let log = std::fs::read_to_string(data.join("test.log")).unwrap_or_default();
                panic!("lanner ended before its page was up:\n{log}");
            };
            if let Some(address) = line.strip_prefix("agents: http://") {
                agents = Some(address.trim().to_owned());
            }
            if let Some(address) = line.strip_prefix("page: http://") {
                page = Some(address.trim().trim_end_matches('/').to_owned());
            }
        }
        // Whatever else it prints is read, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        let api = Api::at(&page.unwrap_or_default()).signed_in();
        Self { child, api, agents, data: None }
    }

    /// Where agents connect, `127.0.0.1:7071`.
    #[must_use]
    pub fn agents_address(&self) -> &str {
        self.agents.as_deref().expect("lanner said where agents connect")
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it in good order.
    pub fn stop(&mut self) {
        let _ = rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.child),
            rustix::process::Signal::TERM,
        );
        let _ = self.child.wait();
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Deref for Lanner {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Drop for Lanner {
    fn drop(&mut self) {
        self.kill();
    }
}

fn log_file(data: &Path) -> std::fs::File {
    std::fs::File::options().create(true).append(true).open(data.join("test.log")).expect("a log file")
}

/// The binary that this test run built: `lanner` beside the folder of the test's own program.
#[must_use]
pub fn lanner_binary() -> PathBuf {
    let own = std::env::current_exe().expect("the test's own path");
    let folder = own.parent().and_then(Path::parent).expect("target/PROFILE/deps");
    let binary = folder.join("lanner");
    assert!(binary.exists(), "{} is missing: cargo build -p lanner-cli", binary.display());
    binary
}
