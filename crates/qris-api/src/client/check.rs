//! One check of an invoice: when it is allowed, and for which days.

use std::time::Duration;

use jiff::civil::Date;

use super::inner::{Client, Inner};
use crate::age::latest_now;
use crate::budget::{self, Permit};
use crate::error::Error;
use crate::invoice::Invoice;
use crate::payment::Payment;
use crate::schedule::Trigger;
use crate::wait::Days;
use crate::wib::WibTime;

impl Client {
    /// [`check_invoice_for`](Self::check_invoice_for), but only if a check is allowed within
    /// `max_wait`. Otherwise it returns `None` and does not ask the provider. A check that has
    /// begun is finished, even if the provider is slow.
    ///
    /// ```
    /// use std::time::Duration;
    /// use qris_api::{ApiKey, Client, MerchantId, Payment, Rupiah, Tip, TransactionNumber, Trigger};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let sandbox = qris_sandbox::Sandbox::start().await?;
    /// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
    ///     .base_url(sandbox.base_url())
    /// #   .budget(qris_api::CheckBudget::in_memory(60))
    ///     .build()?;
    /// let number = TransactionNumber::parse("INV-1")?;
    /// let invoice = client.create_invoice(&number, Rupiah::new(5_000), Tip::None).await?;
    /// let wait = Duration::from_secs(1);
    /// let first = client.check_invoice_within(&invoice, Trigger::Button, wait).await?;
    /// assert_eq!(first, Some(Payment::Unpaid));
    /// let second = client.check_invoice_within(&invoice, Trigger::Button, wait).await?;
    /// assert_eq!(second, None, "checks are 15 s apart");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The same as of [`check_invoice`](Self::check_invoice).
    #[tracing::instrument(skip_all, fields(invoice = %invoice.qris_invoiceid))]
    pub async fn check_invoice_within(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
        max_wait: Duration,
    ) -> Result<Option<Payment>, Error> {
        let permit = tokio::select! {
            biased;
            permit = self.permit(invoice, trigger) => permit?,
            () = self.clock().sleep(max_wait) => return Ok(None),
        };
        self.check_once(invoice, trigger, Days::All, permit).await.map(Some)
    }

    /// Waits until the invoice may be checked.
    pub(crate) async fn permit(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
    ) -> Result<Permit, Error> {
        let Inner { budget, clock, budget_key, .. } = &*self.0;
        budget.check(clock, budget_key, self.request(invoice, trigger)).await
    }

    fn request(&self, invoice: &Invoice, trigger: Trigger) -> budget::Request<'_> {
        let (invoice, schedule) = (invoice.qris_invoiceid.get(), &self.0.schedule);
        budget::Request { invoice, trigger, schedule }
    }

    /// The last day that a payment can be recorded under by now.
    fn last_day(&self, invoice: &Invoice) -> Date {
        let Inner { clock, server_time, schedule, .. } = &*self.0;
        let now = WibTime::from(latest_now(invoice, clock, server_time));
        now.min(invoice.qris_request_date.later_by(schedule.end())).date()
    }

    /// The number of days that a payment can be recorded under by now.
    pub(crate) fn day_count(&self, invoice: &Invoice) -> u32 {
        let first = invoice.qris_request_date.date();
        let days = self.last_day(invoice).duration_since(first).as_hours() / 24;
        u32::try_from(days).unwrap_or(0).saturating_add(1)
    }

    /// Makes one permitted check. Each further day waits for its own place in the budget.
    pub(crate) async fn check_once(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
        days: Days,
        permit: Permit,
    ) -> Result<Payment, Error> {
        let mut day = invoice.qris_request_date.date();
        if let Days::InTurn(turn) = days {
            let later = turn.checked_rem(self.day_count(invoice)).unwrap_or_default();
            day = day.saturating_add(jiff::Span::new().days(later));
            return self.check_on(invoice, day, permit).await;
        }
        let mut failed = None;
        let mut permit = Ok(permit);
        loop {
            let answer = match permit {
                Ok(permit) => self.check_on(invoice, day, permit).await,
                Err(paused) => return Err(failed.unwrap_or(paused)),
            };
            match answer {
                Ok(Payment::Unpaid) => {}
                Ok(paid) => return Ok(paid),
                Err(error) => failed = failed.or(Some(error)),
            }
            if day >= self.last_day(invoice) {
                return failed.map_or(Ok(Payment::Unpaid), Err);
            }
            day = day.tomorrow().unwrap_or(Date::MAX);
            let Inner { budget, clock, budget_key, .. } = &*self.0;
            permit = budget.further_day(clock, budget_key, self.request(invoice, trigger)).await;
        }
    }
}
