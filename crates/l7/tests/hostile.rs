//! Whatever comes over a network: nothing panics, and memory stays within its budget.

use lanner_l7::{Budget, Direction, Outcome, Segment, Tracker};
use lanner_model::time::WallNs;
use proptest::collection::vec;
use proptest::prelude::*;

/// Data that is close to what is understood, and data that is not.
fn data() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just("GET ".to_owned()),
        Just("POST ".to_owned()),
        Just("CONNECT ".to_owned()),
        Just("HTTP/1.1 ".to_owned()),
        Just("HTTP/1.".to_owned()),
        Just("200".to_owned()),
        Just("101".to_owned()),
        Just("100".to_owned()),
        Just("/".to_owned()),
        Just(" HTTP/1.1\r\n".to_owned()),
        Just("Content-Length: ".to_owned()),
        Just("18446744073709551616".to_owned()),
        Just("\r\n\r\n".to_owned()),
        "[a-z/?#:]{0,200}",
    ];
    prop_oneof![vec(word, 0..6).prop_map(|words| words.concat().into_bytes()), vec(any::<u8>(), 0..40),]
}

proptest! {
    #[test]
    fn nothing_panics_and_memory_is_bounded(
        steps in vec((0_u8..8, any::<bool>(), any::<u64>(), data(), 0_u8..10), 0..200),
    ) {
        let budget = Budget { connections: 5, pending: 3, bytes: 2_000, answer_within_ns: 1 << 62, quiet_ns: 1 << 62 };
        let mut tracker = Tracker::new(budget);
        let mut requests_at_most = 0;
        let mut ended = 0;
        for (key, is_sent, time, data, what) in steps {
            let direction = if is_sent { Direction::Sent } else { Direction::Received };
            match what {
                0 => ended += usize::from(tracker.closed(&key, WallNs(time)).is_some()),
                1 => tracker.expire(WallNs(time), |_, exchange| {
                    assert_eq!(exchange.outcome, Outcome::Unanswered);
                    ended += 1;
                }),
                _ => {
                    requests_at_most += 1;
                    let segment = Segment { direction, time: WallNs(time), data: &data };
                    if let Some(exchange) = tracker.segment(&key, segment) {
                        prop_assert!(exchange.path.len() <= 3 * 128);
                        prop_assert!(matches!(exchange.outcome, Outcome::Status(100..=599)));
                        ended += 1;
                    }
                }
            }
            prop_assert!(tracker.connections() <= budget.connections);
            prop_assert!(tracker.bytes() <= budget.bytes);
        }
        prop_assert!(ended <= requests_at_most);
    }

    /// One request after another, cut at any place: each is told once, in its order.
    #[test]
    fn whoever_waits_for_answers_is_understood(
        cuts in vec((any::<u8>(), any::<u8>(), 200_u16..600), 1..40),
        is_client in any::<bool>(),
    ) {
        let mut tracker = Tracker::new(Budget::default());
        let mut time = 0;
        let mut told = Vec::new();
        let (asks, answers) = if is_client {
            (Direction::Sent, Direction::Received)
        } else {
            (Direction::Received, Direction::Sent)
        };
        for (cut_request, cut_response, status) in &cuts {
            let request = format!("GET /{status} HTTP/1.1\r\nHost: a\r\n\r\n");
            let response = format!("HTTP/1.1 {status} x\r\n\r\nbody");
            for (direction, text, cut) in [(asks, request, cut_request), (answers, response, cut_response)] {
                let (head, tail) = text.as_bytes().split_at(usize::from(*cut) % text.len());
                for data in [head, tail] {
                    time += 1;
                    told.extend(tracker.segment(&0, Segment { direction, time: WallNs(time), data }));
                }
            }
        }
        let statuses: Vec<Outcome> = told.iter().map(|exchange| exchange.outcome).collect();
        let expected: Vec<Outcome> = cuts.iter().map(|(_, _, status)| Outcome::Status(*status)).collect();
        prop_assert_eq!(statuses, expected);
        prop_assert_eq!(tracker.evicted(), 0);
    }
}
