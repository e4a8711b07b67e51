//! The bytes of a file, decompressed, and where in them we are.

use std::io::{BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use crate::error::CaptureError;

const BUFFER_LEN: usize = 64 * 1024;

/// A file's bytes, whether it is compressed or not.
pub(crate) struct Input {
    reader: Box<dyn BufRead + Send>,
    first_bytes: Vec<u8>,
    offset: u64,
}

impl Input {
    /// Looks at the first bytes to see whether they are gzip's.
    pub(crate) fn open(reader: impl Read + Send + 'static) -> Result<Self, CaptureError> {
        let read_error = |source| CaptureError::Read { offset: 0, source };
        let mut reader = BufReader::with_capacity(BUFFER_LEN, reader);
        let first_bytes = take_first(&mut reader).map_err(read_error)?;
        let is_gzip = first_bytes.starts_with(&[0x1f, 0x8b]);
        let whole = Cursor::new(first_bytes.clone()).chain(reader);
        if !is_gzip {
            return Ok(Self { reader: Box::new(whole), first_bytes, offset: 0 });
        }
        let mut reader = BufReader::with_capacity(BUFFER_LEN, MultiGzDecoder::new(whole));
        let first_bytes = take_first(&mut reader).map_err(read_error)?;
        let whole = Cursor::new(first_bytes.clone()).chain(reader);
        Ok(Self { reader: Box::new(whole), first_bytes, offset: 0 })
    }

    /// The first 8 bytes, fewer where there are no more.
    pub(crate) fn first_bytes(&self) -> &[u8] {
        &self.first_bytes
    }

    /// How many bytes were taken.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether nothing is left. A read error is not the end: it shows at the next read.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.reader.fill_buf().is_ok_and(<[u8]>::is_empty)
    }

    /// Fills `bytes`; `expected` names what they are.
    pub(crate) fn take_into(&mut self, bytes: &mut [u8], expected: &'static str) -> Result<(), CaptureError> {
        let mut done = 0;
        while done < bytes.len() {
            match self.reader.read(&mut bytes[done..]) {
                Ok(0) => return Err(self.cut(expected)),
                Ok(count) => {
                    done += count;
                    self.offset += count as u64;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                // A gzip stream that ends in its middle.
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                    return Err(self.cut(expected));
                }
                Err(source) => return Err(CaptureError::Read { offset: self.offset, source }),
            }
        }
        Ok(())
    }

    /// Passes over `count` bytes.
    pub(crate) fn skip(&mut self, count: u64, expected: &'static str) -> Result<(), CaptureError> {
        let mut scrap = [0; 4096];
        let mut left = count;
        while left > 0 {
            let step = left.min(scrap.len() as u64) as usize;
            self.take_into(&mut scrap[..step], expected)?;
            left -= step as u64;
        }
        Ok(())
    }

    fn cut(&self, expected: &'static str) -> CaptureError {
        CaptureError::Cut { offset: self.offset, expected }
    }
}

fn take_first(reader: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut first = Vec::new();
    reader.take(8).read_to_end(&mut first)?;
    Ok(first)
}
