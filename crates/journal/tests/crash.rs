//! A process is killed while it appends; whatever it had acknowledged is there afterwards.

use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use lanner_journal::{Journal, Options, Sequence};

const ROUNDS: u32 = 20;
const CHILD_FOLDER: &str = "LANNER_CRASH_FOLDER";

/// The test starts itself again as the process to be killed.
#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    if let Some(folder) = std::env::var_os(CHILD_FOLDER) {
        append_until_killed(Path::new(&folder));
    }
    let folder = tempfile::tempdir().expect("folder");
    let mut random = Random::seeded();
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        acknowledged = acknowledged.max(run_and_kill(folder.path(), 1 + random.below(120)));
        let (journal, recovery) = Journal::open(folder.path(), options()).expect("open");
        assert!(recovery.damage.is_empty(), "round {round}: {recovery:?}");
        let mut expected = Sequence::FIRST;
        for entry in journal.read_from(Sequence::FIRST) {
            let entry = entry.expect("good");
            assert_eq!(entry.sequence, expected, "round {round}");
            assert_eq!(entry.payload, payload(entry.sequence), "round {round}");
            expected = expected.next();
        }
        let last = expected.previous().0;
        assert!(last >= acknowledged, "round {round}: {acknowledged} acknowledged, {last} there");
    }
    assert!(acknowledged >= u64::from(ROUNDS));
}

fn options() -> Options {
    Options { segment_bytes: 8 << 10, ..Options::default() }
}

fn payload(sequence: Sequence) -> Vec<u8> {
    let length = sequence.0.wrapping_mul(0x9e37_79b9) % 700;
    (0..length).map(|at| (at ^ sequence.0) as u8).collect()
}

/// Runs the child, reads that many acknowledgements, kills it, reads what it still said; gives the
/// highest number acknowledged.
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

fn append_until_killed(folder: &Path) -> ! {
    let (mut journal, _) = Journal::open(folder, options()).expect("open");
    let mut output = std::io::stdout().lock();
    loop {
        let group = 1 + journal.next_sequence().0 % 5;
        for _ in 0..group {
            journal.append(&payload(journal.next_sequence())).expect("append");
        }
        let durable = journal.sync().expect("sync");
        if writeln!(output, "ack {durable}.").and_then(|()| output.flush()).is_err() {
            std::process::exit(0);
        }
    }
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
