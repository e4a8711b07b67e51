//! What this process may do.

use std::path::Path;

/// Capabilities of this process that matter here, from `CapEff` of `/proc/self/status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    bits: u64,
}

/// Numbers of `include/uapi/linux/capability.h`.
const SYS_PTRACE: u32 = 19;
const SYS_ADMIN: u32 = 21;
const SYS_RESOURCE: u32 = 24;
const IPC_LOCK: u32 = 14;
const PERFMON: u32 = 38;
const BPF: u32 = 39;

impl Rights {
    pub(super) fn read(proc: &Path) -> Self {
        let status = std::fs::read_to_string(proc.join("self/status")).unwrap_or_default();
        Self::parse(&status).unwrap_or_default()
    }

    fn parse(status: &str) -> Option<Self> {
        let line = status.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
        Some(Self { bits: u64::from_str_radix(line.trim(), 16).ok()? })
    }

    /// The rights of a process that has all of these capabilities and no others.
    #[must_use]
    pub fn of(bits: u64) -> Self {
        Self { bits }
    }

    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Self { bits: u64::MAX }
    }

    /// Whether programs may be loaded: CAP_BPF, or CAP_SYS_ADMIN as before 5.8.
    #[must_use]
    pub fn bpf(self) -> bool {
        self.has(BPF) || self.has(SYS_ADMIN)
    }

    /// Whether programs may look into the kernel: CAP_PERFMON, or CAP_SYS_ADMIN.
    #[must_use]
    pub fn perfmon(self) -> bool {
        self.has(PERFMON) || self.has(SYS_ADMIN)
    }

    /// Whether other processes' `/proc/PID/environ`, `exe` and `fd` can be read: CAP_SYS_PTRACE.
    #[must_use]
    pub fn ptrace(self) -> bool {
        self.has(SYS_PTRACE)
    }

    /// Whether limits may be raised: CAP_SYS_RESOURCE.
    #[must_use]
    pub fn sys_resource(self) -> bool {
        self.has(SYS_RESOURCE)
    }

    /// Whether memory may be locked beyond the limit (flight recorder): CAP_IPC_LOCK.
    #[must_use]
    pub fn ipc_lock(self) -> bool {
        self.has(IPC_LOCK)
    }

    fn has(self, capability: u32) -> bool {
        self.bits >> capability & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effective_capabilities_are_read_from_the_status_file() {
        let rights = Rights::parse("Name:\tx\nCapEff:\t000000c000000000\n").unwrap();
        assert!(rights.bpf() && rights.perfmon());
        assert!(!rights.ptrace() && !rights.sys_resource() && !rights.ipc_lock());
    }

    #[test]
    fn sys_admin_stands_for_bpf_and_perfmon() {
        let rights = Rights::of(1 << SYS_ADMIN);
        assert!(rights.bpf() && rights.perfmon());
    }

    #[test]
    fn a_status_without_capabilities_grants_nothing() {
        assert_eq!(Rights::parse("Name:\tx\n"), None);
    }
}
