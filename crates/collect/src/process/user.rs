//! Users' names, from the host's `/etc/passwd`.

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use crate::text::{lossy, number};

/// The host's users. The file is read again when it changes.
#[derive(Debug)]
pub(crate) struct Users {
    path: PathBuf,
    changed: Option<std::time::SystemTime>,
    names: FxHashMap<u32, String>,
}

impl Users {
    pub(crate) fn new(host: &std::path::Path) -> Self {
        Self { path: host.join("etc/passwd"), changed: None, names: FxHashMap::default() }
    }

    pub(crate) fn refresh(&mut self) {
        let changed = std::fs::metadata(&self.path).and_then(|metadata| metadata.modified()).ok();
        if changed != self.changed {
            self.changed = changed;
            self.names = std::fs::read(&self.path).map(|file| parse(&file)).unwrap_or_default();
        }
    }

    /// The name of a user id; empty where it has none. An id in a container is another user than that id
    /// on the host, but for root, which every image calls so.
    pub(crate) fn name(&self, uid: u32, is_in_container: bool) -> &str {
        if is_in_container {
            return if uid == 0 { "root" } else { "" };
        }
        self.names.get(&uid).map_or("", String::as_str)
    }
}

/// `name:password:uid:...`; of two names with one id the first counts, as in `getpwuid`.
fn parse(file: &[u8]) -> FxHashMap<u32, String> {
    let mut names = FxHashMap::default();
    for line in crate::text::lines(file) {
        let mut fields = line.split(|byte| *byte == b':');
        let (Some(name), Some(_), Some(uid)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        if let Some(uid) = number(uid).and_then(|uid| u32::try_from(uid).ok()) {
            names.entry(uid).or_insert_with(|| lossy(name));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_have_the_first_name_of_their_id() {
        let names =
            parse(b"root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:\nme:x:1000:1000\nbad\nx:y:z\n:::\n");
        assert_eq!(names.len(), 2);
        assert_eq!((names[&0].as_str(), names[&1000].as_str()), ("root", "me"));
    }
}
