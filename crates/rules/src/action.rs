//! What is done on a hit beside telling it: the key `actions`, which is ours.

use crate::diagnostic::{Code, Report};
use crate::source::Location;
use crate::suggestion;
use crate::yaml::{Node, NodeKind};

/// What is done when a rule hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// System calls are captured where the rule hit: in the container, on the host in the process.
    Capture(CaptureAction),
}

/// How much is captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaptureAction {
    /// Milliseconds before the hit, 10 minutes at most.
    pub before_ms: u32,
    /// Milliseconds after the hit: at least 1, 10 minutes at most.
    pub after_ms: u32,
}

const LONGEST_MS: u32 = 600_000;
const ACTIONS: &[&str] = &["capture"];
const CAPTURE_KEYS: &[&str] = &["before", "after"];

impl Default for CaptureAction {
    fn default() -> Self {
        Self { before_ms: 5_000, after_ms: 5_000 }
    }
}

/// Reads the value of `actions`; `None` after a mistake.
pub(crate) fn read(node: &Node, report: &mut Report<'_>) -> Option<Vec<Action>> {
    let items = match (&node.kind, node.sequence()) {
        (_, Some(items)) => items,
        (NodeKind::Null, None) => return Some(Vec::new()),
        _ => {
            let hint = "such as `actions: [{capture: {before: 5s, after: 10s}}]`".to_owned();
            report.error_with_hint(Code::Action, first_line(node.at), "`actions` must be a list", hint);
            return None;
        }
    };
    // All are read before any gives up, so that all mistakes are told at once.
    let actions: Vec<Option<Action>> = items.iter().map(|item| action(item, report)).collect();
    let actions: Vec<Action> = actions.into_iter().collect::<Option<_>>()?;
    if actions.len() > 1 {
        report.error(Code::Action, first_line(node.at), "one capture is begun, not several");
        return None;
    }
    Some(actions)
}

fn action(item: &Node, report: &mut Report<'_>) -> Option<Action> {
    if item.text() == Some("capture") {
        return Some(Action::Capture(CaptureAction::default()));
    }
    let Some([(key, value)]) = item.mapping() else {
        let hint = "such as `capture: {before: 5s, after: 10s}`".to_owned();
        report.error_with_hint(Code::Action, first_line(item.at), "an action has one key, its name", hint);
        return None;
    };
    let name = key.text().unwrap_or("");
    if name != "capture" {
        let hint = suggestion::closest(name, ACTIONS.iter().copied());
        let hint = hint.map_or("the only action is `capture`".to_owned(), did_you_mean);
        report.error_with_hint(Code::Action, key.at, format!("there is no action `{name}`"), hint);
        return None;
    }
    capture(value, report).map(Action::Capture)
}

fn capture(node: &Node, report: &mut Report<'_>) -> Option<CaptureAction> {
    let mut capture = CaptureAction::default();
    if matches!(node.kind, NodeKind::Null) {
        return Some(capture);
    }
    let Some(pairs) = node.mapping() else {
        let hint = "such as `{before: 5s, after: 10s}`".to_owned();
        report.error_with_hint(Code::Action, first_line(node.at), "`capture` must have keys", hint);
        return None;
    };
    let mut is_right = true;
    for (key, value) in pairs {
        let name = key.text().unwrap_or("");
        let milliseconds = match name {
            "before" => duration(value, 0, report).map(|before| capture.before_ms = before),
            "after" => duration(value, 1, report).map(|after| capture.after_ms = after),
            _ => {
                let hint = suggestion::closest(name, CAPTURE_KEYS.iter().copied());
                let hint = hint.map_or("`before` and `after`".to_owned(), did_you_mean);
                report.error_with_hint(
                    Code::Action,
                    key.at,
                    format!("`{name}` means nothing in a capture"),
                    hint,
                );
                None
            }
        };
        is_right &= milliseconds.is_some();
    }
    is_right.then_some(capture)
}

/// A duration such as `5s`, `500ms` or `2m`, as milliseconds.
fn duration(node: &Node, least_ms: u32, report: &mut Report<'_>) -> Option<u32> {
    let text = node.text().map(str::trim).unwrap_or("");
    let hint = || "a whole number and a unit, such as `500ms`, `5s` or `2m`".to_owned();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        _ => {
            report.error_with_hint(
                Code::Action,
                first_line(node.at),
                format!("`{text}` is no duration"),
                hint(),
            );
            return None;
        }
    };
    if number.is_empty() {
        report.error_with_hint(Code::Action, node.at, format!("`{text}` is no duration"), hint());
        return None;
    }
    // More digits than fit are more than is allowed.
    let milliseconds = number.parse::<u64>().unwrap_or(u64::MAX).saturating_mul(unit_ms);
    match u32::try_from(milliseconds) {
        Ok(milliseconds) if (least_ms..=LONGEST_MS).contains(&milliseconds) => Some(milliseconds),
        Ok(0) => {
            report.error(Code::Action, node.at, "nothing would be captured after the hit");
            None
        }
        _ => {
            let message = format!("`{text}` is longer than a capture may be");
            report.error_with_hint(Code::Action, node.at, message, "10m at most".to_owned());
            None
        }
    }
}

fn first_line(at: Location) -> Location {
    Location { end: at.start + 1, ..at }
}

fn did_you_mean(word: &str) -> String {
    format!("did you mean `{word}`?")
}
