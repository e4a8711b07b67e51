//! A query as a tree.

use lanner_model::series::Matcher;

use super::function::Function;
use super::position::Span;
use super::value::ValueType;

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expr {
    pub(crate) span: Span,
    pub(crate) node: Node,
    /// How many expressions deep it is; what recurses over a tree relies on the parser's limit.
    pub(crate) depth: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Number(f64),
    Text(String),
    Selector(Selector),
    /// A selector with a range in milliseconds.
    Window(Selector, i64),
    Subquery(Box<Subquery>),
    Paren(Box<Expr>),
    Negate(Box<Expr>),
    Binary(Box<Binary>),
    Aggregate(Box<Aggregate>),
    Call(&'static Function, Vec<Expr>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selector {
    /// The name if it stands before the braces; it is among the matchers, too.
    pub(crate) name: Option<String>,
    pub(crate) matchers: Vec<Matcher>,
    pub(crate) shift: Shift,
}

/// Where in time something is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Shift {
    pub(crate) offset_ms: Option<i64>,
    pub(crate) at: Option<At>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum At {
    Time(i64),
    Start,
    End,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subquery {
    pub(crate) expr: Expr,
    pub(crate) range_ms: i64,
    pub(crate) step_ms: Option<i64>,
    pub(crate) shift: Shift,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Binary {
    pub(crate) operator: BinaryOperator,
    pub(crate) left: Expr,
    pub(crate) right: Expr,
    pub(crate) returns_bool: bool,
    pub(crate) matching: Matching,
}

/// How the series of both sides find each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Matching {
    pub(crate) on: bool,
    pub(crate) labels: Vec<String>,
    pub(crate) group: Option<Group>,
}

/// `group_left` or `group_right` with the labels it takes over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) many: Side,
    pub(crate) include: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Atan2,
    /// Of native histograms: what is above, or below, a value is cut off.
    TrimUpper,
    TrimLower,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
    Unless,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Aggregate {
    pub(crate) operator: AggregateOperator,
    pub(crate) expr: Expr,
    pub(crate) parameter: Option<Expr>,
    pub(crate) grouping: Grouping,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Grouping {
    pub(crate) without: bool,
    pub(crate) labels: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AggregateOperator {
    Sum,
    Avg,
    Min,
    Max,
    Count,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    Quantile,
    CountValues,
    Limitk,
    LimitRatio,
}

impl Expr {
    /// Its type; well defined, since the parser has checked it.
    pub(crate) fn value_type(&self) -> ValueType {
        match &self.node {
            Node::Number(_) => ValueType::Scalar,
            Node::Text(_) => ValueType::Text,
            Node::Selector(_) | Node::Aggregate(_) => ValueType::Vector,
            Node::Window(..) | Node::Subquery(_) => ValueType::Matrix,
            Node::Paren(inner) | Node::Negate(inner) => inner.value_type(),
            Node::Call(function, _) => function.returns,
            Node::Binary(binary) => {
                let is_scalar = |side: &Expr| side.value_type() == ValueType::Scalar;
                if is_scalar(&binary.left) && is_scalar(&binary.right) {
                    ValueType::Scalar
                } else {
                    ValueType::Vector
                }
            }
        }
    }

    /// The expression within any parentheses.
    pub(crate) fn bare(&self) -> &Expr {
        match &self.node {
            Node::Paren(inner) => inner.bare(),
            _ => self,
        }
    }

    /// The expressions it is made of.
    pub(crate) fn parts(&self) -> Vec<&Expr> {
        match &self.node {
            Node::Number(_) | Node::Text(_) | Node::Selector(_) | Node::Window(..) => Vec::new(),
            Node::Paren(inner) | Node::Negate(inner) => vec![inner],
            Node::Subquery(subquery) => vec![&subquery.expr],
            Node::Binary(binary) => vec![&binary.left, &binary.right],
            Node::Aggregate(aggregate) => aggregate.parameter.iter().chain([&aggregate.expr]).collect(),
            Node::Call(_, arguments) => arguments.iter().collect(),
        }
    }

    /// Calls `change` with every selector.
    pub(crate) fn each_selector(&mut self, change: &mut impl FnMut(&mut Selector)) {
        match &mut self.node {
            Node::Number(_) | Node::Text(_) => {}
            Node::Selector(selector) | Node::Window(selector, _) => change(selector),
            Node::Paren(inner) | Node::Negate(inner) => inner.each_selector(change),
            Node::Subquery(subquery) => subquery.expr.each_selector(change),
            Node::Binary(binary) => {
                binary.left.each_selector(change);
                binary.right.each_selector(change);
            }
            Node::Aggregate(aggregate) => {
                if let Some(parameter) = &mut aggregate.parameter {
                    parameter.each_selector(change);
                }
                aggregate.expr.each_selector(change);
            }
            Node::Call(_, arguments) => {
                for argument in arguments {
                    argument.each_selector(change);
                }
            }
        }
    }
}

impl Shift {
    /// The moment that is looked at when it is `time`, in a query over `query` (its first and last
    /// moment).
    pub(crate) fn moment(self, time: i64, query: (i64, i64)) -> i64 {
        let fixed = match self.at {
            None => time,
            Some(At::Time(at)) => at,
            Some(At::Start) => query.0,
            Some(At::End) => query.1,
        };
        fixed.saturating_sub(self.offset_ms.unwrap_or(0))
    }
}

impl BinaryOperator {
    pub(crate) const ALL: [(&'static str, BinaryOperator); 18] = [
        ("+", BinaryOperator::Add),
        ("-", BinaryOperator::Subtract),
        ("*", BinaryOperator::Multiply),
        ("/", BinaryOperator::Divide),
        ("%", BinaryOperator::Modulo),
        ("^", BinaryOperator::Power),
        ("atan2", BinaryOperator::Atan2),
        ("</", BinaryOperator::TrimUpper),
        (">/", BinaryOperator::TrimLower),
        ("==", BinaryOperator::Equal),
        ("!=", BinaryOperator::NotEqual),
        ("<", BinaryOperator::Less),
        ("<=", BinaryOperator::LessOrEqual),
        (">", BinaryOperator::Greater),
        (">=", BinaryOperator::GreaterOrEqual),
        ("and", BinaryOperator::And),
        ("or", BinaryOperator::Or),
        ("unless", BinaryOperator::Unless),
    ];

    pub(crate) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, operator)| *operator == self).map_or("", |(word, _)| word)
    }

    /// How strongly it binds.
    pub(crate) fn precedence(self) -> u8 {
        match self {
            BinaryOperator::Or => 1,
            BinaryOperator::And | BinaryOperator::Unless => 2,
            _ if self.is_comparison() => 3,
            BinaryOperator::Add | BinaryOperator::Subtract => 4,
            BinaryOperator::Power => 6,
            _ => 5,
        }
    }

    pub(crate) fn is_comparison(self) -> bool {
        matches!(
            self,
            BinaryOperator::Equal
                | BinaryOperator::NotEqual
                | BinaryOperator::Less
                | BinaryOperator::LessOrEqual
                | BinaryOperator::Greater
                | BinaryOperator::GreaterOrEqual
        )
    }

    pub(crate) fn is_set(self) -> bool {
        matches!(self, BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Unless)
    }
}

impl AggregateOperator {
    pub(crate) const ALL: [(&'static str, AggregateOperator); 14] = [
        ("sum", AggregateOperator::Sum),
        ("avg", AggregateOperator::Avg),
        ("min", AggregateOperator::Min),
        ("max", AggregateOperator::Max),
        ("count", AggregateOperator::Count),
        ("group", AggregateOperator::Group),
        ("stddev", AggregateOperator::Stddev),
        ("stdvar", AggregateOperator::Stdvar),
        ("topk", AggregateOperator::Topk),
        ("bottomk", AggregateOperator::Bottomk),
        ("quantile", AggregateOperator::Quantile),
        ("count_values", AggregateOperator::CountValues),
        ("limitk", AggregateOperator::Limitk),
        ("limit_ratio", AggregateOperator::LimitRatio),
    ];

    pub(crate) fn parse(word: &str) -> Option<AggregateOperator> {
        let found = Self::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        found.map(|(_, operator)| *operator)
    }

    pub(crate) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, operator)| *operator == self).map_or("", |(word, _)| word)
    }

    /// The type of its parameter, if it takes one.
    pub(crate) fn parameter(self) -> Option<ValueType> {
        match self {
            AggregateOperator::Topk
            | AggregateOperator::Bottomk
            | AggregateOperator::Quantile
            | AggregateOperator::Limitk
            | AggregateOperator::LimitRatio => Some(ValueType::Scalar),
            AggregateOperator::CountValues => Some(ValueType::Text),
            _ => None,
        }
    }
}
