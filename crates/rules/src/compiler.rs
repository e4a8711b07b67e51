//! Conditions to nodes of a program: names are resolved, types are checked.

use lanner_model::field::FieldKind;
use rustc_hash::FxHashMap;

use crate::ast::{Check, Expression, Literal, Operator, Right};
use crate::builder::Builder;
use crate::check;
use crate::computed::Computed;
use crate::definition::MacroDefinition;
use crate::diagnostic::{Code, Report};
use crate::list::Lists;
use crate::matcher::Matcher;
use crate::operand::Operand;
use crate::parser;
use crate::program::{EventTypeTest, NodeId, Test};
use crate::source::{Composed, Location};
use crate::suggestion;
use crate::text;

/// How many macros may name each other in a row.
const MACRO_DEPTH_MAX: usize = 64;

/// Compiles conditions into one program.
pub(crate) struct Compiler<'d, 'r, 's> {
    pub(crate) builder: Builder,
    pub(crate) report: &'r mut Report<'s>,
    lists: Lists,
    macros: FxHashMap<&'d str, Macro<'d>>,
    open: Vec<&'d str>,
}

struct Macro<'d> {
    definition: &'d MacroDefinition,
    state: MacroState,
}

#[derive(Clone, Copy)]
enum MacroState {
    New,
    Open,
    Done(NodeId),
    Broken,
}

impl<'d, 'r, 's> Compiler<'d, 'r, 's> {
    pub(crate) fn new(macros: &'d [MacroDefinition], lists: Lists, report: &'r mut Report<'s>) -> Self {
        let macros = macros
            .iter()
            .map(|definition| (definition.name.as_str(), Macro { definition, state: MacroState::New }))
            .collect();
        Self { builder: Builder::default(), report, lists, macros, open: Vec::new() }
    }

    /// Compiles a condition; `None` when it has mistakes, which are reported then.
    pub(crate) fn condition(&mut self, condition: &Composed) -> Option<NodeId> {
        let expression = parser::parse_condition(condition, self.report)?;
        self.expression(&expression, condition.whole())
    }

    /// Compiles the macros that no rule has used, for their mistakes.
    pub(crate) fn check_unused_macros(&mut self) {
        let new = |entry: &&Macro<'d>| matches!(entry.state, MacroState::New);
        let mut unused: Vec<&'d str> =
            self.macros.values().filter(new).map(|entry| entry.definition.name.as_str()).collect();
        unused.sort_unstable();
        for name in unused {
            self.macro_node(name, Location::default());
        }
    }

    fn expression(&mut self, expression: &Expression, whole: Location) -> Option<NodeId> {
        let node = match expression {
            Expression::And(parts) => {
                let parts = self.parts(parts, whole)?;
                self.builder.and(parts)
            }
            Expression::Or(parts) => {
                let parts = self.parts(parts, whole)?;
                self.builder.or(parts)
            }
            Expression::Not(inner) => {
                let inner = self.expression(inner, whole)?;
                self.builder.not(inner)
            }
            Expression::Macro { name, at } => return self.macro_node(name, *at),
            Expression::Check(check) => return self.check(check),
        };
        if node.is_none() {
            self.report.error(Code::Depth, whole, "with its macros put in, the condition is too deep");
        }
        node
    }

    /// All parts, or `None` after all mistakes in all of them are reported.
    fn parts(&mut self, parts: &[Expression], whole: Location) -> Option<Vec<NodeId>> {
        let nodes: Vec<Option<NodeId>> = parts.iter().map(|part| self.expression(part, whole)).collect();
        nodes.into_iter().collect()
    }

    fn macro_node(&mut self, name: &str, at: Location) -> Option<NodeId> {
        let Some(entry) = self.macros.get_mut(name) else {
            self.unknown_macro(name, at);
            return None;
        };
        let definition = entry.definition;
        match entry.state {
            MacroState::Done(node) => return Some(node),
            MacroState::Broken => {
                self.report.error(Code::BrokenMacro, at, format!("macro `{name}` has a mistake"));
                return None;
            }
            MacroState::Open => {
                let circle = self.open.iter().skip_while(|open| **open != name);
                let path = circle.copied().chain([name]).map(|name| format!("`{name}`")).collect::<Vec<_>>();
                self.report.error(
                    Code::Circle,
                    at,
                    format!("macros name each other in a circle: {}", path.join(", ")),
                );
                return None;
            }
            MacroState::New if self.open.len() >= MACRO_DEPTH_MAX => {
                let message = format!("more than {MACRO_DEPTH_MAX} macros name each other in a row");
                self.report.error(Code::Depth, at, message);
                return None;
            }
            MacroState::New => entry.state = MacroState::Open,
        }
        self.open.push(&definition.name);
        let outer = self.report.replace_item(Some(format!("macro \"{name}\"")));
        let node = self.condition(&definition.condition);
        self.report.replace_item(outer);
        self.open.pop();
        if let Some(entry) = self.macros.get_mut(name) {
            entry.state = node.map_or(MacroState::Broken, MacroState::Done);
        }
        if node.is_none() && at != Location::default() {
            self.report.error(Code::BrokenMacro, at, format!("macro `{name}` has a mistake"));
        }
        node
    }

    fn unknown_macro(&mut self, name: &str, at: Location) {
        let hint = if self.lists.get(name.as_bytes()).is_some() {
            Some(format!("`{name}` is a list: write `field in ({name})`"))
        } else {
            suggestion::closest(name, self.macros.keys().copied())
                .map(|meant| format!("did you mean `{meant}`?"))
                .or_else(|| suggestion::field(name))
        };
        self.report.error_with_hint(Code::UnknownMacro, at, format!("unknown macro `{name}`"), hint);
    }

    fn check(&mut self, check: &Check) -> Option<NodeId> {
        let subject = Operand::resolve(&check.subject, &mut self.builder, self.report)?;
        if !check::takes_operator(&subject, check, self.report) {
            return None;
        }
        let (test, right_text, shown_text) = match &check.right {
            Right::Nothing => (Test::Exists, String::new(), String::new()),
            Right::Term(term) => {
                let right = Operand::resolve(term, &mut self.builder, self.report)?;
                check::comparable(&subject, &right, check, self.report)?;
                (
                    Test::Relates { operator: check.operator, right: right.computed },
                    right.text.clone(),
                    right.text,
                )
            }
            Right::Literal(literal) => {
                let literal = self.single(literal)?;
                if let Some(truth) = check::known_truth(&subject, check.operator, &literal) {
                    return Some(self.builder.constant(truth));
                }
                let written = text::literal(&literal.bytes);
                let test = self.test(&subject, check, std::slice::from_ref(&literal))?;
                (test, written.clone(), written)
            }
            Right::Literals(literals) => self.list_test(&subject, check, literals)?,
            Right::List(name) => {
                if self.lists.get(&name.bytes).is_none() {
                    let text = name.text();
                    let hint = suggestion::closest(&text, self.lists.names()).map_or_else(
                        || format!("for a single value write `({text})`"),
                        |meant| format!("did you mean `{meant}`?"),
                    );
                    self.report.error_with_hint(Code::List, name.at, format!("unknown list `{text}`"), hint);
                    return None;
                }
                let name = Literal { bare: true, ..name.clone() };
                self.list_test(&subject, check, std::slice::from_ref(&name))?
            }
        };
        let operator = match check.quantifier {
            Some(quantifier) => format!("{} {}", check.operator.word(), quantifier.word()),
            None => check.operator.word().to_owned(),
        };
        let key = text::check(&subject.text, &operator, &right_text);
        let shown = text::check(&subject.text, &operator, &shown_text);
        let cost = subject.cost() + test_cost(&test);
        Some(self.builder.predicate(key, &shown, subject.computed, test, cost))
    }

    fn list_test(
        &mut self,
        subject: &Operand,
        check: &Check,
        literals: &[Literal],
    ) -> Option<(Test, String, String)> {
        let literals = self.lists.flatten(literals);
        let test = self.test(subject, check, &literals)?;
        Some((test, text::list(&literals, usize::MAX), text::list(&literals, text::SHOWN_MAX)))
    }

    /// A single value; a list's name stands for its only item.
    fn single(&mut self, literal: &Literal) -> Option<Literal> {
        let flat = self.lists.flatten(std::slice::from_ref(literal));
        match <[Literal; 1]>::try_from(flat) {
            Ok([single]) => Some(single),
            Err(_) => {
                let name = literal.text();
                let message = format!("`{name}` is a list, one value is wanted here");
                let hint = format!("write `in ({name})`, or put quotes around it if it is meant as a value");
                self.report.error_with_hint(Code::List, literal.at, message, hint);
                None
            }
        }
    }

    fn test(&mut self, subject: &Operand, check: &Check, literals: &[Literal]) -> Option<Test> {
        let matcher = check::matcher(subject, check, literals, self.report)?;
        if subject.is_event_type() {
            let (types, others) = check::event_types(&matcher);
            return Some(Test::EventType(Box::new(EventTypeTest { types, others, matcher })));
        }
        let all = match (check.operator, subject.kind) {
            // `fd.types in (...)`: all of them; `fd.ip != x`: neither side.
            (Operator::In, FieldKind::TextList) => true,
            (Operator::NotEqual, kind) => !matches!(kind, FieldKind::Text | FieldKind::Path),
            _ => false,
        };
        Some(Test::Matches { matcher, all })
    }
}

fn test_cost(test: &Test) -> u32 {
    match test {
        Test::EventType(_) => 0,
        Test::Exists => 1,
        Test::Matches { matcher, .. } => matcher_cost(matcher),
        Test::Relates { right, .. } => 20 + right.cost(),
    }
}

fn matcher_cost(matcher: &Matcher) -> u32 {
    // Asking for a field costs more than comparing two numbers.
    2 + matcher.cost()
}

impl Operand {
    fn cost(&self) -> u32 {
        // All ancestors must be collected for a field that names them without an index.
        let ancestors = if self.is_ancestry { 15 } else { 0 };
        ancestors + Computed::cost(&self.computed)
    }
}
