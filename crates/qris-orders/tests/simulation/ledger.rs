//! The ledger that the processes of a run share, with its possible failures.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use qris_api::WibTime;
use qris_ledger::{Actor, Error, Ledger, MerchantName, MerchantRowId};
use qris_orders::{Context, SharedLedger};

use crate::database::{Copied, Database};
use crate::executor::{lock, reply};
use crate::process::Life;
use crate::random::Chance;
use crate::scenario::{Kind, minutes, seconds};

/// The database of a run, which all of its processes use.
pub(crate) struct Store {
    database: Mutex<Option<Database>>,
    merchants: Vec<(MerchantName, MerchantRowId)>,
    copies: Mutex<BTreeMap<String, Copied>>,
    /// When something is due next, until the database is written to.
    next_due: Mutex<Option<Option<WibTime>>>,
}

impl Store {
    pub(crate) fn new() -> Self {
        let database = Database::empty();
        let merchants = database.merchants().to_vec();
        Self {
            database: Mutex::new(Some(database)),
            merchants,
            copies: Mutex::default(),
            next_due: Mutex::default(),
        }
    }

    /// Runs work for a merchant, without failures.
    pub(crate) fn with<T>(&self, merchant: usize, work: impl FnOnce(&mut Ledger) -> T) -> T {
        self.open(|database| {
            let ledger = database.ledger();
            ledger.act_for(self.merchants[merchant].1, &Actor::default());
            work(ledger)
        })
    }

    /// When something is due next.
    pub(crate) fn next_due(&self) -> Option<WibTime> {
        *lock(&self.next_due).get_or_insert_with(|| {
            self.with(0, |ledger| ledger.next_due(minutes(3))).ok().flatten()
        })
    }

    /// Runs work for an actor, at a time of the database server's clock.
    fn with_context<T>(
        &self,
        context: &Context,
        access: Access,
        now: WibTime,
        work: impl FnOnce(&mut Ledger) -> T,
    ) -> T {
        if access == Access::Write {
            *lock(&self.next_due) = None;
        }
        let mut merchants = self.merchants.iter();
        let (_, id) = merchants.find(|(name, _)| *name == context.merchant).expect("a merchant");
        self.open(|database| {
            database.set_clock(now);
            let ledger = database.ledger();
            ledger.act_for(*id, &context.actor);
            work(ledger)
        })
    }

    fn open<T>(&self, work: impl FnOnce(&mut Database) -> T) -> T {
        work(lock(&self.database).as_mut().expect("an open database"))
    }

    pub(crate) fn merchant_name(&self, merchant: usize) -> MerchantName {
        self.merchants[merchant].0.clone()
    }

    /// Makes a copy, to restore later.
    pub(crate) fn save(&self, name: &str) {
        let copy = self.open(|database| database.save(name));
        lock(&self.copies).insert(name.to_owned(), copy);
    }

    /// Restores the copy.
    pub(crate) fn restore(&self, name: &str) {
        *lock(&self.next_due) = None;
        if let Some(copy) = lock(&self.copies).get(name) {
            self.open(|database| database.restore(copy));
        }
    }
}

impl Drop for Store {
    /// Leaves the database for the next run.
    fn drop(&mut self) {
        lock(&self.database).take().into_iter().for_each(Database::keep);
    }
}

/// How one process accesses the ledger.
#[derive(Clone)]
pub(crate) struct SimLedger {
    store: Arc<Store>,
    life: Life,
    chance: Arc<Mutex<Chance>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

impl SimLedger {
    pub(crate) fn new(store: Arc<Store>, life: Life, lives: u64) -> Self {
        let seed = life.world().scenario.seed;
        let process = u64::try_from(life.process()).unwrap_or_default();
        let chance = Arc::new(Mutex::new(Chance::new(seed, "ledger", process, lives)));
        Self { store, life, chance }
    }

    async fn run<T: Send + 'static>(
        self,
        context: Context,
        access: Access,
        work: impl FnOnce(&mut Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.life.step().await;
        let mut is_answer_lost = false;
        let world = Arc::clone(self.life.world());
        let troubles: Vec<Kind> = world.troubles().collect();
        for kind in troubles {
            let happens = |often| lock(&self.chance).per_mille(often);
            match kind {
                Kind::Busy(often) if happens(often) => {
                    self.life.sleep(seconds(10)).await;
                    world.tell(|| format!("{}: the database is busy", self.life));
                    return Err(Error::Busy);
                }
                Kind::Full(often) if access == Access::Write && happens(often) => {
                    world.tell(|| format!("{}: the disk is full", self.life));
                    return Err(Error::Full);
                }
                Kind::ReadOnly(often) if access == Access::Write && happens(often) => {
                    world.tell(|| format!("{}: the database takes no writes", self.life));
                    return Err(Error::ReadOnly);
                }
                Kind::Frozen(up_to) => {
                    let time = lock(&self.chance).any_time(Duration::from_millis(10)..up_to);
                    self.life.sleep(time).await;
                }
                Kind::AnswerLost(often) => {
                    is_answer_lost |= access == Access::Write && happens(often);
                }
                _ => {}
            }
        }
        let done = self.store.with_context(&context, access, world.true_time(), work);
        world.with(|state| state.ledger_calls += 1);
        self.life.step().await;
        if is_answer_lost {
            world.tell(|| format!("{}: the answer of the database is lost", self.life));
            return Err(Error::Unreachable("the connection broke".into()));
        }
        done
    }

    /// In its own task, like the pool: it continues if its caller no longer waits.
    async fn detached<T: Send + 'static>(
        &self,
        context: &Context,
        access: Access,
        work: impl FnOnce(&mut Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, done) = reply();
        let (ledger, context) = (self.clone(), context.clone());
        self.life.spawn(async move { answer.send(ledger.run(context, access, work).await) });
        match done.get().await {
            Some(done) => done,
            // This process was killed.
            None => std::future::pending().await,
        }
    }
}

impl SharedLedger for SimLedger {
    async fn write<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&mut Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.detached(context, Access::Write, work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        context: &Context,
        work: impl FnOnce(&Ledger) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.detached(context, Access::Read, |ledger| work(ledger)).await
    }
}
