//! The event table as Rust.

use std::fmt::Write;
use std::path::Path;

use super::schema::{Event, Events, Param};
use super::{Generated, camel_case};

pub(super) fn generate(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let schema = Events::read(root)?;
    Ok(vec![
        Generated {
            path: "crates/model/src/event/generated.rs",
            from: "schema/events.toml, schema/flags.toml and schema/syscalls.toml",
            text: FACE.to_owned(),
        },
        Generated {
            path: "crates/model/src/event/generated/table.rs",
            from: "schema/events.toml",
            text: table(&schema)?,
        },
        Generated {
            path: "crates/model/src/event/generated/types.rs",
            from: "schema/events.toml",
            text: types(&schema)?,
        },
    ])
}

const FACE: &str = "\
//! What the schema says of events: the table, the types as constants, names of flags, system calls, and
//! views that read an event's parameters by name.

#[rustfmt::skip]
pub mod flags;
pub mod syscall;
#[rustfmt::skip]
mod table;
#[rustfmt::skip]
mod types;
#[rustfmt::skip]
pub mod view;

pub use table::EVENTS;
";

fn table(schema: &Events) -> anyhow::Result<String> {
    let mut out = String::from(TABLE_HEAD);
    for event in &schema.events {
        entry(&mut out, event)?;
    }
    out.push_str("];\n");
    Ok(out)
}

const TABLE_HEAD: &str = "\
//! Every event type.

use super::flags;
use crate::event::param::PrintFormat::{Dec, Hex, Na, Oct};
use crate::event::param::{Category, EventFlags, EventInfo, NameValue, ParamInfo, ParamType, PrintFormat};

const fn p(name: &'static str, param_type: ParamType, format: PrintFormat) -> ParamInfo {
    ParamInfo { name, param_type, format, names: &[], dirfd: None, variants: &[] }
}

impl ParamInfo {
    const fn names(self, names: &'static [NameValue]) -> Self {
        Self { names, ..self }
    }

    const fn dirfd(self, dirfd: u8) -> Self {
        Self { dirfd: Some(dirfd), ..self }
    }

    const fn variants(self, variants: &'static [ParamType]) -> Self {
        Self { variants, ..self }
    }
}

/// Every event type, indexed by its number.
pub static EVENTS: &[EventInfo] = &[
";

fn entry(out: &mut String, event: &Event) -> anyhow::Result<()> {
    let category = event.source.number() | event.topic.number();
    let flags = event.flags.iter().fold(0, |all, flag| all | flag.number());
    let fd_param = event.fd_info.as_deref().and_then(|name| event.param_index(name));
    writeln!(out, "    EventInfo {{ // {}", event.number)?;
    writeln!(
        out,
        "        name: {:?}, id: {:?}, category: Category({category:#x}), flags: EventFlags({flags:#x}), \
         live: {}, fd_param: {fd_param:?},",
        event.name, event.id, event.live
    )?;
    if event.params.is_empty() {
        writeln!(out, "        params: &[],")?;
    } else {
        writeln!(out, "        params: &[")?;
        for param in &event.params {
            writeln!(out, "            {},", param_info(param))?;
        }
        writeln!(out, "        ],")?;
    }
    writeln!(out, "    }},")?;
    Ok(())
}

fn param_info(param: &Param) -> String {
    let mut out = format!("p({:?}, {}, {:?})", param.name, type_path(&param.param_type), param.format());
    if let Some(set) = &param.names {
        out += &format!(".names(flags::{})", set.to_ascii_uppercase());
    }
    if let Some(dirfd) = param.dirfd {
        out += &format!(".dirfd({dirfd})");
    }
    if !param.variants.is_empty() {
        let variants: Vec<String> = param.variants.iter().map(|variant| type_path(variant)).collect();
        out += &format!(".variants(&[{}])", variants.join(", "));
    }
    out
}

fn type_path(name: &str) -> String {
    format!("ParamType::{}", camel_case(name))
}

fn types(schema: &Events) -> anyhow::Result<String> {
    let mut out = String::from(
        "//! Every event type as a constant.\n\n\
         use crate::event::record::EventType;\n\n\
         /// The types of the table by their identifiers; `_E` is an enter event, `_X` an exit event.\n\
         #[allow(missing_docs, reason = \"docs/reference/events.md describes them\")]\n\
         impl EventType {\n",
    );
    for event in &schema.events {
        writeln!(out, "    pub const {}: EventType = EventType({});", event.id, event.number)?;
    }
    out.push_str("}\n");
    Ok(out)
}
