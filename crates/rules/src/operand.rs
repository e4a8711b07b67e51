//! The left side of a check, or a field on its right: names to fields.

use lanner_model::event::EVENTS;
use lanner_model::field::{FieldArg, FieldArgument, FieldId, FieldInfo, FieldKind, FieldRef};

use crate::ast::{Function, Term};
use crate::builder::Builder;
use crate::computed::{self, Computed};
use crate::diagnostic::{Code, Report};
use crate::source::Location;
use crate::suggestion;
use crate::text;

/// A term with its names resolved.
#[derive(Debug)]
pub(crate) struct Operand {
    pub(crate) computed: Computed,
    pub(crate) kind: FieldKind,
    /// As the rule writes it.
    pub(crate) text: String,
    /// The field, when it is one without a transformer.
    pub(crate) field: Option<FieldRef>,
    /// It has a value per ancestor.
    pub(crate) is_ancestry: bool,
    is_list: bool,
}

impl Operand {
    pub(crate) fn resolve(term: &Term, builder: &mut Builder, report: &mut Report<'_>) -> Option<Self> {
        match term {
            Term::Field { name, argument, at } => {
                let field = resolve_field(name, argument.as_deref(), *at, report)?;
                let Some(slot) = builder.field(field.clone()) else {
                    report.error(Code::UnknownField, *at, "more than 65535 different fields");
                    return None;
                };
                let info = field.id.info();
                let indexed = field.argument.is_some();
                // `fd.types[0]` is one text of the list.
                let kind =
                    if info.kind == FieldKind::TextList && indexed { FieldKind::Text } else { info.kind };
                Some(Self {
                    computed: Computed::Field(slot),
                    kind,
                    text: text::field(name, argument.as_deref()),
                    is_ancestry: !indexed
                        && info.name.starts_with("proc.a")
                        && info.argument != FieldArgument::None,
                    is_list: kind == FieldKind::TextList,
                    field: Some(field),
                })
            }
            Term::Literal(literal) => Some(Self {
                computed: Computed::Constant(literal.bytes.as_slice().into()),
                kind: FieldKind::Text,
                text: text::literal(&literal.bytes),
                field: None,
                is_ancestry: false,
                is_list: false,
            }),
            Term::List { items } => {
                let items = Self::resolve_all(items, builder, report)?;
                Some(Self {
                    text: format!("({})", joined_texts(&items)),
                    computed: Computed::List(items.into_iter().map(|item| item.computed).collect()),
                    kind: FieldKind::TextList,
                    field: None,
                    is_ancestry: false,
                    is_list: true,
                })
            }
            Term::Call { function, arguments, at } => {
                let arguments = Self::resolve_all(arguments, builder, report)?;
                Self::call(*function, arguments, *at, report)
            }
        }
    }

    fn resolve_all(terms: &[Term], builder: &mut Builder, report: &mut Report<'_>) -> Option<Vec<Self>> {
        let operands: Vec<_> = terms.iter().map(|term| Self::resolve(term, builder, report)).collect();
        operands.into_iter().collect()
    }

    fn call(
        function: Function,
        arguments: Vec<Operand>,
        at: Location,
        report: &mut Report<'_>,
    ) -> Option<Self> {
        let text = format!("{}({})", function.word(), joined_texts(&arguments));
        let wanted = match function {
            Function::Join if arguments.len() != 2 => Some("a separator and a list"),
            Function::Join if arguments[0].is_list || !arguments[1].is_list => Some("a separator and a list"),
            Function::Concat if arguments.len() < 2 || arguments.iter().any(|argument| argument.is_list) => {
                Some("two or more texts")
            }
            Function::Join | Function::Concat => None,
            _ if arguments.len() != 1 => Some("one argument"),
            _ => None,
        };
        let kind =
            arguments.first().and_then(|first| computed::result_kind(function, first.kind, first.is_list));
        let (None, Some(kind)) = (wanted, kind) else {
            let wanted = wanted.unwrap_or("text");
            report.error(Code::Transformer, at, format!("`{}` takes {wanted}", function.word()));
            return None;
        };
        let is_list = kind == FieldKind::TextList;
        if let (Function::Value, [only]) = (function, arguments.as_slice()) {
            // It only says that the right side is a field, not a text.
            let computed = only.computed.clone();
            return Some(Self {
                computed,
                kind,
                text,
                field: only.field.clone(),
                is_ancestry: only.is_ancestry,
                is_list,
            });
        }
        let computed =
            Computed::Call(function, arguments.into_iter().map(|argument| argument.computed).collect());
        Some(Self { computed, kind, text, field: None, is_ancestry: false, is_list })
    }

    pub(crate) fn is_event_type(&self) -> bool {
        self.is_field("evt.type")
    }

    pub(crate) fn is_field(&self, name: &str) -> bool {
        self.field.as_ref().is_some_and(|field| field.id.info().name == name)
    }
}

fn joined_texts(operands: &[Operand]) -> String {
    operands.iter().map(|operand| operand.text.as_str()).collect::<Vec<_>>().join(", ")
}

/// The field of a name, or a message that says what is wrong with it.
pub(crate) fn resolve_field(
    name: &str,
    argument: Option<&str>,
    at: Location,
    report: &mut Report<'_>,
) -> Option<FieldRef> {
    let written = text::field(name, argument);
    if let Some(field) = FieldRef::parse(&written) {
        check_parameter_name(&field, at, report);
        return Some(field);
    }
    match FieldId::by_name(name) {
        Some(id) => {
            let (message, hint) = argument_mistake(id.info(), argument);
            report.error_with_hint(Code::FieldArgument, at, message, hint);
        }
        None => report.error_with_hint(
            Code::UnknownField,
            at,
            format!("unknown field `{written}`"),
            suggestion::field(name),
        ),
    }
    None
}

fn argument_mistake(info: &FieldInfo, argument: Option<&str>) -> (String, String) {
    let name = info.name;
    match (info.argument, argument) {
        (FieldArgument::None, _) => (format!("`{name}` takes no argument"), format!("write `{name}`")),
        (FieldArgument::OptionalIndex, Some(argument)) => {
            (format!("`{argument}` is no number"), format!("`{name}` takes a number, such as `{name}[1]`"))
        }
        (FieldArgument::RequiredKey, _) => {
            (format!("`{name}` needs an argument"), format!("such as `{name}[0]` or `{name}.flags`"))
        }
        _ => (format!("`{name}` cannot have this argument"), format!("such as `{name}[HOME]`")),
    }
}

/// `evt.arg.flgas` is no mistake of grammar, but no event will ever have it.
fn check_parameter_name(field: &FieldRef, at: Location, report: &mut Report<'_>) {
    let info = field.id.info();
    let Some(FieldArg::Key(key)) = &field.argument else {
        return;
    };
    if !matches!(info.name, "evt.arg" | "evt.rawarg") {
        return;
    }
    let names = || EVENTS.iter().flat_map(|event| event.params).map(|parameter| parameter.name);
    if names().any(|name| name == &**key) {
        return;
    }
    let hint = suggestion::closest(key, names()).map(|meant| format!("did you mean `{meant}`?"));
    report.warning(Code::FieldArgument, at, format!("no event has a parameter `{key}`"), hint);
}
