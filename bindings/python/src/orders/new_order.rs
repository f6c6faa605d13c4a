//! A new order from Python.

use pyo3::prelude::*;
use qris_api::{Tip, TransactionNumber};
use qris_orders::{NewOrder, WebAddress};

use crate::amount;
use crate::argument::{self, Text};
use crate::errors;
use crate::moment;

pub(super) fn new(
    number: TransactionNumber,
    amount: &Bound<'_, PyAny>,
    channel: Text<'_>,
    tip: bool,
) -> PyResult<NewOrder> {
    let mut order = NewOrder::new(number, amount::rupiah(amount)?);
    order.channel = channel.0.parse().map_err(|_| {
        errors::invalid_argument("expected pos, ecommerce or bill as channel, found another word")
    })?;
    order.tip = if tip { Tip::Ask } else { Tip::None };
    Ok(order)
}

pub(super) fn set_times(
    order: &mut NewOrder,
    due_at: Option<&Bound<'_, PyAny>>,
    shown_seconds: Option<&Bound<'_, PyAny>>,
) -> PyResult<()> {
    let due_at = due_at.map(moment::from_python).transpose()?;
    order.due_at = due_at.map(Into::into);
    order.shown_for =
        shown_seconds.map(|seconds| argument::duration("shown", seconds)).transpose()?;
    Ok(())
}

pub(super) fn set_return_url(order: &mut NewOrder, url: Option<Text<'_>>) -> PyResult<()> {
    let url = url.map(|url| WebAddress::parse(url.0)).transpose();
    order.return_url =
        url.map_err(|error| errors::invalid_argument(format!("return_url: {error}")))?;
    Ok(())
}
