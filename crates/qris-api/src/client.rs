//! The two calls of the Open API.

mod builder;
mod check;
mod inner;
mod probe;
mod transport;
mod wait;

use jiff::civil::Date;

pub use self::builder::ClientBuilder;
use self::inner::Inner;
pub use self::inner::{Client, DEFAULT_BASE_URL};
use self::transport::Call;
use crate::budget::Permit;
use crate::credentials::{ApiKey, MerchantId};
use crate::cross_check;
use crate::error::{Cause, Error, Reason};
use crate::invalid::Invalid;
use crate::invoice::{Invoice, Tip, TransactionNumber};
use crate::payment::Payment;
use crate::reply::{self, Checked, Created};
use crate::rupiah::Rupiah;
use crate::schedule::Trigger;
use crate::server_time;
use crate::wait::{Days, EarlyCheck, Wait};
use crate::wib::WibTime;

impl Client {
    /// Starts to build a client. Everything except the credentials has a default.
    pub fn builder(key: ApiKey, merchant: MerchantId) -> ClientBuilder {
        ClientBuilder::new(key, merchant)
    }

    /// Whether [`create_invoice`](Self::create_invoice) would send a request for this amount. Sends
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an amount outside the limits.
    pub fn check_amount(&self, amount: Rupiah) -> Result<(), Error> {
        let Inner { lowest, highest, .. } = *self.0;
        if amount.get() == 0 || amount < lowest || amount > highest {
            let found = amount;
            return Err(Invalid::Amount { lowest, highest, found }.into());
        }
        Ok(())
    }

    /// Creates an invoice and checks its QR against the request (CREATE INVOICE).
    ///
    /// The provider creates another payable invoice with each call, even for the same number. So
    /// the request is sent again only if no connection was made.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for an amount outside the limits, before anything is sent;
    /// [`Error::Rejected`]; [`Error::Unreachable`] if nothing was sent; [`Error::OutcomeUnknown`]
    /// if the request may have arrived, also if the answer cannot be read;
    /// [`Error::ContentMismatch`] if an invoice exists but its QR is not the requested one.
    #[tracing::instrument(skip_all, fields(%number, %amount))]
    pub async fn create_invoice(
        &self,
        number: &TransactionNumber,
        amount: Rupiah,
        tip: Tip,
    ) -> Result<Invoice, Error> {
        self.check_amount(amount)?;
        let query = [
            ("do", "create-invoice"),
            ("apikey", self.0.key.expose()),
            ("mID", self.0.merchant.expose()),
            ("cliTrxNumber", number.as_str()),
            ("cliTrxAmount", &amount.to_string()),
            ("useTip", tip.word()),
        ];
        match self.call(Call::Create, &query, reply::created).await {
            Ok(Created::Invoice { content, request_date, id, nmid }) => {
                self.0.budget.created(&self.0.budget_key).await;
                let invoice = Invoice::new(number.clone(), amount, content, request_date, id, nmid)
                    .created_now(&self.0.clock);
                let checked = cross_check::cross_check(&invoice, tip);
                if let Err(field) = checked.and_then(|()| self.0.issued.record(&invoice)) {
                    tracing::warn!(invoice = %id, %field, "the QR is not the requested one");
                    return Err(Error::ContentMismatch { field, invoice: Some(id) });
                }
                if !invoice.reference_matches() {
                    tracing::warn!(invoice = %id, "the QR does not have the invoice's number");
                }
                Ok(invoice)
            }
            Ok(Created::Refused(reason)) => Err(self.rejected(reason)),
            Err(cause @ Cause::Connect { .. }) => Err(Error::Unreachable { cause }),
            Err(cause) => Err(Error::OutcomeUnknown { cause }),
        }
    }

    /// Checks whether an invoice is paid (CHECK INVOICE).
    ///
    /// It waits until the invoice may be checked again: the first [`tries`] checks of an invoice are
    /// [`try_gap`] apart, later ones [`check_gap`], over all processes. Then it waits for a place in
    /// the key's [`CheckBudget`](crate::CheckBudget). Dropping the future gives up the place.
    ///
    /// The provider records a payment under its day, which may be the day of the request or a later one.
    /// So after midnight WIB it asks for each day in turn, even if the answer for another day is a
    /// failure. The invoice is paid if the answer for any day is paid, and unpaid if all answers are
    /// unpaid.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`], [`Error::Unreachable`] and [`Error::MalformedReply`] if a day has no
    /// other answer; [`Error::Paused`], without asking, while checks are paused. None of them means
    /// that the invoice is unpaid.
    ///
    /// [`tries`]: crate::Schedule::tries
    /// [`try_gap`]: crate::Schedule::try_gap
    /// [`check_gap`]: crate::Schedule::check_gap
    pub async fn check_invoice(&self, invoice: &Invoice) -> Result<Payment, Error> {
        self.check_invoice_for(invoice, Trigger::Schedule).await
    }

    /// [`check_invoice`](Self::check_invoice) for a given trigger. The cashier's button has
    /// [`tries`](crate::Schedule::tries) checks of its own, [`try_gap`](crate::Schedule::try_gap) after
    /// any other check. The first webhook of an invoice allows one check at once.
    ///
    /// # Errors
    ///
    /// The same as of [`check_invoice`](Self::check_invoice).
    #[tracing::instrument(skip_all, fields(invoice = %invoice.qris_invoiceid))]
    pub async fn check_invoice_for(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
    ) -> Result<Payment, Error> {
        let permit = self.permit(invoice, trigger).await?;
        self.check_once(invoice, trigger, Days::All, permit).await
    }

    /// Waits until an invoice is paid or can no longer be paid: by default for the 60 minutes of
    /// its validity and 10 more, because a payment may arrive late.
    ///
    /// It ends with [`Payment::Paid`] as soon as a check says so, and with [`Payment::Unpaid`] only
    /// if the provider says so at or after the end of validity and grace. While it does not answer,
    /// or asks to wait (`Retry-After`), the wait continues, with up to an hour between checks. To
    /// end it earlier, drop the future, or break from [`Wait::on_check`], which returns the result
    /// of the last check.
    ///
    /// Time is monotonic and counts from the create, so the host's clock does not matter. An
    /// invoice of an earlier process works too: one check replaces the missed ones, and its age
    /// comes from the provider's clock in the replies. If replies have no date, the end is counted
    /// from the start of the wait.
    ///
    /// # Errors
    ///
    /// [`Error::Rejected`] for a reason that [is known](crate::Reason::is_known). No other failed
    /// check ends the wait.
    #[tracing::instrument(skip_all, fields(invoice = %invoice.qris_invoiceid))]
    pub async fn wait_for_payment(
        &self,
        invoice: &Invoice,
        wait: Wait<'_>,
    ) -> Result<Payment, Error> {
        wait::wait_for_payment(self, invoice, wait).await
    }

    /// A handle that requests early checks of one invoice; see [`EarlyCheck`].
    pub fn early_check(&self) -> EarlyCheck {
        EarlyCheck::new(self.0.clock.clone(), self.0.schedule)
    }

    async fn check_on(
        &self,
        invoice: &Invoice,
        date: Date,
        permit: Permit,
    ) -> Result<Payment, Error> {
        let Inner { budget, clock, budget_key, .. } = &*self.0;
        let query = [
            ("do", "checkStatus"),
            ("apikey", self.0.key.expose()),
            ("mID", self.0.merchant.expose()),
            ("invid", &invoice.qris_invoiceid.to_string()),
            ("trxvalue", &invoice.amount.to_string()),
            ("trxdate", &date.to_string()),
        ];
        match self.call(Call::Check, &query, reply::checked).await {
            Ok(Checked::Payment(payment)) => {
                if permit == Permit::Probe {
                    budget.accepted(budget_key).await;
                }
                Ok(payment)
            }
            Ok(Checked::Refused(reason)) => {
                if matches!(reason, Reason::InvalidApiKey | Reason::InvalidMerchantId) {
                    budget.refused(clock, budget_key, &reason).await;
                }
                Err(self.rejected(reason))
            }
            Err(Cause::MalformedReply { status, length, defect }) => {
                Err(Error::MalformedReply { status, length, defect })
            }
            Err(cause) => Err(Error::Unreachable { cause }),
        }
    }

    /// Asks the provider's server for its time, which [`now`](Self::now) then uses. It also shows
    /// whether the server can be reached.
    ///
    /// This is not a call of the API: it requests the server's home page without the key and the
    /// merchant ID. So it uses nothing of the key's budget, and does not test the key. Returns
    /// `None` if the answer has no readable date.
    ///
    /// ```
    /// use qris_api::{ApiKey, Client, MerchantId, WibTime};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// # let sandbox = qris_sandbox::Sandbox::start().await?;
    /// let client = Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
    ///     .base_url(sandbox.base_url())
    ///     .build()?;
    /// let there = client.server_time().await?.ok_or("the server does not say")?;
    /// assert!(there.timestamp().duration_until(WibTime::now().timestamp()).as_secs() < 60);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`].
    pub async fn server_time(&self) -> Result<Option<WibTime>, Error> {
        let mut url = self.0.check_url.clone();
        url.set_path("/");
        let unreachable = |error| Error::Unreachable { cause: self.cause(error) };
        let response = self.0.http.head(url).send().await.map_err(unreachable)?;
        self.0.server_time.read(&self.0.clock, response.headers());
        Ok(server_time::date(response.headers()).map(WibTime::from))
    }
}
