//! A session with the order service, for one command.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use qris_api::{Invoice, TransactionNumber, WibTime};
use qris_ledger::{Actor, Ledger};
use qris_orders::{
    Context, LedgerPool, Merchant, Order, OrderService, SharedLedger as _, SystemClock,
};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::watch;
use tokio::time::sleep;

use super::common::Common;
use super::error::CommandError;
use super::provider::{Progress, RecordingProvider};
use crate::messages::message;
use crate::output::chain;
use crate::settings::{MerchantSettings, SettingsError, not_opened, unauthenticated_client};

/// After this time the user is told that the provider's answer is not recorded yet; after the second
/// time it is given up.
const QUIET: Duration = Duration::from_secs(1);
const RECORD_WITHIN: Duration = Duration::from_secs(60);

/// The actor in the events of an order.
const ACTOR: &str = "qris order";

/// What a command needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// The provider with the merchant's key, and a database that may be new.
    NewBooks,
    /// The provider with the merchant's key, and an existing database.
    Provider,
    /// An existing database; the provider is only asked for its time, which needs no key.
    Books,
    /// A database that may be new, and no key.
    NewBooksAlone,
}

/// The order service for one command and one merchant, on its own runtime.
pub(super) struct Session {
    /// Taken when the session ends.
    runtime: Option<Runtime>,
    handle: Handle,
    service: OrderService<RecordingProvider, LedgerPool, SystemClock>,
    context: Context,
    progress: watch::Receiver<Progress>,
    now: WibTime,
}

impl Session {
    /// Opens the database, refuses one of another account, gets the provider's time, and records what
    /// has expired since.
    pub(super) fn open(common: &Common, needs: Needs) -> Result<Self, CommandError> {
        let settings = &common.settings;
        let merchant = settings.merchant()?;
        let client = match needs {
            Needs::NewBooks | Needs::Provider => Some(merchant.client()?),
            Needs::Books | Needs::NewBooksAlone => None,
        };
        let url = match needs {
            Needs::NewBooks | Needs::NewBooksAlone => settings.database_url()?,
            Needs::Provider | Needs::Books => settings.existing_database_url()?,
        };
        let account = client.as_ref().map(|client| client.fingerprint().clone());
        let client = match client {
            Some(client) => client,
            None => unauthenticated_client(merchant.base_url())?,
        };
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let opened = runtime.block_on(LedgerPool::open(url.as_str()));
        let pool = opened.map_err(|error| not_opened(&url, &error))?;
        pool.set_pay_links(settings.pay_links(&url)?);
        let context = Context { merchant: merchant.name().clone(), actor: Actor::new(ACTOR) };
        if let Some(account) = account {
            let nmid = merchant.nmid().map(str::to_owned);
            let bound =
                pool.write(&context, move |ledger| ledger.bind_account(&account, nmid.as_deref()));
            runtime.block_on(bound)?;
        }
        let (provider, progress) = RecordingProvider::new(client);
        let served = served(&merchant, provider)?;
        let service = OrderService::new(pool, SystemClock, [served]);
        runtime.block_on(service.catch_up(&context))?;
        let now = service.now(&context)?;
        let handle = runtime.handle().clone();
        Ok(Self { runtime: Some(runtime), handle, service, context, progress, now })
    }

    pub(super) fn service(&self) -> &OrderService<RecordingProvider, LedgerPool, SystemClock> {
        &self.service
    }

    pub(super) const fn context(&self) -> &Context {
        &self.context
    }

    /// The time by the provider's clock.
    pub(super) fn now(&self) -> WibTime {
        self.service.now(&self.context).unwrap_or(self.now)
    }

    pub(super) fn find(&self, number: &TransactionNumber) -> Result<Order, CommandError> {
        Ok(self.run(self.service.find(&self.context, number))?)
    }

    /// Reads from the database.
    pub(super) fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> Result<T, CommandError> {
        Ok(self.run(self.service.ledger().read(&self.context, work))?)
    }

    /// Changes something in the database that is not a step of one order.
    pub(super) fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Ledger) -> Result<T, qris_ledger::Error> + Send + 'static,
    ) -> Result<T, qris_ledger::Error> {
        self.run(self.service.ledger().write(&self.context, work))
    }

    /// Runs a step in which the provider makes no code.
    pub(super) fn run<T>(&self, step: impl Future<Output = T>) -> T {
        self.handle.block_on(step)
    }

    /// Runs a step in which the provider may make a code. The code can be paid, and without its id
    /// nobody could find it. If it cannot be recorded within a minute, or Ctrl-C ends the attempt,
    /// this prints what the user has to write down, but never the QR.
    pub(super) fn run_create<T>(
        &self,
        step: impl Future<Output = Result<T, qris_orders::Error>>,
    ) -> Result<T, CommandError> {
        let mut progress = self.progress.clone();
        let ended = self.run(async {
            let step = pin!(step);
            let too_long = async {
                // The sender lives as long as the provider.
                progress.wait_for(Progress::is_answered).await.ok();
                sleep(QUIET).await;
                tell_of_delay(&self.progress.borrow());
                sleep(RECORD_WITHIN).await;
            };
            tokio::select! {
                biased;
                done = step => Ended::Done(done),
                () = too_long => Ended::TooLate,
                _ = tokio::signal::ctrl_c() => Ended::Interrupted,
            }
        });
        let progress = self.progress.borrow().clone();
        match (ended, progress) {
            (Ended::Done(Ok(done)), _) => Ok(done),
            (Ended::Done(Err(qris_orders::Error::Ledger(error))), Progress::Made(invoice)) => {
                Err(not_recorded(&error, &invoice))
            }
            (Ended::Done(Err(qris_orders::Error::Ledger(error))), Progress::Failed(failed)) => {
                let message = message!(
                    "order-books-not-kept-because",
                    failure = failed.message,
                    error = chain(&error)
                );
                Err(CommandError { message, ..failed })
            }
            (Ended::Done(Err(error)), _) => Err(error.into()),
            (Ended::TooLate, Progress::Made(invoice)) => {
                Err(lost(&message!("order-database-silent"), &invoice))
            }
            (Ended::Interrupted, Progress::Made(invoice)) => {
                Err(lost(&message!("order-interrupted"), &invoice))
            }
            (_, Progress::Failed(failed)) => {
                let message = message!("order-books-not-kept", failure = failed.message);
                Err(CommandError { message, ..failed })
            }
            (_, Progress::Asked) => {
                Err(CommandError::unknown(message!("order-interrupted-while-asked")))
            }
            (_, Progress::NotAsked) => {
                Err(CommandError::unknown(message!("order-interrupted-before-asked")))
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A write that waits for a lock must not block the end of the command.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

enum Ended<T> {
    Done(T),
    TooLate,
    Interrupted,
}

fn served(
    merchant: &MerchantSettings,
    provider: RecordingProvider,
) -> Result<Merchant<RecordingProvider>, SettingsError> {
    let mut served = Merchant::named(merchant.name().clone(), provider);
    served.budget = merchant.budget()?;
    served.abandon_after = merchant.abandon_after()?;
    served.answer_within = qris_orders::answer_time(merchant.timeout()?);
    Ok(served)
}

/// The facts with which a person can find an invoice.
fn facts(invoice: &Invoice) -> String {
    message!(
        "order-facts",
        number = invoice.number,
        invoice = invoice.qris_invoiceid,
        date = invoice.qris_request_date
    )
}

fn tell_of_delay(progress: &Progress) {
    let seconds = RECORD_WITHIN.as_secs();
    match progress {
        Progress::Made(invoice) => anstream::eprintln!(
            "{}",
            message!("order-made-not-written-yet", facts = facts(invoice), seconds = seconds)
        ),
        _ => {
            anstream::eprintln!("{}", message!("order-answered-not-written-yet", seconds = seconds))
        }
    }
}

fn not_recorded(error: &qris_ledger::Error, invoice: &Invoice) -> CommandError {
    if error.is_mismatch() {
        return CommandError::refused(message!(
            "order-must-not-be-shown",
            error = error,
            facts = facts(invoice)
        ));
    }
    lost(&chain(error), invoice)
}

fn lost(why: &str, invoice: &Invoice) -> CommandError {
    CommandError::unknown(message!("order-not-recorded", why = why, facts = facts(invoice)))
}
