//! Times as text. Always UTC: state knows no time zone.

/// A second in nanoseconds.
pub(crate) const SECOND: u64 = 1_000_000_000;

/// `2026-08-01`.
pub(crate) fn date(time_ns: u64) -> String {
    let (year, month, day) = civil(time_ns / SECOND / 86_400);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `23:59:59`.
pub(crate) fn clock(time_ns: u64) -> String {
    let second = time_ns / SECOND % 86_400;
    format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
}

/// `23:59:59.000000001`.
pub(crate) fn clock_ns(time_ns: u64) -> String {
    format!("{}.{:09}", clock(time_ns), time_ns % SECOND)
}

/// `2026-08-01T23:59:59.000000001+0000`.
pub(crate) fn iso8601(time_ns: u64) -> String {
    format!("{}T{}+0000", date(time_ns), clock_ns(time_ns))
}

/// Year, month and day of a day since the epoch, counted in the Gregorian calendar's 400-year
/// cycles that begin in March, so that the leap day is a cycle's last.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468; // 0000-03-01
    let (cycle, day_of_cycle) = (days / 146_097, days % 146_097);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (cycle * 400 + year_of_cycle + carry, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_utc() {
        assert_eq!(iso8601(0), "1970-01-01T00:00:00.000000000+0000");
        assert_eq!(iso8601(1_709_210_096_000_000_007), "2024-02-29T12:34:56.000000007+0000");
        assert_eq!(date(4_102_444_800 * SECOND), "2100-01-01");
        assert_eq!(clock(86_399 * SECOND), "23:59:59");
    }
}
