//! Who a process is: what changes with an `exec` or a change of user, not all the time.

use lanner_model::cgroup::container_in;
use lanner_model::resource::ContainerInfo;

use super::reading::Path;
use super::stat::Stat;
use crate::folder::{Buffer, Folder};
use crate::text::{lines, lossy, number, words};

/// Command lines are cut to this many bytes.
const CMDLINE_MAX: usize = 512;

/// Who a process is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Identity {
    pub(crate) comm: String,
    pub(crate) exepath: String,
    pub(crate) cmdline: String,
    pub(crate) uid: u32,
    pub(crate) is_kernel_thread: bool,
    /// From its own `/proc/PID/cgroup`.
    pub(crate) container: Option<ContainerInfo>,
}

pub(crate) fn read(proc: &Folder, path: &mut Path, stat: &Stat<'_>, buffer: &mut Buffer) -> Identity {
    let comm = lossy(stat.comm);
    if stat.is_kernel_thread() {
        return Identity { comm, is_kernel_thread: true, ..Identity::default() };
    }
    let exepath = proc.link(path.file("exe")).map_or_else(String::new, |exe| lossy(program(&exe)));
    let cmdline = proc.read_short(path.file("cmdline"), buffer).map_or_else(String::new, command_line);
    let uid = proc.read_short(path.file("status"), buffer).and_then(effective_uid).unwrap_or(u32::MAX);
    let container = proc.read(path.file("cgroup"), buffer).and_then(|file| container_in(&lossy(file)));
    Identity { comm, exepath, cmdline, uid, is_kernel_thread: false, container }
}

/// The kernel marks an executable whose file is gone.
fn program(exe: &[u8]) -> &[u8] {
    exe.strip_suffix(b" (deleted)").unwrap_or(exe)
}

/// Arguments end with NUL each; a process may write anything else there (`setproctitle`).
fn command_line(file: &[u8]) -> String {
    let end = file.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let spaced: Vec<u8> =
        file[..end.min(CMDLINE_MAX)].iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect();
    let mut text = lossy(&spaced);
    // A replacement character is longer than the byte it stands for, and the cut may fall into a character.
    let mut cut = text.len().min(CMDLINE_MAX);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    text.truncate(cut);
    text
}

/// `Uid: real effective saved file-system`
fn effective_uid(status: &[u8]) -> Option<u32> {
    let line = lines(status).find_map(|line| line.strip_prefix(b"Uid:"))?;
    u32::try_from(number(words(line).nth(1)?)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_its_arguments_with_blanks() {
        assert_eq!(command_line(b"/bin/sh\0-c\0a b\0"), "/bin/sh -c a b");
        assert_eq!(command_line(b"title without end"), "title without end");
        assert_eq!(command_line(b"a\0\0b\0\0\0"), "a  b");
        assert_eq!(command_line(b"\0\0"), "");
        assert_eq!(command_line(&[b'x'; 4000]).len(), 512);
        assert_eq!(command_line("é".repeat(300).as_bytes()).len(), 512);
        let cut = command_line(&[&b"a"[..], "é".repeat(300).as_bytes()].concat());
        assert!(cut.len() <= 512, "{}", cut.len());
        assert!(command_line(&[0xff; 512]).len() <= 512);
    }

    #[test]
    fn the_effective_user_is_taken() {
        assert_eq!(effective_uid(b"Name:\tsh\nUid:\t1000\t0\t0\t0\n"), Some(0));
        assert_eq!(effective_uid(b"Uid:\t5\n"), None);
        assert_eq!(effective_uid(b"Name:\tUid:\n"), None);
    }

    #[test]
    fn a_deleted_program_keeps_its_path() {
        assert_eq!(program(b"/tmp/x (deleted)"), b"/tmp/x");
        assert_eq!(program(b"/tmp/x"), b"/tmp/x");
    }
}
