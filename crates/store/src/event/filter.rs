//! A filter asked of columns: the same answers as [`EventFilter::matches`], which a test sees to.

use arrow_array::{BooleanArray, RecordBatch, TimestampNanosecondArray, UInt8Array};
use lanner_model::time::WallNs;

use super::detail::fields_from_json;
use super::row::{Columns, priority_of, text_at};
use super::schema;
use super::spec::{Cursor, EventFilter, Needle};
use crate::error::StoreError;

/// The columns that a filter looks at.
pub(crate) fn columns_of(filter: &EventFilter) -> Vec<usize> {
    let mut names = vec![schema::TIME, schema::ID];
    let asked = [
        (!filter.severities.is_empty(), schema::PRIORITY),
        (!filter.rules.is_empty(), schema::RULE),
        (!filter.nodes.is_empty(), schema::NODE),
        (!filter.containers.is_empty(), schema::CONTAINER_ID),
    ];
    names.extend(asked.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, name)| name));
    if !filter.text.is_empty() {
        names.extend(TEXTS);
        names.push(schema::FIELDS);
    }
    schema::columns_named(&names)
}

const TEXTS: [&str; 6] = [
    schema::OUTPUT,
    schema::RULE,
    schema::NODE,
    schema::CONTAINER_ID,
    schema::CONTAINER_NAME,
    schema::CONTAINER_IMAGE,
];

/// Which rows of a batch are asked for and come after the cursor.
pub(crate) fn rows(
    filter: &EventFilter,
    after: Option<&Cursor>,
    batch: &RecordBatch,
) -> Result<BooleanArray, StoreError> {
    let columns = Columns { batch };
    let time = columns.of::<TimestampNanosecondArray>(schema::TIME)?;
    let id = columns.texts(schema::ID)?;
    let priority = columns.of::<UInt8Array>(schema::PRIORITY)?;
    let rule = columns.texts(schema::RULE)?;
    let node = columns.texts(schema::NODE)?;
    let container = columns.texts(schema::CONTAINER_ID)?;
    let fields = columns.texts(schema::FIELDS)?;
    let mut texts = Vec::new();
    for name in TEXTS {
        texts.push(columns.texts(name)?);
    }
    let needle = Needle::of(filter);

    let is_asked = |row: usize| {
        let time = WallNs(time.map_or(0, |column| column.value(row)) as u64);
        let id = text_at(id, row).unwrap_or("");
        let rule = text_at(rule, row).unwrap_or("");
        let node = text_at(node, row).unwrap_or("");
        let container = text_at(container, row).unwrap_or("");
        (filter.from..filter.to).contains(&time)
            // Pages go backwards in time: what comes after is smaller.
            && after.is_none_or(|after| (time, id) < (after.time, after.id.as_str()))
            && (filter.severities.is_empty()
                || priority.is_some_and(|column| {
                    filter.severities.contains(&priority_of(column.value(row)).severity())
                }))
            && (filter.rules.is_empty() || filter.rules.iter().any(|wanted| wanted == rule))
            && (filter.nodes.is_empty() || filter.nodes.iter().any(|wanted| wanted.as_str() == node))
            && (filter.containers.is_empty()
                || filter.containers.iter().any(|wanted| wanted.as_str() == container))
            && (filter.ids.is_empty() || filter.ids.iter().any(|wanted| wanted == id))
            && needle.as_ref().is_none_or(|needle| {
                texts.iter().any(|column| text_at(*column, row).is_some_and(|text| needle.is_in(text)))
                    || text_at(fields, row).is_some_and(|json| is_in_fields(needle, json))
            })
    };
    Ok((0..batch.num_rows()).map(|row| Some(is_asked(row))).collect())
}

fn is_in_fields(needle: &Needle, json: &str) -> bool {
    // Most rows end here, without the JSON being read.
    if !needle.may_be_in_json(json) {
        return false;
    }
    let fields = fields_from_json(json).unwrap_or_default();
    fields.iter().any(|(_, value)| needle.is_in(value))
}
