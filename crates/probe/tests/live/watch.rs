//! Runs a program of `tests/progs` under the probe and collects what it told.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lanner_model::event::{EventRef, EventType};
use lanner_model::id::Pid;
use lanner_model::loss::Loss;
use lanner_model::source::{Next, Source};
use lanner_probe::{
    Decisions, Facts, Flight, Interest, OwnEvents, Probe, ProbeConfig, Roots, Scope, Snapshot, Wishes, decide,
};

/// What is asked of a run beside its program.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) interest: Option<Interest>,
    pub(crate) snaplen: Option<u32>,
    /// Calls whose program is replaced by an empty one.
    pub(crate) emptied: &'static [&'static str],
}

/// A program that has run, and its events.
pub(crate) struct Run {
    pub(crate) pid: i64,
    pub(crate) program: PathBuf,
    pub(crate) events: Vec<Owned>,
    /// What was lost meanwhile, of this program or of any other in scope.
    pub(crate) losses: Vec<Loss>,
    /// What the program printed as `name=value`.
    facts: BTreeMap<String, String>,
    // Holds the program and its working directory.
    _dir: tempfile::TempDir,
}

/// An event that outlives its ring.
pub(crate) struct Owned(Vec<u8>);

impl Owned {
    pub(crate) fn event(&self) -> EventRef<'_> {
        EventRef::parse(&self.0).unwrap()
    }
}

/// Runs `tests/progs/STEM.c`. `None` when this machine cannot run the probe; why has been printed.
pub(crate) fn watch(stem: &str) -> Option<Run> {
    watch_with(stem, &Setup::default())
}

/// What is decided for this machine; `None` when it cannot run the probe, and why has been printed.
pub(crate) fn able() -> Option<Decisions> {
    let facts = Facts::read(&Roots::default());
    let decisions = decide(&facts, &Wishes { ring_budget_mib: 4, flight_recorder_mib: 8 });
    if let Err(problem) = decisions.check() {
        let required = std::env::var("LANNER_REQUIRE").is_ok_and(|parts| parts.contains("bpf"));
        assert!(!required, "LANNER_REQUIRE has bpf, but {problem}");
        skip(&problem.to_string());
        return None;
    }
    Some(decisions)
}

/// Says that a test, or a part of one, did not run, and which fact is to blame.
#[expect(clippy::print_stdout, reason = "the runner of all tests counts these lines")]
pub(crate) fn skip(fact: &str) {
    println!("skipped: {fact}");
}

pub(crate) fn watch_with(stem: &str, setup: &Setup) -> Option<Run> {
    let decisions = able()?;
    let dir = tempfile::tempdir().unwrap();
    let program = compile(stem, dir.path());
    let config = ProbeConfig {
        interest: setup.interest.clone().unwrap_or_else(|| Interest::everything().and(&Interest::lives())),
        scope: Scope::Only { processes: vec![Pid(i64::from(std::process::id()))], cgroups: Vec::new() },
        snaplen: setup.snaplen.unwrap_or(80),
        own_events: OwnEvents::LeftOut,
        snapshot: Snapshot::None,
        flight: Flight::Off,
    };
    let mut probe = Probe::start_with(&decisions, &config, setup.emptied).unwrap();
    assert_eq!(probe.rejected(), [], "the kernel takes every program");
    let child = Command::new(&program)
        .arg0(stem)
        .args(["one", "two words"])
        .current_dir(dir.path())
        .env_clear()
        .env("LANNER_TEST", stem)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = i64::from(child.id());
    let events = collect(&mut probe, pid);
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let facts = text
        .split_whitespace()
        .filter_map(|word| word.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Some(Run { pid, program, events, losses: probe.losses(), facts, _dir: dir })
}

impl Run {
    pub(crate) fn text(&self, name: &str) -> &str {
        self.facts.get(name).unwrap_or_else(|| panic!("the program printed no `{name}`: {:?}", self.facts))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.facts.contains_key(name)
    }

    pub(crate) fn number(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or_else(|_| panic!("`{name}` is no number: {}", self.text(name)))
    }

    pub(crate) fn dir(&self) -> &Path {
        self._dir.path()
    }

    /// The only event of a type that a condition holds for.
    pub(crate) fn only(
        &self,
        event_type: EventType,
        mut holds: impl FnMut(&EventRef<'_>) -> bool,
    ) -> Result<EventRef<'_>, String> {
        let found: Vec<EventRef<'_>> = self
            .events
            .iter()
            .map(Owned::event)
            .filter(|event| event.event_type() == event_type && holds(event))
            .collect();
        match found[..] {
            [event] => Ok(event),
            _ => {
                let all: Vec<EventRef<'_>> = self.events.iter().map(Owned::event).collect();
                Err(format!("{} events {event_type:?} instead of one, among {all:#?}", found.len()))
            }
        }
    }
}

/// The events of a process and of those it makes, until it has ended.
fn collect(probe: &mut Probe, pid: i64) -> Vec<Owned> {
    // Nothing for so long means that the end was missed, and the test says what there was.
    const MOST_IDLE: usize = 5_000;
    let mut family = BTreeSet::from([pid]);
    let mut events = Vec::new();
    let mut idle = 0;
    let mut running = false;
    while idle < MOST_IDLE {
        match probe.next().unwrap() {
            Next::Event(delivery) => {
                let event = delivery.event;
                let born = event.event_type() == EventType::SYSCALL_CLONE_20_X && event.i64(0) == Some(0);
                let of_family = |index| event.i64(index).is_some_and(|pid| family.contains(&pid));
                if born && (of_family(4) || of_family(5)) {
                    family.insert(event.tid().0);
                }
                let exec = event.event_type() == EventType::SYSCALL_EXECVE_19_X && event.tid().0 == pid;
                // What came before was the test itself, between fork and exec.
                running |= exec && event.i64(0) == Some(0);
                if running && family.contains(&event.tid().0) {
                    events.push(Owned(event.bytes().to_vec()));
                }
                if event.event_type() == EventType::PROCEXIT_1_E && event.tid().0 == pid {
                    return events;
                }
            }
            Next::Idle => idle += 1,
            Next::Record(_) | Next::Loss(_) | Next::End => {}
        }
    }
    let seen: Vec<EventRef<'_>> = events.iter().map(Owned::event).collect();
    panic!("the end of {pid} was not told; losses {:?}; seen {seen:#?}", probe.losses());
}

/// Compiles `tests/progs/STEM.c` into a folder.
pub(crate) fn compile(stem: &str, dir: &Path) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/progs").join(format!("{stem}.c"));
    let program = dir.join(stem);
    let status = Command::new("cc")
        .args(["-O1", "-Wall", "-Werror", "-pthread", "-o"])
        .arg(&program)
        .arg(&source)
        .status();
    assert!(status.unwrap().success(), "cc could not compile {}", source.display());
    program
}
