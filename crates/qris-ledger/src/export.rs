//! Everything in the books, for another program.

use std::io::{self, Write};

use serde::Serialize;

use crate::database::Statements;
use crate::{Error, Event, Record, rows};

/// How many records are in memory at a time.
const PAGE: i64 = 1_000;

/// A line: a record and its history.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    record: &'a Record,
    events: &'a [Event],
}

pub(crate) fn write(books: &mut dyn Statements, out: &mut dyn Write) -> Result<u64, Error> {
    let mut last = String::new();
    let mut count = 0;
    loop {
        let (page, end) = rows::page(books, &last, PAGE)?;
        let Some(end) = end else {
            out.flush().map_err(Error::Export)?;
            return Ok(count);
        };
        last = end;
        for record in &page {
            let events = rows::events(books, &record.number)?;
            let line = Line { record, events: &events };
            serde_json::to_writer(&mut *out, &line)
                .map_err(io::Error::from)
                .and_then(|()| out.write_all(b"\n"))
                .map_err(Error::Export)?;
            count += 1;
        }
    }
}
