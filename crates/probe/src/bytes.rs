//! Structures that are shared with the kernel, as bytes.

/// A structure that may be read from and shown as bytes.
///
/// # Safety
/// The type must be `repr(C)`, without padding, and valid for any bytes.
pub(crate) unsafe trait Plain: Copy + Default {
    /// Reads one from the front of `bytes`; `None` when there are too few.
    fn read(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..size_of::<Self>())?;
        // SAFETY: the source has exactly the type's size, any bytes are a value of it (the trait's
        // promise), and the read allows for any alignment.
        Some(unsafe { std::ptr::read_unaligned(bytes.as_ptr().cast::<Self>()) })
    }

    /// Its bytes.
    fn bytes(&self) -> &[u8] {
        // SAFETY: the value is alive as long as `self`, and has no padding (the trait's promise).
        unsafe { std::slice::from_raw_parts(std::ptr::from_ref(self).cast::<u8>(), size_of::<Self>()) }
    }
}
