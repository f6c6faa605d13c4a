//! Pay links within a step of the ledger.

use qris_api::TransactionNumber;
use serde_json::Value;

use crate::database::Step;
use crate::{Error, MerchantName, PayUrl, sql};

impl Step<'_> {
    /// The hash to store with an order of the selected merchant.
    pub(crate) fn pay_hash(&mut self, number: &TransactionNumber) -> Result<Option<String>, Error> {
        let Some(links) = self.pay_links.cloned() else { return Ok(None) };
        let row = self.first(sql::MERCHANT_NAME, &[self.merchant.into()])?;
        let name: MerchantName = row.ok_or(Error::Absent)?.word(0, "name")?;
        Ok(Some(links.hash(&name, number)))
    }

    pub(crate) fn pay_url(
        &self,
        merchant: &MerchantName,
        number: &TransactionNumber,
        hash: Option<&str>,
    ) -> Option<PayUrl> {
        self.pay_links?.url_of(merchant, number, hash?)
    }

    /// The body of an order's event, with the link that the outbox table does not have.
    pub(crate) fn with_pay_url(&self, payload: String, hash: Option<&str>) -> String {
        let filled = || {
            let mut event: Value = serde_json::from_str(&payload).ok()?;
            let data = event.get_mut("data")?;
            let merchant = data.get("merchant")?.as_str()?.parse().ok()?;
            let number = TransactionNumber::parse(data.get("number")?.as_str()?).ok()?;
            let url = self.pay_url(&merchant, &number, hash)?;
            *data.get_mut("pay_url")? = Value::String(url.as_str().to_owned());
            Some(event.to_string())
        };
        filled().unwrap_or(payload)
    }
}
