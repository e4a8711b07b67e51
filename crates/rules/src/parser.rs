//! A condition's text to its tree, by recursive descent.
//!
//! The grammar is that of falcosecurity/libs `userspace/libsinsp/filter/parser.h`: `or` binds less
//! than `and`, `and` less than `not`.

use std::ops::Range;

use crate::ast::{Check, Expression, Function, Literal, Operator, Quantifier, Right, Term};
use crate::cursor::{Cursor, StringError};
use crate::diagnostic::{Code, Report};
use crate::source::{Composed, Location};
use crate::suggestion;

/// How deep parentheses (and `not`s) may lie in each other.
const DEPTH_MAX: usize = 100;

/// Reads a whole condition. On a mistake it is reported and `None` comes back.
pub(crate) fn parse_condition(source: &Composed, report: &mut Report<'_>) -> Option<Expression> {
    let mut parser = Parser { source, cursor: Cursor::new(source.text(), 0), depth: 0 };
    let parsed = parser.whole();
    parsed.map_err(|mistake| mistake.report(source, report)).ok()
}

/// Reads a field or a transformer at byte `start` of the text, as output templates have them; gives
/// it and the byte behind it.
pub(crate) fn parse_term(source: &Composed, start: usize, report: &mut Report<'_>) -> Option<(Term, usize)> {
    let mut parser = Parser { source, cursor: Cursor::new(source.text(), start), depth: 0 };
    match parser.field_or_call() {
        Ok(term) => term.map(|term| (term, parser.cursor.at())),
        Err(mistake) => {
            mistake.report(source, report);
            None
        }
    }
}

struct Parser<'s> {
    source: &'s Composed,
    cursor: Cursor<'s>,
    depth: usize,
}

/// A place where the grammar is not followed.
struct Mistake {
    code: Code,
    range: Range<usize>,
    message: String,
    hint: Option<String>,
}

impl Mistake {
    fn report(self, source: &Composed, report: &mut Report<'_>) {
        report.error_with_hint(self.code, source.locate(self.range), self.message, self.hint);
    }
}

type Parsed<T> = Result<T, Mistake>;

impl Parser<'_> {
    fn whole(&mut self) -> Parsed<Expression> {
        self.cursor.skip_blank();
        if self.cursor.is_at_end() {
            return Err(self.expected("a condition"));
        }
        let expression = self.or()?;
        self.cursor.skip_blank();
        if !self.cursor.is_at_end() {
            return Err(self.expected("`and`, `or` or the end of the condition"));
        }
        Ok(expression)
    }

    fn or(&mut self) -> Parsed<Expression> {
        let mut parts = vec![self.and()?];
        while self.joined_by("or") {
            parts.push(self.and()?);
        }
        Ok(one_or_joined(parts, Expression::Or))
    }

    fn and(&mut self) -> Parsed<Expression> {
        let mut parts = vec![self.not()?];
        while self.joined_by("and") {
            parts.push(self.not()?);
        }
        Ok(one_or_joined(parts, Expression::And))
    }

    fn joined_by(&mut self, word: &str) -> bool {
        self.cursor.skip_blank();
        self.cursor.take_word(word)
    }

    fn not(&mut self) -> Parsed<Expression> {
        let mut negated = false;
        while self.joined_by("not") {
            negated = !negated;
        }
        let inner = self.parenthesis_or_check()?;
        Ok(if negated { Expression::Not(Box::new(inner)) } else { inner })
    }

    fn parenthesis_or_check(&mut self) -> Parsed<Expression> {
        self.cursor.skip_blank();
        let start = self.cursor.at();
        if self.cursor.take("(") {
            return self.behind_parenthesis(start);
        }
        if let Some(subject) = self.field_or_call()? {
            return self.check(subject, start).map(|check| Expression::Check(Box::new(check)));
        }
        match self.cursor.identifier() {
            Some(name) => {
                let at = self.location(start..self.cursor.at());
                self.reject_what_is_no_macro(name)?;
                Ok(Expression::Macro { name: name.to_owned(), at })
            }
            None => Err(self.expected("a field, a macro or `(`")),
        }
    }

    fn behind_parenthesis(&mut self, start: usize) -> Parsed<Expression> {
        self.enter(start)?;
        let inner = self.or()?;
        self.cursor.skip_blank();
        if !self.cursor.take(")") {
            let mut mistake = self.expected("`)`");
            if self.cursor.is_at_end() {
                mistake.range = start..start + 1;
                mistake.message = "this `(` is never closed".to_owned();
            }
            return Err(mistake);
        }
        self.depth -= 1;
        Ok(inner)
    }

    fn enter(&mut self, start: usize) -> Parsed<()> {
        self.depth += 1;
        if self.depth <= DEPTH_MAX {
            return Ok(());
        }
        Err(Mistake {
            code: Code::Depth,
            range: start..start + 1,
            message: format!("nested deeper than {DEPTH_MAX} levels"),
            hint: Some("put an inner part into a macro".to_owned()),
        })
    }

    /// `name = bash`: somebody forgot the first part of a field's name; `lower(...)`: there is no such
    /// transformer.
    fn reject_what_is_no_macro(&mut self, name: &str) -> Parsed<()> {
        let start = self.cursor.at() - name.len();
        if self.cursor.rest().starts_with('(') {
            let hint = suggestion::closest(name, Function::ALL.iter().map(|function| function.word()));
            return Err(Mistake {
                code: Code::Transformer,
                range: start..self.cursor.at(),
                message: format!("unknown transformer `{name}`"),
                hint: Some(match hint {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => {
                        let names = Function::ALL.iter().map(|function| format!("`{}`", function.word()));
                        format!("one of {}", names.collect::<Vec<_>>().join(", "))
                    }
                }),
            });
        }
        let behind = self.cursor.rest().trim_start();
        let word = behind.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
        let is_operator = behind.starts_with(['=', '!', '<', '>']) || Operator::by_word(word).is_some();
        if !is_operator {
            return Ok(());
        }
        Err(Mistake {
            code: Code::UnknownField,
            range: start..self.cursor.at(),
            message: format!("unknown field `{name}`"),
            hint: suggestion::field(name),
        })
    }

    fn field_or_call(&mut self) -> Parsed<Option<Term>> {
        if let Some(call) = self.call()? {
            return Ok(Some(call));
        }
        let start = self.cursor.at();
        match self.cursor.field_name() {
            Some(name) => {
                let argument = self.argument()?;
                let at = self.location(start..self.cursor.at());
                Ok(Some(Term::Field { name: name.to_owned(), argument, at }))
            }
            None => Ok(None),
        }
    }

    fn argument(&mut self) -> Parsed<Option<String>> {
        if !self.cursor.take("[") {
            return Ok(None);
        }
        let argument = match self.quoted()? {
            Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            None => self.cursor.bare_argument().ok_or_else(|| self.expected("an argument"))?.to_owned(),
        };
        if !self.cursor.take("]") {
            return Err(self.expected("`]`"));
        }
        Ok(Some(argument))
    }

    /// A transformer with its arguments. On the right side of a check a field alone is a text, it
    /// must be put into `val()`.
    fn call(&mut self) -> Parsed<Option<Term>> {
        let start = self.cursor.at();
        let word = self.cursor.rest().split_once('(').map_or("", |(word, _)| word);
        let Some(function) = Function::by_word(word) else {
            return Ok(None);
        };
        self.cursor.take(word);
        let arguments = self.terms_in_parentheses()?;
        Ok(Some(Term::Call { function, arguments, at: self.location(start..self.cursor.at()) }))
    }

    fn terms_in_parentheses(&mut self) -> Parsed<Vec<Term>> {
        let start = self.cursor.at();
        self.cursor.take("(");
        self.enter(start)?;
        let mut terms = Vec::new();
        loop {
            self.cursor.skip_blank();
            if terms.is_empty() && self.cursor.take(")") {
                break;
            }
            terms.push(self.call_argument()?);
            self.cursor.skip_blank();
            if self.cursor.take(")") {
                break;
            }
            if !self.cursor.take(",") {
                return Err(self.expected("`,` or `)`"));
            }
        }
        self.depth -= 1;
        Ok(terms)
    }

    fn call_argument(&mut self) -> Parsed<Term> {
        if self.cursor.rest().starts_with('(') {
            return Ok(Term::List { items: self.terms_in_parentheses()? });
        }
        if let Some(term) = self.field_or_call()? {
            return Ok(term);
        }
        let start = self.cursor.at();
        let bytes = match self.quoted()? {
            Some(bytes) => bytes,
            None => {
                let number = self.cursor.bare_value().filter(|text| text.parse::<f64>().is_ok());
                number.ok_or_else(|| self.expected("a field, a transformer or a string in quotes"))?.into()
            }
        };
        Ok(Term::Literal(Literal { bytes, bare: false, at: self.location(start..self.cursor.at()) }))
    }

    fn check(&mut self, subject: Term, start: usize) -> Parsed<Check> {
        self.cursor.skip_blank();
        let operator_start = self.cursor.at();
        let operator = self.operator()?;
        let operator_at = self.location(operator_start..self.cursor.at());
        self.cursor.skip_blank();
        let quantifier = self.quantifier(operator);
        let right = self.right(operator, quantifier)?;
        let at = self.location(start..self.cursor.at());
        Ok(Check { subject, operator, operator_at, quantifier, right, at })
    }

    fn operator(&mut self) -> Parsed<Operator> {
        // The longer of two that begin alike first.
        const SYMBOLS: [(&str, Operator); 7] = [
            ("==", Operator::Equal),
            ("=", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<=", Operator::LessOrEqual),
            ("<", Operator::Less),
            (">=", Operator::GreaterOrEqual),
            (">", Operator::Greater),
        ];
        if let Some((_, operator)) = SYMBOLS.iter().find(|(symbol, _)| self.cursor.take(symbol)) {
            return Ok(*operator);
        }
        let start = self.cursor.at();
        let range = self.cursor.next_word();
        let word = self.cursor.identifier().unwrap_or("");
        Operator::by_word(word).ok_or_else(|| {
            let words = Operator::ALL.iter().map(|operator| operator.word());
            Mistake {
                code: Code::Syntax,
                range: start..range.end.max(start + 1),
                message: match word {
                    "" | "and" | "or" => "expected an operator behind the field".to_owned(),
                    _ => format!("unknown operator `{word}`"),
                },
                hint: suggestion::closest(word, words)
                    .filter(|_| !word.is_empty())
                    .map(|operator| format!("did you mean `{operator}`?"))
                    .or_else(|| Some("such as `=`, `in`, `contains`, `startswith`, `exists`".to_owned())),
            }
        })
    }

    /// `anyof` and its like, if a list follows: else the word is a value.
    fn quantifier(&mut self, operator: Operator) -> Option<Quantifier> {
        let takes_one = matches!(
            operator,
            Operator::Equal
                | Operator::NotEqual
                | Operator::Contains
                | Operator::Icontains
                | Operator::Bcontains
                | Operator::Startswith
                | Operator::Bstartswith
                | Operator::Endswith
                | Operator::Glob
                | Operator::Iglob
                | Operator::Regex
        );
        if !takes_one {
            return None;
        }
        let rest = self.cursor.rest();
        let quantifier = *Quantifier::ALL.iter().find(|quantifier| {
            let behind = rest.strip_prefix(quantifier.word()).unwrap_or("");
            let list = behind.trim_start();
            let name = list.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
            let is_name =
                name.starts_with(|c: char| c.is_ascii_alphabetic()) && !matches!(name, "and" | "or" | "not");
            behind.starts_with(char::is_whitespace) && (list.starts_with('(') || is_name)
        })?;
        self.cursor.take(quantifier.word());
        self.cursor.skip_blank();
        Some(quantifier)
    }

    fn right(&mut self, operator: Operator, quantifier: Option<Quantifier>) -> Parsed<Right> {
        if operator == Operator::Exists {
            return Ok(Right::Nothing);
        }
        let takes_list = matches!(operator, Operator::In | Operator::Intersects | Operator::Pmatch);
        if takes_list || quantifier.is_some() {
            if self.cursor.rest().starts_with('(') {
                return self.literals().map(Right::Literals);
            }
            if quantifier.is_none()
                && let Some(term) = self.call()?
            {
                return Ok(Right::Term(term));
            }
            return match self.literal()? {
                Some(name) => Ok(Right::List(name)),
                None => Err(self.expected("a list in parentheses or a list's name")),
            };
        }
        if let Some(term) = self.call()? {
            return Ok(Right::Term(term));
        }
        match self.literal()? {
            Some(literal) => Ok(Right::Literal(literal)),
            None => Err(self.expected("a value")),
        }
    }

    fn literals(&mut self) -> Parsed<Vec<Literal>> {
        let open = self.cursor.at();
        self.cursor.take("(");
        let mut literals = Vec::new();
        loop {
            self.cursor.skip_blank();
            if self.cursor.take(")") {
                return Ok(literals);
            }
            match self.literal()? {
                Some(literal) => literals.push(literal),
                None if self.cursor.is_at_end() => {
                    return Err(Mistake {
                        code: Code::Syntax,
                        range: open..open + 1,
                        message: "this list is never closed".to_owned(),
                        hint: None,
                    });
                }
                None => return Err(self.expected("a value")),
            }
            self.cursor.skip_blank();
            if !self.cursor.take(",") && !self.cursor.rest().starts_with(')') {
                return Err(self.expected("`,` or `)`"));
            }
        }
    }

    fn literal(&mut self) -> Parsed<Option<Literal>> {
        let start = self.cursor.at();
        let (bytes, bare) = match self.quoted()? {
            Some(bytes) => (bytes, false),
            None => match self.cursor.bare_value() {
                Some(text) => (text.as_bytes().to_vec(), true),
                None => return Ok(None),
            },
        };
        Ok(Some(Literal { bytes, bare, at: self.location(start..self.cursor.at()) }))
    }

    fn quoted(&mut self) -> Parsed<Option<Vec<u8>>> {
        let start = self.cursor.at();
        self.cursor.quoted().transpose().map_err(|error| match error {
            StringError::NoEnd => Mistake {
                code: Code::Text,
                range: start..start + 1,
                message: "this string has no end".to_owned(),
                hint: None,
            },
            StringError::Escape(range) => Mistake {
                code: Code::Text,
                message: format!(
                    "unknown escape `{}`",
                    self.source.text().get(range.clone()).unwrap_or("\\")
                ),
                range,
                hint: Some("a backslash is written `\\\\`".to_owned()),
            },
        })
    }

    fn expected(&self, what: &str) -> Mistake {
        let range = self.cursor.next_word();
        let found = self.cursor.rest().get(..range.len()).unwrap_or("");
        let message = if found.is_empty() {
            format!("expected {what}, but the condition ends here")
        } else {
            format!("expected {what}, found `{found}`")
        };
        Mistake {
            code: Code::Syntax,
            range: range.start..range.end.max(range.start + 1),
            message,
            hint: None,
        }
    }

    fn location(&self, range: Range<usize>) -> Location {
        self.source.locate(range)
    }
}

fn one_or_joined(mut parts: Vec<Expression>, join: impl Fn(Vec<Expression>) -> Expression) -> Expression {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}
