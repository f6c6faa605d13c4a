//! The content of an invoice's QR.

use qris_api::probe::{Created, Reply};
use qris_api::{Invoice, WibTime};
use qris_codec::{Amount, Path, Payload, Rules};

use super::page::Fact;
use super::question::Question;
use super::session::Session;

impl Session {
    /// Notes the tip indicator of a new QR.
    pub(super) fn note_tip(
        &mut self,
        question: Question,
        answered: Result<Reply<Created>, String>,
    ) -> Option<Invoice> {
        let reply = match answered {
            Ok(reply) => reply,
            Err(why) => {
                self.page.note(question, Fact::not_seen(why));
                return None;
            }
        };
        let (fact, invoice) = match reply.answer {
            Ok(Created::Invoice { invoice, .. }) => {
                let payload = Payload::parse(&invoice.qris_content).ok();
                let indicator = payload.and_then(|payload| get(payload, "55"));
                let (answer, seen) = match indicator {
                    None => ("no-tip", "55 is absent".to_owned()),
                    Some("01") => ("tip", "55 is 01: the payer's app asks".to_owned()),
                    Some("02") => ("fixed-fee", "55 is 02: the QR adds a fixed fee".to_owned()),
                    Some("03") => ("percentage", "55 is 03: the QR adds a percentage".to_owned()),
                    Some(_) => ("another", "55 is none of 01, 02 and 03".to_owned()),
                };
                (Fact::seen(answer, seen), Some(invoice))
            }
            Ok(Created::Refused(reason)) => (Fact::seen("refused", reason.to_string()), None),
            Ok(_) => (Fact::seen("unknown", String::new()), None),
            Err(defect) => (Fact::seen("unreadable", defect.to_string()), None),
        };
        let setting = "none: the toolkit always sends useTip, and checks 55";
        self.page.note(question, fact.with_setting(setting));
        invoice
    }

    /// Compares `qris_request_date`, read as WIB, with the server's clock.
    pub(super) fn note_request_date(&mut self, invoice: &Invoice, server_time: WibTime) {
        let asked = invoice.qris_request_date.timestamp();
        let off = server_time.timestamp().duration_until(asked).as_secs();
        let fact = match off {
            -60..=60 => Fact::seen("wib", format!("{off} s from the server's clock"))
                .with_setting("none: the toolkit reads it as WIB"),
            _ => Fact::seen("another", format!("{off} s from the server's clock, read as WIB"))
                .with_setting("report it as an issue: the age of invoices goes by it"),
        };
        self.page.note(Question::RequestDate, fact);
    }

    /// Notes the content of the QR to pay.
    pub(super) fn note_qr(&mut self, invoice: &Invoice) {
        let questions = [
            Question::QrInitiation,
            Question::QrAmount,
            Question::QrNmid,
            Question::QrReference,
            Question::QrRules,
        ];
        let Ok(payload) = Payload::parse(&invoice.qris_content) else {
            self.not_seen(&questions, "the QR has a wrong structure or checksum");
            return;
        };
        let id = invoice.qris_invoiceid.to_string();
        let initiation = get(payload, "01");
        let asked = get(payload, "54");
        let same_amount = payload.amount() == Some(Ok(Amount::rupiah(invoice.amount.get())));
        let nmid = get(payload, "51.02");
        let reference = get(payload, "62.05");
        let is_same = |same: bool| if same { "yes" } else { "no" };
        let report = "report it as an issue: the toolkit does not show such a code";
        let note = |question, same, seen: String, right: String| {
            let setting = if same { right } else { report.to_owned() };
            (question, Fact::seen(is_same(same), seen).with_setting(setting))
        };
        let or_absent = |value: Option<&str>| value.unwrap_or("absent").to_owned();
        let facts = [
            note(
                Question::QrInitiation,
                initiation == Some("12"),
                format!("01 is {}", or_absent(initiation)),
                "none".to_owned(),
            ),
            note(
                Question::QrAmount,
                same_amount,
                format!("54 is {}", or_absent(asked)),
                "none".to_owned(),
            ),
            note(
                Question::QrNmid,
                nmid == Some(&invoice.qris_nmid),
                format!("51.02 is {}", or_absent(nmid)),
                format!("nmid = \"{}\"", invoice.qris_nmid),
            ),
            (
                Question::QrReference,
                Fact::seen(
                    is_same(reference == Some(&id)),
                    match reference {
                        Some(reference) if reference == id => "62.05 is the id",
                        Some(_) => "62.05 is another text",
                        None => "62.05 is absent",
                    },
                )
                .with_setting("none: another text is only a warning"),
            ),
        ];
        for (question, fact) in facts {
            self.page.note(question, fact);
        }
        let mut codes: Vec<String> =
            payload.findings(Rules::Qris).map(|finding| finding.code().to_owned()).collect();
        codes.sort();
        codes.dedup();
        let seen = if codes.is_empty() { "no findings".to_owned() } else { codes.join(", ") };
        let verdict = payload.verdict(Rules::Qris).as_str();
        self.page.note(Question::QrRules, Fact::seen(verdict, seen));
    }
}

/// The value of an object of the payload.
fn get<'a>(payload: Payload<'a>, path: &str) -> Option<&'a str> {
    payload.get(path.parse::<Path>().ok()?)
}
