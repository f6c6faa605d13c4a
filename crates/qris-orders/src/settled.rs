//! Records payments that the provider settled and the ledger lacks.

use qris_ledger::{OnPossibleMatch, SettledBooking, Settlement};

use crate::{Clock, Context, Error, OrderService, Provider, SharedLedger};

impl<P: Provider, L: SharedLedger, C: Clock> OrderService<P, L, C> {
    /// Records an order from a settlement line whose payment the ledger lacks, once: see
    /// [`Ledger::book_settled`](qris_ledger::Ledger::book_settled).
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`LineBooked`](qris_ledger::Error::LineBooked) if the line's payment is in the
    /// ledger or its order is still to be checked, and with [`Absent`](qris_ledger::Error::Absent);
    /// [`Error::UnknownMerchant`].
    pub async fn book_settled(
        &self,
        context: &Context,
        key: &str,
        doubt: OnPossibleMatch,
    ) -> Result<SettledBooking, Error> {
        let (key, now) = (key.to_owned(), self.served(context)?.now());
        let booked =
            self.ledger.write(context, move |ledger| ledger.book_settled(&key, doubt, now));
        let booked = booked.await?;
        if let SettledBooking::Booked(order) = &booked {
            self.settled(Settlement::Settled, order);
        }
        Ok(booked)
    }
}
