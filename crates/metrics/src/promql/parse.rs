//! Tokens to a tree, by precedence climbing.

use lanner_model::series::{METRIC_NAME, MatchOp, Matcher};

use super::check;
use super::error::Fault;
use super::expr::{
    Aggregate, AggregateOperator, At, Binary, BinaryOperator, Expr, Group, Grouping, Matching, Node,
    Selector, Shift, Side, Subquery,
};
use super::function::function;
use super::lex::{Token, TokenKind, tokens};
use super::position::Span;

/// The longest query that is read.
const MAX_TEXT_BYTES: usize = 64 << 10;
/// How deep a tree may be: a chain of so many operators. What is done with a tree recurses over it, on
/// stacks of 2 MiB.
const MAX_DEPTH: usize = 250;
/// How deep parentheses and calls may be nested: reading them takes more of the stack.
const MAX_NESTING: usize = 100;
/// Above the multiplication, below the power: `-a ^ b` is `-(a ^ b)`.
const UNARY_PRECEDENCE: u8 = 6;

/// The tree of a query.
pub(crate) fn parse(text: &str) -> Result<Expr, Fault> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Fault::new(
            Span::default(),
            format!("the query has more than {MAX_TEXT_BYTES} bytes; split it"),
        ));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, nesting: 0 };
    if parser.kind() == &TokenKind::End {
        return Err(parser.fault("no expression found in input"));
    }
    let expr = parser.expr(0)?;
    match parser.kind() {
        TokenKind::End => Ok(expr),
        _ => Err(parser.unexpected("", "")),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    nesting: usize,
}

impl Parser {
    fn token(&self) -> &Token {
        // The last one is the end, and nothing goes beyond it.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn kind(&self) -> &TokenKind {
        &self.token().kind
    }

    fn kind_after(&self) -> &TokenKind {
        &self.tokens[(self.at + 1).min(self.tokens.len() - 1)].kind
    }

    fn span(&self) -> Span {
        self.token().span
    }

    /// Where the last taken token ended.
    fn span_from(&self, start: Span) -> Span {
        start.to(self.tokens[self.at.saturating_sub(1)].span)
    }

    fn take(&mut self) -> Token {
        let token = self.token().clone();
        self.at += 1;
        token
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.kind(), TokenKind::Sign(here) if *here == sign)
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let is_here = self.is_sign(sign);
        self.at += usize::from(is_here);
        is_here
    }

    fn expect_sign(&mut self, sign: &str, context: &str) -> Result<(), Fault> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.unexpected(context, &format!("{sign:?}"))) }
    }

    /// Takes a word, whatever its case.
    fn take_word(&mut self, word: &str) -> bool {
        let is_here = self.is_word(word);
        self.at += usize::from(is_here);
        is_here
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.kind(), TokenKind::Name(name) if name.eq_ignore_ascii_case(word))
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.span(), message)
    }

    fn unexpected(&self, context: &str, expected: &str) -> Fault {
        let found = match self.kind() {
            TokenKind::Name(name) => format!("identifier {name:?}"),
            TokenKind::Text(text) => format!("string {text:?}"),
            TokenKind::Number(number) => format!("number {number}"),
            TokenKind::Duration(_) => "duration".to_owned(),
            TokenKind::Sign(sign) => format!("{sign:?}"),
            TokenKind::End => "end of input".to_owned(),
        };
        let context = if context.is_empty() { String::new() } else { format!(" in {context}") };
        let expected = if expected.is_empty() { String::new() } else { format!(", expected {expected}") };
        self.fault(format!("unexpected {found}{context}{expected}"))
    }

    fn make(&self, span: Span, node: Node) -> Result<Expr, Fault> {
        let mut expr = Expr { span, node, depth: 0 };
        expr.depth = 1 + expr.parts().iter().map(|part| part.depth).max().unwrap_or(0);
        if expr.depth > MAX_DEPTH {
            return Err(Fault::new(span, too_deep(MAX_DEPTH)));
        }
        check::check(&expr)?;
        Ok(expr)
    }

    /// An expression whose operators bind at least as strongly as `least`.
    fn expr(&mut self, least: u8) -> Result<Expr, Fault> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(self.fault(too_deep(MAX_NESTING)));
        }
        let mut left = self.unary()?;
        while let Some(operator) = self.operator().filter(|operator| operator.precedence() >= least) {
            self.at += 1;
            let (returns_bool, matching) = self.modifiers()?;
            let is_right_associative = operator == BinaryOperator::Power;
            let right = self.expr(operator.precedence() + u8::from(!is_right_associative))?;
            let span = left.span.to(right.span);
            let binary = Binary { operator, left, right, returns_bool, matching };
            left = self.make(span, Node::Binary(Box::new(binary)))?;
        }
        self.nesting -= 1;
        Ok(left)
    }

    fn operator(&self) -> Option<BinaryOperator> {
        let word = match self.kind() {
            TokenKind::Sign(sign) => sign,
            TokenKind::Name(name) => name.as_str(),
            _ => return None,
        };
        let found = BinaryOperator::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        found.map(|(_, operator)| *operator)
    }

    /// `bool`, `on (...)`, `group_left (...)`.
    fn modifiers(&mut self) -> Result<(bool, Matching), Fault> {
        let returns_bool = self.take_word("bool");
        let mut matching = Matching::default();
        let has_matching = if self.take_word("on") {
            matching.on = true;
            true
        } else {
            self.take_word("ignoring")
        };
        if has_matching {
            matching.labels = self.labels()?;
            let many = match () {
                () if self.take_word("group_left") => Some(Side::Left),
                () if self.take_word("group_right") => Some(Side::Right),
                () => None,
            };
            if let Some(many) = many {
                let include = if self.is_sign("(") { self.labels()? } else { Vec::new() };
                matching.group = Some(Group { many, include });
            }
        }
        Ok((returns_bool, matching))
    }

    /// `(a, b)`
    fn labels(&mut self) -> Result<Vec<String>, Fault> {
        let mut labels = Vec::new();
        self.expect_sign("(", "grouping opts")?;
        while !self.take_sign(")") {
            match self.take().kind {
                TokenKind::Name(name) if !name.contains(':') => labels.push(name),
                TokenKind::Text(name) if !name.is_empty() => labels.push(name),
                _ => {
                    self.at -= 1;
                    return Err(self.unexpected("grouping opts", "label"));
                }
            }
            if !self.take_sign(",") && !self.is_sign(")") {
                return Err(self.unexpected("grouping opts", "\",\" or \")\""));
            }
        }
        Ok(labels)
    }

    fn unary(&mut self) -> Result<Expr, Fault> {
        let start = self.span();
        let is_negative = self.is_sign("-");
        if !is_negative && !self.is_sign("+") {
            return self.postfix();
        }
        self.at += 1;
        let mut inner = self.expr(UNARY_PRECEDENCE)?;
        let span = start.to(inner.span);
        match inner.node {
            Node::Number(ref mut number) => {
                *number = if is_negative { -*number } else { *number };
                inner.span = span;
                Ok(inner)
            }
            _ => {
                check::check_sign(&inner, span)?;
                if is_negative { self.make(span, Node::Negate(Box::new(inner))) } else { Ok(inner) }
            }
        }
    }

    /// Something with its range, offset and @.
    fn postfix(&mut self) -> Result<Expr, Fault> {
        let mut expr = self.primary()?;
        loop {
            let start = expr.span;
            if self.take_sign("[") {
                expr = self.range(expr)?;
            } else if self.take_word("offset") {
                let offset_ms = self.signed_duration()?;
                let span = self.span_from(start);
                let shift = shift_of(&mut expr, "offset", span)?;
                if shift.offset_ms.replace(offset_ms).is_some() {
                    return Err(Fault::new(span, "offset may not be set multiple times"));
                }
                expr.span = span;
            } else if self.take_sign("@") {
                let at = self.at_time()?;
                let span = self.span_from(start);
                let shift = shift_of(&mut expr, "@", span)?;
                if shift.at.replace(at).is_some() {
                    return Err(Fault::new(span, "@ <timestamp> may not be set multiple times"));
                }
                expr.span = span;
            } else {
                return Ok(expr);
            }
        }
    }

    /// What follows `[`.
    fn range(&mut self, expr: Expr) -> Result<Expr, Fault> {
        let range_span = self.span();
        let range_ms = self.duration("range or subquery")?;
        if range_ms <= 0 {
            return Err(Fault::new(range_span, "duration must be greater than 0"));
        }
        if self.take_sign(":") {
            let step_span = self.span();
            let step_ms = if self.is_sign("]") { None } else { Some(self.duration("subquery or range")?) };
            if step_ms.is_some_and(|step| step <= 0) {
                return Err(Fault::new(step_span, "duration must be greater than 0"));
            }
            self.expect_sign("]", "subquery")?;
            let span = self.span_from(expr.span);
            let subquery = Subquery { expr, range_ms, step_ms, shift: Shift::default() };
            return self.make(span, Node::Subquery(Box::new(subquery)));
        }
        self.expect_sign("]", "range selector")?;
        let span = self.span_from(expr.span);
        match expr.node {
            Node::Selector(selector) => match selector.shift {
                Shift { offset_ms: Some(_), .. } => {
                    Err(Fault::new(span, "no offset modifiers allowed before range"))
                }
                Shift { at: Some(_), .. } => Err(Fault::new(span, "no @ modifiers allowed before range")),
                _ => self.make(span, Node::Window(selector, range_ms)),
            },
            _ => Err(Fault::new(span, "ranges only allowed for vector selectors")),
        }
    }

    /// A duration, or a number of seconds.
    fn duration(&mut self, context: &str) -> Result<i64, Fault> {
        let ms = match self.kind() {
            TokenKind::Duration(ms) => Some(*ms),
            TokenKind::Number(seconds) => milliseconds(*seconds),
            _ => return Err(self.unexpected(context, "number or duration")),
        };
        let ms = ms.ok_or_else(|| self.fault("duration out of range"))?;
        self.at += 1;
        Ok(ms)
    }

    fn signed_duration(&mut self) -> Result<i64, Fault> {
        let is_negative = self.is_sign("-");
        if is_negative || self.is_sign("+") {
            self.at += 1;
        }
        let ms = self.duration("offset")?;
        Ok(if is_negative { -ms } else { ms })
    }

    /// What follows `@`.
    fn at_time(&mut self) -> Result<At, Fault> {
        for (word, at) in [("start", At::Start), ("end", At::End)] {
            if self.take_word(word) {
                self.expect_sign("(", "@")?;
                self.expect_sign(")", "@")?;
                return Ok(at);
            }
        }
        let is_negative = self.is_sign("-");
        if is_negative || self.is_sign("+") {
            self.at += 1;
        }
        let ms = match self.kind() {
            TokenKind::Duration(ms) => Some(*ms),
            TokenKind::Number(seconds) => milliseconds(*seconds),
            _ => return Err(self.unexpected("@", "timestamp")),
        };
        let ms = ms.ok_or_else(|| self.fault("timestamp out of bounds for @ modifier"))?;
        self.at += 1;
        Ok(At::Time(if is_negative { -ms } else { ms }))
    }

    fn primary(&mut self) -> Result<Expr, Fault> {
        let start = self.span();
        match self.kind().clone() {
            TokenKind::Number(number) => {
                self.at += 1;
                self.make(start, Node::Number(number))
            }
            TokenKind::Duration(ms) => {
                self.at += 1;
                self.make(start, Node::Number(ms as f64 / 1000.0))
            }
            TokenKind::Text(text) => {
                self.at += 1;
                self.make(start, Node::Text(text))
            }
            TokenKind::Sign("(") => {
                self.at += 1;
                let inner = self.expr(0)?;
                if !self.take_sign(")") {
                    return Err(match self.kind() {
                        TokenKind::End => self.fault("unclosed left parenthesis"),
                        _ => self.unexpected("", "\")\""),
                    });
                }
                self.make(self.span_from(start), Node::Paren(Box::new(inner)))
            }
            TokenKind::Sign("{") => self.selector(None),
            TokenKind::Name(name) => self.named(name),
            _ => Err(self.unexpected("", "expression")),
        }
    }

    /// What begins with a name: an aggregation, a call or a selector.
    fn named(&mut self, name: String) -> Result<Expr, Fault> {
        let is_called = matches!(self.kind_after(), TokenKind::Sign("("));
        let is_grouped = matches!(self.kind_after(),
            TokenKind::Name(word) if ["by", "without"].iter().any(|by| word.eq_ignore_ascii_case(by)));
        match AggregateOperator::parse(&name) {
            Some(operator) if is_called || is_grouped => return self.aggregate(operator),
            _ => {}
        }
        if is_called {
            return self.call(&name);
        }
        let reserved = ["bool", "on", "ignoring", "group_left", "group_right", "atan2"];
        if reserved.iter().any(|word| name.eq_ignore_ascii_case(word)) {
            return Err(self.unexpected("", "expression"));
        }
        self.at += 1;
        self.selector(Some(name))
    }

    fn aggregate(&mut self, operator: AggregateOperator) -> Result<Expr, Fault> {
        let start = self.span();
        self.at += 1;
        let before = self.grouping()?;
        let mut arguments = self.arguments("aggregation")?;
        let grouping = match before {
            Some(grouping) => grouping,
            None => self.grouping()?.unwrap_or_default(),
        };
        let span = self.span_from(start);
        let expected = 1 + usize::from(operator.parameter().is_some());
        if arguments.len() != expected {
            return Err(Fault::new(
                span,
                format!(
                    "wrong number of arguments for aggregate expression provided, expected {expected}, got {}",
                    arguments.len()
                ),
            ));
        }
        let (Some(expr), parameter) = (arguments.pop(), arguments.pop()) else {
            return Err(Fault::new(span, "no arguments for aggregate expression provided"));
        };
        let aggregate = Aggregate { operator, expr, parameter, grouping };
        self.make(span, Node::Aggregate(Box::new(aggregate)))
    }

    fn grouping(&mut self) -> Result<Option<Grouping>, Fault> {
        let without = self.is_word("without");
        if !without && !self.is_word("by") {
            return Ok(None);
        }
        self.at += 1;
        Ok(Some(Grouping { without, labels: self.labels()? }))
    }

    fn call(&mut self, name: &str) -> Result<Expr, Fault> {
        let start = self.span();
        let Some(function) = function(name) else {
            return Err(self.fault(format!("unknown function with name {name:?}")));
        };
        self.at += 1;
        let arguments = self.arguments("call to function")?;
        self.make(self.span_from(start), Node::Call(function, arguments))
    }

    fn arguments(&mut self, context: &str) -> Result<Vec<Expr>, Fault> {
        let mut arguments = Vec::new();
        self.expect_sign("(", context)?;
        if self.take_sign(")") {
            return Ok(arguments);
        }
        loop {
            if self.is_sign(")") {
                return Err(self.fault("trailing commas not allowed in function call args"));
            }
            arguments.push(self.expr(0)?);
            if self.take_sign(")") {
                return Ok(arguments);
            }
            if !self.take_sign(",") {
                return Err(match self.kind() {
                    TokenKind::End => self.fault("unclosed left parenthesis"),
                    _ => self.unexpected("", "\",\" or \")\""),
                });
            }
        }
    }

    /// What follows a metric's name, or begins with a brace.
    fn selector(&mut self, name: Option<String>) -> Result<Expr, Fault> {
        let start = if name.is_some() { self.tokens[self.at - 1].span } else { self.span() };
        let mut matchers = Vec::new();
        if self.take_sign("{") {
            while !self.take_sign("}") {
                matchers.push(self.matcher()?);
                if !self.take_sign(",") && !self.is_sign("}") {
                    return Err(self.unexpected("label matching", "\",\" or \"}\""));
                }
            }
        }
        let span = self.span_from(start);
        if let Some(name) = &name {
            let other = matchers.iter().find(|matcher| matcher.name == METRIC_NAME);
            if let Some(other) = other {
                let message = format!("metric name must not be set twice: {name:?} or {:?}", other.value);
                return Err(Fault::new(span, message));
            }
            matchers.push(Matcher::equal(METRIC_NAME, name.as_str()));
        }
        self.make(span, Node::Selector(Selector { name, matchers, shift: Shift::default() }))
    }

    fn matcher(&mut self) -> Result<Matcher, Fault> {
        const CONTEXT: &str = "label matching";
        let name = match self.kind().clone() {
            TokenKind::Name(name) if !name.contains(':') => name,
            TokenKind::Text(name) => {
                if !matches!(self.kind_after(), TokenKind::Sign("=" | "!=" | "=~" | "!~")) {
                    self.at += 1;
                    return Ok(Matcher::equal(METRIC_NAME, name));
                }
                name
            }
            _ => return Err(self.unexpected(CONTEXT, "identifier or \"}\"")),
        };
        self.at += 1;
        let op = match self.kind() {
            TokenKind::Sign("=") => MatchOp::Equal,
            TokenKind::Sign("!=") => MatchOp::NotEqual,
            TokenKind::Sign("=~") => MatchOp::Regex,
            TokenKind::Sign("!~") => MatchOp::NotRegex,
            _ => return Err(self.unexpected(CONTEXT, "label matching operator")),
        };
        self.at += 1;
        let TokenKind::Text(value) = self.kind().clone() else {
            return Err(self.unexpected(CONTEXT, "string"));
        };
        let matcher = Matcher { name, op, value };
        check::check_matcher(&matcher, self.span())?;
        self.at += 1;
        Ok(matcher)
    }
}

fn too_deep(limit: usize) -> String {
    format!("the query is nested deeper than {limit} expressions; split it")
}

/// Seconds as milliseconds; `None` beyond what fits with room to spare.
fn milliseconds(seconds: f64) -> Option<i64> {
    let ms = (seconds * 1000.0).round();
    (ms.abs() < (1_i64 << 60) as f64).then_some(ms as i64)
}

/// Where something's offset and @ are kept.
fn shift_of<'a>(expr: &'a mut Expr, what: &str, span: Span) -> Result<&'a mut Shift, Fault> {
    match &mut expr.node {
        Node::Selector(selector) | Node::Window(selector, _) => Ok(&mut selector.shift),
        Node::Subquery(subquery) => Ok(&mut subquery.shift),
        _ => Err(Fault::new(
            span,
            format!(
                "{what} modifier must be preceded by an instant vector selector or range vector selector or a subquery"
            ),
        )),
    }
}

/// The matchers of one selector.
pub(crate) fn parse_selector(text: &str) -> Result<Vec<Matcher>, Fault> {
    let expr = parse(text)?;
    let span = expr.span;
    match expr.node {
        Node::Selector(selector) if selector.shift == Shift::default() => Ok(selector.matchers),
        _ => Err(Fault::new(span, "expected a series selector")),
    }
}
