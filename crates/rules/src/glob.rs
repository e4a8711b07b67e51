//! Shell patterns as `fnmatch(3)` without flags reads them: `*` and `?` match `/` too.

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(crate) struct Glob {
    parts: Vec<Part>,
    ignore_case: bool,
}

#[derive(Clone, Debug)]
enum Part {
    Byte(u8),
    /// `?`
    Any,
    /// `*`
    Many,
    /// `[a-z]`, `[!a-z]`
    Set {
        ranges: Vec<(u8, u8)>,
        negated: bool,
    },
}

impl Glob {
    pub(crate) fn new(pattern: &[u8], ignore_case: bool) -> Self {
        let mut parts = Vec::with_capacity(pattern.len());
        let mut at = 0;
        while let Some(byte) = pattern.get(at) {
            at += 1;
            match byte {
                b'*' if matches!(parts.last(), Some(Part::Many)) => {}
                b'*' => parts.push(Part::Many),
                b'?' => parts.push(Part::Any),
                b'[' => match set(&pattern[at..]) {
                    Some((part, length)) => {
                        parts.push(part);
                        at += length;
                    }
                    None => parts.push(Part::Byte(b'[')),
                },
                b'\\' if at < pattern.len() => {
                    parts.push(Part::Byte(pattern[at]));
                    at += 1;
                }
                byte => parts.push(Part::Byte(*byte)),
            }
        }
        Self { parts, ignore_case }
    }

    /// Whether a pattern has anything that a plain comparison has not.
    pub(crate) fn is_pattern(text: &[u8]) -> bool {
        text.iter().any(|byte| matches!(byte, b'*' | b'?' | b'['))
    }

    /// Matches the whole text; the time is at most the product of both lengths, for a backtrack
    /// only ever goes to the last `*`.
    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        let (mut part, mut at) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.parts.get(part) {
                Some(Part::Many) => {
                    retry = Some((part, at));
                    part += 1;
                }
                Some(single) if single.accepts(text[at], self.ignore_case) => {
                    part += 1;
                    at += 1;
                }
                _ => {
                    let Some((many, from)) = retry else {
                        return false;
                    };
                    retry = Some((many, from + 1));
                    (part, at) = (many + 1, from + 1);
                }
            }
        }
        self.parts[part..].iter().all(|part| matches!(part, Part::Many))
    }
}

impl Part {
    fn accepts(&self, byte: u8, ignore_case: bool) -> bool {
        match self {
            Part::Byte(wanted) if ignore_case => wanted.eq_ignore_ascii_case(&byte),
            Part::Byte(wanted) => *wanted == byte,
            Part::Any => true,
            Part::Many => false,
            Part::Set { ranges, negated } => {
                let holds = |byte: u8| ranges.iter().any(|(from, to)| (*from..=*to).contains(&byte));
                let found = if ignore_case {
                    holds(byte.to_ascii_lowercase()) || holds(byte.to_ascii_uppercase())
                } else {
                    holds(byte)
                };
                found != *negated
            }
        }
    }
}

/// The set behind a `[` and the length up to and with its `]`; `None` when there is no `]`.
fn set(pattern: &[u8]) -> Option<(Part, usize)> {
    let negated = matches!(pattern.first(), Some(b'!' | b'^'));
    let start = usize::from(negated);
    let mut ranges = Vec::new();
    let mut at = start;
    loop {
        let byte = *pattern.get(at)?;
        if byte == b']' && at > start {
            return Some((Part::Set { ranges, negated }, at + 1));
        }
        match (pattern.get(at + 1), pattern.get(at + 2)) {
            (Some(b'-'), Some(to)) if *to != b']' => {
                ranges.push((byte, *to));
                at += 3;
            }
            _ => {
                ranges.push((byte, byte));
                at += 1;
            }
        }
    }
}
