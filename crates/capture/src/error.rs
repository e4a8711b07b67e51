//! What can be wrong with a capture.

use lanner_model::source::SourceError;

/// Why a capture cannot be read or written. Offsets are bytes of the uncompressed file.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The file does not begin as a capture does.
    #[error("this is no .scap capture: it begins with {found:02x?}, a section header was expected")]
    NotACapture {
        /// The first bytes.
        found: Vec<u8>,
    },
    /// Written on a machine of the other byte order.
    #[error("the capture was written on a big-endian machine; only little-endian captures can be read")]
    BigEndian,
    /// A newer format.
    #[error("the capture has format version {major}.{minor}; versions up to 1.x can be read")]
    Version {
        /// Major version.
        major: u16,
        /// Minor version.
        minor: u16,
    },
    /// The file ends too early.
    #[error("the capture is cut at byte {offset}: {expected} expected")]
    Cut {
        /// Where it ends.
        offset: u64,
        /// What should be there.
        expected: &'static str,
    },
    /// Bytes that contradict each other.
    #[error("the capture is damaged at byte {offset}: {problem}")]
    Damaged {
        /// Where.
        offset: u64,
        /// What is wrong.
        problem: String,
    },
    /// The bytes cannot be got.
    #[error("read the capture at byte {offset}")]
    Read {
        /// Where.
        offset: u64,
        /// What the reader said.
        #[source]
        source: std::io::Error,
    },
    /// The bytes cannot be put.
    #[error("write the capture")]
    Write(#[source] std::io::Error),
    /// A record of the snapshot came after the first event: a file holds them before it.
    #[error("a snapshot record comes after the first event")]
    RecordAfterEvent,
}

impl From<CaptureError> for SourceError {
    fn from(error: CaptureError) -> Self {
        SourceError { what: "read the capture".to_owned(), cause: Some(Box::new(error)) }
    }
}
