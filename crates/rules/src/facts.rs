//! What rules ask of an event.

use lanner_model::field::FieldRef;

use crate::value::Value;

/// An event together with all that is known around it, asked field by field.
///
/// `lanner-state` answers for live and recorded events, a test with a table. An answer may borrow
/// from the facts; asking twice must give the same answer. Every event has an `evt.type`.
pub trait Facts {
    /// The value of `field`, [`Value::None`] when the event has none.
    fn value(&self, field: &FieldRef) -> Value<'_>;
}

impl<F: Facts + ?Sized> Facts for &F {
    fn value(&self, field: &FieldRef) -> Value<'_> {
        (**self).value(field)
    }
}
