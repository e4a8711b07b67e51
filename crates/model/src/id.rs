//! Identities as newtypes, so that a pid is never taken for an fd.

use std::fmt;
use std::sync::Arc;

macro_rules! numeric_id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }
    };
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The identity as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether nothing is known.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.into())
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

numeric_id! {
    /// A thread id in the host's pid namespace; what the kernel calls `task->pid`.
    Tid(i64)
}
numeric_id! {
    /// A process id in the host's pid namespace: the thread id of the group's leader (`task->tgid`).
    Pid(i64)
}
numeric_id! {
    /// A file descriptor; negative when it is an error number.
    Fd(i64)
}
numeric_id! {
    /// A user id; `u32::MAX` means none.
    Uid(u32)
}
numeric_id! {
    /// A group id; `u32::MAX` means none.
    Gid(u32)
}
numeric_id! {
    /// A cgroup's kernfs node id, in the hierarchy the agent chose (see the probe's facts).
    CgroupId(u64)
}
text_id! {
    /// A container's full id as its runtime knows it (64 hexadecimal digits for most).
    ContainerId
}
text_id! {
    /// A node's name: the Kubernetes node name, else the host name.
    NodeName
}
text_id! {
    /// A capture, unique over all agents. Of ASCII letters, digits, `-`, `_` and `.`, which it does not
    /// begin with: files are named by it.
    CaptureId
}
text_id! {
    /// One agent installation; stable over restarts (kept in its data folder).
    AgentId
}

impl ContainerId {
    /// The first 12 characters, as Docker and Falco print it.
    #[must_use]
    pub fn short(&self) -> &str {
        self.as_str().get(..12).unwrap_or(self.as_str())
    }
}

/// A process over its whole life: a pid alone is used again, pid and start time are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessKey {
    /// The process id.
    pub pid: Pid,
    /// When it began: nanoseconds since the epoch, cut to the kernel's clock tick (10 ms) so that
    /// `/proc/PID/stat` and the probe say the same.
    pub start: crate::time::WallNs,
}
