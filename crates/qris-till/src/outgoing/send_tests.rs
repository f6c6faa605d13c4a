//! Tests with names that resolve differently the second time.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Mutex;

use qris_api::{Rupiah, TransactionNumber};
use qris_ledger::{Ledger, NewEndpoint, NewOrder};
use reqwest::dns::{Addrs, Name, Resolving};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// A DNS with a different answer each time, and an error after the last.
#[derive(Default)]
struct Changing {
    answers: Mutex<VecDeque<Vec<SocketAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Changing {
    #[track_caller]
    fn answering(answers: &[&[&str]]) -> Arc<Self> {
        let address = |text: &&str| SocketAddr::new(text.parse().expect("an address"), 0);
        let answers = answers.iter().map(|one| one.iter().map(address).collect()).collect();
        Arc::new(Self { answers: Mutex::new(answers), asked: Mutex::default() })
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

impl Resolve for Changing {
    fn resolve(&self, name: Name) -> Resolving {
        self.asked.lock().expect("no panic").push(name.as_str().to_owned());
        let answer = self.answers.lock().expect("no panic").pop_front();
        Box::pin(async move {
            let found = answer.ok_or_else(|| io::Error::other("no answer is left"))?;
            Ok::<Addrs, _>(Box::new(found.into_iter()))
        })
    }
}

/// A server that reads one request per connection, and its number of connections.
async fn server() -> (u16, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let connections = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            *counted.lock().expect("no panic") += 1;
            let mut request = Vec::new();
            // The body of a delivery ends with the brace of its JSON.
            while !request.ends_with(b"}") {
                request.push(stream.read_u8().await.expect("a request"));
            }
            let answer = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
            stream.write_all(answer).await.expect("an answer");
            stream.shutdown().await.expect("the end");
        }
    });
    (port, connections)
}

/// A delivery to an address.
fn delivery(url: &str) -> DueDelivery {
    let mut ledger = Ledger::in_memory().expect("a ledger");
    let now = WibTime::now();
    let secret = SigningSecret::generate().expect("random numbers");
    let endpoint = ledger.add_endpoint(&NewEndpoint::to(url), secret.reveal(), now);
    let number = TransactionNumber::parse("INV-1").expect("a number");
    ledger.open_order(&NewOrder::new(number, Rupiah::new(1_000)), now).expect("an order");
    let lease = Duration::from_secs(20);
    let due = ledger.due_deliveries(endpoint.expect("an endpoint").id, 1, lease, now);
    due.expect("deliveries").remove(0)
}

#[track_caller]
fn sender(names: &Arc<Changing>) -> Sender {
    let private = vec!["127.0.0.0/8".parse().expect("a network")];
    let rules = Arc::new(AddressRules::new(private, &[]).expect("rules"));
    let names: Arc<dyn Resolve> = Arc::<Changing>::clone(names);
    Sender::with_names(rules, Vec::new(), names).expect("a sender")
}

#[tokio::test]
async fn a_connection_goes_to_the_address_that_was_judged_whatever_the_name_leads_to_afterwards() {
    let (port, connections) = server().await;
    // A second resolution would have led to another machine.
    let names = Changing::answering(&[&["127.0.0.1"], &["169.254.169.254"]]);
    let sender = sender(&names);
    let delivery = delivery(&format!("http://shop.test:{port}/hook"));
    assert_eq!(sender.send(&delivery, WibTime::now()).await, DeliveryResult::Answered(204));
    assert_eq!(names.asked(), ["shop.test"], "a try looks the name up once");
    let rebound = sender.send(&delivery, WibTime::now()).await;
    assert_eq!(rebound, DeliveryResult::Failed("address-not-allowed"));
    assert_eq!(names.asked().len(), 2, "the next try looks it up anew, and judges that");
    assert_eq!(*connections.lock().expect("no panic"), 1);
}

#[tokio::test]
async fn of_the_addresses_of_a_name_only_the_ones_that_are_allowed_are_connected_to() {
    let (port, connections) = server().await;
    let names = Changing::answering(&[&["10.0.0.1", "169.254.169.254", "127.0.0.1", "8.8.8.8"]]);
    let sent = sender(&names)
        .send(&delivery(&format!("http://shop.test:{port}/hook")), WibTime::now())
        .await;
    assert_eq!(sent, DeliveryResult::Answered(204));
    assert_eq!(*connections.lock().expect("no panic"), 1);
}
