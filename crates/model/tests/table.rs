//! The generated tables say what the reference implementation says.

#![allow(clippy::print_stderr, reason = "a test that cannot run says so")]

use std::collections::BTreeMap;
use std::path::Path;

use lanner_model::event::{EVENTS, EventInfo, EventType, FdInfo, NameValue, ParamInfo, flags, syscall};
use lanner_model::field::{FIELDS, FieldId};

/// A file of other people's data; `None`, said aloud, where it is absent and may be.
fn shared(name: &str) -> Option<String> {
    let folder = std::env::var("LANNER_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let text = std::fs::read_to_string(Path::new(&folder).join("data").join(name)).ok();
    if text.is_none() {
        let required = std::env::var("LANNER_REQUIRE").unwrap_or_default();
        assert!(!required.contains("data"), "../shared/data is required but absent");
        eprintln!("skipped: ../shared/data absent");
    }
    text
}

#[test]
fn every_event_of_the_reference_is_here_with_its_parameters() {
    let Some(text) = shared("reference/events.txt") else { return };
    let mut current: BTreeMap<String, &EventInfo> = BTreeMap::new();
    for (number, info) in EVENTS.iter().enumerate() {
        current.insert(signature(EventType(number as u16).is_enter(), info), info);
    }
    let mut seen = 0;
    for line in text.lines().filter(|line| line.starts_with(['>', '<'])) {
        if line.contains("(SYSCALLID **ID**, UINT16 **nativeID**)") {
            let name = line[2..].split('(').next().unwrap();
            let code = syscall::code(name).unwrap_or_else(|| panic!("no system call {name}"));
            assert_eq!(syscall::event(code), Some(EventType::GENERIC_X), "{name} has an event of its own");
        } else {
            assert!(current.contains_key(line), "the table lacks {line}");
        }
        seen += 1;
    }
    assert!(seen > 700, "only {seen} lines of events");
}

/// An event as the reference lists it.
fn signature(is_enter: bool, info: &EventInfo) -> String {
    let params: Vec<String> = info.params.iter().map(param).collect();
    format!("{} {}({})", if is_enter { '>' } else { '<' }, info.name, params.join(", "))
}

fn param(param: &ParamInfo) -> String {
    let kind = format!("{:?}", param.param_type).to_uppercase();
    let kind = match kind.as_str() {
        "CHARBUFPAIRARRAY" => "CHARBUF_PAIR_ARRAY",
        "DYN" => "DYNAMIC",
        kind => kind,
    };
    let mut out = format!("{kind} **{}**", param.name);
    // Of modes the reference lists no names.
    let listed = if kind.contains("FLAGS") { param.names } else { &[] };
    let mut mark = ": ";
    for NameValue { name, .. } in listed {
        // The reference has one name for two values; ours for the second is the kernel's.
        out += mark;
        out += if *name == "PR_MCE_KILL_GET" { "PR_MCE_KILL" } else { name };
        mark = ", ";
    }
    out
}

#[test]
fn every_field_of_the_reference_is_here() {
    let Some(text) = shared("reference/fields.txt") else { return };
    // Of plugins, of the interactive look around an event, and of CPU times that the reference samples
    // itself.
    let left_out =
        ["evt.pluginname", "evt.plugininfo", "evt.around", "thread.exectime", "thread.totexectime"];
    let left_out = |name: &str| left_out.contains(&name) || name.starts_with("thread.cpu");
    let missing: Vec<&str> =
        text.lines().filter(|name| FieldId::by_name(name).is_none() && !left_out(name)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn fields_are_found_by_their_names() {
    for (number, info) in FIELDS.iter().enumerate() {
        let id = FieldId::by_name(info.name).unwrap_or_else(|| panic!("{} is not found", info.name));
        assert_eq!(id as usize, number);
        assert_eq!(id.info().name, info.name);
    }
    assert_eq!(FieldId::by_name("proc.nam"), None);
}

#[test]
fn system_calls_are_found_by_native_number() {
    let check = |native: u32, x86: &str, arm: &str| {
        assert_eq!(syscall::from_x86_64(native).and_then(syscall::name).unwrap_or("-"), x86);
        assert_eq!(syscall::from_aarch64(native).and_then(syscall::name).unwrap_or("-"), arm);
    };
    check(0, "read", "io_setup");
    check(257, "openat", "-");
    check(56, "clone", "openat");
    check(435, "clone3", "clone3");
    check(u32::MAX, "-", "-");
    let openat = syscall::code("openat").and_then(syscall::event);
    assert_eq!(openat, Some(EventType::SYSCALL_OPENAT_2_X));
}

#[test]
fn descriptor_kinds_are_those_of_the_schema() {
    use flags::fd_kinds as kinds;
    assert_eq!(u32::from(FdInfo::FILE), kinds::FD_FILE);
    assert_eq!(u32::from(FdInfo::UNIX_SOCK), kinds::FD_UNIX_SOCK);
    assert_eq!(u32::from(FdInfo::NETLINK), kinds::FD_NETLINK);
    assert_eq!(u32::from(FdInfo::FILE_V2), kinds::FD_FILE_V2);
    assert_eq!(u32::from(FdInfo::PIDFD), kinds::FD_PIDFD);
}
