//! `/proc/diskstats` (the kernel's `Documentation/admin-guide/iostats.rst`).

use crate::text::{lines, number, words};

/// The kernel counts sectors of 512 bytes, whatever the device's own are.
pub(crate) const SECTOR_BYTES: u64 = 512;

/// One block device. Counts in the order of the file; older kernels have 11, since 4.18 there are discards,
/// since 5.5 flushes.
#[derive(Debug, PartialEq)]
pub(crate) struct Disk {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) name: String,
    pub(crate) counts: [Option<u64>; 17],
}

pub(crate) fn parse(file: &[u8]) -> Vec<Disk> {
    let disk = |line| {
        let mut words = words(line);
        let major = u32::try_from(number(words.next()?)?).ok()?;
        let minor = u32::try_from(number(words.next()?)?).ok()?;
        let name = crate::text::lossy(words.next()?);
        let counts = std::array::from_fn(|_| words.next().and_then(number));
        Some(Disk { major, minor, name, counts })
    };
    lines(file).filter_map(disk).collect()
}

impl Disk {
    pub(crate) fn read_bytes(&self) -> Option<u64> {
        self.counts[2]?.checked_mul(SECTOR_BYTES)
    }

    pub(crate) fn written_bytes(&self) -> Option<u64> {
        self.counts[6]?.checked_mul(SECTOR_BYTES)
    }

    /// Whether it has series: the devices that node_exporter leaves out by default are RAM disks, loop
    /// devices, floppies and partitions.
    pub(crate) fn has_series(&self) -> bool {
        let name = self.name.as_str();
        let ends_with_number =
            |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
        let numbered = |prefix: &str| name.strip_prefix(prefix).is_some_and(ends_with_number);
        let is_lettered_partition = ["hd", "sd", "vd", "xvd"].iter().any(|prefix| {
            let rest = name
                .strip_prefix(prefix)
                .and_then(|rest| rest.strip_prefix(|c: char| c.is_ascii_lowercase()));
            rest.is_some_and(ends_with_number)
        });
        !(["ram", "zram", "loop", "fd"].into_iter().any(numbered)
            || is_lettered_partition
            || is_numbered_partition(name, "nvme"))
    }

    /// Whether its bytes are part of the node's: not what lies on top of other devices.
    pub(crate) fn is_whole(&self) -> bool {
        let is_stacked = ["dm-", "md", "drbd", "nbd"].iter().any(|prefix| self.name.starts_with(prefix));
        self.has_series() && !is_stacked && !is_numbered_partition(&self.name, "mmcblk")
    }
}

/// `nvme0n1p2`, `mmcblk0p1`: a number, `p`, a number at the end.
fn is_numbered_partition(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).and_then(|rest| rest.rsplit_once('p')).is_some_and(|(device, partition)| {
        device.ends_with(|c: char| c.is_ascii_digit())
            && !partition.is_empty()
            && partition.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(name: &str) -> Disk {
        Disk { major: 0, minor: 0, name: name.to_owned(), counts: [None; 17] }
    }

    #[test]
    fn partitions_and_memory_have_no_series() {
        for name in
            ["sda", "vda", "xvdb", "hdc", "sdaa", "nvme0n1", "mmcblk0", "dm-0", "md127", "sr0", "nvme1n1"]
        {
            assert!(disk(name).has_series(), "{name}");
        }
        for name in ["sda1", "vda15", "xvdb2", "nvme0n1p1", "nvme10n1p12", "loop0", "ram3", "zram0", "fd0"] {
            assert!(!disk(name).has_series(), "{name}");
        }
        assert!(disk("vda").is_whole() && disk("mmcblk0").is_whole());
        assert!(!disk("dm-0").is_whole() && !disk("md127").is_whole() && !disk("mmcblk0p1").is_whole());
    }

    #[test]
    fn lines_of_every_age_are_read() {
        let disks = parse(
            b" 254       0 vda 53186 11275 7797682 46982 10196 29425 4770208 14537 0 10224 62144 4847 53 704936 570 1238 53\n\
                 8       1 sda1 1 2 3 4 5 6 7 8 9 10 11\n   x 1 bad\n8\n",
        );
        assert_eq!(disks.len(), 2);
        assert_eq!((disks[0].major, disks[0].read_bytes()), (254, Some(7_797_682 * 512)));
        assert_eq!((disks[1].written_bytes(), disks[1].counts[11]), (Some(7 * 512), None));
    }
}
