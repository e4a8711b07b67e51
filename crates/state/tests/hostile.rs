//! Whatever bytes a file has, state neither panics nor grows beyond its budget, and every field can be
//! asked.

use lanner_model::event::{EVENTS, EventBuf, EventType};
use lanner_model::field::{FIELDS, FieldArg, FieldArgument, FieldId, FieldRef};
use lanner_model::snapshot::Record;
use lanner_model::source::Delivery;
use lanner_rules::Facts;
use lanner_state::{Budget, State};
use lanner_testkit::{file, process, thread};
use proptest::prelude::*;

/// Every field, those with an argument with some.
fn every_field() -> Vec<FieldRef> {
    let mut fields = Vec::new();
    for info in FIELDS {
        let id = FieldId::by_name(info.name).expect("the table names its fields");
        let arguments: &[Option<FieldArg>] = match info.argument {
            FieldArgument::None => &[None],
            FieldArgument::OptionalIndex => {
                &[None, Some(FieldArg::Index(0)), Some(FieldArg::Index(1)), Some(FieldArg::Index(u32::MAX))]
            }
            FieldArgument::RequiredKey => {
                &[Some(FieldArg::Index(0)), Some(FieldArg::Index(u32::MAX)), Some(FieldArg::Key("fd".into()))]
            }
            FieldArgument::OptionalKey => {
                &[None, Some(FieldArg::Key("PATH".into())), Some(FieldArg::Key("2".into()))]
            }
        };
        fields.extend(arguments.iter().map(|argument| FieldRef { id, argument: argument.clone() }));
    }
    fields
}

/// Bytes of a parameter: numbers that mean something to somebody, and anything.
fn parameter() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![Just(0_i64), Just(-1), Just(-100), Just(-2), 1..20_i64, any::<i64>()];
    prop_oneof![
        4 => number.clone().prop_map(|number| number.to_le_bytes().to_vec()),
        2 => number.prop_map(|number| (number as u32).to_le_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
        1 => Just(Vec::new()),
        2 => "(/|\\.\\./|\\./|[a-z]{1,4}){0,6}".prop_map(|text| { let mut text = text.into_bytes(); text.push(0); text }),
        2 => (prop_oneof![Just(1_u8), Just(2), Just(10), any::<u8>()], prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(family, rest)| [vec![family], rest].concat()),
        1 => prop::collection::vec(any::<u8>(), 0..64),
    ]
}

fn event() -> impl Strategy<Value = (u16, i64, Vec<Vec<u8>>)> {
    let tid = prop_oneof![8 => 0..12_i64, 1 => any::<i64>()];
    let number = prop_oneof![20 => 0..EVENTS.len() as u16, 1 => any::<u16>()];
    (number, tid, prop::collection::vec(parameter(), 0..34))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_parameters_are_survived(events in prop::collection::vec(event(), 1..60)) {
        let fields = every_field();
        let budget = Budget {
            threads: 16,
            fds: 64,
            fds_per_process: 8,
            fd_bytes: 20_000,
            text_bytes: 64,
            total_text_bytes: 1_000,
            cgroups: 4,
        };
        let mut state = State::new(budget);
        let records: [Record; 4] =
            [process(1, 0, "init"), process(2, 1, "sh"), thread(3, 2, 1, "worker"), file(2, 3, "/etc/passwd")];
        for record in &records {
            state.record(record);
        }
        let mut buf = EventBuf::new();
        for (index, (number, tid, params)) in events.iter().enumerate() {
            let time = 1_700_000_000_000_000_000 + index as u64;
            let event = buf.build(EventType(*number), time, *tid, |p| {
                for param in params {
                    p.bytes(param);
                }
            });
            let view = state.observe(&Delivery { number: index as u64 + 1, cpu: 0, event });
            for field in &fields {
                let _ = view.value(field);
            }
            let _ = view.ancestry();
            let (threads, fds) = (state.thread_count(), state.fd_count());
            prop_assert!(threads <= 16 + 1, "{threads} threads");
            prop_assert!(fds <= 64, "{fds} descriptors");
        }
    }
}

#[test]
fn every_field_can_be_asked_of_every_event() {
    let fields = every_field();
    let mut state = State::new(Budget::default());
    let mut buf = EventBuf::new();
    for (number, info) in EVENTS.iter().enumerate() {
        let event = buf.build(EventType(number as u16), 1, 7, |p| {
            for _ in info.params {
                p.i64(3);
            }
        });
        let view = state.observe(&Delivery { number: 1, cpu: 0, event });
        for field in &fields {
            let _ = view.text(field);
        }
    }
}
