//! Small files of the kernel: load, pressure, open files.

use crate::text::{decimal, number, words};

/// What `/proc/loadavg` says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Load {
    pub(crate) averages: [Option<f64>; 3],
    /// Threads of all processes.
    pub(crate) threads: Option<u64>,
}

/// `0.20 0.18 0.12 1/80 11206`
pub(crate) fn load(file: &[u8]) -> Load {
    let mut words = words(file);
    let averages = std::array::from_fn(|_| words.next().and_then(decimal));
    let tasks = words.next().and_then(|word| word.rsplit(|byte| *byte == b'/').next());
    Load { averages, threads: tasks.and_then(number) }
}

/// Time lost for want of something, from `/proc/pressure/*`, in seconds.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Pressure {
    /// Some task waited.
    pub(crate) some: Option<f64>,
    /// No task could go on.
    pub(crate) full: Option<f64>,
}

/// `some avg10=0.00 avg60=0.00 avg300=0.00 total=60486906`, microseconds
pub(crate) fn pressure(file: &[u8]) -> Pressure {
    let total = |kind: &[u8]| {
        let line = crate::text::lines(file).find(|line| line.starts_with(kind))?;
        let total = words(line).find_map(|word| word.strip_prefix(b"total="))?;
        Some(number(total)? as f64 / 1e6)
    };
    Pressure { some: total(b"some "), full: total(b"full ") }
}

/// Open files and their limit, from `/proc/sys/fs/file-nr`.
pub(crate) fn open_files(file: &[u8]) -> (Option<u64>, Option<u64>) {
    let mut words = words(file).map(number);
    (words.next().flatten(), words.nth(1).flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_files_are_read() {
        let read = load(b"0.20 0.18 12.5 1/80 11206\n");
        assert_eq!(read, Load { averages: [Some(0.2), Some(0.18), Some(12.5)], threads: Some(80) });
        let read = pressure(b"some avg10=15.83 total=60486906\nfull avg10=0.00 total=5\n");
        assert_eq!(read, Pressure { some: Some(60.486_906), full: Some(0.000_005) });
        assert_eq!(open_files(b"640\t0\t9223372036854775807\n"), (Some(640), Some(i64::MAX as u64)));
        assert_eq!(
            (load(b""), pressure(b"x"), open_files(b"a")),
            (Load::default(), Pressure::default(), (None, None))
        );
    }
}
