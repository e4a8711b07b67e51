//! Why a message was not taken, and what the other side said.

/// What is kept of an answer.
const ANSWER_CHARS: usize = 300;

/// Why a message was not taken.
#[derive(Debug)]
pub(super) struct SendError {
    /// What the other side said, or why it was not reached. Without secrets.
    pub(super) answer: String,
    /// Whether it may be taken later.
    pub(super) may_work_later: bool,
    /// When the other side wants to be asked again.
    pub(super) retry_after_s: Option<u32>,
}

impl SendError {
    pub(super) fn retry(answer: impl Into<String>) -> Self {
        Self { answer: answer.into(), may_work_later: true, retry_after_s: None }
    }

    pub(super) fn refused(answer: impl Into<String>) -> Self {
        Self { answer: answer.into(), may_work_later: false, retry_after_s: None }
    }
}

/// What the other side said, in one line that is not long.
pub(super) fn said(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars().take(ANSWER_CHARS) {
        line.push(if c.is_control() { ' ' } else { c });
    }
    line.trim().to_owned()
}
