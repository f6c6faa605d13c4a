//! Each route, called by each role: allowed or refused as in the table of `permissions.md`.

use std::net::SocketAddr;

use qris_ledger::{Role, TokenRole};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::people::{add_token, add_user, bearer, signed_in};
use crate::running::{get, send};
use crate::shop::{HOUR, Shop, TOKEN, with_token};

const TABLE: &str = include_str!("../../src/permissions.md");

/// A line of the table.
struct Line {
    method: &'static str,
    path: &'static str,
    least: Role,
    program: bool,
    display: bool,
}

fn lines() -> Vec<Line> {
    let rows = TABLE.lines().filter(|line| line.starts_with("| `"));
    let parse = |row: &'static str| {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let [_, method, path, least, program, display, _] = cells[..] else {
            panic!("another table: {row}");
        };
        let least = least.parse().expect("a role");
        Line { method, path, least, program: program == "yes", display: display == "yes" }
    };
    rows.map(parse).collect()
}

/// The first line of the answer, because streams do not end.
async fn status(at: SocketAddr, line: &Line, headers: &str) -> u16 {
    let path = line
        .path
        .replace("{number}", "NONE")
        .replace("{id}", "0")
        .replace("{till}", "main")
        .replace("{key}", "NONE");
    let query = if path == "/api/stream" { "?counter=main" } else { "" };
    let mut stream = TcpStream::connect(at).await.expect("a connection");
    let request = format!(
        "{} {path}{query} HTTP/1.1\r\nHost: {at}\r\n{headers}Content-Type: application/json\r\n\
         Content-Length: 2\r\n\r\n{{}}",
        line.method
    );
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut start = [0; 12];
    stream.read_exact(&mut start).await.expect("an answer");
    let text = String::from_utf8_lossy(&start);
    text.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_route_lets_in_the_roles_of_the_table_and_refuses_the_others() {
    let shop = Shop::with(HOUR, with_token).await;
    let at = shop.at();
    add_user(&shop, "Kasir", Role::Cashier, "480615");
    add_user(&shop, "Penyelia", Role::Supervisor, "739104");
    add_user(&shop, "Pemilik", Role::Owner, "628401");
    let program = bearer(&add_token(&shop, "erp", TokenRole::Program, None));
    let display = bearer(&add_token(&shop, "layar", TokenRole::Display, None));
    let people = [
        (Role::Cashier, signed_in(at, "Kasir", "480615").await),
        (Role::Supervisor, signed_in(at, "Penyelia", "739104").await),
        (Role::Owner, signed_in(at, "Pemilik", "628401").await),
    ];
    let lines = lines();
    assert!(lines.len() > 40, "{}", lines.len());
    for line in &lines {
        let what = format!("{} {}", line.method, line.path);
        let ends_a_session = line.method == "DELETE" && line.path == "/api/session";
        let mut expected = vec![
            ("nobody", String::new(), 401),
            ("program", program.clone(), if line.program { 200 } else { 403 }),
            ("display", display.clone(), if line.display { 200 } else { 403 }),
            ("owner's token", bearer(TOKEN), 200),
        ];
        for (role, cookie) in &people {
            // Signing out is called with tokens, which it does not revoke.
            if !ends_a_session {
                let status = if *role >= line.least { 200 } else { 403 };
                expected.push((role.as_str(), cookie.clone(), status));
            }
        }
        for (who, headers, expected) in expected {
            let found = status(at, line, &headers).await;
            match expected {
                200 => assert!(![401, 403].contains(&found), "{what} as {who}: {found}"),
                refused => assert_eq!(found, refused, "{what} as {who}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_a_role_does_not_reach_asks_for_somebody_else() {
    let shop = Shop::with(HOUR, with_token).await;
    add_user(&shop, "Siti", Role::Cashier, "480615");
    let siti = signed_in(shop.at(), "Siti", "480615").await;
    let refused = send(shop.at(), "GET", "/report", &siti, "").await.unwrap();
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("name=\"pin\""), "a page that asks who it is");
    assert!(refused.body.contains("id=\"another\">"), "it says why");
    let nobody = get(shop.at(), "/report").await;
    assert_eq!(nobody.status, 401);
    assert!(nobody.body.contains("id=\"another\" hidden"), "{}", nobody.body);
    let refused = send(shop.at(), "GET", "/api/report", &siti, "").await.unwrap();
    assert_eq!(refused.json(403)["error"], "forbidden");
}
