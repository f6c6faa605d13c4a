//! The provider, and the client between it and the service.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use qris_api::{
    Cause, Defect, Error, Field, Invoice, InvoiceId, PauseCause, Payment, PaymentDetails, Reason,
    Rupiah, Schedule, Tip, TransactionNumber, Trigger, WibTime,
};
use qris_orders::Provider;

use crate::executor::lock;
use crate::ledger::Store;
use crate::process::Life;
use crate::random::Chance;
use crate::scenario::{Kind, seconds};
use crate::world::{Question, World};

/// The client's time limit for a reply.
const TIMEOUT: Duration = seconds(35);

/// A refused key is tried again after this time.
const REFUSED_PAUSE: Duration = seconds(15 * 60);

/// The provider, as one process calls it for one merchant.
pub(crate) struct SimProvider {
    world: Arc<World>,
    life: Life,
    merchant: usize,
    known: Mutex<Known>,
    host: Arc<HostBudget>,
    store: Arc<Store>,
}

/// What the client of a process has learned.
#[derive(Default)]
struct Known {
    /// The provider's time in its last reply, and when that came.
    time: Option<(WibTime, Duration)>,
    paused: Option<(Duration, PauseCause)>,
}

/// The client's own budget, which all processes of the host share in a file.
#[derive(Default)]
pub(crate) struct HostBudget {
    keys: Mutex<BTreeMap<usize, Vec<Duration>>>,
    invoices: Mutex<BTreeMap<InvoiceId, Asked>>,
}

#[derive(Clone, Copy, Default)]
struct Asked {
    last: Duration,
    last_scheduled: Option<Duration>,
    scheduled: u32,
    presses: u32,
    hinted: bool,
}

/// What happens to a call.
enum Fate {
    Answered,
    NoConnection,
    RequestLost,
    ReplyLost,
    Refused(Reason),
    TooMany,
    Garbage,
    Mismatch,
    OldId,
}

impl SimProvider {
    pub(crate) fn new(
        world: Arc<World>,
        life: Life,
        merchant: usize,
        host: Arc<HostBudget>,
        store: Arc<Store>,
    ) -> Self {
        Self { world, life, merchant, known: Mutex::default(), host, store }
    }

    fn fate(&self, chance: &mut Chance, is_create: bool) -> (Fate, Duration) {
        let mut takes = chance.any_time(Duration::from_millis(50)..seconds(3));
        let mut fate = Fate::Answered;
        for kind in self.world.troubles() {
            match kind {
                Kind::Away => fate = Fate::NoConnection,
                Kind::DropRequest(often) if chance.per_mille(often) => fate = Fate::RequestLost,
                Kind::DropReply(often) if chance.per_mille(often) => fate = Fate::ReplyLost,
                Kind::Slow(up_to) => takes = chance.any_time(seconds(1)..up_to),
                Kind::RefuseKey => fate = Fate::Refused(Reason::InvalidApiKey),
                Kind::RefuseOddly(often) if chance.per_mille(often) => {
                    fate = Fate::Refused(Reason::Other("closed today".into()));
                }
                Kind::TooMany(often) if chance.per_mille(often) => fate = Fate::TooMany,
                Kind::Garbage(often) if chance.per_mille(often) => fate = Fate::Garbage,
                Kind::Mismatch(often) if is_create && chance.per_mille(often) => {
                    fate = Fate::Mismatch;
                }
                Kind::OldId(often) if is_create && chance.per_mille(often) => fate = Fate::OldId,
                _ => {}
            }
        }
        (fate, takes)
    }

    /// A reply with the provider's time has arrived.
    fn heard(&self) {
        lock(&self.known).time = Some((self.world.true_time(), self.world.now()));
    }

    fn chance(&self, purpose: &str, key: &str) -> Chance {
        let turn = self.world.count(self.merchant, &format!("{purpose} {key}"));
        let key = key.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        Chance::new(self.world.scenario.seed, purpose, key, turn)
    }

    async fn create_invoice(
        &self,
        number: &TransactionNumber,
        amount: Rupiah,
    ) -> Result<Invoice, Error> {
        let world = &self.world;
        let mut chance = self.chance("create", number.as_str());
        self.life.step().await;
        crate::properties::no_new_code_beside_a_paid_one(world, self.merchant, number);
        let (fate, takes) = self.fate(&mut chance, true);
        let on_the_way = takes / 2;
        match fate {
            Fate::NoConnection => {
                self.life.sleep(takes.min(seconds(10))).await;
                world.tell(|| format!("{}: no connection for a code of {number}", self.life));
                return Err(Error::Unreachable { cause: no_connection() });
            }
            Fate::RequestLost => {
                self.life.sleep(TIMEOUT).await;
                world.tell(|| format!("{}: the request for a code of {number} is lost", self.life));
                return Err(Error::OutcomeUnknown { cause: timed_out() });
            }
            _ => self.life.sleep(on_the_way).await,
        }
        if let Fate::Refused(reason) = fate {
            self.life.sleep(on_the_way).await;
            self.heard();
            world.tell(|| format!("{}: a code of {number} is refused: {reason}", self.life));
            return Err(Error::Rejected { reason });
        }
        if matches!(fate, Fate::TooMany) {
            self.life.sleep(on_the_way).await;
            self.heard();
            world.tell(|| format!("{}: a code of {number} meets status 429", self.life));
            self.pause(chance.time(seconds(1)..seconds(600)), PauseCause::RetryAfter);
            return Err(Error::OutcomeUnknown { cause: unreadable(429) });
        }
        let mut truth = world.make(self.merchant, number, amount);
        if takes > TIMEOUT || matches!(fate, Fate::ReplyLost) {
            self.life.sleep(TIMEOUT.saturating_sub(on_the_way)).await;
            world.tell(|| format!("{}: the reply with invoice {} is lost", self.life, truth.id));
            return Err(Error::OutcomeUnknown { cause: timed_out() });
        }
        self.life.sleep(on_the_way).await;
        self.heard();
        self.life.step().await;
        let id = truth.id;
        match fate {
            Fate::Garbage => {
                world.tell(|| format!("{}: the reply with invoice {id} is garbage", self.life));
                return Err(Error::OutcomeUnknown { cause: unreadable(200) });
            }
            Fate::Mismatch => {
                world.tell(|| format!("{}: invoice {id} has a wrong QR", self.life));
                return Err(Error::ContentMismatch { field: Field::Amount, invoice: Some(id) });
            }
            Fate::OldId => {
                let old = world.with(|state| {
                    // An invoice that the shop has recorded; another one could not be detected.
                    let of_this = |old: &&crate::world::Truth| {
                        let is_mine = old.merchant == self.merchant && old.id < id;
                        is_mine && old.shown.is_some() && !old.is_forgotten(&state.restored)
                    };
                    state.invoices.values().rfind(of_this).map(|old| old.id)
                });
                if let Some(old) = old {
                    world.tell(|| format!("{}: the reply says {old} for {id}", self.life));
                    truth.id = old;
                }
            }
            _ => {
                world.tell(|| format!("{}: gets invoice {id} for {number}", self.life));
                world.change(id, |truth| truth.got_by = Some(self.life.clone()));
            }
        }
        // A reply has seconds.
        let date = WibTime::parse(&world.time_at(truth.made).to_api_text());
        let date = date.unwrap_or(world.time_at(truth.made));
        let nmid = nmid(self.merchant);
        Ok(Invoice::new(number.clone(), amount, truth.content, date, truth.id, nmid))
    }

    fn pause(&self, wait: Duration, cause: PauseCause) {
        lock(&self.known).paused = Some((self.world.now() + wait, cause));
    }

    fn pass_pauses(&self) -> Result<(), Error> {
        let now = self.world.now();
        match &lock(&self.known).paused {
            Some((until, cause)) if *until > now => {
                Err(Error::Paused { wait: *until - now, cause: cause.clone() })
            }
            _ => Ok(()),
        }
    }

    /// The client's own gaps and budget, if the run has them.
    async fn permit(
        &self,
        invoice: InvoiceId,
        trigger: Trigger,
        max_wait: Option<Duration>,
    ) -> Option<()> {
        if !self.world.scenario.client_budget {
            return Some(());
        }
        let asked_at = self.world.now();
        loop {
            let now = self.world.now();
            let wait = self.host.take(self.merchant, invoice, trigger, now, &self.schedule());
            let Some(wait) = wait else { return Some(()) };
            if max_wait.is_some_and(|most| now + wait > asked_at + most) {
                return None;
            }
            self.life.sleep(wait).await;
        }
    }

    async fn check_invoice(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
        max_wait: Option<Duration>,
    ) -> Result<Option<Payment>, Error> {
        self.life.step().await;
        self.pass_pauses()?;
        let id = invoice.qris_invoiceid;
        if self.permit(id, trigger, max_wait).await.is_none() {
            return Ok(None);
        }
        self.pass_pauses()?;
        let first = invoice.qris_request_date.date();
        let latest = self.now().max(self.world.host_time());
        let end = invoice.qris_request_date.later_by(self.schedule().end());
        let last = latest.min(end).date();
        let mut day = first;
        let mut failed = None;
        loop {
            match self.ask(invoice, trigger, day, day > first).await {
                Ok(Payment::Unpaid) => {}
                Ok(paid) => return Ok(Some(paid)),
                Err(error) => failed = failed.or(Some(error)),
            }
            if day >= last {
                return failed.map_or(Ok(Some(Payment::Unpaid)), Err);
            }
            day = day.tomorrow().unwrap_or(last);
            if let Err(paused) = self.pass_pauses() {
                return Err(failed.unwrap_or(paused));
            }
        }
    }

    /// One check call.
    async fn ask(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
        day: jiff::civil::Date,
        is_further_day: bool,
    ) -> Result<Payment, Error> {
        let world = &self.world;
        let id = invoice.qris_invoiceid;
        let question = Question {
            at: world.now(),
            merchant: self.merchant,
            invoice: id,
            trigger,
            is_further_day,
        };
        crate::properties::no_key_is_asked_too_often(world, question);
        let mut chance = self.chance("check", &id.to_string());
        let (fate, takes) = self.fate(&mut chance, false);
        match fate {
            Fate::NoConnection => {
                self.life.sleep(takes.min(seconds(10))).await;
                world.tell(|| format!("{}: no connection to check {id}", self.life));
                return Err(Error::Unreachable { cause: no_connection() });
            }
            Fate::RequestLost => {
                self.life.sleep(TIMEOUT).await;
                world.tell(|| format!("{}: the check of {id} is lost", self.life));
                return Err(Error::Unreachable { cause: timed_out() });
            }
            _ => self.life.sleep(takes / 2).await,
        }
        // The provider answers now; the answer arrives later.
        let said_at = world.now();
        let answer = self.answer(invoice, day);
        if takes > TIMEOUT || matches!(fate, Fate::ReplyLost) {
            self.life.sleep(TIMEOUT.saturating_sub(takes / 2)).await;
            world.tell(|| format!("{}: the answer about {id} is lost", self.life));
            return Err(Error::Unreachable { cause: timed_out() });
        }
        self.life.sleep(takes / 2).await;
        self.heard();
        match fate {
            Fate::Refused(reason) => {
                if reason.is_known() {
                    self.pause(REFUSED_PAUSE, PauseCause::Refused(reason.clone()));
                }
                world.tell(|| format!("{}: the check of {id} is refused: {reason}", self.life));
                return Err(Error::Rejected { reason });
            }
            Fate::TooMany => {
                self.pause(chance.time(seconds(1)..seconds(600)), PauseCause::RetryAfter);
                world.tell(|| format!("{}: the check of {id} meets status 429", self.life));
                return Err(malformed(429));
            }
            Fate::Garbage => {
                world.tell(|| format!("{}: the answer about {id} is garbage", self.life));
                return Err(malformed(200));
            }
            _ => {}
        }
        let word = if answer.is_paid() { "paid" } else { "unpaid" };
        world.tell(|| format!("{}: the provider says of {id}: {word} ({trigger:?})", self.life));
        world.change(id, |truth| match &answer {
            Payment::Unpaid => truth.unpaid_said = Some(said_at),
            Payment::Paid(_) => {
                truth.paid_heard.get_or_insert(world.now());
            }
        });
        if answer.is_paid() {
            crate::properties::what_is_heard_is_booked(&self.life, &self.store, self.merchant, id);
        }
        self.life.step().await;
        Ok(answer)
    }

    /// Paid from the confirmation of the payment on, if amount and day are right.
    fn answer(&self, invoice: &Invoice, day: jiff::civil::Date) -> Payment {
        let world = &self.world;
        let Some(truth) = world.invoice(invoice.qris_invoiceid) else { return Payment::Unpaid };
        let Some(paid) = truth.paid else { return Payment::Unpaid };
        let days = [truth.made, paid.at].map(|at| world.time_at(at).date());
        let is_right = truth.merchant == self.merchant
            && truth.amount == invoice.amount
            && days.contains(&day);
        if !is_right || paid.confirmed > world.now() {
            return Payment::Unpaid;
        }
        let mut details = PaymentDetails::default();
        details.method = Some("BCA".to_owned());
        Payment::Paid(details)
    }
}

pub(crate) fn nmid(merchant: usize) -> String {
    format!("ID102002118174{merchant}")
}

fn no_connection() -> Cause {
    Cause::Connect { detail: "connection refused".to_owned() }
}

fn timed_out() -> Cause {
    Cause::TimedOut { limit: TIMEOUT }
}

const GARBAGE: Defect = Defect::Absent { marker: "status" };

fn unreadable(status: u16) -> Cause {
    Cause::MalformedReply { status, length: 17, defect: GARBAGE }
}

fn malformed(status: u16) -> Error {
    Error::MalformedReply { status, length: 17, defect: GARBAGE }
}

impl HostBudget {
    /// Takes a slot, or returns how long to wait for one.
    fn take(
        &self,
        merchant: usize,
        invoice: InvoiceId,
        trigger: Trigger,
        now: Duration,
        schedule: &Schedule,
    ) -> Option<Duration> {
        let (mut keys, mut invoices) = (lock(&self.keys), lock(&self.invoices));
        let turns = keys.entry(merchant).or_default();
        turns.retain(|&at| at + seconds(60) > now);
        if turns.len() >= 60 {
            return turns.first().map(|&first| first + seconds(60) - now);
        }
        let asked = invoices.get(&invoice).copied();
        let free_at = asked.map_or(Duration::ZERO, |asked| asked.free_at(trigger, schedule));
        if free_at > now {
            return Some(free_at - now);
        }
        turns.push(now);
        invoices.entry(invoice).or_default().count(now, trigger);
        None
    }
}

/// As in the client's history of a key.
impl Asked {
    fn free_at(self, trigger: Trigger, schedule: &Schedule) -> Duration {
        let Schedule { tries, try_gap, check_gap, .. } = *schedule;
        let after_tries = self.last + try_gap.min(check_gap);
        let (gap, since) = match trigger {
            Trigger::Webhook if !self.hinted => return Duration::ZERO,
            Trigger::Webhook => (check_gap, Some(self.last)),
            Trigger::Button if self.presses < tries => (try_gap, Some(self.last)),
            Trigger::Button => (check_gap, Some(self.last)),
            _ if self.scheduled < tries => (try_gap, Some(self.last)),
            _ => (check_gap, self.last_scheduled),
        };
        since.map_or(after_tries, |since| (since + gap).max(after_tries))
    }

    fn count(&mut self, now: Duration, trigger: Trigger) {
        self.last = now;
        match trigger {
            Trigger::Button => self.presses += 1,
            Trigger::Webhook => self.hinted = true,
            _ => {
                self.scheduled += 1;
                self.last_scheduled = Some(now);
            }
        }
    }
}

impl Provider for SimProvider {
    async fn create(
        &self,
        number: &TransactionNumber,
        amount: Rupiah,
        _tip: Tip,
    ) -> Result<Invoice, Error> {
        self.create_invoice(number, amount).await
    }

    async fn check(&self, invoice: &Invoice, trigger: Trigger) -> Result<Payment, Error> {
        let checked = self.check_invoice(invoice, trigger, None).await?;
        // Without a limit it waits as long as necessary.
        Ok(checked.unwrap_or(Payment::Unpaid))
    }

    async fn check_within(
        &self,
        invoice: &Invoice,
        trigger: Trigger,
        max_wait: Duration,
    ) -> Result<Option<Payment>, Error> {
        self.check_invoice(invoice, trigger, Some(max_wait)).await
    }

    async fn server_time(&self) {
        self.life.step().await;
        let away = |kind| matches!(kind, Kind::Away | Kind::DropRequest(_) | Kind::DropReply(_));
        if self.world.troubles().any(away) {
            self.life.sleep(seconds(2)).await;
            return;
        }
        self.life.sleep(Duration::from_millis(80)).await;
        self.heard();
    }

    /// As the client does it: the provider's time in its last reply plus the monotonic time since;
    /// the host's clock before the first reply.
    fn now(&self) -> WibTime {
        match lock(&self.known).time {
            Some((time, at)) => time.later_by(self.world.now().saturating_sub(at)),
            None => self.world.host_time(),
        }
    }

    fn schedule(&self) -> Schedule {
        self.world.scenario.schedule
    }
}
