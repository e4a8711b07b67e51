//! A condition as it was written.

use crate::source::Location;

/// A condition.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Not(Box<Expression>),
    Check(Box<Check>),
    /// A macro's name.
    Macro {
        name: String,
        at: Location,
    },
}

/// `subject operator right`.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    pub(crate) subject: Term,
    pub(crate) operator: Operator,
    pub(crate) operator_at: Location,
    pub(crate) quantifier: Option<Quantifier>,
    pub(crate) right: Right,
    pub(crate) at: Location,
}

/// What has a value in an event.
#[derive(Clone, Debug)]
pub(crate) enum Term {
    Field { name: String, argument: Option<String>, at: Location },
    Call { function: Function, arguments: Vec<Term>, at: Location },
    List { items: Vec<Term> },
    Literal(Literal),
}

/// The right side of a check.
#[derive(Clone, Debug)]
pub(crate) enum Right {
    /// Of `exists`.
    Nothing,
    Literal(Literal),
    Literals(Vec<Literal>),
    /// A list's name without parentheses.
    List(Literal),
    Term(Term),
}

/// A value as it was written, escapes resolved.
#[derive(Clone, Debug)]
pub(crate) struct Literal {
    pub(crate) bytes: Vec<u8>,
    /// Without quotes: it may be a list's name.
    pub(crate) bare: bool,
    pub(crate) at: Location,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum $name {
            $($variant,)*
        }

        impl $name {
            pub(crate) const ALL: &[$name] = &[$($name::$variant,)*];

            pub(crate) fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)*
                }
            }

            pub(crate) fn by_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|candidate| candidate.word() == word)
            }
        }
    };
}

words! {
    /// An operator.
    Operator {
        Equal = "=",
        NotEqual = "!=",
        Less = "<",
        LessOrEqual = "<=",
        Greater = ">",
        GreaterOrEqual = ">=",
        Contains = "contains",
        Icontains = "icontains",
        Bcontains = "bcontains",
        Startswith = "startswith",
        Bstartswith = "bstartswith",
        Endswith = "endswith",
        Glob = "glob",
        Iglob = "iglob",
        Regex = "regex",
        Pmatch = "pmatch",
        In = "in",
        Intersects = "intersects",
        Exists = "exists",
    }
}

words! {
    /// How many of several values a text operator must hold for: `startswith anyof (a, b)`.
    Quantifier {
        One = "oneof",
        Any = "anyof",
        All = "allof",
    }
}

words! {
    /// A transformer.
    Function {
        Tolower = "tolower",
        Toupper = "toupper",
        Base64 = "b64",
        Basename = "basename",
        Len = "len",
        Join = "join",
        Concat = "concat",
        Value = "val",
    }
}

impl Literal {
    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}
