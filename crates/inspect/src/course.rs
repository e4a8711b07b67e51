//! Numbers over time, when nobody knows beforehand how long it takes.

/// Steps that are kept; each has the length of a power of two in nanoseconds.
const SLOTS: usize = 1_024;
/// The first length of a step: about a microsecond.
const FIRST_SHIFT: u32 = 10;

/// Courses of several numbers over the same time. It begins with short steps; whenever the time does not
/// fit, each two become one.
#[derive(Debug)]
pub(crate) struct Courses<const N: usize> {
    values: [Vec<u64>; N],
    first: Option<u64>,
    last: u64,
    shift: u32,
}

/// The steps into which a capture's time is divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Where the first begins, nanoseconds since the epoch.
    pub from_ns: u64,
    /// How long each is, in nanoseconds.
    pub step_ns: u64,
    /// How many there are.
    pub count: usize,
}

impl<const N: usize> Courses<N> {
    pub(crate) fn new() -> Self {
        Self { values: std::array::from_fn(|_| vec![0; SLOTS]), first: None, last: 0, shift: FIRST_SHIFT }
    }

    /// Takes note that something happened, and gives the place of that moment.
    pub(crate) fn at(&mut self, time_ns: u64) -> usize {
        let first = *self.first.get_or_insert(time_ns);
        // Events of several CPUs may be a little out of order: what is before the first counts as first.
        let since = time_ns.saturating_sub(first);
        self.last = self.last.max(first.saturating_add(since));
        while since >> self.shift >= SLOTS as u64 {
            self.halve();
        }
        (since >> self.shift) as usize
    }

    /// Adds to a number at a place that [`Courses::at`] gave for the moment.
    pub(crate) fn add(&mut self, which: usize, place: usize, amount: u64) {
        if let Some(value) = self.values.get_mut(which).and_then(|values| values.get_mut(place)) {
            *value = value.saturating_add(amount);
        }
    }

    /// The first and the last moment; `None` when nothing happened.
    pub(crate) fn span(&self) -> Option<(u64, u64)> {
        Some((self.first?, self.last))
    }

    /// All numbers in at most `most` equal steps, those after the last event left out.
    pub(crate) fn in_steps(&self, most: usize) -> (Steps, [Vec<u64>; N]) {
        let Some((first, last)) = self.span() else {
            return (Steps::default(), std::array::from_fn(|_| Vec::new()));
        };
        let used = ((last - first) >> self.shift) as usize + 1;
        let together = used.div_ceil(most.max(1));
        let values = std::array::from_fn(|which| {
            self.values[which][..used].chunks(together).map(|slots| slots.iter().sum()).collect()
        });
        let step_ns = (together as u64) << self.shift;
        (Steps { from_ns: first, step_ns, count: used.div_ceil(together) }, values)
    }

    fn halve(&mut self) {
        self.shift += 1;
        for values in &mut self.values {
            for place in 0..SLOTS / 2 {
                values[place] = values[2 * place].saturating_add(values[2 * place + 1]);
            }
            values[SLOTS / 2..].fill(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_when_steps_become_longer() {
        const SECOND: u64 = 1_000_000_000;
        let mut courses: Courses<1> = Courses::new();
        for second in 0..100 {
            let place = courses.at(5 * SECOND + second * SECOND);
            courses.add(0, place, second);
        }
        let (steps, [values]) = courses.in_steps(50);
        assert_eq!(values.iter().sum::<u64>(), 4_950);
        assert_eq!((steps.from_ns, steps.count), (5 * SECOND, values.len()));
        assert!((25..=50).contains(&steps.count), "{steps:?}");
        let end = steps.from_ns + steps.step_ns * steps.count as u64;
        assert!(end > 104 * SECOND && end - 104 * SECOND <= steps.step_ns, "{steps:?}");
    }

    #[test]
    fn no_time_is_too_long_or_runs_backwards() {
        let mut courses: Courses<1> = Courses::new();
        for time in [7, 3, u64::MAX, 0] {
            let place = courses.at(time);
            courses.add(0, place, 1);
        }
        assert_eq!(courses.in_steps(4).1[0].iter().sum::<u64>(), 4);
        assert_eq!(Courses::<1>::new().in_steps(4).0, Steps::default());
    }
}
