//! The provider, with a record of its last answer, which must not be lost.

use std::time::Duration;

use qris_api::{
    Client, Error, Invoice, Payment, Rupiah, Schedule, Tip, TransactionNumber, Trigger, WibTime,
};
use qris_orders::Provider;
use tokio::sync::watch;

use super::error::CommandError;

/// The progress of a request for a code.
#[derive(Clone)]
pub(super) enum Progress {
    NotAsked,
    Asked,
    /// The provider made a code.
    Made(Box<Invoice>),
    /// There is no code to show.
    Failed(CommandError),
}

impl Progress {
    pub(super) const fn is_answered(&self) -> bool {
        matches!(self, Self::Made(_) | Self::Failed(_))
    }
}

/// A client that reports the progress of a request for a code.
pub(super) struct RecordingProvider {
    client: Client,
    progress: watch::Sender<Progress>,
}

impl RecordingProvider {
    pub(super) fn new(client: Client) -> (Self, watch::Receiver<Progress>) {
        let (progress, receiver) = watch::channel(Progress::NotAsked);
        (Self { client, progress }, receiver)
    }
}

impl Provider for RecordingProvider {
    fn check_amount(&self, amount: Rupiah) -> Result<(), Error> {
        Provider::check_amount(&self.client, amount)
    }

    async fn create(
        &self,
        number: &TransactionNumber,
        amount: Rupiah,
        tip: Tip,
    ) -> Result<Invoice, Error> {
        self.progress.send_replace(Progress::Asked);
        let created = Provider::create(&self.client, number, amount, tip).await;
        self.progress.send_replace(match &created {
            Ok(invoice) => Progress::Made(Box::new(invoice.clone())),
            Err(error) => Progress::Failed(CommandError::not_created(error)),
        });
        created
    }

    async fn check(&self, invoice: &Invoice, trigger: Trigger) -> Result<Payment, Error> {
        Provider::check(&self.client, invoice, trigger).await
    }

    async fn check_within(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
        max_wait: Duration,
    ) -> Result<Option<Payment>, Error> {
        Provider::check_within(&self.client, invoice, trigger, max_wait).await
    }

    async fn server_time(&self) {
        Provider::server_time(&self.client).await;
    }

    fn now(&self) -> WibTime {
        Provider::now(&self.client)
    }

    fn schedule(&self) -> Schedule {
        Provider::schedule(&self.client)
    }
}
