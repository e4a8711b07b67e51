//! Answers as the JSON of Prometheus. Written by hand: they may have millions of points, and each number
//! is text of a form of its own.

use std::fmt::Write as _;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use lanner_metrics::promql::{Answer, Series, Stats, Value};
use lanner_model::series::Labels;
use lanner_model::time::WallMs;

/// The answer to a query.
pub(super) fn query_answer(answer: &Answer<Value>, with_stats: bool) -> Response {
    let result = match &answer.value {
        Value::Scalar(at, value) => (r#""scalar""#, point(*at, &number(*value))),
        Value::Text(at, text) => (r#""string""#, format!("[{},{}]", seconds(*at), quoted(text))),
        Value::Vector(samples) => {
            let vector = list(samples, |text, sample| {
                let value = point(sample.time, &number(sample.value));
                let _ = write!(text, r#"{{"metric":{},"value":{value}}}"#, labels(&sample.labels));
            });
            (r#""vector""#, vector)
        }
        Value::Matrix(series) => (r#""matrix""#, matrix(series)),
    };
    data_with(result, answer, with_stats)
}

/// The answer to a query over a range.
pub(super) fn range_answer(answer: &Answer<Vec<Series>>, with_stats: bool) -> Response {
    data_with((r#""matrix""#, matrix(&answer.value)), answer, with_stats)
}

/// A success with this JSON as its data.
pub(super) fn success(data: &str, warnings: &[String]) -> Response {
    envelope(data, warnings, &[])
}

/// Texts as a list.
pub(super) fn texts(texts: &[String]) -> String {
    list(texts, |text, one| text.push_str(&quoted(one)))
}

/// Sets of labels as a list.
pub(super) fn label_sets(sets: &[Labels]) -> String {
    list(sets, |text, one| text.push_str(&labels(one)))
}

/// A text between quotes.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn data_with<T>((result_type, result): (&str, String), answer: &Answer<T>, with_stats: bool) -> Response {
    let mut data = format!(r#"{{"resultType":{result_type},"result":{result}"#);
    if with_stats {
        let Stats { samples, peak_samples, series } = answer.stats;
        let _ = write!(
            data,
            r#","stats":{{"samples":{{"totalQueryableSamples":{samples},"peakSamples":{peak_samples}}},"series":{series}}}"#
        );
    }
    data.push('}');
    envelope(&data, &answer.warnings, &answer.infos)
}

fn envelope(data: &str, warnings: &[String], infos: &[String]) -> Response {
    let mut text = format!(r#"{{"status":"success","data":{data}"#);
    for (name, messages) in [("warnings", warnings), ("infos", infos)] {
        if !messages.is_empty() {
            let _ = write!(text, r#","{name}":{}"#, texts(messages));
        }
    }
    text.push('}');
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn matrix(series: &[Series]) -> String {
    list(series, |text, series| {
        let _ = write!(text, r#"{{"metric":{},"values":["#, labels(&series.labels));
        for (at, (time, value)) in series.points.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(text, "{comma}{}", point(*time, &number(*value)));
        }
        text.push_str("]}");
    })
}

fn list<T>(items: &[T], mut write: impl FnMut(&mut String, &T)) -> String {
    let mut text = String::from("[");
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        write(&mut text, item);
    }
    text.push(']');
    text
}

fn labels(labels: &Labels) -> String {
    let mut text = String::from("{");
    for (at, (name, value)) in labels.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(text, "{comma}{}:{}", quoted(name), quoted(value));
    }
    text.push('}');
    text
}

fn point(time: WallMs, number: &str) -> String {
    format!(r#"[{},"{number}"]"#, seconds(time))
}

/// Seconds, with three decimals where there are any.
fn seconds(time: WallMs) -> String {
    let (sign, ms) = (if time.0 < 0 { "-" } else { "" }, time.0.unsigned_abs());
    match ms % 1000 {
        0 => format!("{sign}{}", ms / 1000),
        fraction => format!("{sign}{}.{fraction:03}", ms / 1000),
    }
}

/// A number as Go writes it: very large and very small ones with an exponent of two digits.
fn number(value: f64) -> String {
    match value {
        _ if value.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ if value != 0.0 && !(1e-6..1e21).contains(&value.abs()) => {
            let text = format!("{value:e}");
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
            format!("{mantissa}e{sign}{digits:0>2}")
        }
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_are_written_as_prometheus_does() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (0.1, "0.1"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e-7, "1.5e-07"),
            (0.000_001, "0.000001"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(number(value), text);
        }
        for (ms, text) in [
            (0, "0"),
            (1_435_781_451_781, "1435781451.781"),
            (1_050, "1.050"),
            (5_000, "5"),
            (-1_500, "-1.500"),
        ] {
            assert_eq!(seconds(WallMs(ms)), text);
        }
    }
}
