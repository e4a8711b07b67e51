//! The machine: `scap_machine_info`, 180 bytes, and a block of ours for what it has no room for.

use lanner_model::snapshot::Machine;
use lanner_model::time::WallNs;

use crate::entry::{Entry, put_text};
use crate::error::CaptureError;

const HOSTNAME_LEN: usize = 128;

pub(crate) fn read(mut entry: Entry<'_>, known: &Extra, left: u32) -> Result<Machine, CaptureError> {
    let cpus = entry.u32("the number of CPUs")?;
    let memory_bytes = entry.u64("the machine's memory")?;
    entry.u64("the highest process id")?;
    let hostname = entry.bytes(HOSTNAME_LEN as u16, "the host name")?;
    let end = hostname.iter().position(|byte| *byte == 0).unwrap_or(HOSTNAME_LEN);
    let hostname = String::from_utf8_lossy(&hostname[..end]).into_owned();
    let boot = if left >= 156 { entry.u64("the time of boot")? } else { 0 };
    Ok(Machine {
        hostname,
        cpus,
        memory_bytes,
        boot: WallNs(boot),
        arch: known.arch.clone(),
        kernel: known.kernel.clone(),
    })
}

pub(crate) fn write(out: &mut Vec<u8>, machine: &Machine) {
    out.extend_from_slice(&machine.cpus.to_le_bytes());
    out.extend_from_slice(&machine.memory_bytes.to_le_bytes());
    out.extend_from_slice(&0_u64.to_le_bytes()); // highest process id
    let mut hostname = [0; HOSTNAME_LEN];
    let name = machine.hostname.as_bytes();
    let len = name.len().min(HOSTNAME_LEN - 1);
    hostname[..len].copy_from_slice(&name[..len]);
    out.extend_from_slice(&hostname);
    out.extend_from_slice(&machine.boot.0.to_le_bytes());
    out.extend_from_slice(&[0; 24]); // flags and two reserved numbers
}

/// What Lanner's own block adds.
#[derive(Default)]
pub(crate) struct Extra {
    arch: String,
    kernel: String,
}

impl Extra {
    pub(crate) fn read(mut entry: Entry<'_>) -> Result<Self, CaptureError> {
        Ok(Self { arch: entry.string("the architecture")?, kernel: entry.string("the kernel's release")? })
    }

    pub(crate) fn write(out: &mut Vec<u8>, machine: &Machine) {
        put_text(out, machine.arch.as_bytes(), 255);
        put_text(out, machine.kernel.as_bytes(), 255);
    }
}
