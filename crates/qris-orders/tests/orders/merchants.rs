//! Several merchants in one ledger.

use std::time::{Duration, Instant};

use qris_api::Rupiah;
use qris_orders::{
    Charged, Error, MerchantName, MerchantSettings, NewOrder, Orders, OrdersSettings, State,
};
use qris_sandbox::{Fault, FaultCall, FaultRepeat, Sandbox};

use crate::shop::{Shop, client_of, new_order, number, reaches};

fn kiosk() -> MerchantName {
    "kiosk".parse().expect("a name")
}

/// An order with another amount: both sandboxes start with the same invoice number, and no two
/// codes may be equal.
fn at_the_kiosk(text: &str) -> NewOrder {
    NewOrder::new(number(text), Rupiah::new(5_000))
}

/// The shop's own merchant, and a kiosk with another provider.
async fn two(shop: &Shop, sandbox: &Sandbox) -> Orders {
    let mut settings = OrdersSettings::main(shop.client(), shop.url());
    let kiosk = MerchantSettings::named(kiosk(), client_of(sandbox));
    settings.merchants.push(kiosk);
    Orders::start(settings).await.expect("it starts")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_merchant_has_numbers_of_its_own() {
    let (shop, other) = (Shop::open().await, Sandbox::start().await.expect("a sandbox"));
    let orders = two(&shop, &other).await;
    let kiosk = orders.for_merchant(kiosk()).expect("the kiosk");
    for (orders, order) in [(&orders, new_order("INV-1")), (&kiosk, at_the_kiosk("INV-1"))] {
        let charged = orders.charge(&order).await.expect("a code");
        assert!(matches!(charged, Charged::Created(_)), "{charged:?}");
    }
    assert_eq!((shop.sandbox.calls().creates(), other.calls().creates()), (1, 1));
    let stranger = orders.for_merchant("stranger".parse().expect("a name"));
    assert!(matches!(stranger, Err(Error::UnknownMerchant(_))), "{stranger:?}");
    orders.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_whose_provider_hangs_delays_no_check_of_another() {
    let (shop, other) = (Shop::open().await, Sandbox::start().await.expect("a sandbox"));
    let orders = two(&shop, &other).await;
    // More than the maximum number of concurrent calls.
    for sale in 0..70 {
        orders.charge(&new_order(&format!("INV-{sale}"))).await.expect("a code");
    }
    shop.sandbox.inject(Fault::Slow { seconds: 20.0 }, FaultCall::Check, FaultRepeat::Standing);
    let asked = async {
        while shop.sandbox.calls().checks() < 10 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asked).await.expect("checks that hang");
    let kiosk = orders.for_merchant(kiosk()).expect("the kiosk");
    let Ok(Charged::Created(order)) = kiosk.charge(&at_the_kiosk("K-1")).await else { panic!() };
    other.pay(order.invoices[0].qris_invoiceid.expect("an id").get()).expect("the payer pays");
    let paid_at = Instant::now();
    reaches(&kiosk, "K-1", State::Paid).await;
    assert!(paid_at.elapsed() < Duration::from_secs(5), "{:?}", paid_at.elapsed());
    assert_eq!(kiosk.find(&number("K-1")).await.expect("it is booked").merchant.as_str(), "kiosk");
}
