//! What the table can say.

/// A line of the table.
pub(super) struct Upgrade {
    /// The event's type.
    pub(super) event: u16,
    /// Its number of parameters.
    pub(super) params: u32,
    /// What becomes of it.
    pub(super) step: Step,
}

/// What becomes of an event.
pub(super) enum Step {
    /// It stays as it is.
    Pass,
    /// It waits for its exit event.
    Store,
    /// It waits, and is an event by itself.
    StoreAndPass,
    /// The same type with these parameters behind its own.
    Append(&'static [Origin]),
    /// Another type with these parameters.
    Become(u16, &'static [Origin]),
}

/// Where a parameter comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    /// A parameter of the event itself.
    Old(u8),
    /// A parameter of its enter event; without one the zero of its type.
    Enter(u8),
    /// A parameter of its enter event; without one it is absent.
    EnterOrAbsent(u8),
    /// The zero of its type; of ids that is none.
    Zero,
    /// It is absent.
    Absent,
    /// JSON of the parameters of the first container event: id, type, name, image.
    ContainerJson,
}
