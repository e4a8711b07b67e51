//! What agents send, taken in: one stream per agent, batches acknowledged when they are on disk.

use std::sync::Arc;

use futures_util::StreamExt;
use lanner_api::agent::{
    AgentMessage, Agents, Batch, FromAgent, FromServer, Hello, REFUSED_BATCH, ServerMessage, WireError,
    batch_sequence,
};
use lanner_model::id::NodeName;
use lanner_store::StoreError;
use tokio::sync::{Mutex, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use crate::app::App;
use crate::captures::CaptureError;
use crate::clock;
use crate::ending::Ending;
use crate::error_chain::chain;
use crate::registry::Session;
use crate::sequence::{LastSequence, SequenceError};

/// Answers that may wait for an agent; when it does not take them, nothing more is read from it.
const ANSWERS: usize = 16;

/// The gRPC service.
#[derive(Clone)]
pub(crate) struct Ingest {
    app: Arc<App>,
    door: Door,
}

/// Which way agents come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// A pipe inside this process: who has it is trusted.
    Pipe,
    /// A socket: who comes shows the agents' key.
    Network,
}

/// Why a stream ends.
#[derive(Debug, thiserror::Error)]
enum StreamEnd {
    #[error("the agent sent what no agent sends")]
    Refused(#[from] WireError),
    #[error("batch {sequence} is none that is taken")]
    RefusedBatch {
        sequence: u64,
        #[source]
        source: WireError,
    },
    #[error("the stream must begin with Hello")]
    NoHello,
    #[error("Hello came a second time")]
    SecondHello,
    #[error("batch {sequence} does not count from 1")]
    SequenceZero { sequence: u64 },
    #[error("no room for another agent")]
    Full(#[from] crate::registry::RegistryFull),
    #[error("a newer stream of this agent took over")]
    Replaced,
    #[error("the server is shutting down")]
    ShuttingDown,
    #[error("the batch could not be stored")]
    Store(#[from] StoreError),
    #[error("the batch's sequence could not be kept")]
    Sequence(#[from] SequenceError),
    #[error("a capture could not be kept")]
    Capture(#[from] CaptureError),
    #[error("the connection broke")]
    Broken(#[from] Status),
}

impl Ingest {
    pub(crate) fn new(app: Arc<App>, door: Door) -> Self {
        Self { app, door }
    }

    /// Whether an agent that asks so is let in.
    fn check(&self, request: &Request<Streaming<AgentMessage>>) -> Result<(), Status> {
        if self.door == Door::Pipe {
            return Ok(());
        }
        let shown = request.metadata().get("authorization").and_then(|value| value.to_str().ok());
        let refused = match shown.and_then(|value| value.strip_prefix("Bearer ")) {
            Some(key) if self.app.gate.agent_key.is(key) => return Ok(()),
            Some(_) => "the agent's key is not this server's",
            None => "the agent shows no key",
        };
        self.app.own_metrics.agents_refused.add(1);
        tracing::warn!(from = ?request.remote_addr(), "an agent is not let in: {refused}");
        Err(Status::unauthenticated(format!(
            "{refused}: give it the file `agent-key` of the server's data folder (lanner agent --key-file FILE)"
        )))
    }
}

#[tonic::async_trait]
impl Agents for Ingest {
    type ConnectStream = ReceiverStream<Result<ServerMessage, Status>>;

    async fn connect(
        &self,
        request: Request<Streaming<AgentMessage>>,
    ) -> Result<Response<Self::ConnectStream>, Status> {
        self.check(&request)?;
        let (answers, stream) = mpsc::channel(ANSWERS);
        let app = Arc::clone(&self.app);
        tokio::spawn(async move {
            if let Err(end) = serve(&app, request.into_inner(), &answers).await {
                tracing::info!(reason = %chain(&end), "an agent's stream ends");
                // An agent that is gone does not take the reason.
                let _ = answers.send(Err(end.into())).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

type Answers = mpsc::Sender<Result<ServerMessage, Status>>;

/// The whole life of one stream.
async fn serve(
    app: &Arc<App>,
    mut messages: Streaming<AgentMessage>,
    answers: &Answers,
) -> Result<(), StreamEnd> {
    let mut ending = app.ending();
    let first = tokio::select! {
        first = messages.next() => first,
        () = ending.announced() => return Err(StreamEnd::ShuttingDown),
    };
    let FromAgent::Hello(hello) = first.ok_or(StreamEnd::NoHello)??.try_into()? else {
        return Err(StreamEnd::NoHello);
    };
    let agent = Connected::begin(app, hello, answers)?;
    agent.run(messages, ending).await
}

/// An agent whose stream is open.
struct Connected<'a> {
    app: &'a Arc<App>,
    answers: &'a Answers,
    node: NodeName,
    session: Session,
    replaced: tokio::sync::oneshot::Receiver<()>,
    sequence: Arc<Mutex<LastSequence>>,
}

impl<'a> Connected<'a> {
    fn begin(app: &'a Arc<App>, hello: Hello, answers: &'a Answers) -> Result<Self, StreamEnd> {
        tracing::info!(agent = %hello.agent, node = %hello.node, version = %hello.version, "an agent connects");
        let sequence = app.sequences.of(&hello.agent);
        let node = hello.node.clone();
        let (session, replaced) = app.registry.connect(hello, clock::now())?;
        Ok(Self { app, answers, node, session, replaced, sequence })
    }

    async fn run(
        mut self,
        mut messages: Streaming<AgentMessage>,
        mut ending: Ending,
    ) -> Result<(), StreamEnd> {
        // An older stream of this agent may be storing a batch: wait, so that the answer is true.
        let last_sequence = self.sequence.lock().await.last();
        self.answer(FromServer::Welcome { last_sequence }).await;
        self.session.reach_by(self.answers.clone());
        let mut interval = self.app.interest.interval_s();
        interval.mark_changed();
        loop {
            tokio::select! {
                message = messages.next() => match message {
                    Some(message) => self.take(read(message?)?).await?,
                    None => return Ok(()),
                },
                Ok(()) = interval.changed() => {
                    let interval_s = *interval.borrow_and_update();
                    self.answer(FromServer::LiveInterest { interval_s }).await;
                }
                _ = &mut self.replaced => return Err(StreamEnd::Replaced),
                () = ending.announced() => return Err(StreamEnd::ShuttingDown),
            }
        }
    }

    async fn take(&mut self, message: FromAgent) -> Result<(), StreamEnd> {
        self.session.seen(clock::now());
        match message {
            FromAgent::Hello(_) => return Err(StreamEnd::SecondHello),
            FromAgent::Batch(batch) => {
                let sequence = self.store(batch).await?;
                self.answer(FromServer::Ack { sequence }).await;
            }
            FromAgent::LiveTable(table) => self.app.live.put(table),
            FromAgent::Status(status) => self.session.set_status(status),
            FromAgent::CaptureState(state) => {
                if let Some(answer) = self.app.captures.state(&self.node, state, clock::now()).await? {
                    self.answer(answer).await;
                }
            }
            FromAgent::CapturePart(part) => {
                let answer = self.app.captures.part(&self.node, part, clock::now()).await?;
                self.answer(answer).await;
            }
        }
        Ok(())
    }

    /// Stores a batch, unless it is stored already; gives what to acknowledge.
    async fn store(&mut self, batch: Batch) -> Result<u64, StreamEnd> {
        if batch.sequence == 0 {
            return Err(StreamEnd::SequenceZero { sequence: 0 });
        }
        let own = &self.app.own_metrics;
        let mut sequence = self.sequence.lock().await;
        if batch.sequence <= sequence.last() {
            own.batches_repeated.add(1);
            return Ok(batch.sequence);
        }
        if !batch.findings.is_empty() {
            self.app.store_findings(&batch.findings).await?;
        }
        if !batch.samples.is_empty() {
            let report = self.app.metrics.write(&batch.samples).await?;
            own.samples_accepted.add(report.accepted);
            own.samples_repeated.add(report.duplicates);
            own.samples_rejected.add(report.rejected());
        }
        sequence.set(batch.sequence)?;
        own.batches_stored.add(1);
        Ok(batch.sequence)
    }

    /// Says something to the agent. One that is gone is noticed when its messages end.
    async fn answer(&self, message: FromServer) {
        let _ = self.answers.send(Ok(message.into())).await;
    }
}

/// What an agent says. That a batch is none is told with its number, so that the agent lets go of
/// that one.
fn read(message: AgentMessage) -> Result<FromAgent, StreamEnd> {
    let sequence = batch_sequence(&message);
    message.try_into().map_err(|source| match sequence {
        Some(sequence) => StreamEnd::RefusedBatch { sequence, source },
        None => StreamEnd::Refused(source),
    })
}

impl From<StreamEnd> for Status {
    fn from(end: StreamEnd) -> Self {
        let text = chain(&end);
        match end {
            StreamEnd::RefusedBatch { sequence, .. } => {
                let mut status = Status::invalid_argument(text);
                status.metadata_mut().insert(REFUSED_BATCH, sequence.into());
                status
            }
            StreamEnd::Refused(_)
            | StreamEnd::NoHello
            | StreamEnd::SecondHello
            | StreamEnd::SequenceZero { .. } => Status::invalid_argument(text),
            StreamEnd::Full(_) => Status::resource_exhausted(text),
            StreamEnd::Replaced => Status::aborted(text),
            StreamEnd::ShuttingDown => Status::unavailable(text),
            StreamEnd::Store(_) | StreamEnd::Sequence(_) | StreamEnd::Capture(_) => Status::unavailable(text),
            StreamEnd::Broken(status) => status,
        }
    }
}
