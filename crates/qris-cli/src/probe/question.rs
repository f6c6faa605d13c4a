//! The questions of a probe, in the order of its page.

/// Lists the questions once: variant, stable id, words.
macro_rules! questions {
    ($($(#[$about:meta])* $variant:ident = $id:literal, $words:literal;)+) => {
        /// A question about the account.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Question {
            $($(#[$about])* $variant,)+
        }

        impl Question {
            /// All of them, in the order of the page.
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
    Surroundings = "surroundings", "What stands around the JSON of answers?";
    ContentType = "content-type", "Which Content-Type do answers have?";
    CreateForm = "create-form", "How is the answer to a create made?";
    UnpaidForm = "unpaid-form", "How is the answer about an unpaid invoice made?";
    PaidForm = "paid-form", "How is the answer about a paid invoice made?";
    RefusedAction = "refused-action", "What does a create with another `do` get?";
    RefusedAmount = "refused-amount", "What does a create of Rp0 get?";
    RefusedInvoice = "refused-invoice", "What does a check without an invoice get?";
    RefusalStatus = "refusal-status", "Which HTTP status do refusals have?";
    RefusalShape = "refusal-shape", "Which shape do refusals have?";
    InvoiceIdKind = "invoice-id-kind", "Is qris_invoiceid a text or a number?";
    RequestDate = "request-date", "Is qris_request_date in WIB?";
    QrInitiation = "qr-initiation", "Is the QR dynamic (01 = 12)?";
    QrAmount = "qr-amount", "Is the amount in the QR (54) the one asked for?";
    QrNmid = "qr-nmid", "Is the NMID in the QR (51.02) the one of the answer?";
    QrReference = "qr-reference", "Is the reference in the QR (62.05) the invoice's id?";
    QrRules = "qr-rules", "Does the QR keep the national rules?";
    TipNo = "tip-no", "What is the tip indicator (55) with useTip=no?";
    TipAbsent = "tip-absent", "What is the tip indicator (55) without useTip?";
    TipYes = "tip-yes", "What is the tip indicator (55) with useTip=yes?";
    RepeatedNumber = "repeated-number", "What does a create with a number that was used before get?";
    LongNumber = "long-number", "Is a transaction number of 64 characters taken?";
    OtherInvoicePaid = "other-invoice-paid",
        "When one of two invoices of a number is paid, does a check call the other paid?";
    PaymentDelay = "payment-delay", "How long after the payment does a check say paid?";
    WrongDate = "wrong-date", "Does a check with another trxdate still say paid?";
    TimeInDate = "time-in-date", "Does a check with a time after the date still say paid?";
    WrongAmount = "wrong-amount", "Does a check with another trxvalue still say paid?";
    OtherAction = "other-action", "Does a check with another `do` still say paid?";
    Webhook = "webhook", "Does a webhook come?";
    WebhookDelay = "webhook-delay", "How long after the payment does the webhook come?";
    WebhookForm = "webhook-form", "How is the webhook made?";
    WebhookStatus = "webhook-status", "Which word does the webhook have as qris_status?";
    WebhookNote = "webhook-note", "What is in the note of the webhook?";
    WebhookRrn = "webhook-rrn", "Does the webhook have an rrn?";
    WebhookRepeats = "webhook-repeats", "Is a webhook that was answered with 200 sent again?";
    PortalId = "portal-id", "Is idinv in the merchant's portal the qris_invoiceid?";
    UnpaidAfter30 = "unpaid-after-30", "What does a check say of an unpaid invoice after 31 minutes?";
    UnpaidAfter60 = "unpaid-after-60", "What does a check say of an unpaid invoice after 61 minutes?";
}
