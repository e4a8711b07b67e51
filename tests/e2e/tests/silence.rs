//! An agent that says nothing any more is seen to, and told of.

#![allow(clippy::print_stdout, reason = "a test says how long it took")]

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use lanner_e2e::{Lanner, Part, eventually, lanner_binary, machine_has};
use rustix::process::{Pid, Signal, kill_process};

/// An agent in a process of its own; ended when dropped.
struct Agent(Child);

impl Agent {
    fn start(server: &Lanner, key: &std::path::Path, data: &std::path::Path) -> Self {
        let child = Command::new(lanner_binary())
            .args(["agent", "--server", &format!("http://{}", server.agents_address()), "--key-file"])
            .arg(key)
            .args(["--watch-only", &std::process::id().to_string(), "--data-dir"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("start an agent");
        Self(child)
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).expect("a signal");
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until Spotlight counts so many agents as reporting, and says whether one is silent.
fn is_silent_when_reporting(server: &Lanner, reporting: u64) -> bool {
    eventually(&format!("{reporting} agents that report"), || {
        let spotlight = server.get("/api/v1/spotlight")?;
        let attention = spotlight["attention"].as_array()?;
        let is_silent = attention.iter().any(|one| one["kind"] == "agent_silent");
        let counted =
            spotlight["tiles"]["agents_known"] == 1 && spotlight["tiles"]["agents_reporting"] == reporting;
        counted.then_some(is_silent)
    })
}

#[test]
fn an_agent_that_falls_silent_is_on_spotlight_until_it_speaks_again() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let (server_data, agent_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Lanner::start(&["server", "--http-port", "0", "--grpc-port", "0"], server_data.path());
    let agent = Agent::start(&server, &server_data.path().join("agent-key"), agent_data.path());
    assert!(!is_silent_when_reporting(&server, 1));
    agent.signal(Signal::STOP);
    let begun = Instant::now();
    let is_silent = is_silent_when_reporting(&server, 0);
    assert!(is_silent, "{:?}", server.get("/api/v1/spotlight"));
    println!("a silent agent was on Spotlight after {:.1} s", begun.elapsed().as_secs_f64());
    agent.signal(Signal::CONT);
    assert!(!is_silent_when_reporting(&server, 1));
}

#[test]
fn an_agent_without_the_key_is_not_let_in() {
    if !machine_has(&[Part::Bpf]) {
        return;
    }
    let (server_data, agent_data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = Lanner::start(&["server", "--http-port", "0", "--grpc-port", "0"], server_data.path());
    let wrong = agent_data.path().join("wrong-key");
    std::fs::write(&wrong, "lnra_this_is_not_the_key").unwrap();
    let stranger = Agent::start(&server, &wrong, agent_data.path());
    let refused = || {
        let text = server.raw("/metrics")?.1;
        let line = text.lines().find(|line| line.starts_with("lanner_server_agents_refused_total"))?;
        line.rsplit(' ').next()?.parse::<f64>().ok().filter(|count| *count > 0.0)
    };
    eventually("a refusal", refused);
    let agents = server.get("/api/v1/agents").expect("an answer");
    assert_eq!(agents.as_array().map(Vec::len), Some(0), "{agents}");
    drop(stranger);
}
