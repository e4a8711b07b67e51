//! Moments as people write them.

use lanner_model::time::WallMs;

/// `2026-11-23T13:04:05Z`; the civil calendar from the days since the epoch, as Howard Hinnant's
/// `civil_from_days` computes it.
///
/// ```
/// use lanner_model::time::WallMs;
/// assert_eq!(lanner_alert::utc(WallMs(1_700_000_000_000)), "2023-11-14T22:13:20Z");
/// ```
#[must_use]
pub fn utc(time: WallMs) -> String {
    let seconds = time.0.div_euclid(1_000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468; // days since 0000-03-01
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_leap_years_and_centuries_are_right() {
        let check = |ms: i64, expected: &str| assert_eq!(utc(WallMs(ms)), expected);
        check(0, "1970-01-01T00:00:00Z");
        check(951_782_400_000, "2000-02-29T00:00:00Z");
        check(1_798_761_599_999, "2026-12-31T23:59:59Z");
        check(4_107_542_400_000, "2100-03-01T00:00:00Z");
        check(-1, "1969-12-31T23:59:59Z");
    }
}
