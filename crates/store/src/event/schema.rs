//! The columns of findings, declared once.

use std::sync::{Arc, LazyLock};

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};

use super::spec::Projection;

pub(crate) const ID: &str = "id";
pub(crate) const TIME: &str = "time";
pub(crate) const NODE: &str = "node";
pub(crate) const RULE: &str = "rule";
pub(crate) const PRIORITY: &str = "priority";
pub(crate) const TAGS: &str = "tags";
pub(crate) const OUTPUT: &str = "output";
pub(crate) const EVENT_NUMBER: &str = "event_number";
pub(crate) const EVENT_TYPE: &str = "event_type";
pub(crate) const CONTAINER_ID: &str = "container_id";
pub(crate) const CONTAINER_RUNTIME: &str = "container_runtime";
pub(crate) const CONTAINER_NAME: &str = "container_name";
pub(crate) const CONTAINER_IMAGE: &str = "container_image";
pub(crate) const POD_UID: &str = "pod_uid";
pub(crate) const CGROUP_PATH: &str = "cgroup_path";
pub(crate) const CGROUP: &str = "cgroup";
pub(crate) const FIELDS: &str = "fields";
pub(crate) const MATCHED: &str = "matched";
pub(crate) const ANCESTRY: &str = "ancestry";
pub(crate) const CAPTURE: &str = "capture";

/// The time zone of the column [`TIME`].
pub(crate) const UTC: &str = "UTC";

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    // NULL in all of these: it happened on the host.
    let container_text = |name: &str| Field::new(name, DataType::Utf8, true);
    let tag = Arc::new(Field::new("item", DataType::Utf8, false));
    Arc::new(Schema::new(vec![
        text(ID),
        Field::new(TIME, DataType::Timestamp(TimeUnit::Nanosecond, Some(UTC.into())), false),
        text(NODE),
        text(RULE),
        // 0 Debug .. 7 Emergency: the order of `Priority::ALL`
        Field::new(PRIORITY, DataType::UInt8, false),
        Field::new(TAGS, DataType::List(tag), false),
        text(OUTPUT),
        Field::new(EVENT_NUMBER, DataType::UInt64, false),
        text(EVENT_TYPE),
        container_text(CONTAINER_ID),
        container_text(CONTAINER_RUNTIME),
        container_text(CONTAINER_NAME),
        container_text(CONTAINER_IMAGE),
        container_text(POD_UID),
        container_text(CGROUP_PATH),
        Field::new(CGROUP, DataType::UInt64, true),
        // JSON, see `detail.rs`: read whole or not at all
        text(FIELDS),
        text(MATCHED),
        text(ANCESTRY),
        // Not in segments of earlier versions, so behind what they have. NULL: the hit began none.
        Field::new(CAPTURE, DataType::Utf8, true),
    ]))
});

/// The columns of a batch of findings; `docs/formats/event-segment.md` describes them.
#[must_use]
pub fn event_schema() -> SchemaRef {
    SCHEMA.clone()
}

/// The numbers of the columns that a projection has.
pub(crate) fn columns_of(projection: Projection) -> Vec<usize> {
    let heavy: &[&str] = match projection {
        Projection::Whole => &[],
        Projection::Summary => &[FIELDS, MATCHED, ANCESTRY],
    };
    let fields = SCHEMA.fields().iter().enumerate();
    fields.filter(|(_, field)| !heavy.contains(&field.name().as_str())).map(|(at, _)| at).collect()
}

/// The numbers of columns by their names.
pub(crate) fn columns_named(names: &[&str]) -> Vec<usize> {
    let fields = SCHEMA.fields().iter().enumerate();
    fields.filter(|(_, field)| names.contains(&field.name().as_str())).map(|(at, _)| at).collect()
}
