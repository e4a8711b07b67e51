//! Calculating with single values.

use crate::promql::expr::BinaryOperator;

/// What an operator makes of two values.
pub(super) struct Calculated {
    pub(super) value: f64,
    /// Whether a comparison holds; true for what is none.
    pub(super) holds: bool,
}

/// The left value, compared or calculated with the right one.
pub(super) fn apply(operator: BinaryOperator, left: f64, right: f64) -> Calculated {
    let value = match operator {
        BinaryOperator::Add => left + right,
        BinaryOperator::Subtract => left - right,
        BinaryOperator::Multiply => left * right,
        BinaryOperator::Divide => left / right,
        BinaryOperator::Modulo => left % right,
        BinaryOperator::Power => left.powf(right),
        BinaryOperator::Atan2 => left.atan2(right),
        _ => left,
    };
    let holds = match operator {
        // Floats have nothing to cut off.
        BinaryOperator::TrimUpper | BinaryOperator::TrimLower => false,
        BinaryOperator::Equal => left == right,
        BinaryOperator::NotEqual => left != right,
        BinaryOperator::Less => left < right,
        BinaryOperator::LessOrEqual => left <= right,
        BinaryOperator::Greater => left > right,
        BinaryOperator::GreaterOrEqual => left >= right,
        _ => true,
    };
    Calculated { value, holds }
}

/// The functions of one value.
pub(super) fn function_of_value(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "abs" => f64::abs,
        "acos" => f64::acos,
        "acosh" => f64::acosh,
        "asin" => f64::asin,
        "asinh" => f64::asinh,
        "atan" => f64::atan,
        "atanh" => f64::atanh,
        "ceil" => f64::ceil,
        "cos" => f64::cos,
        "cosh" => f64::cosh,
        "deg" => f64::to_degrees,
        "exp" => f64::exp,
        "floor" => f64::floor,
        "ln" => f64::ln,
        "log10" => f64::log10,
        "log2" => f64::log2,
        "rad" => f64::to_radians,
        "sgn" => |value| {
            if value > 0.0 {
                1.0
            } else if value < 0.0 {
                -1.0
            } else {
                value
            }
        },
        "sin" => f64::sin,
        "sinh" => f64::sinh,
        "sqrt" => f64::sqrt,
        "tan" => f64::tan,
        "tanh" => f64::tanh,
        _ => return None,
    })
}

/// To the nearest multiple; halves up.
pub(super) fn round_to(value: f64, multiple: f64) -> f64 {
    // Dividing by the inverse is exact where the multiple (0.1) is not.
    let inverse = 1.0 / multiple;
    (value * inverse + 0.5).floor() / inverse
}
