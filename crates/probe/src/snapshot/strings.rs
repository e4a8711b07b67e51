//! Arguments and environment of a process.

use std::path::Path;

/// Longest argument list and environment that is kept, as in events.
const LIST_BYTES: usize = 4096;

/// Arguments and environment of a process.
#[derive(Clone, Default)]
pub(super) struct Lists {
    pub(super) exe: Vec<u8>,
    pub(super) args: Vec<Vec<u8>>,
    pub(super) env: Vec<Vec<u8>>,
}

/// Reads both from a process's folder in `/proc`; empty for one that has gone or that may not be
/// looked into.
pub(super) fn strings_of(dir: &Path) -> Lists {
    let mut arguments = strings(&dir.join("cmdline")).into_iter();
    Lists {
        exe: arguments.next().unwrap_or_default(),
        args: arguments.collect(),
        env: strings(&dir.join("environ")),
    }
}

/// The strings of a file that has a NUL behind each.
fn strings(path: &Path) -> Vec<Vec<u8>> {
    let mut bytes = std::fs::read(path).unwrap_or_default();
    bytes.truncate(LIST_BYTES);
    let bytes = bytes.strip_suffix(&[0]).unwrap_or(&bytes);
    if bytes.is_empty() { Vec::new() } else { bytes.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect() }
}
