//! Metrics in the text format of Prometheus.

use std::fmt::Write as _;

use qris_orders::{Count, Counters};

/// Counters of the HTTP side of this process since its start.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) webhooks_refused: Count,
    pub(crate) logins_wrong: Count,
    pub(crate) logins_too_many: Count,
    pub(crate) connections_too_slow: Count,
    pub(crate) connections_crowded_out: Count,
    pub(crate) connections_refused: Count,
    pub(crate) deliveries_taken: Count,
    pub(crate) deliveries_failed: Count,
    pub(crate) deliveries_given_up: Count,
}

/// Values from elsewhere.
#[derive(Debug)]
pub(crate) struct Gauges {
    pub(crate) watchers: usize,
    pub(crate) waiting: usize,
    pub(crate) connections: usize,
    pub(crate) set_aside: usize,
    pub(crate) queries: u64,
}

impl Metrics {
    pub(crate) fn text(&self, orders: &Counters, gauges: &Gauges) -> String {
        let charges: &[(&str, &Count)] = &[
            ("created", &orders.charges_created),
            ("repeated", &orders.charges_repeated),
            ("refused", &orders.charges_refused),
            ("unknown", &orders.charges_unknown),
        ];
        let checks: &[(&str, &Count)] = &[
            ("paid", &orders.checks_paid),
            ("unpaid", &orders.checks_unpaid),
            ("failed", &orders.checks_failed),
        ];
        let webhooks: &[(&str, &Count)] = &[
            ("taken", &orders.webhooks_taken),
            ("refused", &self.webhooks_refused),
            ("unbooked", &orders.webhooks_unbooked),
        ];
        let logins: &[(&str, &Count)] =
            &[("wrong", &self.logins_wrong), ("too-many", &self.logins_too_many)];
        let closed: &[(&str, &Count)] = &[
            ("too-slow", &self.connections_too_slow),
            ("crowded-out", &self.connections_crowded_out),
            ("refused", &self.connections_refused),
        ];
        let deliveries: &[(&str, &Count)] = &[
            ("taken", &self.deliveries_taken),
            ("failed", &self.deliveries_failed),
            ("given-up", &self.deliveries_given_up),
        ];
        let mut text = String::new();
        for (name, help, label, counts) in [
            ("qris_charges_total", "Charges by outcome.", "outcome", charges),
            ("qris_checks_total", "Checks by answer.", "outcome", checks),
            ("qris_webhooks_total", "Received webhooks.", "outcome", webhooks),
            (
                "qris_logins_refused_total",
                "Wrong tokens and PINs, including webhook tokens.",
                "outcome",
                logins,
            ),
            ("qris_deliveries_total", "Tries to deliver an event.", "outcome", deliveries),
            ("qris_connections_closed_total", "Connections closed by the till.", "reason", closed),
        ] {
            family(&mut text, name, help, label, counts);
        }
        let (settled, overpaid) = (orders.settled.value(), orders.overpaid.value());
        let (expired, failed) = (orders.expired.value(), orders.ledger_failed.value());
        for (name, help, count) in [
            ("qris_settled_total", "Payments recorded by this process.", settled),
            ("qris_overpaid_total", "Payments of a second code of one order.", overpaid),
            ("qris_expired_total", "Invoices that this process saw expire.", expired),
            ("qris_books_failed_total", "Steps that failed because of the database.", failed),
            ("qris_queries_total", "Database statements.", gauges.queries),
        ] {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {count}");
        }
        for (name, help, value) in [
            ("qris_watchers", "Open streams of events.", gauges.watchers),
            ("qris_waiting", "Requests that wait for a change of state.", gauges.waiting),
            ("qris_connections", "Open connections, including streams.", gauges.connections),
            ("qris_rows_set_aside", "Invalid rows that are skipped.", gauges.set_aside),
        ] {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
        }
        text
    }
}

fn family(text: &mut String, name: &str, help: &str, label: &str, counts: &[(&str, &Count)]) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
    for (word, count) in counts {
        let _ = writeln!(text, "{name}{{{label}=\"{word}\"}} {}", count.value());
    }
}
