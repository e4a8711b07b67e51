//! The functions of the language: what they take and give.

use super::value::ValueType::{self, Matrix, Scalar, Text, Vector};

/// A function, as the parser checks it and the evaluator finds it.
#[derive(Debug, PartialEq)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) arguments: &'static [ValueType],
    pub(crate) last: Last,
    pub(crate) returns: ValueType,
}

/// How often the last argument may be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Last {
    Once,
    /// At most so often.
    AtMost(usize),
    AnyTimes,
}

impl Function {
    /// How many arguments there must and may be.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let declared = self.arguments.len();
        match self.last {
            Last::Once => (declared, declared),
            Last::AtMost(times) => (declared.saturating_sub(1), declared.saturating_sub(1) + times),
            Last::AnyTimes => (declared.saturating_sub(1), usize::MAX),
        }
    }

    /// The type of an argument.
    pub(crate) fn argument(&self, at: usize) -> ValueType {
        self.arguments.get(at).or(self.arguments.last()).copied().unwrap_or(Scalar)
    }
}

/// The function of a name.
pub(crate) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

const fn of(name: &'static str, arguments: &'static [ValueType], returns: ValueType) -> Function {
    Function { name, arguments, last: Last::Once, returns }
}

const fn with_last(function: Function, last: Last) -> Function {
    Function { last, ..function }
}

const fn of_vector(name: &'static str) -> Function {
    of(name, &[Vector], Vector)
}

const fn of_window(name: &'static str) -> Function {
    of(name, &[Matrix], Vector)
}

/// Of a vector, by default of the present time.
const fn of_time(name: &'static str) -> Function {
    with_last(of(name, &[Vector], Vector), Last::AtMost(1))
}

/// In the order of their names.
pub(crate) static FUNCTIONS: &[Function] = &[
    of_vector("abs"),
    of_vector("absent"),
    of_window("absent_over_time"),
    of_vector("acos"),
    of_vector("acosh"),
    of_vector("asin"),
    of_vector("asinh"),
    of_vector("atan"),
    of_vector("atanh"),
    of_window("avg_over_time"),
    of_vector("ceil"),
    of_window("changes"),
    of("clamp", &[Vector, Scalar, Scalar], Vector),
    of("clamp_max", &[Vector, Scalar], Vector),
    of("clamp_min", &[Vector, Scalar], Vector),
    of_vector("cos"),
    of_vector("cosh"),
    of_window("count_over_time"),
    of_time("day_of_month"),
    of_time("day_of_week"),
    of_time("day_of_year"),
    of_time("days_in_month"),
    of_vector("deg"),
    of_window("delta"),
    of_window("deriv"),
    of("double_exponential_smoothing", &[Matrix, Scalar, Scalar], Vector),
    of("end", &[], Scalar),
    of_vector("exp"),
    of_window("first_over_time"),
    of_vector("floor"),
    of("histogram_fraction", &[Scalar, Scalar, Vector], Vector),
    of("histogram_quantile", &[Scalar, Vector], Vector),
    with_last(of("histogram_quantiles", &[Vector, Text, Scalar], Vector), Last::AtMost(10)),
    // The name that double_exponential_smoothing had before Prometheus 3.
    of("holt_winters", &[Matrix, Scalar, Scalar], Vector),
    of_time("hour"),
    of_window("idelta"),
    of_window("increase"),
    of_window("irate"),
    with_last(of("label_join", &[Vector, Text, Text, Text], Vector), Last::AnyTimes),
    of("label_replace", &[Vector, Text, Text, Text, Text], Vector),
    of_window("last_over_time"),
    of_vector("ln"),
    of_vector("log10"),
    of_vector("log2"),
    of_window("mad_over_time"),
    of("max_of", &[Scalar, Scalar], Scalar),
    of_window("max_over_time"),
    of("min_of", &[Scalar, Scalar], Scalar),
    of_window("min_over_time"),
    of_time("minute"),
    of_time("month"),
    of("pi", &[], Scalar),
    of("predict_linear", &[Matrix, Scalar], Vector),
    of_window("present_over_time"),
    of("quantile_over_time", &[Scalar, Matrix], Vector),
    of_vector("rad"),
    of("range", &[], Scalar),
    of_window("rate"),
    of_window("resets"),
    with_last(of("round", &[Vector, Scalar], Vector), Last::AtMost(1)),
    of("scalar", &[Vector], Scalar),
    of_vector("sgn"),
    of_vector("sin"),
    of_vector("sinh"),
    of_vector("sort"),
    with_last(of("sort_by_label", &[Vector, Text], Vector), Last::AnyTimes),
    with_last(of("sort_by_label_desc", &[Vector, Text], Vector), Last::AnyTimes),
    of_vector("sort_desc"),
    of_vector("sqrt"),
    of("start", &[], Scalar),
    of_window("stddev_over_time"),
    of_window("stdvar_over_time"),
    of("step", &[], Scalar),
    of_window("sum_over_time"),
    of_vector("tan"),
    of_vector("tanh"),
    of("time", &[], Scalar),
    of_vector("timestamp"),
    of_window("ts_of_first_over_time"),
    of_window("ts_of_last_over_time"),
    of_window("ts_of_max_over_time"),
    of_window("ts_of_min_over_time"),
    of("vector", &[Scalar], Vector),
    of_time("year"),
];
