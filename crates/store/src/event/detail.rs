//! The parts of a finding that are JSON on disk: in the columns `fields`, `matched` and `ancestry`
//! of a segment, and whole findings in the write-ahead log. The model's types are not serialised
//! themselves, so that they may change and the disk format stays
//! (`docs/formats/event-segment.md`).

use lanner_model::finding::{Finding, MatchedCondition, Priority, ProcessNode};
use lanner_model::id::{CaptureId, CgroupId, ContainerId};
use lanner_model::resource::{ContainerInfo, ContainerRuntime};
use lanner_model::time::WallNs;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;

/// A finding in the write-ahead log.
#[derive(Serialize, Deserialize)]
struct FindingRecord {
    id: String,
    time: u64,
    node: String,
    rule: String,
    priority: String,
    tags: Vec<String>,
    output: String,
    event_number: u64,
    event_type: String,
    fields: Vec<(String, String)>,
    matched: Vec<MatchedRecord>,
    ancestry: Vec<ProcessRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    container: Option<ContainerRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    capture: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct MatchedRecord {
    text: String,
    field: String,
    value: Option<String>,
    negated: bool,
}

#[derive(Serialize, Deserialize)]
struct ProcessRecord {
    pid: i64,
    vpid: i64,
    comm: String,
    exepath: String,
    cmdline: String,
    user: String,
    uid: u32,
    start: u64,
    container: String,
}

#[derive(Serialize, Deserialize)]
struct ContainerRecord {
    id: String,
    runtime: String,
    name: String,
    image: String,
    pod_uid: String,
    cgroup_path: String,
    cgroup: u64,
}

/// A finding as JSON, for the write-ahead log.
pub(crate) fn finding_to_json(finding: &Finding) -> Result<Vec<u8>, StoreError> {
    let record = FindingRecord {
        id: finding.id.clone(),
        time: finding.time.0,
        node: finding.node.to_string(),
        rule: finding.rule.clone(),
        priority: finding.priority.as_str().to_owned(),
        tags: finding.tags.clone(),
        output: finding.output.clone(),
        event_number: finding.event_number,
        event_type: finding.event_type.clone(),
        fields: finding.fields.clone(),
        matched: finding.matched.iter().map(matched_record).collect(),
        ancestry: finding.ancestry.iter().map(process_record).collect(),
        container: finding.container.as_ref().map(container_record),
        capture: finding.capture.as_ref().map(ToString::to_string),
    };
    serde_json::to_vec(&record).map_err(|error| StoreError::convert("a finding to JSON", error))
}

/// Reads a record of the write-ahead log: one or more findings, one behind the other. `None` when it
/// makes no sense.
pub(crate) fn findings_from_json(bytes: &[u8]) -> Option<Vec<Finding>> {
    let records = serde_json::Deserializer::from_slice(bytes).into_iter::<FindingRecord>();
    records.map(|record| finding_of(record.ok()?)).collect()
}

fn finding_of(record: FindingRecord) -> Option<Finding> {
    Some(Finding {
        id: record.id,
        time: WallNs(record.time),
        node: record.node.into(),
        rule: record.rule,
        priority: Priority::parse(&record.priority)?,
        tags: record.tags,
        output: record.output,
        event_number: record.event_number,
        event_type: record.event_type,
        fields: record.fields,
        matched: record.matched.into_iter().map(matched_of).collect(),
        ancestry: record.ancestry.into_iter().map(process_of).collect(),
        container: record.container.map(container_of),
        capture: record.capture.map(CaptureId::from),
    })
}

/// The column `fields`: `[["proc.name","cat"], ...]`.
pub(crate) fn fields_to_json(fields: &[(String, String)]) -> Result<String, StoreError> {
    to_json("fields", fields)
}

/// Reads the column `fields`.
pub(crate) fn fields_from_json(text: &str) -> Result<Vec<(String, String)>, StoreError> {
    from_json("fields", text)
}

/// The column `matched`: an array of objects.
pub(crate) fn matched_to_json(matched: &[MatchedCondition]) -> Result<String, StoreError> {
    to_json("matched conditions", &matched.iter().map(matched_record).collect::<Vec<_>>())
}

/// Reads the column `matched`.
pub(crate) fn matched_from_json(text: &str) -> Result<Vec<MatchedCondition>, StoreError> {
    let records: Vec<MatchedRecord> = from_json("matched conditions", text)?;
    Ok(records.into_iter().map(matched_of).collect())
}

/// The column `ancestry`: an array of objects, the process first.
pub(crate) fn ancestry_to_json(ancestry: &[ProcessNode]) -> Result<String, StoreError> {
    to_json("ancestry", &ancestry.iter().map(process_record).collect::<Vec<_>>())
}

/// Reads the column `ancestry`.
pub(crate) fn ancestry_from_json(text: &str) -> Result<Vec<ProcessNode>, StoreError> {
    let records: Vec<ProcessRecord> = from_json("ancestry", text)?;
    Ok(records.into_iter().map(process_of).collect())
}

fn to_json<T: Serialize + ?Sized>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::convert(what, error))
}

fn from_json<T: for<'a> Deserialize<'a>>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::convert(what, error))
}

fn matched_record(matched: &MatchedCondition) -> MatchedRecord {
    MatchedRecord {
        text: matched.text.clone(),
        field: matched.field.clone(),
        value: matched.value.clone(),
        negated: matched.negated,
    }
}

fn matched_of(record: MatchedRecord) -> MatchedCondition {
    let MatchedRecord { text, field, value, negated } = record;
    MatchedCondition { text, field, value, negated }
}

fn process_record(process: &ProcessNode) -> ProcessRecord {
    ProcessRecord {
        pid: process.pid,
        vpid: process.vpid,
        comm: process.comm.clone(),
        exepath: process.exepath.clone(),
        cmdline: process.cmdline.clone(),
        user: process.user.clone(),
        uid: process.uid,
        start: process.start.0,
        container: process.container.to_string(),
    }
}

fn process_of(record: ProcessRecord) -> ProcessNode {
    ProcessNode {
        pid: record.pid,
        vpid: record.vpid,
        comm: record.comm,
        exepath: record.exepath,
        cmdline: record.cmdline,
        user: record.user,
        uid: record.uid,
        start: WallNs(record.start),
        container: ContainerId::from(record.container),
    }
}

fn container_record(container: &ContainerInfo) -> ContainerRecord {
    ContainerRecord {
        id: container.id.to_string(),
        runtime: container.runtime.as_str().to_owned(),
        name: container.name.clone(),
        image: container.image.clone(),
        pod_uid: container.pod_uid.clone(),
        cgroup_path: container.cgroup_path.clone(),
        cgroup: container.cgroup.0,
    }
}

fn container_of(record: ContainerRecord) -> ContainerInfo {
    ContainerInfo {
        id: ContainerId::from(record.id),
        runtime: ContainerRuntime::parse(&record.runtime),
        name: record.name,
        image: record.image,
        pod_uid: record.pod_uid,
        cgroup_path: record.cgroup_path,
        cgroup: CgroupId(record.cgroup),
    }
}
