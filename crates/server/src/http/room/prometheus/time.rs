//! Times and durations as parameters have them.

use lanner_metrics::promql::duration_ms;
use lanner_model::time::WallMs;

/// The farthest from the epoch that a time may be, in milliseconds: far enough from where sums overflow.
const FARTHEST_MS: i64 = i64::MAX / 4;

/// Seconds with decimals, or a date such as `2026-11-23T19:30:00.5Z`.
pub(super) fn parse_time(text: &str) -> Option<WallMs> {
    let ms = match text.parse::<f64>() {
        Ok(seconds) => milliseconds(seconds)?,
        Err(_) => date_ms(text)?,
    };
    (ms.abs() <= FARTHEST_MS).then_some(WallMs(ms))
}

/// Seconds with decimals, or a duration such as `1m30s`, in milliseconds.
pub(super) fn parse_duration(text: &str) -> Option<i64> {
    let ms = match text.parse::<f64>() {
        Ok(seconds) => milliseconds(seconds)?,
        Err(_) => duration_ms(text)?,
    };
    (ms.abs() <= FARTHEST_MS).then_some(ms)
}

fn milliseconds(seconds: f64) -> Option<i64> {
    let ms = (seconds * 1000.0).round();
    (ms.abs() <= FARTHEST_MS as f64).then_some(ms as i64)
}

/// A date of RFC 3339, in milliseconds since the epoch.
fn date_ms(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let [year, month, day] = numbers(date, '-')?;
    let (clock, offset_minutes) = split_offset(time)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let [hour, minute, second] = numbers(clock, ':')?;
    let is_date = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    let is_clock = hour < 24 && minute < 60 && second < 61;
    let is_fraction = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !(is_date && is_clock && is_fraction) {
        return None;
    }
    let fraction_ms: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let minutes = (days_since_epoch(year, month, day) * 24 + hour) * 60 + minute - offset_minutes;
    Some((minutes * 60 + second) * 1000 + fraction_ms)
}

/// Three numbers that are written with as many digits as they have in dates.
fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let parts: Vec<&str> = text.split(separator).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let first_digits = if separator == '-' { 4 } else { 2 };
    let number = |text: &str, digits| {
        let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { text.parse::<i64>().ok() } else { None }
    };
    Some([number(first, first_digits)?, number(second, 2)?, number(third, 2)?])
}

/// The time of day, and by how many minutes it is ahead of UTC.
fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let at = time.rfind(['+', '-'])?;
    let (hours, minutes) = time[at + 1..].split_once(':')?;
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let ahead = i64::from(hours) * 60 + i64::from(minutes);
    Some((&time[..at], if time[at..].starts_with('-') { -ahead } else { ahead }))
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let years =
        before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162;
    years + (1..month).map(|month| days_in_month(year, month)).sum::<i64>() + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_or_dates() {
        for (text, ms) in [
            ("0", Some(0)),
            ("1795459500.781", Some(1_795_459_500_781)),
            ("-1.5", Some(-1_500)),
            ("1e3", Some(1_000_000)),
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-23T18:45:00.781Z", Some(1_795_459_500_781)),
            ("2026-11-23T20:15:00.781+01:30", Some(1_795_459_500_781)),
            ("2026-11-23T16:45:00-02:00", Some(1_795_459_500_000)),
            ("2000-02-29T12:00:00.123456789Z", Some(951_825_600_123)),
            ("1969-12-31T23:59:59Z", Some(-1_000)),
            ("", None),
            ("yesterday", None),
            ("NaN", None),
            ("Inf", None),
            ("1e30", None),
            ("2026-13-01T00:00:00Z", None),
            ("2025-02-29T00:00:00Z", None),
            ("2026-11-23T24:00:00Z", None),
            ("2026-11-23T18:45:00", None),
            ("2026-11-23T18:45:00+99:00", None),
            ("2026-11-23T18:45:00.é12Z", None),
            ("+026-11-23T18:45:00Z", None),
        ] {
            assert_eq!(parse_time(text), ms.map(WallMs), "{text}");
        }
    }

    #[test]
    fn durations_are_seconds_or_have_units() {
        for (text, ms) in [
            ("15", Some(15_000)),
            ("0.25", Some(250)),
            ("1m30s", Some(90_000)),
            ("-1", Some(-1_000)),
            ("x", None),
        ] {
            assert_eq!(parse_duration(text), ms, "{text}");
        }
    }
}
