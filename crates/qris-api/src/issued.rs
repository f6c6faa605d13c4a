//! Remembers the invoices that a client returned, so that none is returned twice.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use ring::digest::{SHA256, digest};

use crate::cross_check::Field;
use crate::invoice::{Invoice, InvoiceId, TransactionNumber};

/// The number of remembered invoices.
const CAPACITY: usize = 1_000;

type Digest = [u8; 32];

/// The NMID of the key, and the invoices of this process.
#[derive(Debug)]
pub(crate) struct Issued(Mutex<State>);

#[derive(Debug)]
struct State {
    nmid: Option<String>,
    by_id: HashMap<InvoiceId, (Digest, TransactionNumber)>,
    by_content: HashMap<Digest, InvoiceId>,
    oldest_first: VecDeque<InvoiceId>,
}

impl Issued {
    /// Expects this NMID, or the first one received.
    pub(crate) fn new(nmid: Option<String>) -> Self {
        Self(Mutex::new(State {
            nmid,
            by_id: HashMap::new(),
            by_content: HashMap::new(),
            oldest_first: VecDeque::new(),
        }))
    }

    /// Records an invoice before it is returned.
    ///
    /// # Errors
    ///
    /// The part that belongs to another merchant or another invoice. Nothing is recorded then.
    pub(crate) fn record(&self, invoice: &Invoice) -> Result<(), Field> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.nmid.as_ref().is_some_and(|nmid| *nmid != invoice.qris_nmid) {
            return Err(Field::NationalMerchantId);
        }
        let id = invoice.qris_invoiceid;
        let content = sha256(&invoice.qris_content);
        let same = (content, invoice.number.clone());
        let earlier_id = state.by_id.get(&id);
        if earlier_id.is_some_and(|earlier| *earlier != same)
            || state.by_content.get(&content).is_some_and(|earlier| *earlier != id)
        {
            return Err(Field::Reused);
        }
        if earlier_id.is_some() {
            return Ok(());
        }
        let reference = invoice.reference().filter(|reference| *reference != id);
        if reference.is_some_and(|reference| state.by_id.contains_key(&reference)) {
            return Err(Field::Reference);
        }
        if state.nmid.is_none() {
            state.nmid = Some(invoice.qris_nmid.clone());
        }
        if state.oldest_first.len() == CAPACITY {
            let oldest = state.oldest_first.pop_front();
            if let Some((content, _)) = oldest.and_then(|oldest| state.by_id.remove(&oldest)) {
                state.by_content.remove(&content);
            }
        }
        state.oldest_first.push_back(id);
        state.by_id.insert(id, same);
        state.by_content.insert(content, id);
        Ok(())
    }
}

fn sha256(text: &str) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rupiah::Rupiah;
    use crate::wib::WibTime;

    fn invoice(number: &str, id: u64, content: &str) -> Invoice {
        Invoice::new(
            TransactionNumber::parse(number).unwrap(),
            Rupiah::new(100),
            content,
            WibTime::parse("2026-11-22 10:00:00").unwrap(),
            InvoiceId::new(id),
            "ID1020021181745",
        )
    }

    #[test]
    fn an_id_or_a_qr_is_returned_for_one_number_only() {
        let issued = Issued::new(None);
        assert_eq!(issued.record(&invoice("A", 1, "first")), Ok(()));
        assert_eq!(issued.record(&invoice("A", 1, "first")), Ok(()), "the very same");
        assert_eq!(issued.record(&invoice("B", 1, "first")), Err(Field::Reused));
        assert_eq!(issued.record(&invoice("B", 1, "second")), Err(Field::Reused));
        assert_eq!(issued.record(&invoice("B", 2, "first")), Err(Field::Reused));
        assert_eq!(issued.record(&invoice("A", 2, "first")), Err(Field::Reused), "a stale QR");
        assert_eq!(issued.record(&invoice("B", 2, "second")), Ok(()));
    }

    #[test]
    fn only_the_thousand_newest_invoices_are_remembered() {
        let issued = Issued::new(None);
        for id in 1..=1_001 {
            assert_eq!(issued.record(&invoice("A", id, &id.to_string())), Ok(()));
        }
        assert_eq!(issued.record(&invoice("B", 2, "other")), Err(Field::Reused));
        assert_eq!(issued.record(&invoice("B", 2_000, "1001")), Err(Field::Reused));
        assert_eq!(issued.record(&invoice("B", 1, "1")), Ok(()), "the oldest is forgotten");
        let state = issued.0.lock().unwrap();
        let sizes = (state.by_id.len(), state.by_content.len(), state.oldest_first.len());
        assert_eq!(sizes, (1_000, 1_000, 1_000));
    }
}
