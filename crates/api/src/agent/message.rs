//! The envelopes: what kind of message it is.

use lanner_model::id::CaptureId;
use lanner_model::resource::LiveTable;

use super::bound::{WireError, file_name};
use super::generated::{self as wire, AgentMessage, ServerMessage, agent_message, server_message};
use super::{Batch, CaptureAck, CapturePart, CaptureRefused, CaptureState, Hello, StartCapture, Status};

/// What an agent says.
#[derive(Clone, Debug, PartialEq)]
pub enum FromAgent {
    /// The first message.
    Hello(Hello),
    /// Samples and findings; kept until acknowledged.
    Batch(Batch),
    /// What is used at this moment.
    LiveTable(LiveTable),
    /// How the agent itself fares.
    Status(Status),
    /// How a capture fares.
    CaptureState(CaptureState),
    /// Bytes of a capture's file.
    CapturePart(CapturePart),
}

/// What a server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromServer {
    /// The answer to `Hello`.
    Welcome {
        /// The newest batch of this agent that is on disk; 0 when there is none.
        last_sequence: u64,
    },
    /// A batch and all before it are on disk.
    Ack {
        /// The batch.
        sequence: u64,
    },
    /// How often live tables are wanted.
    LiveInterest {
        /// Seconds between two.
        interval_s: u32,
    },
    /// Begin a capture.
    StartCapture(StartCapture),
    /// End a capture now; what it has is kept.
    StopCapture {
        /// Which.
        id: CaptureId,
    },
    /// Bytes of a capture are on disk.
    CaptureAck(CaptureAck),
    /// A capture is not taken: the agent lets it go.
    CaptureRefused(CaptureRefused),
}

impl From<FromAgent> for AgentMessage {
    fn from(message: FromAgent) -> Self {
        use agent_message::Kind;
        Self {
            kind: Some(match message {
                FromAgent::Hello(hello) => Kind::Hello((&hello).into()),
                FromAgent::Batch(batch) => Kind::Batch((&batch).into()),
                FromAgent::LiveTable(table) => Kind::LiveTable((&table).into()),
                FromAgent::Status(status) => Kind::Status((&status).into()),
                FromAgent::CaptureState(state) => Kind::CaptureState((&state).into()),
                FromAgent::CapturePart(part) => Kind::CapturePart(part.into()),
            }),
        }
    }
}

impl TryFrom<AgentMessage> for FromAgent {
    type Error = WireError;

    fn try_from(message: AgentMessage) -> Result<Self, WireError> {
        use agent_message::Kind;
        Ok(match message.kind.ok_or(WireError::UnknownKind)? {
            Kind::Hello(hello) => Self::Hello(hello.try_into()?),
            Kind::Batch(batch) => Self::Batch(batch.try_into()?),
            Kind::LiveTable(table) => Self::LiveTable(table.try_into()?),
            Kind::Status(status) => Self::Status(status.try_into()?),
            Kind::CaptureState(state) => Self::CaptureState(state.try_into()?),
            Kind::CapturePart(part) => Self::CapturePart(part.try_into()?),
        })
    }
}

impl From<FromServer> for ServerMessage {
    fn from(message: FromServer) -> Self {
        use server_message::Kind;
        Self {
            kind: Some(match message {
                FromServer::Welcome { last_sequence } => Kind::Welcome(wire::Welcome { last_sequence }),
                FromServer::Ack { sequence } => Kind::Ack(wire::Ack { sequence }),
                FromServer::LiveInterest { interval_s } => {
                    Kind::LiveInterest(wire::LiveInterest { interval_s })
                }
                FromServer::StartCapture(start) => Kind::StartCapture((&start).into()),
                FromServer::StopCapture { id } => Kind::StopCapture(wire::StopCapture { id: id.to_string() }),
                FromServer::CaptureAck(ack) => Kind::CaptureAck((&ack).into()),
                FromServer::CaptureRefused(refused) => Kind::CaptureRefused((&refused).into()),
            }),
        }
    }
}

impl TryFrom<ServerMessage> for FromServer {
    type Error = WireError;

    fn try_from(message: ServerMessage) -> Result<Self, WireError> {
        use server_message::Kind;
        Ok(match message.kind.ok_or(WireError::UnknownKind)? {
            Kind::Welcome(welcome) => Self::Welcome { last_sequence: welcome.last_sequence },
            Kind::Ack(ack) => Self::Ack { sequence: ack.sequence },
            Kind::LiveInterest(interest) if (1..=3600).contains(&interest.interval_s) => {
                Self::LiveInterest { interval_s: interest.interval_s }
            }
            Kind::LiveInterest(interest) => {
                return Err(WireError::Value {
                    field: "live_interest.interval_s",
                    value: interest.interval_s.to_string(),
                });
            }
            Kind::StartCapture(start) => Self::StartCapture(start.try_into()?),
            Kind::StopCapture(stop) => {
                Self::StopCapture { id: file_name("stop_capture.id", stop.id)?.into() }
            }
            Kind::CaptureAck(ack) => Self::CaptureAck(ack.try_into()?),
            Kind::CaptureRefused(refused) => Self::CaptureRefused(refused.try_into()?),
        })
    }
}
