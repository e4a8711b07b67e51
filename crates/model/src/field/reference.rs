//! A field as rules name it.

use super::generated::FieldId;
use super::info::FieldArgument;

/// A field as it is named in a rule: with its argument.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldRef {
    /// The field.
    pub id: FieldId,
    /// Its argument: what stands in brackets, or behind the last dot where the table allows it.
    pub argument: Option<FieldArg>,
}

/// A field's argument.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FieldArg {
    /// `[2]`
    Index(u32),
    /// `[HOME]`, `.flags`
    Key(Box<str>),
}

impl FieldRef {
    /// Reads `name`, `name[arg]` or `name.arg`; `None` when the table has no such field or the
    /// argument is missing or not allowed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, argument) = match text.split_once('[') {
            Some((name, rest)) => (name, Some(rest.strip_suffix(']')?)),
            None => (text, None),
        };
        let (id, argument) = match (FieldId::by_name(name), argument) {
            (Some(id), argument) => (id, argument),
            (None, Some(_)) => return None,
            (None, None) => {
                let (name, key) = name.rsplit_once('.')?;
                let id = FieldId::by_name(name)?;
                matches!(id.info().argument, FieldArgument::RequiredKey).then_some((id, Some(key)))?
            }
        };
        let argument = match (id.info().argument, argument) {
            (FieldArgument::None | FieldArgument::OptionalIndex | FieldArgument::OptionalKey, None) => None,
            (FieldArgument::OptionalIndex, Some(index)) => Some(FieldArg::Index(index.parse().ok()?)),
            (FieldArgument::RequiredKey, Some(key)) => Some(match key.parse() {
                Ok(index) => FieldArg::Index(index),
                Err(_) => FieldArg::Key(key.into()),
            }),
            (FieldArgument::OptionalKey, Some(key)) => Some(FieldArg::Key(key.into())),
            (FieldArgument::None, Some(_)) | (FieldArgument::RequiredKey, None) => return None,
        };
        Some(Self { id, argument })
    }
}

impl std::fmt::Display for FieldRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id.info().name)?;
        match &self.argument {
            None => Ok(()),
            Some(FieldArg::Index(index)) => write!(f, "[{index}]"),
            Some(FieldArg::Key(key)) => write!(f, "[{key}]"),
        }
    }
}
