//! How long captures are kept, and how much of them.

use lanner_model::time::WallMs;

use super::document::{CaptureDocument, CaptureProgress};
use crate::config::ServerConfig;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// An agent that was asked and says nothing for so long has not heard it.
const ANSWER_MS: i64 = 2 * MINUTE_MS;
/// What did not become whole in so long will not.
const WHOLE_MS: i64 = DAY_MS;

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CaptureLimits {
    /// Age of a capture.
    pub(crate) keep_ms: i64,
    /// Bytes of all captures together.
    pub(crate) budget_bytes: u64,
    /// Bytes of one.
    pub(crate) largest_bytes: u64,
    /// Captures that are recorded or on their way at a time.
    pub(crate) active: usize,
}

impl CaptureLimits {
    /// Those of a server. No capture takes more than a tenth of the room.
    pub(crate) fn of(config: &ServerConfig) -> Self {
        Self {
            keep_ms: config.capture_retention_ms,
            budget_bytes: config.capture_budget_bytes,
            largest_bytes: config.capture_budget_bytes / 10,
            active: 16,
        }
    }
}

/// What becomes of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// The document goes, and what there is of its file.
    Delete,
    /// It will not become whole.
    GiveUp(&'static str),
}

/// What is due. `documents` in any order; `need_bytes` are about to come.
pub(super) fn due(
    documents: &[CaptureDocument],
    limits: &CaptureLimits,
    need_bytes: u64,
    now: WallMs,
) -> Vec<(String, Due)> {
    let mut newest_first: Vec<&CaptureDocument> = documents.iter().collect();
    newest_first.sort_by_key(|document| std::cmp::Reverse(document.asked_ms));
    let mut kept_bytes = need_bytes;
    let mut is_full = false;
    let mut due = Vec::new();
    for document in newest_first {
        let age_ms = now.0 - document.asked_ms;
        let step = match document.progress {
            CaptureProgress::Deleted if age_ms > 2 * WHOLE_MS => Some(Due::Delete),
            CaptureProgress::Deleted => None,
            _ if age_ms > limits.keep_ms => Some(Due::Delete),
            CaptureProgress::Asked if age_ms > ANSWER_MS => Some(Due::GiveUp("the agent did not answer")),
            CaptureProgress::Recording if age_ms > WHOLE_MS + i64::from(document.seconds) * 1_000 => {
                Some(Due::GiveUp("the agent did not send all of it within a day"))
            }
            CaptureProgress::Asked | CaptureProgress::Recording => None,
            CaptureProgress::Done | CaptureProgress::Failed => {
                kept_bytes = kept_bytes.saturating_add(document.size_bytes);
                is_full |= kept_bytes > limits.budget_bytes;
                (is_full && document.size_bytes > 0).then_some(Due::Delete)
            }
        };
        due.extend(step.map(|step| (document.id.clone(), step)));
    }
    due
}

#[cfg(test)]
mod tests {
    use lanner_api::http::CaptureScopeName;

    use super::*;

    const LIMITS: CaptureLimits =
        CaptureLimits { keep_ms: 30 * DAY_MS, budget_bytes: 100, largest_bytes: 50, active: 8 };

    fn document(id: &str, progress: CaptureProgress, age_ms: i64, size_bytes: u64) -> CaptureDocument {
        CaptureDocument {
            id: id.into(),
            progress,
            node: "a".into(),
            scope: CaptureScopeName::Host,
            row: "host:a".into(),
            name: "a".into(),
            container_id: String::new(),
            pid: None,
            asked_by: Some("admin".into()),
            rule: None,
            finding: None,
            trigger_ns: 0,
            asked_ms: 40 * DAY_MS - age_ms,
            began_ms: None,
            ended_ms: None,
            seconds: 30,
            before_seconds: 0,
            reached_back_ms: None,
            events: None,
            lost: 0,
            size_bytes,
            whole_bytes: None,
            problem: None,
            spoiled: 0,
        }
    }

    fn check(documents: &[CaptureDocument], need_bytes: u64, expected: &[(&str, Due)]) {
        let due = due(documents, &LIMITS, need_bytes, WallMs(40 * DAY_MS));
        let due: Vec<(&str, Due)> = due.iter().map(|(id, due)| (id.as_str(), *due)).collect();
        assert_eq!(due, expected);
    }

    #[test]
    fn the_oldest_leave_when_there_is_no_room() {
        use CaptureProgress::{Done, Recording};
        let documents = [
            document("old", Done, 3 * DAY_MS, 40),
            document("new", Done, DAY_MS, 50),
            document("now", Recording, 0, 30),
        ];
        check(&documents, 0, &[]);
        check(&documents, 20, &[("old", Due::Delete)]);
        // An older one is not kept before a newer one because it is smaller.
        check(&documents, 60, &[("new", Due::Delete), ("old", Due::Delete)]);
    }

    #[test]
    fn age_and_silence_end_captures() {
        use CaptureProgress::{Asked, Deleted, Done, Recording};
        let documents = [
            document("unheard", Asked, ANSWER_MS + 1, 0),
            document("asked", Asked, ANSWER_MS, 0),
            document("stuck", Recording, WHOLE_MS + 30_001, 10),
            document("gone", Deleted, 2 * WHOLE_MS + 1, 0),
            document("ancient", Done, 30 * DAY_MS + 1, 1),
        ];
        check(
            &documents,
            0,
            &[
                ("unheard", Due::GiveUp("the agent did not answer")),
                ("stuck", Due::GiveUp("the agent did not send all of it within a day")),
                ("gone", Due::Delete),
                ("ancient", Due::Delete),
            ],
        );
    }
}
