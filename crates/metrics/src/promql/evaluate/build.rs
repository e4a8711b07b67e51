//! A tree to operators.

use lanner_model::series::{Labels, Matcher};

use super::absent::{Absent, AbsentOverTime, labels_of};
use super::aggregate::{Aggregation, CountValues};
use super::binary::{Join, WithNumber};
use super::date::date_function;
use super::each_value::{Change, EachValue};
use super::histogram_function::{HistogramFunction, OfHistograms};
use super::label::{LabelChange, Relabelled};
use super::math::function_of_value;
use super::number::{Calculation, Constant, Extreme, NegatedNumber, Now, NumberVector, OnlyValue};
use super::operator::{Once, Operator, ScalarOperator, VectorOperator, WindowOperator};
use super::rank::Choice;
use super::select::{Gives, Select};
use super::set::SetOperation;
use super::sort::{By, Sorted};
use super::subquery::Subqueries;
use super::table::{Table, Translation};
use super::window::Windows;
use super::window_function::{OverTime, window_function};
use crate::promql::error::EvalError;
use crate::promql::expr::{Aggregate, AggregateOperator, Binary, Expr, Node, Shift, Side};
use crate::promql::function::Function;
use crate::promql::plan::{Fetch, Moments, Plan, SUBQUERY_STEP_MS, needed};
use crate::promql::value::Column;

type Scalar<'a> = Box<dyn ScalarOperator + 'a>;
type Vector<'a> = Box<dyn VectorOperator + 'a>;
type Windowed<'a> = Box<dyn WindowOperator + 'a>;

/// What operators are built from.
#[derive(Clone, Copy)]
pub(super) struct Builder<'a> {
    pub(super) plan: &'a Plan,
    pub(super) columns: &'a [Vec<Column>],
    pub(super) moments: Moments,
    pub(super) lookback_ms: i64,
    /// The first and last moment that what is built now is evaluated at.
    pub(super) range: (i64, i64),
}

impl<'a> Builder<'a> {
    /// The operator of an expression.
    pub(super) fn build(&self, expr: &'a Expr) -> Result<Operator<'a>, EvalError> {
        let operator = self.operator(expr)?;
        Ok(match operator {
            Operator::Vector(vector) if is_costly(expr) && is_constant(expr) => {
                Operator::Vector(Box::new(Once::new(vector)))
            }
            operator => operator,
        })
    }

    fn operator(&self, expr: &'a Expr) -> Result<Operator<'a>, EvalError> {
        Ok(match &expr.node {
            Node::Number(number) => Operator::Scalar(Box::new(Constant(*number))),
            Node::Text(text) => Operator::Text(text.clone()),
            Node::Paren(inner) => self.build(inner)?,
            Node::Selector(selector) => {
                let columns = self.fetched(&selector.matchers, selector.shift, self.lookback_ms)?;
                Operator::Vector(Box::new(Select::new(columns, selector.shift, Gives::Value)))
            }
            Node::Window(selector, range_ms) => {
                let columns = self.fetched(&selector.matchers, selector.shift, *range_ms)?;
                Operator::Matrix(Box::new(Windows::new(columns, *range_ms, selector.shift)))
            }
            Node::Subquery(subquery) => {
                let whole = self.whole();
                let from = subquery.shift.moment(self.range.0, whole).saturating_sub(subquery.range_ms);
                let to = subquery.shift.moment(self.range.1, whole);
                let inner = Builder { range: (from, to), ..*self }.vector(&subquery.expr)?;
                let step_ms = subquery.step_ms.unwrap_or(SUBQUERY_STEP_MS);
                Operator::Matrix(Box::new(Subqueries::new(inner, subquery.range_ms, step_ms, subquery.shift)))
            }
            Node::Negate(inner) => match self.build(inner)? {
                Operator::Vector(inner) => each_value(inner, Change::Function(|value| -value), Vec::new()),
                Operator::Scalar(inner) => Operator::Scalar(Box::new(NegatedNumber(inner))),
                _ => return Err(mistyped(expr)),
            },
            Node::Binary(binary) => self.binary(binary)?,
            Node::Aggregate(aggregate) => self.aggregate(aggregate)?,
            Node::Call(function, arguments) => self.call(expr, function, arguments)?,
        })
    }

    fn whole(&self) -> (i64, i64) {
        (self.moments.from.0, self.moments.to.0)
    }

    /// The columns of a selector.
    fn fetched(&self, matchers: &[Matcher], shift: Shift, range_ms: i64) -> Result<&'a [Column], EvalError> {
        let (from, to) = needed(shift, range_ms, self.range, self.whole());
        let covers = |fetch: &Fetch| fetch.matchers == matchers && fetch.from <= from && fetch.to >= to;
        let at = self.plan.fetches.iter().position(covers);
        let columns = at.and_then(|at| self.columns.get(at));
        let missing = || EvalError::Data("the query was evaluated by the plan of another one".to_owned());
        columns.map(Vec::as_slice).ok_or_else(missing)
    }

    fn scalar(&self, expr: &'a Expr) -> Result<Scalar<'a>, EvalError> {
        match self.build(expr)? {
            Operator::Scalar(operator) => Ok(operator),
            _ => Err(mistyped(expr)),
        }
    }

    fn vector(&self, expr: &'a Expr) -> Result<Vector<'a>, EvalError> {
        match self.build(expr)? {
            Operator::Vector(operator) => Ok(operator),
            _ => Err(mistyped(expr)),
        }
    }

    fn windows(&self, expr: &'a Expr) -> Result<Windowed<'a>, EvalError> {
        match self.build(expr)? {
            Operator::Matrix(operator) => Ok(operator),
            _ => Err(mistyped(expr)),
        }
    }

    fn text(&self, expr: &'a Expr) -> Result<String, EvalError> {
        match self.build(expr)? {
            Operator::Text(text) => Ok(text),
            _ => Err(mistyped(expr)),
        }
    }

    fn scalars(&self, exprs: &'a [Expr]) -> Result<Vec<Scalar<'a>>, EvalError> {
        exprs.iter().map(|expr| self.scalar(expr)).collect()
    }

    fn binary(&self, binary: &'a Binary) -> Result<Operator<'a>, EvalError> {
        let with_number = |vector, number, side| {
            Operator::Vector(Box::new(WithNumber {
                vector,
                number,
                side,
                operator: binary.operator,
                returns_bool: binary.returns_bool,
                table: Table::default(),
                numbers: Translation::default(),
                values: Vec::new(),
            }))
        };
        Ok(match (self.build(&binary.left)?, self.build(&binary.right)?) {
            (Operator::Scalar(left), Operator::Scalar(right)) => {
                Operator::Scalar(Box::new(Calculation { operator: binary.operator, left, right }))
            }
            (Operator::Vector(vector), Operator::Scalar(number)) => with_number(vector, number, Side::Left),
            (Operator::Scalar(number), Operator::Vector(vector)) => with_number(vector, number, Side::Right),
            (Operator::Vector(left), Operator::Vector(right)) if binary.operator.is_set() => {
                Operator::Vector(Box::new(SetOperation::new(left, right, binary)))
            }
            (Operator::Vector(left), Operator::Vector(right)) => {
                Operator::Vector(Box::new(Join::new(left, right, binary)))
            }
            _ => return Err(mistyped(&binary.left)),
        })
    }

    fn aggregate(&self, aggregate: &'a Aggregate) -> Result<Operator<'a>, EvalError> {
        let inner = self.vector(&aggregate.expr)?;
        let (operator, grouping) = (aggregate.operator, &aggregate.grouping);
        let Some(parameter) = &aggregate.parameter else {
            return Ok(Operator::Vector(Box::new(Aggregation::new(inner, operator, grouping, None))));
        };
        let span = parameter.span;
        Ok(Operator::Vector(match operator {
            AggregateOperator::CountValues => {
                let label = self.text(parameter)?;
                if label.is_empty() {
                    return Err(EvalError::Data(format!("invalid label name {label:?}")));
                }
                Box::new(CountValues::new(inner, label, grouping))
            }
            AggregateOperator::Quantile => {
                let parameter = Some((self.scalar(parameter)?, span));
                Box::new(Aggregation::new(inner, operator, grouping, parameter))
            }
            _ => Box::new(Choice::new(inner, operator, grouping, self.scalar(parameter)?, span)),
        }))
    }

    fn call(
        &self,
        expr: &'a Expr,
        function: &'static Function,
        arguments: &'a [Expr],
    ) -> Result<Operator<'a>, EvalError> {
        if let Some(over_time) = window_function(function.name) {
            // quantile_over_time has its parameter first, all others after the windows.
            let (windows, parameters) = match arguments {
                [parameter, windows] if function.name == "quantile_over_time" => {
                    (windows, std::slice::from_ref(parameter))
                }
                [windows, parameters @ ..] => (windows, parameters),
                [] => return Err(mistyped(expr)),
            };
            let parameter_span = parameters.first().map_or(windows.span, |parameter| parameter.span);
            let operator = OverTime::new(
                self.windows(windows)?,
                over_time,
                self.scalars(parameters)?,
                windows.span,
                parameter_span,
            );
            return Ok(Operator::Vector(Box::new(operator)));
        }
        if let Some(change) = date_function(function.name).or(function_of_value(function.name)) {
            let inner = match arguments {
                [] => Box::new(NumberVector::new(Box::new(Now))),
                [inner, ..] => self.vector(inner)?,
            };
            return Ok(each_value(inner, Change::Function(change), Vec::new()));
        }
        match arguments {
            [] => self.call_without_arguments(expr, function.name),
            [first, further @ ..] => self.call_with_arguments(expr, function.name, first, further),
        }
    }

    fn call_without_arguments(&self, expr: &'a Expr, name: &str) -> Result<Operator<'a>, EvalError> {
        let seconds = |ms: i64| ms as f64 / 1000.0;
        let (from, to) = self.whole();
        let number: Scalar<'a> = match name {
            "time" => Box::new(Now),
            "pi" => Box::new(Constant(std::f64::consts::PI)),
            "start" => Box::new(Constant(seconds(from))),
            "end" => Box::new(Constant(seconds(to))),
            "range" => Box::new(Constant(seconds(to - from))),
            "step" => Box::new(Constant(seconds(self.moments.step_ms))),
            _ => return Err(mistyped(expr)),
        };
        Ok(Operator::Scalar(number))
    }

    fn call_with_arguments(
        &self,
        expr: &'a Expr,
        name: &str,
        first: &'a Expr,
        further: &'a [Expr],
    ) -> Result<Operator<'a>, EvalError> {
        let texts = || further.iter().map(|text| self.text(text)).collect::<Result<Vec<String>, EvalError>>();
        let sorted = |by, descends| {
            let inner = self.vector(first)?;
            Ok(Operator::Vector(Box::new(Sorted { inner, by, descends, span: expr.span })))
        };
        match name {
            "scalar" => Ok(Operator::Scalar(Box::new(OnlyValue::new(self.vector(first)?)))),
            "vector" => Ok(Operator::Vector(Box::new(NumberVector::new(self.scalar(first)?)))),
            "clamp" => Ok(each_value(self.vector(first)?, Change::Clamp, self.scalars(further)?)),
            "clamp_min" => Ok(each_value(self.vector(first)?, Change::ClampMin, self.scalars(further)?)),
            "clamp_max" => Ok(each_value(self.vector(first)?, Change::ClampMax, self.scalars(further)?)),
            "round" => Ok(each_value(self.vector(first)?, Change::Round, self.scalars(further)?)),
            "timestamp" => self.timestamp(first),
            "absent" => Ok(Operator::Vector(Box::new(Absent::new(self.vector(first)?, selected(first))))),
            "absent_over_time" => {
                Ok(Operator::Vector(Box::new(AbsentOverTime::new(self.windows(first)?, selected(first)))))
            }
            "max_of" | "min_of" => {
                let [right] = further else { return Err(mistyped(expr)) };
                let choose: fn(f64, f64) -> f64 = if name == "max_of" { greater } else { smaller };
                let (left, right) = (self.scalar(first)?, self.scalar(right)?);
                Ok(Operator::Scalar(Box::new(Extreme { choose, left, right })))
            }
            "label_replace" => self.relabelled(first, LabelChange::replace(texts()?)?),
            "label_join" => self.relabelled(first, LabelChange::join(texts()?)?),
            "sort" | "sort_desc" => sorted(By::Value, name == "sort_desc"),
            "sort_by_label" | "sort_by_label_desc" => {
                sorted(By::Labels(texts()?), name == "sort_by_label_desc")
            }
            "histogram_quantile" | "histogram_fraction" => {
                let [parameters @ .., histograms] = further else { return Err(mistyped(expr)) };
                let parameters = [first].into_iter().chain(parameters);
                let function = match name {
                    "histogram_quantile" => HistogramFunction::Quantile,
                    _ => HistogramFunction::Fraction,
                };
                self.of_histograms(histograms, function, parameters)
            }
            "histogram_quantiles" => {
                let [label, quantiles @ ..] = further else { return Err(mistyped(expr)) };
                self.of_histograms(first, HistogramFunction::Quantiles(self.text(label)?), quantiles)
            }
            _ => Err(mistyped(expr)),
        }
    }

    fn of_histograms(
        &self,
        histograms: &'a Expr,
        function: HistogramFunction,
        parameters: impl IntoIterator<Item = &'a Expr>,
    ) -> Result<Operator<'a>, EvalError> {
        let parameters = parameters.into_iter().map(|expr| Ok((self.scalar(expr)?, expr.span)));
        let parameters = parameters.collect::<Result<Vec<_>, EvalError>>()?;
        let inner = self.vector(histograms)?;
        Ok(Operator::Vector(Box::new(OfHistograms::new(inner, function, parameters, histograms.span))))
    }

    fn relabelled(&self, inner: &'a Expr, change: LabelChange) -> Result<Operator<'a>, EvalError> {
        Ok(Operator::Vector(Box::new(Relabelled::new(self.vector(inner)?, change))))
    }

    /// Of a selector, when its samples were taken; of all else, the moment.
    fn timestamp(&self, argument: &'a Expr) -> Result<Operator<'a>, EvalError> {
        if let Node::Selector(selector) = &argument.bare().node {
            let columns = self.fetched(&selector.matchers, selector.shift, self.lookback_ms)?;
            return Ok(Operator::Vector(Box::new(Select::new(columns, selector.shift, Gives::Time))));
        }
        Ok(each_value(self.vector(argument)?, Change::Moment, Vec::new()))
    }
}

fn each_value<'a>(inner: Vector<'a>, change: Change, parameters: Vec<Scalar<'a>>) -> Operator<'a> {
    Operator::Vector(Box::new(EachValue::new(inner, change, parameters)))
}

/// NaN when either is.
fn greater(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

fn smaller(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }
}

/// What an absent selector would have had.
fn selected(expr: &Expr) -> Labels {
    match &expr.bare().node {
        Node::Selector(selector) | Node::Window(selector, _) => labels_of(&selector.matchers),
        _ => Labels::default(),
    }
}

/// Whether an expression has the same value at every moment.
fn is_constant(expr: &Expr) -> bool {
    match &expr.node {
        Node::Selector(selector) | Node::Window(selector, _) => selector.shift.at.is_some(),
        Node::Subquery(subquery) => subquery.shift.at.is_some(),
        Node::Call(function, arguments) if depends_on_time(function.name) => {
            let is_of_selector = |argument: &Expr| matches!(argument.bare().node, Node::Selector(_));
            function.name == "timestamp"
                && arguments.iter().all(|argument| is_of_selector(argument) && is_constant(argument))
        }
        _ => expr.parts().into_iter().all(is_constant),
    }
}

fn depends_on_time(name: &str) -> bool {
    matches!(name, "time" | "timestamp" | "predict_linear") || date_function(name).is_some()
}

/// Whether it is worth while to remember its values.
fn is_costly(expr: &Expr) -> bool {
    matches!(&expr.node, Node::Aggregate(_) | Node::Binary(_) | Node::Call(..))
}

/// The parser has seen to it that there is none.
fn mistyped(expr: &Expr) -> EvalError {
    EvalError::Data(format!("{expr} has a type that does not fit here"))
}
