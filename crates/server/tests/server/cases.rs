//! What tests send.

use std::time::{SystemTime, UNIX_EPOCH};

use lanner_api::agent::{Batch, FromAgent, Hello, Rule};
use lanner_api::http::Decision;
use lanner_model::finding::{Finding, MatchedCondition, Priority, ProcessNode};
use lanner_model::resource::{
    ContainerInfo, ContainerRuntime, ContainerUsage, HostUsage, LiveTable, ProcessUsage, Usage,
};
use lanner_model::series::{Labels, Sample};
use lanner_model::time::{WallMs, WallNs};
use lanner_server::{Server, ServerConfig};
use tempfile::TempDir;

pub(crate) const CONTAINER: &str = "3ac54dc21e3f9b16";
/// The password of the user `admin` of every server here.
pub(crate) const ADMIN_PASSWORD: &str = "a password for tests";
/// When process 42 began.
pub(crate) const START: WallNs = WallNs(1_700_000_000_120_000_000);

pub(crate) fn now_ms() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    since_epoch.as_millis() as i64
}

/// A server on free ports, and its data folder.
pub(crate) async fn server() -> (Server, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    (start(folder.path()).await, folder)
}

pub(crate) async fn start(folder: &std::path::Path) -> Server {
    Server::start(config(folder)).await.expect("the server starts")
}

pub(crate) fn config(folder: &std::path::Path) -> ServerConfig {
    let mut config = ServerConfig::new(folder);
    config.listen_http.set_port(0);
    config.listen_grpc.set_port(0);
    config.admin_password = Some(ADMIN_PASSWORD.to_owned().into());
    config
}

pub(crate) fn hello() -> Hello {
    Hello {
        agent: "agent-1".into(),
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
    }
}

pub(crate) fn container() -> ContainerInfo {
    ContainerInfo {
        id: CONTAINER.into(),
        runtime: ContainerRuntime::Containerd,
        name: "web".into(),
        image: "nginx:1.27".into(),
        ..ContainerInfo::default()
    }
}

/// `cat /etc/shadow` below `sh`, in the container.
pub(crate) fn finding(time: WallNs, number: u32, priority: Priority) -> Finding {
    let process = |pid, comm: &str, start| ProcessNode {
        pid,
        vpid: pid - 40,
        comm: comm.into(),
        exepath: format!("/bin/{comm}"),
        cmdline: format!("{comm} /etc/shadow"),
        start,
        container: CONTAINER.into(),
        ..ProcessNode::default()
    };
    Finding {
        id: Finding::make_id(time, number, &"worker-1".into()),
        time,
        node: "worker-1".into(),
        rule: "Read of a credential file".into(),
        priority,
        tags: vec!["filesystem".into()],
        output: format!("cat read /etc/shadow ({number})"),
        event_number: u64::from(number),
        event_type: "openat".into(),
        fields: vec![("fd.name".into(), "/etc/shadow".into())],
        matched: vec![MatchedCondition {
            text: "fd.name = /etc/shadow".into(),
            field: "fd.name".into(),
            value: Some("/etc/shadow".into()),
            negated: false,
        }],
        ancestry: vec![process(42, "cat", START), process(41, "sh", WallNs(0))],
        container: Some(container()),
        capture: Some("18ca2f1c6ad60000-7b1f".into()),
    }
}

/// A finding of this moment.
pub(crate) fn finding_now(number: u32, priority: Priority) -> Finding {
    finding(WallMs(now_ms()).nanos(), number, priority)
}

pub(crate) fn batch(sequence: u64, samples: Vec<Sample>, findings: Vec<Finding>) -> FromAgent {
    FromAgent::Batch(Batch { sequence, samples, findings })
}

/// CPU time of process 42: a quarter of a CPU over the last ten minutes.
pub(crate) fn cpu_samples() -> Vec<Sample> {
    let labels = Labels::new(
        "lanner_process_cpu_seconds_total",
        [("node", "worker-1"), ("pid", "42"), ("start", "1700000000.12"), ("comm", "cat")],
    );
    let first = now_ms() - 600_000;
    let sample =
        |n: i64| Sample { labels: labels.clone(), time: WallMs(first + n * 10_000), value: 2.5 * n as f64 };
    (0..=60).map(sample).collect()
}

/// A table with one container and two processes, `cat` in it and `init` not.
pub(crate) fn table(cpu_cores: f64) -> FromAgent {
    let usage = |cpu| Usage { cpu_cores: Some(cpu), memory_bytes: Some(1 << 20), ..Usage::default() };
    let process = |pid, comm: &str, container: &str, cpu| ProcessUsage {
        pid,
        ppid: 1,
        start: START,
        comm: comm.into(),
        exepath: format!("/bin/{comm}"),
        cmdline: comm.into(),
        user: "root".into(),
        uid: 0,
        container: container.into(),
        state: 'R',
        usage: usage(cpu),
    };
    FromAgent::LiveTable(LiveTable {
        node: "worker-1".into(),
        time: WallMs(now_ms()),
        host: HostUsage { cpus: 4, memory_total_bytes: 1 << 30, usage: usage(1.0) },
        containers: vec![ContainerUsage {
            info: container(),
            cpu_limit_cores: Some(0.5),
            memory_limit_bytes: None,
            usage: usage(cpu_cores),
        }],
        processes: vec![process(42, "cat", CONTAINER, cpu_cores), process(1, "init", "", 0.0)],
    })
}
