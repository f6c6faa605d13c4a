//! The table of permissions. `permissions.md` explains it.

use qris_ledger::{Role, TokenRole};

/// The permissions for one method and path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Permission {
    method: &'static str,
    path: &'static str,
    /// The minimum role of a person.
    least: Role,
    program: bool,
    display: bool,
}

const fn people(method: &'static str, path: &'static str, least: Role) -> Permission {
    Permission { method, path, least, program: false, display: false }
}

const fn programs(method: &'static str, path: &'static str, least: Role) -> Permission {
    Permission { program: true, ..people(method, path, least) }
}

const fn displays(method: &'static str, path: &'static str, least: Role) -> Permission {
    Permission { display: true, ..people(method, path, least) }
}

const fn all(method: &'static str, path: &'static str, least: Role) -> Permission {
    Permission { display: true, ..programs(method, path, least) }
}

/// Every route with authentication. A route that is not here is for owners only.
const PERMISSIONS: &[Permission] = &[
    people("GET", "/", Role::Cashier),
    people("GET", "/bills", Role::Supervisor),
    displays("GET", "/display", Role::Cashier),
    people("GET", "/kiosk", Role::Cashier),
    people("GET", "/report", Role::Supervisor),
    people("GET", "/settlement", Role::Supervisor),
    people("GET", "/shift", Role::Cashier),
    programs("GET", "/api/attention", Role::Cashier),
    programs("GET", "/api/bills", Role::Supervisor),
    all("GET", "/api/counters/{till}", Role::Cashier),
    programs("PUT", "/api/counters/{till}", Role::Cashier),
    programs("GET", "/api/deliveries", Role::Owner),
    programs("GET", "/api/deliveries/{id}", Role::Owner),
    programs("POST", "/api/deliveries/{id}/redeliver", Role::Owner),
    programs("GET", "/api/endpoints", Role::Owner),
    programs("POST", "/api/endpoints", Role::Owner),
    programs("GET", "/api/endpoints/{id}", Role::Owner),
    programs("DELETE", "/api/endpoints/{id}", Role::Owner),
    programs("POST", "/api/endpoints/{id}/disable", Role::Owner),
    programs("POST", "/api/endpoints/{id}/enable", Role::Owner),
    programs("POST", "/api/endpoints/{id}/rotate", Role::Owner),
    programs("GET", "/api/events", Role::Supervisor),
    programs("GET", "/api/orders", Role::Cashier),
    programs("POST", "/api/orders", Role::Cashier),
    all("GET", "/api/orders/{number}", Role::Cashier),
    programs("POST", "/api/orders/{number}/acknowledge", Role::Cashier),
    programs("POST", "/api/orders/{number}/cancel", Role::Cashier),
    programs("POST", "/api/orders/{number}/check", Role::Cashier),
    programs("GET", "/api/orders/{number}/events", Role::Cashier),
    programs("POST", "/api/orders/{number}/print", Role::Cashier),
    programs("GET", "/api/orders/{number}/qr.escpos", Role::Cashier),
    all("GET", "/api/orders/{number}/qr.png", Role::Cashier),
    all("GET", "/api/orders/{number}/qr.svg", Role::Cashier),
    programs("GET", "/api/orders/{number}/receipt.escpos", Role::Cashier),
    programs("GET", "/api/orders/{number}/receipt.html", Role::Cashier),
    programs("GET", "/api/orders/{number}/receipt.txt", Role::Cashier),
    programs("POST", "/api/orders/{number}/renew", Role::Cashier),
    programs("POST", "/api/orders/{number}/resolve", Role::Supervisor),
    programs("GET", "/api/orders/{number}/story", Role::Cashier),
    programs("GET", "/api/plans", Role::Supervisor),
    programs("POST", "/api/plans", Role::Owner),
    programs("GET", "/api/plans/{id}", Role::Supervisor),
    programs("PATCH", "/api/plans/{id}", Role::Owner),
    programs("POST", "/api/plans/{id}/end", Role::Owner),
    programs("POST", "/api/plans/{id}/pause", Role::Owner),
    programs("POST", "/api/plans/{id}/resume", Role::Owner),
    programs("GET", "/api/printers", Role::Cashier),
    programs("GET", "/api/receipts/{code}", Role::Cashier),
    programs("GET", "/api/report", Role::Supervisor),
    all("GET", "/api/session", Role::Cashier),
    all("DELETE", "/api/session", Role::Cashier),
    programs("GET", "/api/settlements", Role::Supervisor),
    programs("POST", "/api/settlements", Role::Owner),
    programs("POST", "/api/settlements/{key}/book", Role::Owner),
    programs("GET", "/api/shifts", Role::Cashier),
    programs("POST", "/api/shifts", Role::Cashier),
    programs("GET", "/api/shifts/{id}", Role::Cashier),
    programs("POST", "/api/shifts/{id}/close", Role::Cashier),
    programs("GET", "/api/shifts/{id}/report.html", Role::Cashier),
    programs("GET", "/api/shifts/{id}/report.txt", Role::Cashier),
    all("GET", "/api/stream", Role::Cashier),
    programs("POST", "/api/tickets", Role::Cashier),
    programs("GET", "/api/webhooks/unbooked", Role::Supervisor),
    programs("GET", "/metrics", Role::Owner),
    programs("GET", "/openapi.json", Role::Cashier),
];

impl Permission {
    /// Whether a person's role, or else a token's role, allows it.
    pub(crate) fn is_for(&self, who: Result<Role, TokenRole>) -> bool {
        match who {
            Ok(role) => role >= self.least,
            Err(TokenRole::Program) => self.program,
            Err(TokenRole::Display) => self.display,
        }
    }
}

/// Whether this role sees full names of payers. Other roles see masked names.
pub(crate) fn sees_payers(who: Result<Role, TokenRole>) -> bool {
    match who {
        Ok(role) => role >= Role::Supervisor,
        Err(role) => role == TokenRole::Program,
    }
}

/// The permissions of a request; `None` if method and path are not in the table.
pub(crate) fn find(method: &str, path: &str) -> Option<&'static Permission> {
    // HEAD is GET without the body.
    let method = if method == "HEAD" { "GET" } else { method };
    PERMISSIONS.iter().find(|one| one.method == method && one.path == path)
}

/// The methods of a path, as in the header `Allow`. Empty for a path that is not in the table.
pub(crate) fn methods(path: &str) -> String {
    let methods = PERMISSIONS.iter().filter(|one| one.path == path).map(|one| match one.method {
        "GET" => "GET,HEAD",
        method => method,
    });
    methods.collect::<Vec<_>>().join(",")
}

/// Whether a path needs no authentication, or has its own secret.
pub(crate) fn is_open(method: &str, path: &str) -> bool {
    path.starts_with("/webhook/")
        || path.starts_with("/assets/")
        || matches!(path, "/login" | "/healthz" | "/readyz")
        || (method == "POST" && path == "/api/session")
}

#[cfg(test)]
pub(crate) fn documented() -> &'static str {
    include_str!("permissions.md")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_in_words_is_the_one_in_code() {
        let word = |yes: bool| if yes { "yes" } else { "no" };
        let line = |one: &Permission| {
            let Permission { method, path, least, program, display } = one;
            format!("| `{method}` | `{path}` | {least} | {} | {} |", word(*program), word(*display))
        };
        let lines: Vec<String> = PERMISSIONS.iter().map(line).collect();
        let found: Vec<&str> =
            documented().lines().filter(|line| line.starts_with("| `")).collect();
        assert_eq!(found, lines, "left: permissions.md, right: permissions.rs");
    }

    #[test]
    fn the_roles_of_the_table_see_full_names_of_payers_and_the_others_masked_ones() {
        let shown = |who: &str| {
            let line = documented().lines().find(|line| line.starts_with(&format!("| {who} | ")));
            line.expect("a line").ends_with("| full |")
        };
        for role in [Role::Cashier, Role::Supervisor, Role::Owner] {
            assert_eq!(sees_payers(Ok(role)), shown(role.as_str()), "{role}");
        }
        for role in [TokenRole::Program, TokenRole::Display] {
            assert_eq!(sees_payers(Err(role)), shown(role.as_str()), "{role}");
        }
    }

    #[test]
    fn no_display_may_change_anything_but_end_its_session() {
        for one in PERMISSIONS.iter().filter(|one| one.display && one.method != "GET") {
            assert_eq!((one.method, one.path), ("DELETE", "/api/session"));
        }
    }
}
