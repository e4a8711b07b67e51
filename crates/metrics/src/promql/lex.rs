//! A query's text as tokens.

use super::error::Fault;
use super::position::Span;

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

/// What a token is. Keywords are names: what they mean depends on where they stand.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind {
    Name(String),
    Text(String),
    Number(f64),
    /// In milliseconds.
    Duration(i64),
    Sign(&'static str),
    End,
}

/// Signs, the longer before those they begin with.
const SIGNS: [&str; 28] = [
    "</", ">/", "==", "=~", "!=", "!~", "<=", ">=", "(", ")", "{", "}", "[", "]", ",", "=", "<", ">", "+",
    "-", "*", "/", "%", "^", "@", ":", ";", "$",
];

const UNITS: [(&str, i64); 7] = [
    ("ms", 1),
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
    ("w", 7 * 86_400_000),
    ("y", 365 * 86_400_000),
];

/// All tokens of a text; the last is [`TokenKind::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut lexer = Lexer { text, at: 0, brackets: 0, braces: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks();
        let start = lexer.at;
        let kind = lexer.next()?;
        let is_end = kind == TokenKind::End;
        tokens.push(Token { kind, span: Span { start, end: lexer.at } });
        if is_end {
            return Ok(tokens);
        }
    }
}

/// A duration such as `1h30m`, in milliseconds; `None` when it is none or does not fit.
pub(crate) fn duration_ms(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut total: i64 = 0;
    let mut units = UNITS.iter().rev();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        // Each unit once, the larger before the smaller.
        let (_, unit_ms) = units.find(|(unit, _)| *unit == &rest[..letters])?;
        rest = &rest[letters..];
        total = total.checked_add(number.checked_mul(*unit_ms)?)?;
    }
    (!text.is_empty()).then_some(total)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    brackets: u32,
    braces: u32,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn fault(&self, start: usize, message: impl Into<String>) -> Fault {
        Fault { message: message.into(), span: Span { start, end: self.at.max(start) } }
    }

    fn skip_blanks(&mut self) {
        loop {
            self.at = self.text.len() - self.rest().trim_start().len();
            if !self.rest().starts_with('#') {
                return;
            }
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn next(&mut self) -> Result<TokenKind, Fault> {
        let start = self.at;
        let Some(first) = self.rest().chars().next() else { return Ok(TokenKind::End) };
        match first {
            '"' | '\'' | '`' => return self.text_token(first),
            '0'..='9' => return self.number(),
            '.' if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => return self.number(),
            ':' if self.brackets > 0 || self.braces > 0 => {}
            ':' if !self.rest()[1..].starts_with(is_name_char) => {}
            first if is_name_start(first) => return Ok(self.name()),
            _ => {}
        }
        let Some(sign) = SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) else {
            return Err(self.fault(start, format!("unexpected character: {first:?}")));
        };
        self.at += sign.len();
        match *sign {
            "[" => self.brackets += 1,
            "]" => self.brackets = self.brackets.saturating_sub(1),
            "{" => self.braces += 1,
            "}" => self.braces = self.braces.saturating_sub(1),
            _ => {}
        }
        Ok(TokenKind::Sign(sign))
    }

    fn name(&mut self) -> TokenKind {
        let length = self.rest().find(|c| !is_name_char(c)).unwrap_or(self.rest().len());
        let name = self.rest()[..length].to_owned();
        self.at += length;
        if self.braces == 0 {
            match name.to_ascii_lowercase().as_str() {
                "inf" => return TokenKind::Number(f64::INFINITY),
                "nan" => return TokenKind::Number(f64::NAN),
                _ => {}
            }
        }
        TokenKind::Name(name)
    }

    /// A number (`1`, `.5`, `1e-3`, `0x1f`, `1_000`) or a duration.
    fn number(&mut self) -> Result<TokenKind, Fault> {
        let start = self.at;
        let rest = self.rest();
        let mut length = 0;
        let mut before = ' ';
        let is_hex = rest.starts_with("0x") || rest.starts_with("0X");
        for character in rest.chars() {
            let is_exponent_sign = matches!(character, '+' | '-') && matches!(before, 'e' | 'E') && !is_hex;
            if !(character.is_ascii_alphanumeric() || matches!(character, '.' | '_') || is_exponent_sign) {
                break;
            }
            before = character;
            length += character.len_utf8();
        }
        let word = &self.text[start..start + length];
        self.at += length;
        let number = match word.get(2..) {
            Some(digits) if is_hex => {
                u64::from_str_radix(&digits.replace('_', ""), 16).ok().map(|n| n as f64)
            }
            _ => decimal(word),
        };
        match number {
            Some(number) => Ok(TokenKind::Number(number)),
            None => match duration_ms(word) {
                Some(ms) => Ok(TokenKind::Duration(ms)),
                None => Err(self.fault(start, format!("bad number or duration syntax: {word:?}"))),
            },
        }
    }

    fn text_token(&mut self, quote: char) -> Result<TokenKind, Fault> {
        let start = self.at;
        self.at += 1;
        let mut text = Vec::new();
        loop {
            let Some(character) = self.rest().chars().next() else {
                return Err(self.fault(start, "unterminated quoted string"));
            };
            self.at += character.len_utf8();
            match character {
                _ if character == quote => break,
                '\\' if quote != '`' => self.escape(start, quote, &mut text)?,
                '\n' if quote != '`' => return Err(self.fault(start, "unterminated quoted string")),
                _ => text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        let text = String::from_utf8(text).map_err(|_| self.fault(start, "the string is no valid UTF-8"))?;
        Ok(TokenKind::Text(text))
    }

    /// What follows a backslash, as in Go.
    fn escape(&mut self, start: usize, quote: char, text: &mut Vec<u8>) -> Result<(), Fault> {
        let Some(character) = self.rest().chars().next() else {
            return Err(self.fault(start, "escape sequence not terminated"));
        };
        self.at += character.len_utf8();
        let byte = match character {
            'a' => Some(7),
            'b' => Some(8),
            'f' => Some(12),
            'n' => Some(b'\n'),
            'r' => Some(b'\r'),
            't' => Some(b'\t'),
            'v' => Some(11),
            '\\' => Some(b'\\'),
            _ if character == quote => u8::try_from(quote).ok(),
            _ => None,
        };
        if let Some(byte) = byte {
            text.push(byte);
            return Ok(());
        }
        let (digits, radix) = match character {
            'x' => (2, 16),
            'u' => (4, 16),
            'U' => (8, 16),
            '0'..='7' => {
                self.at -= 1;
                (3, 8)
            }
            _ => return Err(self.fault(start, format!("unknown escape sequence \\{character}"))),
        };
        let code = self.rest().get(..digits).and_then(|code| u32::from_str_radix(code, radix).ok());
        let Some(code) = code else {
            return Err(self.fault(start, "escape sequence not terminated"));
        };
        self.at += digits;
        match character {
            'u' | 'U' => match char::from_u32(code) {
                Some(character) => text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                None => return Err(self.fault(start, "escape sequence is an invalid Unicode code point")),
            },
            _ => match u8::try_from(code) {
                Ok(byte) => text.push(byte),
                Err(_) => return Err(self.fault(start, "escape sequence is no byte")),
            },
        }
        Ok(())
    }
}

fn decimal(word: &str) -> Option<f64> {
    let is_plain =
        word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' | b'_'));
    if !is_plain || word.ends_with('_') {
        return None;
    }
    word.replace('_', "").parse().ok()
}

fn is_name_start(character: char) -> bool {
    character.is_ascii_alphabetic() || matches!(character, '_' | ':')
}

fn is_name_char(character: char) -> bool {
    is_name_start(character) || character.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_exactly_and_in_order_of_units() {
        for (text, ms) in [
            ("5m", Some(300_000)),
            ("1h30m", Some(5_400_000)),
            ("10s53ms", Some(10_053)),
            ("1y2w3d", Some(365 * 86_400_000 + 17 * 86_400_000)),
            ("0s", Some(0)),
            ("", None),
            ("5", None),
            ("m", None),
            ("30m1h", None),
            ("1m1m", None),
            ("1.5h", None),
            ("99999999999999999999s", None),
            ("9223372036854775807y", None),
        ] {
            assert_eq!(duration_ms(text), ms, "{text}");
        }
    }

    #[test]
    fn strings_have_the_escapes_of_go() {
        let one = |text: &str| tokens(text).map(|tokens| tokens[0].kind.clone());
        assert_eq!(one(r#""a\n\x41\101\u00e9\"""#), Ok(TokenKind::Text("a\nAA\u{e9}\"".into())));
        assert_eq!(one(r"`a\n`"), Ok(TokenKind::Text(r"a\n".into())));
        for bad in [r#""\q""#, r#""\x4""#, r#""\xff""#, r#""\ud800""#, r#""\777""#, "\"a\nb\"", "\"", "'a"] {
            assert!(one(bad).is_err(), "{bad}");
        }
    }
}
