//! What `schema/events.toml`, `flags.toml` and `syscalls.toml` say, checked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Native numbers are below this on every architecture; the probe's tables have this many places.
pub(super) const NATIVE_LIMIT: u16 = 512;

/// Reads one schema file.
pub(super) fn read<T: DeserializeOwned>(root: &Path, name: &str) -> anyhow::Result<T> {
    let path = root.join("schema").join(name);
    let text = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("understand {}", path.display()))
}

/// Everything that is said of events.
pub(super) struct Events {
    pub(super) events: Vec<Event>,
    pub(super) flag_sets: toml::Table,
    pub(super) syscalls: Vec<Syscall>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    pub(super) number: u16,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) topic: Topic,
    #[serde(default)]
    pub(super) flags: Vec<Flag>,
    #[serde(default)]
    pub(super) live: bool,
    pub(super) fd_info: Option<String>,
    #[serde(default)]
    pub(super) params: Vec<Param>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Param {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) param_type: String,
    pub(super) format: Option<Format>,
    pub(super) names: Option<String>,
    pub(super) dirfd: Option<u8>,
    #[serde(default)]
    pub(super) variants: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Syscall {
    pub(super) code: u16,
    pub(super) name: String,
    pub(super) x86_64: Option<u16>,
    pub(super) aarch64: Option<u16>,
    pub(super) event: Option<String>,
}

macro_rules! words {
    ($name:ident: $inner:ty { $($variant:ident = $value:expr,)* }) => {
        #[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum $name { $($variant = $value,)* }

        impl $name {
            /// Its number in the format.
            pub(super) fn number(self) -> $inner {
                self as $inner
            }
        }
    };
}

words!(Source: u32 {
    None = 0, Syscall = 1 << 9, Tracepoint = 1 << 10, Plugin = 1 << 11, Metaevent = 1 << 12, Iter = 1 << 13,
});
words!(Topic: u32 {
    Unknown = 0, Other = 1, File = 2, Net = 3, Ipc = 4, Memory = 5, Process = 6, Sleep = 7, System = 8,
    Signal = 9, User = 10, Time = 11, Processing = 12, IoRead = 32, IoWrite = 33, IoOther = 34,
    Wait = 1 << 6, Scheduler = 1 << 7, Internal = 1 << 8,
});
words!(Flag: u32 {
    CreatesFd = 1 << 0, DestroysFd = 1 << 1, UsesFd = 1 << 2, ReadsFromFd = 1 << 3, WritesToFd = 1 << 4,
    ModifiesState = 1 << 5, Unused = 1 << 6, Waits = 1 << 7, SkipParserReset = 1 << 8, OldVersion = 1 << 9,
    LargePayload = 1 << 11, ConverterManaged = 1 << 12,
});

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    Na,
    Dec,
    Hex,
    PaddedDec,
    Id,
    Dir,
    Oct,
}

impl Event {
    pub(super) fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    pub(super) fn is_enter(&self) -> bool {
        self.number.is_multiple_of(2)
    }

    /// Whether something still makes it: not only kept for old captures, and no filler of a pair.
    pub(super) fn is_current(&self) -> bool {
        self.name != "NA" && !self.has(Flag::OldVersion) && !self.has(Flag::Unused)
    }

    pub(super) fn param_index(&self, name: &str) -> Option<usize> {
        self.params.iter().position(|param| param.name == name)
    }
}

/// Types that are no numbers: nothing to print in a base.
const NO_NUMBERS: [&str; 12] = [
    "none",
    "charbuf",
    "bytebuf",
    "sockaddr",
    "socktuple",
    "fdlist",
    "fspath",
    "fsrelpath",
    "charbufarray",
    "charbuf_pair_array",
    "ipv4addr",
    "ipv6addr",
];

impl Param {
    /// Its print format: the one it says, else its type's own.
    pub(super) fn format(&self) -> Format {
        let own = if NO_NUMBERS.contains(&self.param_type.as_str()) { Format::Na } else { Format::Dec };
        self.format.unwrap_or(own)
    }
}

impl Events {
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct EventsFile {
            event: Vec<Event>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct SyscallsFile {
            syscalls: Vec<Syscall>,
        }
        let schema = Self {
            events: read::<EventsFile>(root, "events.toml")?.event,
            flag_sets: read(root, "flags.toml")?,
            syscalls: read::<SyscallsFile>(root, "syscalls.toml")?.syscalls,
        };
        schema.check()?;
        Ok(schema)
    }

    /// The event of an identifier.
    pub(super) fn event(&self, id: &str) -> anyhow::Result<&Event> {
        self.events.iter().find(|event| event.id == id).with_context(|| format!("no event has the id {id}"))
    }

    /// The names of a flag set with their values, in the order of printing.
    pub(super) fn flag_set(&self, name: &str) -> anyhow::Result<Vec<(&str, u32)>> {
        let set = self.flag_sets.get(name).and_then(toml::Value::as_table);
        let set = set.with_context(|| format!("schema/flags.toml has no set {name}"))?;
        set.iter()
            .map(|(flag, value)| {
                let value = value.as_integer().and_then(|value| u32::try_from(value).ok());
                Ok((flag.as_str(), value.with_context(|| format!("{name}.{flag} is no 32-bit number"))?))
            })
            .collect()
    }

    fn check(&self) -> anyhow::Result<()> {
        let mut ids = BTreeSet::new();
        for (place, event) in self.events.iter().enumerate() {
            let id = &event.id;
            ensure!(
                usize::from(event.number) == place,
                "event {id} has number {} at place {place}",
                event.number
            );
            ensure!(ids.insert(id), "two events have the id {id}");
            let mut names = BTreeSet::new();
            for (index, param) in event.params.iter().enumerate() {
                let name = &param.name;
                ensure!(names.insert(name), "event {id} has two parameters {name}");
                if let Some(set) = &param.names {
                    self.flag_set(set).with_context(|| format!("event {id}, parameter {name}"))?;
                }
                if let Some(dirfd) = param.dirfd {
                    let other = event.params.get(usize::from(dirfd));
                    ensure!(
                        other.is_some_and(|other| other.param_type == "fd") && usize::from(dirfd) != index,
                        "event {id}, parameter {name}: parameter {dirfd} is no descriptor"
                    );
                }
                let is_dynamic = param.param_type == "dyn";
                ensure!(
                    is_dynamic != param.variants.is_empty(),
                    "event {id}, parameter {name}: variants are for dyn"
                );
            }
            if let Some(fd) = &event.fd_info {
                ensure!(event.live, "event {id} has fd_info but is not live");
                ensure!(event.param_index(fd).is_some(), "event {id} has no parameter {fd} for fd_info");
            }
        }
        let mut natives = BTreeMap::new();
        for (place, syscall) in self.syscalls.iter().enumerate() {
            let name = &syscall.name;
            ensure!(
                usize::from(syscall.code) == place,
                "system call {name} has code {}, not {place}",
                syscall.code
            );
            for (arch, native) in [("x86_64", syscall.x86_64), ("aarch64", syscall.aarch64)] {
                let Some(native) = native else { continue };
                ensure!(native < NATIVE_LIMIT, "system call {name} is beyond the native table");
                if let Some(other) = natives.insert((arch, native), name) {
                    anyhow::bail!("system calls {other} and {name} have one number on {arch}");
                }
            }
            if let Some(event) = &syscall.event {
                self.event(event).with_context(|| format!("system call {name}"))?;
            }
        }
        Ok(())
    }
}
