//! Shared bytes: names, paths, command lines. A child shares its parent's until it executes.

use std::sync::Arc;

/// Bytes that many threads share.
pub(crate) type Text = Arc<[u8]>;

/// Several texts in one run of bytes, a NUL behind each (as the kernel keeps `argv` and `environ`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextList(Option<Text>);

impl TextList {
    /// From a parameter: NUL-terminated strings, the last NUL may be missing.
    pub(crate) fn from_param(bytes: &[u8], most: usize) -> Self {
        let bytes = &bytes[..bytes.len().min(most)];
        match bytes.last() {
            None => Self(None),
            Some(0) => Self(Some(bytes.into())),
            Some(_) => {
                let mut closed = Vec::with_capacity(bytes.len() + 1);
                closed.extend_from_slice(bytes);
                closed.push(0);
                Self(Some(closed.into()))
            }
        }
    }

    /// From separate texts, cut at `most` bytes.
    pub(crate) fn from_parts(parts: &[Vec<u8>], most: usize) -> Self {
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(part);
            bytes.push(0);
        }
        Self::from_param(&bytes, most)
    }

    /// The texts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let bytes = self.0.as_deref().map(|bytes| bytes.strip_suffix(&[0]).unwrap_or(bytes));
        bytes.into_iter().flat_map(|bytes| bytes.split(|byte| *byte == 0))
    }

    /// The bytes, a NUL behind each text.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }

    /// All of them with a space between.
    pub(crate) fn joined(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes().len());
        self.append_to(&mut out);
        out
    }

    /// Appends all of them with a space between.
    pub(crate) fn append_to(&self, out: &mut Vec<u8>) {
        for (index, text) in self.iter().enumerate() {
            if index > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_argument_is_not_no_argument() {
        let list =
            |bytes: &[u8]| TextList::from_param(bytes, 100).iter().map(<[u8]>::to_vec).collect::<Vec<_>>();
        assert_eq!(list(b""), Vec::<Vec<u8>>::new());
        assert_eq!(list(b"\0"), [b"".to_vec()]);
        assert_eq!(list(b"a\0\0b\0"), [b"a".to_vec(), b"".to_vec(), b"b".to_vec()]);
        assert_eq!(list(b"a\0b"), [b"a".to_vec(), b"b".to_vec()]);
        assert_eq!(TextList::from_param(b"-l\0/tmp\0", 100).joined(), b"-l /tmp");
    }
}
