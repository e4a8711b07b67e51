//! The text of diagnostics: each `tests/data/diagnostics/X.yaml` gives `X.expected`, each line of
//! `filters.txt` a part of `filters.expected`.

use super::{data, expect_file, read};
use crate::filter::Filter;
use crate::rule_set::{RuleFile, RuleSet};
use crate::template::Template;

fn check_rule_file(stem: &str) {
    let path = data(&format!("diagnostics/{stem}.yaml"));
    let text = read(&path);
    let compiled = RuleSet::compile(&[RuleFile { name: &format!("{stem}.yaml"), text: &text }]);
    let mut actual: String =
        compiled.diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect();
    actual.push_str("rules that work:\n");
    for rule in compiled.rules.rules() {
        actual.push_str(&format!("  {}\n", rule.name));
    }
    expect_file(&path.with_extension("expected"), &actual);
}

#[test]
fn yaml_mistakes_cost_their_item_only() {
    check_rule_file("yaml");
}

#[test]
fn items_say_what_they_lack() {
    check_rule_file("items");
}

#[test]
fn names_come_with_what_was_meant() {
    check_rule_file("names");
}

#[test]
fn types_are_checked() {
    check_rule_file("types");
}

#[test]
fn changes_to_rules_are_checked() {
    check_rule_file("changes");
}

#[test]
fn actions_are_checked() {
    check_rule_file("actions");
}

#[test]
fn macros_and_lists_in_circles_are_told() {
    check_rule_file("circles");
}

#[test]
fn a_mark_stands_below_what_is_wrong_in_every_style_of_yaml() {
    check_rule_file("places");
}

#[test]
fn filters_are_explained() {
    let path = data("diagnostics/filters.txt");
    let mut actual = String::new();
    for line in read(&path).lines() {
        let diagnostics = Filter::parse(line).err().unwrap_or_else(|| panic!("no mistake in: {line}"));
        actual.extend(diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")));
    }
    expect_file(&path.with_extension("expected"), &actual);
}

#[test]
fn templates_are_explained() {
    let mut actual = String::new();
    for text in [
        "100% of %proc.name",
        "%proc.nmae opened",
        "%evt.arg",
        "%proc.name[1]",
        "ends with %",
        "%tolower(proc.nam)",
    ] {
        let diagnostics = Template::parse(text).err().unwrap_or_else(|| panic!("no mistake in: {text}"));
        actual.extend(diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")));
    }
    expect_file(&data("diagnostics/templates.expected"), &actual);
}
