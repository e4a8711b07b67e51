//! Findings to Arrow columns and back.

use std::sync::Arc;

use arrow_array::builder::{
    ListBuilder, StringBuilder, TimestampNanosecondBuilder, UInt8Builder, UInt64Builder,
};
use arrow_array::{
    Array, ArrayRef, ListArray, RecordBatch, StringArray, TimestampNanosecondArray, UInt8Array, UInt64Array,
};
use arrow_schema::{DataType, Field};
use lanner_model::finding::{Finding, Priority};
use lanner_model::id::{CaptureId, CgroupId, ContainerId};
use lanner_model::resource::{ContainerInfo, ContainerRuntime};
use lanner_model::time::WallNs;

use super::detail::{
    ancestry_from_json, ancestry_to_json, fields_from_json, fields_to_json, matched_from_json,
    matched_to_json,
};
use super::schema;
use crate::error::StoreError;

/// A batch of findings, in the order they are given.
///
/// # Errors
/// When they do not fit into one batch.
pub fn batch_of(findings: &[&Finding]) -> Result<RecordBatch, StoreError> {
    let text = |of: fn(&Finding) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(findings.iter().map(|finding| of(finding))))
    };
    let container_text = |of: fn(&ContainerInfo) -> &str| -> ArrayRef {
        let values = findings.iter().map(|finding| finding.container.as_ref().map(of));
        Arc::new(StringArray::from_iter(values))
    };
    let json = |of: fn(&Finding) -> Result<String, StoreError>| -> Result<ArrayRef, StoreError> {
        let mut column = StringBuilder::new();
        for finding in findings {
            column.append_value(of(finding)?);
        }
        Ok(Arc::new(column.finish()))
    };
    let mut time = TimestampNanosecondBuilder::new().with_timezone(schema::UTC);
    let mut priority = UInt8Builder::new();
    let tag = Field::new("item", DataType::Utf8, false);
    let mut tags = ListBuilder::new(StringBuilder::new()).with_field(tag);
    let mut event_number = UInt64Builder::new();
    let mut cgroup = UInt64Builder::new();
    for finding in findings {
        time.append_value(nanos(finding.time));
        priority.append_value(rank(finding.priority));
        finding.tags.iter().for_each(|tag| tags.values().append_value(tag));
        tags.append(true);
        event_number.append_value(finding.event_number);
        cgroup.append_option(finding.container.as_ref().map(|container| container.cgroup.0));
    }
    let columns: Vec<ArrayRef> = vec![
        text(|finding| &finding.id),
        Arc::new(time.finish()),
        text(|finding| finding.node.as_str()),
        text(|finding| &finding.rule),
        Arc::new(priority.finish()),
        Arc::new(tags.finish()),
        text(|finding| &finding.output),
        Arc::new(event_number.finish()),
        text(|finding| &finding.event_type),
        container_text(|container| container.id.as_str()),
        container_text(|container| container.runtime.as_str()),
        container_text(|container| &container.name),
        container_text(|container| &container.image),
        container_text(|container| &container.pod_uid),
        container_text(|container| &container.cgroup_path),
        Arc::new(cgroup.finish()),
        json(|finding| fields_to_json(&finding.fields))?,
        json(|finding| matched_to_json(&finding.matched))?,
        json(|finding| ancestry_to_json(&finding.ancestry))?,
        Arc::new(StringArray::from_iter(
            findings.iter().map(|finding| finding.capture.as_ref().map(CaptureId::as_str)),
        )),
    ];
    RecordBatch::try_new(schema::event_schema(), columns)
        .map_err(|error| StoreError::convert("findings to columns", error))
}

/// The findings of a batch. A column that the batch does not have leaves its part empty.
///
/// # Errors
/// When a column is of another type than [`event_schema`](crate::event_schema) says, or its JSON is
/// none.
pub fn findings_of(batch: &RecordBatch) -> Result<Vec<Finding>, StoreError> {
    let columns = Columns { batch };
    let id = columns.texts(schema::ID)?;
    let time = columns.of::<TimestampNanosecondArray>(schema::TIME)?;
    let node = columns.texts(schema::NODE)?;
    let rule = columns.texts(schema::RULE)?;
    let priority = columns.of::<UInt8Array>(schema::PRIORITY)?;
    let tags = columns.of::<ListArray>(schema::TAGS)?;
    let output = columns.texts(schema::OUTPUT)?;
    let event_number = columns.of::<UInt64Array>(schema::EVENT_NUMBER)?;
    let event_type = columns.texts(schema::EVENT_TYPE)?;
    let container_id = columns.texts(schema::CONTAINER_ID)?;
    let runtime = columns.texts(schema::CONTAINER_RUNTIME)?;
    let name = columns.texts(schema::CONTAINER_NAME)?;
    let image = columns.texts(schema::CONTAINER_IMAGE)?;
    let pod_uid = columns.texts(schema::POD_UID)?;
    let cgroup_path = columns.texts(schema::CGROUP_PATH)?;
    let cgroup = columns.of::<UInt64Array>(schema::CGROUP)?;
    let fields = columns.texts(schema::FIELDS)?;
    let matched = columns.texts(schema::MATCHED)?;
    let ancestry = columns.texts(schema::ANCESTRY)?;
    let capture = columns.texts(schema::CAPTURE)?;

    let text = |column: Option<&StringArray>, row| text_at(column, row).unwrap_or("").to_owned();
    let mut findings = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let container = text_at(container_id, row).map(|id| ContainerInfo {
            id: ContainerId::from(id),
            runtime: ContainerRuntime::parse(text_at(runtime, row).unwrap_or("")),
            name: text(name, row),
            image: text(image, row),
            pod_uid: text(pod_uid, row),
            cgroup_path: text(cgroup_path, row),
            cgroup: CgroupId(cgroup.filter(|column| column.is_valid(row)).map_or(0, |c| c.value(row))),
        });
        findings.push(Finding {
            id: text(id, row),
            time: WallNs(time.map_or(0, |column| column.value(row)) as u64),
            node: text(node, row).into(),
            rule: text(rule, row),
            priority: priority_of(priority.map_or(0, |column| column.value(row))),
            tags: tags.map_or(Ok(Vec::new()), |column| tags_at(column, row))?,
            output: text(output, row),
            event_number: event_number.map_or(0, |column| column.value(row)),
            event_type: text(event_type, row),
            fields: text_at(fields, row).map_or(Ok(Vec::new()), fields_from_json)?,
            matched: text_at(matched, row).map_or(Ok(Vec::new()), matched_from_json)?,
            ancestry: text_at(ancestry, row).map_or(Ok(Vec::new()), ancestry_from_json)?,
            container,
            capture: text_at(capture, row).map(CaptureId::from),
        });
    }
    Ok(findings)
}

/// Columns of a batch by their names, each of the type it should have.
pub(crate) struct Columns<'a> {
    pub(crate) batch: &'a RecordBatch,
}

impl<'a> Columns<'a> {
    /// A column; `None` when the batch does not have it.
    pub(crate) fn of<T: Array + 'static>(&self, name: &str) -> Result<Option<&'a T>, StoreError> {
        let Some(column) = self.batch.column_by_name(name) else { return Ok(None) };
        let typed = column.as_any().downcast_ref::<T>();
        let found =
            || StoreError::convert("columns to findings", format!("{name} is {}", column.data_type()));
        typed.map(Some).ok_or_else(found)
    }

    /// A column of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<&'a StringArray>, StoreError> {
        self.of::<StringArray>(name)
    }
}

/// A text; `None` for NULL and where there is no such column.
pub(crate) fn text_at(column: Option<&StringArray>, row: usize) -> Option<&str> {
    column.filter(|column| column.is_valid(row)).map(|column| column.value(row))
}

fn tags_at(column: &ListArray, row: usize) -> Result<Vec<String>, StoreError> {
    let tags = column.value(row);
    let tags = tags.as_any().downcast_ref::<StringArray>();
    let tags = tags.ok_or_else(|| StoreError::convert("columns to findings", "tags are no texts"))?;
    Ok((0..tags.len()).map(|at| tags.value(at).to_owned()).collect())
}

/// The column `priority`.
pub(crate) fn rank(priority: Priority) -> u8 {
    Priority::ALL.iter().position(|other| *other == priority).unwrap_or(0) as u8
}

/// The priority of the column's value; the gravest for one that is none.
pub(crate) fn priority_of(rank: u8) -> Priority {
    Priority::ALL.get(usize::from(rank)).copied().unwrap_or(Priority::Emergency)
}

/// The column `time`; the year 2262 for what is later.
pub(crate) fn nanos(time: WallNs) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX)
}
