//! What a thread executes.

use crate::text::{Text, TextList};

/// What a thread executes. Shared by all threads since the last exec.
#[derive(Clone, Debug, Default)]
pub(crate) struct Image {
    /// `argv[0]`.
    pub(crate) exe: Option<Text>,
    /// The executable's path.
    pub(crate) exepath: Option<Text>,
    /// The arguments behind the first.
    pub(crate) args: TextList,
    pub(crate) writable: bool,
    pub(crate) upper_layer: bool,
    pub(crate) lower_layer: bool,
    pub(crate) from_memfd: bool,
    /// 0 where unknown, like the two that follow.
    pub(crate) inode: u64,
    pub(crate) ctime: u64,
    pub(crate) mtime: u64,
}

impl Image {
    /// Bytes of its texts.
    pub(crate) fn text_bytes(&self) -> usize {
        let texts = [self.exe.as_ref(), self.exepath.as_ref()];
        texts.into_iter().flatten().map(|text| text.len()).sum::<usize>() + self.args.bytes().len()
    }

    /// A short name and the arguments.
    pub(crate) fn cmdline(&self, comm: &[u8]) -> Vec<u8> {
        let mut out = comm.to_vec();
        if !self.args.bytes().is_empty() {
            out.push(b' ');
            self.args.append_to(&mut out);
        }
        out
    }
}
