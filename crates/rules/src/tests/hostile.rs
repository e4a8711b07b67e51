//! Files that are not what they should be: nothing panics, nothing runs away.

use std::path::Path;
use std::sync::Arc;

use lanner_model::event::EventType;

use super::facts_table::FactsTable;
use super::{read, shared_data};
use crate::filter::Filter;
use crate::rule_set::{Evaluator, RuleFile, RuleSet};
use crate::template::Template;

/// SplitMix64: enough for tests, the same everywhere.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

fn survive(text: &str) {
    let compiled = RuleSet::compile(&[RuleFile { name: "hostile", text }]);
    for diagnostic in &compiled.diagnostics {
        assert!(!diagnostic.to_string().is_empty());
    }
    let mut facts = FactsTable::default();
    facts.set("evt.type", &["openat"], false);
    facts.set("proc.name", &["cat"], false);
    facts.set("fd.name", &["/etc/shadow"], false);
    Evaluator::new(Arc::new(compiled.rules)).evaluate(EventType::SYSCALL_OPENAT_2_X, &facts, |rule| {
        assert!(rule.explain(&facts).len() <= 64);
        rule.output.render(&facts, &mut String::new());
    });
}

/// A stretch of lines from a rule file, with some bytes changed, doubled or cut out.
fn mutated(text: &str, random: &mut Random) -> String {
    let starts: Vec<usize> = text.match_indices("\n- ").map(|(at, _)| at + 1).collect();
    let from = starts[random.below(starts.len())];
    let to = starts.iter().copied().find(|at| *at > from + 2500).unwrap_or(text.len());
    let mut bytes = text.as_bytes()[from..to].to_vec();
    const SPICE: &[u8] = b"()[]{}\"'\\:,=!<>%&*#|-?~\n\t \x00\xff0aA.";
    for _ in 0..1 + random.below(6) {
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => bytes[at] = SPICE[random.below(SPICE.len())],
            1 => bytes.insert(at, SPICE[random.below(SPICE.len())]),
            2 => drop(bytes.drain(at..(at + random.below(40)).min(bytes.len()))),
            _ => {
                let piece = bytes[at..(at + random.below(40)).min(bytes.len())].to_vec();
                let target = random.below(bytes.len());
                bytes.splice(target..target, piece);
            }
        }
        if bytes.is_empty() {
            bytes.push(b'-');
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn survive_mutations_of(folder: &Path, seed: u64) {
    let mut random = Random(seed);
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = read(&path);
            (0..150).for_each(|_| survive(&mutated(&text, &mut random)));
        }
    }
}

#[test]
fn mutations_of_shipped_rules_are_survived() {
    survive_mutations_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules"), 1);
}

#[test]
fn mutations_of_rules_that_people_own_are_survived() {
    if let Some(data) = shared_data() {
        survive_mutations_of(&data.join("rules"), 2);
    }
}

#[test]
fn random_bytes_are_survived() {
    let mut random = Random(3);
    for _ in 0..2000 {
        let bytes: Vec<u8> = (0..random.below(200)).map(|_| random.next() as u8).collect();
        survive(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn random_words_are_survived_by_filters_and_templates() {
    const WORDS: &[&str] = &[
        "proc.name",
        "evt.arg",
        "evt.arg[",
        "]",
        "evt.type",
        "fd.sip",
        "fd.types",
        "(",
        ")",
        "(",
        ")",
        ",",
        "=",
        "!=",
        "<",
        "in",
        "contains",
        "regex",
        "glob",
        "pmatch",
        "exists",
        "and",
        "or",
        "not",
        "open",
        "10.0.0.0/8",
        "\"",
        "'",
        "\\",
        "tolower(",
        "join(",
        "concat(",
        "val(",
        "len(",
        "anyof",
        "5",
        "-1",
        "0x",
        "%",
        "%%",
        "%9",
        "*",
        "ü",
    ];
    let mut random = Random(4);
    for _ in 0..20_000 {
        let count = 1 + random.below(12);
        let separator = if random.below(4) == 0 { "" } else { " " };
        let words: Vec<&str> = (0..count).map(|_| WORDS[random.below(WORDS.len())]).collect();
        let text = words.join(separator);
        let facts = FactsTable::default();
        match Filter::parse(&text) {
            Ok(filter) => drop(filter.matches(&facts)),
            Err(diagnostics) => assert!(!diagnostics.is_empty(), "refused without a reason: {text}"),
        }
        match Template::parse(&text) {
            Ok(template) => template.render(&facts, &mut String::new()),
            Err(diagnostics) => assert!(!diagnostics.is_empty(), "refused without a reason: {text}"),
        }
    }
}

fn rule(condition: &str) -> String {
    format!("- rule: r\n  condition: evt.type = openat and ({condition})\n  output: x\n  priority: INFO\n")
}

#[test]
fn deep_conditions_are_refused() {
    for depth in [99, 101, 100_000] {
        let condition = "(".repeat(depth) + "proc.name = a" + &")".repeat(depth);
        assert_eq!(Filter::parse(&condition).is_ok(), depth < 100, "{depth}");
        let negated = "not (".repeat(depth) + "proc.name = a" + &")".repeat(depth);
        assert_eq!(Filter::parse(&negated).is_ok(), depth < 100, "{depth}");
    }
    assert!(Filter::parse(&("tolower(".repeat(100_000) + "proc.name")).is_err());
    assert!(Filter::parse(&("not ".repeat(100_000) + "proc.name = a")).is_ok());
}

#[test]
fn long_chains_of_macros_are_refused_however_they_are_ordered() {
    let chain = |step: fn(usize) -> String| -> String {
        let mut text = String::from("- macro: m0\n  condition: proc.name = a\n");
        (1..5000).for_each(|at| text += &format!("- macro: m{at}\n  condition: {}\n", step(at)));
        text
    };
    // Alternating, so that it cannot be flattened.
    let nested = |at: usize| {
        format!("(m{} {} fd.num = {at})", at - 1, if at.is_multiple_of(2) { "and" } else { "or" })
    };
    survive(&(chain(nested) + &rule("m4999")));
    // First used at the far end.
    survive(&(rule("m4999") + &chain(nested)));
    // Built up by rules, from the near end.
    let rules: String = (0..5000)
        .map(|at| {
            format!(
                "- rule: r{at}\n  condition: evt.type = openat and m{at}\n  output: x\n  priority: INFO\n"
            )
        })
        .collect();
    survive(&(chain(nested) + &rules));
}

#[test]
fn macros_and_lists_that_double_do_not_explode() {
    let mut text = String::from("- macro: m0\n  condition: proc.name = a\n- list: l0\n  items: [a, b]\n");
    for at in 1..60 {
        let before = at - 1;
        text += &format!(
            "- macro: m{at}\n  condition: (m{before} and fd.num = {at}) or (m{before} and fd.num != {at})\n"
        );
        text += &format!("- list: l{at}\n  items: [l{before}, l{before}, c{at}]\n");
    }
    survive(&(text + &rule("m59 and proc.name in (l59)")));
}

#[test]
fn yaml_bombs_do_not_explode() {
    let mut text = String::from("- &a0 [x, x]\n");
    for at in 1..40 {
        text += &format!("- &a{at} [*a{0}, *a{0}, *a{0}]\n", at - 1);
    }
    survive(&(text.clone() + "- list: l\n  items: *a39\n"));
    survive(&("- ".repeat(100_000) + "x"));
    survive(&"[".repeat(100_000));
    survive(&"- {a: ".repeat(10_000));
    survive("- &a [*a]\n");
}

#[test]
fn costly_patterns_are_refused_or_run_in_bounded_time() {
    assert!(Filter::parse(r#"proc.name regex "((a{100}){100}){100}""#).is_err());
    assert!(Filter::parse(&format!(r#"proc.name regex "{}""#, "(".repeat(10_000))).is_err());
    let mut facts = FactsTable::default();
    facts.set("proc.name", &[&"a".repeat(4096)], false);
    let glob = Filter::parse(&format!("proc.name glob {}b", "*a".repeat(50))).expect("it is right");
    assert!(!glob.matches(&facts));
    let regex = Filter::parse(r#"proc.name regex "(a+)+b""#).expect("it is right");
    assert!(!regex.matches(&facts));
}
