//! The stream to the server: what is spooled goes up until it is acknowledged, live tables and the
//! agent's own state go up as they come, interest comes down.
//!
//! A server that is away costs nothing but disk: the stream is tried again with growing pauses, and
//! begins where the server's `Welcome` says.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use lanner_api::agent::{
    AgentMessage, AgentsClient, FromAgent, FromServer, Hello, MAX_MESSAGE_BYTES, Status, batch_message,
};
use lanner_model::loss::LossCause;
use lanner_model::resource::LiveTable;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

use crate::outbox::Outbox;
use crate::tally::Tally;

/// Batches that may be on their way at a time.
const WINDOW: u64 = 16;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// What goes up beside the spool, and what comes down.
#[derive(Debug)]
pub(crate) struct Uplink {
    pub(crate) hello: Hello,
    pub(crate) outbox: Arc<Outbox>,
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
        let mut was_up = true;
        let mut refused = None;
        let mut stop = self.stop.clone();
        while !*stop.borrow() {
            let mut welcomed = false;
            let ended = self.stream(channel.clone(), &mut welcomed).await;
            if welcomed {
                pause = FIRST_PAUSE;
                was_up = true;
            }
            let Err(error) = ended else { return };
            if is_refusal(&error) {
                refused = self.give_up_on_second_refusal(refused);
            }
            if was_up {
                tracing::warn!("no stream to the server, what is seen is spooled on disk: {error:#}");
                was_up = false;
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The server takes batches in order, so what it refuses is the first that is not acknowledged.
    /// Refused twice, it would be refused for ever: it is counted as lost and let go.
    fn give_up_on_second_refusal(&self, before: Option<u64>) -> Option<u64> {
        let first = self.outbox.first_kept();
        if before != Some(first) {
            return Some(first);
        }
        tracing::error!(sequence = first, "the server refused a batch twice; it is let go");
        self.tally.lose(LossCause::Decode, "server", 1);
        if let Err(error) = self.outbox.acknowledged(first) {
            tracing::error!("{error:#}");
        }
        None
    }

    /// One stream, from `Hello` to its end. `Ok` when the agent ends.
    async fn stream(&mut self, channel: Channel, welcomed: &mut bool) -> anyhow::Result<()> {
        let mut client = AgentsClient::new(channel)
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .max_encoding_message_size(MAX_MESSAGE_BYTES);
        let (up, outgoing) = mpsc::channel::<AgentMessage>(4);
        up.send(FromAgent::Hello(self.hello.clone()).into()).await?;
        let answer = client.connect(ReceiverStream::new(outgoing)).await.context("connect")?;
        let mut down = answer.into_inner();
        let first = down.message().await?.context("the server closed the stream before its welcome")?;
        let FromServer::Welcome { last_sequence } = FromServer::try_from(first)? else {
            bail!("the server's first message is no welcome");
        };
        *welcomed = true;
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
        self.outbox.acknowledged(last_sequence)?;
        let mut acknowledged = last_sequence;
        let mut sent = last_sequence;
        self.tables.mark_changed();
        self.status.mark_changed();
        loop {
            let stored = *newest.borrow_and_update();
            while sent < stored && sent < acknowledged + WINDOW {
                let room = (acknowledged + WINDOW - sent) as usize;
                let entries = self.outbox.batches_from(sent + 1, room, &self.tally)?;
                let Some(last) = entries.last().map(|entry| entry.sequence.0) else {
                    // Dropped at the spool's cap while we were away; it was counted then.
                    sent = stored;
                    acknowledged = stored;
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
                            self.outbox.acknowledged(acknowledged)?;
                        }
                        FromServer::LiveInterest { interval_s } => {
                            self.interest.send_replace(Duration::from_secs(interval_s.into()));
                        }
                        FromServer::Welcome { .. } => bail!("the server said welcome twice"),
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
                _ = self.stop.changed() => return Ok(()),
            }
        }
    }
}

/// Whether the server says that what was sent is wrong, not that it can not take it now.
fn is_refusal(error: &anyhow::Error) -> bool {
    let statuses = error.chain().filter_map(|cause| cause.downcast_ref::<tonic::Status>());
    statuses.into_iter().any(|status| status.code() == tonic::Code::InvalidArgument)
}
