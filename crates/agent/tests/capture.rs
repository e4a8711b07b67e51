//! The agent's captures on this machine's kernel, with a server that takes them: what a rule begins and
//! what a person begins holds the read of a file in a container that is gone.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lanner_agent::{Agent, AgentConfig, Scope};
use lanner_api::agent::{
    AgentMessage, Agents, AgentsServer, CaptureAck, CapturePhase, CaptureReason, CaptureScope, CaptureState,
    FromAgent, FromServer, ServerMessage, StartCapture,
};
use lanner_capture::CaptureReader;
use lanner_model::field::FieldRef;
use lanner_model::finding::Finding;
use lanner_model::id::{CaptureId, Pid};
use lanner_model::source::{Next, Source as _};
use lanner_probe::{Decisions, Facts, Roots, Wishes, decide};
use lanner_state::{Budget, State};
use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, TcpListenerStream};
use tokio_stream::{Stream, StreamExt as _};
use tonic::transport::{Endpoint, Server};
use tonic::{Request, Response, Status, Streaming};

/// What a server has of an agent.
#[derive(Default)]
struct Taken {
    findings: Vec<Finding>,
    states: HashMap<CaptureId, CaptureState>,
    files: HashMap<CaptureId, Vec<u8>>,
    whole: Vec<CaptureId>,
}

type Down = mpsc::Sender<Result<ServerMessage, Status>>;

/// A server that takes everything and tells the agent what the test says.
#[derive(Clone)]
struct Stub {
    taken: Arc<Mutex<Taken>>,
    /// Where to say things to the agent.
    down: Arc<Mutex<Option<Down>>>,
    changed: mpsc::Sender<()>,
}

impl Stub {
    async fn serve(self, mut messages: Streaming<AgentMessage>) {
        while let Some(Ok(message)) = messages.next().await {
            let message = FromAgent::try_from(message).expect("an agent of ours sends what is right");
            let answer = self.take(message);
            let down = self.down.lock().unwrap().clone();
            if let (Some(answer), Some(down)) = (answer, down) {
                let _ = down.send(Ok(answer.into())).await;
            }
            let _ = self.changed.try_send(());
        }
    }

    fn take(&self, message: FromAgent) -> Option<FromServer> {
        let mut taken = self.taken.lock().unwrap();
        match message {
            FromAgent::Hello(_) => Some(FromServer::Welcome { last_sequence: 0 }),
            FromAgent::Batch(batch) => {
                taken.findings.extend(batch.findings);
                Some(FromServer::Ack { sequence: batch.sequence })
            }
            FromAgent::CaptureState(state) => {
                let id = state.id.clone();
                let is_done = state.phase == CapturePhase::Done;
                let offset = taken.files.get(&id).map_or(0, Vec::len) as u64;
                taken.states.insert(id.clone(), state);
                is_done.then_some(FromServer::CaptureAck(CaptureAck { id, offset }))
            }
            FromAgent::CapturePart(part) => {
                let file = taken.files.entry(part.id.clone()).or_default();
                assert_eq!(file.len() as u64, part.offset, "parts come in order");
                file.extend(part.data);
                let offset = file.len() as u64;
                if let Some(end) = part.end {
                    assert_eq!(end.size, offset);
                    taken.whole.push(part.id.clone());
                }
                Some(FromServer::CaptureAck(CaptureAck { id: part.id, offset }))
            }
            FromAgent::LiveTable(_) | FromAgent::Status(_) => None,
        }
    }
}

#[tonic::async_trait]
impl Agents for Stub {
    type ConnectStream = Pin<Box<dyn Stream<Item = Result<ServerMessage, Status>> + Send>>;

    async fn connect(
        &self,
        request: Request<Streaming<AgentMessage>>,
    ) -> Result<Response<Self::ConnectStream>, Status> {
        let (down, out) = mpsc::channel(64);
        *self.down.lock().unwrap() = Some(down);
        tokio::spawn(self.clone().serve(request.into_inner()));
        Ok(Response::new(Box::pin(ReceiverStream::new(out))))
    }
}

/// A control group that is a container to everybody who looks at its path.
struct Container {
    id: String,
    path: PathBuf,
}

impl Container {
    fn make(decisions: &Decisions, number: u32) -> Option<Self> {
        let Some(mount) = decisions.cgroup_mount.clone() else {
            skip("no control groups are mounted");
            return None;
        };
        let id = format!("{number:08x}{:056x}", std::process::id());
        let path = mount.join("lanner-capture-test").join(&id);
        match std::fs::create_dir_all(&path) {
            Ok(()) => Some(Self { id, path }),
            Err(error) => {
                skip(&format!("{} cannot be made: {error}", path.display()));
                None
            }
        }
    }

    /// Runs a program in it to its end.
    fn run(&self, program: &str, argument: &Path) {
        let script = "echo $$ > \"$1/cgroup.procs\" && exec \"$2\" \"$3\"";
        let status = Command::new("/bin/sh")
            .args(["-c", script, "sh"])
            .arg(&self.path)
            .arg(program)
            .arg(argument)
            .stdout(Stdio::null())
            .status();
        assert!(status.unwrap().success());
    }

    fn remove(&self) {
        // The folder above, too, once the other test's container has gone.
        for path in self.path.ancestors().take(2) {
            let _ = std::fs::remove_dir(path);
        }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.remove();
    }
}

#[expect(clippy::print_stdout, reason = "the runner of all tests counts these lines")]
fn skip(fact: &str) {
    println!("skipped: {fact}");
}

fn able() -> Option<Decisions> {
    let decisions = decide(&Facts::read(&Roots::default()), &Wishes::default());
    let problem = decisions.check().err().map(|problem| problem.to_string());
    let problem = problem.or((decisions.flight.ring_bytes == 0).then(|| decisions.flight.reason.clone()));
    match problem {
        None => Some(decisions),
        Some(problem) => {
            let required = std::env::var("LANNER_REQUIRE").is_ok_and(|parts| parts.contains("bpf"));
            assert!(!required, "LANNER_REQUIRE has bpf, but {problem}");
            skip(&problem);
            None
        }
    }
}

struct Subject {
    agent: Agent,
    stub: Stub,
    changes: mpsc::Receiver<()>,
    dir: tempfile::TempDir,
    secret: PathBuf,
}

impl Subject {
    async fn start(dir: tempfile::TempDir) -> Self {
        let (changed, changes) = mpsc::channel(1);
        let stub = Stub { taken: Arc::default(), down: Arc::default(), changed };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = AgentsServer::new(stub.clone());
        tokio::spawn(
            Server::builder().add_service(service).serve_with_incoming(TcpListenerStream::new(listener)),
        );
        let secret = dir.path().join("secret");
        std::fs::write(&secret, "hunter2\n").unwrap();
        let rules = dir.path().join("rules.yaml");
        let rule = format!(
            "- rule: Secret read\n  desc: x\n  condition: evt.type in (open, openat) and fd.name = {} and proc.name = cat\n  \
             output: x\n  priority: WARNING\n  actions: [{{capture: {{before: 10s, after: 50ms}}}}]\n",
            secret.display()
        );
        std::fs::write(&rules, rule).unwrap();
        let config = AgentConfig {
            data_dir: dir.path().to_owned(),
            rules: vec![rules],
            scope: Scope::Descendants(Pid(i64::from(std::process::id()))),
            sample_interval: Duration::from_secs(10),
            flight_recorder_mib: 8,
            key: None,
        };
        let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
        let agent = Agent::start(&config, channel).unwrap();
        Self { agent, stub, changes, dir, secret }
    }

    /// Waits until the server has what `find` looks for.
    async fn wait<T>(&mut self, what: &str, find: impl Fn(&Taken) -> Option<T>) -> T {
        loop {
            if let Some(found) = find(&self.stub.taken.lock().unwrap()) {
                return found;
            }
            let changed = tokio::time::timeout(Duration::from_secs(60), self.changes.recv()).await;
            assert!(changed.is_ok(), "{what} has not come: {:?}", self.stub.taken.lock().unwrap().states);
        }
    }

    async fn say(&self, message: FromServer) {
        let down = self.stub.down.lock().unwrap().clone().expect("the agent has connected");
        down.send(Ok(message.into())).await.unwrap();
    }

    /// The captures that the agent still keeps.
    fn kept(&self) -> usize {
        std::fs::read_dir(self.dir.path().join("agent/captures")).unwrap().count()
    }
}

/// The calls on a file, `process call container data`, each once; and how many events there are of all.
fn calls_on(file: Vec<u8>, path: &Path) -> (Vec<String>, u64) {
    let mut reader = CaptureReader::open(std::io::Cursor::new(file)).unwrap();
    let mut state = State::new(Budget::default());
    let fields =
        ["proc.name", "evt.type", "container.id", "evt.buffer"].map(|name| FieldRef::parse(name).unwrap());
    let name = FieldRef::parse("fd.name").unwrap();
    let (mut calls, mut events) = (Vec::new(), 0);
    loop {
        match reader.next().unwrap() {
            Next::Record(record) => state.record(&record),
            Next::Event(delivery) => {
                events += 1;
                let view = state.observe(&delivery);
                if view.text(&name).as_deref() == path.to_str() {
                    let told = fields.each_ref().map(|field| view.text(field).unwrap_or_default());
                    calls.push(told.join(" ").trim().to_owned());
                }
            }
            Next::End => return (calls, events),
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hit_in_a_container_has_a_capture_with_the_read() {
    let Some(decisions) = able() else { return };
    let Some(container) = Container::make(&decisions, 1) else { return };
    let mut subject = Subject::start(tempfile::tempdir().unwrap()).await;
    container.run("/bin/cat", &subject.secret.clone());
    container.remove();
    let finding = subject.wait("the finding", |taken| taken.findings.first().cloned()).await;
    let id = finding.capture.clone().unwrap_or_else(|| panic!("a capture: {:?}", finding.fields));
    let whole = |taken: &Taken| taken.whole.contains(&id).then(|| taken.files[&id].clone());
    let file = subject.wait("the capture", whole).await;
    let short = &container.id[..12];
    let expected = [
        format!("cat openat {short}"),
        format!("cat read {short} hunter2."),
        format!("cat read {short}"),
        format!("cat close {short}"),
    ];
    let (calls, events) = calls_on(file, &subject.secret);
    assert_eq!(calls, expected);
    let state = subject.wait("its state", |taken| taken.states.get(&id).cloned()).await;
    assert_eq!(state.events, events, "the file has what the agent says");
    assert_eq!((state.phase, state.error.as_str(), state.lost), (CapturePhase::Done, "", 0));
    assert_eq!(state.reason, CaptureReason::Rule("Secret read".into()));
    assert_eq!(state.finding, Some(finding.id));
    assert_eq!(state.scope, CaptureScope::Container(container.id.as_str().into()));
    assert!(state.reached_before_ms.is_some_and(|reached| reached > 0 && reached < 10_000), "{state:?}");
    assert!(state.from < state.trigger && state.to > state.trigger);
    subject.agent.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_starts_runs_until_it_is_stopped_and_is_sent_once() {
    let Some(_decisions) = able() else { return };
    let mut subject = Subject::start(tempfile::tempdir().unwrap()).await;
    let stub = subject.stub.clone();
    subject.wait("the agent", |_| stub.down.lock().unwrap().as_ref().map(|_| ())).await;
    let start = |id: &str, scope| {
        FromServer::StartCapture(StartCapture {
            id: id.into(),
            scope,
            before_ms: 0,
            duration_ms: 600_000,
            max_bytes: None,
        })
    };
    subject.say(start("person-1", CaptureScope::Host)).await;
    subject.say(start("person-2", CaptureScope::Container("no-such".into()))).await;
    let state = |id: &'static str, phase| {
        move |taken: &Taken| {
            taken.states.get(&CaptureId::from(id)).filter(|state| state.phase == phase).cloned()
        }
    };
    subject.wait("its beginning", state("person-1", CapturePhase::Recording)).await;
    let failed = subject.wait("the failure", state("person-2", CapturePhase::Failed)).await;
    assert_eq!(failed.error, "there is no container no-such on this node");
    let secret = subject.secret.clone();
    assert!(Command::new("/usr/bin/tail").arg(&secret).stdout(Stdio::null()).status().unwrap().success());
    subject
        .wait("the read", |taken| {
            taken.states.get(&CaptureId::from("person-1")).filter(|state| state.events > 0).map(|_| ())
        })
        .await;
    subject.say(FromServer::StopCapture { id: "person-1".into() }).await;
    let id = CaptureId::from("person-1");
    let file = subject
        .wait("the capture", |taken| taken.whole.contains(&id).then(|| taken.files[&id].clone()))
        .await;
    let (calls, _) = calls_on(file, &secret);
    assert!(calls.iter().any(|call| call == "tail read host hunter2."), "{calls:?}");
    while subject.kept() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(subject.stub.taken.lock().unwrap().whole, [id]);
    subject.agent.stop().await.unwrap();
}
