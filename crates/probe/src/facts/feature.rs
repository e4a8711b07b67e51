//! What the kernel can do, found out by looking into its BTF or by trying.

use std::path::Path;

use libbpf_rs::btf::types::{Enum, Struct, Typedef};
use libbpf_rs::btf::{Btf, BtfKind};
use libbpf_rs::{MapHandle, MapType, ObjectBuilder};

use super::rights::Rights;
use crate::log;

static FEATURE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/feature.o"));

/// Whether a feature is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feature {
    /// It works.
    There,
    /// It does not, and why.
    Missing(String),
}

impl Feature {
    /// Whether it works.
    #[must_use]
    pub fn is_there(&self) -> bool {
        *self == Feature::There
    }

    fn when(there: bool, why_not: &str) -> Self {
        if there { Feature::There } else { Feature::Missing(why_not.into()) }
    }
}

impl Default for Feature {
    fn default() -> Self {
        Feature::Missing("not looked for".into())
    }
}

/// What the kernel can do.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// Types of the running kernel (`/sys/kernel/btf/vmlinux`).
    pub btf: Feature,
    /// Tracepoints with typed arguments; `sys_exit` is one.
    pub tp_btf: Feature,
    /// Tracepoints of control groups.
    pub cgroup_tracepoints: Feature,
    /// `bpf_get_current_task_btf()`, 5.11.
    pub current_task: Feature,
    /// Ring buffers, 5.8.
    pub ringbuf: Feature,
    /// Iterators over tasks and their files, 5.8.
    pub iterators: Feature,
    /// Storage that belongs to a task, 5.11.
    pub task_storage: Feature,
    /// Programs at the entry of kernel functions.
    pub fentry: Feature,
    /// Programs as a security module.
    pub bpf_lsm: Feature,
}

impl Features {
    pub(super) fn read(sys: &Path, rights: &Rights) -> Self {
        let btf_file = sys.join("kernel/btf/vmlinux");
        let btf = match log::listen(|| Btf::from_path(&btf_file)).0 {
            Ok(btf) => btf,
            Err(_) => {
                let no_types = || Feature::Missing("the kernel's types are not known without BTF".into());
                return Self {
                    btf: Feature::Missing(format!("{} cannot be read", btf_file.display())),
                    tp_btf: no_types(),
                    cgroup_tracepoints: no_types(),
                    current_task: no_types(),
                    iterators: no_types(),
                    task_storage: no_types(),
                    fentry: no_types(),
                    bpf_lsm: no_types(),
                    ringbuf: ringbuf(rights),
                };
            }
        };
        let helper = |name: &str| has_value(&btf, "bpf_func_id", name);
        let iterators = has_struct(&btf, "bpf_iter__task") && has_struct(&btf, "bpf_iter__task_file");
        Self {
            btf: Feature::There,
            tp_btf: Feature::when(
                has_tracepoint(&btf, "sys_exit"),
                "the kernel has no typed tracepoint sys_exit",
            ),
            cgroup_tracepoints: Feature::when(
                has_tracepoint(&btf, "cgroup_mkdir"),
                "the kernel has no typed tracepoint cgroup_mkdir",
            ),
            current_task: Feature::when(helper("BPF_FUNC_get_current_task_btf"), "it came with Linux 5.11"),
            iterators: Feature::when(
                iterators,
                "the kernel has no iterators over tasks and files (Linux 5.8)",
            ),
            task_storage: Feature::when(
                has_value(&btf, "bpf_map_type", "BPF_MAP_TYPE_TASK_STORAGE"),
                "it came with Linux 5.11",
            ),
            ringbuf: ringbuf(rights),
            fentry: try_program("fentry_here", rights),
            bpf_lsm: bpf_lsm(sys, rights),
        }
    }
}

fn has_tracepoint(btf: &Btf<'_>, name: &str) -> bool {
    btf.type_by_name::<Typedef<'_>>(&format!("btf_trace_{name}")).is_some()
}

fn has_struct(btf: &Btf<'_>, name: &str) -> bool {
    btf.type_by_name::<Struct<'_>>(name).is_some()
}

/// Whether an enumeration of the kernel has a value of that name. (Unnamed enumerations and those
/// with 64-bit values are none that are asked for here.)
fn has_value(btf: &Btf<'_>, enumeration: &str, name: &str) -> bool {
    btf.type_by_kind::<Enum<'_>>()
        .filter(|found| {
            found.kind() == BtfKind::Enum && found.name().is_some_and(|found| found == enumeration)
        })
        .any(|found| found.iter().any(|value| value.name.is_some_and(|found| found == name)))
}

fn ringbuf(rights: &Rights) -> Feature {
    if !rights.bpf() {
        return no_right();
    }
    let options = libbpf_sys::bpf_map_create_opts {
        sz: size_of::<libbpf_sys::bpf_map_create_opts>() as libbpf_sys::size_t,
        ..Default::default()
    };
    let size = rustix::param::page_size() as u32;
    match MapHandle::create(MapType::RingBuf, Some("lanner_try"), 0, 0, size, &options) {
        Ok(_) => Feature::There,
        Err(error) => Feature::Missing(format!("a ring buffer cannot be made: {error}")),
    }
}

fn bpf_lsm(sys: &Path, rights: &Rights) -> Feature {
    let modules = std::fs::read_to_string(sys.join("kernel/security/lsm")).unwrap_or_default();
    if !modules.trim().split(',').any(|module| module == "bpf") {
        return Feature::Missing(
            "`bpf` is not in the kernel's list of security modules (boot with lsm=...,bpf)".into(),
        );
    }
    try_program("lsm_here", rights)
}

/// Loads one program of `feature.bpf.c`, attaches it and takes it away again.
fn try_program(name: &str, rights: &Rights) -> Feature {
    if !rights.bpf() || !rights.perfmon() {
        return no_right();
    }
    let (result, _) = log::listen(|| -> libbpf_rs::Result<()> {
        let mut open = ObjectBuilder::default().open_memory(FEATURE)?;
        for mut program in open.progs_mut() {
            let wanted = program.name() == name;
            program.set_autoload(wanted);
        }
        let object = open.load()?;
        for program in object.progs_mut().filter(|program| program.name() == name) {
            drop(program.attach()?);
        }
        Ok(())
    });
    match result {
        Ok(()) => Feature::There,
        Err(error) => Feature::Missing(format!("the kernel refuses to attach one: {error}")),
    }
}

fn no_right() -> Feature {
    Feature::Missing("not tried: CAP_BPF and CAP_PERFMON are needed".into())
}
