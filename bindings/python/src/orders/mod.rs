//! Orders, for `qris.Orders` and `qris.AsyncOrders`. The result of a call is JSON, which
//! `python/qris/_order.py` reads.

mod days;
mod fork;
mod new_order;
mod outcome;
mod shared;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pyo3::prelude::*;
use qris_api::webhook::WebhookEvent;
use qris_api::{InvoiceId, TransactionNumber};
use qris_ledger::{Grouping, MerchantName, OrderFilter, PayKey, PayLinks, Total, WebAddress};
use qris_orders::{Actor, Cancelled, Charged, Checked, Renewed, Resolved, State, WebhookOutcome};

use self::days::Days;
pub(crate) use self::fork::{after_fork_in_child, after_fork_in_parent, before_fork};
use self::outcome::{Failed, event_json, order_json, orders_json, until_next_check, wrong_state};
use self::shared::{Settings, Shared, open};
use crate::argument::{self, Text, number};
use crate::call::Call;
use crate::errors;
use crate::merchant::Merchant;
use crate::moment;

/// Starts calls for orders of one merchant, by one actor.
#[pyclass(frozen, module = "qris._native")]
pub(crate) struct Orders {
    shared: Arc<Shared>,
    merchant: MerchantName,
    actor: Actor,
}

impl Orders {
    /// Starts a call that sends the result of `work`.
    fn call<F>(
        &self,
        on_ready: Option<Py<PyAny>>,
        work: impl FnOnce(qris_orders::Orders) -> F + Send + 'static,
    ) -> PyResult<Call>
    where
        F: Future<Output = Result<String, Failed>> + Send + 'static,
    {
        let (settings, cell) = (Arc::clone(&self.shared.settings), self.shared.cell()?);
        let (merchant, actor) = (self.merchant.clone(), self.actor.clone());
        Call::start(on_ready, |sender| async move {
            let done = async {
                let orders = open(&settings, &cell).await?;
                work(orders.for_merchant(merchant)?.by(actor)).await
            };
            let done = done.await;
            sender.send(move |py| match done {
                Ok(json) => Ok(json.into_pyobject(py)?.into_any()),
                Err(failed) => Err(failed.raise(py)),
            });
        })
    }
}

/// The number of an order.
fn order_number(py: Python<'_>, text: &Text<'_>) -> PyResult<TransactionNumber> {
    TransactionNumber::parse(text.0).map_err(|error| errors::api_error(py, &error.into()))
}

/// The links of payment pages, if there is a public URL.
fn pay_links(
    database: &str,
    public_url: Option<Text<'_>>,
    key_file: Option<PathBuf>,
) -> PyResult<Option<PayLinks>> {
    let Some(url) = public_url else { return Ok(None) };
    let url = WebAddress::parse(url.0).ok().filter(WebAddress::is_base).ok_or_else(|| {
        errors::invalid_argument(
            "expected public_url as https://…, or http:// on this machine, found another text",
        )
    })?;
    let own = PayKey::path_beside(database);
    let key = match (key_file, own) {
        (Some(path), _) => PayKey::read(&path)?,
        (None, Some(path)) => PayKey::read_or_create(&path)?,
        (None, None) => {
            return Err(errors::invalid_argument(
                "expected pay_key_file with public_url for a PostgreSQL database, found none",
            ));
        }
    };
    Ok(Some(PayLinks::new(key, Some(url))))
}

#[pymethods]
impl Orders {
    #[new]
    fn new(
        database: Text<'_>,
        merchants: Vec<Bound<'_, PyAny>>,
        actor: Text<'_>,
        public_url: Option<Text<'_>>,
        pay_key_file: Option<PathBuf>,
    ) -> PyResult<Self> {
        let merchants = merchants.iter().map(Merchant::extract).collect::<PyResult<Vec<_>>>()?;
        let mut names: Vec<_> = merchants.iter().map(|merchant| merchant.name.clone()).collect();
        let Some(first) = names.first().cloned() else {
            return Err(errors::invalid_argument("expected at least one merchant, found none"));
        };
        names.sort();
        names.dedup();
        if names.len() != merchants.len() {
            return Err(errors::invalid_argument(
                "expected merchants with different names, found two with the same name",
            ));
        }
        let database = database.0.to_owned();
        let pay_links = pay_links(&database, public_url, pay_key_file)?;
        let shared = Arc::new(Shared::new(Settings { database, merchants, pay_links }));
        Ok(Self { shared, merchant: first, actor: Actor::new(actor.0) })
    }

    fn for_merchant(&self, name: Text<'_>) -> PyResult<Self> {
        let merchants = &self.shared.settings.merchants;
        let known = merchants.iter().find(|merchant| merchant.name.as_str() == name.0);
        let merchant = known.map(|merchant| merchant.name.clone()).ok_or_else(|| {
            errors::invalid_argument("expected the name of one of the merchants, found another")
        })?;
        Ok(Self { shared: Arc::clone(&self.shared), merchant, actor: self.actor.clone() })
    }

    fn by(&self, actor: Text<'_>) -> Self {
        let (shared, merchant) = (Arc::clone(&self.shared), self.merchant.clone());
        Self { shared, merchant, actor: Actor::new(actor.0) }
    }

    fn open(&self, on_ready: Option<Py<PyAny>>) -> PyResult<Call> {
        self.call(on_ready, |_| async { Ok(String::new()) })
    }

    /// Ends running work; `None` if there is none.
    fn close(&self, on_ready: Option<Py<PyAny>>) -> PyResult<Option<Call>> {
        let Some(cell) = self.shared.close() else { return Ok(None) };
        let call = Call::start(on_ready, |sender| async move {
            if let Some(orders) = cell.get() {
                orders.stop().await;
            }
            drop(cell);
            sender.send(|py| Ok("".into_pyobject(py)?.into_any()));
        });
        call.map(Some)
    }

    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn charge(
        &self,
        py: Python<'_>,
        number: Text<'_>,
        amount: &Bound<'_, PyAny>,
        channel: Text<'_>,
        tip: bool,
        description: Option<Text<'_>>,
        reference: Option<Text<'_>>,
        metadata: Option<Text<'_>>,
        due_at: Option<&Bound<'_, PyAny>>,
        shown_seconds: Option<&Bound<'_, PyAny>>,
        return_url: Option<Text<'_>>,
        code: bool,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let mut order = new_order::new(order_number(py, &number)?, amount, channel, tip)?;
        let owned = |text: Option<Text<'_>>| text.map(|text| text.0.to_owned());
        order.description = owned(description);
        order.reference = owned(reference);
        order.metadata = owned(metadata);
        new_order::set_times(&mut order, due_at, shown_seconds)?;
        new_order::set_return_url(&mut order, return_url)?;
        self.call(on_ready, move |orders| async move {
            let order = match code {
                true => orders.charge(&order).await?.into_known()?,
                false => match orders.open(&order).await? {
                    Charged::Created(order) | Charged::Known(order) => order,
                },
            };
            Ok(order_json(&orders, order))
        })
    }

    fn renew(
        &self,
        py: Python<'_>,
        number: Text<'_>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let number = order_number(py, &number)?;
        self.call(on_ready, move |orders| async move {
            let (Renewed::Created(order) | Renewed::Paid(order)) = orders.renew(&number).await?;
            Ok(order_json(&orders, order))
        })
    }

    fn check(
        &self,
        py: Python<'_>,
        number: Text<'_>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let number = order_number(py, &number)?;
        self.call(on_ready, move |orders| async move {
            match orders.check_and_wait(&number).await? {
                Checked::Made(waited) => match (waited.unanswered, waited.order) {
                    (cause, order)
                        if order.state != State::Paid
                            && (cause.is_some() || order.unanswered_at.is_some()) =>
                    {
                        Err(Failed::Unanswered(cause))
                    }
                    (_, order) => Ok(order_json(&orders, order)),
                },
                Checked::TooSoon { wait, .. } => Err(Failed::TooSoon(wait)),
                Checked::NoneLeft(order) => {
                    Err(Failed::NoneLeft(until_next_check(&orders, &order)))
                }
            }
        })
    }

    fn cancel(
        &self,
        py: Python<'_>,
        number: Text<'_>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let number = order_number(py, &number)?;
        self.call(on_ready, move |orders| async move {
            match orders.cancel(&number).await? {
                Cancelled::Now { order, .. } => Ok(order_json(&orders, order)),
                Cancelled::Paid(order) => Err(wrong_state(State::CANCELLABLE, order.state)),
            }
        })
    }

    fn resolve_paid(
        &self,
        py: Python<'_>,
        number: Text<'_>,
        qris_invoiceid: &Bound<'_, PyAny>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let order = order_number(py, &number)?;
        let invoice = InvoiceId::new(self::number("qris_invoiceid", 1..=u64::MAX, qris_invoiceid)?);
        self.call(on_ready, move |orders| async move {
            match orders.resolve_paid(&order, invoice).await? {
                Resolved::Paid(order) | Resolved::Unpaid(order) => Ok(order_json(&orders, order)),
                Resolved::TooSoon { wait } => Err(Failed::TooSoon(wait)),
            }
        })
    }

    fn resolve_not_made(
        &self,
        py: Python<'_>,
        number: Text<'_>,
        reason: Text<'_>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let number = order_number(py, &number)?;
        let reason = reason.0.trim().to_owned();
        if reason.is_empty() {
            return Err(errors::invalid_argument("expected a reason, found no text"));
        }
        self.call(on_ready, move |orders| async move {
            let order = orders.resolve_not_made(&number, &reason).await?;
            Ok(order_json(&orders, order))
        })
    }

    /// The order of a webhook, or JSON's null.
    fn on_webhook(
        &self,
        py: Python<'_>,
        body: &[u8],
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let hint = WebhookEvent::parse(body).map_err(|error| errors::webhook_error(py, error))?;
        self.call(on_ready, move |orders| async move {
            Ok(match orders.by(Actor::new("webhook")).receive_webhook(hint).await? {
                WebhookOutcome::Known(order) => order_json(&orders, *order),
                WebhookOutcome::Kept(_) => "null".to_owned(),
            })
        })
    }

    fn acknowledge(
        &self,
        py: Python<'_>,
        number: Text<'_>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let number = order_number(py, &number)?;
        self.call(on_ready, move |orders| async move {
            Ok(orders.acknowledge(&number).await?.to_string())
        })
    }

    fn watch(&self, on_ready: Option<Py<PyAny>>) -> PyResult<Call> {
        self.call(on_ready, |orders| async move { Ok(orders.watch().to_string()) })
    }

    /// Ends the watch of this process; `None` if there is none.
    fn stop_watching(&self, on_ready: Option<Py<PyAny>>) -> PyResult<Option<Call>> {
        let opened = self.shared.cell().ok().and_then(|cell| cell.get().cloned());
        let Some(orders) = opened.filter(qris_orders::Orders::is_watching) else {
            return Ok(None);
        };
        let call = Call::start(on_ready, |sender| async move {
            orders.stop_watching().await;
            sender.send(|py| Ok("".into_pyobject(py)?.into_any()));
        });
        call.map(Some)
    }

    fn is_ready(&self, on_ready: Option<Py<PyAny>>) -> PyResult<Call> {
        self.call(on_ready, |orders| async move { Ok(orders.is_ready().await.to_string()) })
    }

    fn order(
        &self,
        py: Python<'_>,
        number: Text<'_>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let number = order_number(py, &number)?;
        self.call(on_ready, move |orders| async move {
            let order = orders.find(&number).await?;
            Ok(order_json(&orders, order))
        })
    }

    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn orders(
        &self,
        py: Python<'_>,
        state: Option<Text<'_>>,
        channel: Option<Text<'_>>,
        first_day: Option<Text<'_>>,
        last_day: Option<Text<'_>>,
        search: Option<Text<'_>>,
        after: Option<(Bound<'_, PyAny>, Text<'_>)>,
        limit: &Bound<'_, PyAny>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let mut filter = OrderFilter::default();
        let another =
            |what| errors::invalid_argument(format!("expected {what}, found another word"));
        let state = state.map(|word| word.0.parse()).transpose();
        filter.state = state.map_err(|_| another("a state of an order"))?;
        let channel = channel.map(|word| word.0.parse()).transpose();
        filter.channel = channel.map_err(|_| another("pos, ecommerce or bill as channel"))?;
        let days = Days::new(first_day, last_day)?;
        (filter.from, filter.to) = (days.first, days.last);
        filter.search = search.map(|text| text.0.to_owned());
        filter.after = match after {
            Some((at, number)) => {
                Some((moment::from_python(&at)?.into(), order_number(py, &number)?))
            }
            None => None,
        };
        let limit = number("limit", 1..=u32::MAX, limit)?;
        self.call(on_ready, move |orders| async move {
            let found = orders.read(move |ledger| ledger.orders(&filter, limit)).await?;
            Ok(orders_json(&orders, found))
        })
    }

    fn unacknowledged(
        &self,
        limit: &Bound<'_, PyAny>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let limit = number("limit", 1..=u32::MAX, limit)?;
        self.call(on_ready, move |orders| async move {
            let found = orders.unacknowledged(limit).await?;
            Ok(orders_json(&orders, found))
        })
    }

    fn events(
        &self,
        since: &Bound<'_, PyAny>,
        limit: &Bound<'_, PyAny>,
        wait_seconds: &Bound<'_, PyAny>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let since = number("since", 0..=u64::MAX, since)?;
        let limit = number("limit", 1..=u32::MAX, limit)?;
        let max_wait: Duration = argument::seconds("wait", wait_seconds)?;
        self.call(on_ready, move |orders| async move {
            let events = orders.events(since, limit, max_wait).await?;
            let events: Vec<_> = events.iter().map(event_json).collect();
            Ok(format!("[{}]", events.join(",")))
        })
    }

    fn report(
        &self,
        first_day: Option<Text<'_>>,
        last_day: Option<Text<'_>>,
        by: Option<Text<'_>>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let days = Days::new(first_day, last_day)?;
        let grouping = match by.map(|word| word.0) {
            None => Grouping::DayAndChannel,
            Some("day") => Grouping::Day,
            Some("channel") => Grouping::Channel,
            Some(_) => {
                let message = "expected day or channel as by, found another word";
                return Err(errors::invalid_argument(message));
            }
        };
        self.call(on_ready, move |orders| async move {
            let (first, last) = days.resolve(&orders);
            let lines = orders.read(move |ledger| ledger.report(first, last)).await?;
            Ok(outcome::json(&Total::group(&lines, grouping)))
        })
    }

    fn payments(
        &self,
        first_day: Option<Text<'_>>,
        last_day: Option<Text<'_>>,
        on_ready: Option<Py<PyAny>>,
    ) -> PyResult<Call> {
        let days = Days::new(first_day, last_day)?;
        self.call(on_ready, move |orders| async move {
            let (first, last) = days.resolve(&orders);
            let paid = orders.read(move |ledger| ledger.payments(first, last)).await?;
            Ok(orders_json(&orders, paid))
        })
    }
}
