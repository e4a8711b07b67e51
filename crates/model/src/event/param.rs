//! What the event table says: names, types, categories, flags.

/// One event type of the table.
#[derive(Debug)]
pub struct EventInfo {
    /// The name rules know it by: `openat`, the same for all its versions and both directions.
    pub name: &'static str,
    /// Where it comes from and what it is about.
    pub category: Category,
    /// What it does to state.
    pub flags: EventFlags,
    /// Its parameters.
    pub params: &'static [ParamInfo],
    /// The event's identifier in the table without `PPME_`, such as `SYSCALL_OPENAT_2_X`.
    pub id: &'static str,
    /// Whether Lanner's probe has a program for it.
    pub live: bool,
    /// The parameter whose descriptor a live event carries resolved, as its trailing parameter;
    /// `None` for events that carry none.
    pub fd_param: Option<u8>,
}

/// One parameter of an event.
#[derive(Debug)]
pub struct ParamInfo {
    /// Its name, `fd`.
    pub name: &'static str,
    /// How its bytes are to be read.
    pub param_type: ParamType,
    /// How it is printed.
    pub format: PrintFormat,
    /// The names of its flags or values; empty where it has none.
    pub names: &'static [NameValue],
    /// For a path relative to a directory descriptor: the index of that parameter.
    pub dirfd: Option<u8>,
    /// For [`ParamType::Dyn`]: what the bytes behind the first one are; the first one is the index
    /// into this list.
    pub variants: &'static [ParamType],
}

/// A flag's or value's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameValue {
    /// Its name, `O_RDONLY`.
    pub name: &'static str,
    /// Its value in scap encoding (not the kernel's).
    pub value: u32,
}

/// How the bytes of a parameter are to be read. The numbers are those of `enum ppm_param_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the format's own; enum ppm_param_type describes them")]
pub enum ParamType {
    None = 0,
    Int8 = 1,
    Int16 = 2,
    Int32 = 3,
    Int64 = 4,
    Uint8 = 5,
    Uint16 = 6,
    Uint32 = 7,
    Uint64 = 8,
    Charbuf = 9,
    Bytebuf = 10,
    Errno = 11,
    Sockaddr = 12,
    Socktuple = 13,
    Fd = 14,
    Pid = 15,
    Fdlist = 16,
    Fspath = 17,
    Syscallid = 18,
    Sigtype = 19,
    Reltime = 20,
    Abstime = 21,
    Port = 22,
    L4proto = 23,
    Sockfamily = 24,
    Bool = 25,
    Ipv4addr = 26,
    Dyn = 27,
    Flags8 = 28,
    Flags16 = 29,
    Flags32 = 30,
    Uid = 31,
    Gid = 32,
    Double = 33,
    Sigset = 34,
    Charbufarray = 35,
    CharbufPairArray = 36,
    Ipv4net = 37,
    Ipv6addr = 38,
    Ipv6net = 39,
    Ipaddr = 40,
    Ipnet = 41,
    Mode = 42,
    Fsrelpath = 43,
    Enumflags8 = 44,
    Enumflags16 = 45,
    Enumflags32 = 46,
    Fd32 = 47,
    Pid32 = 48,
}

/// How a number is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintFormat {
    /// Not a number, or as its type says.
    Na,
    /// Decimal.
    Dec,
    /// Hexadecimal, `0x` before it.
    Hex,
    /// Decimal with leading zeros, ten digits.
    PaddedDec,
    /// An identifier.
    Id,
    /// A direction.
    Dir,
    /// Octal, `0` before it.
    Oct,
}

/// The bits of `enum ppm_event_category`: the low nine bits say what it is about, the high bits where
/// it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Category(pub u32);

impl Category {
    /// Nothing known.
    pub const UNKNOWN: u32 = 0;
    /// Anything else.
    pub const OTHER: u32 = 1;
    /// Files.
    pub const FILE: u32 = 2;
    /// The network.
    pub const NET: u32 = 3;
    /// Inter-process communication.
    pub const IPC: u32 = 4;
    /// Memory.
    pub const MEMORY: u32 = 5;
    /// Processes.
    pub const PROCESS: u32 = 6;
    /// Sleeping.
    pub const SLEEP: u32 = 7;
    /// The system.
    pub const SYSTEM: u32 = 8;
    /// Signals.
    pub const SIGNAL: u32 = 9;
    /// Users.
    pub const USER: u32 = 10;
    /// Time.
    pub const TIME: u32 = 11;
    /// Made by a processor of events.
    pub const PROCESSING: u32 = 12;
    /// Reads; of files, network or else, by the descriptor.
    pub const IO_READ: u32 = 32;
    /// Writes; of files, network or else, by the descriptor.
    pub const IO_WRITE: u32 = 33;
    /// Other I/O by the descriptor.
    pub const IO_OTHER: u32 = 34;
    /// Waiting for descriptors.
    pub const WAIT: u32 = 1 << 6;
    /// The scheduler.
    pub const SCHEDULER: u32 = 1 << 7;
    /// Made by a library, not by a driver.
    pub const INTERNAL: u32 = 1 << 8;
    /// A system call.
    pub const SYSCALL: u32 = 1 << 9;
    /// A kernel tracepoint.
    pub const TRACEPOINT: u32 = 1 << 10;
    /// Another source of events.
    pub const PLUGIN: u32 = 1 << 11;
    /// About the stream itself.
    pub const METAEVENT: u32 = 1 << 12;
    /// Made by walking kernel state.
    pub const ITER: u32 = 1 << 13;

    /// What it is about.
    #[must_use]
    pub fn topic(self) -> u32 {
        self.0 & 0x1ff
    }

    /// Whether it is of the given source ([`Category::SYSCALL`] ...).
    #[must_use]
    pub fn is_from(self, source: u32) -> bool {
        self.0 & source != 0
    }
}

/// The bits of `enum ppm_event_flags`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventFlags(pub u32);

impl EventFlags {
    /// Makes a descriptor: its first parameter.
    pub const CREATES_FD: u32 = 1 << 0;
    /// Ends a descriptor.
    pub const DESTROYS_FD: u32 = 1 << 1;
    /// Works on a descriptor.
    pub const USES_FD: u32 = 1 << 2;
    /// Reads from a descriptor.
    pub const READS_FROM_FD: u32 = 1 << 3;
    /// Writes to a descriptor.
    pub const WRITES_TO_FD: u32 = 1 << 4;
    /// Changes the state of a process.
    pub const MODIFIES_STATE: u32 = 1 << 5;
    /// No meaning any more.
    pub const UNUSED: u32 = 1 << 6;
    /// May make the caller wait.
    pub const WAITS: u32 = 1 << 7;
    /// Not to be looked at by state.
    pub const SKIPPARSERESET: u32 = 1 << 8;
    /// No longer made by any driver.
    pub const OLD_VERSION: u32 = 1 << 9;
    /// Parameter lengths are 4 bytes wide.
    pub const LARGE_PAYLOAD: u32 = 1 << 11;
    /// The reader upgrades it.
    pub const CONVERTER_MANAGED: u32 = 1 << 12;

    /// Whether a bit is set.
    #[must_use]
    pub fn has(self, bit: u32) -> bool {
        self.0 & bit != 0
    }
}
