//! Random values, from the seed only.

use std::ops::Range;
use std::time::Duration;

use fastrand::Rng;

/// A source of random values for one purpose. Two purposes never share one, so that a run with
/// one order less is the same run for the others, and shrinking works.
#[derive(Clone, Debug)]
pub(crate) struct Chance(Rng);

impl Chance {
    /// The source of a seed for a purpose, which a name and two numbers identify.
    pub(crate) fn new(seed: u64, purpose: &str, first: u64, second: u64) -> Self {
        let mut mixed = seed ^ 0x9E37_79B9_7F4A_7C15;
        let numbers = [first, second].into_iter();
        for part in purpose.bytes().map(u64::from).chain(numbers) {
            mixed = (mixed ^ part).wrapping_mul(0xBF58_476D_1CE4_E5B9).rotate_left(27);
        }
        Self(Rng::with_seed(mixed))
    }

    /// Whether an event with this probability in a thousand happens.
    pub(crate) fn per_mille(&mut self, often: u32) -> bool {
        often > 0 && self.0.u32(0..1000) < often
    }

    pub(crate) fn number(&mut self, range: Range<u64>) -> u64 {
        self.0.u64(range)
    }

    /// An index below this number.
    pub(crate) fn index(&mut self, count: usize) -> usize {
        self.0.usize(0..count)
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.0.usize(0..from.len())]
    }

    /// A time between two times, in milliseconds.
    pub(crate) fn time(&mut self, range: Range<Duration>) -> Duration {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (from, to) = (millis(range.start), millis(range.end));
        Duration::from_millis(self.0.u64(from..to.max(from + 1)))
    }

    /// A time between two times, with equal probability for each doubling.
    pub(crate) fn any_time(&mut self, range: Range<Duration>) -> Duration {
        let (from, to) = (range.start.as_secs_f64().max(0.001), range.end.as_secs_f64());
        Duration::from_secs_f64(from * (to / from).powf(self.0.f64()))
    }
}
