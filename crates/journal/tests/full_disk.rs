//! A disk without room: a tmpfs of a few pages, where this process may mount one.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use lanner_journal::{Journal, JournalError, Options, Sequence};

/// A file system of 64 KiB; unmounted when dropped.
struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    fn mount() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().expect("folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=64k", "lanner-test"])
            .arg(folder.path())
            .output();
        let is_mounted = mounted.is_ok_and(|output| output.status.success());
        is_mounted.then_some(SmallDisk { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.folder.path()).status();
    }
}

fn segments(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).expect("list").map(|entry| entry.expect("entry").path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "log")).collect()
}

#[test]
fn a_full_disk_refuses_the_record_and_harms_no_other() {
    let Some(disk) = SmallDisk::mount() else {
        let _ = writeln!(std::io::stderr(), "skipped: mount -t tmpfs is not allowed here");
        return;
    };
    // Something else fills most of the disk.
    let other = disk.path().join("other");
    fs::write(&other, vec![1; 30_000]).expect("write");
    for segment_bytes in [6_000, 1 << 20] {
        let folder = disk.path().join(segment_bytes.to_string());
        let options = Options { segment_bytes, ..Options::default() };
        let (mut journal, _) = Journal::open(&folder, options.clone()).expect("open");
        let mut good = 0;
        let refused = loop {
            match journal.append(&[7; 1500]) {
                Ok(sequence) => good = sequence.0,
                Err(error) => break error,
            }
        };
        // In the middle of a segment, or where a new one should begin.
        assert!(matches!(refused, JournalError::Append { .. } | JournalError::Begin { .. }), "{refused}");
        assert!(good > 5);
        journal.append(&[7; 1500]).expect_err("still full");
        journal.sync().expect("what was taken can be synced");

        // Room again: the journal goes on, without a gap.
        fs::remove_file(&other).expect("remove");
        assert_eq!(journal.append(&[7; 1500]).expect("room again"), Sequence(good + 1));
        drop(journal);
        let (journal, recovery) = Journal::open(&folder, options).expect("open");
        assert!(recovery.is_clean(), "{recovery:?}");
        assert_eq!(journal.read_from(Sequence::FIRST).filter(Result::is_ok).count() as u64, good + 1);
        drop(journal);
        segments(&folder).iter().for_each(|path| fs::remove_file(path).expect("remove"));
        fs::write(&other, vec![1; 30_000]).expect("write");
    }
}
