//! Plans in the database, and the orders that they make.

use jiff::ToSpan as _;
use jiff::civil::Date;
use qris_api::{Rupiah, TransactionNumber, WibTime};
use serde_json::json;

use super::{NewPlan, Period, Plan, PlanChange, PlanId, PlanState};
use crate::database::{Row, Step, Value};
use crate::request::Terms;
use crate::rows::{append, find, integer, kept, left_out, transaction_number};
use crate::{Channel, Error, Ledger, NewOrder, Order, State};

/// The maximum number of characters of a name or description.
const MAX_TEXT_CHARS: usize = 255;

macro_rules! plans {
    ($rest:literal) => {
        concat!(
            "SELECT id, prefix, amount, period, day, first_date, last_date, due_days, ",
            "customer_reference, customer_name, description, state, next_date, created_at, ",
            "taken_number ",
            "FROM qris_plan ",
            $rest
        )
    };
}

const ADD: &str = "
    INSERT INTO qris_plan (merchant, prefix, amount, period, day, first_date, last_date, due_days,
        customer_reference, customer_name, description, state, next_date, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'active', $12, $13)
    ON CONFLICT (merchant, prefix) DO NOTHING
    RETURNING id";

const ONE: &str = plans!("WHERE merchant = $1 AND id = $2");

/// The plans with a taken number.
const TAKEN: &str = plans!("WHERE merchant = $1 AND taken_number IS NOT NULL ORDER BY id");

const LIST: &str = plans!("WHERE merchant = $1 AND id < $2 ORDER BY id DESC LIMIT $3");

/// Locks a plan, so that no other process makes its orders.
const LOCK: &str =
    "UPDATE qris_plan SET state = state WHERE merchant = $1 AND id = $2 RETURNING id";

/// The plans with a date that has come, without the ones that another process has locked.
pub(crate) const DUE: &str = plans!(
    "WHERE merchant = $1 AND state = 'active' AND next_date <= $2
     ORDER BY next_date, id LIMIT $3 FOR UPDATE SKIP LOCKED"
);

/// Whether there is such a plan.
pub(crate) const ANY_DUE: &str = "
    SELECT id FROM qris_plan WHERE merchant = $1 AND state = 'active' AND next_date <= $2 LIMIT 1";

/// What a step changed in a plan.
const STORE: &str = "
    UPDATE qris_plan
    SET amount = $1, last_date = $2, due_days = $3, customer_reference = $4, customer_name = $5,
        description = $6, state = $7, next_date = $8, taken_number = $9
    WHERE id = $10 RETURNING id";

impl Ledger {
    /// Adds a plan. [`Ledger::make_plan_orders`] makes its orders when their dates come.
    ///
    /// ```
    /// use qris_api::{Rupiah, WibTime};
    /// use qris_ledger::jiff::civil::date;
    /// use qris_ledger::{Ledger, NewPlan, Period};
    ///
    /// # let folder = tempfile::tempdir()?;
    /// let mut ledger = Ledger::open(folder.path().join("qris.db"))?;
    /// let now = WibTime::parse("2026-12-01 08:00:00").ok_or("no time")?;
    /// let plan = NewPlan::new("SITI", Rupiah::new(150_000), Period::LAST_DAY, date(2026, 11, 1));
    /// ledger.add_plan(&plan, now)?;
    /// let orders = ledger.make_plan_orders(100, now)?;
    /// let numbers: Vec<_> = orders.iter().map(|order| order.number.as_str()).collect();
    /// assert_eq!(numbers, ["SITI-2026-11"]);
    /// assert_eq!(ledger.make_plan_orders(100, now)?, []);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidPlan`], also for a first date more than [`NewPlan::MAX_DAYS_BACK`] days ago;
    /// [`Error::PrefixTaken`].
    pub fn add_plan(&mut self, new: &NewPlan, now: WibTime) -> Result<Plan, Error> {
        new.check()?;
        new.check_first_date(now.date())?;
        let next = new.period.first_from(new.first_date);
        let text =
            |text: &Option<String>| text.as_deref().and_then(|text| kept(text, MAX_TEXT_CHARS));
        let row = |merchant| -> Result<Vec<Value>, Error> {
            Ok(vec![
                merchant,
                new.prefix.as_str().into(),
                integer("amount", new.amount.get())?.into(),
                new.period.as_str().into(),
                new.period.day().map(i64::from).into(),
                day(new.first_date),
                new.last_date.map_or(Value::Null, day),
                i64::from(new.due_days).into(),
                text(&new.customer_reference).as_deref().into(),
                text(&new.customer_name).as_deref().into(),
                text(&new.description).as_deref().into(),
                next.map_or(Value::Null, day),
                now.into(),
            ])
        };
        self.write(|step| {
            let row = row(step.merchant.into())?;
            let mut added = step.first(ADD, &row)?.ok_or(Error::PrefixTaken)?;
            one(step, PlanId(added.integer(0, "id")?))
        })
    }

    /// A plan of the selected merchant.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; the errors of [`Ledger::find`].
    pub fn plan(&self, id: PlanId) -> Result<Plan, Error> {
        self.read(|step| one(step, id))
    }

    /// The plans of the selected merchant, newest first, added before this one, at most this many.
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn plans(&self, before: Option<PlanId>, limit: u32) -> Result<Vec<Plan>, Error> {
        let before = before.map_or(i64::MAX, PlanId::get);
        self.read(|step| {
            let rows = step.query(LIST, &[step.merchant.into(), before.into(), limit.into()])?;
            readable(step, rows)
        })
    }

    /// Makes the orders whose dates have come, at most this many, and returns them. Each is `open`, has the
    /// channel `bill`, and is made once, even if several processes do this.
    ///
    /// A number that exists is not recorded again. An existing bill with the same amount counts as the bill
    /// of the period. Any other order does not: then the number becomes the plan's
    /// [`taken_number`](Plan::taken_number), until a person changes, pauses, resumes or ends the plan.
    ///
    /// # Errors
    ///
    /// [`Error::Busy`], [`Error::Full`], [`Error::Unreachable`], [`Error::Database`].
    pub fn make_plan_orders(&mut self, limit: u32, now: WibTime) -> Result<Vec<Order>, Error> {
        self.write(|step| {
            let due = [step.merchant.into(), day(now.date()), limit.into()];
            let rows = step.query(DUE, &due)?;
            let mut made = Vec::new();
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            for mut plan in readable(step, rows)? {
                make_orders(step, &mut plan, limit, now, &mut made)?;
            }
            Ok(made)
        })
    }

    /// The plans of the selected merchant that could not make an order because another order has its number:
    /// see [`Plan::taken_number`].
    ///
    /// # Errors
    ///
    /// The errors of [`Ledger::list`].
    pub fn plans_with_taken_numbers(&self) -> Result<Vec<Plan>, Error> {
        self.read(|step| {
            let rows = step.query(TAKEN, &[step.merchant.into()])?;
            readable(step, rows)
        })
    }

    /// Changes a plan, after making the orders that are due on its old terms.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::PlanEnded`]; [`Error::InvalidPlan`].
    pub fn change_plan(
        &mut self,
        id: PlanId,
        change: &PlanChange,
        now: WibTime,
    ) -> Result<Plan, Error> {
        self.change(id, now, |plan| {
            let terms = &mut plan.terms;
            let text =
                |text: &Option<String>| text.as_deref().and_then(|text| kept(text, MAX_TEXT_CHARS));
            terms.amount = change.amount.unwrap_or(terms.amount);
            terms.last_date = change.last_date.unwrap_or(terms.last_date);
            terms.due_days = change.due_days.unwrap_or(terms.due_days);
            for (mine, new) in [
                (&mut terms.customer_reference, &change.customer_reference),
                (&mut terms.customer_name, &change.customer_name),
                (&mut terms.description, &change.description),
            ] {
                if let Some(new) = new {
                    *mine = text(new);
                }
            }
            terms.check()
        })
    }

    /// Pauses a plan until it is [resumed](Ledger::resume_plan), after making the orders that are due.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::PlanEnded`].
    pub fn pause_plan(&mut self, id: PlanId, now: WibTime) -> Result<Plan, Error> {
        self.change(id, now, |plan| {
            plan.state = PlanState::Paused;
            Ok(())
        })
    }

    /// Resumes a paused plan from today on. The dates that passed meanwhile are skipped.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::PlanEnded`].
    pub fn resume_plan(&mut self, id: PlanId, now: WibTime) -> Result<Plan, Error> {
        let today = now.date();
        self.change(id, now, |plan| {
            if plan.state == PlanState::Paused {
                plan.state = PlanState::Active;
                while plan.next_date.is_some_and(|date| date < today) {
                    plan.advance();
                }
            }
            Ok(())
        })
    }

    /// Ends a plan, after making the orders that are due. Its orders stay as they are.
    ///
    /// # Errors
    ///
    /// [`Error::Absent`]; [`Error::PlanEnded`].
    pub fn end_plan(&mut self, id: PlanId, now: WibTime) -> Result<Plan, Error> {
        self.change(id, now, |plan| {
            plan.state = PlanState::Ended;
            Ok(())
        })
    }

    fn change(
        &mut self,
        id: PlanId,
        now: WibTime,
        change: impl FnOnce(&mut Plan) -> Result<(), Error> + Send,
    ) -> Result<Plan, Error> {
        self.write(|step| {
            step.query(LOCK, &[step.merchant.into(), id.get().into()])?;
            let mut plan = one(step, id)?;
            let seen = plan.taken_number.clone();
            make_orders(step, &mut plan, usize::MAX, now, &mut Vec::new())?;
            if plan.state == PlanState::Ended {
                return Err(Error::PlanEnded);
            }
            // Nobody has seen yet what was found just now.
            if plan.taken_number == seen {
                plan.taken_number = None;
            }
            change(&mut plan)?;
            plan.end_after_last_date();
            store(step, &plan)?;
            one(step, id)
        })
    }
}

/// Whether a plan of the selected merchant has a date that has come.
pub(crate) fn is_due(step: &mut Step<'_>, now: WibTime) -> Result<bool, Error> {
    step.moved(ANY_DUE, &[step.merchant.into(), day(now.date())])
}

impl Plan {
    /// Moves to the date after the next one.
    fn advance(&mut self) {
        let Some(date) = self.next_date else { return };
        self.next_date = self.terms.period.after(self.terms.first_date, date);
        self.end_after_last_date();
    }

    fn end_after_last_date(&mut self) {
        let is_over =
            self.next_date.is_none_or(|date| self.terms.last_date.is_some_and(|last| date > last));
        if is_over || self.state == PlanState::Ended {
            self.state = PlanState::Ended;
            self.next_date = None;
        }
    }

    /// The order of a date.
    fn order(&self, date: Date) -> Result<NewOrder, Error> {
        let NewPlan { prefix, amount, period, .. } = &self.terms;
        let name = period.name(date);
        let number = TransactionNumber::parse(format!("{prefix}-{name}"));
        let number = number.map_err(|_| Error::Corrupt { column: "prefix" })?;
        let mut order = NewOrder::new(number, *amount);
        order.channel = Channel::Bill;
        order.description = self.terms.description.clone();
        order.reference = self.terms.customer_reference.clone();
        let mut metadata = json!({ "plan": self.id.get(), "period": name });
        for (key, text) in [
            ("customer", &self.terms.customer_name),
            ("customer_reference", &self.terms.customer_reference),
        ] {
            if let Some(text) = text {
                metadata[key] = text.as_str().into();
            }
        }
        order.metadata = Some(metadata.to_string());
        let due = date.checked_add(i64::from(self.terms.due_days).days()).ok();
        order.due_at = due.and_then(|due| WibTime::parse(&format!("{due} 23:59:59")));
        Ok(order)
    }
}

/// Makes the orders of a plan whose dates have come, until there are `limit` in total. The plan's row is
/// locked.
fn make_orders(
    step: &mut Step<'_>,
    plan: &mut Plan,
    limit: usize,
    now: WibTime,
    made: &mut Vec<Order>,
) -> Result<(), Error> {
    let before = plan.next_date;
    while let Some(date) = plan.next_date
        && plan.state == PlanState::Active
        && date <= now.date()
        && made.len() < limit
    {
        let new = plan.order(date)?;
        if let Some(id) = Terms::new(&new)?.insert(step, &new, State::Open, None, now)? {
            append(step, id, None, State::Open, None, now)?;
            made.extend(find(step, &new.number)?);
        } else {
            let there = find(step, &new.number)?.ok_or(Error::Absent)?;
            if there.channel != Channel::Bill || there.amount != new.amount {
                plan.taken_number = Some(new.number);
            }
        }
        plan.advance();
    }
    if plan.next_date == before { Ok(()) } else { store(step, plan) }
}

fn store(step: &mut Step<'_>, plan: &Plan) -> Result<(), Error> {
    let terms = &plan.terms;
    let row = [
        integer("amount", terms.amount.get())?.into(),
        terms.last_date.map_or(Value::Null, day),
        i64::from(terms.due_days).into(),
        terms.customer_reference.as_deref().into(),
        terms.customer_name.as_deref().into(),
        terms.description.as_deref().into(),
        plan.state.as_str().into(),
        plan.next_date.map_or(Value::Null, day),
        plan.taken_number.as_ref().map(TransactionNumber::as_str).into(),
        plan.id.get().into(),
    ];
    step.query(STORE, &row).map(drop)
}

/// A date as it is stored: text order is time order.
fn day(date: Date) -> Value {
    Value::Text(date.to_string())
}

fn one(step: &mut Step<'_>, id: PlanId) -> Result<Plan, Error> {
    let row = step.first(ONE, &[step.merchant.into(), id.get().into()])?;
    plan(row.ok_or(Error::Absent)?)
}

fn readable(step: &mut Step<'_>, rows: Vec<Row>) -> Result<Vec<Plan>, Error> {
    let mut plans = Vec::with_capacity(rows.len());
    for row in rows {
        match plan(row) {
            Ok(plan) => plans.push(plan),
            Err(error) => left_out(step, None, error)?,
        }
    }
    Ok(plans)
}

fn plan(mut row: Row) -> Result<Plan, Error> {
    let days = row.optional_natural(4, "day")?.map(u8::try_from).transpose();
    let days = days.map_err(|_| Error::Corrupt { column: "day" })?;
    let period = match (row.text(3, "period")?.as_str(), days) {
        ("weekly", None) => Period::Weekly,
        ("monthly", Some(day)) => Period::Monthly { day },
        ("yearly", None) => Period::Yearly,
        _ => return Err(Error::Corrupt { column: "period" }),
    };
    let optional_date = |row: &mut Row, at, column| {
        let text = row.optional_text(at, column)?;
        let date = text.map(|text| text.parse::<Date>()).transpose();
        date.map_err(|_| Error::Corrupt { column })
    };
    Ok(Plan {
        id: PlanId(row.integer(0, "id")?),
        terms: NewPlan {
            prefix: row.text(1, "prefix")?,
            amount: Rupiah::new(row.natural(2, "amount")?),
            period,
            first_date: row.word(5, "first_date")?,
            last_date: optional_date(&mut row, 6, "last_date")?,
            due_days: u16::try_from(row.natural(7, "due_days")?)
                .map_err(|_| Error::Corrupt { column: "due_days" })?,
            customer_reference: row.optional_text(8, "customer_reference")?,
            customer_name: row.optional_text(9, "customer_name")?,
            description: row.optional_text(10, "description")?,
        },
        state: row.word(11, "state")?,
        next_date: optional_date(&mut row, 12, "next_date")?,
        created_at: row.time(13, "created_at")?,
        taken_number: match row.optional_text(14, "taken_number")? {
            None => None,
            Some(number) => Some(transaction_number(&number)?),
        },
    })
}
