//! The client for synchronous programs.

use std::future::Future;
use std::io;
use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use crate::error::{Cause, Error};
use crate::invoice::{Invoice, Tip, TransactionNumber};
use crate::payment::Payment;
use crate::rupiah::Rupiah;
use crate::schedule::Trigger;
use crate::wait::{EarlyCheck, Wait};
use crate::wib::WibTime;

/// Calls the Open API and blocks until the answer arrives. Cheap to clone; clones share everything.
///
/// It can be called from anywhere, also inside an async runtime. There it blocks the thread, so
/// [`crate::Client`] is the better choice.
///
/// ```no_run
/// use qris_api::{ApiKey, Client, MerchantId, Rupiah, Tip, TransactionNumber, Wait, blocking};
///
/// let client: blocking::Client =
///     Client::builder(ApiKey::parse("sandbox-key")?, MerchantId::parse("123456")?)
///         .base_url("http://127.0.0.1:7000/restapi/qris/")
///         .build()?
///         .into();
/// let number = TransactionNumber::parse("INV-1")?;
/// let invoice = client.create_invoice(&number, Rupiah::new(25_578), Tip::None)?;
/// let payment = client.wait_for_payment(&invoice, Wait::new())?;
/// # Ok::<(), qris_api::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client(crate::Client);

impl From<crate::Client> for Client {
    fn from(client: crate::Client) -> Self {
        Self(client)
    }
}

impl Client {
    /// Asks the provider's server for its time; see
    /// [`Client::server_time`](crate::Client::server_time).
    ///
    /// # Errors
    ///
    /// The same as of the async method.
    pub fn server_time(&self) -> Result<Option<WibTime>, Error> {
        block_on(self.0.server_time())
    }

    /// Creates an invoice; see [`Client::create_invoice`](crate::Client::create_invoice).
    ///
    /// # Errors
    ///
    /// The same as of the async method.
    pub fn create_invoice(
        &self,
        number: &TransactionNumber,
        amount: Rupiah,
        tip: Tip,
    ) -> Result<Invoice, Error> {
        block_on(self.0.create_invoice(number, amount, tip))
    }

    /// Checks whether an invoice is paid; see
    /// [`Client::check_invoice`](crate::Client::check_invoice).
    ///
    /// # Errors
    ///
    /// The same as of the async method.
    pub fn check_invoice(&self, invoice: &Invoice) -> Result<Payment, Error> {
        block_on(self.0.check_invoice(invoice))
    }

    /// Checks an invoice for a given trigger; see
    /// [`Client::check_invoice_for`](crate::Client::check_invoice_for).
    ///
    /// # Errors
    ///
    /// The same as of the async method.
    pub fn check_invoice_for(&self, invoice: &Invoice, trigger: Trigger) -> Result<Payment, Error> {
        block_on(self.0.check_invoice_for(invoice, trigger))
    }

    /// Checks an invoice unless it would have to wait too long; see
    /// [`Client::check_invoice_within`](crate::Client::check_invoice_within).
    ///
    /// # Errors
    ///
    /// The same as of the async method.
    pub fn check_invoice_within(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
        max_wait: Duration,
    ) -> Result<Option<Payment>, Error> {
        block_on(self.0.check_invoice_within(invoice, trigger, max_wait))
    }

    /// Waits for a payment; see
    /// [`Client::wait_for_payment`](crate::Client::wait_for_payment).
    ///
    /// # Errors
    ///
    /// The same as of the async method.
    pub fn wait_for_payment(&self, invoice: &Invoice, wait: Wait<'_>) -> Result<Payment, Error> {
        block_on(self.0.wait_for_payment(invoice, wait))
    }

    /// The account of the client; see [`Client::fingerprint`](crate::Client::fingerprint).
    pub fn fingerprint(&self) -> &crate::Fingerprint {
        self.0.fingerprint()
    }

    /// The provider's time, as well as it is known; see [`Client::now`](crate::Client::now).
    pub fn now(&self) -> WibTime {
        self.0.now()
    }

    /// A handle that requests early checks of one invoice; see [`EarlyCheck`].
    pub fn early_check(&self) -> EarlyCheck {
        self.0.early_check()
    }
}

/// Runs one call to its end on its own thread and runtime.
///
/// It needs a thread, because a runtime must not be entered inside another runtime. It needs its
/// own runtime, because a kept one survives neither a fork nor a drop inside another runtime. Both
/// cost far less than the seconds that an answer takes.
fn block_on<T: Send>(call: impl Future<Output = Result<T, Error>> + Send) -> Result<T, Error> {
    let nothing_sent = |error: io::Error| Error::Unreachable {
        cause: Cause::Connect { detail: error.to_string() },
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("qris-api".to_owned());
        let call = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            Ok(runtime.block_on(call))
        };
        let answer = thread.spawn_scoped(scope, call).map_err(nothing_sent)?.join();
        answer.unwrap_or_else(|panic| resume_unwind(panic)).map_err(nothing_sent)?
    })
}
