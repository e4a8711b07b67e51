//! What agents tell of captures and send of them.

use std::io::Read;

use lanner_api::agent::{
    CaptureAck, CaptureEnd, CapturePart, CapturePhase, CaptureReason, CaptureRefused, CaptureScope,
    CaptureState, FromServer,
};
use lanner_api::http::CaptureScopeName;
use lanner_model::id::{CaptureId, NodeName};
use lanner_model::time::WallMs;
use lanner_store::BlobError;
use sha2::{Digest as _, Sha256};

use super::book::Captures;
use super::document::{CaptureDocument, CaptureProgress, blob_name, seconds, span_ms};
use super::error::CaptureError;
use crate::row::RowId;

/// So often a file may arrive broken before it is given up.
const MOST_SPOILED: u32 = 3;

impl Captures {
    /// Takes in how a capture of a node fares; gives what the agent is told.
    pub(crate) async fn state(
        &self,
        node: &NodeName,
        state: CaptureState,
        now: WallMs,
    ) -> Result<Option<FromServer>, CaptureError> {
        let _changing = self.change().await;
        let mut document = match self.find(state.id.as_str()).await? {
            Some(document) if document.progress == CaptureProgress::Deleted => {
                return Ok(Some(refused(&state.id, "it was deleted")));
            }
            Some(document) if document.node != node.as_str() => {
                return Ok(Some(refused(&state.id, "another node has a capture of this name")));
            }
            Some(document) => document,
            None if state.reason == CaptureReason::Person => {
                return Ok(Some(refused(&state.id, "nobody asked for it, or it was deleted")));
            }
            None => of_rule(node, &state, now),
        };
        if document.progress == CaptureProgress::Done {
            // The agent did not hear that all of it is here.
            return Ok(Some(ack(&state.id, document.size_bytes)));
        }
        document.take(&state, now);
        let answer = match state.phase {
            CapturePhase::Recording => None,
            CapturePhase::Failed => {
                let problem =
                    if state.error.is_empty() { "the agent could not record" } else { &state.error };
                document.fail(now, problem);
                Some(ack(&state.id, state.bytes))
            }
            CapturePhase::Done if state.bytes > self.limits.largest_bytes => {
                let problem = format!("it has more than {} bytes", self.limits.largest_bytes);
                document.fail(now, &*problem);
                Some(refused(&state.id, &problem))
            }
            CapturePhase::Done => {
                document.progress = CaptureProgress::Recording;
                let written = self.blobs.written(&document.blob()).await?;
                self.make_room(state.bytes, now).await?;
                document.size_bytes = written;
                Some(ack(&state.id, written))
            }
        };
        self.keep(&document, now).await?;
        Ok(answer)
    }

    /// Takes in bytes of a capture; when it returns they are on the disk. Gives what the agent is told.
    pub(crate) async fn part(
        &self,
        node: &NodeName,
        part: CapturePart,
        now: WallMs,
    ) -> Result<FromServer, CaptureError> {
        let _changing = self.change().await;
        let Some(mut document) = self.find(part.id.as_str()).await? else {
            return Ok(refused(&part.id, "nobody asked for it, or it was deleted"));
        };
        if document.node != node.as_str() || document.progress == CaptureProgress::Deleted {
            return Ok(refused(&part.id, "it was deleted"));
        }
        if document.progress == CaptureProgress::Done {
            return Ok(ack(&part.id, document.size_bytes));
        }
        let behind = part.offset.saturating_add(part.data.len() as u64);
        if behind > self.limits.largest_bytes {
            let problem = format!("it has more than {} bytes", self.limits.largest_bytes);
            document.fail(now, &*problem);
            self.keep(&document, now).await?;
            return Ok(refused(&part.id, &problem));
        }
        let blob = blob_name(part.id.as_str());
        match self.blobs.append(&blob, part.offset, part.data).await {
            Ok(written) => document.size_bytes = written,
            // It comes again, or something between is missing: from where it is wanted is the answer.
            Err(BlobError::Offset { written, .. }) => {
                let is_end = part.end.is_some_and(|end| end.size == written);
                if !is_end {
                    return Ok(ack(&part.id, written));
                }
                document.size_bytes = written;
            }
            Err(error) => return Err(error.into()),
        }
        let Some(end) = part.end else {
            // What the list shows of a transfer need not be exact: a document for each part would cost a
            // second sync.
            return Ok(ack(&part.id, document.size_bytes));
        };
        self.end(document, end, now).await
    }

    /// All bytes are here: are they the right ones?
    async fn end(
        &self,
        mut document: CaptureDocument,
        end: CaptureEnd,
        now: WallMs,
    ) -> Result<FromServer, CaptureError> {
        let id = CaptureId::from(document.id.as_str());
        let mut blob = self.blobs.open(&document.blob()).await?;
        let found = tokio::task::spawn_blocking(move || digest(&mut blob.bytes)).await;
        let found = found.unwrap_or_else(|_| Err(std::io::Error::other("the runtime ends")))?;
        if found != end.sha256 {
            self.blobs.delete(&document.blob()).await?;
            document.size_bytes = 0;
            document.spoiled += 1;
            tracing::warn!(capture = %id, times = document.spoiled, "a capture arrived other than it was sent");
            if document.spoiled >= MOST_SPOILED {
                let problem = "its bytes arrived other than the agent had sent them, several times";
                document.fail(now, problem);
                self.keep(&document, now).await?;
                return Ok(refused(&id, problem));
            }
            self.keep(&document, now).await?;
            return Ok(ack(&id, 0));
        }
        self.blobs.finish(&document.blob()).await?;
        document.progress = CaptureProgress::Done;
        document.size_bytes = end.size;
        document.whole_bytes = Some(end.size);
        document.ended_ms = document.ended_ms.or(Some(now.0));
        self.keep(&document, now).await?;
        tracing::info!(capture = %id, bytes = end.size, "a capture is here whole");
        Ok(ack(&id, end.size))
    }
}

impl CaptureDocument {
    /// Notes what the agent says of it.
    fn take(&mut self, state: &CaptureState, now: WallMs) {
        self.progress = CaptureProgress::Recording;
        self.began_ms = self.began_ms.or(Some(now.0));
        self.reached_back_ms = state.reached_before_ms.map(u64::from).or(self.reached_back_ms);
        self.events = Some(state.events);
        self.lost = state.lost;
        self.whole_bytes = Some(state.bytes);
        if state.phase == CapturePhase::Done {
            self.ended_ms = Some(state.to.millis().0);
            self.seconds = seconds(span_ms(state.trigger, state.to));
        }
        if !state.error.is_empty() {
            self.problem = Some(state.error.clone());
        }
    }
}

/// A capture that a rule began and that is heard of for the first time.
fn of_rule(node: &NodeName, state: &CaptureState, now: WallMs) -> CaptureDocument {
    let container = state.container.as_ref();
    let (scope, row, pid) = match &state.scope {
        CaptureScope::Host => (CaptureScopeName::Host, RowId::Host(node.clone()), None),
        CaptureScope::Container(id) => {
            (CaptureScopeName::Container, RowId::Container(node.clone(), id.clone()), None)
        }
        CaptureScope::Process(key) => {
            (CaptureScopeName::Process, RowId::process(node, *key), Some(key.pid.0))
        }
    };
    let container_name =
        container.map(|info| if info.name.is_empty() { info.id.short() } else { &info.name });
    let name = match scope {
        CaptureScopeName::Host => node.as_str(),
        CaptureScopeName::Container => container_name.unwrap_or_default(),
        CaptureScopeName::Process => &state.command,
    };
    CaptureDocument {
        id: state.id.to_string(),
        progress: CaptureProgress::Recording,
        node: node.to_string(),
        scope,
        row: row.to_string(),
        name: if name.is_empty() { row.to_string() } else { name.to_owned() },
        container_id: container.map(|info| info.id.to_string()).unwrap_or_default(),
        pid,
        asked_by: None,
        rule: match &state.reason {
            CaptureReason::Rule(rule) => Some(rule.clone()),
            CaptureReason::Person => None,
        },
        finding: state.finding.clone(),
        trigger_ns: state.trigger.0,
        // A clock that is wrong must not make a capture that never leaves.
        asked_ms: state.trigger.millis().0.min(now.0),
        began_ms: None,
        ended_ms: None,
        seconds: seconds(span_ms(state.trigger, state.to)),
        before_seconds: seconds(u64::from(state.asked_before_ms)),
        reached_back_ms: None,
        events: None,
        lost: 0,
        size_bytes: 0,
        whole_bytes: None,
        problem: None,
        spoiled: 0,
    }
}

fn ack(id: &CaptureId, offset: u64) -> FromServer {
    FromServer::CaptureAck(CaptureAck { id: id.clone(), offset })
}

fn refused(id: &CaptureId, reason: &str) -> FromServer {
    FromServer::CaptureRefused(CaptureRefused { id: id.clone(), reason: reason.to_owned() })
}

fn digest(bytes: &mut dyn Read) -> std::io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        let read = bytes.read(&mut buffer)?;
        if read == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&buffer[..read]);
    }
}
