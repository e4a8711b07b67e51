//! A script's text as commands.

use super::command::{Action, Command, Evaluation, Expect, Message, ScriptError};
use super::series::sequence;
use crate::promql::lex::{TokenKind, duration_ms, tokens};

/// Reads all commands.
pub(super) fn read(text: &str) -> Result<Vec<Command>, ScriptError> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut reader = Reader { lines, at: 0 };
    let mut commands = Vec::new();
    while let Some(line) = reader.next_line() {
        let number = reader.at;
        if line.is_empty() {
            continue;
        }
        let action = reader.action(line).map_err(|message| ScriptError { line: number, message })?;
        commands.push(Command { line: number, action });
    }
    Ok(commands)
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn next_line(&mut self) -> Option<&'a str> {
        let line = self.lines.get(self.at).copied()?;
        self.at += 1;
        Some(if line.starts_with('#') { "" } else { line })
    }

    /// The lines up to an empty one.
    fn block(&mut self) -> Vec<&'a str> {
        std::iter::from_fn(|| self.next_line().filter(|line| !line.is_empty())).collect()
    }

    fn action(&mut self, line: &str) -> Result<Action, String> {
        let (word, rest) = split_word(line);
        match word {
            "clear" => Ok(Action::Clear),
            "load" | "load_with_nhcb" => {
                let step_ms = time(rest.trim())?;
                let series = self.block().into_iter().map(sequence).collect::<Result<_, String>>()?;
                Ok(Action::Load { step_ms, series, with_histograms: word == "load_with_nhcb" })
            }
            "eval" | "eval_fail" | "eval_warn" | "eval_info" | "eval_ordered" => {
                let mut evaluation = evaluation(rest)?;
                evaluation.expects.extend(match word {
                    "eval_fail" => Some(Expect::Fail(Message::Any)),
                    "eval_warn" => Some(Expect::Warn(Message::Any)),
                    "eval_info" => Some(Expect::Info(Message::Any)),
                    "eval_ordered" => Some(Expect::Ordered),
                    _ => None,
                });
                for line in self.block() {
                    expectation(line, &mut evaluation)?;
                }
                Ok(Action::Evaluate(evaluation))
            }
            _ => Err(format!("unknown command {word:?}; there are load, clear and eval")),
        }
    }
}

fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).map_or((text, ""), |(word, rest)| (word, rest.trim_start()))
}

/// A duration, or a number of seconds.
fn time(text: &str) -> Result<i64, String> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let seconds = || digits.parse::<f64>().ok().map(|seconds| (seconds * 1000.0).round() as i64);
    let ms = duration_ms(digits).or_else(seconds).ok_or_else(|| format!("{text:?} is no time"))?;
    Ok(sign * ms)
}

/// What follows `eval`.
fn evaluation(text: &str) -> Result<Evaluation, String> {
    let (kind, rest) = split_word(text);
    let keyword = |rest, wanted: &str| {
        let (word, rest) = split_word(rest);
        if word != wanted {
            return Err(format!("expected {wanted:?}, not {word:?}"));
        }
        let (word, rest) = split_word(rest);
        Ok((time(word)?, rest))
    };
    let (from_ms, to_ms, step_ms, query) = match kind {
        "instant" => {
            let (at, rest) = keyword(rest, "at")?;
            (at, at, 0, rest)
        }
        "range" => {
            let (from, rest) = keyword(rest, "from")?;
            let (to, rest) = keyword(rest, "to")?;
            let (step, rest) = keyword(rest, "step")?;
            (from, to, step, rest)
        }
        _ => return Err("expected \"instant at\" or \"range from\" after eval".to_owned()),
    };
    let query = query.to_owned();
    Ok(Evaluation { query, from_ms, to_ms, step_ms, expects: Vec::new(), answer: Vec::new(), scalar: None })
}

/// A line below `eval`.
fn expectation(line: &str, evaluation: &mut Evaluation) -> Result<(), String> {
    if let Ok(number) = line.parse::<f64>() {
        evaluation.scalar = Some(number);
        return Ok(());
    }
    let old_style = [("expected_fail_message", true), ("expected_fail_regexp", false)];
    for (word, is_exact) in old_style {
        if let Some(text) = line.strip_prefix(word) {
            let text = text.trim().to_owned();
            let message = if is_exact { Message::Exactly(text) } else { Message::Matching(text) };
            evaluation.expects.push(Expect::Fail(message));
            return Ok(());
        }
    }
    let Some(rest) = line.strip_prefix("expect").filter(|rest| rest.starts_with(char::is_whitespace)) else {
        evaluation.answer.push(sequence(line)?);
        return Ok(());
    };
    let (kind, rest) = split_word(rest);
    evaluation.expects.push(match kind {
        "fail" => Expect::Fail(message(rest)?),
        "warn" => Expect::Warn(message(rest)?),
        "info" => Expect::Info(message(rest)?),
        "no_warn" => Expect::NoWarn,
        "no_info" => Expect::NoInfo,
        "ordered" => Expect::Ordered,
        "string" => Expect::Text(text(rest)?),
        "range" => matrix(rest)?,
        _ => return Err(format!("unknown expectation {kind:?}")),
    });
    Ok(())
}

fn message(text: &str) -> Result<Message, String> {
    match text.split_once(':') {
        None if text.is_empty() => Ok(Message::Any),
        Some(("msg", text)) => Ok(Message::Exactly(text.trim().to_owned())),
        Some(("regex", text)) => Ok(Message::Matching(text.trim().to_owned())),
        _ => Err(format!("expected \"msg:\" or \"regex:\", not {text:?}")),
    }
}

fn text(literal: &str) -> Result<String, String> {
    match tokens(literal).map_err(|fault| fault.message)?.into_iter().next().map(|token| token.kind) {
        Some(TokenKind::Text(text)) => Ok(text),
        _ => Err(format!("{literal:?} is no string")),
    }
}

/// `vector from 1m to 2m step 10s`
fn matrix(text: &str) -> Result<Expect, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["vector", "from", from, "to", to, "step", step] => {
            Ok(Expect::Matrix { from_ms: time(from)?, to_ms: time(to)?, step_ms: time(step)? })
        }
        _ => Err("expected \"range vector from TIME to TIME step TIME\"".to_owned()),
    }
}
