//! The detections in `rules/` against the events in the `.test.yaml` beside each file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::facts_table::FactsTable;
use super::read;
use crate::event_type_set::EventTypeSet;
use crate::rule_set::{Evaluator, Rule, RuleFile, RuleSet};
use crate::yaml::{self, Node};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")
}

/// Names of rule files, `macros.yaml` first as everybody loads them.
fn rule_files() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder of rules is there")
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".yaml") && !name.ends_with(".test.yaml"))
        .collect();
    names.sort_by_key(|name| (name != "macros.yaml", name.clone()));
    names
}

fn compile() -> RuleSet {
    let texts: Vec<(String, String)> =
        rule_files().into_iter().map(|name| (name.clone(), read(&folder().join(&name)))).collect();
    let files: Vec<RuleFile<'_>> = texts.iter().map(|(name, text)| RuleFile { name, text }).collect();
    let compiled = RuleSet::compile(&files);
    let messages: String = compiled.diagnostics.iter().map(ToString::to_string).collect();
    assert!(messages.is_empty(), "{messages}");
    compiled.rules
}

#[test]
fn each_rule_hits_what_its_fixtures_say_and_nothing_else() {
    let rules = Arc::new(compile());
    let mut failures = Vec::new();
    let mut tested = Vec::new();
    for file in rule_files().iter().filter(|name| *name != "macros.yaml") {
        let path = folder().join(file.replace(".yaml", ".test.yaml"));
        let (documents, errors) = yaml::parse(0, &read(&path));
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        for fixture in documents.iter().flat_map(|document| document.sequence().unwrap_or_default()) {
            let rule = fixture.get("rule").and_then(Node::text).expect("a fixture names its rule");
            assert!(
                rules.rules().iter().any(|candidate| candidate.name == rule),
                "there is no rule `{rule}`"
            );
            for (key, expected) in [("hits", true), ("silent", false)] {
                let cases = fixture.get(key).and_then(Node::sequence).unwrap_or_default();
                assert!(!cases.is_empty(), "{rule}: no case in `{key}`");
                failures.extend(cases.iter().filter_map(|case| check(&rules, rule, fixture, case, expected)));
            }
            tested.push(rule.to_owned());
        }
    }
    for rule in rules.rules() {
        assert!(tested.contains(&rule.name), "rule `{}` has no fixture", rule.name);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn check(rules: &Arc<RuleSet>, rule: &str, fixture: &Node, case: &Node, expected: bool) -> Option<String> {
    let mut facts = FactsTable::default();
    if let Some(given) = fixture.get("given") {
        facts.set_all(given);
    }
    facts.set_all(case);
    let mut hit = false;
    let mut parts = Vec::new();
    Evaluator::new(Arc::clone(rules)).evaluate(facts.event_type(), &facts, |found: &Rule| {
        if found.name == rule {
            hit = true;
            parts = found.explain(&facts);
        }
    });
    let about = case.get("about").and_then(Node::text).unwrap_or("");
    if hit && parts.is_empty() {
        return Some(format!("{rule}: {about}: hits without saying why"));
    }
    (hit != expected).then(|| format!("{rule}: {about}: {}", if hit { "hits" } else { "does not hit" }))
}

#[test]
fn rules_carry_what_pages_show() {
    for rule in compile().rules() {
        let name = &rule.name;
        assert!(rule.description.len() > 40, "{name}: says too little");
        assert!(rule.tags.iter().any(|tag| tag.starts_with("mitre_")), "{name}: has no tactic");
        assert!(
            rule.tags.iter().any(|tag| tag.starts_with('T') && tag[1..].starts_with(char::is_numeric)),
            "{name}: has no technique"
        );
        assert!(rule.enabled, "{name}: is off");
        assert!(rule.output.fields().len() >= 3, "{name}: tells too little");
    }
}

#[test]
fn rules_need_few_event_types() {
    let rules = compile();
    let types = rules.event_types();
    let names: std::collections::BTreeSet<&str> = types.iter().map(|event_type| event_type.name()).collect();
    assert_ne!(types, EventTypeSet::ALL);
    assert!(!names.contains("read") && !names.contains("write"), "data calls are too many: {names:?}");
    assert!(!names.contains("syscall"), "the generic event is every other call: {names:?}");
}

#[test]
fn what_an_attacker_would_do_next_is_captured() {
    let rules = compile();
    let with_capture = |name: &str| {
        let rule = rules.rules().iter().find(|rule| rule.name == name).expect("a shipped rule");
        !rule.actions.is_empty()
    };
    assert!(with_capture("Credential file read in a container"));
    assert!(with_capture("Interactive shell in a container"));
    assert!(!with_capture("Package manager run in a container"), "usual, and often");
}
