//! The report of a shift.

use jiff::Timestamp;
use qris_api::{Rupiah, WibTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Error;
use crate::database::{Row, Step, Value};
use crate::rows::left_out;

/// How many payments or orders of each kind a report lists. It counts all of them.
const MAX_NAMED: usize = 200;

const ORDERS: &str = "SELECT count(*) FROM qris_order WHERE shift = $1";

const METHODS: &str = "
    SELECT i.method, count(*), CAST(sum(o.amount) AS BIGINT) FROM qris_invoice AS i
        JOIN qris_order AS o ON o.id = i.order_id
    WHERE i.shift = $1 AND i.outside_shift = 0
    GROUP BY i.method ORDER BY 3 DESC, i.method";

macro_rules! payments {
    ($where:literal) => {
        concat!(
            "SELECT o.number, o.amount, i.method, i.paid_at, i.late FROM qris_invoice AS i ",
            "JOIN qris_order AS o ON o.id = i.order_id WHERE ",
            $where,
            " ORDER BY i.paid_at, o.number, i.id"
        )
    };
}

const LATE: &str = payments!("i.shift = $1 AND i.outside_shift = 0 AND i.late IS NOT NULL");

const OVERPAID: &str = payments!("i.shift = $1 AND i.outside_shift = 0 AND o.paid_invoice <> i.id");

/// Payments that were recorded while no shift was open and are in this shift's report.
const OUTSIDE: &str = payments!("i.shift = $1 AND i.outside_shift = 1");

/// Payments that were recorded while no shift was open and are in no report yet.
const OUTSIDE_SO_FAR: &str =
    payments!("i.merchant = $1 AND i.outside_shift = 1 AND i.shift IS NULL");

macro_rules! orders {
    ($from:literal, $where:literal) => {
        concat!("SELECT DISTINCT o.number, o.amount FROM ", $from, " WHERE ", $where, " ORDER BY 1")
    };
}

const CANCELLED: &str = orders!("qris_order AS o", "o.cancelled_shift = $1");

/// SQLite uses the index of unfinished orders only if the statement has the index's own condition and does
/// not sort by number.
const PENDING: &str = orders!(
    "qris_order AS o",
    "o.id IN (
        SELECT p.id FROM qris_order AS p
        WHERE p.merchant = $1 AND p.state IN ('requested', 'pending', 'unknown') AND p.state = 'pending'
    )"
);

const UNKNOWN: &str = orders!(
    "qris_order AS o",
    "o.id IN (
        SELECT r.order_id FROM qris_invoice AS r WHERE r.merchant = $1 AND r.state = 'requested'
        UNION ALL
        SELECT u.order_id FROM qris_invoice AS u WHERE u.merchant = $1 AND u.state = 'unknown'
    )"
);

/// A webhook that no check has confirmed or denied also needs an answer.
const UNANSWERED: &str = orders!(
    "qris_order AS o",
    "o.id IN (
        SELECT u.order_id FROM qris_invoice AS u
        WHERE u.merchant = $1 AND u.unanswered_at IS NOT NULL AND u.state IN ('pending', 'expired')
        UNION ALL
        SELECT h.order_id FROM qris_invoice AS h
        WHERE h.merchant = $1 AND h.hint_checks > 0 AND h.state IN ('pending', 'expired')
    )"
);

#[cfg(test)]
pub(crate) const STATEMENTS: [&str; 10] = [
    ORDERS,
    METHODS,
    LATE,
    OVERPAID,
    OUTSIDE,
    OUTSIDE_SO_FAR,
    CANCELLED,
    PENDING,
    UNKNOWN,
    UNANSWERED,
];

/// Why a payment is late.
///
/// ```
/// use qris_ledger::LateReason;
///
/// assert_eq!("order-ended".parse(), Ok(LateReason::OrderEnded));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LateReason {
    /// `order-ended`: the order had expired or was cancelled.
    OrderEnded,
    /// `earlier-code`: the code was made before the shift was opened, usually in an earlier one.
    EarlierCode,
}

impl LateReason {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::OrderEnded, Self::EarlierCode];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrderEnded => "order-ended",
            Self::EarlierCode => "earlier-code",
        }
    }
}

crate::state::words! {
    LateReason: "order-ended or earlier-code"
}

/// What was paid in a shift and what is open: its totals until now, or the ones at its close.
///
/// `payments` are all payments that were recorded in the shift. `late` and `overpaid` are part of them.
/// `outside` are other payments, recorded before the shift while none was open. So the `payments` and
/// `outside` of all reports, plus the payments that are in no report yet, are all payments since the first
/// shift, each once. `unknown`, `unanswered` and `pending` are for the whole merchant, at any time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ShiftReport {
    /// The number of orders that people and programs recorded, without the bills of plans and imports.
    pub orders: u64,
    /// All payments in the shift.
    pub payments: PaymentTotal,
    /// The same by payment method, largest amount first.
    pub methods: Vec<MethodTotal>,
    /// The late payments.
    pub late: PaymentLines,
    /// The payments of another code of a paid order.
    pub overpaid: PaymentLines,
    /// Payments that were recorded before the shift while none was open, and are in no earlier report.
    pub outside: PaymentLines,
    /// The orders that were cancelled.
    pub cancelled: OrderLines,
    /// The orders for which it is not known yet whether the provider made a code.
    pub unknown: OrderLines,
    /// The orders with a code that may be paid: its last check had no answer, or a webhook announced a
    /// payment that no check has confirmed yet.
    pub unanswered: OrderLines,
    /// The orders with a code that is shown now.
    pub pending: OrderLines,
}

/// A number of payments and their sum in rupiah, without tips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentTotal {
    /// The number.
    pub count: u64,
    /// The sum in rupiah.
    #[serde(with = "rupiah")]
    pub amount: Rupiah,
}

impl Default for PaymentTotal {
    /// Zero payments.
    fn default() -> Self {
        Self { count: 0, amount: Rupiah::new(0) }
    }
}

impl PaymentTotal {
    /// Adds another total.
    fn add(&mut self, count: u64, amount: Rupiah) {
        self.count += count;
        self.amount = Rupiah::new(self.amount.get().saturating_add(amount.get()));
    }
}

/// The payments of one method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MethodTotal {
    /// The payer's bank or wallet, as the provider names it; `None` if it did not.
    pub method: Option<String>,
    /// The number and sum of the payments.
    #[serde(flatten)]
    pub total: PaymentTotal,
}

/// Payments of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentLines {
    /// All of them.
    #[serde(flatten)]
    pub total: PaymentTotal,
    /// The first 200 of them.
    pub payments: Vec<PaymentLine>,
}

/// A payment in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PaymentLine {
    /// The number of its order.
    pub number: String,
    /// The amount in rupiah.
    #[serde(with = "rupiah")]
    pub amount: Rupiah,
    /// The payer's bank or wallet.
    pub method: Option<String>,
    /// When it was made.
    #[serde(with = "time")]
    pub paid_at: WibTime,
    /// Why it is late, if it is.
    pub late: Option<LateReason>,
}

/// Orders of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrderLines {
    /// The number, and the sum of their amounts in rupiah.
    #[serde(flatten)]
    pub total: PaymentTotal,
    /// The first 200 of them.
    pub orders: Vec<OrderLine>,
}

/// An order in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrderLine {
    /// Its number.
    pub number: String,
    /// The amount in rupiah.
    #[serde(with = "rupiah")]
    pub amount: Rupiah,
}

mod rupiah {
    use super::{Deserialize as _, Deserializer, Rupiah, Serializer};

    pub(super) fn serialize<S: Serializer>(amount: &Rupiah, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(amount.get())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Rupiah, D::Error> {
        u64::deserialize(from).map(Rupiah::new)
    }
}

mod time {
    use serde::de::Error as _;

    use super::{Deserialize as _, Deserializer, Serializer, Timestamp, WibTime};

    pub(super) fn serialize<S: Serializer>(time: &WibTime, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(time)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<WibTime, D::Error> {
        let text = String::deserialize(from)?;
        text.parse::<Timestamp>().map(WibTime::from).map_err(D::Error::custom)
    }
}

/// The payments outside shifts that a report has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outside {
    /// The ones that are in no report yet.
    SoFar,
    /// The ones in this report.
    Claimed,
}

/// Adds up a shift. The stored totals have no methods and names, so this reads the shift's own rows. It finds
/// them by an index; other shifts cost nothing.
pub(super) fn gather(
    step: &mut Step<'_>,
    shift: i64,
    outside: Outside,
) -> Result<ShiftReport, Error> {
    let shift = [Value::from(shift)];
    let merchant = [Value::from(step.merchant)];
    let mut report = ShiftReport {
        orders: step.first(ORDERS, &shift)?.map_or(Ok(0), |mut row| row.natural(0, "count"))?,
        late: payments(step, LATE, &shift)?,
        overpaid: payments(step, OVERPAID, &shift)?,
        outside: match outside {
            Outside::SoFar => payments(step, OUTSIDE_SO_FAR, &merchant)?,
            Outside::Claimed => payments(step, OUTSIDE, &shift)?,
        },
        cancelled: orders(step, CANCELLED, &shift)?,
        unknown: orders(step, UNKNOWN, &merchant)?,
        unanswered: orders(step, UNANSWERED, &merchant)?,
        pending: orders(step, PENDING, &merchant)?,
        ..ShiftReport::default()
    };
    for row in step.query(METHODS, &shift)? {
        match method(row) {
            Ok(line) => {
                report.payments.add(line.total.count, line.total.amount);
                report.methods.push(line);
            }
            Err(error) => left_out(step, None, error)?,
        }
    }
    Ok(report)
}

fn method(mut row: Row) -> Result<MethodTotal, Error> {
    let method = row.optional_text(0, "method")?;
    let (count, amount) = (row.natural(1, "count")?, Rupiah::new(row.natural(2, "amount")?));
    Ok(MethodTotal { method, total: PaymentTotal { count, amount } })
}

fn payments(step: &mut Step<'_>, sql: &'static str, key: &[Value]) -> Result<PaymentLines, Error> {
    let mut lines = PaymentLines::default();
    for row in step.query(sql, key)? {
        match payment(row) {
            Ok(line) => {
                lines.total.add(1, line.amount);
                if lines.payments.len() < MAX_NAMED {
                    lines.payments.push(line);
                }
            }
            Err(error) => left_out(step, None, error)?,
        }
    }
    Ok(lines)
}

fn payment(mut row: Row) -> Result<PaymentLine, Error> {
    let late = row.optional_text(4, "late")?.map(|word| word.parse()).transpose();
    Ok(PaymentLine {
        number: row.text(0, "number")?,
        amount: Rupiah::new(row.natural(1, "amount")?),
        method: row.optional_text(2, "method")?,
        paid_at: row.time(3, "paid_at")?,
        late: late.map_err(|_| Error::Corrupt { column: "late" })?,
    })
}

fn orders(step: &mut Step<'_>, sql: &'static str, key: &[Value]) -> Result<OrderLines, Error> {
    let mut lines = OrderLines::default();
    for mut row in step.query(sql, key)? {
        let line = row.text(0, "number").and_then(|number| {
            Ok(OrderLine { number, amount: Rupiah::new(row.natural(1, "amount")?) })
        });
        match line {
            Ok(line) => {
                lines.total.add(1, line.amount);
                if lines.orders.len() < MAX_NAMED {
                    lines.orders.push(line);
                }
            }
            Err(error) => left_out(step, None, error)?,
        }
    }
    Ok(lines)
}
