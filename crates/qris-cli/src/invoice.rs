//! `qris invoice`: create, check, wait, list and show, booked in the ledger.

use std::error::Error as StdError;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, Subcommand, ValueEnum};
use qris_api::blocking::Client;
use qris_api::{
    Error, Invoice, Payment, Press, Rupiah, Schedule, Tip, TransactionNumber, Trigger, WibTime,
};
use qris_image::Drawing;
use qris_ledger::{Budget, Channel, Claim, Ledger, Record, Request, Settlement, State};

use crate::money::{rupiah, whole_rupiah};
use crate::output::{complain, print, print_json, visible};
use crate::settings::{Settings, Wrong};

/// Asks for invoices, watches them and books them
///
/// Exit code 0: done, or paid. 1: refused, not paid at the end, or the QR in the reply was not
/// what was asked for. 2: wrong usage or settings. 3: not known whether the provider made an
/// invoice, or whether it is paid.
#[derive(Args)]
#[command(after_help = "Example, against a sandbox that `qris sandbox` runs elsewhere:\n  \
    export QRIS_API_KEY=sandbox-key QRIS_MERCHANT_ID=123456\n  \
    export QRIS_BASE_URL=http://127.0.0.1:7000/restapi/qris/\n  \
    qris invoice create INV-1 25578\n  qris invoice wait INV-1")]
pub(crate) struct InvoiceCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Asks for an invoice and shows its QR; the same number and amount again show the same one
    #[command(after_help = "Example:\n  qris invoice create INV-1 25578 --channel pos")]
    Create {
        /// Your own number of the transaction: 1 to 40 of A-Z a-z 0-9 -
        number: TransactionNumber,
        /// The amount in whole rupiah, digits alone
        #[arg(value_parser = whole_rupiah)]
        amount: u64,
        /// Have the payer's wallet ask for a tip
        #[arg(long)]
        tip: bool,
        /// Where the sale is made
        #[arg(long, value_enum, default_value_t = ChannelWord::Pos)]
        channel: ChannelWord,
        #[command(flatten)]
        common: Common,
    },
    /// Asks once whether an invoice is paid, as soon as the provider's rules allow: the first
    /// three times no closer than 15 seconds, then by the schedule
    #[command(after_help = "Example:\n  qris invoice check INV-1")]
    Check {
        /// The number of the transaction
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    /// Waits until an invoice is paid, or its time is over
    #[command(after_help = "Example:\n  qris invoice wait INV-1 && echo paid")]
    Wait {
        /// The number of the transaction
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
    /// Lists the newest invoices
    #[command(after_help = "Example:\n  qris invoice list --limit 50 --json")]
    List {
        /// How many
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
        #[command(flatten)]
        common: Common,
    },
    /// Shows an invoice and, while it can be paid, its QR
    #[command(after_help = "Example:\n  qris invoice show INV-1 --json")]
    Show {
        /// The number of the transaction
        number: TransactionNumber,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Args)]
struct Common {
    /// Print the row as JSON instead of text and QR
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, ValueEnum)]
enum ChannelWord {
    /// A cashier's till
    Pos,
    /// A web shop's checkout
    Ecommerce,
    /// A recurring bill
    Bill,
}

impl From<ChannelWord> for Channel {
    fn from(word: ChannelWord) -> Self {
        match word {
            ChannelWord::Pos => Self::Pos,
            ChannelWord::Ecommerce => Self::Ecommerce,
            ChannelWord::Bill => Self::Bill,
        }
    }
}

/// A request that was not answered for so long was cut off.
pub(crate) const CUT_OFF: Duration = Duration::from_secs(3 * 60);

/// How long the same number waits for the process that is asking, and how often it looks.
const ANSWER_PATIENCE: Duration = Duration::from_secs(40);
const PAUSE: Duration = Duration::from_millis(250);

/// Exit codes of the face.
const REFUSED: u8 = 1;
const UNKNOWN: u8 = 3;

/// An end that is not the one wished for: what to say and the exit code.
struct End {
    code: u8,
    why: String,
}

impl End {
    fn refused(why: impl Into<String>) -> Self {
        Self { code: REFUSED, why: why.into() }
    }

    /// What failed while asking about a payment tells nothing about the payment.
    fn unanswered(self) -> Self {
        Self { code: UNKNOWN, why: format!("not known whether it is paid: {}", self.why) }
    }
}

impl<E: StdError> From<E> for End {
    fn from(error: E) -> Self {
        Self::refused(error.to_string())
    }
}

impl From<Wrong> for End {
    fn from(wrong: Wrong) -> Self {
        Self { code: crate::USAGE, why: wrong.to_string() }
    }
}

impl InvoiceCommand {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let done = match self.action {
            Action::Create { number, amount, tip, channel, common } => {
                let tip = if tip { Tip::Ask } else { Tip::None };
                create(&common, &number, Rupiah::new(amount), tip, channel.into())
            }
            Action::Check { number, common } => check(&common, &number),
            Action::Wait { number, common } => wait(&common, &number),
            Action::List { limit, common } => list(&common, limit),
            Action::Show { number, common } => show(&common, &number),
        };
        match done {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(end) => {
                complain(&end.why);
                Ok(ExitCode::from(end.code))
            }
        }
    }
}

fn create(
    common: &Common,
    number: &TransactionNumber,
    amount: Rupiah,
    tip: Tip,
    channel: Channel,
) -> Result<(), End> {
    let client = common.settings.client()?;
    let mut ledger = up_to_now(common.settings.ledger()?)?;
    let schedule = common.settings.schedule()?;
    let asked_at = WibTime::now();
    if let Request::Known(record) = ledger.request(number, amount, channel, asked_at)? {
        return known(common, answered(&ledger, *record)?);
    }
    match client.create_invoice(number, amount, tip) {
        Ok(invoice) => {
            // Should the books fail now, the payer must not see a QR that nobody watches.
            ledger.record_created(&invoice, &schedule, WibTime::now())?;
            let record = booked(&ledger, number)?;
            output(common, &record, Picture::Drawn)
        }
        Err(error) => Err(not_created(&mut ledger, number, &error)),
    }
}

/// Books why there is no invoice to show.
fn not_created(ledger: &mut Ledger, number: &TransactionNumber, error: &Error) -> End {
    let now = WibTime::now();
    let (code, booked) = match error {
        Error::OutcomeUnknown { .. } => {
            (UNKNOWN, ledger.unknown(number, Some(&error.to_string()), now))
        }
        // The provider may have made an invoice, but not the one that was asked for.
        Error::ContentMismatch { .. } => {
            (REFUSED, ledger.unknown(number, Some(&error.to_string()), now))
        }
        _ => (REFUSED, ledger.rejected(number, now)),
    };
    let why = match booked {
        Ok(()) => error.to_string(),
        Err(books) => format!("{error}; and the books could not be kept: {books}"),
    };
    End { code, why }
}

/// Waits, if another process is asking for this invoice just now, for what comes of it.
fn answered(ledger: &Ledger, mut record: Record) -> Result<Record, End> {
    let asked = Instant::now();
    while record.state == State::Requested && asked.elapsed() < ANSWER_PATIENCE {
        std::thread::sleep(PAUSE);
        record = booked(ledger, &record.number)?;
    }
    Ok(record)
}

/// A number that is in the books already, with the same amount.
fn known(common: &Common, record: Record) -> Result<(), End> {
    match record.state {
        State::Pending => output(common, &record, Picture::Drawn),
        State::Paid => output(common, &record, Picture::Left),
        State::Requested => Err(End {
            code: UNKNOWN,
            why: "another process is asking for this number, or was killed while it did: ask \
                  again in three minutes; do not use a new number before"
                .to_owned(),
        }),
        State::Unknown => Err(End {
            code: UNKNOWN,
            why: "this number was asked for before and it is not known whether the provider made \
                  an invoice; look with the provider, then use a new number"
                .to_owned(),
        }),
        State::Expired | State::Cancelled | State::Rejected => {
            Err(End::refused(format!("this number is {}; use a new one", record.state)))
        }
    }
}

/// The books that are there already: an invoice cannot stand in others.
fn books(common: &Common) -> Result<Ledger, End> {
    up_to_now(common.settings.kept_ledger()?)
}

/// Books in which what was cut off is no longer said to be under way.
fn up_to_now(mut ledger: Ledger) -> Result<Ledger, End> {
    let now = WibTime::now();
    if let Ok(cut_off) = now.timestamp().checked_sub(CUT_OFF) {
        ledger.abandon(cut_off.into(), now)?;
    }
    Ok(ledger)
}

fn booked(ledger: &Ledger, number: &TransactionNumber) -> Result<Record, End> {
    ledger.find(number)?.ok_or_else(|| End::refused("this number is not in the books"))
}

/// The invoice of a number, which has one only when the provider made it.
fn invoice_of(record: &Record) -> Result<&Invoice, End> {
    record.invoice.as_ref().ok_or_else(|| End {
        code: if matches!(record.state, State::Requested | State::Unknown) {
            UNKNOWN
        } else {
            REFUSED
        },
        why: match record.state {
            State::Requested => "it is being asked for, or was cut off: not known yet whether \
                                 there is an invoice; look again in three minutes"
                .to_owned(),
            State::Unknown => "it is not known whether the provider made an invoice: ask \
                               InterActive before charging again"
                .to_owned(),
            state => format!("this number is {state}: there is no invoice to ask about"),
        },
    })
}

fn check(common: &Common, number: &TransactionNumber) -> Result<(), End> {
    let mut asking = Asking::about(common, number)?;
    answered_by(asking.once())?;
    finish(common, &asking.ledger, number)
}

fn wait(common: &Common, number: &TransactionNumber) -> Result<(), End> {
    let mut asking = Asking::about(common, number)?;
    answered_by(asking.until_over())?;
    finish(common, &asking.ledger, number)
}

/// What ends asking about a payment but an answer: what kept it from coming, or the books.
fn answered_by(asked: Result<Option<Error>, End>) -> Result<(), End> {
    match asked {
        Ok(None) => Ok(()),
        Ok(Some(refused @ Error::Rejected { .. })) => Err(refused.into()),
        Ok(Some(error)) => Err(End::from(error).unanswered()),
        Err(end) => Err(end.unanswered()),
    }
}

/// Asks about one invoice when it is due, by the books: so this process and all others, a till
/// say, keep to the key's budget together.
struct Asking {
    client: Client,
    ledger: Ledger,
    schedule: Schedule,
    record: Record,
    /// What the checks are for.
    trigger: Trigger,
}

impl Asking {
    fn about(common: &Common, number: &TransactionNumber) -> Result<Self, End> {
        let ledger = books(common)?;
        let record = booked(&ledger, number)?;
        if record.state != State::Paid {
            invoice_of(&record)?;
        }
        let schedule = common.settings.schedule()?;
        let client = common.settings.client()?;
        Ok(Self { client, ledger, schedule, record, trigger: Trigger::Schedule })
    }

    /// Asks by hand, unless it is paid; what came instead of an answer.
    fn once(&mut self) -> Result<Option<Error>, End> {
        if self.record.state == State::Paid {
            return Ok(None);
        }
        self.press()?;
        Ok(self.ask(|_| ())?.and_then(Result::err))
    }

    /// Asks by the schedule until it is paid or nothing is left to ask; what came at the end
    /// instead of an answer.
    fn until_over(&mut self) -> Result<Option<Error>, End> {
        let progress = io::stderr().is_terminal();
        let (mut asked, mut last) = (0_u32, String::from("not asked yet"));
        let mut no_answer = None;
        while self.record.state != State::Paid {
            let shown = last.clone();
            let answer = self.ask(|record| {
                if progress {
                    eprint!("\r\x1b[K{} · {}", time_left(record.expires_at), visible(&shown));
                }
            })?;
            asked += 1;
            last = match &answer {
                // Nothing is left to ask, or it is paid.
                None => break,
                Some(Ok(())) => format!("check {asked}: not paid yet"),
                Some(Err(error)) => format!("check {asked}: {error}"),
            };
            match answer {
                // Asking again would be refused again.
                Some(Err(Error::Rejected { reason })) if reason.is_known() => {
                    return Ok(Some(Error::Rejected { reason }));
                }
                Some(Err(error)) => no_answer = Some(error),
                _ => no_answer = None,
            }
        }
        if progress {
            eprint!("\r\x1b[K");
        }
        // Without an answer at the end, nobody knows that it is unpaid.
        Ok(no_answer.filter(|_| self.record.state != State::Paid))
    }

    /// Presses the cashier's button, which makes the invoice due; waits where that is too soon.
    fn press(&mut self) -> Result<(), End> {
        let Schedule { tries, try_gap, .. } = self.schedule;
        loop {
            let now = WibTime::now();
            match self.ledger.press(&self.record.number, tries, try_gap, now)? {
                Press::Accepted { .. } => {
                    self.trigger = Trigger::Button;
                    return Ok(());
                }
                Press::TooSoon { wait } => {
                    let seconds = wait.as_secs_f32().ceil();
                    anstream::eprintln!("it was asked a moment ago; asking again in {seconds} s");
                    std::thread::sleep(wait);
                }
                Press::NoneLeft => {
                    let next = booked(&self.ledger, &self.record.number)?.next_check_at;
                    let next = next.map_or_else(|| "never".to_owned(), |at| at.to_api_text());
                    anstream::eprintln!(
                        "its {tries} checks by hand are used up; the next by the schedule: {next}"
                    );
                    return Ok(());
                }
            }
        }
    }

    /// Waits until the invoice is due and this process's to ask about, and asks: `None` where it
    /// is paid, or nothing is left to ask. `waiting` is called while it waits.
    fn ask(&mut self, waiting: impl Fn(&Record)) -> Result<Option<Result<(), Error>>, End> {
        loop {
            self.record = booked(&self.ledger, &self.record.number)?;
            let Record { number, state, shown_until, next_check_at, .. } = &self.record;
            let now = WibTime::now();
            let Some(next) = next_check_at.filter(|_| state.may_be_paid()) else {
                return Ok(None);
            };
            // The books are only written to where there is something to write: many may wait.
            if *state == State::Pending && shown_until.is_some_and(|at| at <= now) {
                self.ledger.expire(now)?;
            }
            let budget = Budget::default();
            let is_due = next <= now || next > now.later_by(budget.horizon);
            if is_due && let Some(claim) = self.ledger.claim_check(number, &budget, now)? {
                return self.ask_now(&claim).map(Some);
            }
            waiting(&self.record);
            std::thread::sleep(PAUSE);
        }
    }

    fn ask_now(&mut self, claim: &Claim) -> Result<Result<(), Error>, End> {
        let invoice = invoice_of(&claim.record)?;
        let answer = self.client.check_invoice_for(invoice, self.trigger);
        let (payment, now) = (answer.as_ref().unwrap_or(&Payment::Unpaid), WibTime::now());
        let settlement = self.ledger.settle(invoice.qris_invoiceid, payment, now)?;
        if settlement == Settlement::Unpaid {
            let next = claim.next_check(&self.schedule, now, answer.is_ok());
            self.ledger.checked(claim, next, answer.is_err().then_some(now))?;
        }
        self.record = booked(&self.ledger, &self.record.number)?;
        Ok(answer.map(drop))
    }
}

fn time_left(expires_at: Option<WibTime>) -> String {
    let now = WibTime::now().timestamp();
    let left = expires_at.map_or(0, |at| at.timestamp().duration_since(now).as_secs());
    if left > 0 {
        format!("{}:{:02} left", left / 60, left % 60)
    } else {
        "expired, a late payment may still come".to_owned()
    }
}

/// Shows the row; an end with 1 unless it is paid.
fn finish(common: &Common, ledger: &Ledger, number: &TransactionNumber) -> Result<(), End> {
    let record = booked(ledger, number)?;
    output(common, &record, Picture::Left)?;
    match record.state {
        State::Paid => Ok(()),
        _ => Err(End::refused("the invoice is not paid")),
    }
}

fn list(common: &Common, limit: u32) -> Result<(), End> {
    let records = books(common)?.list(limit)?;
    if common.json {
        return Ok(print_json(&records)?);
    }
    let mut out = String::new();
    for record in &records {
        out.push_str(&format!(
            "{:<25} {:<20} {:>15} {:<9} {}\n",
            record.requested_at.to_string(),
            visible(record.number.as_str()),
            rupiah(record.amount.get()),
            record.channel,
            record.state
        ));
    }
    Ok(print(&out)?)
}

fn show(common: &Common, number: &TransactionNumber) -> Result<(), End> {
    let record = booked(&books(common)?, number)?;
    let picture = match record.state {
        State::Pending => Picture::Drawn,
        _ => Picture::Left,
    };
    output(common, &record, picture)
}

#[derive(Clone, Copy, PartialEq)]
enum Picture {
    Drawn,
    Left,
}

fn output(common: &Common, record: &Record, picture: Picture) -> Result<(), End> {
    if common.json {
        return Ok(print_json(record)?);
    }
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        out.push_str(&format!("{name:<20}{}\n", visible(value)));
    };
    line("number", record.number.as_str());
    line("amount", &rupiah(record.amount.get()));
    line("channel", record.channel.as_str());
    line("state", record.state.as_str());
    if let Some(invoice) = &record.invoice {
        line("qris_invoiceid", &invoice.qris_invoiceid.to_string());
        line("qris_nmid", &invoice.qris_nmid);
        line("qris_request_date", &invoice.qris_request_date.to_string());
    }
    if let Some(at) = record.expires_at {
        line("expires_at", &at.to_string());
    }
    if let Payment::Paid(details) = &record.payment {
        line("paid_at", &details.paid_at.map_or_else(String::new, |at| at.to_string()));
        line("method", details.method.as_deref().unwrap_or("not said"));
        line("customer_name", details.customer_name.as_deref().unwrap_or("not said"));
    }
    if let (Picture::Drawn, Some(invoice)) = (picture, &record.invoice) {
        let drawing = Drawing::parse(&invoice.qris_content)?;
        out.insert_str(0, &format!("{}\n", drawing.terminal()?));
    }
    Ok(print(&out)?)
}
