//! The two calls of the Open API, with their words, formats and spellings.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, Query, Request, State};
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use jiff::civil::Date;
use qris_codec::rules::limits::MAX_TRANSACTION_RUPIAH;
use qris_codec::{Initiation, Rules};

use crate::behaviour::{
    AbsentTip, Behaviour, CheckAction, CheckAmount, CheckDate, IdKind, RefusalShape,
    RepeatedNumber, TimeInDate,
};
use crate::clock::{WIB, api_text, later};
use crate::fault::{Fault, Occasion};
use crate::invoice::{Invoice, Invoices, Received, Tip};
use crate::payload::{MERCHANT, OTHER_MERCHANT, Payload};
use crate::reply;
use crate::reply::{Data, InvoiceId, Reply, UNPAID, customer_name};
use crate::shared::Shared;

/// An NMID other than the sandbox's own.
const OTHER_NMID: &str = "ID1020021181745";

/// The two calls. They accept POST too, unless the sandbox is strict.
pub(crate) fn routes(strict: bool) -> Router<Arc<Shared>> {
    let (mut create_page, mut check_page) = (get(create), get(check));
    if !strict {
        create_page = create_page.post(create);
        check_page = check_page.post(check);
    }
    Router::new()
        .route("/restapi/qris/show_qris.php", create_page)
        .route("/restapi/qris/checkpaid_qris.php", check_page)
}

/// The parameters of a call: its query, and its form if it has one. An absent parameter equals an empty one.
struct Parameters(HashMap<String, String>);

impl Parameters {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let query = Query::<HashMap<String, String>>::try_from_uri(request.uri());
        let mut parameters = query.map_or_else(|_| HashMap::new(), |Query(query)| query);
        // The form of a GET is its query. A body that is not a form has no parameters.
        let form: Result<Form<HashMap<String, String>>, FormRejection> =
            Form::from_request(request, state).await;
        if let Ok(Form(form)) = form {
            parameters.extend(form);
        }
        Ok(Self(parameters))
    }
}

async fn create(State(shared): State<Arc<Shared>>, parameters: Parameters) -> Response {
    let faults = shared.begin(Occasion::Create, &parameters);
    answer(&shared, faults, |faults| shared.create(&parameters, faults)).await
}

async fn check(State(shared): State<Arc<Shared>>, parameters: Parameters) -> Response {
    let faults = shared.begin(Occasion::Check, &parameters);
    answer(&shared, faults, |faults| shared.check(&parameters, faults)).await
}

/// Answers with the result of `work`, or with the faults that apply.
async fn answer(
    shared: &Shared,
    faults: Vec<Fault>,
    work: impl FnOnce(&[Fault]) -> Reply,
) -> Response {
    for fault in &faults {
        if let Fault::Slow { seconds } = fault {
            let delay = Duration::try_from_secs_f64(*seconds).unwrap_or_default();
            tokio::time::sleep(delay).await;
        }
    }
    if let Some(answer) = reply::instead(&faults) {
        return answer;
    }
    let right = work(&faults);
    reply::spoilt(&right, &shared.behaviour, &faults)
}

impl Shared {
    /// Counts a call and takes the faults that apply to it.
    fn begin(&self, occasion: Occasion, parameters: &Parameters) -> Vec<Fault> {
        let mut state = self.state();
        let now = state.clock.now();
        let calls = if parameters.text("apikey") == self.api_key {
            &mut state.calls
        } else {
            &mut state.wrong_key_calls
        };
        match occasion {
            Occasion::Check => calls.count_check(now, parameters.text("invid").parse().ok()),
            _ => calls.count_create(),
        }
        state.faults.take(occasion)
    }

    fn create(&self, parameters: &Parameters, faults: &[Fault]) -> Reply {
        if parameters.text("do") != "create-invoice" {
            return self.refuse("what we do for you?");
        }
        if let Some(refusal) = self.refusal(parameters, faults) {
            return refusal;
        }
        let number = parameters.text("cliTrxNumber");
        if number.is_empty() {
            return self.refuse("transcation number is empty");
        }
        let longest = self.behaviour.longest_number.min(Behaviour::MAX_NUMBER_CHARS);
        if !is_transaction_number(number, longest) {
            return self.refuse(&format!(
                "expected cliTrxNumber as 1 to {longest} printable ASCII characters \
                 without a space at either end, found another text"
            ));
        }
        let Some(amount) = whole_rupiah(parameters.text("cliTrxAmount")) else {
            return self.refuse("invalid amount");
        };
        let tip = match (parameters.text("useTip"), self.behaviour.absent_tip) {
            ("no", _) => Tip::None,
            ("yes", _) | (_, AbsentTip::Tip) => Tip::Ask,
            (_, AbsentTip::NoTip) => Tip::None,
            (_, AbsentTip::Refused) => {
                return self.refuse("expected useTip as yes or no, found another");
            }
        };
        let earlier = self.state().invoices.first_of_number(number).cloned();
        let invoice = match (earlier, self.behaviour.repeated_number) {
            (Some(_), RepeatedNumber::Refused) => {
                return self.refuse("transaction number already used");
            }
            (Some(first), RepeatedNumber::SameInvoice) if first.amount == amount => Ok(first),
            _ => self.add_invoice(number, amount, tip, faults),
        };
        let invoice = match invoice {
            Ok(invoice) => invoice,
            Err(error) => return self.refuse(&format!("the sandbox cannot write the QR: {error}")),
        };
        let is_number = self.behaviour.ids == IdKind::Number || faults.contains(&Fault::NumericId);
        let id =
            if is_number { InvoiceId::Number(invoice.id) } else { InvoiceId::Text(invoice.id) };
        let failed = faults.contains(&Fault::FailedWithInvoice);
        Reply {
            status: if failed { "failed" } else { "success" },
            bad_bytes: false,
            data: Data::Invoice {
                qris_content: invoice.content,
                qris_request_date: api_text(invoice.requested_at),
                qris_invoiceid: id,
                qris_nmid: invoice.nmid,
            },
        }
    }

    fn check(&self, parameters: &Parameters, faults: &[Fault]) -> Reply {
        if let Some(refusal) = self.refused_check(parameters, faults) {
            return refusal;
        }
        match self.payment_asked_for(parameters) {
            Some(payment) => {
                let data = Data::Paid {
                    qris_status: "paid",
                    qris_payment_customername: customer_name(&payment),
                    qris_payment_methodby: payment.payer.method.clone(),
                    qris_paid_date: api_text(payment.at),
                };
                Reply { status: "success", data, bad_bytes: payment.bad_bytes }
            }
            None => Reply::failed("failed", Data::Status { qris_status: UNPAID.to_owned() }),
        }
    }

    /// Why a check is refused.
    fn refused_check(&self, parameters: &Parameters, faults: &[Fault]) -> Option<Reply> {
        let Behaviour { check_action, time_in_date, .. } = self.behaviour;
        if check_action == CheckAction::Refused && parameters.text("do") != "checkStatus" {
            return Some(self.refuse("what we do for you?"));
        }
        if let Some(refusal) = self.refusal(parameters, faults) {
            return Some(refusal);
        }
        if parameters.text("invid").is_empty() {
            let data = Data::Nothing([]);
            return Some(Reply::failed("failed, Invoice ID is empty", data));
        }
        if time_in_date == TimeInDate::Refused && !is_date(parameters.text("trxdate")) {
            return Some(self.refuse("expected trxdate as YYYY-MM-DD, found another"));
        }
        None
    }

    /// A refusal in the documented format, or in the configured one.
    fn refuse(&self, words: &str) -> Reply {
        let flat = match self.behaviour.refusals {
            RefusalShape::Documented => words == "invalid amount",
            RefusalShape::Text => true,
            RefusalShape::Object => false,
        };
        let words = words.to_owned();
        let data = if flat { Data::Words(words) } else { Data::Status { qris_status: words } };
        Reply::failed("failed", data)
    }

    /// Why either call is refused.
    fn refusal(&self, parameters: &Parameters, faults: &[Fault]) -> Option<Reply> {
        if parameters.text("apikey") != self.api_key {
            return Some(self.refuse("invalid apikey"));
        }
        if parameters.text("mID") != self.merchant_id {
            return Some(self.refuse("invalid mID"));
        }
        faults.iter().find_map(|fault| match fault {
            Fault::Refuse { words } => Some(self.refuse(words)),
            _ => None,
        })
    }

    /// Creates an invoice whose QR is right except for these faults.
    fn add_invoice(
        &self,
        number: &str,
        amount: u64,
        tip: Tip,
        faults: &[Fault],
    ) -> Result<Invoice, qris_codec::Error> {
        let mut state = self.state();
        let requested_at = state.clock.now();
        let id = state.invoices.reserve_id();
        let merchant =
            if faults.contains(&Fault::OtherMerchant) { OTHER_MERCHANT } else { MERCHANT };
        let right = Payload {
            merchant,
            initiation: Initiation::Dynamic,
            amount,
            currency: "360",
            tip,
            fee: None,
            reference: id,
        };
        let invoice = Invoice {
            id,
            number: number.to_owned(),
            amount,
            tip,
            content: content(right, faults, &state.invoices)?,
            nmid: merchant.nmid,
            requested_at,
            expires_at: later(requested_at, self.validity),
            payment: None,
        };
        state.invoices.add(invoice.clone());
        Ok(invoice)
    }

    /// The payment of the invoice that a check names. Number, amount and day must match.
    fn payment_asked_for(&self, parameters: &Parameters) -> Option<Received> {
        let state = self.state();
        let invoice = state.invoices.find(parameters.text("invid").parse().ok()?)?;
        let payment = invoice.payment.as_ref()?;
        let Behaviour { check_date, time_in_date, check_amount, .. } = self.behaviour;
        let text = parameters.text("trxdate");
        let asked = match time_in_date {
            TimeInDate::Ignored => date_part(text),
            TimeInDate::Unpaid | TimeInDate::Refused => date_part(text).filter(|_| is_date(text)),
        };
        let is_asked = |moment: Timestamp| asked == Some(WIB.to_datetime(moment).date());
        let (requested_on, paid_on) = (is_asked(invoice.requested_at), is_asked(payment.at));
        let day_is_right = match check_date {
            CheckDate::Payment => paid_on,
            CheckDate::Request => requested_on,
            CheckDate::Either => paid_on || requested_on,
            CheckDate::Ignored => true,
        };
        let amount_is_right = check_amount == CheckAmount::Ignored
            || parameters.text("trxvalue") == invoice.amount.to_string();
        let known = state.clock.now() >= payment.lands_at;
        (known && day_is_right && amount_is_right).then(|| payment.clone())
    }
}

/// The text of a QR that is right except for these faults. If there are several, the last one applies.
fn content(
    right: Payload,
    faults: &[Fault],
    earlier: &Invoices,
) -> Result<String, qris_codec::Error> {
    let mut content = right.text(Rules::Qris)?;
    for fault in faults {
        let mut wrong = right;
        match fault {
            Fault::WrongAmount => wrong.amount += 1,
            Fault::WrongCurrency => wrong.currency = "840",
            Fault::WrongNmid => wrong.merchant.nmid = OTHER_NMID,
            Fault::WrongTip => wrong.tip = right.tip.opposite(),
            Fault::FixedFee => wrong.fee = Some("5603500"),
            Fault::PercentageFee => wrong.fee = Some("57032.5"),
            Fault::StaticWithAmount => wrong.initiation = Initiation::Static,
            Fault::OtherReference => wrong.reference += 1,
            Fault::OtherSalesQr => match earlier.newest_of_amount(right.amount) {
                Some(invoice) => {
                    content.clone_from(&invoice.content);
                    continue;
                }
                None => wrong.reference -= 1,
            },
            Fault::BadChecksum => {
                let last = if content.ends_with('0') { '1' } else { '0' };
                content.pop();
                content.push(last);
                continue;
            }
            _ => continue,
        }
        // Valid by EMVCo's rules only: the national rules forbid some of these.
        content = wrong.text(Rules::Emv)?;
    }
    Ok(content)
}

/// Printable ASCII characters, at most this many, without a space at either end.
fn is_transaction_number(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && text.trim() == text
}

/// The date at the start of a text; a time may follow it.
fn date_part(text: &str) -> Option<Date> {
    let (date, rest) = text.split_at_checked("2026-11-22".len())?;
    let alone = rest.is_empty() || rest.starts_with([' ', 'T']);
    date.parse().ok().filter(|_| alone)
}

/// `YYYY-MM-DD` and nothing else.
fn is_date(text: &str) -> bool {
    date_part(text).is_some_and(|date| date.to_string() == text)
}

/// Digits without separators, from one rupiah to the limit.
fn whole_rupiah(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let amount = text.parse().ok().filter(|_| digits)?;
    (1..=MAX_TRANSACTION_RUPIAH).contains(&amount).then_some(amount)
}
