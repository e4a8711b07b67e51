//! The first page: is everything alive, what needs a look.
