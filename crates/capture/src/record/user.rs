//! Users and groups: entries of user list blocks.

use lanner_model::id::{Gid, Uid};
use lanner_model::snapshot::{GroupRecord, Record, UserRecord};

use super::NAME_MAX;
use crate::entry::{Entry, put_sized, put_text};
use crate::error::CaptureError;

const USER: u8 = 0;
const GROUP: u8 = 1;

pub(crate) fn read(entry: &mut Entry<'_>) -> Result<Record, CaptureError> {
    if entry.u8("whether it is a user or a group")? == USER {
        Ok(Record::User(UserRecord {
            uid: Uid(entry.u32("a user id")?),
            gid: Gid(entry.u32("a group id")?),
            name: entry.string("a user's name")?,
            home: entry.string("a home directory")?,
            shell: entry.string("a shell")?,
        }))
    } else {
        Ok(Record::Group(GroupRecord {
            gid: Gid(entry.u32("a group id")?),
            name: entry.string("a group's name")?,
        }))
    }
}

pub(crate) fn write_user(out: &mut Vec<u8>, user: &UserRecord) {
    put_sized(out, |out| {
        out.push(USER);
        out.extend_from_slice(&user.uid.0.to_le_bytes());
        out.extend_from_slice(&user.gid.0.to_le_bytes());
        put_text(out, user.name.as_bytes(), NAME_MAX);
        // Readers check all three against the limit of names.
        put_text(out, user.home.as_bytes(), NAME_MAX);
        put_text(out, user.shell.as_bytes(), NAME_MAX);
    });
}

pub(crate) fn write_group(out: &mut Vec<u8>, group: &GroupRecord) {
    put_sized(out, |out| {
        out.push(GROUP);
        out.extend_from_slice(&group.gid.0.to_le_bytes());
        put_text(out, group.name.as_bytes(), NAME_MAX);
    });
}
