//! What can go wrong with a capture.

use lanner_store::{BlobError, ConfigError};

/// Why a capture could not be begun, taken in, opened or deleted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CaptureError {
    #[error("there is no such capture")]
    Missing,
    #[error("{row:?} cannot be recorded: a host, a container or a process can")]
    Scope { row: String },
    #[error("{row:?} is not there at the moment")]
    Gone { row: String },
    #[error("no agent of node {node} is connected")]
    NotConnected { node: String },
    #[error("{active} captures are recorded or on their way, no more are begun")]
    TooMany { active: usize },
    #[error("the capture is still being recorded")]
    NotYet,
    #[error("nothing was recorded: {problem}")]
    Nothing { problem: String },
    #[error("the catalogue of captures")]
    Settings(#[from] ConfigError),
    #[error("the folder of captures")]
    Blob(#[from] BlobError),
    #[error("a capture's document cannot be read")]
    Document(#[from] serde_json::Error),
    #[error("the capture cannot be read")]
    Read(#[from] std::io::Error),
}
