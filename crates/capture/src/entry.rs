//! Numbers and texts of a block's entries, one after another.

use crate::block::Block;
use crate::error::CaptureError;
use crate::input::Input;

/// Reads from a block's body. Where the entry says how long it is, reads stay inside the entry.
pub(crate) struct Entry<'a> {
    input: &'a mut Input,
    block: &'a mut Block,
    /// What is left of the entry; `None` for one that does not say its length.
    left: Option<u32>,
}

impl<'a> Entry<'a> {
    /// An entry that ends with its last field.
    pub(crate) fn bare(input: &'a mut Input, block: &'a mut Block) -> Self {
        Self { input, block, left: None }
    }

    /// An entry that begins with its length. Process, fd and user entries count the four bytes of
    /// the length itself, interface entries do not: `counted_itself` is 4 or 0.
    pub(crate) fn sized(
        input: &'a mut Input,
        block: &'a mut Block,
        counted_itself: u32,
    ) -> Result<Self, CaptureError> {
        let mut entry = Self::bare(input, block);
        let len = entry.u32("an entry's length")?;
        match len.checked_sub(counted_itself) {
            Some(left) if left <= entry.block.left() => entry.left = Some(left),
            _ => return Err(entry.damaged(format!("an entry says it is {len} bytes long"))),
        }
        Ok(entry)
    }

    /// Passes over what a newer version has behind the fields we know.
    pub(crate) fn close(mut self) -> Result<(), CaptureError> {
        let mut scrap = [0; 64];
        while let Some(left) = self.left.filter(|left| *left > 0) {
            let step = left.min(64) as usize;
            self.take(&mut scrap[..step], "the rest of an entry")?;
        }
        Ok(())
    }

    /// How much is left of the entry; 0 for one that does not say.
    pub(crate) fn left(&self) -> u32 {
        self.left.unwrap_or(0)
    }

    /// An error at this place.
    pub(crate) fn damaged(&self, problem: String) -> CaptureError {
        self.block.damaged(self.input, problem)
    }

    fn take(&mut self, bytes: &mut [u8], expected: &'static str) -> Result<(), CaptureError> {
        if let Some(left) = &mut self.left {
            match left.checked_sub(bytes.len() as u32) {
                Some(rest) => *left = rest,
                None => return Err(self.damaged(format!("an entry ends where {expected} is expected"))),
            }
        }
        self.block.take_into(self.input, bytes, expected)
    }

    fn array<const N: usize>(&mut self, expected: &'static str) -> Result<[u8; N], CaptureError> {
        let mut bytes = [0; N];
        self.take(&mut bytes, expected)?;
        Ok(bytes)
    }

    pub(crate) fn u8(&mut self, expected: &'static str) -> Result<u8, CaptureError> {
        self.array::<1>(expected).map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self, expected: &'static str) -> Result<u16, CaptureError> {
        self.array(expected).map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self, expected: &'static str) -> Result<u32, CaptureError> {
        self.array(expected).map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self, expected: &'static str) -> Result<u64, CaptureError> {
        self.array(expected).map(u64::from_le_bytes)
    }

    pub(crate) fn i64(&mut self, expected: &'static str) -> Result<i64, CaptureError> {
        self.array(expected).map(i64::from_le_bytes)
    }

    /// An address of `N` bytes.
    pub(crate) fn address<const N: usize>(
        &mut self,
        expected: &'static str,
    ) -> Result<std::net::IpAddr, CaptureError>
    where
        std::net::IpAddr: From<[u8; N]>,
    {
        self.array::<N>(expected).map(std::net::IpAddr::from)
    }

    /// `count` bytes; a `u16` or a checked entry bounds them.
    pub(crate) fn bytes(&mut self, count: u16, expected: &'static str) -> Result<Vec<u8>, CaptureError> {
        let mut bytes = vec![0; usize::from(count)];
        self.take(&mut bytes, expected)?;
        Ok(bytes)
    }

    /// Two bytes of length, then the text.
    pub(crate) fn text(&mut self, expected: &'static str) -> Result<Vec<u8>, CaptureError> {
        let len = self.u16(expected)?;
        self.bytes(len, expected)
    }

    /// A text that is NUL-terminated strings; the last NUL is missing in some files.
    pub(crate) fn texts(&mut self, expected: &'static str) -> Result<Vec<Vec<u8>>, CaptureError> {
        let text = self.text(expected)?;
        let text = text.strip_suffix(&[0]).unwrap_or(&text);
        Ok(if text.is_empty() {
            Vec::new()
        } else {
            text.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect()
        })
    }

    /// A text that is names of people and machines.
    pub(crate) fn string(&mut self, expected: &'static str) -> Result<String, CaptureError> {
        self.text(expected).map(|text| String::from_utf8_lossy(&text).into_owned())
    }
}

/// Appends two bytes of length and the text, cut to what other readers take.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &[u8], limit: usize) {
    let text = &text[..text.len().min(limit)];
    out.extend_from_slice(&(text.len() as u16).to_le_bytes());
    out.extend_from_slice(text);
}

/// Appends NUL-terminated strings as one text; strings that do not fit whole are left out.
pub(crate) fn put_texts(out: &mut Vec<u8>, texts: &[Vec<u8>], limit: usize) {
    let mut joined = Vec::new();
    for text in texts {
        if joined.len() + text.len() + 1 > limit {
            break;
        }
        joined.extend_from_slice(text);
        joined.push(0);
    }
    put_text(out, &joined, limit);
}

/// Appends an entry and, before it, its length, which counts itself.
pub(crate) fn put_sized(out: &mut Vec<u8>, fill: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    fill(out);
    let len = (out.len() - start) as u32;
    out[start..start + 4].copy_from_slice(&len.to_le_bytes());
}
