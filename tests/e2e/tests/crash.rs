//! kill -9 of agent and server at random moments: what was on a disk is not missing afterwards.

#![allow(clippy::print_stdout, reason = "figures for who reads the log")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lanner_api::agent::decode_batch;
use lanner_e2e::{Lanner, Part, eventually, lanner_binary, machine_has};
use lanner_journal::{Journal, Options, Sequence};
use lanner_model::series::{Labels, Matcher};
use lanner_model::time::WallMs;
use lanner_store::{
    EmbeddedEvents, EmbeddedMetrics, EventOptions, EventStore as _, MetricOptions, MetricStore as _, is_stale,
};

const ROUNDS: u32 = 50;

/// What was seen on disk.
#[derive(Default)]
struct Durable {
    samples: BTreeMap<(Labels, WallMs), u64>,
    findings: BTreeSet<String>,
    /// Those that a page has shown.
    shown: BTreeSet<String>,
}

impl Durable {
    /// Takes in what a page shows: the server has acknowledged it.
    fn read_pages(&mut self, server: &Lanner) {
        let Some(page) = server.get("/api/v1/events?from=now-1h&limit=1000") else { return };
        let ids = page["events"].as_array().into_iter().flatten().filter_map(|event| event["id"].as_str());
        for id in ids {
            self.shown.insert(id.to_owned());
            self.findings.insert(id.to_owned());
        }
    }

    /// Takes in what an agent's spool holds. The agent is dead or alive: a copy is read.
    fn read_spool(&mut self, agent_data: &Path) {
        let spool = agent_data.join("agent/spool");
        if !spool.exists() {
            return;
        }
        let copy = tempfile::tempdir().unwrap();
        // A living agent may delete a segment while it is copied: then the rest is.
        let _ =
            Command::new("cp").arg("-a").arg(&spool).arg(copy.path()).stderr(Stdio::null()).status().unwrap();
        let (journal, _) = Journal::open(copy.path().join("spool"), Options::default()).unwrap();
        for entry in journal.read_from(Sequence::FIRST).map_while(Result::ok) {
            let batch = decode_batch(&entry.payload).unwrap();
            for sample in batch.samples.into_iter().filter(|sample| !is_stale(sample.value)) {
                self.samples.insert((sample.labels, sample.time), sample.value.to_bits());
            }
            self.findings.extend(batch.findings.into_iter().map(|finding| finding.id));
        }
    }
}

/// Numbers that look random and are the same for the same seed (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % end
    }
}

fn seed() -> u64 {
    let given = std::env::var("LANNER_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| u64::from(std::process::id()) << 20 | 0x9e37)
}

/// An agent in a process of its own; a test that fails leaves none behind.
struct Agent(Child);

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Site {
    server_data: tempfile::TempDir,
    agent_data: tempfile::TempDir,
    grpc_port: String,
}

impl Site {
    fn new() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server_data = tempfile::tempdir().unwrap();
        // Chosen here, so that the agent has it also when it is up before its server.
        fs::write(server_data.path().join("agent-key"), "a-key-for-the-agents-of-this-test").unwrap();
        Self { server_data, agent_data: tempfile::tempdir().unwrap(), grpc_port: free.to_string() }
    }

    fn start_server(&self) -> Lanner {
        Lanner::start(
            &["server", "--http-port", "0", "--grpc-port", &self.grpc_port],
            self.server_data.path(),
        )
    }

    fn start_agent(&self) -> Agent {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.agent_data.path().join("agent.log"))
            .unwrap();
        let child = Command::new(lanner_binary())
            .args(["agent", "--server", &format!("http://127.0.0.1:{}", self.grpc_port), "--interval", "1"])
            .arg("--key-file")
            .arg(self.server_data.path().join("agent-key"))
            .args(["--watch-only", &std::process::id().to_string(), "--data-dir"])
            .arg(self.agent_data.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Agent(child)
    }
}

fn cat_shadow() {
    Command::new("cat").arg("/etc/shadow").stdout(Stdio::null()).status().unwrap();
}

fn end(child: &mut Child, signal: rustix::process::Signal) {
    let _ = rustix::process::kill_process(rustix::process::Pid::from_child(child), signal);
    child.wait().unwrap();
}

#[test]
fn nothing_on_disk_is_missing_after_fifty_kills() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let seed = seed();
    println!("seed {seed}: LANNER_SEED={seed} makes the same kills again");
    let mut dice = Dice(seed | 1);
    let site = Site::new();
    let mut durable = Durable::default();
    let mut server = site.start_server();
    let mut agent = site.start_agent();
    for _ in 0..ROUNDS {
        let moment = Instant::now() + Duration::from_millis(dice.below(3000));
        eventually("the moment", || {
            cat_shadow();
            // Also what is acknowledged before the kill, and then leaves the spool.
            durable.read_spool(site.agent_data.path());
            durable.read_pages(&server);
            (Instant::now() >= moment).then_some(())
        });
        let whom = dice.below(3);
        if whom != 0 {
            end(&mut agent.0, rustix::process::Signal::KILL);
        }
        if whom != 1 {
            server.kill();
        }
        durable.read_spool(site.agent_data.path());
        if whom != 1 {
            server = site.start_server();
        }
        if whom != 0 {
            agent = site.start_agent();
        }
    }
    // Let all that was spooled arrive, then end in good order.
    let wanted = durable.findings.clone();
    println!(
        "{} samples and {} findings were seen on disk, {} of them on a page before some kill",
        durable.samples.len(),
        wanted.len(),
        durable.shown.len()
    );
    assert!(!durable.shown.is_empty(), "some were acknowledged before they could be lost");
    assert!(durable.samples.len() > 100 && wanted.len() > 5, "the kills left something to lose");
    for id in &wanted {
        eventually("a finding that was spooled", || server.get(&format!("/api/v1/events/{id}")));
    }
    end(&mut agent.0, rustix::process::Signal::TERM);
    server.stop();
    let mut left = Durable::default();
    left.read_spool(site.agent_data.path());
    check_stored(&durable, &left, site.server_data.path());
}

#[tokio::main(flavor = "current_thread")]
async fn check_stored(durable: &Durable, still_spooled: &Durable, data: &Path) {
    let (metrics, recovery) = EmbeddedMetrics::open(data.join("metrics"), MetricOptions::default()).unwrap();
    assert!(recovery.set_aside.is_empty(), "{recovery:?}");
    let mut by_metric: BTreeMap<&str, BTreeMap<(&Labels, WallMs), u64>> = BTreeMap::new();
    for ((labels, time), value) in &durable.samples {
        by_metric.entry(labels.metric()).or_default().insert((labels, *time), *value);
    }
    let mut spooled = 0;
    for (metric, wanted) in by_metric {
        let found =
            metrics.range(&[Matcher::equal("__name__", metric)], WallMs(0), WallMs(i64::MAX)).await.unwrap();
        let found: BTreeMap<(Labels, WallMs), u64> = found
            .into_iter()
            .flat_map(|series| {
                series
                    .points
                    .into_iter()
                    .map(move |(time, value)| ((series.labels.clone(), time), value.to_bits()))
            })
            .collect();
        for ((labels, time), value) in wanted {
            let key = (labels.clone(), time);
            if still_spooled.samples.contains_key(&key) {
                spooled += 1;
                continue;
            }
            assert_eq!(found.get(&key), Some(&value), "{labels:?} at {time:?} was on disk and is missing");
        }
    }
    println!("{spooled} samples were still in the spool at the end");
    let (events, _) = EmbeddedEvents::open(data.join("events"), EventOptions::default()).unwrap();
    for id in &durable.findings {
        assert!(events.get(id).await.unwrap().is_some(), "finding {id} was on disk and is missing");
    }
}

/// How long the server is away; the full ten minutes are asked for by `LANNER_OUTAGE_SECONDS=600`.
fn outage() -> Duration {
    let given = std::env::var("LANNER_OUTAGE_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(given.unwrap_or(15))
}

#[test]
fn an_agent_outlives_a_server_that_is_away() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let site = Site::new();
    let mut server = site.start_server();
    let mut agent = site.start_agent();
    eventually("the agent is connected", || {
        (server.get("/api/v1/status")?["agents"][0]["state"] == "connected").then_some(())
    });
    server.kill();
    let back = Instant::now() + outage();
    eventually_back(back);
    assert!(agent.0.try_wait().unwrap().is_none(), "the agent goes on without a server");
    let mut seen = Durable::default();
    seen.read_spool(site.agent_data.path());
    assert!(!seen.samples.is_empty() && !seen.findings.is_empty(), "it spooled what it saw");
    server = site.start_server();
    for id in &seen.findings {
        eventually("what was spooled while the server was away", || {
            server.get(&format!("/api/v1/events/{id}"))
        });
    }
    eventually("the agent is connected again", || {
        (server.get("/api/v1/status")?["agents"][0]["state"] == "connected").then_some(())
    });
    end(&mut agent.0, rustix::process::Signal::TERM);
}

/// Something happens now and then until the server is to come back.
fn eventually_back(back: Instant) {
    cat_shadow();
    lanner_e2e::eventually_within(outage() + Duration::from_secs(60), "the end of the outage", || {
        (Instant::now() >= back).then_some(())
    });
    cat_shadow();
}
