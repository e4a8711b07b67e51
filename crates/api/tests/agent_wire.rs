//! The wire form of every message, byte by byte. A file of `golden/` is never changed once shipped:
//! it must be read for ever. `UPDATE_EXPECT=1` writes those that are missing.

use std::path::PathBuf;

use lanner_api::agent::{
    AgentMessage, Batch, CaptureAck, CaptureEnd, CapturePart, CapturePhase, CaptureReason, CaptureRefused,
    CaptureScope, CaptureState, FromAgent, FromServer, Hello, Rule, ServerMessage, StartCapture, Status,
};
use lanner_api::http::{Decision, LossCount};
use lanner_model::finding::{Finding, MatchedCondition, Priority, ProcessNode};
use lanner_model::id::{CaptureId, CgroupId, Pid, ProcessKey};
use lanner_model::resource::{
    ContainerInfo, ContainerRuntime, ContainerUsage, HostUsage, LiveTable, ProcessUsage, Usage,
};
use lanner_model::series::{Labels, Sample};
use lanner_model::time::{WallMs, WallNs};
use prost::Message;

/// `bytes` are those of the file, which is returned to be read back.
fn check_golden(name: &str, bytes: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/agent-v1")).join(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() && !path.exists() {
        std::fs::write(&path, bytes).expect("the golden file is written");
    }
    let golden = std::fs::read(&path).expect("the golden file is there (UPDATE_EXPECT=1 makes it)");
    assert_eq!(bytes, golden, "{name}: the wire form has changed");
    golden
}

fn check_agent(name: &str, message: FromAgent) {
    let bytes = AgentMessage::from(message.clone()).encode_to_vec();
    let golden = check_golden(name, &bytes);
    let decoded = AgentMessage::decode(&*golden).expect("the golden file is a message");
    assert_eq!(FromAgent::try_from(decoded), Ok(message));
}

fn check_server(name: &str, message: FromServer) {
    let bytes = ServerMessage::from(message.clone()).encode_to_vec();
    let golden = check_golden(name, &bytes);
    let decoded = ServerMessage::decode(&*golden).expect("the golden file is a message");
    assert_eq!(FromServer::try_from(decoded), Ok(message));
}

fn container() -> ContainerInfo {
    ContainerInfo {
        id: "3ac54dc21e3f9b16a1e2a3f2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2".into(),
        runtime: ContainerRuntime::Containerd,
        name: "web".into(),
        image: "docker.io/library/nginx:1.27".into(),
        pod_uid: "5f0c1c2e-7d3a-4b8e-9a55-0a1b2c3d4e5f".into(),
        cgroup_path: "/kubepods/burstable/pod5f0c1c2e/3ac54dc21e3f".into(),
        cgroup: CgroupId(4711),
    }
}

fn usage() -> Usage {
    Usage {
        cpu_cores: Some(0.25),
        memory_bytes: Some(1 << 20),
        disk_read_bps: Some(0.0),
        disk_write_bps: None,
        net_rx_bps: Some(1500.5),
        net_tx_bps: None,
        threads: Some(4),
        fds: Some(0),
    }
}

#[test]
fn hello_keeps_its_bytes() {
    check_agent(
        "hello.bin",
        FromAgent::Hello(Hello {
            agent: "7b1f".into(),
            node: "worker-1".into(),
            version: "0.1.0".into(),
            kernel: "6.18.5".into(),
            arch: "x86_64".into(),
            decisions: vec![Decision {
                feature: "tp_btf".into(),
                used: true,
                reason: "the kernel has BTF".into(),
            }],
            rules: vec![Rule {
                name: "Read of a credential file".into(),
                description: "A program that has no business there.".into(),
                priority: Priority::Warning,
                tags: vec!["filesystem".into()],
                condition: "fd.name = /etc/shadow".into(),
                enabled: true,
                file: "credentials.yaml".into(),
            }],
        }),
    );
}

#[test]
fn batch_keeps_its_bytes() {
    let labels =
        Labels::new("node_cpu_seconds_total", [("node", "worker-1"), ("mode", "user"), ("cpu", "0")]);
    let sample = |time: i64, value: f64| Sample {
        labels: labels.clone(),
        time: WallMs(1_700_000_000_000 + time),
        value,
    };
    check_agent(
        "batch.bin",
        FromAgent::Batch(Batch {
            sequence: 300,
            samples: vec![sample(0, 1.5), sample(10_000, 2.5)],
            findings: vec![Finding {
                id: "1797d5b4c8f2a000000000001-worker-1".into(),
                time: WallNs(1_700_000_000_123_456_789),
                node: "worker-1".into(),
                rule: "Read of a credential file".into(),
                priority: Priority::Warning,
                tags: vec!["filesystem".into(), "T1003".into()],
                output: "cat read /etc/shadow".into(),
                event_number: 42,
                event_type: "openat".into(),
                fields: vec![("fd.name".into(), "/etc/shadow".into())],
                matched: vec![MatchedCondition {
                    text: "fd.name = /etc/shadow".into(),
                    field: "fd.name".into(),
                    value: Some("/etc/shadow".into()),
                    negated: false,
                }],
                ancestry: vec![ProcessNode {
                    pid: 4242,
                    vpid: 7,
                    comm: "cat".into(),
                    exepath: "/bin/cat".into(),
                    cmdline: "cat /etc/shadow".into(),
                    user: "root".into(),
                    uid: 0,
                    start: WallNs(1_700_000_000_120_000_000),
                    container: container().id,
                }],
                container: Some(container()),
                capture: None,
            }],
        }),
    );
}

#[test]
fn live_table_keeps_its_bytes() {
    check_agent(
        "live_table.bin",
        FromAgent::LiveTable(LiveTable {
            node: "worker-1".into(),
            time: WallMs(1_700_000_000_000),
            host: HostUsage { cpus: 2, memory_total_bytes: 8 << 30, usage: usage() },
            containers: vec![ContainerUsage {
                info: container(),
                cpu_limit_cores: Some(0.5),
                memory_limit_bytes: None,
                usage: usage(),
            }],
            processes: vec![ProcessUsage {
                pid: 4242,
                ppid: 1,
                start: WallNs(1_700_000_000_120_000_000),
                comm: "nginx".into(),
                exepath: "/usr/sbin/nginx".into(),
                cmdline: "nginx -g daemon off;".into(),
                user: String::new(),
                uid: 101,
                container: container().id,
                state: 'S',
                usage: Usage::default(),
            }],
        }),
    );
}

#[test]
fn status_keeps_its_bytes() {
    check_agent(
        "status.bin",
        FromAgent::Status(Status {
            losses: vec![LossCount { cause: "ring_full".into(), place: "cpu0".into(), count: 12 }],
            events_per_second: Some(1234.5),
            cpu_cores: Some(0.02),
            memory_bytes: None,
        }),
    );
}

#[test]
fn what_the_server_says_keeps_its_bytes() {
    check_server("welcome.bin", FromServer::Welcome { last_sequence: 299 });
    check_server("ack.bin", FromServer::Ack { sequence: 300 });
    check_server("live_interest.bin", FromServer::LiveInterest { interval_s: 2 });
}

#[test]
fn captures_keep_their_bytes() {
    let id = || CaptureId::from("1797d5b4c8f2a000-7b1f");
    check_agent(
        "capture_state.bin",
        FromAgent::CaptureState(CaptureState {
            id: id(),
            phase: CapturePhase::Done,
            reason: CaptureReason::Rule("Read of a credential file".into()),
            finding: Some("1797d5b4c8f2a000000000001-worker-1".into()),
            scope: CaptureScope::Container(container().id),
            container: Some(container()),
            command: "cat".into(),
            trigger: WallNs(1_700_000_000_123_456_789),
            asked_before_ms: 5_000,
            reached_before_ms: Some(3_210),
            from: WallNs(1_699_999_996_913_456_789),
            to: WallNs(1_700_000_005_123_456_789),
            events: 1234,
            bytes: 98_765,
            lost: 3,
            error: String::new(),
        }),
    );
    check_agent(
        "capture_part.bin",
        FromAgent::CapturePart(CapturePart {
            id: id(),
            offset: 300,
            data: vec![0x0a, 0x0d, 0x0d, 0x0a],
            end: Some(CaptureEnd { size: 304, sha256: [7; 32] }),
        }),
    );
    let process = ProcessKey { pid: Pid(4242), start: WallNs(1_700_000_000_120_000_000) };
    check_server(
        "start_capture.bin",
        FromServer::StartCapture(StartCapture {
            id: id(),
            scope: CaptureScope::Process(process),
            before_ms: 5_000,
            duration_ms: 30_000,
            max_bytes: Some(64 << 20),
        }),
    );
    check_server("stop_capture.bin", FromServer::StopCapture { id: id() });
    check_server("capture_ack.bin", FromServer::CaptureAck(CaptureAck { id: id(), offset: 304 }));
    check_server(
        "capture_refused.bin",
        FromServer::CaptureRefused(CaptureRefused { id: id(), reason: "the disk is full".into() }),
    );
}
