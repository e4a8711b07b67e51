//! Times as URLs have them: milliseconds since the epoch, `now`, `now-15m`.

use lanner_model::time::WallMs;

/// What is wrong with a time or a range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RangeError {
    /// Neither a number nor `now-...`.
    #[error("`{text}` is no time")]
    NotATime {
        /// What was given.
        text: String,
    },
    /// It ends before it begins.
    #[error("the range ends before it begins")]
    Backwards,
    /// It is longer than anything is kept.
    #[error("the range is longer than {days} days")]
    TooLong {
        /// What is allowed.
        days: i64,
    },
}

/// The longest range that is answered.
const MAX_DAYS: i64 = 400;
const DAY_MS: i64 = 86_400_000;

/// From and to; `from < to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeRange {
    pub(crate) from: WallMs,
    pub(crate) to: WallMs,
}

impl TimeRange {
    /// Reads both ends; what is missing is `default_from` and `now`.
    pub(crate) fn parse(
        from: Option<&str>,
        to: Option<&str>,
        default_from: &str,
        now: WallMs,
    ) -> Result<Self, RangeError> {
        let range = Self {
            from: parse_time(from.unwrap_or(default_from), now)?,
            to: parse_time(to.unwrap_or("now"), now)?,
        };
        if range.from >= range.to {
            return Err(RangeError::Backwards);
        }
        if range.length_ms() > MAX_DAYS * DAY_MS {
            return Err(RangeError::TooLong { days: MAX_DAYS });
        }
        Ok(range)
    }

    pub(crate) fn length_ms(self) -> i64 {
        self.to.0 - self.from.0
    }

    /// The range of equal length that ends where this one begins.
    pub(crate) fn before(self) -> Self {
        Self { from: WallMs((self.from.0 - self.length_ms()).max(0)), to: self.from }
    }
}

fn parse_time(text: &str, now: WallMs) -> Result<WallMs, RangeError> {
    let not_a_time = || RangeError::NotATime { text: text.chars().take(64).collect() };
    let ms = match text.strip_prefix("now") {
        Some("") => now.0,
        Some(rest) => {
            let ago = rest.strip_prefix('-').and_then(duration_ms).ok_or_else(not_a_time)?;
            now.0.saturating_sub(ago).max(0)
        }
        None => text.parse().ok().filter(|ms| (0..=i64::MAX / 4).contains(ms)).ok_or_else(not_a_time)?,
    };
    Ok(WallMs(ms))
}

/// `90s`, `15m`, `1h`, `7d`.
fn duration_ms(text: &str) -> Option<i64> {
    let unit = text.chars().last()?;
    let per_unit = match unit {
        's' => 1_000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => DAY_MS,
        _ => return None,
    };
    let number: u32 = text[..text.len() - 1].parse().ok()?;
    i64::from(number).checked_mul(per_unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: WallMs = WallMs(1_700_000_000_000);

    fn parse(from: &str, to: &str) -> Result<(i64, i64), RangeError> {
        TimeRange::parse(Some(from), Some(to), "now-1h", NOW).map(|range| (range.from.0, range.to.0))
    }

    #[test]
    fn times_are_absolute_or_relative_to_now() {
        assert_eq!(parse("now-1h", "now"), Ok((NOW.0 - 3_600_000, NOW.0)));
        assert_eq!(parse("1000", "2000"), Ok((1000, 2000)));
        assert_eq!(parse("now-90s", "now-1s"), Ok((NOW.0 - 90_000, NOW.0 - 1_000)));
        let default = TimeRange::parse(None, None, "now-7d", NOW).expect("defaults");
        assert_eq!(default.length_ms(), 7 * DAY_MS);
        assert_eq!(default.before().to, default.from);
    }

    #[test]
    fn hostile_times_are_refused() {
        for bad in [
            "",
            "yesterday",
            "now+1h",
            "now-",
            "now-1",
            "now-é",
            "now-1y",
            "-5",
            "9223372036854775807",
            "1e3",
        ] {
            assert_eq!(parse(bad, "now"), Err(RangeError::NotATime { text: bad.into() }), "{bad}");
        }
        assert_eq!(parse("now", "now"), Err(RangeError::Backwards));
        assert_eq!(parse("now-4294967295d", "now"), Err(RangeError::TooLong { days: 400 }));
        assert_eq!(parse("0", "now"), Err(RangeError::TooLong { days: 400 }));
    }
}
