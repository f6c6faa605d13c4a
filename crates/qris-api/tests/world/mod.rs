//! A client and a sandbox with clocks that the tests move.

#![allow(dead_code, reason = "each test crate uses some of it")]

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use qris_api::clock::ManualClock;
use qris_api::{
    ApiKey, CheckBudget, Client, Error, Invoice, MerchantId, Payment, Rupiah, Schedule, Tip,
    TransactionNumber, Wait,
};
use qris_sandbox::{CheckDate, Sandbox};

/// A sandbox and a client with the same time.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) hand: ManualClock,
    pub(crate) client: Client,
    /// How far the host's clock is ahead of the sandbox's.
    ahead: Cell<SignedDuration>,
}

/// Something that happens at an age of the invoice, in seconds.
pub(crate) type Event<'a> = (f64, Box<dyn FnOnce() + 'a>);

impl World {
    pub(crate) async fn at(moment: &str) -> Self {
        Self::with(moment, CheckDate::Payment).await
    }

    pub(crate) async fn with(moment: &str, check_date: CheckDate) -> Self {
        let schedule = Schedule::default().with_jitter(Duration::ZERO);
        Self::scheduled(moment, check_date, schedule).await
    }

    pub(crate) async fn scheduled(moment: &str, check_date: CheckDate, schedule: Schedule) -> Self {
        let sandbox = Sandbox::builder().check_date(check_date).validity(schedule.validity);
        let sandbox = sandbox.start().await.unwrap();
        let now = moment.parse().unwrap();
        sandbox.stop_clock();
        sandbox.set_time(now);
        let hand = ManualClock::starting_at(now);
        let client = client(&sandbox.base_url(), &hand, schedule);
        Self { sandbox, hand, client, ahead: Cell::default() }
    }

    /// Restarts the program: it has the stored invoice and has made no check.
    pub(crate) fn restart(&mut self, invoice: &Invoice) -> Invoice {
        self.client = client(&self.sandbox.base_url(), &self.hand, self.client.schedule());
        Invoice::new(
            invoice.number.clone(),
            invoice.amount,
            invoice.qris_content.clone(),
            invoice.qris_request_date,
            invoice.qris_invoiceid,
            invoice.qris_nmid.clone(),
        )
    }

    /// Sets only the host's clock.
    pub(crate) fn jump(&self, by: SignedDuration) {
        self.hand.jump_wall(by);
        self.ahead.set(self.ahead.get() + by);
    }

    pub(crate) async fn invoice(&self) -> Invoice {
        let number = TransactionNumber::parse("INV-1").unwrap();
        self.client.create_invoice(&number, Rupiah::new(25_578), Tip::None).await.unwrap()
    }

    /// Moves both clocks to a time of the sandbox's clock.
    pub(crate) fn set(&self, now: Timestamp) {
        self.sandbox.set_time(now);
        self.hand.set(now + self.ahead.get());
    }

    /// Waits for a payment while time passes and things happen.
    pub(crate) async fn wait(
        &self,
        invoice: &Invoice,
        wait: Wait<'_>,
        events: Vec<Event<'_>>,
    ) -> Result<Payment, Error> {
        self.run(invoice, self.client.wait_for_payment(invoice, wait), events).await
    }

    /// Checks an invoice, as soon as it may be checked.
    pub(crate) async fn check(&self, invoice: &Invoice) -> Result<Payment, Error> {
        self.run(invoice, self.client.check_invoice(invoice), vec![]).await
    }

    /// Makes a call while time passes and things happen.
    pub(crate) async fn run(
        &self,
        invoice: &Invoice,
        call: impl Future<Output = Result<Payment, Error>>,
        events: Vec<Event<'_>>,
    ) -> Result<Payment, Error> {
        let made = invoice.qris_request_date.timestamp();
        let mut events = events.into_iter().peekable();
        let mut waiting = pin!(call);
        loop {
            let wakes = tokio::select! {
                // First everything that is due now, then time passes.
                biased;
                outcome = &mut waiting => return outcome,
                wakes = self.hand.asleep(1) => wakes - self.ahead.get(),
            };
            let due = events.peek().map(|(age, _)| moment(made, *age));
            match due.filter(|due| *due <= wakes).and_then(|_| events.next()) {
                Some((age, happen)) => {
                    self.set(moment(made, age));
                    happen();
                }
                None => self.set(wakes),
            }
        }
    }

    /// The ages at which an invoice was checked, in whole seconds.
    pub(crate) fn asked_at(&self, invoice: &Invoice) -> Vec<i64> {
        let made = invoice.qris_request_date.timestamp();
        let asked = self.sandbox.calls().checks_of(invoice.qris_invoiceid.get());
        asked.iter().map(|at| at.duration_since(made).as_secs()).collect()
    }

    pub(crate) fn pay<'a>(&'a self, age: f64, invoice: &'a Invoice) -> Event<'a> {
        let id = invoice.qris_invoiceid.get();
        (age, Box::new(move || self.sandbox.pay(id).unwrap()))
    }
}

/// A client with the clock of a test and its own budget.
pub(crate) fn client(base_url: &str, hand: &ManualClock, schedule: Schedule) -> Client {
    let key = ApiKey::parse("sandbox-key").unwrap();
    Client::builder(key, MerchantId::parse("123456").unwrap())
        .base_url(base_url)
        .clock(hand.clock())
        .budget(CheckBudget::in_memory(60))
        .schedule(schedule)
        .build()
        .unwrap()
}

pub(crate) fn moment(made: Timestamp, age: f64) -> Timestamp {
    made.checked_add(SignedDuration::from_secs_f64(age)).unwrap()
}

pub(crate) const MORNING: &str = "2026-11-22T10:00:00+07:00";
