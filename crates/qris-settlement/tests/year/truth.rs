//! The truth of a generated year: the shop's records, the provider's table, and their differences.

use std::collections::BTreeSet;

use fastrand::Rng;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::{SignedDuration, ToSpan as _};

use crate::answer::label_of;

/// How a sale differs from a clean one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Complete on both sides.
    Clean,
    /// A payment without a line: not settled yet, or late.
    NotListed,
    /// The same, next to the line of a sticker with the same amount and minute and another RRN.
    NotListedBesideSticker,
    /// A line without an order: somebody paid the static code on the counter.
    Sticker,
    /// A line of an unknown invoice with a kept webhook.
    KeptWebhook,
    /// A line of an order that is not paid in the ledger.
    UnpaidHere,
    /// The payer added a tip.
    Tip,
    /// Another amount without a tip.
    OtherAmount,
    /// The line has no RRN.
    NoRrn,
    /// The line has no invoice id.
    NoInvoice,
    /// The line has neither, and nothing else fits.
    NoIds,
    /// Two payments of one amount and minute; only the first line has ids.
    TwinsOneKnown,
    /// Two payments of one amount and minute, and one line without ids.
    TwinsOneLine,
    /// The same with two lines.
    TwinsTwoLines,
    /// Repeated in a later file, with the columns in another order.
    Again,
    /// The clocks differ by seconds, across a minute.
    ClockSeconds,
    /// The clocks differ by minutes.
    ClockMinutes,
    /// The clocks differ across a minute, and the line has no ids.
    ClockWithoutIds,
    /// Settled days late.
    SettledLater,
    /// The line has no transaction id.
    NoTransaction,
    /// A second line reports a failed earlier attempt.
    FailedTry,
}

/// All kinds but [`Kind::Clean`]: each is two of a hundred sales.
pub(crate) const DISTURBANCES: [Kind; 20] = [
    Kind::NotListed,
    Kind::NotListedBesideSticker,
    Kind::Sticker,
    Kind::KeptWebhook,
    Kind::UnpaidHere,
    Kind::Tip,
    Kind::OtherAmount,
    Kind::NoRrn,
    Kind::NoInvoice,
    Kind::NoIds,
    Kind::TwinsOneKnown,
    Kind::TwinsOneLine,
    Kind::TwinsTwoLines,
    Kind::Again,
    Kind::ClockSeconds,
    Kind::ClockMinutes,
    Kind::ClockWithoutIds,
    Kind::SettledLater,
    Kind::NoTransaction,
    Kind::FailedTry,
];

/// Days without a settlement, besides weekends.
pub(crate) const HOLIDAYS: [Date; 6] = [
    Date::constant(2026, 1, 1),
    Date::constant(2026, 3, 19),
    Date::constant(2026, 3, 20),
    Date::constant(2026, 5, 1),
    Date::constant(2026, 8, 17),
    Date::constant(2026, 12, 25),
];

/// The day on which the last file was saved.
pub(crate) const LAST_DAY: Date = Date::constant(2027, 1, 1);

/// How many days before its month a file begins.
const OVERLAP: i64 = 10;

/// An order with its code.
#[derive(Clone, Debug)]
pub(crate) struct Booked {
    pub(crate) number: String,
    pub(crate) invoice: u64,
    pub(crate) paid_at: DateTime,
    pub(crate) amount: u64,
    /// As in a webhook.
    pub(crate) rrn: Option<String>,
    pub(crate) is_paid: bool,
}

/// A row of the provider's table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) transaction: Option<String>,
    pub(crate) paid_at: DateTime,
    pub(crate) amount: u64,
    pub(crate) tip: u64,
    pub(crate) is_paid: bool,
    pub(crate) payer: &'static str,
    pub(crate) method: &'static str,
    pub(crate) rrn: Option<String>,
    pub(crate) invoice: Option<u64>,
    pub(crate) settled_on: Date,
    /// Whether a file at the end of the year repeats it.
    pub(crate) is_again: bool,
}

impl Row {
    /// Its name in the expected and the found lists.
    pub(crate) fn label(&self) -> String {
        label_of(self.transaction.as_deref(), self.invoice)
    }

    /// The settlement day, if a file has it.
    pub(crate) fn known_settled_on(&self) -> Option<Date> {
        let mut saved = files().into_iter().filter(|file| file.has(self)).map(|file| file.saved_on);
        saved.any(|day| day >= self.settled_on).then_some(self.settled_on)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Sale {
    pub(crate) kind: Kind,
    pub(crate) booked: Vec<Booked>,
    pub(crate) rows: Vec<Row>,
}

/// Which rows a file has, and when it was saved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileSpan {
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) saved_on: Date,
    /// Whether it has only the repeated rows.
    pub(crate) is_again: bool,
}

impl FileSpan {
    pub(crate) fn has(&self, row: &Row) -> bool {
        let is_within = (self.from..=self.to).contains(&row.paid_at.date());
        is_within && (row.is_again || !self.is_again)
    }
}

/// One file for each month, which begins in the month before, and one at the end.
pub(crate) fn files() -> Vec<FileSpan> {
    let months = (1..=12).map(|month| {
        let first = Date::constant(2026, month, 1);
        let from = first.saturating_sub(OVERLAP.days());
        let to = first.last_of_month();
        FileSpan { from, to, saved_on: to.tomorrow().expect("a day"), is_again: false }
    });
    let all = FileSpan {
        from: Date::constant(2026, 1, 1),
        to: Date::constant(2026, 12, 31),
        saved_on: LAST_DAY,
        is_again: true,
    };
    months.chain([all]).collect()
}

/// Sales of the year 2026 with this many payments, or one more, from a seed.
pub(crate) fn sales(seed: u64, payments: usize) -> Vec<Sale> {
    let mut shop = Shop::new(seed);
    let mut sales = Vec::new();
    let mut made = 0;
    while made < payments {
        let percent = shop.random.usize(..100);
        let kind = DISTURBANCES.get(percent / 2).copied().unwrap_or(Kind::Clean);
        let sale = shop.sale(kind);
        // Equal amounts in one minute: a clean sale beside the one that has a fault.
        if kind != Kind::Clean && shop.random.u8(..4) == 0 {
            let (at, amount) = sale.place();
            let twin = shop.clean(at, amount);
            made += 1;
            sales.push(twin);
        }
        made += sale.booked.iter().filter(|booked| booked.is_paid).count();
        sales.push(sale);
    }
    sales
}

impl Sale {
    /// When it was, and how much.
    fn place(&self) -> (DateTime, u64) {
        let booked = self.booked.first().map(|booked| (booked.paid_at, booked.amount));
        booked.unwrap_or_else(|| (self.rows[0].paid_at, self.rows[0].amount))
    }
}

struct Shop {
    random: Rng,
    next: u64,
    /// Amounts and minutes of payments and lines that no id distinguishes from others. Each is used
    /// once, so that the truth is known.
    taken: BTreeSet<(u64, DateTime)>,
    last: Option<(DateTime, u64)>,
}

impl Shop {
    fn new(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), next: 0, taken: BTreeSet::new(), last: None }
    }

    /// A moment of the year: most sales are at noon and in the evening.
    fn moment(&mut self) -> DateTime {
        const HOURS: [i8; 24] = [
            7, 8, 9, 10, 11, 11, 12, 12, 12, 12, 13, 13, 14, 15, 16, 17, 18, 18, 19, 19, 19, 20,
            21, 23,
        ];
        // Not the first and last day, so that no clock difference leaves the year.
        let day = Date::constant(2026, 1, 2).saturating_add(self.random.i64(0..363).days());
        let hour = HOURS[self.random.usize(..HOURS.len())];
        day.at(hour, self.random.i8(0..60), self.random.i8(0..60), 0)
    }

    /// A typical price: few different ones, often repeated.
    fn amount(&mut self) -> u64 {
        match self.random.u8(..10) {
            0..=6 => {
                [5_000, 10_000, 12_000, 15_000, 18_000, 25_000, 50_000][self.random.usize(..7)]
            }
            7 | 8 => 500 * self.random.u64(2..400),
            _ => self.random.u64(1..2_000_000),
        }
    }

    /// A moment and an amount that other sales may have too.
    fn any(&mut self) -> (DateTime, u64) {
        let place = match self.last {
            Some(last) if self.random.u8(..10) == 0 => last,
            _ => (self.moment(), self.amount()),
        };
        self.last = Some(place);
        place
    }

    /// A moment and an amount that no other sale without ids has. The second moment is in the next
    /// or previous minute.
    fn lone(&mut self) -> (DateTime, DateTime, u64) {
        loop {
            let (at, amount) = self.any();
            let other = self.over_the_border(at);
            let keys = [at, other].map(|at| (amount, start_of_minute(at)));
            if keys.iter().all(|key| !self.taken.contains(key)) {
                self.taken.extend(keys);
                return (at, other, amount);
            }
        }
    }

    /// At most a minute away, and in another minute.
    fn over_the_border(&mut self, at: DateTime) -> DateTime {
        let to_next = 60 - i64::from(at.second());
        let seconds = match self.random.bool() {
            true => self.random.i64(to_next..=59.max(to_next)),
            false => -i64::from(at.second()) - 1 - self.random.i64(0..20),
        };
        at.saturating_add(SignedDuration::from_secs(seconds))
    }

    fn booked(&mut self, paid_at: DateTime, amount: u64) -> Booked {
        self.next += 1;
        let rrn = format!("{:012}", 630_000_000_000 + self.next);
        Booked {
            number: format!("Y-{:06}", self.next),
            invoice: 400_000_000 + self.next,
            paid_at,
            amount,
            // Three of four payments have a webhook.
            rrn: (self.random.u8(..4) > 0).then_some(rrn),
            is_paid: true,
        }
    }

    fn row(&mut self, paid_at: DateTime, amount: u64) -> Row {
        self.next += 1;
        const PAYERS: [&str; 4] = ["SITI", "BUDI, S.E.", "I \"MADE\" W", "-"];
        const METHODS: [&str; 4] = ["GOPAY", "BCA", "DANA", "BRI"];
        Row {
            transaction: Some(format!("T{:08}", self.next)),
            paid_at,
            amount,
            tip: 0,
            is_paid: true,
            payer: PAYERS[self.random.usize(..4)],
            method: METHODS[self.random.usize(..4)],
            // Different from that of any payment.
            rrn: Some(format!("{:012}", 730_000_000_000 + self.next)),
            invoice: None,
            settled_on: working_day(paid_at.date(), 1),
            is_again: false,
        }
    }

    /// The row of a payment, seconds before or after it in the same minute.
    fn row_of(&mut self, booked: &Booked) -> Row {
        let second = self.random.i8(0..60);
        let paid_at = booked.paid_at.with().second(second).build().expect("a time");
        let mut row = self.row(paid_at, booked.amount);
        row.rrn = Some(format!("{:012}", 630_000_000_000 + (booked.invoice - 400_000_000)));
        row.invoice = Some(booked.invoice);
        row
    }

    fn clean(&mut self, at: DateTime, amount: u64) -> Sale {
        let booked = self.booked(at, amount);
        let row = self.row_of(&booked);
        Sale { kind: Kind::Clean, booked: vec![booked], rows: vec![row] }
    }

    fn sale(&mut self, kind: Kind) -> Sale {
        match kind {
            Kind::NotListed
            | Kind::NotListedBesideSticker
            | Kind::NoIds
            | Kind::ClockWithoutIds => self.lone_sale(kind),
            Kind::TwinsOneKnown | Kind::TwinsOneLine | Kind::TwinsTwoLines => self.twins(kind),
            Kind::Sticker => {
                let (at, _, amount) = self.lone();
                Sale { kind, booked: vec![], rows: vec![self.row(at, amount)] }
            }
            Kind::KeptWebhook => {
                let (at, amount) = self.any();
                let mut row = self.row(at, amount);
                row.invoice = Some(900_000_000 + self.next);
                Sale { kind, booked: vec![], rows: vec![row] }
            }
            _ => self.with_ids(kind),
        }
    }

    /// Sales whose line has at least an id, so that other sales may have the same minute.
    fn with_ids(&mut self, kind: Kind) -> Sale {
        let (at, amount) = self.any();
        let mut sale = self.clean(at, amount);
        sale.kind = kind;
        let (booked, row) = (&mut sale.booked[0], &mut sale.rows[0]);
        match kind {
            Kind::UnpaidHere => booked.is_paid = false,
            Kind::Tip => {
                row.tip = 500 * self.random.u64(1..20);
                row.amount += row.tip;
            }
            Kind::OtherAmount if amount > 1 && self.random.bool() => {
                row.amount -= self.random.u64(1..amount);
            }
            Kind::OtherAmount => {
                // A tip that is not the difference explains nothing.
                row.tip = self.random.u64(2..1_000);
                row.amount += if self.random.bool() { row.tip - 1 } else { row.tip + 1 };
            }
            Kind::NoRrn => row.rrn = None,
            Kind::NoInvoice => {
                row.invoice = None;
                booked.rrn.clone_from(&row.rrn);
            }
            Kind::Again => row.is_again = true,
            Kind::ClockSeconds => row.paid_at = self.over_the_border(at),
            Kind::ClockMinutes => {
                let minutes = self.random.i64(1..=90);
                let minutes = if self.random.bool() { minutes } else { -minutes };
                row.paid_at = at.saturating_add(SignedDuration::from_mins(minutes));
            }
            Kind::SettledLater => {
                row.settled_on = working_day(at.date(), 2 + self.random.u32(..4));
            }
            Kind::NoTransaction => row.transaction = None,
            Kind::FailedTry => {
                let mut failed = self.row(at, amount);
                failed.is_paid = false;
                sale.rows.push(failed);
            }
            _ => {}
        }
        sale
    }

    /// Sales with an id on only one side.
    fn lone_sale(&mut self, kind: Kind) -> Sale {
        let (at, other, amount) = self.lone();
        let mut sale = self.clean(at, amount);
        sale.kind = kind;
        let (booked, row) = (&mut sale.booked[0], &mut sale.rows[0]);
        match kind {
            Kind::NotListed => sale.rows.clear(),
            Kind::NotListedBesideSticker => {
                booked.rrn = row.rrn.take();
                let mut sticker = self.row(at, amount);
                sticker.payer = "ANI";
                sale.rows = vec![sticker];
            }
            _ => {
                (row.rrn, row.invoice) = (None, None);
                if kind == Kind::ClockWithoutIds {
                    row.paid_at = other;
                }
            }
        }
        sale
    }

    fn twins(&mut self, kind: Kind) -> Sale {
        let (at, _, amount) = self.lone();
        let [mut first, second] = [self.clean(at, amount), self.clean(at, amount)];
        first.kind = kind;
        first.booked.extend(second.booked);
        first.rows.extend(second.rows);
        let unknown = if kind == Kind::TwinsOneKnown { 1.. } else { 0.. };
        for row in &mut first.rows[unknown] {
            (row.rrn, row.invoice) = (None, None);
        }
        if kind == Kind::TwinsOneLine {
            first.rows.pop();
        }
        first
    }
}

fn start_of_minute(at: DateTime) -> DateTime {
    at.with().second(0).build().expect("a time")
}

/// The working day that comes this many working days after a day.
pub(crate) fn working_day(mut day: Date, mut count: u32) -> Date {
    while count > 0 {
        day = day.tomorrow().expect("a day");
        let is_free = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        count -= u32::from(!is_free && !HOLIDAYS.contains(&day));
    }
    day
}
