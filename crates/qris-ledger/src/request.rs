//! Requests for an order's codes: the intent is recorded before the provider is called.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::Date;
use qris_api::{Tip, TransactionNumber, WibTime};

use crate::database::{Step, Value};
use crate::order::CLOCK_TOLERANCE;
use crate::rows::{append, find, integer, kept, left_out, transaction_number, wrong_state};
use crate::shift::open_shift;
use crate::{Error, Intent, InvoiceState, Ledger, NewOrder, Order, State, sql};

const MAX_DESCRIPTION_CHARS: usize = 500;
/// Longer JSON is refused, because a part of it would be invalid.
const MAX_METADATA_BYTES: usize = 16 * 1024;

/// How old the "not paid" answer of an older code may be when another code is requested.
pub(crate) const FRESH: Duration = Duration::from_secs(60);

/// The result of requesting an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The intent is recorded. Call the provider now, then [`Ledger::record_created`], [`Ledger::record_rejected`]
    /// or [`Ledger::record_unknown`].
    New(Intent),
    /// The number was requested before with the same amount. Show this order. Do not request another invoice,
    /// because it could be paid as well.
    Known(Box<Order>),
}

impl Ledger {
    /// Records the intent to request the first code of an order, before the provider is called.
    ///
    /// A number that the provider refused may be requested again with the same amount. A number that was
    /// paid, expired or cancelled on an earlier day is returned only if the [reference](NewOrder::reference)
    /// is the same. Otherwise a shop that restarts its numbers each day would take the old payment for
    /// today's.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if the number has another amount; [`Error::OtherReference`]; [`Error::UsedEarlier`];
    /// [`Error::TooLarge`]; [`Error::TooLong`] for metadata of more than 16 KiB.
    pub fn request(&mut self, new: &NewOrder, now: WibTime) -> Result<Request, Error> {
        let terms = Terms::new(new)?;
        self.write(|step| {
            let shift = open_shift(step)?;
            if let Some(id) = terms.insert(step, new, State::Requested, shift, now)? {
                return ask(step, &new.number, id, None, now).map(Request::New);
            }
            let order = find(step, &new.number)?.ok_or(Error::Absent)?;
            if order.state == State::Rejected && order.amount == new.amount {
                let again = terms.again(step, new, now, order.id)?;
                if step.moved(sql::ORDER_AGAIN, &again)? {
                    return ask(step, &new.number, order.id, None, now).map(Request::New);
                }
            }
            let order = terms.same_sale(order, new, now)?;
            if matches!(order.state, State::Open)
                && step.moved(sql::ASK_AGAIN, &[order.id.into()])?
            {
                return ask(step, &new.number, order.id, None, now).map(Request::New);
            }
            Ok(Request::Known(Box::new(order)))
        })
    }

    /// Records an order without requesting a code. It is `open` until [`Ledger::request`] is called with the
    /// same number and amount. Returns an existing order as it is.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::request`].
    pub fn open_order(&mut self, new: &NewOrder, now: WibTime) -> Result<Order, Error> {
        let terms = Terms::new(new)?;
        self.write(|step| {
            let shift = open_shift(step)?;
            let inserted = terms.insert(step, new, State::Open, shift, now)?;
            if let Some(id) = inserted {
                append(step, id, None, State::Open, None, now)?;
            }
            let order = find(step, &new.number)?.ok_or(Error::Absent)?;
            match inserted {
                Some(_) => Ok(order),
                None => terms.same_sale(order, new, now),
            }
        })
    }

    /// Records the intent to request another code for an order whose last code is no longer shown.
    ///
    /// Check every older code first: see [`Ledger::claim_order`]. A payer may have just paid one of them, and
    /// would be asked to pay again.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] if the order is neither `expired` nor `rejected`, or has a
    /// requested or unknown invoice; [`Error::Unchecked`] if an older code was not answered "not paid" within
    /// the last minute.
    pub fn renew(&mut self, number: &TransactionNumber, now: WibTime) -> Result<Intent, Error> {
        self.write(|step| {
            let order = find(step, number)?.ok_or(Error::Absent)?;
            step.query(sql::LOCK_ORDER, &[order.id.into()])?;
            let order = find(step, number)?.ok_or(Error::Absent)?;
            let order = expire_order(step, order, now)?;
            let fresh = |at: WibTime| at <= now.later_by(FRESH) && now <= at.later_by(FRESH);
            let unchecked = order.invoices.iter().any(|invoice| {
                invoice.state.may_be_paid()
                    && invoice.final_answer_at.is_none()
                    && !invoice.answered_at.is_some_and(fresh)
            });
            if order.state == State::Expired && unchecked {
                return Err(Error::Unchecked);
            }
            if State::RENEWABLE.contains(&order.state)
                && step.moved(sql::ASK_AGAIN, &[order.id.into()])?
            {
                return ask(step, number, order.id, Some("another code"), now);
            }
            Err(wrong_state(Some(order), State::RENEWABLE))
        })
    }

    /// Records the intent to request the first code of an `open` order, on its stored terms.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] if the order is not `open`.
    pub fn first_code(
        &mut self,
        number: &TransactionNumber,
        now: WibTime,
    ) -> Result<Intent, Error> {
        self.write(|step| {
            let order = find(step, number)?.ok_or(Error::Absent)?;
            step.query(sql::LOCK_ORDER, &[order.id.into()])?;
            let order = find(step, number)?.ok_or(Error::Absent)?;
            if order.state == State::Open && step.moved(sql::ASK_AGAIN, &[order.id.into()])? {
                return ask(step, number, order.id, None, now);
            }
            Err(wrong_state(Some(order), &[State::Open]))
        })
    }

    /// Records that the provider refused: there is no invoice, and the number may be used again.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if the outcome is neither open nor unknown.
    pub fn record_rejected(&mut self, intent: &Intent, now: WibTime) -> Result<(), Error> {
        self.not_created(intent, InvoiceState::Rejected, None, now)
    }

    /// Records that it is unknown whether the provider made an invoice. `reason` is an error's text; the
    /// event keeps it.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if the outcome is not open.
    pub fn record_unknown(
        &mut self,
        intent: &Intent,
        why: Option<&str>,
        now: WibTime,
    ) -> Result<(), Error> {
        self.not_created(intent, InvoiceState::Unknown, why, now)
    }

    fn not_created(
        &mut self,
        intent: &Intent,
        state: InvoiceState,
        detail: Option<&str>,
        now: WibTime,
    ) -> Result<(), Error> {
        self.write(|step| match not_created(step, intent, state, detail, now)? {
            true => Ok(()),
            false => Err(wrong_state(find(step, &intent.number)?, &[State::Requested])),
        })
    }

    /// Records every intent from `before` or earlier that is still `requested` as `unknown`, because its
    /// process was killed. Returns the numbers of the selected merchant. An intent that is more than a minute
    /// ahead of `now` becomes `unknown` too: its clock was ahead, and it would stay `requested` until then.
    /// If its process is still running, the outcome is recorded as usual.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn abandon(
        &mut self,
        before: WibTime,
        now: WibTime,
    ) -> Result<Vec<TransactionNumber>, Error> {
        let ahead = now.later_by(CLOCK_TOLERANCE);
        self.write(|step| move_all(step, &ABANDONED, &[before, ahead], now))
    }

    /// Records that the shop cancelled the order: `open`, `pending` or `expired` becomes `cancelled`.
    ///
    /// Its codes cannot be withdrawn. So they are checked again when they have expired, and once more at the
    /// end of the grace period.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::State`] if it is in another state.
    pub fn cancel(&mut self, number: &TransactionNumber, now: WibTime) -> Result<(), Error> {
        self.write(|step| {
            let order = find(step, number)?.ok_or(Error::Absent)?;
            let shift = open_shift(step)?;
            if step.moved(sql::CANCEL, &[shift.into(), order.id.into()])? {
                return append(step, order.id, None, State::Cancelled, None, now);
            }
            Err(wrong_state(find(step, number)?, State::CANCELLABLE))
        })
    }

    /// Records every `pending` order whose display time is over as `expired`. Returns the numbers of the
    /// selected merchant. They are watched as before.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn expire(&mut self, now: WibTime) -> Result<Vec<TransactionNumber>, Error> {
        self.write(|step| move_all(step, &EXPIRED, &[now], now))
    }
}

/// The statements of a move that depends on time only, and the orders' new state.
struct Move {
    any: &'static str,
    orders: &'static str,
    invoices: &'static str,
    state: State,
    /// The detail of the event for an invoice of an order that keeps its state, for example because it is paid.
    /// Without it there is no event.
    other_order: Option<&'static str>,
}

const ABANDONED: Move = Move {
    any: sql::ANY_ABANDONED,
    orders: sql::ABANDONED_ORDERS,
    invoices: sql::ABANDONED_INVOICES,
    state: State::Unknown,
    other_order: Some("it is not known whether the provider made this code"),
};

const EXPIRED: Move = Move {
    any: sql::ANY_EXPIRED,
    orders: sql::EXPIRED_ORDERS,
    invoices: sql::EXPIRED_INVOICES,
    state: State::Expired,
    other_order: None,
};

/// Moves every order of the selected merchant whose newest invoice has reached these times, then every such
/// invoice.
fn move_all(
    step: &mut Step<'_>,
    &Move { any, orders, invoices, state, other_order }: &Move,
    times: &[WibTime],
    now: WibTime,
) -> Result<Vec<TransactionNumber>, Error> {
    let mut numbers = Vec::new();
    let mut moved: Vec<Value> = vec![step.merchant.into()];
    moved.extend(times.iter().map(|&time| Value::from(time)));
    if !step.moved(any, &moved)? {
        return Ok(numbers);
    }
    let mut told = BTreeSet::new();
    for mut row in step.query(orders, &moved)? {
        let id = row.integer(0, "id")?;
        told.insert(id);
        let number = row.text(1, "number").and_then(|text| transaction_number(&text));
        append(step, id, row.optional_integer(2, "invoice")?, state, None, now)?;
        match number {
            Ok(number) => numbers.push(number),
            Err(error) => left_out(step, None, error)?,
        }
    }
    let invoices = step.query(invoices, &moved)?;
    let Some(detail) = other_order else { return Ok(numbers) };
    for mut row in invoices {
        let (invoice, order) = (row.integer(0, "id")?, row.integer(1, "order_id")?);
        if told.insert(order) {
            let mut row = step.first(sql::LOCK_ORDER, &[order.into()])?.ok_or(Error::Absent)?;
            append(step, order, Some(invoice), row.word(0, "state")?, Some(detail), now)?;
        }
    }
    Ok(numbers)
}

/// Records an outcome without an invoice; `false` if the outcome was recorded before.
pub(crate) fn not_created(
    step: &mut Step<'_>,
    intent: &Intent,
    state: InvoiceState,
    detail: Option<&str>,
    now: WibTime,
) -> Result<bool, Error> {
    step.query(sql::LOCK_ORDER, &[intent.order.into()])?;
    if !step.moved(sql::NOT_CREATED, &[state.as_str().into(), intent.invoice.into()])? {
        return Ok(false);
    }
    follow_invoices(step, intent.order, intent.invoice, detail, now)?;
    Ok(true)
}

/// Moves an order to the state of its invoices and appends the event. An order that was paid or cancelled
/// meanwhile keeps its state.
pub(crate) fn follow_invoices(
    step: &mut Step<'_>,
    order: i64,
    invoice: i64,
    detail: Option<&str>,
    now: WibTime,
) -> Result<(), Error> {
    step.query(sql::FOLLOW_INVOICES, &[order.into()])?;
    let mut row = step.first(sql::LOCK_ORDER, &[order.into()])?.ok_or(Error::Absent)?;
    append(step, order, Some(invoice), row.word(0, "state")?, detail, now)
}

/// Expires an order, which is locked, and its invoices that are no longer shown.
fn expire_order(step: &mut Step<'_>, order: Order, now: WibTime) -> Result<Order, Error> {
    if order.state_at(now) != State::Expired {
        return Ok(order);
    }
    step.query(sql::EXPIRE_INVOICES_OF, &[order.id.into(), now.into()])?;
    if let Some(mut row) = step.first(sql::EXPIRE_ORDER, &[order.id.into()])? {
        let invoice = row.optional_integer(0, "invoice")?;
        append(step, order.id, invoice, State::Expired, None, now)?;
    }
    find(step, &order.number)?.ok_or(Error::Absent)
}

/// Records the intent for one more invoice of an order that is already `requested`.
fn ask(
    step: &mut Step<'_>,
    number: &TransactionNumber,
    order: i64,
    detail: Option<&str>,
    now: WibTime,
) -> Result<Intent, Error> {
    let row = [step.merchant.into(), order.into(), now.into()];
    let mut row = step.first(sql::NEW_INVOICE, &row)?.ok_or(Error::Absent)?;
    let invoice = row.integer(0, "id")?;
    step.query(sql::NEWEST_INVOICE, &[invoice.into(), order.into()])?;
    append(step, order, Some(invoice), State::Requested, detail, now)?;
    Ok(Intent { number: number.clone(), order, invoice })
}

/// An order's terms as they are stored.
pub(crate) struct Terms {
    amount: i64,
    pub(crate) description: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) metadata: Option<String>,
    shown_seconds: Option<i64>,
    notify_url: Option<String>,
    return_url: Option<String>,
}

impl Terms {
    pub(crate) fn new(new: &NewOrder) -> Result<Self, Error> {
        let text = |text: &Option<String>, max| text.as_deref().and_then(|text| kept(text, max));
        let metadata = text(&new.metadata, usize::MAX);
        if metadata.as_deref().is_some_and(|text| text.len() > MAX_METADATA_BYTES) {
            return Err(Error::TooLong { column: "metadata", bytes: MAX_METADATA_BYTES });
        }
        let shown = new.shown_for.map(|time| integer("shown_seconds", time.as_secs()));
        Ok(Self {
            amount: integer("amount", new.amount.get())?,
            description: text(&new.description, MAX_DESCRIPTION_CHARS),
            reference: text(&new.reference, NewOrder::MAX_REFERENCE_CHARS),
            metadata,
            shown_seconds: shown.transpose()?,
            notify_url: new.notify_url.clone(),
            return_url: new.return_url.as_ref().map(|url| url.as_str().to_owned()),
        })
    }

    /// The columns from `amount` to `pay_hash`.
    fn columns(&self, step: &mut Step<'_>, new: &NewOrder) -> Result<[Value; 11], Error> {
        Ok([
            self.amount.into(),
            new.channel.as_str().into(),
            (new.tip == Tip::Ask).into(),
            self.description.as_deref().into(),
            self.reference.as_deref().into(),
            self.metadata.as_deref().into(),
            new.due_at.into(),
            self.shown_seconds.into(),
            self.notify_url.as_deref().into(),
            self.return_url.as_deref().into(),
            step.pay_hash(&new.number)?.as_deref().into(),
        ])
    }

    pub(crate) fn insert(
        &self,
        step: &mut Step<'_>,
        new: &NewOrder,
        state: State,
        shift: Option<i64>,
        now: WibTime,
    ) -> Result<Option<i64>, Error> {
        let mut row: Vec<Value> = vec![step.merchant.into(), new.number.as_str().into()];
        row.extend(self.columns(step, new)?);
        row.extend([state.as_str().into(), now.into(), shift.into()]);
        let inserted = step.first(sql::NEW_ORDER, &row)?;
        inserted.map(|mut row| row.integer(0, "id")).transpose()
    }

    fn again(
        &self,
        step: &mut Step<'_>,
        new: &NewOrder,
        now: WibTime,
        order: i64,
    ) -> Result<Vec<Value>, Error> {
        let mut row = self.columns(step, new)?.to_vec();
        row.extend([now.into(), order.into()]);
        Ok(row)
    }

    /// The order, if it is the same sale: the same amount, no other reference, and not from an earlier day.
    fn same_sale(&self, order: Order, new: &NewOrder, now: WibTime) -> Result<Order, Error> {
        if order.amount != new.amount {
            return Err(Error::Conflict { booked: order.amount, asked: new.amount });
        }
        if let Some((state, day)) = ended_before(&order, now)
            && (self.reference.is_none() || order.reference != self.reference)
        {
            return Err(Error::UsedEarlier {
                state,
                day,
                has_reference: order.reference.is_some(),
            });
        }
        match (&order.reference, &self.reference) {
            (Some(booked), Some(asked)) if booked != asked => Err(Error::OtherReference),
            _ => Ok(order),
        }
    }
}

/// How an order ended and on which day (WIB), if that was before today.
fn ended_before(order: &Order, now: WibTime) -> Option<(State, Date)> {
    let state = order.state_at(now);
    let at = match state {
        State::Paid => order.payment.details()?.paid_at?,
        State::Expired | State::Cancelled => order.created_at,
        _ => return None,
    };
    Some((state, at.date())).filter(|(_, day)| *day < now.date())
}
