//! Which tables there are.

/// A table of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViewName {
    /// Processes.
    Processes,
    /// Containers and the host.
    Containers,
    /// Executed commands, in their order.
    Commands,
    /// Files.
    Files,
    /// Connections.
    Connections,
    /// Ports that were listened on.
    Ports,
    /// System calls by name.
    Syscalls,
    /// Failed calls by error.
    Errors,
}

impl ViewName {
    /// All, in the order in which they are offered.
    pub const ALL: [ViewName; 8] = [
        ViewName::Processes,
        ViewName::Containers,
        ViewName::Commands,
        ViewName::Files,
        ViewName::Connections,
        ViewName::Ports,
        ViewName::Syscalls,
        ViewName::Errors,
    ];
}
