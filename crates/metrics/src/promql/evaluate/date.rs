//! Parts of the date of a Unix time, in UTC.

const DAY_S: i64 = 86_400;

/// The functions of a time in seconds.
pub(super) fn date_function(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "minute" => |time| with_seconds(time, |seconds| seconds.div_euclid(60).rem_euclid(60)),
        "hour" => |time| with_seconds(time, |seconds| seconds.div_euclid(3_600).rem_euclid(24)),
        // The epoch was a Thursday; Sunday is 0.
        "day_of_week" => |time| with_seconds(time, |seconds| (days(seconds) + 4).rem_euclid(7)),
        "day_of_month" => |time| with_seconds(time, |seconds| date(seconds).2),
        "day_of_year" => {
            |time| with_seconds(time, |seconds| days(seconds) - days_before_year(date(seconds).0) + 1)
        }
        "days_in_month" => |time| {
            with_seconds(time, |seconds| {
                let (year, month, _) = date(seconds);
                days_in_month(year, month)
            })
        },
        "month" => |time| with_seconds(time, |seconds| date(seconds).1),
        "year" => |time| with_seconds(time, |seconds| date(seconds).0),
        _ => return None,
    })
}

fn with_seconds(time: f64, part: impl Fn(i64) -> i64) -> f64 {
    // Some hundred million years from now, where years are still exact and nothing overflows.
    const FARTHEST: f64 = 1e16;
    if time.abs() < FARTHEST { part(time.trunc() as i64) as f64 } else { f64::NAN }
}

fn days(seconds: i64) -> i64 {
    seconds.div_euclid(DAY_S)
}

/// Year, month and day; by eras of 400 years that begin in March, so that leap days come last
/// (<https://howardhinnant.github.io/date_algorithms.html>, `civil_from_days`).
fn date(seconds: i64) -> (i64, i64, i64) {
    let from_era = days(seconds) + 719_468;
    let era = from_era.div_euclid(146_097);
    let day_of_era = from_era.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days from the epoch to a year's beginning.
fn days_before_year(year: i64) -> i64 {
    let before = year - 1;
    before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_the_parts_of_the_calendar() {
        for (time, parts) in [
            // year, month, day, day of the week, day of the year, days in the month, hour, minute
            (0.0, [1970, 1, 1, 4, 1, 31, 0, 0]),
            (-1.0, [1969, 12, 31, 3, 365, 31, 23, 59]),
            (951_825_599.0, [2000, 2, 29, 2, 60, 29, 11, 59]),
            (1_795_459_500.5, [2026, 11, 23, 1, 327, 30, 18, 45]),
            (4_107_542_400.0, [2100, 3, 1, 1, 60, 31, 0, 0]),
        ] {
            let names = [
                "year",
                "month",
                "day_of_month",
                "day_of_week",
                "day_of_year",
                "days_in_month",
                "hour",
                "minute",
            ];
            let found = names.map(|name| date_function(name).expect("a function")(time) as i64);
            assert_eq!(found, parts, "{time}");
        }
        for far in [f64::NAN, f64::INFINITY, 1e300, -1e18] {
            assert!(date_function("year").expect("a function")(far).is_nan());
        }
    }
}
