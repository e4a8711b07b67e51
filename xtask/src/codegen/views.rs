//! Views: one Rust type per current event, one getter per parameter.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::ensure;

use super::schema::{Event, Events};
use super::{Generated, camel_case, snake_case};

pub(super) fn generate(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let schema = Events::read(root)?;
    let mut out = String::from(HEAD);
    let mut named = BTreeMap::new();
    for event in schema.events.iter().filter(|event| event.is_current() && !event.params.is_empty()) {
        let name = view_name(event);
        if let Some(other) = named.insert(name.clone(), &event.id) {
            ensure!(false, "events {other} and {} would both have the view {name}", event.id);
        }
        view(&mut out, event, &name)?;
    }
    Ok(vec![Generated {
        path: "crates/model/src/event/generated/view.rs",
        from: "schema/events.toml",
        text: out,
    }])
}

const HEAD: &str = "\
//! Views: the current events with their parameters by name.
//!
//! A getter gives `None` for a parameter that is absent or whose bytes are not of its type. The
//! constants are the parameters' indexes.

#![allow(missing_docs, reason = \"parameters are described in docs/reference/events.md\")]
#![allow(clippy::len_without_is_empty, clippy::wrong_self_convention, reason = \"parameters keep their names\")]

use crate::event::record::{EventRef, EventType};
use crate::event::sockaddr::{SockAddr, SockTuple};
";

/// `OpenatX`, whatever version of openat is the current one.
fn view_name(event: &Event) -> String {
    let name = if event.name == "syscall" { "generic" } else { &event.name };
    format!("{}{}", camel_case(name), if event.is_enter() { "E" } else { "X" })
}

fn view(out: &mut String, event: &Event, name: &str) -> anyhow::Result<()> {
    writeln!(
        out,
        "\n/// `{}`.\n#[derive(Clone, Copy, Debug)]\npub struct {name}<'a>(EventRef<'a>);\n",
        event.id
    )?;
    writeln!(out, "impl<'a> {name}<'a> {{")?;
    writeln!(out, "    pub const EVENT: EventType = EventType::{};", event.id)?;
    for (index, param) in event.params.iter().enumerate() {
        let constant = snake_case(&param.name).trim_start_matches("r#").to_ascii_uppercase();
        writeln!(out, "    pub const {constant}: usize = {index};")?;
    }
    writeln!(out, "\n    /// The view of an event; `None` when it is of another type.")?;
    writeln!(out, "    pub fn new(event: EventRef<'a>) -> Option<Self> {{")?;
    writeln!(out, "        (event.event_type() == Self::EVENT).then_some(Self(event))\n    }}\n")?;
    for (index, param) in event.params.iter().enumerate() {
        let getter = snake_case(&param.name);
        let (gives, body) = getter_of(&param.param_type);
        let body = body.replace('#', &index.to_string());
        writeln!(out, "    pub fn {getter}(&self) -> {gives} {{ {body} }}")?;
    }
    writeln!(out, "}}")?;
    Ok(())
}

/// What the getter of a type gives and how; `#` stands for the index.
fn getter_of(param_type: &str) -> (&'static str, &'static str) {
    match param_type {
        "int8" | "int16" | "int32" | "int64" | "errno" | "fd" | "fd32" | "pid" | "pid32" => {
            ("Option<i64>", "self.0.i64(#)")
        }
        "charbuf" | "fspath" | "fsrelpath" => ("Option<&'a [u8]>", "self.0.text(#)"),
        "charbufarray" => ("impl Iterator<Item = &'a [u8]> + use<'a>", "self.0.texts(#)"),
        "sockaddr" => ("Option<SockAddr>", "SockAddr::decode(self.0.param(#)?)"),
        "socktuple" => ("Option<SockTuple>", "SockTuple::decode(self.0.param(#)?)"),
        "bytebuf" | "dyn" | "fdlist" | "charbuf_pair_array" | "double" | "ipv4addr" | "ipv6addr"
        | "ipaddr" | "ipv4net" | "ipv6net" | "ipnet" => ("Option<&'a [u8]>", "self.0.param(#)"),
        _ => ("Option<u64>", "self.0.u64(#)"),
    }
}
