//! Values with their units, as people read them.

use super::condition::Unit;

/// A value in its unit, three significant digits: `95.2 %`, `1.5 GiB`, `340 ms`.
///
/// ```
/// use lanner_alert::{Unit, quantity};
/// assert_eq!(quantity(95.23, Unit::Percent), "95.2 %");
/// assert_eq!(quantity(1.5 * 1024.0 * 1024.0 * 1024.0, Unit::Bytes), "1.5 GiB");
/// ```
#[must_use]
pub fn quantity(value: f64, unit: Unit) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "NaN".to_owned() } else { format!("{value}") };
    }
    match unit {
        Unit::Percent => format!("{} %", digits(value)),
        Unit::Bytes => scaled(value, 1_024.0, &["B", "KiB", "MiB", "GiB", "TiB", "PiB"]),
        Unit::Seconds if value != 0.0 && value.abs() < 1.0 => format!("{} ms", digits(value * 1_000.0)),
        Unit::Seconds => format!("{} s", digits(value)),
        Unit::PerSecond => format!("{}/s", digits(value)),
        Unit::None => digits(value),
    }
}

fn scaled(value: f64, step: f64, units: &[&str]) -> String {
    let mut rest = value;
    let mut at = 0;
    while rest.abs() >= step && at + 1 < units.len() {
        rest /= step;
        at += 1;
    }
    format!("{} {}", digits(rest), units[at])
}

/// Three significant digits; whole numbers stay whole.
fn digits(value: f64) -> String {
    let places = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 || size == 0.0 => 2,
        size => (2 - size.log10().floor() as i32).clamp(0, 9),
    };
    let text = format!("{value:.*}", places as usize);
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_three_digits_and_their_unit() {
        let check = |value: f64, unit: Unit, expected: &str| assert_eq!(quantity(value, unit), expected);
        check(90.0, Unit::Percent, "90 %");
        check(99.96, Unit::Percent, "100 %");
        check(0.0123, Unit::None, "0.0123");
        check(0.0, Unit::None, "0");
        check(1536.0, Unit::Bytes, "1.5 KiB");
        check(0.34, Unit::Seconds, "340 ms");
        check(12_345.0, Unit::PerSecond, "12345/s");
        check(-3.0, Unit::None, "-3");
        check(f64::NAN, Unit::None, "NaN");
        check(1e300, Unit::Bytes, &format!("{:.0} PiB", 1e300 / 1024f64.powi(5)));
    }
}
