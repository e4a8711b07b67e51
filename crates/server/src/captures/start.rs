//! Beginning a capture that a person asks for.

use std::sync::atomic::{AtomicU16, Ordering};

use lanner_api::agent::{CaptureScope, StartCapture};
use lanner_api::http::CaptureScopeName;
use lanner_model::resource::LiveTable;
use lanner_model::time::{WallMs, WallNs};
use lanner_store::Change;

use super::book::{Captures, put};
use super::document::{CaptureDocument, CaptureProgress};
use super::error::CaptureError;
use crate::row::RowId;

/// What is to be recorded, found among what is there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) node: String,
    scope: CaptureScope,
    name: String,
    container_id: String,
    pid: Option<i64>,
}

impl Target {
    /// The target that a row names; processes and containers have to be in a live table.
    pub(crate) fn find<'t>(
        row: &RowId,
        tables: impl IntoIterator<Item = &'t LiveTable>,
    ) -> Result<Self, CaptureError> {
        let gone = || CaptureError::Gone { row: row.to_string() };
        match row {
            RowId::Host(node) => Ok(Self {
                node: node.to_string(),
                scope: CaptureScope::Host,
                name: node.to_string(),
                container_id: String::new(),
                pid: None,
            }),
            RowId::Container(node, id) => {
                let table = tables.into_iter().find(|table| table.node == *node).ok_or_else(gone)?;
                let container = table.containers.iter().map(|container| &container.info);
                let info = container.into_iter().find(|info| info.id == *id).ok_or_else(gone)?;
                let name = if info.name.is_empty() { info.id.short() } else { &info.name };
                Ok(Self {
                    node: node.to_string(),
                    scope: CaptureScope::Container(id.clone()),
                    name: name.to_owned(),
                    container_id: id.to_string(),
                    pid: None,
                })
            }
            RowId::Process { node, pid, start } => {
                let table = tables.into_iter().find(|table| table.node == *node).ok_or_else(gone)?;
                let process = table.processes.iter();
                let mut process =
                    process.filter(|process| process.pid == *pid && process.start.millis() == *start);
                let process = process.next().ok_or_else(gone)?;
                let key = lanner_model::id::ProcessKey { pid: (*pid).into(), start: process.start };
                Ok(Self {
                    node: node.to_string(),
                    scope: CaptureScope::Process(key),
                    name: process.comm.clone(),
                    container_id: process.container.to_string(),
                    pid: Some(*pid),
                })
            }
            RowId::Group(_) => Err(CaptureError::Scope { row: row.to_string() }),
        }
    }
}

impl Captures {
    /// Writes down a capture that somebody asks for, and gives what the agent is to be told.
    pub(crate) async fn ask(
        &self,
        target: &Target,
        row: &RowId,
        (seconds, before_seconds): (u32, u32),
        asked_by: &str,
        now: WallMs,
        also: impl FnOnce(&str) -> Vec<Change>,
    ) -> Result<(CaptureDocument, StartCapture), CaptureError> {
        let _changing = self.change().await;
        let active = self.all().await?.iter().filter(|document| document.is_open()).count();
        if active >= self.limits.active {
            return Err(CaptureError::TooMany { active });
        }
        let trigger = now.nanos();
        let scope = match target.scope {
            CaptureScope::Host => CaptureScopeName::Host,
            CaptureScope::Container(_) => CaptureScopeName::Container,
            CaptureScope::Process(_) => CaptureScopeName::Process,
        };
        let document = CaptureDocument {
            id: make_id(trigger, &target.node),
            progress: CaptureProgress::Asked,
            node: target.node.clone(),
            scope,
            row: row.to_string(),
            name: target.name.clone(),
            container_id: target.container_id.clone(),
            pid: target.pid,
            asked_by: Some(asked_by.to_owned()),
            rule: None,
            finding: None,
            trigger_ns: trigger.0,
            asked_ms: now.0,
            began_ms: None,
            ended_ms: None,
            seconds,
            before_seconds,
            reached_back_ms: None,
            events: None,
            lost: 0,
            size_bytes: 0,
            whole_bytes: None,
            problem: None,
            spoiled: 0,
        };
        let mut changes = vec![put(&document)?];
        changes.extend(also(&document.id));
        self.settings.commit(now, &changes).await?;
        let start = StartCapture {
            id: document.id.as_str().into(),
            scope: target.scope.clone(),
            before_ms: before_seconds.saturating_mul(1_000),
            duration_ms: seconds.saturating_mul(1_000),
            max_bytes: Some(self.limits.largest_bytes),
        };
        Ok((document, start))
    }

    /// The agent could not be told.
    pub(crate) async fn not_heard(&self, id: &str, now: WallMs) -> Result<(), CaptureError> {
        let _changing = self.change().await;
        let Some(mut document) = self.find(id).await? else { return Ok(()) };
        document.fail(now, "the agent's connection broke before it was told");
        self.keep(&document, now).await
    }
}

/// An identity that sorts by time; a number tells two of one moment apart.
fn make_id(time: WallNs, node: &str) -> String {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let is_plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let node: String = node.chars().take(100).map(is_plain).collect();
    format!("{:016x}{number:04x}-{node}", time.0)
}
