//! Bytes from outside never make a reader panic or leave its bytes.

use lanner_model::event::{EventBuf, EventRef, EventType, FdInfo, SockAddr, SockTuple};

/// A small generator with a fixed seed (xorshift), so that a failure can be seen again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.roll() % limit.max(1) as u64) as usize
    }
}

/// Calls everything that reads.
fn read_all(event: &EventRef<'_>) {
    let mut bytes = 0;
    for (index, param) in event.params().enumerate().take(64) {
        assert_eq!(param, event.param(index));
        bytes += param.map_or(0, <[u8]>::len);
        let numbers = (event.u64(index), event.i64(index));
        assert_eq!(numbers.0.is_some(), numbers.1.is_some());
        assert!(event.texts(index).count() <= param.map_or(0, <[u8]>::len) + 1);
        if let Some(param) = param {
            let _ = SockAddr::decode(param);
            let _ = SockTuple::decode(param);
            let _ = FdInfo::decode(param);
        }
    }
    assert!(bytes <= event.bytes().len());
    let _ = event.fd_info();
    assert!(event.param(usize::MAX).is_none());
}

#[test]
fn damaged_events_are_refused_or_read_without_panic() {
    let mut dice = Dice(0x1a_77e5);
    let mut buf = EventBuf::new();
    let mut parsed = 0;
    for round in 0..20_000 {
        let event_type = EventType(dice.below(470) as u16);
        let count = dice.below(9);
        let event = buf.build(event_type, dice.roll(), 7, |params| {
            for _ in 0..count {
                match dice.below(4) {
                    0 => params.empty(),
                    1 => params.u64(dice.roll()),
                    2 => params.text(b"/etc/passwd"),
                    _ => params.bytes(&dice.roll().to_le_bytes()[..dice.below(9)]),
                }
            }
        });
        let mut bytes = event.bytes().to_vec();
        for _ in 0..round % 4 {
            let at = dice.below(bytes.len());
            bytes[at] = dice.roll() as u8;
        }
        if round % 5 == 0 {
            bytes.truncate(dice.below(bytes.len()));
        }
        for event in [EventRef::parse(&bytes), EventRef::parse_wide(&bytes)].iter().flatten() {
            read_all(event);
            parsed += 1;
        }
    }
    assert!(parsed > 5_000, "only {parsed} were read");
}

#[test]
fn parameter_counts_beyond_the_bytes_are_refused() {
    let mut bytes = vec![0; 26];
    bytes[16] = 26;
    bytes[22..26].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(EventRef::parse(&bytes).is_err());
    assert!(EventRef::parse_wide(&bytes).is_err());
}
