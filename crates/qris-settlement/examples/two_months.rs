//! Makes a shop's database of January and February 2026, and the matching table of the provider's portal, to
//! try accounting programs with.
//!
//! `cargo run -p qris-settlement --example two_months -- shop.db portal.csv`

use std::error::Error;
use std::fmt::Write as _;
use std::time::Duration;

use qris_api::{
    Invoice, InvoiceId, Payment, PaymentDetails, Rupiah, Schedule, TransactionNumber, WibTime,
};
use qris_ledger::{Channel, Ledger, NewOrder, Request};
use qris_settlement::Holidays;
use qris_settlement::jiff::civil::date;

/// The number of payments.
const PAYMENTS: u64 = 275;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(database), Some(table)) = (arguments.next(), arguments.next()) else {
        return Err("expected the names of a database and of a table".into());
    };
    let mut ledger = Ledger::open(database)?;
    let first = WibTime::parse("2026-01-01 08:00:00").ok_or("no time")?;
    let (last, holidays) = (date(2026, 2, 26), Holidays::none());
    let mut csv = "tgl,nominal,tip,status,cs,paytype,rrn,idtrans,idinv,datesettle\n".to_owned();
    for id in 1..=PAYMENTS {
        // One every five hours, with varying amounts. The payments of the last settlement day are too small
        // for a transfer.
        let paid_at = first.later_by(Duration::from_secs(id * 5 * 60 * 60 + id * 977 % 3_600));
        let amount = match paid_at.date() == last {
            true => 2_000,
            false => 1_000 + id * id * 7_919 % 600_000,
        };
        // Of 40 payments, one is missing in the table, one comes from a sticker, one has a tip, and one has
        // another amount.
        let (tip, more) = match id % 40 {
            7 => (5_000, 5_000),
            17 => (0, 250),
            _ => (0, 0),
        };
        if id % 40 != 27 {
            book(&mut ledger, id, Rupiah::new(amount), paid_at)?;
        }
        if id % 40 != 37 {
            let time = paid_at.to_api_text();
            let settled = holidays.working_day_after(paid_at.date(), 1);
            let gross = amount + more;
            writeln!(
                csv,
                "{time},{gross},{tip},Sukses,SITI ZULAIKHA,BCA,R-{id},T-{id},{id},{settled}"
            )?;
        }
    }
    Ok(std::fs::write(table, csv)?)
}

/// Records a payment of an invoice with this id.
fn book(ledger: &mut Ledger, id: u64, amount: Rupiah, at: WibTime) -> Result<(), Box<dyn Error>> {
    let number = TransactionNumber::parse(format!("INV-{id}"))?;
    let mut order = NewOrder::new(number.clone(), amount);
    order.channel = [Channel::Pos, Channel::Ecommerce, Channel::Bill][usize::try_from(id % 3)?];
    let Request::New(intent) = ledger.request(&order, at)? else { return Err("known".into()) };
    let content = format!("code {id}");
    let invoice = Invoice::new(number, amount, content, at, InvoiceId::new(id), "ID1020021181745");
    ledger.record_created(&intent, &invoice, &Schedule::default(), at)?;
    let mut details = PaymentDetails::default();
    details.customer_name = Some("SITI ZULAIKHA".to_owned());
    details.method = Some("BCA".to_owned());
    ledger.settle(invoice.qris_invoiceid, &Payment::Paid(details), at)?;
    Ok(())
}
