//! `fs.path.*` and `evt.abspath`: paths that system calls name.

use lanner_model::event::{EventType, ParamType};
use lanner_rules::Value;

use super::{Answer, Id, View, non_empty, non_empty_owned};
use crate::fold::AT_FDCWD;
use crate::render;

/// Which path of an event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// The one it is about.
    Only,
    Source,
    Target,
}

impl View<'_> {
    pub(super) fn path_value(&self, id: Id) -> Answer<'_> {
        Some(match id {
            Id::FsPathName => self.path(Which::Only),
            Id::FsPathNameraw => self.raw_path(Which::Only),
            Id::FsPathSource => self.path(Which::Source),
            Id::FsPathSourceraw => self.raw_path(Which::Source),
            Id::FsPathTarget => self.path(Which::Target),
            Id::FsPathTargetraw => self.raw_path(Which::Target),
            _ => return None,
        })
    }

    /// A path parameter made absolute; `None` when the directory it is relative to is not known.
    pub(crate) fn absolute_param(&self, index: usize) -> Option<Vec<u8>> {
        let event = self.delivery.event;
        let param = event.event_type().info()?.params.get(index)?;
        let path = render::text(event.param(index)?);
        let dirfd = match param.dirfd {
            Some(at) => event.i64(usize::from(at))?,
            None => AT_FDCWD,
        };
        self.state.absolute(self.thread?, dirfd, path)
    }

    fn path(&self, which: Which) -> Value<'_> {
        if !self.succeeded() {
            return Value::None;
        }
        match self.path_place(which) {
            // What was opened or changed by descriptor has the descriptor's name.
            Some(None) => self.fd().map_or(Value::None, |fd| non_empty(&fd.name)),
            Some(Some(at)) => self.absolute_param(at).map_or(Value::None, non_empty_owned),
            None => Value::None,
        }
    }

    fn raw_path(&self, which: Which) -> Value<'_> {
        if !self.succeeded() {
            return Value::None;
        }
        match self.path_place(which) {
            Some(None) => self.fd().map_or(Value::None, |fd| non_empty(&fd.name)),
            Some(Some(at)) => self.delivery.event.text(at).map_or(Value::None, non_empty),
            None => Value::None,
        }
    }

    fn succeeded(&self) -> bool {
        let opens = matches!(
            self.delivery.event.event_type(),
            EventType::SYSCALL_OPEN_X | EventType::SYSCALL_OPENAT_2_X | EventType::SYSCALL_OPENAT2_X
        );
        // An open says which file it tried even when it failed.
        self.result().is_some_and(|result| result == 0 || opens)
    }

    /// Where an event has a path: the parameter, or `Some(None)` for the descriptor's name.
    fn path_place(&self, which: Which) -> Option<Option<usize>> {
        use EventType as E;
        let event_type = self.delivery.event.event_type();
        let name = match (which, event_type) {
            (Which::Only, E::SYSCALL_FCHMOD_X | E::SYSCALL_FCHOWN_X) => return Some(None),
            (
                Which::Only,
                E::SYSCALL_MKDIR_2_X | E::SYSCALL_MKDIRAT_X | E::SYSCALL_RMDIR_2_X | E::SYSCALL_UNLINK_2_X,
            ) => "path",
            (Which::Only, E::SYSCALL_CHOWN_X | E::SYSCALL_LCHOWN_X) => "path",
            (Which::Only, E::SYSCALL_OPEN_X | E::SYSCALL_OPENAT_2_X | E::SYSCALL_OPENAT2_X) => "name",
            (Which::Only, E::SYSCALL_UNLINKAT_2_X | E::SYSCALL_UMOUNT_1_X | E::SYSCALL_UMOUNT2_X) => "name",
            (Which::Only, E::SYSCALL_CHMOD_X | E::SYSCALL_FCHMODAT_X) => "filename",
            (Which::Only, E::SYSCALL_FCHOWNAT_X) => "pathname",
            (Which::Only, E::SYSCALL_QUOTACTL_X) => "special",
            (Which::Source, E::SYSCALL_RENAME_X | E::SYSCALL_RENAMEAT_X | E::SYSCALL_RENAMEAT2_X) => {
                "oldpath"
            }
            (Which::Target, E::SYSCALL_RENAME_X | E::SYSCALL_RENAMEAT_X | E::SYSCALL_RENAMEAT2_X) => {
                "newpath"
            }
            // A link's source is the new name, which points at the target.
            (Which::Source, E::SYSCALL_LINK_2_X | E::SYSCALL_LINKAT_2_X) => "newpath",
            (Which::Target, E::SYSCALL_LINK_2_X | E::SYSCALL_LINKAT_2_X) => "oldpath",
            (Which::Source, E::SYSCALL_SYMLINK_X | E::SYSCALL_SYMLINKAT_X) => "linkpath",
            (Which::Target, E::SYSCALL_SYMLINK_X | E::SYSCALL_SYMLINKAT_X) => "target",
            (Which::Source, E::SYSCALL_MOUNT_X) => "dev",
            (Which::Target, E::SYSCALL_MOUNT_X) => "dir",
            _ => return None,
        };
        render::place(self.delivery.event, name).map(Some)
    }

    /// The first or second path parameter that is relative to a directory descriptor, absolute.
    pub(super) fn absolute_path_argument(&self, second: bool) -> Value<'_> {
        let event = self.delivery.event;
        if event.event_type() == EventType::SYSCALL_OPEN_BY_HANDLE_AT_X {
            let path = event.text(3).filter(|_| !second && self.result().is_some_and(|fd| fd > 0));
            return path.map_or(Value::None, |path| non_empty_owned(crate::path::join(b"", path)));
        }
        let Some(info) = event.event_type().info() else { return Value::None };
        let relative = |param: &lanner_model::event::ParamInfo| {
            param.param_type == ParamType::Fsrelpath && param.dirfd.is_some()
        };
        let mut places =
            info.params.iter().enumerate().filter(|(_, param)| relative(param)).map(|(at, _)| at);
        let place = if second { places.nth(1) } else { places.next() };
        place.and_then(|at| self.absolute_param(at)).map_or(Value::None, non_empty_owned)
    }
}
