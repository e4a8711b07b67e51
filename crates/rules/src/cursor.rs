//! The characters of a condition, one after another.
//!
//! The language has no fixed tokens: what may follow depends on what came before (`/etc/passwd` and
//! `-c` are values without quotes, `in` is an operator behind a field and a value behind `=`). So
//! there is no lexer that runs ahead; the parser asks for what it can use next.

use std::ops::Range;

/// A place in a text that moves forward.
pub(crate) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

/// Why a string in quotes cannot be read.
pub(crate) enum StringError {
    /// There is no second quote.
    NoEnd,
    /// An escape that does not exist, with its place.
    Escape(Range<usize>),
}

impl<'t> Cursor<'t> {
    /// `at` must be the start of a character.
    pub(crate) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    /// The range of what stands here, for a message: a word, or one character.
    pub(crate) fn next_word(&self) -> Range<usize> {
        let rest = self.rest();
        let word = rest.find(|c: char| !is_bare(c)).unwrap_or(rest.len());
        let first = rest.chars().next().map_or(0, char::len_utf8);
        self.at..self.at + word.max(first)
    }

    /// Goes behind white space; says whether there was any.
    pub(crate) fn skip_blank(&mut self) -> bool {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{8}']).len();
        self.at += blank;
        blank > 0
    }

    /// Goes behind `text` if it stands here.
    pub(crate) fn take(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Goes behind `word` if it stands here and does not go on as a longer word.
    pub(crate) fn take_word(&mut self, word: &str) -> bool {
        let found = self.rest().strip_prefix(word).is_some_and(|after| !after.starts_with(is_word));
        if found {
            self.at += word.len();
        }
        found
    }

    /// Letters, digits and `_`, a letter first.
    pub(crate) fn identifier(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        self.at += end;
        Some(&rest[..end])
    }

    /// Identifiers with dots between them, at least one dot.
    pub(crate) fn field_name(&mut self) -> Option<&'t str> {
        let start = self.at;
        self.identifier()?;
        let mut dots = 0;
        while self.rest().starts_with('.') {
            let before = self.at;
            self.at += 1;
            if self.identifier().is_none() {
                self.at = before;
                break;
            }
            dots += 1;
        }
        if dots == 0 {
            self.at = start;
            return None;
        }
        Some(&self.text[start..self.at])
    }

    /// What stands in brackets without quotes.
    pub(crate) fn bare_argument(&mut self) -> Option<&'t str> {
        self.take_while(|c| !c.is_whitespace() && !matches!(c, '[' | ']' | '"' | '\''))
    }

    /// A value without quotes.
    pub(crate) fn bare_value(&mut self) -> Option<&'t str> {
        self.take_while(is_bare)
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> Option<&'t str> {
        let rest = self.rest();
        let end = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += end;
        (end > 0).then(|| &rest[..end])
    }

    /// A value in quotes with its escapes resolved; `None` when no quote stands here.
    pub(crate) fn quoted(&mut self) -> Option<Result<Vec<u8>, StringError>> {
        let quote = *self.rest().as_bytes().first().filter(|byte| matches!(byte, b'"' | b'\''))?;
        Some(self.behind_quote(quote))
    }

    fn behind_quote(&mut self, quote: u8) -> Result<Vec<u8>, StringError> {
        let bytes = self.text.as_bytes();
        let mut value = Vec::new();
        let mut at = self.at + 1;
        loop {
            match bytes.get(at) {
                None => return Err(StringError::NoEnd),
                Some(byte) if *byte == quote => {
                    self.at = at + 1;
                    return Ok(value);
                }
                Some(b'\\') => {
                    let (byte, length) =
                        escape(bytes.get(at + 1..).unwrap_or(&[]), quote).ok_or_else(|| {
                            let character = self.text.get(at + 1..).and_then(|rest| rest.chars().next());
                            StringError::Escape(at..at + 1 + character.map_or(0, char::len_utf8))
                        })?;
                    value.push(byte);
                    at += 1 + length;
                }
                Some(byte) => {
                    value.push(*byte);
                    at += 1;
                }
            }
        }
    }
}

/// The byte that an escape means and how long it is without its backslash.
fn escape(behind: &[u8], quote: u8) -> Option<(u8, usize)> {
    let byte = match *behind.first()? {
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        // Falco reads a backslash before a space as a backslash: old rule files rely on it.
        b' ' | b'\\' => b'\\',
        b'/' => b'/',
        same if same == quote => quote,
        b'x' => {
            let digits = behind.get(1..3).and_then(|digits| std::str::from_utf8(digits).ok())?;
            return u8::from_str_radix(digits, 16).ok().map(|byte| (byte, 3));
        }
        _ => return None,
    };
    Some((byte, 1))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_bare(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '(' | ')' | '"' | '\'' | '=' | ',')
}
