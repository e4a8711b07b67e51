//! What the field table says.

/// One field of the table.
#[derive(Debug)]
pub struct FieldInfo {
    /// Its name, `proc.name`.
    pub name: &'static str,
    /// What its values are.
    pub kind: FieldKind,
    /// Whether it takes an argument in brackets: `proc.aname[2]`.
    pub argument: FieldArgument,
    /// What it means, one sentence.
    pub description: &'static str,
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text, in practice UTF-8.
    Text,
    /// A file system path (text that `pmatch` understands).
    Path,
    /// A signed number.
    Int,
    /// An unsigned number.
    Uint,
    /// True or false.
    Bool,
    /// An IP address.
    Ip,
    /// An IP network.
    Net,
    /// A point in time, nanoseconds since the epoch.
    Time,
    /// A span of time in nanoseconds.
    Duration,
    /// Bytes that are no text.
    Bytes,
    /// Several texts.
    TextList,
}

/// Whether and how a field takes an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldArgument {
    /// It takes none.
    None,
    /// It may take a number (`proc.aname[2]`).
    OptionalIndex,
    /// It must have a number (`evt.arg[0]`) or a name (`evt.arg.flags`).
    RequiredKey,
    /// It may take a name (`proc.env[HOME]`).
    OptionalKey,
}
