//! The rule language: lex, parse, check, compile, evaluate.
#![forbid(unsafe_code)]

mod facts;
mod value;

pub use facts::Facts;
pub use value::Value;
