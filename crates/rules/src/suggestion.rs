//! What somebody may have meant.

use lanner_model::field::FIELDS;

/// A hint for a field that does not exist.
pub(crate) fn field(name: &str) -> Option<String> {
    let names = || FIELDS.iter().map(|field| field.name);
    let meant = closest(name, names()).or_else(|| {
        // Only the first part forgotten: `name` for `proc.name`.
        names().find(|candidate| candidate.split_once('.').is_some_and(|(_, rest)| rest == name))
    })?;
    Some(format!("did you mean `{meant}`?"))
}

/// The candidate that differs least from `name`, if it differs little.
pub(crate) fn closest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    if name.len() > 64 {
        return None;
    }
    let limit = (name.len() / 3).max(1);
    candidates
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= limit)
        .map(|candidate| (distance(name.as_bytes(), candidate.as_bytes()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many characters must be added, removed, changed or swapped with their neighbour (optimal
/// string alignment distance).
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(from != to)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *from == b[j - 1] && a[i - 1] == *to {
                cost = cost.min(before_last[j - 1] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}
