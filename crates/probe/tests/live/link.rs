//! Connections, as they are summed in the kernel.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lanner_model::id::Pid;
use lanner_model::source::{Next, Source};
use lanner_probe::{
    Interest, LinkCounts, LinkGrowth, LinkReader, LinkSide, Probe, ProbeConfig, Scope, Snapshot,
};

use crate::watch::{able, compile, skip};

/// A program of `tests/progs` that waits for its standard input.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    facts: BTreeMap<String, u64>,
    _dir: tempfile::TempDir,
}

impl Running {
    pub(crate) fn start(stem: &str, before: &[&str], arguments: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let program = compile(stem, dir.path());
        let mut line: Vec<String> = before.iter().map(|word| (*word).to_owned()).collect();
        line.push(program.to_string_lossy().into_owned());
        line.extend(arguments.iter().map(|word| (*word).to_owned()));
        let mut child = Command::new(&line[0])
            .args(&line[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdin, stdout) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, stdin, stdout, facts: BTreeMap::new(), _dir: dir }
    }

    /// Waits until it says that it waits.
    pub(crate) fn wait(&mut self) {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        let facts = line.split_whitespace().filter_map(|word| word.split_once('='));
        self.facts.extend(facts.map(|(name, value)| (name.to_owned(), value.parse().unwrap())));
    }

    pub(crate) fn go_on(&mut self) {
        self.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    pub(crate) fn fact(&self, name: &str) -> Option<u64> {
        self.facts.get(name).copied()
    }

    pub(crate) fn end(mut self) {
        drop(self.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

/// A probe that watches only this process's children.
pub(crate) fn probe() -> Option<Probe> {
    let decisions = able()?;
    let config = ProbeConfig {
        interest: Interest::nothing(),
        scope: Scope::Only { processes: vec![Pid(i64::from(std::process::id()))], cgroups: Vec::new() },
        snapshot: Snapshot::None,
        ..ProbeConfig::default()
    };
    // Children join the scope by the event of their birth.
    let config = ProbeConfig { interest: Interest::lives().and(&config.interest), ..config };
    let probe = Probe::start(&decisions, &config).unwrap();
    assert_eq!(probe.rejected(), [], "the kernel takes every program");
    Some(probe)
}

/// What a reader says of one side of the links of a program, all looks together.
struct Sums {
    reader: LinkReader,
    links: BTreeMap<(String, LinkSide, String, u16, u64), LinkGrowth>,
}

impl Sums {
    fn look(&mut self) {
        let look = self.reader.look().unwrap();
        assert_eq!(look.losses, []);
        self.links.values_mut().for_each(|one| one.active = 0);
        for one in look.links {
            let link = one.link;
            assert!(self.reader.paths().path(link.cgroup).is_some(), "{link:?}");
            let key = (
                link.comm.text().into_owned(),
                link.side,
                format!("{} {}", link.local, link.peer),
                link.port,
                u64::from(link.netns),
            );
            let sum = self.links.entry(key).or_insert(LinkGrowth { grown: LinkCounts::default(), ..one });
            let (to, from) = (&mut sum.grown, one.grown);
            to.connections += from.connections;
            to.failed += from.failed;
            to.closed += from.closed;
            to.sent += from.sent;
            to.received += from.received;
            sum.active = one.active;
        }
    }

    fn of(&self, run: &Running, side: LinkSide, ends: &str, port: u64) -> Option<(LinkCounts, u64)> {
        let key = ("link".to_owned(), side, ends.to_owned(), port as u16, run.fact("netns").unwrap());
        self.links.get(&key).map(|sum| (sum.grown, sum.active))
    }
}

const V4: &str = "127.0.0.1 127.0.0.1";

#[test]
fn connections_are_counted_with_their_bytes_on_both_sides() {
    let Some(mut probe) = probe() else { return };
    let mut sums = Sums { reader: probe.links().unwrap().unwrap(), links: BTreeMap::new() };
    sums.look();
    let mut run = Running::start("link", &[], &[]);
    run.wait();
    sums.look();
    let port = run.fact("port").unwrap();
    let mapped = run.fact("mapped").unwrap_or(0);
    // One stays open: what it has carried so far is told already.
    let client = LinkCounts {
        connections: 41 + mapped,
        failed: 0,
        closed: 40 + mapped,
        sent: 5_000 + 20 * 2_000 + 20 * 40 + 11 * mapped,
        received: 20 * 300 + 20 * 7,
    };
    let server = LinkCounts { sent: client.received, received: client.sent, ..client };
    assert_eq!(sums.of(&run, LinkSide::Client, V4, port), Some((client, 1)));
    assert_eq!(sums.of(&run, LinkSide::Server, V4, port), Some((server, 1)));
    let failed = LinkCounts { failed: 3, ..LinkCounts::default() };
    assert_eq!(sums.of(&run, LinkSide::Client, V4, 1), Some((failed, 0)));
    match run.fact("port6") {
        None => skip("no IPv6 on the loopback interface"),
        Some(port) => {
            let client = LinkCounts { connections: 1, failed: 0, closed: 1, sent: 60, received: 0 };
            let server = LinkCounts { sent: 0, received: 60, ..client };
            assert_eq!(sums.of(&run, LinkSide::Client, "::1 ::1", port), Some((client, 0)));
            assert_eq!(sums.of(&run, LinkSide::Server, "::1 ::1", port), Some((server, 0)));
        }
    }

    run.go_on();
    run.wait();
    sums.look();
    let ended = |counts: LinkCounts| LinkCounts { closed: counts.connections, ..counts };
    assert_eq!(sums.of(&run, LinkSide::Client, V4, port), Some((ended(client), 0)));
    assert_eq!(sums.of(&run, LinkSide::Server, V4, port), Some((ended(server), 0)));
    run.end();
    // Whatever is idle is taken out, and nothing counts a second time.
    for _ in 0..3 {
        sums.look();
    }
    let found = sums.links.iter().find(|((name, side, _, at, _), _)| {
        (name.as_str(), *side, u64::from(*at)) == ("link", LinkSide::Client, port)
    });
    assert_eq!(found.unwrap().1.grown, ended(client));
}

#[test]
fn a_connection_that_stood_counts_from_the_first_look_on() {
    // What runs already is in scope by its control group only, so here everybody is.
    let Some(decisions) = able() else { return };
    let mut run = Running::start("link", &[], &["stand"]);
    run.wait();
    let config =
        ProbeConfig { interest: Interest::nothing(), snapshot: Snapshot::None, ..ProbeConfig::default() };
    let mut probe = Probe::start(&decisions, &config).unwrap();
    let mut sums = Sums { reader: probe.links().unwrap().unwrap(), links: BTreeMap::new() };
    sums.look();
    let port = run.fact("port").unwrap();
    let stands = Some((LinkCounts::default(), 1));
    assert_eq!(sums.of(&run, LinkSide::Client, V4, port), stands);
    assert_eq!(sums.of(&run, LinkSide::Server, V4, port), stands);
    run.go_on();
    run.wait();
    sums.look();
    let counts = LinkCounts { sent: 700, ..LinkCounts::default() };
    assert_eq!(sums.of(&run, LinkSide::Client, V4, port), Some((counts, 1)));
    let counts = LinkCounts { received: 700, ..LinkCounts::default() };
    assert_eq!(sums.of(&run, LinkSide::Server, V4, port), Some((counts, 1)));
    run.end();
}

#[test]
fn who_is_out_of_scope_has_no_links() {
    let Some(decisions) = able() else { return };
    let config = ProbeConfig {
        interest: Interest::nothing(),
        scope: Scope::Only { processes: vec![Pid(1)], cgroups: Vec::new() },
        snapshot: Snapshot::None,
        ..ProbeConfig::default()
    };
    let mut probe = Probe::start(&decisions, &config).unwrap();
    let mut reader = probe.links().unwrap().unwrap();
    reader.look().unwrap();
    let mut run = Running::start("link", &[], &[]);
    run.wait();
    let look = reader.look().unwrap();
    let port = run.fact("port").unwrap() as u16;
    assert!(look.links.iter().all(|one| one.link.port != port), "{:?}", look.links);
    assert!(look.listeners.iter().all(|one| one.port != port), "{:?}", look.listeners);
    run.go_on();
    run.wait();
    run.end();
}

#[test]
fn equal_addresses_in_two_network_namespaces_are_two_links() {
    let Some(mut probe) = probe() else { return };
    let mut sums = Sums { reader: probe.links().unwrap().unwrap(), links: BTreeMap::new() };
    let up = "ip link set lo up && exec \"$0\"";
    let mut runs = [(), ()].map(|()| Running::start("link", &["unshare", "-n", "sh", "-c", up], &[]));
    runs.iter_mut().for_each(Running::wait);
    if runs.iter().any(|run| run.fact("port").is_none()) {
        skip("no network namespace can be made");
        return;
    }
    sums.look();
    assert_ne!(runs[0].fact("netns"), runs[1].fact("netns"));
    for run in &runs {
        let (counts, active) = sums.of(run, LinkSide::Server, V4, run.fact("port").unwrap()).unwrap();
        assert_eq!((counts.connections - run.fact("mapped").unwrap_or(0), active), (41, 1));
    }
    runs.iter_mut().for_each(Running::go_on);
    for mut run in runs {
        run.wait();
        run.end();
    }
}

#[test]
fn who_listens_is_told() {
    let Some(mut probe) = probe() else { return };
    let mut reader = probe.links().unwrap().unwrap();
    let mut run = Running::start("link", &[], &["stand"]);
    run.wait();
    let look = reader.look().unwrap();
    let port = run.fact("port").unwrap();
    let found: Vec<_> = look.listeners.iter().filter(|one| u64::from(one.port) == port).collect();
    assert_eq!(found.len(), 1, "{:?}", look.listeners);
    let netns = u64::from(found[0].netns);
    assert_eq!((found[0].comm.text().as_ref(), found[0].address.to_string().as_str()), ("link", "127.0.0.1"));
    assert_eq!(Some(netns), run.fact("netns"));
    run.go_on();
    run.wait();
    run.end();
}

#[test]
fn events_come_as_before_while_links_are_read() {
    let Some(mut probe) = probe() else { return };
    let _reader = probe.links().unwrap();
    let run = Running::start("link", &[], &["stand"]);
    let mut idle = 0;
    let mut born = 0;
    while idle < 3 {
        match probe.next().unwrap() {
            Next::Event(_) => born += 1,
            Next::Idle => idle += 1,
            _ => {}
        }
    }
    assert!(born > 0);
    run.end();
}
