//! The steps of an order, as a program calls them.

use std::sync::Arc;
use std::time::Duration;

use qris_api::webhook::WebhookEvent;
use qris_api::{InvoiceId, ManualCheck, TransactionNumber};
use qris_ledger::{NewOrder, OnPossibleMatch, Order, OutboxEvent, SettledBooking};

use super::Orders;
use crate::{Cancelled, Charged, Checked, Error, Renewed, Resolved, WebhookOutcome};

impl Orders {
    /// Records an order and requests its code from the provider. Draw the `qris_content` of the returned order's
    /// [`invoice`](Order::invoice), and show it until [`shown_until`](Order::shown_until).
    ///
    /// The same number with the same amount returns the existing order ([`Charged::Known`]) and requests no
    /// second code, so a charge can be repeated after a crash. The existing order keeps its first terms, such as
    /// its channel and tip. If another process is requesting the code, this waits for it. It completes even if
    /// the future is dropped. There is an example at [`Orders`].
    ///
    /// # Errors
    ///
    /// [`Error::Provider`] if there is no code; [`state_after`](crate::state_after) gives the state of the
    /// order. With [`Invalid`](qris_api::Error::Invalid), for an amount outside the limits, nothing was
    /// recorded. [`Error::Ledger`] with [`Conflict`](qris_ledger::Error::Conflict) if the number has another
    /// amount, with [`OtherReference`](qris_ledger::Error::OtherReference), with
    /// [`UsedEarlier`](qris_ledger::Error::UsedEarlier) if the number is of an earlier day, or if the code
    /// [must not be shown](qris_ledger::Error::is_mismatch). [`Error::StillRequested`] if the process that
    /// requests the code may have been killed.
    pub async fn charge(&self, order: &NewOrder) -> Result<Charged, Error> {
        let order = order.clone();
        let call = |orders: Self| async move {
            orders.shared.service.charge(&orders.context, &order).await
        };
        self.to_its_end(call).await
    }

    /// Records an order without requesting a code, for example a bill. Its state is
    /// [`Open`](crate::State::Open) until its [first code](Self::first_code) is requested. An order that exists
    /// with the same number and amount is returned as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Provider`] with [`Invalid`](qris_api::Error::Invalid) for an amount outside the limits;
    /// [`Error::Ledger`] with [`Conflict`](qris_ledger::Error::Conflict) if the number has another amount, with
    /// [`OtherReference`](qris_ledger::Error::OtherReference) or with
    /// [`UsedEarlier`](qris_ledger::Error::UsedEarlier).
    pub async fn open(&self, order: &NewOrder) -> Result<Charged, Error> {
        self.shared.service.open(&self.context, order).await
    }

    /// Requests the first code of an [open](Self::open) order, and returns the order with it. It completes even
    /// if the future is dropped.
    ///
    /// ```
    /// # use qris_api::{ApiKey, Client, MerchantId, Rupiah, TransactionNumber};
    /// # use qris_orders::{NewOrder, Orders, OrdersSettings, State};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = qris_sandbox::Sandbox::start().await?;
    /// # let folder = tempfile::tempdir()?;
    /// # let url = format!("sqlite://{}", folder.path().join("shop.db").display());
    /// # let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
    /// #     .base_url(sandbox.base_url());
    /// # let orders = Orders::connect(OrdersSettings::main(client, url)).await?;
    /// let bill = NewOrder::new(TransactionNumber::parse("BILL-2026-11")?, Rupiah::new(25_578));
    /// orders.open(&bill).await?;
    /// // Later, when the customer opens the bill:
    /// let order = orders.first_code(&bill.number).await?;
    /// assert_eq!(order.state, State::Pending);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that is not open, and with
    /// [`Absent`](qris_ledger::Error::Absent) for an unknown number; the errors of [`charge`](Self::charge) for
    /// the code.
    pub async fn first_code(&self, number: &TransactionNumber) -> Result<Order, Error> {
        let number = number.clone();
        let call = |orders: Self| async move {
            orders.shared.service.first_code(&orders.context, &number).await
        };
        self.to_its_end(call).await
    }

    /// Requests a new code for an order whose last code is no longer shown. Every older code is checked first,
    /// so this takes up to 25 s. If one of them is paid, there is no new code: [`Renewed::Paid`]. It completes
    /// even if the future is dropped.
    ///
    /// ```
    /// # use qris_api::{ApiKey, Client, MerchantId, Rupiah, Schedule, TransactionNumber};
    /// # use qris_orders::{Charged, NewOrder, Orders, OrdersSettings, Renewed};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = qris_sandbox::Sandbox::start().await?;
    /// # let folder = tempfile::tempdir()?;
    /// # let url = format!("sqlite://{}", folder.path().join("shop.db").display());
    /// # let gap = Duration::from_secs(1);
    /// # let schedule = Schedule::default().with_try_gap(gap).with_check_gap(gap);
    /// # let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
    /// #     .base_url(sandbox.base_url()).schedule(schedule);
    /// # let orders = Orders::connect(OrdersSettings::main(client, url)).await?;
    /// # let order = NewOrder::new(TransactionNumber::parse("INV-1")?, Rupiah::new(25_578));
    /// # orders.charge(&order).await?;
    /// # sandbox.advance(Duration::from_secs(31 * 60));
    /// # orders.learn_time().await;
    /// // 31 minutes after the charge:
    /// match orders.renew(&order.number).await? {
    ///     Renewed::Created(order) => assert!(order.may_be_shown(orders.now())),
    ///     Renewed::Paid(order) => println!("{} was paid in the last moment", order.number),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// There is no new code with [`Error::Unanswered`] if the provider did not answer about an older code,
    /// and with [`Error::TooSoon`] if an older code may not be checked yet: try again later. [`Error::Ledger`]
    /// with [`State`](qris_ledger::Error::State) for an order whose code is still shown, or whose outcome is
    /// unknown, and with [`Absent`](qris_ledger::Error::Absent) for an unknown number;
    /// [`Error::StillRequested`]; the errors of [`charge`](Self::charge) for the new code.
    pub async fn renew(&self, number: &TransactionNumber) -> Result<Renewed, Error> {
        let number = number.clone();
        let call = |orders: Self| async move {
            orders.shared.service.renew(&orders.context, &number).await
        };
        self.to_its_end(call).await
    }

    /// Requests a manual check, for a cashier's button, and returns at once: whether it was accepted, and the
    /// order as it is now. The watcher makes the check, so use this in a program that
    /// [watches](Self::watch). [`changes`](Self::changes) or [`find`](Self::find) show the result.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that waits for no payment, for
    /// example a paid one, and with [`Absent`](qris_ledger::Error::Absent) for an unknown number.
    pub async fn check(&self, number: &TransactionNumber) -> Result<(ManualCheck, Order), Error> {
        self.shared.service.check(&self.context, number).await
    }

    /// Requests a manual check and waits until it is made, by this program or by the watcher of another one.
    /// Returns the order after it, or that no check is allowed now. It works without a watcher.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order without a code, and with
    /// [`Absent`](qris_ledger::Error::Absent) for an unknown number. A check without an answer is no error:
    /// see [`Waited::unanswered`](crate::Waited::unanswered).
    pub async fn check_and_wait(&self, number: &TransactionNumber) -> Result<Checked, Error> {
        self.shared.service.check_and_wait(&self.context, number).await
    }

    /// Cancels an unpaid order after a check of its codes. If one of them is paid, the order is not cancelled:
    /// [`Cancelled::Paid`]. The provider cannot withdraw a code, so a later payment is still recorded. It
    /// completes even if the future is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that was rejected or has an
    /// unknown outcome, and with [`Absent`](qris_ledger::Error::Absent) for an unknown number;
    /// [`Error::StillRequested`].
    pub async fn cancel(&self, number: &TransactionNumber) -> Result<Cancelled, Error> {
        let number = number.clone();
        let call = |orders: Self| async move {
            orders.shared.service.cancel(&orders.context, &number).await
        };
        self.to_its_end(call).await
    }

    /// Ends the [`Unknown`](crate::State::Unknown) state of an order by the id of the provider's invoice, which
    /// a person found, for example in the provider's portal. A check has to confirm that the invoice is paid:
    /// [`Resolved::Paid`]. It completes even if the future is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that is neither unknown nor
    /// rejected, with [`InvoiceIdTaken`](qris_ledger::Error::InvoiceIdTaken) if another order has this invoice,
    /// and with [`Absent`](qris_ledger::Error::Absent) for an unknown number; [`Error::Provider`] if the check
    /// was refused or had no answer; [`Error::StillRequested`]. The order does not change with any of them.
    pub async fn resolve_paid(
        &self,
        number: &TransactionNumber,
        invoice: InvoiceId,
    ) -> Result<Resolved, Error> {
        let number = number.clone();
        let call = |orders: Self| async move {
            orders.shared.service.resolve_paid(&orders.context, &number, invoice).await
        };
        self.to_its_end(call).await
    }

    /// Ends the [`Unknown`](crate::State::Unknown) state of an order because a person knows that the provider
    /// made no code for it. `reason` says how they know; the order's history keeps it. Returns the order, which
    /// can be charged again.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order without a code whose outcome
    /// [is unknown](Order::has_unknown_code), and with [`Absent`](qris_ledger::Error::Absent) for an unknown
    /// number; [`Error::StillRequested`].
    pub async fn resolve_not_made(
        &self,
        number: &TransactionNumber,
        reason: &str,
    ) -> Result<Order, Error> {
        self.shared.service.resolve_not_made(&self.context, number, reason).await
    }

    /// Records a paid order from an imported settlement line whose payment is in no order. `key` is the
    /// [key](qris_ledger::SettlementLine::key) of the line; `doubt` says what to do if the line may belong to an
    /// existing order. The same line is recorded once.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`LineBooked`](qris_ledger::Error::LineBooked) if an order has the line's
    /// payment or may still get it, and with [`Absent`](qris_ledger::Error::Absent) if no line has this key.
    pub async fn book_settled(
        &self,
        key: &str,
        doubt: OnPossibleMatch,
    ) -> Result<SettledBooking, Error> {
        self.shared.service.book_settled(&self.context, key, doubt).await
    }

    /// Records a webhook of the provider. A webhook is no proof of payment: it makes a check of its order due,
    /// and the watcher makes it. The webhook of an unknown invoice is kept for an order whose outcome is unknown.
    ///
    /// ```
    /// # use qris_api::webhook::WebhookEvent;
    /// # use qris_orders::{Orders, WebhookOutcome};
    /// # async fn example(orders: Orders, body: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    /// // In the handler of the webhook's URL. Answer with a failure unless this succeeds.
    /// let event = WebhookEvent::parse(body)?;
    /// if let WebhookOutcome::Known(order) = orders.receive_webhook(event).await? {
    ///     println!("a check of {} is due", order.number);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] if the webhook was not recorded: answer with a failure, so that the provider sends it
    /// again.
    pub async fn receive_webhook(&self, event: WebhookEvent) -> Result<WebhookOutcome, Error> {
        self.shared.service.receive_webhook(&self.context, event).await
    }

    /// The order with this number, as the database has it. It makes no check.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`Absent`](qris_ledger::Error::Absent) for an unknown number, or with an error of
    /// the database.
    pub async fn find(&self, number: &TransactionNumber) -> Result<Order, Error> {
        self.shared.service.find(&self.context, number).await
    }

    /// The paid orders that are not [acknowledged](Self::acknowledge) yet, oldest first, at most `limit`. A
    /// program that ships goods works through this list at its start, after each [change](Self::changes) and
    /// from time to time, so it misses no payment. Every program that uses the database sees an order here until
    /// one has acknowledged it, so two programs may ship it at once: make shipping idempotent by the number.
    ///
    /// An order that was [paid late](Order::is_paid_late), after it had expired or was cancelled, is in the list
    /// too. A person should look at it before it is shipped:
    ///
    /// ```
    /// # use qris_orders::{Error, Orders};
    /// # async fn example(orders: Orders) -> Result<(), Error> {
    /// for order in orders.unacknowledged(100).await? {
    ///     match order.is_paid_late() {
    ///         false => println!("ship {}", order.number),
    ///         true => println!("look at {}: ship it or refund it", order.number),
    ///     }
    ///     orders.acknowledge(&order.number).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with an error of the database.
    pub async fn unacknowledged(&self, limit: u32) -> Result<Vec<Order>, Error> {
        self.shared.service.unacknowledged(&self.context, limit).await
    }

    /// Records that a paid order was fulfilled, for example that its goods are shipped. `true` if this call
    /// recorded it, `false` if it was recorded before.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with [`State`](qris_ledger::Error::State) for an order that is not paid, and with
    /// [`Absent`](qris_ledger::Error::Absent) for an unknown number.
    pub async fn acknowledge(&self, number: &TransactionNumber) -> Result<bool, Error> {
        self.shared.service.acknowledge(&self.context, number).await
    }

    /// The events of the merchant's orders after the cursor `after`, oldest first, at most `limit`; from any
    /// program that uses the database. `after` is the cursor of the last event that was handled, or 0 for all.
    /// If there is no event yet, this waits for the next one, at most `max_wait`; an empty list means that the
    /// time is up.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] with an error of the database.
    pub async fn events(
        &self,
        after: u64,
        limit: u32,
        max_wait: Duration,
    ) -> Result<Vec<OutboxEvent>, Error> {
        self.shared.service.events(&self.context, after, limit, max_wait).await
    }

    /// Runs a call in its own task, so that it completes even if the future is dropped.
    async fn to_its_end<T, F>(&self, call: impl FnOnce(Self) -> F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let (calls, call) = (Arc::clone(&self.shared.calls), call(self.clone()));
        let task = tokio::spawn(async move {
            // The semaphore is never closed.
            let _permit = calls.acquire().await;
            call.await
        });
        let failed = |error| Err(qris_ledger::Error::Database(Box::new(error)).into());
        task.await.unwrap_or_else(failed)
    }
}
