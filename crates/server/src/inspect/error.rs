//! Why a capture shows nothing.

use lanner_capture::CaptureError as FileError;
use lanner_inspect::{SelectionError, UnknownColumn};

use crate::captures::CaptureError;

/// Why a capture shows nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InspectError {
    #[error(transparent)]
    Capture(#[from] CaptureError),
    #[error("the capture cannot be read")]
    File(#[from] FileError),
    #[error(transparent)]
    Selection(#[from] SelectionError),
    #[error(transparent)]
    Column(#[from] UnknownColumn),
    #[error("there is no view `{view}`")]
    View { view: String },
    #[error("the capture has no event {number} that is shown")]
    NoEvent { number: u64 },
    #[error("{what} is no moment in nanoseconds since the epoch")]
    Moment { what: &'static str },
    #[error("too many captures are read at the moment")]
    Busy,
    #[error("reading the capture was given up")]
    GivenUp,
}
