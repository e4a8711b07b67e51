//! A message whose first line comes in pieces: a server may write `HTTP/1.1 ` and `200 OK` in two
//! calls, and a shell reads byte by byte.

use lanner_model::time::WallNs;

/// No beginning that is unclear is longer: `PROPPATCH ` and `HTTP/1.1 20` are.
const MAX_BYTES: usize = 16;

/// What was seen of a first line that goes on in the next call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Opening {
    bytes: [u8; MAX_BYTES],
    length: u8,
    begun: WallNs,
}

/// Room for an opening and the data that follows it, as much as it takes to tell what begins there.
pub(crate) struct Joined {
    bytes: [u8; 4 * MAX_BYTES],
    length: usize,
    /// When its first piece came.
    pub(crate) begun: WallNs,
}

impl Opening {
    /// Keeps data that is unclear; the time is that of the first piece.
    pub(crate) fn keep(&mut self, data: &[u8], begun: WallNs) {
        let length = data.len().min(MAX_BYTES);
        self.bytes[..length].copy_from_slice(&data[..length]);
        self.length = length as u8;
        self.begun = begun;
    }

    /// What was kept, with `data` after it; nothing is kept any longer. `None` when nothing was.
    pub(crate) fn take(&mut self, data: &[u8]) -> Option<Joined> {
        let kept = usize::from(std::mem::take(&mut self.length));
        if kept == 0 {
            return None;
        }
        let mut joined = Joined { bytes: [0; 4 * MAX_BYTES], length: kept, begun: self.begun };
        joined.bytes[..kept].copy_from_slice(&self.bytes[..kept]);
        let more = data.len().min(joined.bytes.len() - kept);
        joined.bytes[kept..kept + more].copy_from_slice(&data[..more]);
        joined.length += more;
        Some(joined)
    }
}

impl Joined {
    /// The bytes of both.
    pub(crate) fn data(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}
