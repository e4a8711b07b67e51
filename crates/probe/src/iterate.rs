//! Running an iterator of the kernel and reading what it writes.

use std::io::Read;

use libbpf_rs::{Iter, Link};

use crate::bytes::Plain;
use crate::error::ProbeError;

/// What is read of one iterator at most; of sockets, 200,000. The rest is left out, and said to be.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// The records that an iterator writes, and whether these are all.
pub(crate) fn run<T: Plain>(link: &Link, program: &'static str) -> Result<(Vec<T>, bool), ProbeError> {
    let failed = |cause| ProbeError::Iterate { program, cause };
    let iterator = Iter::new(link).map_err(|error| failed(std::io::Error::other(error)))?;
    let mut bytes = Vec::new();
    iterator.take(MOST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    Ok((records(&bytes), (bytes.len() as u64) < MOST_BYTES))
}

/// Records of one kind that lie one behind the other; one that is cut off at the end is left out.
fn records<T: Plain>(bytes: &[u8]) -> Vec<T> {
    bytes.chunks_exact(size_of::<T>()).filter_map(T::read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::SocketRecord;

    #[test]
    fn a_record_that_is_cut_off_is_left_out() {
        let record = SocketRecord { pid: 7, reserved: 0, inode: 5, received: 3, sent: 4 };
        let bytes = [record.bytes(), record.bytes()].concat();
        assert_eq!(records::<SocketRecord>(&bytes).len(), 2);
        assert_eq!(records::<SocketRecord>(&bytes)[1].sent, 4);
        for cut in 0..bytes.len() {
            assert_eq!(records::<SocketRecord>(&bytes[..cut]).len(), cut / size_of::<SocketRecord>());
        }
    }
}
