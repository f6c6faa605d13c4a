//! Counts the calls of each key.

use std::collections::VecDeque;

use jiff::Timestamp;

/// The calls with one key.
///
/// ```
/// use qris_sandbox::Sandbox;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = Sandbox::start().await?;
/// let calls = sandbox.calls();
/// assert_eq!((calls.creates(), calls.checks(), calls.busiest_minute()), (0, 0, 0));
/// # Ok::<(), qris_sandbox::StartError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Calls {
    creates: usize,
    checks: usize,
    /// The last checks: the time and the invoice.
    recent: VecDeque<(Timestamp, Option<u64>)>,
}

/// The number of remembered checks.
const REMEMBERED: usize = 100_000;

impl Calls {
    /// The number of creates.
    pub const fn creates(&self) -> usize {
        self.creates
    }

    /// The number of checks.
    pub const fn checks(&self) -> usize {
        self.checks
    }

    /// The times at which an invoice was checked, by the sandbox's clock, among the last 100,000 checks.
    pub fn checks_of(&self, invoice_id: u64) -> Vec<Timestamp> {
        let of_invoice = self.recent.iter().filter(|(_, id)| *id == Some(invoice_id));
        of_invoice.map(|&(at, _)| at).collect()
    }

    /// The maximum number of checks in any 60 seconds of the sandbox's clock, among the last 100,000.
    pub fn busiest_minute(&self) -> usize {
        let mut times: Vec<Timestamp> = self.recent.iter().map(|&(at, _)| at).collect();
        times.sort_unstable();
        let mut from = 0;
        let mut most = 0;
        for (to, &at) in times.iter().enumerate() {
            while times.get(from).is_some_and(|&first| at.duration_since(first).as_secs() >= 60) {
                from += 1;
            }
            most = most.max(to + 1 - from);
        }
        most
    }

    pub(crate) fn count_create(&mut self) {
        self.creates += 1;
    }

    pub(crate) fn count_check(&mut self, now: Timestamp, invoice_id: Option<u64>) {
        self.checks += 1;
        if self.recent.len() == REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back((now, invoice_id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_minute_is_sixty_seconds_wide_wherever_it_begins() {
        let mut calls = Calls::default();
        for second in [0, 30, 59, 60, 89, 200] {
            calls.count_check(Timestamp::from_second(second).unwrap(), Some(1));
        }
        assert_eq!(calls.busiest_minute(), 4, "30, 59, 60 and 89");
    }
}
