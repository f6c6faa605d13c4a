//! The questions of a probe, in the order of its page.

/// Lists the questions once: variant, stable id, text.
macro_rules! questions {
    ($($(#[$about:meta])* $variant:ident = $id:literal, $words:literal;)+) => {
        /// A question about the account.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Question {
            $($(#[$about])* $variant,)+
        }

        impl Question {
            /// All questions, in the order of the page.
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// A stable word for programs.
            pub(super) const fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }

            /// The question in words.
            pub(super) const fn words(self) -> &'static str {
                match self {
                    $(Self::$variant => $words,)+
                }
            }
        }
    };
}

questions! {
    ServerClock = "server-clock", "How far is this machine's clock from the server's?";
    ReplyTime = "reply-time", "How long do answers take?";
    Surroundings = "surroundings", "What is around the JSON of answers?";
    ContentType = "content-type", "Which Content-Type do answers have?";
    CreateForm = "create-form", "What is the form of the answer to a create call?";
    UnpaidForm = "unpaid-form", "What is the form of the answer for an unpaid invoice?";
    PaidForm = "paid-form", "What is the form of the answer for a paid invoice?";
    RefusedAction = "refused-action", "What is the answer to a create call with another `do`?";
    RefusedAmount = "refused-amount", "What is the answer to a create call with Rp0?";
    RefusedInvoice = "refused-invoice", "What is the answer to a check without an invoice?";
    RefusalStatus = "refusal-status", "Which HTTP status do refusals have?";
    RefusalShape = "refusal-shape", "Which shape do refusals have?";
    InvoiceIdKind = "invoice-id-kind", "Is qris_invoiceid a text or a number?";
    RequestDate = "request-date", "Is qris_request_date in WIB?";
    QrInitiation = "qr-initiation", "Is the QR dynamic (01 = 12)?";
    QrAmount = "qr-amount", "Is the amount in the QR (54) the requested one?";
    QrNmid = "qr-nmid", "Is the NMID in the QR (51.02) the one in the answer?";
    QrReference = "qr-reference", "Is the reference in the QR (62.05) the invoice's id?";
    QrRules = "qr-rules", "Does the QR follow the national rules?";
    TipNo = "tip-no", "What is the tip indicator (55) with useTip=no?";
    TipAbsent = "tip-absent", "What is the tip indicator (55) without useTip?";
    TipYes = "tip-yes", "What is the tip indicator (55) with useTip=yes?";
    RepeatedNumber = "repeated-number", "What is the answer to a create call with a used number?";
    LongNumber = "long-number", "Is a transaction number of 64 characters accepted?";
    OtherInvoicePaid = "other-invoice-paid",
        "If one of two invoices with the same number is paid, does a check say that the other is paid too?";
    PaymentDelay = "payment-delay", "How long after the payment does a check say paid?";
    WrongDate = "wrong-date", "Does a check with another trxdate still say paid?";
    TimeInDate = "time-in-date", "Does a check with a time after the date still say paid?";
    WrongAmount = "wrong-amount", "Does a check with another trxvalue still say paid?";
    OtherAction = "other-action", "Does a check with another `do` still say paid?";
    Webhook = "webhook", "Does a webhook arrive?";
    WebhookDelay = "webhook-delay", "How long after the payment does the webhook arrive?";
    WebhookForm = "webhook-form", "What is the form of the webhook?";
    WebhookStatus = "webhook-status", "Which word does the webhook have as qris_status?";
    WebhookNote = "webhook-note", "What is in the note of the webhook?";
    WebhookRrn = "webhook-rrn", "Does the webhook have an rrn?";
    WebhookRepeats = "webhook-repeats", "Is a webhook that was answered with 200 sent again?";
    PortalId = "portal-id", "Is idinv in the merchant's portal the qris_invoiceid?";
    UnpaidAfter30 = "unpaid-after-30", "What does a check say about an unpaid invoice after 31 minutes?";
    UnpaidAfter60 = "unpaid-after-60", "What does a check say about an unpaid invoice after 61 minutes?";
}
