//! The rule language of Falco: read, checked, compiled, evaluated.
//!
//! A [`RuleFile`] is YAML with rules, macros and lists. [`RuleSet::compile`] takes all files in
//! their order, for a later one may append to or override what an earlier one says, and gives a
//! [`RuleSet`] with every rule that is right **and** a [`Diagnostic`] for everything that is not:
//! a broken rule never takes others with it. An [`Evaluator`] keeps a set and memory between
//! events; per event it looks only at the rules that name the event's type, at each check at most
//! once however many rules share it, and asks the [`Facts`] for each field at most once.
//!
//! [`Facts`] is the narrow trait through which events are seen: `lanner-state` implements it for
//! live and recorded events. A [`Value`] is what it answers.
//!
//! [`Filter`] is a single condition for the command line, [`Template`] a line with fields in it.
//!
//! A field without a value makes every check of it false, `!=` too; only `not` turns that round.
//! What of the language is understood stands in `docs/rules.md`.
//!
//! Nothing here does IO, reads a clock or keeps a global.
//!
//! ```
//! use std::sync::Arc;
//!
//! use lanner_model::event::EventType;
//! use lanner_model::field::FieldRef;
//! use lanner_rules::{Evaluator, Facts, RuleFile, RuleSet, Value};
//!
//! struct CatReadsShadow;
//!
//! impl Facts for CatReadsShadow {
//!     fn value(&self, field: &FieldRef) -> Value<'_> {
//!         match field.id.info().name {
//!             "evt.type" => Value::text("openat"),
//!             "proc.name" => Value::text("cat"),
//!             "fd.name" => Value::text("/etc/shadow"),
//!             _ => Value::None,
//!         }
//!     }
//! }
//!
//! let text = r#"
//! - list: trusted
//!   items: [sudo, sshd]
//! - rule: Password hashes read
//!   condition: evt.type in (open, openat) and fd.name = /etc/shadow and not proc.name in (trusted)
//!   output: "%proc.name read %fd.name"
//!   priority: WARNING
//! - rule: A typing error
//!   condition: evt.type = openat and proc.nmae = cat
//!   output: x
//!   priority: WARNING
//! "#;
//! let compiled = RuleSet::compile(&[RuleFile { name: "mine.yaml", text }]);
//! assert_eq!(compiled.diagnostics[0].message, "unknown field `proc.nmae`");
//! assert_eq!(compiled.diagnostics[0].hint.as_deref(), Some("did you mean `proc.name`?"));
//!
//! let mut evaluator = Evaluator::new(Arc::new(compiled.rules));
//! let mut told = String::new();
//! evaluator.evaluate(EventType::SYSCALL_OPENAT_2_X, &CatReadsShadow, |rule| {
//!     rule.output.render(&CatReadsShadow, &mut told);
//!     assert_eq!(rule.explain(&CatReadsShadow)[1].text, "fd.name = /etc/shadow");
//! });
//! assert_eq!(told, "cat read /etc/shadow");
//! ```
#![forbid(unsafe_code)]

mod action;
mod ast;
mod builder;
mod check;
mod compiler;
mod computed;
mod cursor;
mod definition;
mod diagnostic;
mod event_type_set;
mod exception;
mod explain;
mod facts;
mod field_slot;
mod filter;
mod glob;
mod list;
mod matcher;
mod net;
mod operand;
mod parser;
mod path_set;
mod program;
mod reader;
mod rule_set;
mod source;
mod suggestion;
mod template;
mod text;
mod value;
mod yaml;

#[cfg(test)]
mod tests;

pub use action::{Action, CaptureAction};
pub use diagnostic::{Code, Diagnostic, Level, Position};
pub use event_type_set::EventTypeSet;
pub use facts::Facts;
pub use filter::Filter;
pub use rule_set::{Compiled, Evaluator, Rule, RuleFile, RuleSet};
pub use template::Template;
pub use value::Value;
