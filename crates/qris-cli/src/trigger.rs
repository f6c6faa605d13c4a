//! `qris trigger`: makes something happen to an order in the sandbox.

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::help::value_enum;
use crate::messages::message;
use crate::money::rupiah;
use crate::output::{print, visible};
use crate::service::{Service, TillAddress};

/// How long the till may take to find out about a payment.
const LIMIT: Duration = Duration::from_secs(90);

/// The time between two requests for the order.
const PAUSE: Duration = Duration::from_millis(200);

/// How far the sandbox's clock is moved so that the schedule checks an older code.
const UNTIL_NEXT_CHECK: f64 = 600.0;

#[derive(Args)]
pub(crate) struct Trigger {
    #[arg(value_enum, value_name = "EVENT")]
    event: EventWord,

    #[arg(value_name = "NUMBER")]
    number: String,

    #[arg(long, value_name = "RUPIAH", default_value_t = 10_000)]
    amount: u64,

    #[arg(
        long,
        value_name = "URL",
        env = "QRIS_BASE_URL",
        default_value = "http://127.0.0.1:7000/restapi/qris/"
    )]
    base_url: String,

    #[command(flatten)]
    till: TillAddress,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum EventWord {
    Paid,
    PaidLate,
    Overpaid,
    Unknown,
    Expired,
}

value_enum!(
    EventWord,
    "values-event",
    Paid = "paid",
    PaidLate = "paid_late",
    Overpaid = "overpaid",
    Unknown = "unknown",
    Expired = "expired"
);

impl Trigger {
    pub(crate) fn run(self) -> io::Result<ExitCode> {
        let till = self.till.service()?;
        let sandbox = Service::sandbox(&self.base_url)?;
        let happening = EventMaker { till, sandbox, number: self.number, amount: self.amount };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let order = runtime.block_on(happening.make(self.event))?;
        let state = order["state"].as_str().unwrap_or_default();
        let overpaid = order["overpaid"].as_u64().unwrap_or_default();
        let number = visible(&happening.number);
        let said = match overpaid {
            0 => message!("trigger-done", number = number, state = state),
            more => {
                message!("trigger-overpaid", number = number, state = state, more = rupiah(more))
            }
        };
        print(&(said + "\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}

struct EventMaker {
    till: Service,
    sandbox: Service,
    number: String,
    amount: u64,
}

impl EventMaker {
    async fn make(&self, event: EventWord) -> io::Result<Value> {
        match event {
            EventWord::Unknown => return self.lose().await,
            EventWord::Paid => {
                let order = self.shown().await?;
                self.pay(&order).await?;
            }
            EventWord::Expired => {
                self.shown().await?;
                return self.expire().await;
            }
            EventWord::PaidLate => {
                self.shown().await?;
                let order = self.expire().await?;
                self.pay(&order).await?;
            }
            EventWord::Overpaid => {
                let first = self.shown().await?;
                self.expire().await?;
                let second = self.renew().await?;
                self.pay(&first).await?;
                self.pay(&second).await?;
                // The schedule checks the first code.
                self.advance(UNTIL_NEXT_CHECK).await?;
                self.until(|order| order["state"] == "paid").await?;
                return self.until(|order| order["overpaid"].as_u64() > Some(0)).await;
            }
        }
        self.until(|order| order["state"] == "paid").await
    }

    /// The order with a code that may be shown. It is created or renewed if needed.
    async fn shown(&self) -> io::Result<Value> {
        let found = self.till.get(&["api", "orders", &self.number]).await?;
        if found.status == 404 {
            return self.charge().await?.accepted();
        }
        let order = found.accepted()?;
        match order["state"].as_str() {
            Some("pending") => Ok(order),
            Some("expired") => self.renew().await,
            Some("open" | "rejected") => self.charge().await?.accepted(),
            state => {
                Err(io::Error::other(message!("trigger-not-waiting", state = state.unwrap_or("-"))))
            }
        }
    }

    async fn charge(&self) -> io::Result<crate::service::Answer> {
        let found = self.till.get(&["api", "orders", &self.number]).await?;
        let amount = found.body["amount"].as_u64().unwrap_or(self.amount);
        let order = json!({"number": self.number, "amount": amount});
        self.till.post(&["api", "orders"], &order).await
    }

    async fn renew(&self) -> io::Result<Value> {
        let started = Instant::now();
        loop {
            let path = ["api", "orders", &self.number, "renew"];
            let answer = self.till.post(&path, &Value::Null).await?;
            let may_pass = matches!(answer.status, 429 | 503) && started.elapsed() < LIMIT;
            match answer.retry_after.filter(|_| may_pass) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return answer.accepted(),
            }
        }
    }

    async fn pay(&self, order: &Value) -> io::Result<()> {
        let id = order["qris_invoiceid"].as_u64();
        let id = id.ok_or_else(|| io::Error::other(message!("trigger-no-code")))?;
        let path = ["sandbox", "invoices", &id.to_string(), "pay"];
        let paid = self.sandbox.post(&path, &Value::Null).await?;
        paid.accepted().map(drop)
    }

    /// Moves the sandbox's clock until the code is no longer shown.
    async fn expire(&self) -> io::Result<Value> {
        let order = self.till.get(&["api", "orders", &self.number]).await?.accepted()?;
        let clock = self.sandbox.get(&["sandbox", "clock"]).await?.accepted()?;
        let time = |text: &Value| text.as_str().and_then(|text| text.parse::<Timestamp>().ok());
        let (Some(now), Some(until)) = (time(&clock["now"]), time(&order["shown_until"])) else {
            return Err(io::Error::other(message!("trigger-no-code-in-sandbox")));
        };
        let left = until.duration_since(now).as_secs_f64();
        self.advance(left.max(0.0) + 1.0).await?;
        self.until(|order| order["state"] == "expired").await
    }

    async fn advance(&self, seconds: f64) -> io::Result<()> {
        let moved = json!({ "advance_seconds": seconds });
        let clock = self.sandbox.post(&["sandbox", "clock"], &moved).await?;
        clock.accepted().map(drop)
    }

    /// Makes the answer to the next request for a code get lost.
    async fn lose(&self) -> io::Result<Value> {
        let found = self.till.get(&["api", "orders", &self.number]).await?;
        let state = found.body["state"].as_str().unwrap_or("absent");
        if state == "pending" {
            self.expire().await?;
        } else if !matches!(state, "absent" | "open" | "rejected" | "expired") {
            return Err(io::Error::other(message!("trigger-may-not-be-asked", state = state)));
        }
        let fault = json!({"fault": "drop-after-accepting", "on": "create", "times": "once"});
        self.sandbox.post(&["sandbox", "faults"], &fault).await?.accepted()?;
        // The refusal is expected.
        match state {
            "pending" | "expired" => drop(self.renew().await),
            _ => drop(self.charge().await?),
        }
        self.until(|order| order["state"] == "unknown").await
    }

    /// Waits until the order is in the expected state, and presses the check button meanwhile.
    async fn until(&self, is_reached: impl Fn(&Value) -> bool) -> io::Result<Value> {
        let started = Instant::now();
        let mut press_at = started;
        loop {
            let order = self.till.get(&["api", "orders", &self.number]).await?.accepted()?;
            if is_reached(&order) {
                return Ok(order);
            }
            if started.elapsed() > LIMIT {
                let state = order["state"].as_str().unwrap_or_default();
                return Err(io::Error::other(message!(
                    "trigger-too-long",
                    seconds = LIMIT.as_secs(),
                    state = state
                )));
            }
            if Instant::now() >= press_at {
                let path = ["api", "orders", &self.number, "check"];
                let answer = self.till.post(&path, &Value::Null).await?;
                press_at = Instant::now() + answer.retry_after.unwrap_or(LIMIT);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
