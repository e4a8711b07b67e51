//! What is understood of a connection, as its data comes.

use lanner_l7::{Budget, Direction, Exchange, Outcome, Segment, Side, Tracker};
use lanner_model::time::WallNs;

const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const OK: &str = "HTTP/1.1 200 OK\r\n\r\n";
const MS: u64 = 1_000_000;

/// Shows data on one connection, a millisecond between two segments. `>` is sent, `<` received, `x` closes
/// it. Gives one line for each exchange: side, method, path, outcome, milliseconds.
fn told(steps: &[(char, &str)]) -> Vec<String> {
    let mut tracker = Tracker::new(Budget::default());
    let mut lines = Vec::new();
    for (at, (what, data)) in steps.iter().enumerate() {
        let time = WallNs((at as u64 + 1) * MS);
        let mut shown = |direction| tracker.segment(&0, Segment { direction, time, data: data.as_bytes() });
        let ended = match what {
            '>' => shown(Direction::Sent),
            '<' => shown(Direction::Received),
            _ => tracker.closed(&0, time),
        };
        lines.extend(ended.map(|exchange| line(&exchange)));
    }
    tracker.expire(WallNs(0), |_, exchange| lines.push(line(&exchange)));
    lines
}

fn line(exchange: &Exchange) -> String {
    let outcome = match exchange.outcome {
        Outcome::Status(status) => status.to_string(),
        Outcome::Unanswered => "unanswered".to_owned(),
    };
    let took = exchange.duration_ns.map_or("?".to_owned(), |ns| (ns / MS).to_string());
    format!("{} {} {} {outcome} {took}", exchange.side.as_str(), exchange.method, exchange.path)
}

fn check(steps: &[(char, &str)], expected: &[&str]) {
    assert_eq!(told(steps), expected, "{steps:?}");
}

#[test]
fn each_end_tells_the_exchange_from_its_side() {
    check(&[('>', GET), ('<', OK)], &["client GET / 200 1"]);
    check(&[('<', GET), ('>', OK)], &["server GET / 200 1"]);
}

#[test]
fn a_connection_that_is_kept_carries_many() {
    let second = "GET /b HTTP/1.1\r\n\r\n";
    check(
        &[
            ('>', GET),
            ('<', OK),
            ('<', "body"),
            ('>', second),
            ('<', "HTTP/1.1 404 Not Found\r\n"),
            ('x', ""),
        ],
        &["client GET / 200 1", "client GET /b 404 1"],
    );
}

#[test]
fn pipelined_requests_are_answered_in_their_order() {
    let (b, c) = ("GET /b HTTP/1.1\r\n\r\n", "GET /c HTTP/1.1\r\n\r\n");
    check(
        &[('>', GET), ('>', b), ('>', c), ('<', OK), ('<', "HTTP/1.1 500 Oh\r\n"), ('<', OK)],
        &["client GET / 200 3", "client GET /b 500 3", "client GET /c 200 3"],
    );
    check(&[('<', GET), ('<', b), ('>', OK), ('>', OK)], &["server GET / 200 2", "server GET /b 200 2"]);
}

#[test]
fn the_same_request_sent_twice_without_waiting_is_two() {
    check(&[('>', GET), ('>', GET), ('<', OK), ('<', OK)], &["client GET / 200 2", "client GET / 200 2"]);
}

#[test]
fn an_interim_response_ends_nothing() {
    let put = "PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    check(
        &[
            ('>', put),
            ('<', "HTTP/1.1 100 Continue\r\n\r\n"),
            ('>', "data"),
            ('<', "HTTP/1.1 201 Created\r\n"),
        ],
        &["client PUT /a 201 3"],
    );
    check(&[('>', GET), ('<', "HTTP/1.1 103 Early Hints\r\n"), ('<', OK)], &["client GET / 200 2"]);
}

#[test]
fn what_comes_after_a_switch_of_protocols_is_not_http() {
    check(&[('>', GET), ('<', "HTTP/1.1 101 Switching\r\n"), ('>', GET), ('<', OK)], &["client GET / 101 1"]);
    let connect = "CONNECT shop:80 HTTP/1.1\r\n\r\n";
    check(&[('>', connect), ('<', OK), ('>', GET), ('<', OK)], &["client CONNECT shop:80 200 1"]);
    check(
        &[('>', connect), ('<', "HTTP/1.1 407 No\r\n"), ('>', GET), ('<', OK)],
        &["client CONNECT shop:80 407 1", "client GET / 200 1"],
    );
}

#[test]
fn a_response_to_head_needs_no_body() {
    let head = "HEAD /a HTTP/1.1\r\n\r\n";
    check(
        &[('>', head), ('<', "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), ('>', GET), ('<', OK)],
        &["client HEAD /a 200 1", "client GET / 200 1"],
    );
}

#[test]
fn a_response_in_pieces_began_with_its_first() {
    check(
        &[('>', GET), ('<', OK), ('<', "Server: a\r\n"), ('<', "\r\n"), ('<', "hello")],
        &["client GET / 200 1"],
    );
    check(&[('>', GET), ('<', "HTTP/1"), ('<', ".1 2"), ('<', "00 OK\r\n")], &["client GET / 200 1"]);
}

#[test]
fn a_request_that_is_read_byte_by_byte_is_one() {
    let steps: Vec<(char, String)> = GET.chars().map(|byte| ('<', byte.to_string())).collect();
    let mut steps: Vec<(char, &str)> = steps.iter().map(|(what, data)| (*what, data.as_str())).collect();
    steps.push(('>', OK));
    check(&steps, &["server GET / 200 27"]);
}

#[test]
fn a_body_that_looks_like_a_request_is_none() {
    let post = "POST /a HTTP/1.1\r\nContent-Length: 4000\r\n\r\n";
    check(&[('>', post), ('>', GET), ('>', GET), ('<', OK)], &["client POST /a 200 3"]);
    // The fields that announce the body are beyond what was recorded.
    check(&[('<', "POST /a HTTP/1.1\r\nHost: a"), ('<', GET), ('>', OK)], &["server POST /a 200 2"]);
}

#[test]
fn a_body_that_looks_like_a_message_of_the_other_direction_is_none() {
    check(&[('>', GET), ('<', OK), ('<', GET), ('<', OK), ('x', "")], &["client GET / 200 1"]);
    let post = "POST /a HTTP/1.1\r\nContent-Length: 4000\r\n\r\n";
    check(&[('>', post), ('>', OK), ('<', OK)], &["client POST /a 200 2"]);
}

#[test]
fn a_look_without_taking_is_not_counted() {
    check(&[('<', GET), ('<', GET), ('>', OK), ('x', "")], &["server GET / 200 2"]);
    check(&[('<', "GET /lon"), ('<', "GET /long HTTP/1.1\r\n\r\n"), ('>', OK)], &["server GET /long 200 2"]);
    check(&[('<', "GE"), ('<', GET), ('>', OK), ('x', "")], &["server GET / 200 1"]);
    check(
        &[('>', GET), ('<', OK), ('<', OK), ('>', GET), ('<', OK)],
        &["client GET / 200 1", "client GET / 200 1"],
    );
}

#[test]
fn a_response_without_a_request_is_ignored() {
    check(&[('<', OK), ('>', GET), ('<', OK)], &["client GET / 200 1"]);
    check(&[('>', OK), ('<', OK), ('x', "")], &[]);
}

#[test]
fn a_request_without_an_answer_is_told_when_its_connection_ends() {
    check(&[('>', GET), ('x', ""), ('<', OK)], &["client GET / unanswered ?"]);
    check(
        &[('>', GET), ('>', "GET /b HTTP/1.1\r\n\r\n"), ('x', ""), ('>', GET), ('<', OK)],
        &["client GET / unanswered ?", "client GET / 200 1", "client GET /b unanswered ?"],
    );
    check(&[('x', "")], &[]);
}

#[test]
fn other_protocols_are_left_alone() {
    check(&[('>', "*1\r\n$4\r\nPING\r\n"), ('<', "+PONG\r\n"), ('>', "\u{16}\u{3}\u{1}"), ('x', "")], &[]);
    check(&[('>', "GET key\r\n"), ('<', "VALUE\r\n"), ('x', "")], &[]);
}

fn segment(direction: Direction, time: u64, data: &str) -> Segment<'_> {
    Segment { direction, time: WallNs(time), data: data.as_bytes() }
}

#[test]
fn a_clock_that_goes_backwards_makes_no_duration() {
    let mut tracker = Tracker::new(Budget::default());
    tracker.segment(&(), segment(Direction::Sent, 100, GET));
    let exchange = tracker.segment(&(), segment(Direction::Received, 99, OK)).expect("an exchange");
    assert_eq!(exchange.duration_ns, None);
    assert_eq!(exchange.outcome.class(), "2xx");
}

#[test]
fn a_request_that_waits_too_long_is_told_once() {
    let mut tracker = Tracker::new(Budget { answer_within_ns: 50, ..Budget::default() });
    tracker.segment(&1, segment(Direction::Sent, 100, GET));
    tracker.segment(&2, segment(Direction::Sent, 120, GET));
    let mut told = Vec::new();
    tracker.expire(WallNs(150), |key, exchange| told.push((*key, exchange.side, exchange.outcome)));
    assert_eq!(told, [(1, Side::Client, Outcome::Unanswered)]);
    assert!(tracker.segment(&1, segment(Direction::Received, 160, OK)).is_none());
    assert!(tracker.segment(&2, segment(Direction::Received, 160, OK)).is_some());
}

#[test]
fn quiet_connections_are_forgotten_without_being_missed() {
    let mut tracker = Tracker::new(Budget { quiet_ns: 50, ..Budget::default() });
    tracker.segment(&1, segment(Direction::Sent, 100, GET));
    tracker.segment(&1, segment(Direction::Received, 110, OK));
    tracker.expire(WallNs(159), |_, _| {});
    assert_eq!(tracker.connections(), 1);
    tracker.expire(WallNs(160), |_, _| {});
    assert_eq!((tracker.connections(), tracker.evicted()), (0, 0));
}

#[test]
fn the_connection_quiet_longest_is_forgotten_first_and_counted() {
    let mut tracker = Tracker::new(Budget { connections: 2, ..Budget::default() });
    tracker.segment(&1, segment(Direction::Sent, 1, GET));
    tracker.segment(&2, segment(Direction::Sent, 2, GET));
    tracker.segment(&1, segment(Direction::Sent, 3, "more"));
    tracker.segment(&3, segment(Direction::Sent, 4, GET));
    assert_eq!((tracker.connections(), tracker.evicted()), (2, 1));
    assert!(tracker.segment(&2, segment(Direction::Received, 5, OK)).is_none());
    assert!(tracker.segment(&1, segment(Direction::Received, 5, OK)).is_some());
}

#[test]
fn a_connection_with_too_many_open_requests_is_left_alone() {
    let mut tracker = Tracker::new(Budget { pending: 2, ..Budget::default() });
    for time in 0..3 {
        tracker.segment(&1, segment(Direction::Sent, time, GET));
    }
    assert_eq!(tracker.evicted(), 3);
    assert!(tracker.segment(&1, segment(Direction::Received, 5, OK)).is_none());
    assert!(tracker.closed(&1, WallNs(6)).is_none());
    tracker.segment(&1, segment(Direction::Sent, 7, GET));
    assert!(tracker.segment(&1, segment(Direction::Received, 8, OK)).is_some());
}
