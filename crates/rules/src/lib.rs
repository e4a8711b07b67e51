//! The rule language: lex, parse, check, compile, evaluate.
#![forbid(unsafe_code)]

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

pub use diagnostic::{Code, Diagnostic, Level, Position};
pub use event_type_set::EventTypeSet;
pub use facts::Facts;
pub use filter::Filter;
pub use rule_set::{Compiled, Evaluator, Rule, RuleFile, RuleSet};
pub use template::Template;
pub use value::Value;
