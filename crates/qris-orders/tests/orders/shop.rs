//! A sandbox, and the service in front of it.

use std::time::{Duration, Instant};

use qris_api::{ApiKey, CheckBudget, Client, ClientBuilder, MerchantId, Rupiah, Schedule};
use qris_api::{TransactionNumber, WibTime};
use qris_orders::{
    Actor, Charged, Context, LedgerPool, Merchant, NewOrder, Order, OrderService, Orders,
    OrdersSettings, State, SystemClock,
};
use qris_sandbox::{DEFAULT_API_KEY, DEFAULT_MERCHANT_ID, Sandbox};
use tempfile::TempDir;

pub(crate) type Service = OrderService<Client, LedgerPool, SystemClock>;

pub(crate) const AMOUNT: Rupiah = Rupiah::new(25_578);

/// A sandbox, and a folder for the ledger that goes when the test ends.
pub(crate) struct Shop {
    pub(crate) sandbox: Sandbox,
    folder: TempDir,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let sandbox = Sandbox::start().await.expect("a sandbox");
        Self { sandbox, folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("qris.db").display())
    }

    /// A client whose checks are a second apart, so that no test waits long.
    pub(crate) fn client(&self) -> ClientBuilder {
        client_of(&self.sandbox)
    }

    /// The service without a watcher.
    pub(crate) async fn service(&self) -> Service {
        self.service_with(|merchant| merchant).await
    }

    pub(crate) async fn service_with(
        &self,
        change: impl FnOnce(Merchant<Client>) -> Merchant<Client>,
    ) -> Service {
        let ledger = LedgerPool::open(self.url()).await.expect("a ledger");
        let budget = CheckBudget::in_memory(60);
        let client = self.client().budget(budget).build().expect("a client");
        OrderService::new(ledger, SystemClock, [change(Merchant::main(client))])
    }

    /// The service with its watcher.
    pub(crate) async fn orders(&self) -> Orders {
        Orders::start(OrdersSettings::main(self.client(), self.url())).await.expect("it starts")
    }

    /// Moves the provider's clock, and lets the service learn it.
    pub(crate) async fn pass(&self, service: &Service, minutes: u64) {
        self.sandbox.advance(Duration::from_secs(minutes * 60));
        learn_time(service).await;
        assert!(service.now(&context()).expect("the merchant") > WibTime::now());
    }

    /// The payer pays the code at this position among the codes of an order.
    #[track_caller]
    pub(crate) fn pay(&self, order: &Order, code: usize) {
        let id = order.invoices[code].qris_invoiceid.expect("an id");
        self.sandbox.pay(id.get()).expect("the payer pays");
    }
}

pub(crate) fn client_of(sandbox: &Sandbox) -> ClientBuilder {
    let key = ApiKey::parse(DEFAULT_API_KEY).expect("a key");
    let merchant = MerchantId::parse(DEFAULT_MERCHANT_ID).expect("a merchant");
    let gap = Duration::from_secs(1);
    Client::builder(key, merchant)
        .base_url(sandbox.base_url())
        .total_timeout(Duration::from_secs(5))
        .schedule(Schedule::default().with_try_gap(gap).with_check_gap(gap))
}

/// Asks the provider for its time, with a call that changes nothing.
pub(crate) async fn learn_time(service: &Service) {
    service.provider(&context()).expect("the merchant").server_time().await.expect("an answer");
}

pub(crate) fn context() -> Context {
    Context::main(Actor::new("test"))
}

#[track_caller]
pub(crate) fn number(text: &str) -> TransactionNumber {
    TransactionNumber::parse(text).expect("a number")
}

#[track_caller]
pub(crate) fn new_order(text: &str) -> NewOrder {
    NewOrder::new(number(text), AMOUNT)
}

/// The number of calls for a check of an order's code now: two after midnight.
pub(crate) fn questions_of_a_check(service: &Service, order: &Order) -> usize {
    let now = service.now(&context()).expect("the merchant");
    let made = order.invoice.as_ref().expect("an invoice").qris_request_date;
    if now.date() > made.date() { 2 } else { 1 }
}

/// Charges a new number.
pub(crate) async fn charge(service: &Service, text: &str) -> Order {
    match service.charge(&context(), &new_order(text)).await.expect("a code") {
        Charged::Created(order) => order,
        Charged::Known(order) => panic!("{text} is {}", order.state),
    }
}

/// The order, when it has this state.
pub(crate) async fn reaches(orders: &Orders, text: &str, state: State) -> Order {
    let started = Instant::now();
    loop {
        let found = orders.find(&number(text)).await;
        match found {
            Ok(order) if order.state == state => return order,
            found => assert!(started.elapsed() < Duration::from_secs(20), "{found:?}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
