//! The stream to the server: what is spooled goes up until it is acknowledged, live tables and the
//! agent's own state go up as they come, interest comes down.
//!
//! A server that is away costs nothing but disk: the stream is tried again with growing pauses, and
//! begins where the server's `Welcome` says.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use lanner_api::agent::{
    AgentMessage, AgentsClient, FromAgent, FromServer, Hello, MAX_MESSAGE_BYTES, REFUSED_BATCH, Status,
    batch_message,
};
use lanner_model::loss::LossCause;
use lanner_model::resource::LiveTable;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

use crate::captures::{self, CaptureDesk, Outgoing};
use crate::clock;
use crate::key::AgentKey;
use crate::outbox::Outbox;
use crate::tally::Tally;

/// Batches that may be on their way at a time.
const WINDOW: u64 = 16;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// Between two live tables while no server says otherwise.
pub(crate) const CALM_INTEREST: Duration = Duration::from_secs(10);

/// What goes up beside the spool, and what comes down.
#[derive(Debug)]
pub(crate) struct Uplink {
    pub(crate) hello: Hello,
    pub(crate) key: Option<AgentKey>,
    pub(crate) outbox: Arc<Outbox>,
    /// Where captures are ordered.
    pub(crate) desk: Arc<CaptureDesk>,
    /// Captures on their way.
    pub(crate) captures: Arc<Outgoing>,
    pub(crate) tally: Arc<Tally>,
    /// Live tables; the newest counts.
    pub(crate) tables: watch::Receiver<Option<LiveTable>>,
    /// The agent's own state; the newest counts.
    pub(crate) status: watch::Receiver<Option<Status>>,
    /// How often tables are wanted, for the sampler.
    pub(crate) interest: watch::Sender<Duration>,
    /// True when the agent ends.
    pub(crate) stop: watch::Receiver<bool>,
}

impl Uplink {
    /// Runs until the agent ends. Without a server it goes on trying.
    pub(crate) async fn run(mut self, channel: Channel) {
        let mut pause = FIRST_PAUSE;
        let mut told = String::new();
        let mut refused = None;
        let mut stop = self.stop.clone();
        while !*stop.borrow() {
            let begun = Instant::now();
            let ended = tokio::select! {
                ended = self.stream(channel.clone()) => ended,
                _ = stop.changed() => return,
            };
            // Nobody looks at a page through a stream that is gone.
            self.interest.send_replace(CALM_INTEREST);
            // One that ends right behind its welcome is no reason to hurry.
            if begun.elapsed() > LONGEST_PAUSE {
                pause = FIRST_PAUSE;
                told.clear();
            }
            let Err(error) = ended;
            if let Some(sequence) = refused_batch(&error) {
                refused = self.give_up_on_second_refusal(sequence, refused);
            }
            // Each reason is told once, not with every try.
            let reason = format!("{error:#}");
            if reason != told {
                tracing::warn!("no stream to the server, what is seen is spooled on disk: {reason}");
                told = reason;
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// A batch that the server refused twice would be refused for ever: it is counted as lost and let
    /// go. Only the one that the server named: everything before it is stored there.
    fn give_up_on_second_refusal(&self, sequence: u64, before: Option<u64>) -> Option<u64> {
        // The second stream's welcome acknowledged all that come before it.
        if before != Some(sequence) || self.outbox.first_kept() != sequence {
            return Some(sequence);
        }
        tracing::error!(sequence, "the server refused a batch twice; it is let go");
        self.tally.lose(LossCause::Decode, "server", 1);
        self.outbox.acknowledged(sequence);
        None
    }

    /// One stream, from `Hello` to what ends it.
    async fn stream(&mut self, channel: Channel) -> anyhow::Result<Infallible> {
        let mut client = AgentsClient::new(channel)
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .max_encoding_message_size(MAX_MESSAGE_BYTES);
        let (up, outgoing) = mpsc::channel::<AgentMessage>(4);
        up.send(FromAgent::Hello(self.hello.clone()).into()).await?;
        let mut request = tonic::Request::new(ReceiverStream::new(outgoing));
        if let Some(key) = &self.key {
            request.metadata_mut().insert("authorization", key.authorization());
        }
        let answer = client.connect(request).await.context("connect")?;
        let mut down = answer.into_inner();
        let first = down.message().await?.context("the server closed the stream before its welcome")?;
        let FromServer::Welcome { last_sequence } = FromServer::try_from(first)? else {
            bail!("the server's first message is no welcome");
        };
        tracing::info!(last_sequence, "connected");
        let mut newest = self.outbox.newest();
        if last_sequence > *newest.borrow() {
            bail!(
                "the server has batch {last_sequence} of agent {}, whose newest here is {}: its data folder was restored \
                 from a copy or is used by two agents; delete the folder `agent` in it to begin anew",
                self.hello.agent,
                *newest.borrow()
            );
        }
        self.outbox.acknowledged(last_sequence);
        let mut acknowledged = last_sequence;
        let mut sent = last_sequence;
        self.tables.mark_changed();
        self.status.mark_changed();
        self.captures.connected();
        loop {
            let stored = *newest.borrow_and_update();
            while sent < stored && sent < acknowledged + WINDOW {
                let room = (acknowledged + WINDOW - sent) as usize;
                let entries = self.outbox.batches_from(sent + 1, room, &self.tally)?;
                let Some(last) = entries.last().map(|entry| entry.sequence.0) else {
                    // Dropped at the spool's cap, or damaged: counted where it was found.
                    sent = stored;
                    break;
                };
                for entry in entries {
                    match batch_message(entry.sequence.0, &entry.payload) {
                        Ok(message) => up.send(message).await.context("send a batch")?,
                        Err(error) => {
                            tracing::error!(
                                sequence = entry.sequence.0,
                                "a spooled batch is no batch: {error}"
                            );
                            self.tally.lose(LossCause::Decode, "spool", 1);
                        }
                    }
                }
                sent = last;
            }
            tokio::select! {
                message = down.message() => {
                    let message = message.context("receive")?.context("the server closed the stream")?;
                    match FromServer::try_from(message)? {
                        FromServer::Ack { sequence } => {
                            acknowledged = acknowledged.max(sequence.min(sent));
                            self.outbox.acknowledged(acknowledged);
                        }
                        FromServer::LiveInterest { interval_s } => {
                            self.interest.send_replace(Duration::from_secs(interval_s.max(1).into()));
                        }
                        FromServer::Welcome { .. } => bail!("the server said welcome twice"),
                        FromServer::StartCapture(start) => {
                            captures::begin_for_person(&self.desk, &self.captures, start, clock::now());
                        }
                        FromServer::StopCapture { id } => self.desk.stop(id),
                        FromServer::CaptureAck(ack) => self.captures.acknowledged(&ack),
                        FromServer::CaptureRefused(refused) => self.captures.refused(&refused),
                    }
                }
                _ = newest.changed(), if sent < acknowledged + WINDOW => {}
                Ok(()) = self.tables.changed() => {
                    let table = self.tables.borrow_and_update().clone();
                    if let Some(table) = table {
                        up.send(FromAgent::LiveTable(table).into()).await.context("send a table")?;
                    }
                }
                Ok(()) = self.status.changed() => {
                    let status = self.status.borrow_and_update().clone();
                    if let Some(status) = status {
                        up.send(FromAgent::Status(status).into()).await.context("send the status")?;
                    }
                }
                // One part at a time: batches that have come meanwhile go before the next.
                message = self.captures.next() => {
                    up.send(message.into()).await.context("send a capture")?;
                }
            }
        }
    }
}

/// The batch that the server says is none, if that is why the stream ended.
fn refused_batch(error: &anyhow::Error) -> Option<u64> {
    let mut statuses = error.chain().filter_map(|cause| cause.downcast_ref::<tonic::Status>());
    statuses.find_map(|status| status.metadata().get(REFUSED_BATCH)?.to_str().ok()?.parse().ok())
}
