//! What the flight recorder keeps.

use lanner_model::event::EventType;

use crate::interest::Interest;

/// What is recorded of everybody: how processes begin, change and end, what they open, whom they talk
/// to, what they change in the file system, and what only someone with power does.
pub(crate) fn always() -> Interest {
    let more: Interest = [
        EventType::SYSCALL_OPEN_X,
        EventType::SYSCALL_OPENAT_2_X,
        EventType::SYSCALL_OPENAT2_X,
        EventType::SYSCALL_CREAT_X,
        EventType::SOCKET_CONNECT_X,
        EventType::SOCKET_ACCEPT_5_X,
        EventType::SOCKET_ACCEPT4_6_X,
        EventType::SOCKET_BIND_X,
        EventType::SOCKET_LISTEN_X,
        EventType::SYSCALL_PTRACE_X,
        EventType::SYSCALL_MOUNT_X,
        EventType::SYSCALL_UNLINK_2_X,
        EventType::SYSCALL_UNLINKAT_2_X,
        EventType::SYSCALL_RENAME_X,
        EventType::SYSCALL_RENAMEAT_X,
        EventType::SYSCALL_RENAMEAT2_X,
        EventType::SYSCALL_CHMOD_X,
        EventType::SYSCALL_FCHMOD_X,
        EventType::SYSCALL_FCHMODAT_X,
        EventType::SYSCALL_KILL_X,
        EventType::SYSCALL_TKILL_X,
        EventType::SYSCALL_TGKILL_X,
    ]
    .into_iter()
    .collect();
    Interest::lives().and(&more).and(&modules())
}

fn modules() -> Interest {
    let named = ["init_module", "finit_module"];
    named
        .into_iter()
        .fold(Interest::nothing(), |interest, name| interest.clone().with_call(name).unwrap_or(interest))
}

/// What is recorded of those named: every call that has an event of its own.
pub(crate) fn with_data() -> Interest {
    Interest::everything()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_not_recorded_of_everybody() {
        let always = always();
        for event in [EventType::SYSCALL_READ_X, EventType::SYSCALL_WRITE_X, EventType::SOCKET_SENDTO_X] {
            assert!(!always.has(event) && with_data().has(event), "{event:?}");
        }
        assert!(always.has(EventType::SYSCALL_OPENAT_2_X) && always.has(EventType::PROCEXIT_1_E));
    }
}
