//! What the right side of a check says of one value.

use std::borrow::Cow;
use std::cmp::Ordering;

use aho_corasick::AhoCorasick;
use memchr::memmem::Finder;
use regex::Regex;
use rustc_hash::FxHashSet;

use crate::ast::{Operator, Quantifier};
use crate::glob::Glob;
use crate::net::Network;
use crate::path_set::PathSet;
use crate::value::Value;

/// A value of a rule, read in every way it can be. The field's value decides which counts: some
/// fields (`evt.rawarg`) have values of several types.
#[derive(Clone, Debug)]
pub(crate) struct Constant {
    text: Box<[u8]>,
    pub(crate) number: Option<i128>,
    pub(crate) network: Option<Network>,
    pub(crate) truth: Option<bool>,
}

impl Constant {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap_or("");
        Self {
            text: bytes.into(),
            number: number(text),
            network: Network::parse(text),
            truth: text.parse().ok(),
        }
    }

    fn equals(&self, value: &Value<'_>) -> bool {
        match value {
            Value::None | Value::List(_) => false,
            Value::Text(text) => **text == *self.text,
            Value::Bool(truth) => self.truth == Some(*truth),
            Value::Ip(address) => self.network.is_some_and(|network| network.contains(*address)),
            number => self.number.is_some() && as_number(number) == self.number,
        }
    }

    fn compare(&self, value: &Value<'_>) -> Option<Ordering> {
        match value {
            Value::Text(text) => Some((**text).cmp(&*self.text)),
            number => Some(as_number(number)?.cmp(&self.number?)),
        }
    }
}

/// Reads decimal and `0x` numbers.
fn number(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => i128::from(u64::from_str_radix(hex, 16).ok()?),
        None => i128::from(digits.parse::<u64>().ok()?),
    };
    Some(if negative { -value } else { value })
}

fn as_number(value: &Value<'_>) -> Option<i128> {
    match value {
        Value::Int(number) => Some(i128::from(*number)),
        Value::Uint(number) | Value::Time(number) | Value::Duration(number) => Some(i128::from(*number)),
        _ => None,
    }
}

/// Many constants at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConstantSet {
    texts: FxHashSet<Box<[u8]>>,
    numbers: FxHashSet<i128>,
    networks: Vec<Network>,
    truths: [bool; 2],
}

impl ConstantSet {
    pub(crate) fn new(constants: impl IntoIterator<Item = Constant>) -> Self {
        let mut set = Self::default();
        for constant in constants {
            set.numbers.extend(constant.number);
            set.networks.extend(constant.network);
            if let Some(truth) = constant.truth {
                set.truths[usize::from(truth)] = true;
            }
            set.texts.insert(constant.text);
        }
        set
    }

    fn contains(&self, value: &Value<'_>) -> bool {
        match value {
            Value::None | Value::List(_) => false,
            Value::Text(text) => self.texts.contains(&**text),
            Value::Bool(truth) => self.truths[usize::from(*truth)],
            Value::Ip(address) => self.networks.iter().any(|network| network.contains(*address)),
            number => as_number(number).is_some_and(|number| self.numbers.contains(&number)),
        }
    }
}

/// What a check demands of a single value.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    Equal(Constant),
    NotEqual(Constant),
    /// `<` and its like.
    Ordered(Operator, Constant),
    In(ConstantSet),
    Contains(Box<Finder<'static>>),
    /// One of several texts, with or without regard to case.
    ContainsOneOf(AhoCorasick),
    StartsWith(Box<[u8]>),
    EndsWith(Box<[u8]>),
    Glob(Glob),
    Regex(Box<Regex>),
    Below(PathSet),
    Several(Quantifier, Vec<Matcher>),
}

impl Matcher {
    pub(crate) fn matches(&self, value: &Value<'_>) -> bool {
        match self {
            Matcher::Equal(constant) => constant.equals(value),
            Matcher::NotEqual(constant) => {
                !matches!(value, Value::None | Value::List(_)) && !constant.equals(value)
            }
            Matcher::Ordered(operator, constant) => {
                constant.compare(value).is_some_and(|found| accepts(*operator, found))
            }
            Matcher::In(set) => set.contains(value),
            Matcher::Several(quantifier, matchers) => {
                let mut holding = matchers.iter().filter(|matcher| matcher.matches(value));
                match quantifier {
                    Quantifier::Any => holding.next().is_some(),
                    Quantifier::One => holding.next().is_some() && holding.next().is_none(),
                    Quantifier::All => !matchers.is_empty() && holding.count() == matchers.len(),
                }
            }
            Matcher::Contains(_)
            | Matcher::ContainsOneOf(_)
            | Matcher::StartsWith(_)
            | Matcher::EndsWith(_)
            | Matcher::Glob(_)
            | Matcher::Regex(_)
            | Matcher::Below(_) => as_bytes(value).is_some_and(|text| self.matches_text(&text)),
        }
    }

    fn matches_text(&self, text: &[u8]) -> bool {
        match self {
            Matcher::Contains(finder) => finder.find(text).is_some(),
            Matcher::ContainsOneOf(needles) => needles.is_match(text),
            Matcher::StartsWith(prefix) => text.starts_with(prefix),
            Matcher::EndsWith(suffix) => text.ends_with(suffix),
            Matcher::Glob(glob) => glob.matches(text),
            Matcher::Regex(regex) => regex.is_match(&String::from_utf8_lossy(text)),
            Matcher::Below(paths) => paths.matches(text),
            _ => false,
        }
    }

    /// How long it takes, in units of a comparison of two numbers.
    pub(crate) fn cost(&self) -> u32 {
        match self {
            Matcher::Equal(_) | Matcher::NotEqual(_) | Matcher::Ordered(..) => 1,
            Matcher::StartsWith(_) | Matcher::EndsWith(_) => 1,
            Matcher::In(_) => 3,
            Matcher::Contains(_) => 6,
            Matcher::ContainsOneOf(_) => 10,
            Matcher::Glob(_) | Matcher::Below(_) => 10,
            Matcher::Regex(_) => 40,
            Matcher::Several(_, matchers) => matchers.iter().map(Matcher::cost).fold(0, u32::saturating_add),
        }
    }
}

fn accepts(operator: Operator, found: Ordering) -> bool {
    match operator {
        Operator::Less => found == Ordering::Less,
        Operator::LessOrEqual => found != Ordering::Greater,
        Operator::Greater => found == Ordering::Greater,
        Operator::GreaterOrEqual => found != Ordering::Less,
        _ => false,
    }
}

/// A value as text operators see it.
pub(crate) fn as_bytes<'v>(value: &'v Value<'_>) -> Option<Cow<'v, [u8]>> {
    match value {
        Value::None | Value::List(_) => None,
        Value::Text(text) => Some(Cow::Borrowed(text)),
        other => other.to_text().map(|text| Cow::Owned(text.into_bytes())),
    }
}

/// Whether the relation `operator` holds between two values of an event.
pub(crate) fn relates(operator: Operator, left: &Value<'_>, right: &Value<'_>) -> bool {
    if let Value::List(members) = right {
        let is_member =
            |value: &Value<'_>| members.iter().any(|member| relates(Operator::Equal, value, member));
        return match operator {
            Operator::In | Operator::Intersects => is_member(left),
            _ => members.iter().any(|member| relates(operator, left, member)),
        };
    }
    if left.is_none() || right.is_none() {
        return false;
    }
    let order = match (as_number(left), as_number(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => match (left, right) {
            (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
            (Value::Ip(left), Value::Ip(right)) => Some(left.cmp(right)),
            _ => None,
        },
    };
    let (Some(left), Some(right)) = (as_bytes(left), as_bytes(right)) else {
        return false;
    };
    let (left, right): (&[u8], &[u8]) = (&left, &right);
    let order = order.unwrap_or_else(|| left.cmp(right));
    match operator {
        Operator::Equal | Operator::In | Operator::Intersects => order == Ordering::Equal,
        Operator::NotEqual => order != Ordering::Equal,
        Operator::Contains | Operator::Bcontains => memchr::memmem::find(left, right).is_some(),
        Operator::Icontains => {
            memchr::memmem::find(&left.to_ascii_lowercase(), &right.to_ascii_lowercase()).is_some()
        }
        Operator::Startswith | Operator::Bstartswith => left.starts_with(right),
        Operator::Endswith => left.ends_with(right),
        Operator::Glob => Glob::new(right, false).matches(left),
        Operator::Iglob => Glob::new(right, true).matches(left),
        Operator::Pmatch => PathSet::new([right]).matches(left),
        Operator::Regex | Operator::Exists => false,
        ordered => accepts(ordered, order),
    }
}
