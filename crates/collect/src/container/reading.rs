//! What a container uses at one moment, whatever version of cgroups says it.

use lanner_model::time::MonoNs;

use crate::rate::Counted;

/// What a container uses at one moment. Sizes in bytes, times in nanoseconds; what its cgroup does not say
/// is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reading {
    pub(crate) at: MonoNs,
    pub(crate) cpu: Cpu,
    pub(crate) memory: Memory,
    pub(crate) devices: Vec<DeviceIo>,
    pub(crate) threads: Option<u64>,
    /// `None` where there is no limit, too.
    pub(crate) threads_max: Option<u64>,
}

/// CPU time and its limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cpu {
    pub(crate) usage_ns: Option<u64>,
    pub(crate) user_ns: Option<u64>,
    pub(crate) system_ns: Option<u64>,
    pub(crate) periods: Option<u64>,
    pub(crate) throttled_periods: Option<u64>,
    pub(crate) throttled_ns: Option<u64>,
    /// `None` where there is no limit.
    pub(crate) quota_us: Option<u64>,
    pub(crate) period_us: Option<u64>,
    pub(crate) shares: Option<u64>,
}

/// Memory and its limits. A limit is `None` where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Memory {
    pub(crate) usage: Option<u64>,
    pub(crate) rss: Option<u64>,
    pub(crate) cache: Option<u64>,
    pub(crate) swap: Option<u64>,
    pub(crate) mapped_file: Option<u64>,
    pub(crate) kernel: Option<u64>,
    pub(crate) active_file: Option<u64>,
    pub(crate) inactive_file: Option<u64>,
    pub(crate) max_usage: Option<u64>,
    pub(crate) limit_hits: Option<u64>,
    pub(crate) page_faults: Option<u64>,
    pub(crate) major_page_faults: Option<u64>,
    pub(crate) oom_kills: Option<u64>,
    pub(crate) limit: Option<u64>,
    /// Of memory and swap together.
    pub(crate) swap_limit: Option<u64>,
    pub(crate) reservation: Option<u64>,
}

/// Block I/O with one device.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct DeviceIo {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) read_bytes: u64,
    pub(crate) written_bytes: u64,
    pub(crate) reads: u64,
    pub(crate) writes: u64,
}

impl Memory {
    /// What cannot go at once: usage less inactive file pages, as cAdvisor and the kubelet count it.
    pub(crate) fn working_set(&self) -> Option<u64> {
        Some(self.usage?.saturating_sub(self.inactive_file.unwrap_or(0)))
    }
}

impl Cpu {
    pub(crate) fn limit_cores(&self) -> Option<f64> {
        let period_us = self.period_us.filter(|period| *period > 0)?;
        Some(self.quota_us? as f64 / period_us as f64)
    }
}

impl Reading {
    pub(crate) fn cpu_used(&self) -> Counted {
        Counted { at: self.at, value: self.cpu.usage_ns }
    }

    pub(crate) fn disk_read(&self) -> Counted {
        self.all_devices(|device| device.read_bytes)
    }

    pub(crate) fn disk_written(&self) -> Counted {
        self.all_devices(|device| device.written_bytes)
    }

    fn all_devices(&self, bytes: impl Fn(&DeviceIo) -> u64) -> Counted {
        let sum = self.devices.iter().map(bytes).fold(0, u64::saturating_add);
        Counted { at: self.at, value: Some(sum) }
    }

    /// The entry of a device, made where there is none.
    pub(crate) fn device(&mut self, major: u32, minor: u32) -> &mut DeviceIo {
        let known = self.devices.iter().position(|one| (one.major, one.minor) == (major, minor));
        let at = known.unwrap_or_else(|| {
            self.devices.push(DeviceIo { major, minor, ..DeviceIo::default() });
            self.devices.len() - 1
        });
        &mut self.devices[at]
    }
}

/// `254:0` as numbers.
pub(crate) fn device_number(word: &[u8]) -> Option<(u32, u32)> {
    let colon = word.iter().position(|byte| *byte == b':')?;
    let number = |text| crate::text::number(text).and_then(|value| u32::try_from(value).ok());
    Some((number(&word[..colon])?, number(&word[colon + 1..])?))
}
