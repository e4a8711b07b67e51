//! Alert rules, the states of what they watch, silences and messages.
#![forbid(unsafe_code)]
