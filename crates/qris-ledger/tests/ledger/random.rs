//! The ledger stays consistent after any steps in any order.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;
use qris_api::webhook::WebhookEvent;
use qris_api::{Invoice, InvoiceId, PaymentDetails, Rupiah, Schedule, TransactionNumber, WibTime};
use qris_ledger::{
    Budget, CheckOutcome, Error, Intent, InvoiceState, Ledger, NewOrder, Request, Settlement,
    State, Unanswered,
};
use rusqlite::Connection;

use crate::properties::{at, content, number, paid};
use crate::shift_sums::Shifts;

const ORDERS: usize = 3;
const GAP: Duration = Duration::from_secs(15);

/// A random action. A `usize` selects one of the existing orders, intents or invoices.
#[derive(Clone, Copy, Debug)]
enum Act {
    Open(usize),
    Request(usize, bool),
    Renew(usize),
    Created(usize, Code),
    Rejected(usize),
    Unknown(usize),
    Abandon,
    Expire,
    Check(Answer),
    CheckOrder(usize, Answer),
    Settle(usize),
    Hint(usize),
    Press(usize),
    Cancel(usize),
    NotMade(usize),
    ResolvePaid(usize),
    Webhook(usize),
    CheckCandidates(bool),
    Acknowledge(usize),
    Sweep,
    Revive,
    Pass(u64),
    SetBack(u64),
    OpenShift,
    CloseShift(Unanswered),
}

/// What the provider's reply has.
#[derive(Clone, Copy, Debug)]
enum Code {
    New,
    /// The id of a recorded invoice.
    OldId(usize),
    /// The QR of a recorded invoice.
    OldContent(usize),
}

#[derive(Clone, Copy, Debug)]
enum Answer {
    Unpaid,
    None,
    Paused,
    Paid,
}

fn act() -> impl Strategy<Value = Act> {
    let answer = || {
        prop_oneof![
            6 => Just(Answer::Unpaid),
            2 => Just(Answer::None),
            1 => Just(Answer::Paused),
            1 => Just(Answer::Paid),
        ]
    };
    let some = || 0_usize..8;
    let order = || 0..ORDERS;
    let code = prop_oneof![
        8 => Just(Code::New),
        1 => some().prop_map(Code::OldId),
        1 => some().prop_map(Code::OldContent),
    ];
    prop_oneof![
        2 => order().prop_map(Act::Open),
        6 => (order(), proptest::bool::weighted(0.9)).prop_map(|(at, same)| Act::Request(at, same)),
        6 => order().prop_map(Act::Renew),
        10 => (some(), code).prop_map(|(at, code)| Act::Created(at, code)),
        2 => some().prop_map(Act::Rejected),
        3 => some().prop_map(Act::Unknown),
        2 => Just(Act::Abandon),
        6 => Just(Act::Expire),
        6 => answer().prop_map(Act::Check),
        8 => (order(), answer()).prop_map(|(at, answer)| Act::CheckOrder(at, answer)),
        4 => some().prop_map(Act::Settle),
        3 => some().prop_map(Act::Hint),
        3 => order().prop_map(Act::Press),
        3 => order().prop_map(Act::Cancel),
        3 => order().prop_map(Act::NotMade),
        2 => order().prop_map(Act::ResolvePaid),
        2 => order().prop_map(Act::Webhook),
        2 => proptest::bool::ANY.prop_map(Act::CheckCandidates),
        1 => order().prop_map(Act::Acknowledge),
        2 => Just(Act::Sweep),
        2 => Just(Act::Revive),
        8 => prop_oneof![Just(20_u64), Just(70), Just(1_900), Just(4_300), Just(90_000)]
            .prop_map(Act::Pass),
        1 => prop_oneof![Just(90_u64), Just(2_700), Just(100_000)].prop_map(Act::SetBack),
        3 => Just(Act::OpenShift),
        2 => prop_oneof![Just(Unanswered::Refuse), Just(Unanswered::Accept)]
            .prop_map(Act::CloseShift),
    ]
}

struct Shop {
    ledger: Ledger,
    now: WibTime,
    intents: Vec<Intent>,
    /// The ids of the provider's invoices, and the paid ones among them.
    ids: Vec<u64>,
    paid: BTreeSet<u64>,
    /// How many orders the ledger reported as settled.
    settled: u64,
    next_id: u64,
    shifts: Shifts,
}

impl Shop {
    fn new() -> Self {
        Self {
            ledger: Ledger::in_memory().expect("memory"),
            now: at("2020-08-07 11:00:00"),
            intents: Vec::new(),
            ids: Vec::new(),
            paid: BTreeSet::new(),
            settled: 0,
            next_id: 1,
            shifts: Shifts::default(),
        }
    }

    fn new_order(at: usize, is_same: bool) -> NewOrder {
        NewOrder::new(Self::number(at), Rupiah::new(if is_same { 25_578 } else { 30_000 }))
    }

    fn number(at: usize) -> TransactionNumber {
        number(&format!("INV-{at}"))
    }

    fn intent(&self, at: usize) -> Option<Intent> {
        let len = self.intents.len().max(1);
        self.intents.get(at % len).cloned()
    }

    fn id(&self, at: usize) -> Option<u64> {
        let len = self.ids.len().max(1);
        self.ids.get(at % len).copied()
    }

    fn settled(&mut self, id: u64, settlement: Settlement) {
        if self.paid.insert(id) {
            self.shifts.note_payment();
        }
        self.settled += u64::from(settlement == Settlement::Settled);
    }

    fn take(&mut self, act: Act) -> Result<(), Error> {
        let (now, budget, schedule) = (self.now, Budget::default(), Schedule::default());
        match act {
            Act::Open(at) => self.ledger.open_order(&Self::new_order(at, true), now).map(drop),
            Act::Request(at, is_same) => {
                let request = self.ledger.request(&Self::new_order(at, is_same), now)?;
                if let Request::New(intent) = request {
                    self.intents.push(intent);
                }
                Ok(())
            }
            Act::Renew(at) => {
                let intent = self.ledger.renew(&Self::number(at), now)?;
                self.intents.push(intent);
                Ok(())
            }
            Act::Created(at, code) => {
                let Some(intent) = self.intent(at) else { return Ok(()) };
                let fresh = self.next_id;
                let (id, shown) = match code {
                    Code::New => (fresh, fresh),
                    Code::OldId(at) => (self.id(at).unwrap_or(fresh), fresh),
                    Code::OldContent(at) => (fresh, self.id(at).unwrap_or(fresh)),
                };
                self.next_id += 1;
                let amount = self.ledger.find(intent.number())?.map(|order| order.amount);
                let amount = amount.unwrap_or(Rupiah::new(25_578));
                let (number, text) = (intent.number().clone(), content(shown));
                let invoice = Invoice::new(number, amount, text, now, InvoiceId::new(id), "ID9");
                self.ledger.record_created(&intent, &invoice, &schedule, now)?;
                self.ids.push(id);
                Ok(())
            }
            Act::Rejected(at) => match self.intent(at) {
                Some(intent) => self.ledger.record_rejected(&intent, now),
                None => Ok(()),
            },
            Act::Unknown(at) => match self.intent(at) {
                Some(intent) => self.ledger.record_unknown(&intent, Some("no answer"), now),
                None => Ok(()),
            },
            Act::Abandon => self.ledger.abandon(now, now).map(drop),
            Act::Expire => self.ledger.expire(now).map(drop),
            Act::Check(answer) => {
                let claims = self.ledger.claim_checks(&budget, 3, now)?;
                self.answer(claims, answer)
            }
            Act::CheckOrder(at, answer) => {
                let claimed = self.ledger.claim_order(
                    &Self::number(at),
                    &budget,
                    GAP,
                    Duration::from_secs(50),
                    now,
                )?;
                self.answer(claimed.claims, answer)
            }
            Act::Settle(at) => {
                let Some(id) = self.id(at) else { return Ok(()) };
                let settled = self.ledger.settle(InvoiceId::new(id), &paid("SITI"), now)?;
                self.settled(id, settled);
                Ok(())
            }
            Act::Hint(at) => {
                let id = self.id(at).unwrap_or(99);
                self.ledger
                    .record_webhook(InvoiceId::new(id), &PaymentDetails::default(), now)
                    .map(drop)
            }
            Act::Press(at) => self.ledger.request_check(&Self::number(at), 3, GAP, now).map(drop),
            Act::Cancel(at) => self.ledger.cancel(&Self::number(at), now),
            Act::NotMade(at) => self.ledger.resolve_not_made(&Self::number(at), "asked", now),
            Act::ResolvePaid(at) => {
                let id = self.next_id;
                self.next_id += 1;
                let (number, details) = (Self::number(at), PaymentDetails::default());
                let settled =
                    self.ledger.resolve_paid(&number, InvoiceId::new(id), &details, now)?;
                self.ids.push(id);
                self.settled(id, settled);
                Ok(())
            }
            Act::Webhook(at) => {
                let id = self.next_id;
                self.next_id += 1;
                let note = format!("1 INV-{at} 25578");
                let body =
                    format!(r#"{{"invoice":"{id}","qris_status":"success","note":"{note}"}}"#);
                let webhook = WebhookEvent::parse(body.as_bytes()).expect("a webhook");
                self.ledger.keep_webhook(&webhook, now).map(drop)
            }
            Act::CheckCandidates(is_paid) => {
                for candidate in self.ledger.claim_candidates(&budget, 3, now)? {
                    if !is_paid {
                        self.ledger.record_candidate_check(
                            &candidate,
                            &schedule,
                            CheckOutcome::Unpaid,
                            now,
                        )?;
                        continue;
                    }
                    let (number, id) = (candidate.order.number, candidate.invoice.qris_invoiceid);
                    let details = PaymentDetails::default();
                    match self.ledger.resolve_paid(&number, id, &details, now) {
                        // Another candidate was the one.
                        Err(Error::State { .. }) => {}
                        settled => {
                            self.ids.push(id.get());
                            self.settled(id.get(), settled?);
                        }
                    }
                }
                Ok(())
            }
            Act::Acknowledge(at) => self.ledger.acknowledge(&Self::number(at), now).map(drop),
            Act::Sweep => self.ledger.sweep(now).map(drop),
            Act::Revive => self.ledger.revive(now).map(drop),
            Act::OpenShift => self.shifts.open(&mut self.ledger, now),
            Act::CloseShift(unanswered) => self.shifts.close(&mut self.ledger, unanswered, now),
            Act::Pass(seconds) => {
                self.now = now.later_by(Duration::from_secs(seconds));
                Ok(())
            }
            Act::SetBack(seconds) => {
                self.now = WibTime::from(now.timestamp() - Duration::from_secs(seconds));
                Ok(())
            }
        }
    }

    fn answer(&mut self, claims: Vec<qris_ledger::Claim>, answer: Answer) -> Result<(), Error> {
        let (now, schedule) = (self.now, Schedule::default());
        for claim in claims {
            let outcome = match answer {
                Answer::Unpaid => CheckOutcome::Unpaid,
                Answer::None => CheckOutcome::Unanswered,
                Answer::Paused => CheckOutcome::Paused { wait: GAP },
                Answer::Paid => {
                    let id = claim.order.invoice.as_ref().expect("an invoice").qris_invoiceid;
                    let settled = self.ledger.settle(id, &paid("BUDI"), now)?;
                    self.settled(id.get(), settled);
                    continue;
                }
            };
            self.ledger.record_check(&claim, outcome, &schedule, now)?;
        }
        Ok(())
    }

    /// The invariants that hold at any time.
    fn is_consistent(&self) -> Result<(), TestCaseError> {
        let snapshot = self.ledger.snapshot().expect("a snapshot");
        let mut rows = Connection::open_in_memory().expect("memory");
        let size = snapshot.len();
        rows.deserialize_read_exact("main", &snapshot[..], size, true).expect("the snapshot");
        let text = |sql: &str| -> Vec<String> {
            let mut statement = rows.prepare(sql).expect("a statement");
            let found = statement.query_map([], |row| row.get::<_, Option<String>>(0));
            let found = found.expect("rows").map(|row| row.expect("a row"));
            found.map(Option::unwrap_or_default).collect()
        };
        prop_assert_eq!(text("PRAGMA integrity_check"), ["ok"]);
        for (rule, sql) in RULES {
            prop_assert_eq!(text(sql), [""; 0], "{}", rule);
        }
        let paid = text(
            "SELECT CAST(qris_invoiceid AS TEXT) FROM qris_invoice WHERE state = 'paid'
             ORDER BY qris_invoiceid",
        );
        let said: Vec<String> = self.paid.iter().map(u64::to_string).collect();
        prop_assert_eq!(paid, said, "what was said to be paid is booked, and nothing else");
        let orders = text("SELECT number FROM qris_order WHERE state = 'paid'");
        prop_assert_eq!(orders.len() as u64, self.settled, "each order was settled once");
        for at in 0..ORDERS {
            let Some(order) = self.ledger.find(&Self::number(at)).expect("readable") else {
                continue;
            };
            let newest = order.invoices.last().map(|invoice| invoice.state);
            if order.may_be_shown(self.now) {
                prop_assert_eq!(order.state, State::Pending);
                prop_assert_eq!(newest, Some(InvoiceState::Pending), "the newest is shown");
            }
        }
        let differences = self.ledger.compare_totals().expect("a comparison");
        prop_assert_eq!(differences, [], "kept totals are what the orders add up to");
        self.shifts.add_up(&self.ledger, self.now, self.paid.len())?;
        prop_assert_eq!(self.ledger.take_invalid_rows(), []);
        Ok(())
    }
}

/// Checks that no row is invalid, and counts the rows.
const RULES: [(&str, &str); 10] = [
    ("references hold", "SELECT 1 || '' FROM pragma_foreign_key_check"),
    (
        "an order has the invoices that it says, and the newest of them",
        "SELECT number FROM qris_order AS o
         WHERE invoices <> (SELECT count(*) FROM qris_invoice WHERE order_id = o.id)
            OR invoice IS NOT (SELECT max(id) FROM qris_invoice WHERE order_id = o.id)",
    ),
    (
        "an order's state is its invoices'",
        "SELECT number || ' is ' || state FROM qris_order AS o
         WHERE state NOT IN ('paid', 'cancelled') AND state <> CASE
            WHEN (SELECT state FROM qris_invoice WHERE id = o.invoice) IN ('requested', 'pending')
                THEN (SELECT state FROM qris_invoice WHERE id = o.invoice)
            WHEN EXISTS (SELECT 1 FROM qris_invoice WHERE order_id = o.id AND state = 'unknown')
                THEN 'unknown'
            WHEN EXISTS (SELECT 1 FROM qris_invoice WHERE order_id = o.id
                         AND state IN ('pending', 'expired'))
                THEN 'expired'
            WHEN invoice IS NULL THEN 'open'
            ELSE 'rejected' END",
    ),
    (
        "one invoice at a time is pending, the newest",
        "SELECT number FROM qris_order AS o JOIN qris_invoice AS i ON i.order_id = o.id
         WHERE i.state = 'pending' AND i.id <> o.invoice",
    ),
    (
        "what may be paid and has no final answer has a next check, and nothing else has one",
        "SELECT id || ' ' || state FROM qris_invoice
         WHERE (state IN ('pending', 'expired') AND final_answer_at IS NULL)
            AND next_check_at IS NULL
            OR state NOT IN ('pending', 'expired') AND next_check_at IS NOT NULL",
    ),
    (
        "what was paid is the amount and what came too much",
        "SELECT number FROM qris_order AS o
         WHERE amount * (SELECT count(*) FROM qris_invoice WHERE order_id = o.id AND state = 'paid')
            <> overpaid + CASE WHEN state = 'paid' THEN amount ELSE 0 END",
    ),
    (
        "an order that is paid is so by one of its invoices",
        "SELECT number FROM qris_order AS o WHERE state = 'paid' AND NOT EXISTS (
            SELECT 1 FROM qris_invoice WHERE id = o.paid_invoice AND order_id = o.id AND state = 'paid')",
    ),
    (
        "the last event says what the order is",
        "SELECT number FROM qris_order AS o WHERE state <> (
            SELECT state FROM qris_event WHERE order_id = o.id ORDER BY id DESC LIMIT 1)",
    ),
    (
        "a closed shift has what its kept totals have",
        "SELECT CAST(number AS TEXT) FROM qris_shift AS s WHERE closed_at IS NOT NULL AND (
            payments <> (SELECT coalesce(sum(payments), 0) FROM qris_total WHERE shift = s.id)
            OR paid <> (SELECT coalesce(sum(paid), 0) FROM qris_total WHERE shift = s.id))",
    ),
    (
        "totals are the sums of the rows",
        "SELECT day || ' ' || channel || ' ' || shift FROM (
            SELECT day, channel, shift, invoices, payments, paid FROM qris_total
            UNION ALL
            SELECT substr(i.requested_at, 1, 10), channel, coalesce(o.shift, 0), -1, 0, 0
            FROM qris_invoice AS i JOIN qris_order AS o ON o.id = i.order_id
            WHERE qris_invoiceid IS NOT NULL
            UNION ALL
            SELECT substr(i.paid_at, 1, 10), channel, iif(outside_shift, 0, coalesce(i.shift, 0)), 0,
                -1, -amount
            FROM qris_invoice AS i JOIN qris_order AS o ON o.id = i.order_id
            WHERE paid_at IS NOT NULL
         ) GROUP BY day, channel, shift
         HAVING sum(invoices) <> 0 OR sum(payments) <> 0 OR sum(paid) <> 0",
    ),
];

/// A refusal, which changes nothing. Any other error is a failure.
const fn is_refusal(error: &Error) -> bool {
    matches!(
        error,
        Error::State { .. }
            | Error::Absent
            | Error::Conflict { .. }
            | Error::UsedEarlier { .. }
            | Error::OtherReference
            | Error::Unchecked
            | Error::InvoiceIdTaken
            | Error::ContentTaken
            | Error::ReferenceTaken
            | Error::ShiftOpen { .. }
            | Error::ShiftClosed
            | Error::UnansweredChecks { .. }
    )
}

/// 64 sequences of steps, or the number in `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(64),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_steps_in_any_order_leave_the_ledger_consistent(
        acts in proptest::collection::vec(act(), 1..80),
    ) {
        let mut shop = Shop::new();
        for act in acts {
            if let Err(error) = shop.take(act) {
                prop_assert!(is_refusal(&error), "{:?}: {}", act, error);
            }
            shop.is_consistent()?;
        }
    }
}
