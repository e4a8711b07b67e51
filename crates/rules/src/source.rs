//! Where a piece of a condition was written.
//!
//! A condition passes through YAML (folding, quoting), is lengthened by `append` from another file
//! and by exceptions; a message must still point at the character somebody typed. So text that is
//! put together keeps, for every byte, the place in the file it came from.

use std::ops::Range;

/// A rule file as it was given.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    pub(crate) name: String,
    pub(crate) text: String,
    line_starts: Vec<usize>,
}

impl SourceFile {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let after_newlines =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
            line_starts: std::iter::once(0).chain(after_newlines).collect(),
        }
    }

    /// Line and column of a byte, both counted from 1, the column in characters.
    pub(crate) fn position(&self, byte: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= byte).max(1);
        let start = self.line_starts[line - 1];
        let column = self.text.get(start..byte.min(self.text.len())).map_or(0, |text| text.chars().count());
        (line, column + 1)
    }

    /// A line without its end, counted from 1.
    pub(crate) fn line(&self, line: usize) -> &str {
        let start = line.checked_sub(1).and_then(|index| self.line_starts.get(index));
        start
            .and_then(|start| self.text.get(*start..))
            .map_or("", |rest| rest.split('\n').next().unwrap_or(""))
            .trim_end_matches('\r')
    }
}

/// A stretch of a file in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) file: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Location {
    /// From the start of `self` to the end of `other`; `self` where they lie in different files.
    pub(crate) fn to(self, other: Location) -> Location {
        if self.file == other.file && other.end >= self.start {
            Location { end: other.end, ..self }
        } else {
            self
        }
    }
}

/// Text put together from pieces of files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Composed {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
struct Piece {
    start: usize,
    whole: Location,
    /// For each byte of the piece its place in the file; empty for text that nobody typed.
    offsets: Vec<u32>,
}

impl Composed {
    /// Text that stands in the file as it is.
    pub(crate) fn verbatim(file: usize, text: &str) -> Self {
        Self::mapped(
            text.to_owned(),
            (0..text.len() as u32).collect(),
            Location { file, start: 0, end: text.len() },
        )
    }

    /// Text of which each byte's place in the file is known.
    pub(crate) fn mapped(text: String, offsets: Vec<u32>, whole: Location) -> Self {
        Self { pieces: vec![Piece { start: 0, whole, offsets }], text }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Appends text that nobody typed; messages about it point at `whole`.
    pub(crate) fn push_glue(&mut self, text: &str, whole: Location) {
        self.pieces.push(Piece { start: self.text.len(), whole, offsets: Vec::new() });
        self.text.push_str(text);
    }

    pub(crate) fn push(&mut self, other: &Composed) {
        let shift = self.text.len();
        self.text.push_str(&other.text);
        self.pieces
            .extend(other.pieces.iter().map(|piece| Piece { start: piece.start + shift, ..piece.clone() }));
    }

    /// The whole of the first piece: where the text begins.
    pub(crate) fn whole(&self) -> Location {
        self.pieces.first().map_or_else(Location::default, |piece| piece.whole)
    }

    /// Where a range of the text was written.
    pub(crate) fn locate(&self, range: Range<usize>) -> Location {
        let first = self.locate_byte(range.start);
        if range.end <= range.start + 1 {
            return first;
        }
        first.to(self.locate_byte(range.end - 1))
    }

    fn locate_byte(&self, byte: usize) -> Location {
        let after = self.pieces.partition_point(|piece| piece.start <= byte);
        let Some(piece) = after.checked_sub(1).and_then(|index| self.pieces.get(index)) else {
            return Location::default();
        };
        match piece.offsets.get(byte - piece.start) {
            Some(offset) => {
                let start = *offset as usize;
                Location { file: piece.whole.file, start, end: start + 1 }
            }
            None if piece.offsets.is_empty() => piece.whole,
            // Just behind the piece: an error at the end of the text.
            None => {
                let end = piece.offsets.last().map_or(piece.whole.end, |last| *last as usize + 1);
                Location { file: piece.whole.file, start: end, end: end + 1 }
            }
        }
    }
}
