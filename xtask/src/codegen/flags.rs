//! Names of flags as Rust.

use std::fmt::Write;
use std::path::Path;

use super::Generated;
use super::schema::Events;

pub(super) fn generate(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let schema = Events::read(root)?;
    let mut out = String::from(
        "//! Flags and enumerated values in scap encoding: each set as a list in the order of printing\n\
         //! (`FILE_FLAGS`) and as constants (`file_flags::O_CREAT`).\n\n\
         #![allow(missing_docs, reason = \"the names are the kernel's and the format's own\")]\n\n\
         use crate::event::param::NameValue;\n\n\
         const fn n(name: &'static str, value: u32) -> NameValue {\n    NameValue { name, value }\n}\n",
    );
    for set in schema.flag_sets.keys() {
        let flags = schema.flag_set(set)?;
        writeln!(out, "\npub static {}: &[NameValue] = &[", set.to_ascii_uppercase())?;
        for (name, value) in &flags {
            writeln!(out, "    n({name:?}, {value:#x}),")?;
        }
        writeln!(out, "];\n\n/// [`{}`] as constants.\npub mod {set} {{", set.to_ascii_uppercase())?;
        for (name, value) in &flags {
            writeln!(out, "    pub const {}: u32 = {value:#x};", name.to_ascii_uppercase())?;
        }
        writeln!(out, "}}")?;
    }
    Ok(vec![Generated {
        path: "crates/model/src/event/generated/flags.rs",
        from: "schema/flags.toml",
        text: out,
    }])
}
