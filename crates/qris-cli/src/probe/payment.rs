//! Shows the code to pay, and waits for the payment.

use qris_api::probe::{CheckRequest, Checked};
use qris_api::{Error, Invoice, Payment, PaymentDetails, Trigger, WibTime};
use qris_image::Drawing;
use tokio::time::{Instant, sleep_until};

use super::console::Consent;
use super::error::Abort;
use super::listen::{Received, Webhooks};
use super::page::Fact;
use super::question::Question;
use super::replies::form_words;
use super::session::Session;
use crate::messages::message;

/// How many one-minute checks follow the cashier's three. The rest of the thirty is for later steps.
const BY_THE_MINUTE: u32 = 20;

/// The questions that depend on the payment.
pub(super) const AFTER_PAYMENT: [Question; 8] = [
    Question::PaidForm,
    Question::PaymentDelay,
    Question::WrongDate,
    Question::TimeInDate,
    Question::WrongAmount,
    Question::OtherAction,
    Question::OtherInvoicePaid,
    Question::PortalId,
];

/// The payment, as the probe saw it.
#[derive(Debug)]
pub(super) struct Paid {
    /// When a check said paid for the first time.
    pub(super) at: Instant,
    /// The `trxdate` of that check.
    pub(super) date: String,
    /// The time of payment, by the provider's clock.
    pub(super) paid_at: Option<WibTime>,
}

/// What is known about the time of payment.
#[derive(Default)]
struct Times {
    pressed_at: Option<Instant>,
    /// The last check that said unpaid: here, and by the provider's clock.
    last_unpaid: Option<(Instant, WibTime)>,
}

impl Session {
    /// Waits until a check says paid. It checks by the schedule, when the owner presses Enter, and after a
    /// webhook.
    pub(super) async fn wait_for_payment(
        &mut self,
        invoice: &Invoice,
    ) -> Result<Option<Paid>, Abort> {
        let question = message!("probe-step-5");
        if self.console.ask(&question).await? == Consent::Skip {
            self.not_seen(&AFTER_PAYMENT, "the payment was skipped");
            return Ok(None);
        }
        if invoice.shown_until(self.schedule.shown) <= self.client.now() {
            self.not_seen(&AFTER_PAYMENT, "the code's time was over before it was shown");
            return Ok(None);
        }
        if let Err(error) = self.show(invoice) {
            self.not_seen(&AFTER_PAYMENT, &format!("the code cannot be drawn: {error}"));
            return Ok(None);
        }
        self.paying = Some(invoice.clone());
        let paid = self.check_until_paid(invoice).await?;
        if paid.is_none() {
            self.not_seen(&AFTER_PAYMENT, "no check said paid in time");
        }
        Ok(paid)
    }

    fn show(&mut self, invoice: &Invoice) -> Result<(), qris_image::DrawError> {
        let picture = Drawing::parse(&invoice.qris_content)?.terminal()?;
        let id = invoice.qris_invoiceid;
        anstream::eprintln!("\n{picture}");
        self.console.say(&message!(
            "probe-pay-this",
            number = invoice.number,
            nmid = invoice.qris_nmid
        ));
        if self.console.is_interactive() {
            self.console.say(&message!("probe-press-enter"));
        }
        self.console.say(&message!("probe-waiting", invoice = id));
        for made in &mut self.page.invoices {
            made.shown |= made.qris_invoiceid == id.get();
        }
        Ok(())
    }

    async fn check_until_paid(&mut self, invoice: &Invoice) -> Result<Option<Paid>, Abort> {
        let (tries, try_gap) = (self.schedule.tries, self.schedule.try_gap);
        let (mut scheduled, mut presses, mut was_told) = (0, 0, false);
        let mut times = Times::default();
        let mut next = Instant::now() + try_gap;
        while scheduled < tries + BY_THE_MINUTE {
            let trigger = match self.next_event(next).await? {
                Event::Time => {
                    scheduled += 1;
                    Trigger::Schedule
                }
                Event::Line(line) => match line.trim() {
                    "skip" => break,
                    "stop" => return Err(Abort::Stopped),
                    _ => {
                        times.pressed_at.get_or_insert_with(Instant::now);
                        presses += 1;
                        if presses > tries {
                            self.console.say(&message!("probe-no-manual-checks"));
                            continue;
                        }
                        Trigger::Button
                    }
                },
                Event::Webhook(received) => {
                    let hint = received.hint.as_ref();
                    let is_ours = hint.is_some_and(|hint| hint.invoice == invoice.qris_invoiceid);
                    self.came.push(*received);
                    if !is_ours || was_told {
                        continue;
                    }
                    was_told = true;
                    Trigger::Webhook
                }
            };
            // After midnight the payment may be recorded under the next day.
            let first = invoice.qris_request_date.date();
            let last = self.client.now().date().max(first);
            let date = if scheduled % 2 == 0 { last } else { first }.to_string();
            let request = CheckRequest { date, ..CheckRequest::new(invoice) };
            let answered = self.check(&request, trigger).await?;
            let gap = if scheduled < tries { try_gap } else { self.schedule.check_gap };
            next = Instant::now() + gap;
            match answered {
                None => break,
                Some(Ok(reply)) => match &reply.answer {
                    Ok(Checked::Payment(Payment::Paid(details))) => {
                        let optional = optional_members(&reply.form.members);
                        let fact = Fact::seen(optional, form_words(&reply));
                        self.page.note(Question::PaidForm, fact);
                        return Ok(Some(self.note_payment(invoice, request.date, details, &times)));
                    }
                    Ok(Checked::Payment(Payment::Unpaid)) => {
                        times.last_unpaid = Some((Instant::now(), self.client.now()));
                        self.console.say(&message!("probe-not-paid"));
                    }
                    Ok(Checked::Refused(reason)) => {
                        self.console.say(&message!("probe-check-refused", reason = reason));
                    }
                    Ok(_) => {}
                    Err(defect) => self.console.say(&defect.to_string()),
                },
                Some(Err(Error::Paused { wait, .. })) => next = Instant::now() + wait,
                Some(Err(_)) => {}
            }
        }
        Ok(None)
    }

    /// The next event: the time comes, the owner types a line, or a webhook arrives.
    async fn next_event(&mut self, at: Instant) -> Result<Event, Abort> {
        let Self { console, webhooks, .. } = self;
        tokio::select! {
            biased;
            received = next_webhook(webhooks) => Ok(Event::Webhook(Box::new(received))),
            line = console.line() => line.map(Event::Line),
            () = sleep_until(at) => Ok(Event::Time),
        }
    }

    /// Notes that a check says paid, and how long it took.
    fn note_payment(
        &mut self,
        invoice: &Invoice,
        date: String,
        details: &PaymentDetails,
        times: &Times,
    ) -> Paid {
        self.console.say(&message!("probe-paid"));
        let id = invoice.qris_invoiceid.get();
        for made in &mut self.page.invoices {
            made.paid |= made.qris_invoiceid == id;
        }
        let (at, now) = (Instant::now(), self.client.now());
        let fact = match (details.paid_at, times.pressed_at) {
            (Some(paid_at), _) => {
                let after =
                    |time: WibTime| paid_at.timestamp().duration_until(time.timestamp()).as_secs();
                let least = times.last_unpaid.map_or(0, |(_, unpaid)| after(unpaid).max(0));
                Fact::seen(
                    format!("{least} to {} s", after(now).max(least)),
                    "from qris_paid_date to the first check that said paid; the check before it, if \
                     it came after the payment, said unpaid",
                )
            }
            (None, Some(pressed)) => {
                let least = times
                    .last_unpaid
                    .map_or(0, |(unpaid, _)| unpaid.saturating_duration_since(pressed).as_secs());
                let most = at.saturating_duration_since(pressed).as_secs();
                let seen = "from pressing Enter to the first check that said paid";
                Fact::likely(format!("{least} to {most} s"), seen)
            }
            (None, None) => Fact::not_seen(
                "the check has no qris_paid_date, and nobody pressed Enter after paying",
            ),
        };
        let setting = "none: checks continue for the validity plus 10 min";
        self.page.note(Question::PaymentDelay, fact.with_setting(setting));
        let paid = Paid { at, date, paid_at: details.paid_at };
        self.paid = Some((paid.at, paid.paid_at));
        paid
    }
}

impl Session {
    /// Asks what only a person can see: the row of the payment in the merchant's portal.
    pub(super) async fn look_in_the_portal(&mut self, invoice: &Invoice) -> Result<(), Abort> {
        let question = message!("probe-portal", invoice = invoice.qris_invoiceid);
        let fact = match self.console.ask_what_is_seen(&question).await? {
            Some(true) => Fact::seen("yes", "the owner saw it")
                .with_setting("none: settlement files are matched by idinv"),
            Some(false) => Fact::seen("no", "the owner saw another number")
                .with_setting("report it as an issue: settlement files are matched by idinv"),
            None => Fact::not_seen("the owner did not say"),
        };
        self.page.note(Question::PortalId, fact);
        Ok(())
    }
}

enum Event {
    Time,
    Line(String),
    Webhook(Box<Received>),
}

/// The next webhook; waits forever if nobody listens.
pub(super) async fn next_webhook(webhooks: &mut Option<Webhooks>) -> Received {
    match webhooks {
        Some(webhooks) => match webhooks.received.recv().await {
            Some(received) => received,
            None => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

/// The names of the members that carry more than `paid`.
fn optional_members(members: &[qris_api::probe::Member]) -> String {
    let known = ["status", "data", "data.qris_status"];
    let names: Vec<&str> = members
        .iter()
        .map(|member| member.path.as_str())
        .filter(|path| !known.contains(path))
        .collect();
    if names.is_empty() { "paid and nothing else".to_owned() } else { names.join(", ") }
}
