//! Who watches while a load runs: nobody, the floor, Lanner.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::Context as _;
use lanner_probe::{Facts, Floor, Interest, ProbeError, Roots};
use serde::Serialize;

/// The password of the user `admin` of the Lanner that is measured.
const ADMIN_PASSWORD: &str = "a password for measuring";

/// Who watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Nothing,
    Floor,
    Lanner,
}

/// A watcher at work.
pub(crate) enum Running {
    Nothing,
    Floor(Floor),
    Lanner(Box<Lanner>),
}

/// `lanner up` in a process of its own.
pub(crate) struct Lanner {
    child: Child,
    page: String,
    cookie: String,
    begun: Instant,
    cpu_before: f64,
    // Removed with the process's data when the round ends.
    _data: tempfile::TempDir,
}

/// What Lanner itself used while the loads of one round ran.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OwnUsage {
    pub(crate) cpu_seconds: f64,
    pub(crate) wall_seconds: f64,
    /// Resident, without the mapped rings.
    pub(crate) resident_bytes: u64,
    /// Mapped rings.
    pub(crate) ring_bytes: u64,
    /// Events that the kernel could not hand over; `null` when the agent did not say.
    pub(crate) lost_events: Option<u64>,
}

impl Subject {
    pub(crate) const ALL: [Subject; 3] = [Subject::Nothing, Subject::Floor, Subject::Lanner];

    pub(crate) fn start(self) -> anyhow::Result<Running> {
        Ok(match self {
            Subject::Nothing => Running::Nothing,
            Subject::Floor => Running::Floor(floor().context("attach the floor program")?),
            Subject::Lanner => Running::Lanner(Box::new(Lanner::start()?)),
        })
    }
}

/// The cheapest program that can decide anything: it asks the bitmap and finds nothing wanted.
fn floor() -> Result<Floor, ProbeError> {
    Floor::attach(&Facts::read(&Roots::default()), &Interest::nothing())
}

impl Running {
    pub(crate) fn own_usage(&self) -> anyhow::Result<Option<OwnUsage>> {
        match self {
            Running::Lanner(lanner) => lanner.own_usage().map(Some),
            Running::Nothing | Running::Floor(_) => Ok(None),
        }
    }

    pub(crate) fn stop(self) {
        match self {
            Running::Nothing => {}
            Running::Floor(floor) => drop(floor),
            Running::Lanner(lanner) => drop(lanner),
        }
    }
}

impl Drop for Lanner {
    /// Ends it in good order, also when a round failed.
    fn drop(&mut self) {
        let child = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(child, rustix::process::Signal::TERM);
        let _ = self.child.wait();
    }
}

impl Lanner {
    fn start() -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let binary = std::env::current_exe()?.with_file_name("lanner");
        // Pinned before it starts threads: they inherit it.
        let mut child = Command::new("taskset")
            .args(["-c", "1"])
            .arg(&binary)
            .args(["up", "--http-port", "0", "--grpc-port", "0", "--data-dir"])
            .arg(data.path())
            .env("LANNER_ADMIN_PASSWORD", ADMIN_PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("start {}", binary.display()))?;
        let output = child.stdout.take().context("lanner's output")?;
        let mut page = String::new();
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some(address) = line.strip_prefix("page: http://") {
                address.trim().trim_end_matches('/').clone_into(&mut page);
                break;
            }
        }
        anyhow::ensure!(
            !page.is_empty(),
            "lanner up ended before its page was up: run it by hand to see why"
        );
        let cookie = sign_in(&page)?;
        let cpu_before = cpu_seconds(child.id())?;
        Ok(Self { child, page, cookie, begun: Instant::now(), cpu_before, _data: data })
    }

    fn own_usage(&self) -> anyhow::Result<OwnUsage> {
        let (resident_bytes, ring_bytes) = memory(self.child.id())?;
        Ok(OwnUsage {
            cpu_seconds: cpu_seconds(self.child.id())? - self.cpu_before,
            wall_seconds: self.begun.elapsed().as_secs_f64(),
            resident_bytes,
            ring_bytes,
            lost_events: self.lost_events(),
        })
    }

    fn lost_events(&self) -> Option<u64> {
        let mut stream = TcpStream::connect(&self.page).ok()?;
        let (page, cookie) = (&self.page, &self.cookie);
        write!(stream, "GET /api/v1/agents HTTP/1.0\r\nHost: {page}\r\nCookie: {cookie}\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let body = answer.split_once("\r\n\r\n")?.1;
        let agents: serde_json::Value = serde_json::from_str(body).ok()?;
        let agents = agents.as_array().or_else(|| agents.get("agents")?.as_array())?;
        let losses = agents.first()?.get("losses")?.as_array()?;
        Some(losses.iter().filter_map(|loss| loss.get("count")?.as_u64()).sum())
    }
}

/// The cookie of an admin's session.
fn sign_in(page: &str) -> anyhow::Result<String> {
    let body = serde_json::json!({"user": "admin", "password": ADMIN_PASSWORD}).to_string();
    let mut stream = TcpStream::connect(page)?;
    write!(
        stream,
        "POST /api/v1/login HTTP/1.0\r\nHost: {page}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")?.split(';').next());
    Ok(cookie.context("sign in to lanner")?.to_owned())
}

/// User and system time of a process in seconds: the sum over its threads of run time in
/// nanoseconds (`/proc/PID/task/*/schedstat`).
fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let mut nanoseconds = 0_u64;
    for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        let text = std::fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
        nanoseconds += text.split(' ').next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(nanoseconds as f64 / 1e9)
}

/// Resident bytes of a process without its mapped BPF rings, and those of the rings.
fn memory(pid: u32) -> anyhow::Result<(u64, u64)> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps"))?;
    let (mut rest, mut rings, mut in_ring) = (0, 0, false);
    for line in text.lines() {
        if let Some(size) = line.strip_prefix("Rss:") {
            let bytes = size.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024;
            *(if in_ring { &mut rings } else { &mut rest }) += bytes;
        } else if line.split(' ').next().is_some_and(|range| range.contains('-')) {
            in_ring = line.contains("bpf-map") || line.contains("bpf_ringbuf");
        }
    }
    Ok((rest, rings))
}
