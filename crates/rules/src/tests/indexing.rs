//! That the index and the memo change nothing but the speed.

use std::cell::RefCell;
use std::sync::Arc;

use lanner_model::event::{EVENTS, EventType, syscall};
use lanner_model::field::FieldRef;
use rustc_hash::FxHashMap;

use super::facts_table::FactsTable;
use super::hostile::Random;
use crate::facts::Facts;
use crate::filter::Filter;
use crate::rule_set::{Evaluator, RuleFile, RuleSet};
use crate::value::Value;

fn rule(name: &str, condition: &str) -> String {
    format!(
        "- rule: {name}\n  condition: '{condition}'\n  output: x\n  priority: INFO\n  warn_evttypes: false\n"
    )
}

fn compile(text: &str) -> Arc<RuleSet> {
    let compiled = RuleSet::compile(&[RuleFile { name: "test", text }]);
    assert!(compiled.diagnostics.is_empty(), "{}", compiled.diagnostics[0]);
    Arc::new(compiled.rules)
}

fn names(set: crate::EventTypeSet) -> Vec<&'static str> {
    let mut names: Vec<&str> = set.iter().map(EventType::name).collect();
    names.dedup();
    names.sort_unstable();
    names.dedup();
    names
}

fn check_types(condition: &str, expected: &[&str]) {
    let filter = Filter::parse(condition).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    assert_eq!(names(filter.event_types()), expected, "{condition}");
}

#[test]
fn event_types_follow_from_and_or_and_not() {
    check_types("evt.type = openat2", &["openat2"]);
    check_types("evt.type in (open, ptrace)", &["open", "ptrace"]);
    check_types("evt.type = open and proc.name = x", &["open"]);
    check_types("(evt.type = open or evt.type = ptrace) and evt.type != open", &["ptrace"]);
    check_types("not (evt.type != open or proc.name = x)", &["open"]);
    check_types("not (not evt.type = open)", &["open"]);
    check_types("evt.type startswith openat", &["openat", "openat2"]);
    check_types("evt.type = open and evt.type = ptrace", &[]);
    check_types("evt.type = open and evt.num = 0", &[]);
    check_types("evt.type = uname", &["syscall"]);
}

#[test]
fn calls_that_only_the_generic_event_tells_of_are_told_one_by_one() {
    let calls = |condition: &str| -> Vec<&str> {
        let filter = Filter::parse(condition).expect("it is right");
        filter.event_types().calls().filter_map(syscall::name).collect()
    };
    assert_eq!(calls("evt.type in (open, uname, sync)"), ["sync", "uname"]);
    assert_eq!(calls("evt.type in (uname, sync) and not evt.type = sync"), ["uname"]);
    assert_eq!(calls("evt.type = open"), [""; 0]);
    assert!(calls("evt.type != uname").len() > 100);
    assert!(!calls("evt.type != uname").contains(&"uname"));
}

#[test]
fn a_condition_that_does_not_name_events_concerns_all() {
    for condition in
        ["proc.name = x", "evt.type = open or proc.name = x", "not (evt.type = open and proc.name = x)"]
    {
        assert!(Filter::parse(condition).is_ok_and(|filter| filter.event_types().is_all()), "{condition}");
    }
    let others = Filter::parse("not evt.type in (open, uname)").expect("it is right").event_types();
    assert!(!others.contains(EventType::SYSCALL_OPEN_X));
    assert!(others.contains(EventType::GENERIC_X) && others.contains(EventType(u16::MAX)));
}

/// A condition of checks that are true, false or about the event's type.
fn random_condition(random: &mut Random, depth: u32) -> String {
    const LEAVES: &[&str] = &[
        "evt.type = open",
        "evt.type != open",
        "evt.type in (open, ptrace, uname)",
        "evt.type contains p",
        "proc.name = cat",
        "proc.name = dog",
        "proc.pname = dog",
        "proc.pname exists",
        "evt.num = 0",
    ];
    match random.below(if depth == 0 { 1 } else { 4 }) {
        0 => LEAVES[random.below(LEAVES.len())].to_owned(),
        1 => format!("not ({})", random_condition(random, depth - 1)),
        kind => {
            let word = if kind == 2 { "and" } else { "or" };
            let parts: Vec<String> = (0..2 + random.below(2))
                .map(|_| format!("({})", random_condition(random, depth - 1)))
                .collect();
            parts.join(&format!(" {word} "))
        }
    }
}

#[test]
fn indexed_rules_hit_exactly_where_their_conditions_hold() {
    let mut random = Random(20_261_123);
    let conditions: Vec<String> = (0..200).map(|_| random_condition(&mut random, 4)).collect();
    let text: String =
        conditions.iter().enumerate().map(|(at, condition)| rule(&at.to_string(), condition)).collect();
    let rules = compile(&text);
    let filters: Vec<Filter> =
        conditions.iter().map(|condition| Filter::parse(condition).expect("it is right")).collect();
    let mut evaluator = Evaluator::new(rules);
    let kinds = [
        (EventType::SYSCALL_OPEN_X, "open"),
        (EventType::SYSCALL_PTRACE_X, "ptrace"),
        (EventType::SYSCALL_CLOSE_X, "close"),
        (EventType::GENERIC_X, "uname"),
        (EventType::GENERIC_X, "sync"),
        (EventType(u16::MAX), "unknown"),
    ];
    for (event_type, name) in kinds {
        let mut facts = FactsTable::default();
        facts.set("evt.type", &[name], false);
        facts.set("proc.name", &["cat"], false);
        let mut hits = vec![false; filters.len()];
        evaluator.evaluate(event_type, &facts, |rule| {
            hits[rule.name.parse::<usize>().expect("a number")] = true;
            // What it gives as reasons, an honest look must confirm.
            for part in rule.explain(&facts) {
                let holds = Filter::parse(&part.text).is_ok_and(|filter| filter.matches(&facts));
                assert_ne!(holds, part.negated, "{part:?} in {}", rule.condition_text);
            }
        });
        for (at, filter) in filters.iter().enumerate() {
            assert_eq!(hits[at], filter.matches(&facts), "{name}: {}", conditions[at]);
        }
    }
}

/// Counts how often each field is asked for.
struct Counting {
    facts: FactsTable,
    asked: RefCell<FxHashMap<String, usize>>,
}

impl Facts for Counting {
    fn value(&self, field: &FieldRef) -> Value<'_> {
        *self.asked.borrow_mut().entry(field.to_string()).or_default() += 1;
        self.facts.value(field)
    }
}

#[test]
fn a_field_is_asked_for_once_per_event_and_types_not_at_all() {
    let text = rule("a", "evt.type = open and proc.name in (x, cat) and fd.name contains b")
        + &rule("b", "evt.type = open and not proc.name = x and fd.name startswith c")
        + &rule("c", "evt.type in (open, openat) and (proc.name startswith c or fd.name = d)");
    let mut facts = FactsTable::default();
    facts.set("evt.type", &["open"], false);
    facts.set("proc.name", &["cat"], false);
    facts.set("fd.name", &["abc"], false);
    let counting = Counting { facts, asked: RefCell::default() };
    let mut evaluator = Evaluator::new(compile(&text));
    for round in 1..=3 {
        let mut hits = Vec::new();
        evaluator.evaluate(EventType::SYSCALL_OPEN_X, &counting, |rule| hits.push(rule.name.clone()));
        assert_eq!(hits, ["a", "c"]);
        let asked = counting.asked.borrow();
        assert_eq!(asked.get("proc.name"), Some(&round));
        assert_eq!(asked.get("fd.name"), Some(&round));
        assert_eq!(asked.get("evt.type"), None);
    }
}

#[test]
fn disabled_rules_are_listed_but_neither_evaluated_nor_asked_for() {
    let text =
        rule("on", "evt.type = open") + &rule("off", "evt.type = ptrace") + "- rule: off\n  enabled: false\n";
    let rules = compile(&text);
    assert_eq!(rules.rules().len(), 2);
    assert_eq!(names(rules.event_types()), ["open"]);
    let mut facts = FactsTable::default();
    facts.set("evt.type", &["ptrace"], false);
    Evaluator::new(rules).evaluate(EventType::SYSCALL_PTRACE_X, &facts, |rule| panic!("{} hits", rule.name));
}

#[test]
fn every_type_of_the_table_finds_its_rules() {
    let rules = compile(&rule("all", "proc.name = cat"));
    let mut facts = FactsTable::default();
    facts.set("proc.name", &["cat"], false);
    let mut evaluator = Evaluator::new(rules);
    for number in (0..EVENTS.len() as u16).chain([u16::MAX]) {
        let mut hits = 0;
        evaluator.evaluate(EventType(number), &facts, |_| hits += 1);
        assert_eq!(hits, 1, "event type {number}");
    }
}
