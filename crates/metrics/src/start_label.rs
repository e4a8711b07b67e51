//! A process's start as a label.

use lanner_model::time::WallNs;

const TICK_NS: u64 = 10_000_000;

/// A process's start as the label `start` has it: Unix seconds with two decimals, which is the kernel's
/// clock tick. Together with `pid` it names one process.
#[must_use]
pub fn start_label(start: WallNs) -> String {
    let ticks = start.0 / TICK_NS;
    format!("{}.{:02}", ticks / 100, ticks % 100)
}

/// The start that a label says; `None` for text of another form.
#[must_use]
pub fn parse_start_label(label: &str) -> Option<WallNs> {
    let (seconds, hundredths) = label.split_once('.')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if hundredths.len() != 2 || !is_number(hundredths) || !is_number(seconds) {
        return None;
    }
    let seconds: u64 = seconds.parse().ok()?;
    let ticks = seconds.checked_mul(100)?.checked_add(hundredths.parse().ok()?)?;
    ticks.checked_mul(TICK_NS).map(WallNs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_read_back_as_it_was_written() {
        for (ns, label) in [
            (0, "0.00"),
            (1_795_448_604_310_000_000, "1795448604.31"),
            (1_795_448_604_319_999_999, "1795448604.31"),
            (u64::MAX, "18446744073.70"),
        ] {
            assert_eq!(start_label(WallNs(ns)), label);
            assert_eq!(parse_start_label(label), Some(WallNs(ns - ns % TICK_NS)));
        }
    }

    #[test]
    fn other_text_is_no_start() {
        for text in ["", "1", "1.2", "1.234", "+1.00", "1.+0", "1.0 ", "99999999999999999999.00"] {
            assert_eq!(parse_start_label(text), None, "{text}");
        }
    }
}
