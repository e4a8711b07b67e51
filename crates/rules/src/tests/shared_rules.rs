//! The rule files that people own load as they are, and can be changed as people change them.

use std::sync::Arc;

use super::facts_table::FactsTable;
use super::{read, shared_data};
use crate::rule_set::{Compiled, Evaluator, RuleFile, RuleSet};

fn load(names: &[&str], more: &str) -> Option<Compiled> {
    let folder = shared_data()?.join("rules");
    let texts: Vec<String> = names.iter().map(|name| read(&folder.join(name))).collect();
    let mut files: Vec<RuleFile<'_>> =
        names.iter().zip(&texts).map(|(name, text)| RuleFile { name, text }).collect();
    files.push(RuleFile { name: "local.yaml", text: more });
    Some(RuleSet::compile(&files))
}

fn check_loads(name: &str) {
    let Some(compiled) = load(&[name], "") else {
        return;
    };
    let messages: String = compiled.diagnostics.iter().map(ToString::to_string).collect();
    assert!(messages.is_empty(), "{messages}");
    let text = read(&shared_data().expect("it was there").join("rules").join(name));
    let count = text.lines().filter(|line| line.starts_with("- rule:")).count();
    assert_eq!(compiled.rules.rules().len(), count);
    assert!(count > 20, "only {count} rules");
    for rule in compiled.rules.rules() {
        assert!(!rule.event_types().is_empty() && !rule.event_types().is_all(), "{}", rule.name);
    }
}

#[test]
fn the_stable_rules_load_unchanged() {
    check_loads("falco_rules.yaml");
}

#[test]
fn the_sandbox_rules_load_unchanged() {
    check_loads("falco-sandbox_rules.yaml");
}

fn shadow_read_by(program: &str) -> FactsTable {
    let mut facts = FactsTable::default();
    for (name, value) in [
        ("evt.type", "openat"),
        ("evt.num", "1"),
        ("evt.is_open_read", "true"),
        ("fd.typechar", "f"),
        ("fd.num", "3"),
        ("fd.name", "/etc/shadow"),
        ("fd.directory", "/etc"),
        ("proc.name", program),
        ("proc.cmdline", program),
        ("container.id", "host"),
    ] {
        facts.set(name, &[value], false);
    }
    facts
}

fn hits(compiled: Compiled, facts: &FactsTable) -> Vec<String> {
    let messages: String = compiled.diagnostics.iter().map(ToString::to_string).collect();
    assert!(messages.is_empty(), "{messages}");
    let mut hits = Vec::new();
    Evaluator::new(Arc::new(compiled.rules))
        .evaluate(facts.event_type(), facts, |rule| hits.push(rule.name.clone()));
    hits
}

/// Which of the stable rules hit when `program` reads the password hashes, with local changes.
fn check(changes: &str, program: &str, expected: &[&str]) {
    if let Some(compiled) = load(&["falco_rules.yaml"], changes) {
        assert_eq!(hits(compiled, &shadow_read_by(program)), expected, "{program} with:\n{changes}");
    }
}

const UNTRUSTED: &str = "Read sensitive file untrusted";

#[test]
fn stable_rules_hit_what_they_are_for() {
    check("", "cat", &[UNTRUSTED]);
    check("", "sudo", &[]);
    check("", "(systemd)", &[]);
}

#[test]
fn lists_are_appended_to_and_replaced() {
    check("- list: read_sensitive_file_binaries\n  append: true\n  items: [cat]\n", "cat", &[]);
    let appended = "- list: read_sensitive_file_binaries\n  items: [cat]\n  override:\n    items: append\n";
    check(appended, "cat", &[]);
    check("- list: userexec_binaries\n  items: []\n", "sudo", &[UNTRUSTED]);
}

#[test]
fn macros_are_appended_to_and_replaced() {
    check(
        "- macro: user_known_read_sensitive_files_activities\n  condition: (proc.name = cat)\n",
        "cat",
        &[],
    );
    let appended = "- macro: sensitive_files\n  condition: and fd.name != /etc/shadow\n  override: {condition: append}\n";
    check(appended, "cat", &[]);
    check("- macro: sensitive_files\n  append: true\n  condition: or proc.name = x\n", "cat", &[UNTRUSTED]);
}

#[test]
fn rules_are_appended_to_replaced_and_switched_off() {
    let append = format!("- rule: {UNTRUSTED}\n  append: true\n  condition: and not proc.name = cat\n");
    check(&append, "cat", &[]);
    check(&append, "less", &[UNTRUSTED]);
    let replace = format!(
        "- rule: {UNTRUSTED}\n  condition: open_read and proc.name = sudo\n  override:\n    condition: replace\n"
    );
    check(&replace, "cat", &[]);
    check(&replace, "sudo", &[UNTRUSTED]);
    check(&format!("- rule: {UNTRUSTED}\n  enabled: false\n"), "cat", &[]);
    check(&format!("- rule: {UNTRUSTED}\n  enabled: false\n  override: {{enabled: replace}}\n"), "cat", &[]);
    let whole =
        format!("- rule: {UNTRUSTED}\n  condition: evt.type = close\n  output: x\n  priority: INFO\n");
    check(&whole, "cat", &[]);
}

#[test]
fn exceptions_silence_rules() {
    let with = |exceptions: &str| {
        format!("- rule: {UNTRUSTED}\n  exceptions:\n{exceptions}\n  override: {{exceptions: append}}\n")
    };
    let pairs = with(
        "    - {name: a, fields: [proc.name, fd.name], values: [[cat, /etc/shadow], [less, /etc/sudoers]]}",
    );
    check(&pairs, "cat", &[]);
    check(&pairs, "less", &[UNTRUSTED]);
    let operators = with(
        "    - {name: a, fields: [proc.name, fd.name], comps: [in, startswith], values: [[[cat, less], /etc]]}",
    );
    check(&operators, "less", &[]);
    check(&operators, "more", &[UNTRUSTED]);
    let single = with("    - {name: a, fields: proc.name, values: [cat, two words]}");
    check(&single, "cat", &[]);
    check(&single, "two words", &[]);
    check(&single, "two", &[UNTRUSTED]);
    let lists = with("    - {name: a, fields: [proc.name], comps: [in], values: [[shell_binaries]]}");
    check(&lists, "cat", &[UNTRUSTED]);
    let empty = with("    - {name: a, fields: [proc.name, fd.name], values: []}");
    check(&empty, "cat", &[UNTRUSTED]);
    // An exception that exists only gets more values.
    let more = single.clone()
        + &format!("- rule: {UNTRUSTED}\n  append: true\n  exceptions:\n    - {{name: a, values: [more]}}\n");
    check(&more, "more", &[]);
    check(&more, "cat", &[]);
}

#[test]
fn appended_tags_and_texts_are_there() {
    let changes = format!(
        "- rule: {UNTRUSTED}\n  output: '| more=%proc.name'\n  tags: [mine, host]\n  priority: CRITICAL\n  override: {{output: append, tags: append, priority: replace}}\n"
    );
    let Some(compiled) = load(&["falco_rules.yaml"], &changes) else {
        return;
    };
    let rule = compiled.rules.rules().iter().find(|rule| rule.name == UNTRUSTED).expect("it loads");
    assert!(rule.output.text().ends_with("| more=%proc.name"));
    assert_eq!(rule.tags.iter().filter(|tag| *tag == "host").count(), 1);
    assert!(rule.tags.contains(&"mine".to_owned()));
    assert_eq!(rule.priority, lanner_model::finding::Priority::Critical);
}
