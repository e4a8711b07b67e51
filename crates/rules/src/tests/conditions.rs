//! What operators mean: `tests/data/conditions.txt`.

use super::facts_table::FactsTable;
use super::{data, read};
use crate::filter::Filter;

#[test]
fn conditions_mean_what_the_table_says() {
    let text = read(&data("conditions.txt"));
    let mut facts = FactsTable::default();
    let mut in_facts = false;
    let mut failures = Vec::new();
    let mut count = 0;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        match line {
            "" => {}
            "facts" => {
                facts = FactsTable::default();
                in_facts = true;
            }
            "cases" => in_facts = false,
            _ if line.starts_with('#') => {}
            fact if in_facts => set(&mut facts, fact),
            case => {
                count += 1;
                failures.extend(check(&facts, case).map(|failure| format!("line {}: {failure}", number + 1)));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count > 100, "only {count} cases were found");
}

fn set(facts: &mut FactsTable, line: &str) {
    let (name, value) = line.split_once(" = ").unwrap_or_else(|| panic!("no fact: {line}"));
    match value.strip_prefix('[').and_then(|value| value.strip_suffix(']')) {
        Some(list) => facts.set(name, &list.split(", ").collect::<Vec<_>>(), true),
        None => facts.set(name, &[value], false),
    }
}

fn check(facts: &FactsTable, case: &str) -> Option<String> {
    let (expected, condition) = case.split_once(' ').unwrap_or((case, ""));
    let expected: bool = expected.parse().unwrap_or_else(|_| panic!("neither true nor false: {case}"));
    match Filter::parse(condition.trim()) {
        Ok(filter) if filter.matches(facts) == expected => None,
        Ok(_) => Some(format!("not {expected}: {condition}")),
        Err(diagnostics) => Some(diagnostics.iter().map(ToString::to_string).collect()),
    }
}
