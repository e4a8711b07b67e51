//! The node agent: source, state, rules, spool, send
