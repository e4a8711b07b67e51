//! Captures: asking for one, listing them.
