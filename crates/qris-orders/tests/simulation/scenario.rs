//! The fixed part of a run, chosen before it begins. Shrinking removes parts.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use qris_api::{Schedule, WibTime};

use crate::random::Chance;

pub(crate) const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

pub(crate) const fn minutes(count: u64) -> Duration {
    seconds(60 * count)
}

pub(crate) const fn hours(count: u64) -> Duration {
    minutes(60 * count)
}

/// One day of a shop.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) seed: u64,
    /// The provider's clock at the beginning: the true time.
    pub(crate) start: WibTime,
    pub(crate) merchants: usize,
    pub(crate) processes: usize,
    /// How long a code can really be paid: 30 or 60 minutes, because the provider's pages differ.
    pub(crate) validity: Duration,
    /// The shop's settings.
    pub(crate) schedule: Schedule,
    /// How many of a thousand payments have a webhook.
    pub(crate) webhooks: u32,
    /// Whether the client's own budget exists: a file of the host that all processes share.
    pub(crate) client_budget: bool,
    /// The watcher's longest pause between two rounds while something happens.
    pub(crate) round_gap: Duration,
    pub(crate) orders: Vec<OrderPlan>,
    pub(crate) trouble: Vec<Trouble>,
}

/// An order and what the cashier does about it.
#[derive(Clone, Debug)]
pub(crate) struct OrderPlan {
    /// Its position in the unshrunk run. Its number is made from it.
    pub(crate) id: usize,
    pub(crate) merchant: usize,
    pub(crate) amount: u64,
    /// When it is charged first.
    pub(crate) at: Duration,
    pub(crate) has_reference: bool,
    pub(crate) payer: Payer,
    /// The cashier's later actions, each with the time after the first charge.
    pub(crate) acts: Vec<(Duration, Act)>,
}

/// Who pays the codes of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payer {
    /// One of many that only fill the schedule.
    Nobody,
    /// Nearly half of the payers pay, at any time.
    Somebody,
    /// It is paid within a minute, with a webhook.
    Soon,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Charge,
    ChargeAnotherAmount,
    Check,
    Cancel,
    Renew,
    Resolve,
}

/// A failure that lasts from one moment to another.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub(crate) from: Duration,
    pub(crate) to: Duration,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// No connection is made.
    Away,
    /// This many of a thousand calls: the request is lost.
    DropRequest(u32),
    /// The provider processes it, and the reply is lost.
    DropReply(u32),
    /// Replies take up to this long.
    Slow(Duration),
    /// The key is refused.
    RefuseKey,
    /// Answered with unknown words.
    RefuseOddly(u32),
    /// HTTP status 429, with a `Retry-After`.
    TooMany(u32),
    /// The reply cannot be read.
    Garbage(u32),
    /// The QR of a create belongs to another invoice, which the client detects.
    Mismatch(u32),
    /// A create answers with the id of an invoice that it made earlier.
    OldId(u32),
    /// The database is busy for ten seconds.
    Busy(u32),
    /// Its disk is full.
    Full(u32),
    /// It takes no writes.
    ReadOnly(u32),
    /// A call hangs for up to so long, then goes on.
    Frozen(Duration),
    /// It is done, but the caller is told that the server could not be reached.
    AnswerLost(u32),
    /// The database is restored as it was at `from`, with all processes ended.
    Restore,
    /// A process is killed at one of its next steps, and started again at `to`.
    Kill(usize, u64),
    /// The host's clock is set so many seconds forward, or back; right again at `to`.
    Clock(i64),
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Away => f.write_str("the provider is away"),
            Self::DropRequest(often) => write!(f, "{often} of 1000 requests are lost"),
            Self::DropReply(often) => write!(f, "{often} of 1000 replies are lost"),
            Self::Slow(up_to) => write!(f, "replies take up to {} s", up_to.as_secs()),
            Self::RefuseKey => f.write_str("the provider refuses the key"),
            Self::RefuseOddly(often) => write!(f, "{often} of 1000 calls are refused oddly"),
            Self::TooMany(often) => write!(f, "{often} of 1000 calls meet status 429"),
            Self::Garbage(often) => write!(f, "{often} of 1000 replies cannot be read"),
            Self::Mismatch(often) => write!(f, "{often} of 1000 creates give a wrong QR"),
            Self::OldId(often) => write!(f, "{often} of 1000 creates give an id of before"),
            Self::Busy(often) => write!(f, "the database is busy for {often} of 1000 calls"),
            Self::Full(often) => write!(f, "the disk is full for {often} of 1000 writes"),
            Self::ReadOnly(often) => write!(f, "{often} of 1000 writes meet a read-only database"),
            Self::Frozen(up_to) => write!(f, "the database hangs for up to {} s", up_to.as_secs()),
            Self::AnswerLost(often) => {
                write!(f, "{often} of 1000 writes are done and their answers lost")
            }
            Self::Restore => {
                f.write_str("the database is put back to how it was at the first time")
            }
            Self::Kill(process, steps) => {
                write!(f, "process {process} is killed {steps} steps later, and started again")
            }
            Self::Clock(by) => write!(f, "the host's clock is set by {by} s"),
        }
    }
}

impl Scenario {
    /// The run of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        let chance = &mut Chance::new(seed, "scenario", 0, 0);
        let merchants = if chance.per_mille(250) { 2 } else { 1 };
        let processes = usize::try_from(chance.number(1..5)).unwrap_or(1);
        // Any time of the day: midnight comes into some of them.
        let midnight = WibTime::parse("2026-11-20 00:00:00").unwrap_or_else(WibTime::now);
        let start = midnight.later_by(chance.time(Duration::ZERO..hours(24)));
        let start = WibTime::parse(&start.to_api_text()).unwrap_or(start);
        let span = chance.pick(&[minutes(5), hours(1), hours(3), hours(8)]);
        let count = usize::try_from(chance.number(3..13)).unwrap_or(3);
        let orders = (0..count).map(|id| OrderPlan::new(id, merchants, span, chance));
        let mut orders: Vec<_> = orders.collect();
        let mut trouble = Vec::new();
        // Some days are quiet: a property that fails on them tells the shortest run.
        if !chance.per_mille(50) {
            for _ in 0..chance.number(0..7) {
                trouble.push(Trouble::new(processes, span + hours(1), chance));
            }
        }
        let crowd = &mut Chance::new(seed, "crowd", 0, 0);
        if crowd.per_mille(20) {
            let first = &mut orders[0];
            first.payer = Payer::Soon;
            first.acts.push((crowd.time(seconds(30)..minutes(2)), Act::Check));
            first.acts.sort_by_key(|(after, _)| *after);
            let first = first.clone();
            let ids = count..count + crowd.pick(&[50, 80, 120, 200]);
            orders.extend(ids.map(|id| OrderPlan::of_crowd(id, &first, crowd)));
            if crowd.per_mille(700) {
                trouble.clear();
            }
        }
        Self {
            seed,
            start,
            merchants,
            processes,
            validity: if chance.per_mille(300) { minutes(30) } else { hours(1) },
            // Most shops ask less often here than they would: so that runs are short.
            schedule: Schedule::default().with_checks(chance.pick(&[30, 12, 6, 4, 4])),
            webhooks: chance.pick(&[0, 0, 500, 1000]),
            client_budget: chance.per_mille(500),
            round_gap: chance.pick(&[seconds(1), seconds(5), seconds(20), seconds(60)]),
            orders,
            trouble,
        }
    }

    /// What goes wrong at this moment.
    pub(crate) fn troubles_at(&self, now: Duration) -> impl Iterator<Item = Kind> + '_ {
        let now_in = move |trouble: &&Trouble| (trouble.from..trouble.to).contains(&now);
        self.trouble.iter().filter(now_in).map(|trouble| trouble.kind)
    }

    /// When the last trouble is over and the last thing was done.
    pub(crate) fn end(&self) -> Duration {
        let troubles = self.trouble.iter().map(|trouble| trouble.to);
        let acts = |order: &OrderPlan| {
            order.acts.iter().map(|(after, _)| order.at + *after).max().unwrap_or(order.at)
        };
        troubles.chain(self.orders.iter().map(acts)).max().unwrap_or_default()
    }
}

impl OrderPlan {
    fn new(id: usize, merchants: usize, span: Duration, chance: &mut Chance) -> Self {
        let merchant = chance.index(merchants);
        let mut acts = Vec::new();
        for _ in 0..chance.pick(&[0, 0, 1, 2, 3, 5]) {
            let act = chance.pick(&[
                Act::Charge,
                Act::Charge,
                Act::ChargeAnotherAmount,
                Act::Check,
                Act::Check,
                Act::Check,
                Act::Cancel,
                Act::Renew,
                Act::Renew,
                Act::Resolve,
            ]);
            let after = match act {
                Act::Renew => minutes(29)..hours(2),
                Act::Charge if chance.per_mille(200) => hours(20)..hours(28),
                _ => seconds(1)..hours(1),
            };
            acts.push((chance.any_time(after), act));
        }
        // A second renewal and a third need a first one.
        if chance.per_mille(250) {
            let mut at = minutes(30);
            for _ in 0..chance.number(1..4) {
                at += chance.time(seconds(1)..minutes(3));
                acts.push((at, Act::Renew));
                at += minutes(30);
            }
        }
        acts.sort_by_key(|(after, _)| *after);
        Self {
            id,
            merchant,
            amount: 1_000 * chance.number(1..30),
            at: chance.time(Duration::ZERO..span),
            has_reference: chance.per_mille(300),
            payer: Payer::Somebody,
            acts,
        }
    }

    /// One of a crowd of orders, charged about when another is.
    fn of_crowd(id: usize, among: &Self, chance: &mut Chance) -> Self {
        let from = among.at.saturating_sub(minutes(1));
        let at = chance.time(from..among.at + seconds(20));
        let amount = 1_000 * chance.number(1..30);
        let (payer, acts) = (Payer::Nobody, Vec::new());
        Self { id, merchant: among.merchant, amount, at, has_reference: false, payer, acts }
    }
}

impl Trouble {
    fn new(processes: usize, span: Duration, chance: &mut Chance) -> Self {
        let often = chance.pick(&[50, 200, 500, 1000]);
        let kind = match chance.number(0..18) {
            0 | 1 => Kind::Away,
            2 => Kind::DropRequest(often),
            3 | 4 => Kind::DropReply(often),
            5 => Kind::Slow(chance.pick(&[seconds(5), seconds(20), seconds(60)])),
            6 => chance.pick(&[Kind::RefuseKey, Kind::RefuseOddly(often), Kind::TooMany(often)]),
            7 => Kind::Garbage(often),
            8 => Kind::Mismatch(often),
            9 => Kind::OldId(often),
            10 => Kind::Busy(often),
            11 => chance.pick(&[Kind::Full(often), Kind::ReadOnly(often)]),
            12 => Kind::Frozen(chance.any_time(seconds(1)..minutes(5))),
            13 => Kind::AnswerLost(often),
            14 if chance.per_mille(300) => Kind::Restore,
            14..=16 => Kind::Kill(chance.index(processes), chance.any_steps()),
            _ => {
                let by = i64::try_from(chance.any_time(minutes(1)..hours(30)).as_secs());
                let by = by.unwrap_or(0);
                Kind::Clock(if chance.per_mille(500) { by } else { -by })
            }
        };
        let from = chance.time(Duration::ZERO..span);
        let lasts: Range<Duration> = match kind {
            // Now and then for days.
            Kind::Away | Kind::RefuseKey if chance.per_mille(100) => hours(20)..hours(72),
            Kind::Away | Kind::RefuseKey => seconds(10)..hours(12),
            Kind::Kill(..) => seconds(1)..hours(11),
            Kind::Clock(_) => minutes(1)..hours(24),
            Kind::Restore => minutes(1)..hours(6),
            _ => seconds(10)..hours(2),
        };
        Self { from, to: from + chance.any_time(lasts), kind }
    }
}

impl Chance {
    /// A count of steps of a process, of which few are likelier.
    fn any_steps(&mut self) -> u64 {
        let most = self.pick(&[4, 20, 200]);
        self.number(0..most)
    }
}
