//! The rule language: lex, parse, check, compile, evaluate
