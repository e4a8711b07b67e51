//! The forms that the kernel's files take. All input is bytes that others wrote: what is not understood is
//! `None`, never a panic.

/// A whole decimal number without sign. One that is too large is `None`.
pub(crate) fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 20 {
        return None;
    }
    text.iter().try_fold(0u64, |value, &byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        value.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// A whole decimal number that may be negative.
pub(crate) fn signed(text: &[u8]) -> Option<i64> {
    match text.strip_prefix(b"-") {
        Some(digits) => i64::try_from(number(digits)?).ok().map(|value| -value),
        None => i64::try_from(number(text)?).ok(),
    }
}

/// A number with a fraction, as in `/proc/loadavg`.
pub(crate) fn decimal(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.parse().ok().filter(|value: &f64| value.is_finite())
}

/// The only number of a file, as most of sysfs and cgroups are.
pub(crate) fn only_number(file: &[u8]) -> Option<u64> {
    number(file.trim_ascii())
}

/// The lines of a file.
pub(crate) fn lines(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

/// The words of a line.
pub(crate) fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

/// The pairs of a file with one `key value` per line, a colon after the key or not; further words (units)
/// are skipped.
pub(crate) fn pairs(file: &[u8]) -> impl Iterator<Item = (&[u8], u64)> {
    lines(file).filter_map(|line| {
        let mut words = words(line);
        let key = words.next()?;
        Some((key.strip_suffix(b":").unwrap_or(key), number(words.next()?)?))
    })
}

/// The value of one key of such a file.
pub(crate) fn value_of(file: &[u8], key: &[u8]) -> Option<u64> {
    pairs(file).find(|(name, _)| *name == key).map(|(_, value)| value)
}

/// Text for people and labels: what is no UTF-8 becomes U+FFFD.
pub(crate) fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_digits_and_fit() {
        for (text, value) in [
            ("0", Some(0)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1 ", None),
            ("max", None),
            ("0000000000000000000001", None),
        ] {
            assert_eq!(number(text.as_bytes()), value, "{text}");
        }
        assert_eq!(signed(b"-1"), Some(-1));
        assert_eq!(signed(b"--1"), None);
        assert_eq!(decimal(b"1.25"), Some(1.25));
        assert_eq!(decimal(b"inf"), None);
    }

    #[test]
    fn pairs_are_read_with_colon_unit_and_blanks() {
        let file = b"MemTotal:       123 kB\nanon 5\nbroken\nbad x\n\nlast: 7";
        let read: Vec<(&[u8], u64)> = pairs(file).collect();
        assert_eq!(read, [(&b"MemTotal"[..], 123), (b"anon", 5), (b"last", 7)]);
        assert_eq!(value_of(file, b"anon"), Some(5));
    }
}
