//! What TCP sockets have carried, as the kernel counts it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use lanner_probe::{Interest, Probe, ProbeConfig, Snapshot, SocketBytes};

use crate::watch::{able, compile};

#[test]
fn the_bytes_of_a_connection_are_told_of_both_ends_and_every_holder() {
    let Some(decisions) = able() else { return };
    let config =
        ProbeConfig { interest: Interest::nothing(), snapshot: Snapshot::None, ..ProbeConfig::default() };
    let probe = Probe::start(&decisions, &config).unwrap();
    assert_eq!(probe.rejected(), [], "the kernel takes every program");
    let reader = probe.socket_bytes().unwrap().unwrap();
    drop(probe);

    let dir = tempfile::tempdir().unwrap();
    let mut program = Command::new(compile("socket_bytes", dir.path()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let told: BTreeMap<&str, u64> =
        line.split_whitespace().filter_map(|word| word.split_once('=')).map(number).collect();
    let look = std::thread::spawn(move || reader.look()).join().unwrap().unwrap();
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());

    assert!(look.is_complete);
    let (own, child) = (program.id(), told["child"] as u32);
    let of = |pid: u32, name: &str| -> Vec<(u64, u64)> {
        let is_it = |one: &&SocketBytes| one.pid == pid && one.inode == told[name];
        look.sockets.iter().filter(is_it).map(|one| (one.received, one.sent)).collect()
    };
    assert_eq!(of(own, "client"), [(3_000, 100_000); 2], "once for each descriptor");
    assert_eq!(of(own, "accepted"), [(100_000, 3_000)]);
    assert_eq!(of(child, "client"), [(3_000, 100_000); 2]);
    assert_eq!(of(child, "accepted"), [(100_000, 3_000)]);
    assert_eq!(of(own, "listener"), [], "nothing was carried by it");

    let starts: BTreeMap<u32, u64> = look.processes.iter().map(|one| (one.pid, one.start.0)).collect();
    assert_eq!(starts.len(), look.processes.len(), "each process once");
    assert!(starts[&own] <= starts[&child]);
    assert!(starts.contains_key(&std::process::id()), "also one without such sockets");
}

fn number<'a>((name, value): (&'a str, &str)) -> (&'a str, u64) {
    (name, value.parse().unwrap())
}
