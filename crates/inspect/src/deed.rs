//! What kind of thing an event is, for counting.

use lanner_model::event::{EVENTS, EventType};

/// What kind of thing an event is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Nothing that is counted apart.
    #[default]
    Other,
    Open,
    Close,
    Execute,
    Fork,
    Exit,
    Connect,
    Accept,
    Listen,
    Remove,
    Rename,
    ChangeMode,
    /// A change of who the process is or which namespaces it lives in.
    ChangePrivileges,
    Signal,
}

/// The deed of each event type, so that an event's is found by its number.
#[derive(Debug)]
pub(crate) struct Deeds(Vec<Deed>);

impl Deeds {
    pub(crate) fn new() -> Self {
        Self(EVENTS.iter().map(|info| of_name(info.name)).collect())
    }

    pub(crate) fn of(&self, event_type: EventType) -> Deed {
        self.0.get(usize::from(event_type.0)).copied().unwrap_or_default()
    }
}

fn of_name(name: &str) -> Deed {
    match name {
        "open" | "openat" | "openat2" | "creat" | "open_by_handle_at" => Deed::Open,
        "close" => Deed::Close,
        "execve" | "execveat" => Deed::Execute,
        "clone" | "clone3" | "fork" | "vfork" => Deed::Fork,
        "procexit" => Deed::Exit,
        "connect" => Deed::Connect,
        "accept" | "accept4" => Deed::Accept,
        "listen" => Deed::Listen,
        "unlink" | "unlinkat" | "rmdir" => Deed::Remove,
        "rename" | "renameat" | "renameat2" => Deed::Rename,
        "chmod" | "fchmod" | "fchmodat" => Deed::ChangeMode,
        "setuid" | "setresuid" | "setreuid" | "setgid" | "setresgid" | "setregid" | "capset" | "setns"
        | "unshare" => Deed::ChangePrivileges,
        "signaldeliver" => Deed::Signal,
        _ => Deed::Other,
    }
}
