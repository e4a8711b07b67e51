//! Fields: what a rule, a filter or an output format may name.
//!
//! The table is declared in `schema/fields.toml` (name, type, whether it takes an argument, what it
//! means) and generated. Names and meaning are those of Falco. `rules` checks against it, `state`
//! gives the values.

mod generated;
mod info;
mod reference;

pub use generated::{FIELDS, FieldId};
pub use info::{FieldArgument, FieldInfo, FieldKind};
pub use reference::{FieldArg, FieldRef};
