//! A process is killed while it writes samples and findings, maintains and checkpoints; whatever it
//! had acknowledged is there afterwards, and nothing twice.

use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use lanner_model::finding::{Finding, Priority};
use lanner_model::id::NodeName;
use lanner_model::series::{Labels, Sample};
use lanner_model::time::{WallMs, WallNs};
use lanner_store::{
    EmbeddedEvents, EmbeddedMetrics, EventOptions, EventStore, MetricOptions, MetricStore, QuerySpec,
};

const ROUNDS: u32 = 20;
const CHILD_FOLDER: &str = "LANNER_CRASH_FOLDER";
const SERIES: u64 = 3;
const MINUTE_NS: u64 = 60_000_000_000;
/// A round hour.
const START_MS: i64 = 472_222 * 3_600_000;

/// The test starts itself again as the process to be killed.
#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
    if let Some(folder) = std::env::var_os(CHILD_FOLDER) {
        runtime.block_on(write_until_killed(Path::new(&folder)));
    }
    let folder = tempfile::tempdir().expect("folder");
    let mut random = Random::seeded();
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        acknowledged = acknowledged.max(run_and_kill(folder.path(), 1 + random.below(60)));
        let there = runtime.block_on(count(folder.path(), round));
        assert!(there >= acknowledged, "round {round}: {acknowledged} acknowledged, {there} there");
    }
    assert!(acknowledged >= u64::from(ROUNDS));
}

/// Batch number `n`: a sample of each series and a finding, a minute after the batch before, so that
/// hours go by.
fn batch(n: u64) -> (Vec<Sample>, Finding) {
    let time = WallMs(START_MS + n as i64 * 60_000);
    let sample = |series: u64| Sample {
        labels: Labels::new("m", [("series", series.to_string())]),
        time,
        value: (n * 10 + series) as f64,
    };
    let node = NodeName::from("node");
    let finding = Finding {
        id: Finding::make_id(time.nanos(), n as u32, &node),
        time: time.nanos(),
        node,
        rule: "rule".to_owned(),
        priority: Priority::Critical,
        tags: vec![],
        output: "x".repeat(n as usize % 300),
        event_number: n,
        event_type: "execve".to_owned(),
        fields: vec![],
        matched: vec![],
        ancestry: vec![],
        container: None,
        capture: None,
    };
    ((0..SERIES).map(sample).collect(), finding)
}

fn open(folder: &Path) -> (EmbeddedMetrics, EmbeddedEvents) {
    let keep_all = 1000 * 24 * 3_600_000;
    let metric =
        MetricOptions { retention_ms: keep_all, checkpoint_log_bytes: 2000, ..MetricOptions::default() };
    let event = EventOptions { retention_ns: keep_all as u64 * 1_000_000, ..EventOptions::default() };
    let (metrics, recovery) = EmbeddedMetrics::open(folder.join("metrics"), metric).expect("open");
    assert!(recovery.is_clean(), "{recovery:?}");
    let (events, recovery) = EmbeddedEvents::open(folder.join("events"), event).expect("open");
    assert!(recovery.is_clean(), "{recovery:?}");
    (metrics, events)
}

/// How many batches are there from the first on; each must be whole but the last, and right.
async fn count(folder: &Path, round: u32) -> u64 {
    let (metrics, events) = open(folder);
    let series = metrics.range(&[], WallMs(i64::MIN), WallMs(i64::MAX)).await.expect("range");
    let mut fewest = u64::MAX;
    for (number, data) in (0..).zip(&series) {
        for (n, (time, value)) in (0..).zip(&data.points) {
            let expected = &batch(n).0[number];
            assert_eq!((*time, *value), (expected.time, expected.value), "round {round}");
        }
        fewest = fewest.min(data.points.len() as u64);
    }
    let page =
        events.query(&QuerySpec { limit: usize::MAX - 1, ..QuerySpec::default() }).await.expect("query");
    let mut findings = page.findings().expect("findings");
    findings.reverse();
    for (n, found) in (0..).zip(&findings) {
        assert_eq!(*found, batch(n).1, "round {round}");
    }
    fewest.min(findings.len() as u64)
}

async fn write_until_killed(folder: &Path) -> ! {
    let (metrics, events) = open(folder);
    // Some of the last batches again, as an agent does that never got their acknowledgement.
    let mut next =
        events.stats().await.buffered.saturating_add(events.stats().await.stored).saturating_sub(3);
    let mut output = std::io::stdout().lock();
    loop {
        let (samples, finding) = batch(next);
        assert_eq!(metrics.write(&samples).await.expect("write").rejected(), 0);
        events.append(&[finding]).await.expect("append");
        next += 1;
        if writeln!(output, "ack {next}.").and_then(|()| output.flush()).is_err() {
            std::process::exit(0);
        }
        if next.is_multiple_of(7) {
            let now = WallNs(WallMs(START_MS).nanos().0 + next * MINUTE_NS);
            metrics.maintain(now.millis()).await.expect("maintain");
            events.maintain(now).await.expect("maintain");
        }
    }
}

/// Runs the child, reads that many acknowledgements, kills it, reads what it still said; gives how
/// many batches were acknowledged.
fn run_and_kill(folder: &Path, after: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().expect("own path"))
        .args(["--exact", "nothing_acknowledged_is_lost_when_the_process_is_killed", "--nocapture"])
        .env(CHILD_FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("start the child");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let (mut highest, mut seen) = (0, 0);
    for line in output.lines() {
        // The kill may cut the last line short: only a whole line ends with a full stop.
        let line = line.expect("read");
        let number = line.strip_prefix("ack ").and_then(|rest| rest.strip_suffix('.'));
        let Some(number) = number else { continue };
        highest = number.parse().expect("a number");
        seen += 1;
        if seen == after {
            child.kill().expect("kill");
        }
    }
    let status = child.wait().expect("wait");
    assert!(status.code().is_none(), "the child ended by itself: {status}");
    highest
}

/// xorshift64*; the seed is printed and can be given back as `LANNER_SEED`.
struct Random(u64);

impl Random {
    fn seeded() -> Random {
        let given = std::env::var("LANNER_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| RandomState::new().hash_one("seed")) | 1;
        let _ = writeln!(std::io::stderr(), "LANNER_SEED={seed}");
        Random(seed)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % limit
    }
}
