//! Exports everything in the ledger for another program.

use std::io::{self, Write};

use serde::Serialize;

use crate::database::Step;
use crate::{Error, Event, Order, rows};

/// The number of orders in memory at a time.
const PAGE: i64 = 1_000;

/// One line: an order and its history.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    order: &'a Order,
    events: &'a [Event],
}

pub(crate) fn write(step: &mut Step<'_>, out: &mut dyn Write) -> Result<u64, Error> {
    let mut last = i64::MIN;
    let mut count = 0;
    loop {
        let (page, end) = rows::page(step, last, PAGE)?;
        let Some(end) = end else {
            out.flush().map_err(Error::Export)?;
            return Ok(count);
        };
        last = end;
        for mut order in page {
            // An exported file must not contain secrets.
            order.pay_url = None;
            let events = rows::events_of(step, &order)?;
            let line = Line { order: &order, events: &events };
            serde_json::to_writer(&mut *out, &line)
                .map_err(io::Error::from)
                .and_then(|()| out.write_all(b"\n"))
                .map_err(Error::Export)?;
            count += 1;
        }
    }
}
