//! System calls as Rust.

use std::fmt::Write;
use std::path::Path;

use super::Generated;
use super::schema::{Events, NATIVE_LIMIT, Syscall};

pub(super) fn generate(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let schema = Events::read(root)?;
    let mut out = String::from(HEAD);
    writeln!(out, "pub const NATIVE_LIMIT: u32 = {NATIVE_LIMIT};\n")?;
    writeln!(out, "static SYSCALLS: &[Syscall] = &[")?;
    for syscall in &schema.syscalls {
        let event = schema.event(syscall.event.as_deref().unwrap_or("GENERIC_X"))?.number;
        writeln!(out, "Syscall {{ name: {:?}, event: EventType({event}) }},", syscall.name)?;
    }
    writeln!(out, "];")?;
    native(&mut out, "X86_64", &schema, |syscall| syscall.x86_64)?;
    native(&mut out, "AARCH64", &schema, |syscall| syscall.aarch64)?;
    Ok(vec![Generated {
        path: "crates/model/src/event/generated/syscall.rs",
        from: "schema/syscalls.toml",
        text: out,
    }])
}

fn native(
    out: &mut String,
    arch: &str,
    schema: &Events,
    number: fn(&Syscall) -> Option<u16>,
) -> anyhow::Result<()> {
    let mut codes = vec![0; usize::from(NATIVE_LIMIT)];
    for syscall in &schema.syscalls {
        if let Some(native) = number(syscall) {
            codes[usize::from(native)] = syscall.code;
        }
    }
    while codes.last() == Some(&0) {
        codes.pop();
    }
    writeln!(out, "\n#[rustfmt::skip]\nstatic {arch}: [u16; {}] = [", codes.len())?;
    for line in codes.chunks(16) {
        let line: Vec<String> = line.iter().map(u16::to_string).collect();
        writeln!(out, "    {},", line.join(", "))?;
    }
    writeln!(out, "];")?;
    Ok(())
}

const HEAD: &str = "\
//! System calls by their code in the format (`PPM_SC_*`) and by native number.

use crate::event::record::EventType;

struct Syscall {
    name: &'static str,
    event: EventType,
}

/// The name of a system call, `openat`, or of a tracepoint, by its code.
#[must_use]
pub fn name(code: u16) -> Option<&'static str> {
    SYSCALLS.get(usize::from(code)).map(|syscall| syscall.name)
}

/// The code of a name.
#[must_use]
pub fn code(name: &str) -> Option<u16> {
    let at = SYSCALLS.iter().position(|syscall| syscall.name == name)?;
    Some(at as u16)
}

/// The event that tells of a system call: its exit event, [`EventType::GENERIC_X`] for one that has
/// none of its own.
#[must_use]
pub fn event(code: u16) -> Option<EventType> {
    SYSCALLS.get(usize::from(code)).map(|syscall| syscall.event)
}

/// The code of a native number on x86_64.
#[must_use]
pub fn from_x86_64(native: u32) -> Option<u16> {
    X86_64.get(native as usize).copied().filter(|code| *code != 0)
}

/// The code of a native number on aarch64.
#[must_use]
pub fn from_aarch64(native: u32) -> Option<u16> {
    AARCH64.get(native as usize).copied().filter(|code| *code != 0)
}

/// Native numbers are below this on every architecture.
";
