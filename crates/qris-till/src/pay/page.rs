//! The payment page as HTML. It works without the script, which only replaces parts of it.

use std::fmt::Write as _;

use qris_api::{Rupiah, WibTime};
use qris_image::{Drawing, Format};
use qris_ledger::State;
use qris_orders::Order;

use super::words::Words;
use crate::text::{clock, escape, rupiah};

/// Why a request for a code failed, as a word in the page's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    TooSoon,
    TooMany,
    Unanswered,
    Failed,
}

impl Note {
    const ALL: [Self; 4] = [Self::TooSoon, Self::TooMany, Self::Unanswered, Self::Failed];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::TooSoon => "too-soon",
            Self::TooMany => "too-many",
            Self::Unanswered => "not-checked",
            Self::Failed => "failed",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|note| note.as_str() == word)
    }

    const fn words(self, words: &Words) -> &'static str {
        match self {
            Self::TooSoon => words.too_soon,
            Self::TooMany => words.too_many,
            Self::Unanswered => words.unanswered,
            Self::Failed => words.failed,
        }
    }
}

/// The version of the page's content: a different text means a different page.
pub(super) fn version(order: &Order, now: WibTime) -> String {
    let has_rrn = order.payment.details().is_some_and(|details| details.rrn.is_some());
    let (state, codes, overpaid) = (order.state_at(now), order.invoices.len(), order.overpaid);
    format!("{state}-{codes}-{overpaid}-{}", if has_rrn { "rrn" } else { "" })
}

/// The data of a page.
pub(super) struct Page<'a> {
    pub(super) words: &'static Words,
    pub(super) order: &'a Order,
    pub(super) now: WibTime,
    pub(super) secret: &'a str,
    pub(super) shop: Option<String>,
    pub(super) note: Option<Note>,
    /// The language in the address, for the links on the page.
    pub(super) lang: Option<&'static str>,
}

impl Page<'_> {
    pub(super) fn html(&self) -> String {
        let state = self.order.state_at(self.now);
        let [heading, advice] = *self.words.state(state);
        // `payment` says more of a late payment.
        let advice = if self.order.is_paid_late() { "" } else { advice };
        // Without a button there is no advice to try again.
        let has_button = matches!(state, State::Open | State::Expired | State::Rejected);
        let note = self.note.filter(|_| has_button).map_or("", |note| note.words(self.words));
        let mut body = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            body,
            "<main>\n{}<div class=\"state state-{state}\">\n\
             <p id=\"status\" role=\"status\" tabindex=\"-1\">{heading}</p>\n</div>\n\
             <p id=\"note\" role=\"alert\">{note}</p>\n\
             <section id=\"order\" data-version=\"{}\" data-state=\"{state}\" data-offline=\"{}\" \
             aria-label=\"{heading}\">\n",
            self.bill(),
            version(self.order, self.now),
            self.words.offline,
        );
        if !advice.is_empty() {
            let _ = writeln!(body, "<p>{advice}</p>");
        }
        match state {
            State::Pending => self.code(&mut body),
            State::Paid => self.payment(&mut body),
            State::Open => self.button(&mut body, self.words.show_code),
            State::Expired => {
                self.button(&mut body, self.words.new_code);
                let _ = writeln!(body, "<p class=\"quiet\">{}</p>", self.words.already_paid);
            }
            State::Rejected => self.button(&mut body, self.words.try_again),
            State::Requested | State::Unknown | State::Cancelled => {}
        }
        if matches!(state, State::Paid | State::Expired | State::Rejected | State::Cancelled) {
            self.way_back(&mut body, state);
        }
        if state != State::Paid {
            let _ = writeln!(
                body,
                "<noscript><form method=\"get\" action=\"{}\">{}\
                 <button class=\"plain\">{}</button></form></noscript>",
                self.secret,
                self.lang.map_or(String::new(), |lang| format!(
                    "<input type=\"hidden\" name=\"lang\" value=\"{lang}\">"
                )),
                self.words.reload
            );
        }
        body.push_str("</section>\n</main>\n");
        let title = match state {
            State::Paid => format!("{heading} · {}", self.words.title),
            _ => self.words.title.to_owned(),
        };
        document(self.words, &title, Some(self.secret), &body)
    }

    /// The shop, the amount, and the description.
    fn bill(&self) -> String {
        let (words, order) = (self.words, self.order);
        let mut bill = String::from("<section id=\"bill\" class=\"card\">\n");
        let shop = self.shop.as_deref().unwrap_or(words.title);
        let _ = writeln!(bill, "<h1>{}</h1>", escape(shop));
        let _ = writeln!(bill, "<p class=\"amount\">{}</p>", rupiah(order.amount));
        if let Some(description) = &order.description {
            let _ = writeln!(bill, "<p class=\"description\">{}</p>", escape(description));
        }
        let number = escape(order.number.as_str());
        let _ = writeln!(bill, "<p class=\"quiet\">{} {number}</p>", words.number);
        if let (Some(due), false) = (order.due_at, order.state == State::Paid) {
            let _ = writeln!(bill, "<p class=\"quiet\">{} {}</p>", words.due, words.day(due));
        }
        bill.push_str("</section>\n");
        bill
    }

    fn code(&self, body: &mut String) {
        let (words, secret) = (self.words, self.secret);
        // Browsers cache pictures by address, so each code has a separate address.
        let count = self.order.invoices.len();
        let alt = format!("{} {}", words.code_for, rupiah(self.order.amount));
        let _ = writeln!(
            body,
            "<div class=\"picture\"><img src=\"{secret}/qr.svg?code={count}\" alt=\"{alt}\"></div>"
        );
        // Bank Indonesia requires the NMID beside the code.
        let nmid = self.order.invoice.as_ref().map(|invoice| invoice.qris_nmid.as_str());
        if let Some(nmid) = nmid.filter(|nmid| !nmid.is_empty()) {
            let _ = writeln!(body, "<p class=\"quiet nmid\">NMID: {}</p>", escape(nmid));
        }
        if let Some(until) = self.order.shown_until {
            let left = until.timestamp().duration_since(self.now.timestamp()).as_millis().max(0);
            let _ = writeln!(
                body,
                "<p id=\"left\" data-left=\"{left}\" data-word=\"{}\">{} {} WIB</p>",
                words.left,
                words.valid_until,
                clock(until)
            );
        }
        let lang = self.lang.map_or(String::new(), |lang| format!("&amp;lang={lang}"));
        let _ = write!(
            body,
            "<p><a class=\"button\" href=\"{secret}/qr.png?code={count}{lang}\" download>{}</a></p>\n\
             <p class=\"quiet\">{}</p>\n<p class=\"quiet\">{}</p>\n",
            words.save, words.gallery, words.scan
        );
        let content = self.order.invoice.as_ref().map(|invoice| invoice.qris_content.as_str());
        if content.is_some_and(lacks_letters) {
            let _ = writeln!(body, "<p class=\"warning\">{}</p>", words.picture_lacks);
        }
    }

    fn payment(&self, body: &mut String) {
        let (words, order) = (self.words, self.order);
        if order.is_paid_late() {
            let _ = writeln!(body, "<p class=\"warning\">{}</p>", words.paid_late);
        }
        if let Some(details) = order.payment.details() {
            if let Some(at) = details.paid_at {
                let _ = writeln!(body, "<p>{} {}</p>", words.paid_at, words.moment(at));
            }
            if let Some(rrn) = &details.rrn {
                let _ = writeln!(body, "<p>{} <b>{}</b></p>", words.rrn, escape(rrn));
            }
        }
        if order.overpaid > Rupiah::new(0) {
            let overpaid = rupiah(order.overpaid);
            let _ = writeln!(body, "<p class=\"warning\">{} {overpaid}.</p>", words.overpaid);
        }
    }

    /// The link to the shop. Before the payment it is not the main button.
    fn way_back(&self, body: &mut String, state: State) {
        let Some(url) = &self.order.return_url else { return };
        let host = url.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next());
        let class = if state == State::Paid { "button" } else { "plain" };
        let _ = writeln!(
            body,
            "<p><a class=\"{class}\" href=\"{}\" rel=\"noreferrer noopener\">{} {}</a></p>",
            escape(url),
            self.words.back_to,
            escape(host.unwrap_or_default())
        );
    }

    /// The button that requests a code.
    fn button(&self, body: &mut String, label: &str) {
        let lang = self.lang.map_or(String::new(), |lang| format!("?lang={lang}"));
        let _ = writeln!(
            body,
            "<form id=\"ask\" method=\"post\" action=\"{}/code{lang}\">\
             <button class=\"button\" data-busy=\"{}\">{label}</button></form>",
            self.secret, self.words.preparing
        );
    }
}

/// Whether the saved picture of a code leaves the shop's name out, because its font lacks letters.
fn lacks_letters(content: &str) -> bool {
    Drawing::parse(content).is_ok_and(|drawing| !drawing.omitted(Format::Png).is_empty())
}

/// A page without an order: the link is wrong, or the page cannot be shown now.
pub(super) fn refusal(words: &'static Words, heading: &str, advice: &str) -> String {
    let body = format!(
        "<main>\n<section class=\"card\">\n<h1>{heading}</h1>\n<p>{advice}</p>\n</section>\n</main>\n"
    );
    document(words, words.title, None, &body)
}

/// A whole document. `secret` is for the link to the page in the other language.
fn document(words: &Words, title: &str, secret: Option<&str>, body: &str) -> String {
    let (code, name) = words.other;
    let other = secret.map_or(String::new(), |secret| {
        format!("<a href=\"{secret}?lang={code}\" hreflang=\"{code}\" lang=\"{code}\">{name}</a>")
    });
    // Relative, because a reverse proxy may put the page below another path.
    let script = secret.map_or("", |_| "<script type=\"module\" src=\"assets/pay.js\"></script>\n");
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex, nofollow, noarchive\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"assets/pay.css\">\n{script}</head>\n<body>\n\
         <header><span class=\"brand\">QRIS</span>{other}</header>\n{body}</body>\n</html>\n",
        words.lang
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_of_four_words() {
        for note in Note::ALL {
            assert_eq!(Note::parse(note.as_str()), Some(note));
        }
        assert_eq!(Note::parse("<b>"), None);
    }
}
