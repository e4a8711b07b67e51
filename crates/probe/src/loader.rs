//! The compiled object goes into the kernel. Each program is optional: one that the verifier
//! rejects is set aside with what it said, and the rest is loaded without it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd};

use lanner_model::event::syscall;
use libbpf_rs::{
    Iter, IterOpts, Link, MapCore, MapFlags, MapHandle, Object, ObjectBuilder, OpenObject, ProgramInput,
};

use crate::bytes::Plain;
use crate::error::ProbeError;
use crate::interest::code_of;
use crate::log;
use crate::program;
use crate::record::{CALL_SLOTS, Fixed, FlightTally, Tally};
use crate::ring::Ring;

/// The probe as clang made it.
pub(crate) static PROBE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/probe.o"));
static FLOOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/floor.o"));
static EMPTY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/empty.o"));

/// A program that is not loaded, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Its name.
    pub program: String,
    /// The verifier's last lines, or why it was not tried.
    pub verdict: String,
}

/// What the object is loaded with.
pub(crate) struct Plan<'a> {
    /// The compiled object: [`PROBE`], but in tests.
    pub(crate) object: &'static [u8],
    pub(crate) fixed: Fixed,
    /// CPUs the kernel may ever have.
    pub(crate) cpus: u32,
    pub(crate) rings: &'a [Ring],
    /// Programs not to load.
    pub(crate) left_out: &'a BTreeSet<&'static str>,
    /// Calls whose program is replaced by one that does nothing; for the live tests.
    pub(crate) emptied: &'a [&'static str],
}

/// The object in the kernel. It works as long as this lives.
pub(crate) struct Loaded {
    pub(crate) object: Object,
    pub(crate) rejected: Vec<Rejected>,
    // Dropped before the object, so that no program is called while its maps go.
    links: Vec<Link>,
    _empty: Option<Object>,
}

/// Loads the probe, fills its maps and attaches what was loaded.
pub(crate) fn load(plan: &Plan<'_>) -> Result<Loaded, ProbeError> {
    let mut rejected: Vec<Rejected> = Vec::new();
    let object = loop {
        match try_load(plan, &rejected)? {
            Ok(object) => break object,
            Err(next) => rejected.push(next),
        }
    };
    for (index, ring) in plan.rings.iter().enumerate() {
        let fd = ring.map().as_fd().as_raw_fd();
        write(&object, "rings", &(index as u32).to_ne_bytes(), &fd.to_ne_bytes())?;
    }
    let empty = fill_calls(&object, plan)?;
    let mut loaded = Loaded { object, rejected, links: Vec::new(), _empty: empty };
    loaded.attach(program::attached())?;
    Ok(loaded)
}

/// Loads and attaches the program of the benchmark's floor.
pub(crate) fn load_floor(cpus: u32) -> Result<Loaded, ProbeError> {
    let mut open = open(FLOOR)?;
    resize(&mut open, "tallies", cpus)?;
    let (object, text) = log::listen(|| open.load());
    let refused = |cause| ProbeError::Refused { program: "floor".into(), verdict: last_lines(&text), cause };
    let object = object.map_err(refused)?;
    let mut loaded = Loaded { object, rejected: Vec::new(), links: Vec::new(), _empty: None };
    loaded.attach(["floor_of_cost"])?;
    Ok(loaded)
}

impl Loaded {
    /// Writes a value into a map.
    pub(crate) fn write(&self, map: &'static str, key: &[u8], value: &[u8]) -> Result<(), ProbeError> {
        write(&self.object, map, key, value)
    }

    /// The names of the programs that are loaded.
    pub(crate) fn programs(&self) -> Vec<String> {
        self.object
            .progs()
            .filter(|program| program.autoload())
            .map(|program| program.name().to_string_lossy().into_owned())
            .collect()
    }

    /// This process's id as the host sees it: what the kernel says, else what this process believes.
    pub(crate) fn own_tgid(&self) -> u32 {
        let program =
            self.object.progs_mut().find(|program| program.name() == program::OWN && program.autoload());
        let told = program.and_then(|program| program.test_run(ProgramInput::default()).ok());
        told.map_or_else(std::process::id, |output| output.return_value)
    }

    /// Runs an iterator to its end and gives what it wrote; `None` when it is not loaded.
    pub(crate) fn iterate(&self, name: &str) -> Option<std::io::Result<Vec<u8>>> {
        let program = self.object.progs_mut().find(|program| program.name() == name && program.autoload())?;
        let run = || {
            let link = program.attach_iter_with_opts(IterOpts::None)?;
            Iter::new(&link)
        };
        let mut iterator = match run() {
            Ok(iterator) => iterator,
            Err(error) => return Some(Err(std::io::Error::other(error))),
        };
        let mut bytes = Vec::new();
        Some(iterator.read_to_end(&mut bytes).map(|_| bytes))
    }

    /// A link to an iterator, by which it can be run whenever and wherever wanted; `None` when it is not
    /// loaded.
    pub(crate) fn iterator(&self, name: &'static str) -> Option<Result<Link, ProbeError>> {
        let program = self.object.progs_mut().find(|program| program.name() == name && program.autoload())?;
        let link = program.attach_iter_with_opts(IterOpts::None);
        Some(link.map_err(|cause| ProbeError::Attach { program: name.into(), cause }))
    }

    /// A map to be used on whatever thread; it lives as long as the handle.
    pub(crate) fn map(&self, name: &'static str) -> Result<MapHandle, ProbeError> {
        let map = self.object.maps().find(|map| map.name() == name).ok_or(ProbeError::Absent(name))?;
        MapHandle::try_from(&map).map_err(|cause| ProbeError::Map {
            operation: "hold",
            map: name.into(),
            cause,
        })
    }

    /// The counters of each CPU.
    pub(crate) fn tallies(&self) -> Vec<Tally> {
        self.per_cpu("tallies")
    }

    /// The flight recorder's counters of each CPU.
    pub(crate) fn flight_tallies(&self) -> Vec<FlightTally> {
        self.per_cpu("flight_tallies")
    }

    fn per_cpu<T: Plain>(&self, name: &str) -> Vec<T> {
        let Some(map) = self.object.maps().find(|map| map.name() == name) else { return Vec::new() };
        (0..map.max_entries())
            .map_while(|cpu| map.lookup(&cpu.to_ne_bytes(), MapFlags::ANY).ok().flatten())
            .filter_map(|bytes| T::read(&bytes))
            .collect()
    }

    /// How often the kernel did not run an attached program because it ran already on that CPU.
    pub(crate) fn recursion_misses(&self) -> Vec<(String, u64)> {
        let attached = |name: &str| program::attached().any(|attached| attached == name);
        self.object
            .progs()
            .filter(|program| program.autoload())
            .filter_map(|program| {
                let name = program.name().to_string_lossy().into_owned();
                attached(&name).then(|| (name, misses(program.as_fd().as_raw_fd())))
            })
            .collect()
    }

    fn attach(&mut self, names: impl IntoIterator<Item = &'static str>) -> Result<(), ProbeError> {
        for name in names {
            let Some(program) = self.object.progs_mut().find(|program| program.name() == name) else {
                continue;
            };
            if !program.autoload() {
                continue;
            }
            let link =
                program.attach().map_err(|cause| ProbeError::Attach { program: name.into(), cause })?;
            self.links.push(link);
        }
        Ok(())
    }
}

/// One attempt without the programs rejected so far: the object, or the next that was rejected.
fn try_load(plan: &Plan<'_>, rejected: &[Rejected]) -> Result<Result<Object, Rejected>, ProbeError> {
    let mut open = open(plan.object)?;
    resize(&mut open, "tallies", plan.cpus)?;
    // One more, for iterators.
    resize(&mut open, "scratches", plan.cpus + 1)?;
    resize(&mut open, "rings", plan.rings.len() as u32)?;
    resize_if_there(&mut open, "flight_rings", plan.cpus)?;
    resize_if_there(&mut open, "flight_tallies", plan.cpus)?;
    for mut map in open.maps_mut() {
        if map.name() == ".rodata.fixed" {
            map.set_initial_value(plan.fixed.bytes()).map_err(|cause| ProbeError::Map {
                operation: "set",
                map: "fixed".into(),
                cause,
            })?;
        }
    }
    for mut program in open.progs_mut() {
        let name = program.name().to_string_lossy().into_owned();
        let out = plan.left_out.contains(name.as_str()) || rejected.iter().any(|other| other.program == name);
        program.set_autoload(!out);
    }
    let (object, text) = log::listen(|| open.load());
    let cause = match object {
        Ok(object) => return Ok(Ok(object)),
        Err(cause) => cause,
    };
    let verdict = last_lines(&text);
    match failed_program(&text) {
        Some(name) if name != program::DISPATCH && !rejected.iter().any(|other| other.program == name) => {
            tracing::warn!(program = name, verdict, "the kernel refused a program; going on without it");
            Ok(Err(Rejected { program: name.into(), verdict }))
        }
        other => Err(ProbeError::Refused { program: other.unwrap_or("probe").into(), verdict, cause }),
    }
}

/// Gives every system call its program: its own, or the generic one.
fn fill_calls(object: &Object, plan: &Plan<'_>) -> Result<Option<Object>, ProbeError> {
    let programs: BTreeMap<String, i32> = object
        .progs()
        .filter(|program| program.autoload())
        .map(|program| (program.name().to_string_lossy().into_owned(), program.as_fd().as_raw_fd()))
        .collect();
    let empty = if plan.emptied.is_empty() { None } else { Some(load_empty()?) };
    let empty_fd = empty.as_ref().and_then(|object| object.progs().next().map(|p| p.as_fd().as_raw_fd()));
    for native in 0..CALL_SLOTS as u32 {
        let name = code_of(native).and_then(syscall::name).unwrap_or_default();
        let own = programs.get(program::of_call(name)).or_else(|| programs.get(program::GENERIC)).copied();
        let fd = if plan.emptied.contains(&name) { empty_fd } else { own };
        if let Some(fd) = fd {
            write(object, "calls", &native.to_ne_bytes(), &fd.to_ne_bytes())?;
        }
        let look = program::of_link(name).and_then(|program| programs.get(program));
        if let Some(fd) = look {
            write(object, "link_calls", &native.to_ne_bytes(), &fd.to_ne_bytes())?;
        }
    }
    Ok(empty)
}

fn load_empty() -> Result<Object, ProbeError> {
    open(EMPTY)?.load().map_err(|cause| ProbeError::Refused {
        program: "empty".into(),
        verdict: String::new(),
        cause,
    })
}

fn open(object: &[u8]) -> Result<OpenObject, ProbeError> {
    let (open, _) = log::listen(|| ObjectBuilder::default().open_memory(object));
    open.map_err(ProbeError::Open)
}

fn resize(open: &mut OpenObject, name: &'static str, entries: u32) -> Result<(), ProbeError> {
    let mut map = open.maps_mut().find(|map| map.name() == name).ok_or(ProbeError::Absent(name))?;
    map.set_max_entries(entries.max(1)).map_err(|cause| ProbeError::Map {
        operation: "resize",
        map: name.into(),
        cause,
    })
}

/// The same for a map that an object of a test may lack.
fn resize_if_there(open: &mut OpenObject, name: &'static str, entries: u32) -> Result<(), ProbeError> {
    match resize(open, name, entries) {
        Err(ProbeError::Absent(_)) => Ok(()),
        other => other,
    }
}

fn write(object: &Object, name: &'static str, key: &[u8], value: &[u8]) -> Result<(), ProbeError> {
    let map = object.maps().find(|map| map.name() == name).ok_or(ProbeError::Absent(name))?;
    map.update(key, value, MapFlags::ANY).map_err(|cause| ProbeError::Map {
        operation: "write",
        map: name.into(),
        cause,
    })
}

/// `recursion_misses` of a program (`struct bpf_prog_info`, since 5.12); 0 where it is not told.
fn misses(program: i32) -> u64 {
    let mut info = libbpf_sys::bpf_prog_info::default();
    let mut len = size_of_val(&info) as u32;
    // SAFETY: `info` is as long as `len` says, and holds no pointers that the kernel would fill.
    let result =
        unsafe { libbpf_sys::bpf_prog_get_info_by_fd(program, std::ptr::from_mut(&mut info), &raw mut len) };
    if result == 0 { info.recursion_misses } else { 0 }
}

/// The program that libbpf says it could not load (`prog 'NAME': failed to load: -22`).
fn failed_program(text: &str) -> Option<&str> {
    text.lines()
        .filter(|line| line.contains("failed to load") || line.contains("BPF program load failed"))
        .find_map(|line| line.split_once("prog '")?.1.split_once('\''))
        .map(|(name, _)| name)
}

/// What the verifier said last: the lines before the end mark, without its statistics.
fn last_lines(text: &str) -> String {
    const LINES: usize = 6;
    let end = text.find("-- END PROG LOAD LOG --").unwrap_or(text.len());
    let lines: Vec<&str> = text[..end]
        .lines()
        .filter(|line| {
            !line.trim().is_empty() && !line.starts_with("processed ") && !line.starts_with("libbpf: prog")
        })
        .collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use libbpf_rs::btf::types::{MemberAttr, Struct};
    use libbpf_rs::btf::{Btf, HasSize};

    use super::*;
    use crate::decision::{Wishes, decide};
    use crate::facts::{Facts, Roots};
    use crate::record::{
        CgroupRecord, FileRecord, FlightSources, FlightTail, FlightTally, FlightWanted, ProcessRecord,
        RecordHead, SocketRecord, Wanted,
    };

    /// A structure of C has the size of its twin, and the fields, in this order, that the twin has.
    fn check_layout<T>(btf: &Btf<'_>, name: &str, fields: &[(&str, usize)]) {
        let found = btf.type_by_name::<Struct<'_>>(name).unwrap_or_else(|| panic!("no struct {name}"));
        assert_eq!(found.size(), size_of::<T>(), "struct {name}");
        let there: Vec<(String, usize)> = found
            .iter()
            .map(|member| {
                let MemberAttr::Normal { offset } = member.attr else { panic!("{name} has a bit field") };
                (member.name.unwrap().to_string_lossy().into_owned(), offset as usize / 8)
            })
            .collect();
        let twins: Vec<(String, usize)> = fields.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect();
        assert_eq!(there, twins, "struct {name}");
    }

    macro_rules! layout {
        ($btf:expr, $twin:ident as $name:literal: $($field:ident),+) => {
            check_layout::<$twin>($btf, $name, &[$((stringify!($field), std::mem::offset_of!($twin, $field))),+])
        };
    }

    #[test]
    fn structures_shared_with_the_programs_have_the_same_layout() {
        let (btf, _) = log::listen(|| Btf::from_raw("probe", PROBE));
        let btf = btf.unwrap().unwrap();
        layout!(&btf, Fixed as "fixed": epoch_offset_ns, cgroup_key, ring_shift, critical_ring, iterator_scratch);
        layout!(&btf, Wanted as "wanted": calls, looks, points, scope, snaplen, own_tgid);
        layout!(&btf, RecordHead as "record_head": kind, cpu, sequence);
        layout!(&btf, CgroupRecord as "cgroup_record": time_ns, id, tgid, hierarchy, change, path_len);
        layout!(&btf, FileRecord as "file_record": tid, fd, info_len, reserved);
        layout!(&btf, ProcessRecord as "process_record": pid, reserved, start_ns);
        layout!(&btf, SocketRecord as "socket_record": pid, reserved, inode, received, sent);
        layout!(&btf, FlightWanted as "flight_wanted": live, always, data, live_points, always_points);
        layout!(&btf, FlightSources as "flight_sources": sources, reserved);
        layout!(&btf, FlightTail as "flight_tail": cgroup, tgid, sequence);
        layout!(&btf, FlightTally as "flight_tally": recorded, failed, sequence, reserved);
        layout!(&btf, Tally as "tally": sent, ring_full, oversize, fault, tail_call, map_full, compat,
            sequence, reserved);
    }

    const LOG: &str = "libbpf: prog 'on_open': BPF program load failed: -EACCES\n\
        libbpf: prog 'on_open': -- BEGIN PROG LOAD LOG --\n\
        0: R1=ctx()\n\
        12: (71) r1 = *(u8 *)(r2 +0)\n\
        R2 invalid mem access 'scalar'\n\
        processed 13 insns (limit 1000000)\n\
        -- END PROG LOAD LOG --\n\
        libbpf: prog 'on_open': failed to load: -EACCES\n";

    #[test]
    #[expect(clippy::print_stdout, reason = "the runner of all tests counts these lines")]
    fn a_program_that_the_kernel_refuses_is_set_aside_with_its_verdict() {
        static REFUSED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/refused.o"));
        let facts = Facts::read(&Roots::default());
        if let Err(problem) = decide(&facts, &Wishes::default()).check() {
            println!("skipped: {problem}");
            return;
        }
        let rings = [Ring::create(0, 4096 * 4).unwrap()];
        let left_out = BTreeSet::new();
        let fixed = Fixed { iterator_scratch: facts.cpus, ring_shift: 31, ..Fixed::default() };
        let plan = Plan {
            object: REFUSED,
            fixed,
            cpus: facts.cpus,
            rings: &rings,
            left_out: &left_out,
            emptied: &[],
        };
        let loaded = load(&plan).unwrap();
        let [Rejected { program, verdict }] = &loaded.rejected[..] else { panic!("{:?}", loaded.rejected) };
        assert_eq!(program, "on_close");
        assert!(verdict.contains("invalid access to map value"), "{verdict}");
        assert_eq!(loaded.programs(), ["dispatch"]);
    }

    #[test]
    fn the_refused_program_is_read_from_what_libbpf_says() {
        assert_eq!(failed_program(LOG), Some("on_open"));
        assert_eq!(failed_program("libbpf: something else\n"), None);
    }

    #[test]
    fn a_verdict_is_the_verifiers_last_lines() {
        assert_eq!(
            last_lines(LOG),
            "0: R1=ctx()\n12: (71) r1 = *(u8 *)(r2 +0)\nR2 invalid mem access 'scalar'"
        );
    }
}
