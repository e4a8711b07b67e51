//! An agent reduced to its stream.

use std::time::Duration;

use lanner_api::agent::{AgentMessage, AgentsClient, FromAgent, FromServer, Hello, ServerMessage};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// An agent's open stream.
pub(crate) struct Agent {
    up: mpsc::Sender<AgentMessage>,
    down: Streaming<ServerMessage>,
}

impl Agent {
    /// Opens a stream and says nothing.
    pub(crate) async fn open(channel: Channel) -> Self {
        Self::try_open(channel, None).await.expect("the stream opens")
    }

    /// Opens a stream with a key, or tries to.
    pub(crate) async fn try_open(channel: Channel, key: Option<&str>) -> Result<Self, Status> {
        let (up, messages) = mpsc::channel(16);
        let mut request = tonic::Request::new(ReceiverStream::new(messages));
        if let Some(key) = key {
            let value = format!("Bearer {key}").parse().expect("ASCII");
            request.metadata_mut().insert("authorization", value);
        }
        let answer = AgentsClient::new(channel).connect(request).await?;
        Ok(Self { up, down: answer.into_inner() })
    }

    /// Opens a stream and says hello; gives the sequence that the server welcomes with.
    pub(crate) async fn connect(channel: Channel, hello: Hello) -> (Self, u64) {
        Self::open(channel).await.greet(hello).await
    }

    /// Says hello; gives the sequence that the server welcomes with.
    pub(crate) async fn greet(self, hello: Hello) -> (Self, u64) {
        let mut agent = self;
        agent.say(FromAgent::Hello(hello)).await;
        match agent.hear().await {
            FromServer::Welcome { last_sequence } => (agent, last_sequence),
            other => panic!("{other:?} is no welcome"),
        }
    }

    pub(crate) async fn say(&self, message: FromAgent) {
        self.say_raw(message.into()).await;
    }

    pub(crate) async fn say_raw(&self, message: AgentMessage) {
        self.up.send(message).await.expect("the stream is open");
    }

    pub(crate) async fn hear(&mut self) -> FromServer {
        let message = self.next().await.expect("no error").expect("the stream goes on");
        message.try_into().expect("a message of the protocol")
    }

    /// The next acknowledgement; what else the server says is passed over.
    pub(crate) async fn hear_ack(&mut self) -> u64 {
        loop {
            if let FromServer::Ack { sequence } = self.hear().await {
                return sequence;
            }
        }
    }

    /// The next interval of live tables.
    pub(crate) async fn hear_interest(&mut self) -> u32 {
        loop {
            if let FromServer::LiveInterest { interval_s } = self.hear().await {
                return interval_s;
            }
        }
    }

    /// How the server ends the stream.
    pub(crate) async fn hear_end(&mut self) -> (Code, String) {
        loop {
            match self.next().await {
                Ok(Some(_)) => {}
                Ok(None) => return (Code::Ok, String::new()),
                Err(status) => return (status.code(), status.message().to_owned()),
            }
        }
    }

    async fn next(&mut self) -> Result<Option<ServerMessage>, Status> {
        tokio::time::timeout(PATIENCE, self.down.message()).await.expect("the server says something")
    }
}
