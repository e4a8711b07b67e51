//! A field's number in a program.

/// A field's place among those of its program ([`crate::program::Program::fields`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FieldSlot(pub(crate) u16);
