//! The true state, including what the shop does not know; and what has happened.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use jiff::SignedDuration;
use qris_api::{InvoiceId, Rupiah, TransactionNumber, Trigger, WibTime};

use crate::executor::{Handle, lock};
use crate::process::Life;
use crate::scenario::{Kind, Scenario, Trouble, minutes};

/// Everything that the tasks of a run share.
pub(crate) struct World {
    pub(crate) scenario: Scenario,
    pub(crate) time: Handle,
    state: Mutex<State>,
    /// The lines of the run, if they are wanted.
    log: Option<Mutex<Vec<String>>>,
}

/// The true state of one of the provider's invoices.
#[derive(Clone, Debug)]
pub(crate) struct Truth {
    pub(crate) id: InvoiceId,
    pub(crate) merchant: usize,
    pub(crate) number: TransactionNumber,
    pub(crate) amount: Rupiah,
    pub(crate) made: Duration,
    pub(crate) content: String,
    /// When it was paid, and from when a check says so.
    pub(crate) paid: Option<Paid>,
    /// When it was first shown to a payer.
    pub(crate) shown: Option<Duration>,
    /// When a check was last answered "unpaid": when the provider said it, not when it arrived.
    pub(crate) unpaid_said: Option<Duration>,
    /// When a check's answer "paid" first reached a process.
    pub(crate) paid_heard: Option<Duration>,
    /// The process that received the create's complete reply in time.
    pub(crate) got_by: Option<Life>,
    /// When webhooks of it were answered 200.
    pub(crate) webhooks_taken: Vec<Duration>,
    /// Whether somebody may pay it who did not see it at the shop: from a printed slip or a second
    /// screen.
    pub(crate) is_on_a_slip: bool,
}

impl Truth {
    /// Whether the database that knew of it was replaced by an older copy.
    pub(crate) fn is_forgotten(&self, restored: &[(Duration, Duration)]) -> bool {
        is_undone(self.made, restored)
    }

    /// Whether the database has a webhook of it: one was answered 200, and no older copy has replaced
    /// the database that took it.
    pub(crate) fn has_webhook(&self, restored: &[(Duration, Duration)]) -> bool {
        self.webhooks_taken.iter().any(|&at| !is_undone(at, restored))
    }
}

/// Whether the database of this moment was replaced by an older copy.
pub(crate) fn is_undone(at: Duration, restored: &[(Duration, Duration)]) -> bool {
    restored.iter().any(|&(saved, restored)| at >= saved && at < restored)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paid {
    pub(crate) at: Duration,
    pub(crate) confirmed: Duration,
}

/// One check call to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) at: Duration,
    pub(crate) merchant: usize,
    pub(crate) invoice: InvoiceId,
    pub(crate) trigger: Trigger,
    /// Whether it is about a further day of the same check.
    pub(crate) is_further_day: bool,
}

/// A property that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) property: u8,
    pub(crate) at: Duration,
    pub(crate) how: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "property {}: {}", self.property, self.how)
    }
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) invoices: BTreeMap<u64, Truth>,
    pub(crate) questions: Vec<Question>,
    /// The positions of the calls for each invoice.
    asked: BTreeMap<InvoiceId, Vec<usize>>,
    pub(crate) broken: Option<Broken>,
    /// Whether the world is quiet: there are no more failures.
    pub(crate) is_quiet: bool,
    /// When the database was restored, and to which moment.
    pub(crate) restored: Vec<(Duration, Duration)>,
    /// When the cashier last requested another code for a number.
    pub(crate) renewing: BTreeMap<(usize, TransactionNumber), Duration>,
    /// How often the ledger was called.
    pub(crate) ledger_calls: u64,
    /// How many invoices a number got, each with a position in its stream of random values.
    pub(crate) calls: BTreeMap<(usize, String), u64>,
}

impl State {
    pub(crate) fn add_question(&mut self, question: Question) {
        self.asked.entry(question.invoice).or_default().push(self.questions.len());
        self.questions.push(question);
    }

    /// The questions about an invoice so far.
    pub(crate) fn questions_about(&self, id: InvoiceId) -> impl Iterator<Item = &Question> {
        let places = self.asked.get(&id).into_iter().flatten();
        places.map(|&at| &self.questions[at])
    }
}

/// The provider's first id.
const FIRST_ID: u64 = 413_255_111;

impl World {
    pub(crate) fn new(scenario: Scenario, time: Handle, tells: bool) -> Self {
        let log = tells.then(Mutex::default);
        Self { scenario, time, state: Mutex::default(), log }
    }

    /// What is true and what has happened, for as long as the closure runs.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut lock(&self.state))
    }

    pub(crate) fn now(&self) -> Duration {
        self.time.now()
    }

    /// The true time, which is the provider's.
    pub(crate) fn true_time(&self) -> WibTime {
        self.time_at(self.now())
    }

    pub(crate) fn time_at(&self, at: Duration) -> WibTime {
        self.scenario.start.later_by(at)
    }

    /// The host's clock.
    pub(crate) fn host_time(&self) -> WibTime {
        let true_time = self.true_time();
        let off: i64 = self
            .troubles()
            .filter_map(|kind| if let Kind::Clock(by) = kind { Some(by) } else { None })
            .sum();
        let time = true_time.timestamp().checked_add(SignedDuration::from_secs(off));
        time.map_or(true_time, WibTime::from)
    }

    /// Whether the host's clock is wrong, or was wrong recently.
    pub(crate) fn is_clock_wrong(&self) -> bool {
        self.scenario.trouble.iter().any(|trouble| matches!(trouble.kind, Kind::Clock(_)))
    }

    /// Whether the host's clock is wrong, or was within the last five minutes: a process without an
    /// answer from the provider does not use the provider's time.
    pub(crate) fn was_clock_wrong(&self) -> bool {
        let now = self.now();
        let is_wrong = |trouble: &Trouble| {
            let is_near = trouble.from <= now && now < trouble.to + minutes(5);
            is_near && matches!(trouble.kind, Kind::Clock(_))
        };
        self.scenario.trouble.iter().any(is_wrong)
    }

    /// The current failures.
    pub(crate) fn troubles(&self) -> impl Iterator<Item = Kind> + '_ {
        self.scenario.troubles_at(self.now())
    }

    /// How often something was done for this key: the position in its stream of random values.
    pub(crate) fn count(&self, merchant: usize, key: &str) -> u64 {
        self.with(|state| {
            let count = state.calls.entry((merchant, key.to_owned())).or_default();
            *count += 1;
            *count
        })
    }

    /// The provider makes an invoice.
    pub(crate) fn make(
        &self,
        merchant: usize,
        number: &TransactionNumber,
        amount: Rupiah,
    ) -> Truth {
        let made = self.now();
        let truth = self.with(|state| {
            let id = FIRST_ID + u64::try_from(state.invoices.len()).unwrap_or_default();
            let truth = Truth {
                id: InvoiceId::new(id),
                merchant,
                number: number.clone(),
                amount,
                made,
                content: content(merchant, id, amount),
                paid: None,
                shown: None,
                unpaid_said: None,
                paid_heard: None,
                got_by: None,
                webhooks_taken: Vec::new(),
                is_on_a_slip: false,
            };
            state.invoices.insert(id, truth.clone());
            truth
        });
        self.tell(|| format!("the provider makes invoice {} for {number}, Rp{amount}", truth.id));
        truth
    }

    pub(crate) fn invoice(&self, id: InvoiceId) -> Option<Truth> {
        self.with(|state| state.invoices.get(&id.get()).cloned())
    }

    pub(crate) fn change(&self, id: InvoiceId, change: impl FnOnce(&mut Truth)) {
        self.with(|state| state.invoices.get_mut(&id.get()).map(change));
    }

    /// The first property that does not hold ends the run.
    pub(crate) fn broken(&self, property: u8, how: impl Into<String>) {
        let (at, how) = (self.now(), how.into());
        self.tell(|| format!("BROKEN, property {property}: {how}"));
        self.with(|state| state.broken.get_or_insert(Broken { property, at, how }).property);
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.with(|state| state.broken.is_some())
    }

    /// A line of the run, which is formatted only if it is wanted.
    pub(crate) fn tell(&self, line: impl FnOnce() -> String) {
        let Some(log) = &self.log else { return };
        let now = self.now();
        let (secs, millis) = (now.as_secs(), now.subsec_millis());
        let (days, hours, minutes) = (secs / 86_400, secs / 3_600 % 24, secs / 60 % 60);
        let day = if days > 0 { format!("{days} d ") } else { String::new() };
        let line = line();
        let line = format!("{day}{hours:02}:{minutes:02}:{:02}.{millis:03}  {line}", secs % 60);
        lock(log).push(line);
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.log.as_ref().map(|log| lock(log).clone()).unwrap_or_default()
    }
}

/// The QR of an invoice. The simulated provider also represents the client, which checks the QR
/// first. So the QR has only what the properties read, and its reference label for the ledger.
fn content(merchant: usize, id: u64, amount: Rupiah) -> String {
    format!("QR of merchant {merchant} invoice {id} Rp{amount}")
}

/// What a QR says: merchant, invoice, amount.
pub(crate) fn read_content(content: &str) -> Option<(usize, u64, u64)> {
    let rest = content.strip_prefix("QR of merchant ")?;
    let (merchant, rest) = rest.split_once(" invoice ")?;
    let (id, amount) = rest.split_once(" Rp")?;
    Some((merchant.parse().ok()?, id.parse().ok()?, amount.parse().ok()?))
}
