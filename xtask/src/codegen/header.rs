//! The C header that the probe's programs are compiled with.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::ensure;

use super::schema::{Events, NATIVE_LIMIT, Syscall};
use super::{Generated, snake_case};

/// Sets the probe needs beyond those of live events' parameters.
const MORE_SETS: [&str; 2] = ["fd_kinds", "l4_protocols"];

pub(super) fn generate(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let schema = Events::read(root)?;
    let mut out = String::from(HEAD);
    event_numbers(&mut out, &schema)?;
    params(&mut out, &schema)?;
    flags(&mut out, &schema)?;
    syscalls(&mut out, &schema)?;
    out.push_str("\n#endif\n");
    Ok(vec![Generated {
        path: "crates/probe/bpf/generated/events.h",
        from: "schema/events.toml, schema/flags.toml and schema/syscalls.toml",
        text: out,
    }])
}

const HEAD: &str = "\
// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
#ifndef LANNER_EVENTS_H
#define LANNER_EVENTS_H
";

fn event_numbers(out: &mut String, schema: &Events) -> anyhow::Result<()> {
    out.push_str("\n// Event types by their identifiers; _E enter, _X exit.\nenum event_type {\n");
    for event in schema.events.iter().filter(|event| event.is_current()) {
        writeln!(out, "\tEVENT_{} = {},", event.id, event.number)?;
    }
    writeln!(out, "}};\n\n#define EVENT_TYPES {}", schema.events.len())?;
    Ok(())
}

fn params(out: &mut String, schema: &Events) -> anyhow::Result<()> {
    out.push_str(
        "\n// Parameters of live events: how many, the resolved descriptor not counted, and their indexes.\n",
    );
    for event in schema.events.iter().filter(|event| event.live) {
        let id = &event.id;
        writeln!(out, "\n#define {id}_PARAMS {}", event.params.len())?;
        for (index, param) in event.params.iter().enumerate() {
            let name = snake_case(&param.name).trim_start_matches("r#").to_ascii_uppercase();
            writeln!(out, "#define {id}_{name} {index}")?;
        }
    }
    Ok(())
}

fn flags(out: &mut String, schema: &Events) -> anyhow::Result<()> {
    let live = schema.events.iter().filter(|event| event.live);
    let mut wanted: Vec<&str> = MORE_SETS.to_vec();
    wanted.extend(live.flat_map(|event| &event.params).filter_map(|param| param.names.as_deref()));
    let mut defined = BTreeMap::new();
    for set in schema.flag_sets.keys().filter(|set| wanted.contains(&set.as_str())) {
        writeln!(out, "\n// {set}")?;
        for (name, value) in schema.flag_set(set)? {
            match defined.insert(name, value) {
                None => writeln!(out, "#define SCAP_{name} {value:#x}")?,
                Some(other) => ensure!(other == value, "the header would have two values of SCAP_{name}"),
            }
        }
    }
    Ok(())
}

fn syscalls(out: &mut String, schema: &Events) -> anyhow::Result<()> {
    out.push_str("\n// System calls and tracepoints by their code in the format.\nenum syscall_code {\n");
    for syscall in &schema.syscalls {
        writeln!(out, "\tSC_{} = {},", syscall.name.to_ascii_uppercase(), syscall.code)?;
    }
    writeln!(
        out,
        "}};\n\n// Native numbers are below this; a power of two, so that a mask bounds an index."
    )?;
    writeln!(out, "#define NATIVE_LIMIT {NATIVE_LIMIT}")?;
    out.push_str("\n// The code of a native number; 0 (SC_UNKNOWN) where there is none.\n");
    out.push_str("static const unsigned short syscall_codes[NATIVE_LIMIT] = {\n");
    out.push_str("#if defined(__TARGET_ARCH_x86)\n");
    native(out, schema, |syscall| syscall.x86_64)?;
    out.push_str("#elif defined(__TARGET_ARCH_arm64)\n");
    native(out, schema, |syscall| syscall.aarch64)?;
    out.push_str("#else\n#error \"no system call numbers for this architecture\"\n#endif\n};\n");
    Ok(())
}

fn native(out: &mut String, schema: &Events, number: fn(&Syscall) -> Option<u16>) -> anyhow::Result<()> {
    let mut natives: Vec<(u16, &str)> = schema
        .syscalls
        .iter()
        .filter_map(|syscall| Some((number(syscall)?, syscall.name.as_str())))
        .collect();
    natives.sort_unstable();
    for (native, name) in natives {
        writeln!(out, "\t[{native}] = SC_{},", name.to_ascii_uppercase())?;
    }
    Ok(())
}
