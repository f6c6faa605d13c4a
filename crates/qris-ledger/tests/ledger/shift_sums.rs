//! Shifts after random steps: each payment is in one shift, or outside.

use std::collections::BTreeMap;

use proptest::prelude::*;
use qris_api::WibTime;
use qris_ledger::{Error, Ledger, ShiftId, ShiftReport, Unanswered};

#[derive(Default)]
pub(crate) struct Shifts {
    /// The last one.
    last: Option<ShiftId>,
    /// The reports of the closed shifts.
    reports: BTreeMap<ShiftId, ShiftReport>,
    /// The number of payments before the first shift.
    before: u64,
}

impl Shifts {
    pub(crate) fn open(&mut self, ledger: &mut Ledger, now: WibTime) -> Result<(), Error> {
        self.last = Some(ledger.open_shift("Siti", now)?.id);
        Ok(())
    }

    /// Closes the last shift, which may already be closed.
    pub(crate) fn close(
        &mut self,
        ledger: &mut Ledger,
        unanswered: Unanswered,
        now: WibTime,
    ) -> Result<(), Error> {
        let Some(shift) = self.last else { return Ok(()) };
        let (_, report) = ledger.close_shift(shift, unanswered, now)?;
        self.reports.insert(shift, report);
        Ok(())
    }

    /// One more payment was recorded.
    pub(crate) fn note_payment(&mut self) {
        self.before += u64::from(self.last.is_none());
    }

    /// The closed shifts, the open shift, and the payments outside add up to all payments.
    pub(crate) fn add_up(
        &self,
        ledger: &Ledger,
        now: WibTime,
        payments: usize,
    ) -> Result<(), TestCaseError> {
        let mut found = self.before;
        let shifts = ledger.shifts(None, 1_000).expect("shifts");
        for (shift, number) in shifts.iter().rev().zip(1..) {
            prop_assert_eq!(shift.number, number, "no gap");
            let (_, report) = ledger.shift_report(shift.id).expect("a report");
            let methods: u64 = report.methods.iter().map(|line| line.total.count).sum();
            prop_assert_eq!(methods, report.payments.count);
            let of_them = report.late.total.count.max(report.overpaid.total.count);
            prop_assert!(of_them <= report.payments.count);
            found += report.payments.count + report.outside.total.count;
            match (&shift.closed, self.reports.get(&shift.id)) {
                (Some(closed), Some(said)) => {
                    prop_assert_eq!(&report, said, "a closed shift stays as it was");
                    prop_assert_eq!(closed.payments, report.payments.count);
                }
                (None, None) => prop_assert_eq!(self.last, Some(shift.id)),
                other => prop_assert!(false, "shift {} is {:?}", number, other),
            }
        }
        let is_open = shifts.first().is_some_and(|shift| shift.closed.is_none());
        if !shifts.is_empty() && !is_open {
            found += outside_so_far(ledger, now);
        }
        prop_assert_eq!(found, payments as u64, "each payment is in one place");
        Ok(())
    }
}

/// The payments since the last shift was closed, as the next report will list them.
fn outside_so_far(ledger: &Ledger, now: WibTime) -> u64 {
    let mut next = Ledger::in_memory().expect("memory");
    next.restore(&ledger.snapshot().expect("a snapshot")).expect("restored");
    let shift = next.open_shift("next", now).expect("none is open");
    next.shift_report(shift.id).expect("a report").1.outside.total.count
}
