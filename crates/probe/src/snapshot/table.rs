//! Users and groups of the machine, from the files of its first process's root: inside a container
//! that shares the host's process ids these are the host's.

use std::path::Path;

use lanner_model::id::{Gid, Uid};
use lanner_model::snapshot::{GroupRecord, UserRecord};

pub(super) fn users(proc: &Path) -> Vec<UserRecord> {
    read(proc, "passwd").lines().filter_map(user).collect()
}

pub(super) fn groups(proc: &Path) -> Vec<GroupRecord> {
    read(proc, "group").lines().filter_map(group).collect()
}

fn read(proc: &Path, name: &str) -> String {
    let host = proc.join("1/root/etc").join(name);
    let bytes =
        std::fs::read(host).or_else(|_| std::fs::read(Path::new("/etc").join(name))).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `name:password:uid:gid:comment:home:shell`
fn user(line: &str) -> Option<UserRecord> {
    let fields: Vec<&str> = line.split(':').collect();
    let [name, _, uid, gid, _, home, shell] = fields[..] else { return None };
    Some(UserRecord {
        uid: Uid(uid.parse().ok()?),
        gid: Gid(gid.parse().ok()?),
        name: name.into(),
        home: home.into(),
        shell: shell.into(),
    })
}

/// `name:password:gid:members`
fn group(line: &str) -> Option<GroupRecord> {
    let mut fields = line.split(':');
    let (name, _, gid) = (fields.next()?, fields.next()?, fields.next()?);
    Some(GroupRecord { gid: Gid(gid.parse().ok()?), name: name.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_user_and_group_files_are_read() {
        let root = user("root:x:0:0:root:/root:/bin/bash").unwrap();
        assert_eq!((root.uid, root.gid, root.shell.as_str()), (Uid(0), Gid(0), "/bin/bash"));
        assert_eq!(group("adm:x:4:syslog").unwrap().gid, Gid(4));
    }

    #[test]
    fn lines_of_another_shape_are_left_out() {
        assert_eq!(user("+::::::"), None);
        assert_eq!(user("# comment"), None);
        assert_eq!(group("adm"), None);
    }
}
