//! `openapi.json` is correct: the till accepts what it names, refuses everything else, and each answer matches
//! its schema.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::running::{Answer, charge, get, post, reaches, send};
use crate::shop::{HOUR, Shop};

/// The document, with references resolved.
struct Document(Value);

impl Document {
    async fn of(till: SocketAddr) -> Self {
        Self(get(till, "/openapi.json").await.json(200))
    }

    fn resolve<'a>(&'a self, part: &'a Value) -> &'a Value {
        match part["$ref"].as_str() {
            Some(target) => self.0.pointer(&target[1..]).expect("the target of a reference"),
            None => part,
        }
    }

    /// Each operation: its path, its method and its description.
    fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().expect("paths").iter();
        paths.flat_map(|(path, item)| {
            let methods = item.as_object().expect("methods").iter();
            methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
    }

    fn query_parameters<'a>(&'a self, operation: &'a Value) -> Vec<(&'a str, &'a Value)> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let parameters = parameters.map(|parameter| self.resolve(parameter));
        let query = parameters.filter(|parameter| parameter["in"] == "query");
        query
            .map(|it| (it["name"].as_str().expect("a name"), self.resolve(&it["schema"])))
            .collect()
    }
}

/// The path of an operation for the order of these tests.
fn filled(path: &str) -> String {
    path.replace("{number}", "INV-1")
        .replace("{till}", "K1")
        .replace("{id}", "1")
        .replace("{code}", "0000-0000")
        .replace("{key}", "id%3AT-1")
}

/// Sends a request and reads the status and the body by its stated length, because a stream does not end.
async fn head(till: SocketAddr, method: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(till).await.expect("a connection");
    let request = format!(
        "{} {path} HTTP/1.1\r\nHost: {till}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        method.to_uppercase()
    );
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut text = String::new();
    while !text.contains("\r\n\r\n") || text.starts_with("HTTP/1.1 4") {
        let mut buffer = [0; 4096];
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut buffer));
        match read.await.expect("an answer within 20 s").expect("bytes") {
            0 => break,
            count => text.push_str(&String::from_utf8_lossy(&buffer[..count])),
        }
    }
    let status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
    (status, text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

/// The other parameters that a parameter requires.
fn beside(name: &str) -> &'static str {
    match name {
        "wait" => "&while=rejected",
        "while" => "&wait=0",
        _ => "",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_query_parameter_is_taken_within_its_bounds_and_refused_beyond_them() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    charge(shop.at(), "INV-1", 25_578).await.json(201);
    let document = Document::of(shop.at()).await;
    let mut tried = 0;
    for (path, method, operation) in document.operations() {
        if !path.starts_with("/api/") {
            continue;
        }
        let refused = async |query: String, status: u16, word: &str| {
            let target = format!("{}?{query}", filled(path));
            let (found, body) = head(shop.at(), method, &target).await;
            assert_eq!(found, status, "{method} {target}: {body}");
            let body: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(body["error"], word, "{method} {target}");
            assert!(body["message"].is_string(), "{method} {target}");
        };
        refused("sate=paid".to_owned(), 400, "bad-request").await;
        refused("merchant=main&sate=".to_owned(), 400, "bad-request").await;
        for (name, schema) in document.query_parameters(operation) {
            let taken = async |value: &str| {
                let target = format!("{}?{name}={value}{}", filled(path), beside(name));
                let (found, body) = head(shop.at(), method, &target).await;
                assert!(![400, 422].contains(&found), "{method} {target}: {found} {body}");
            };
            tried += 1;
            if schema["type"] != "array" {
                refused(format!("{name}=1&{name}=1"), 400, "bad-request").await;
            }
            match (schema["type"].as_str(), schema["enum"].as_array()) {
                (_, Some(words)) => {
                    refused(format!("{name}="), 422, "invalid").await;
                    refused(format!("{name}=true"), 422, "invalid").await;
                    if method == "get" {
                        for word in words {
                            taken(word.as_str().map_or(word.to_string(), str::to_owned).as_str())
                                .await;
                        }
                    }
                }
                (Some("integer"), None) => {
                    for (bound, beyond) in [("minimum", -1), ("maximum", 1)] {
                        let Some(bound) = schema[bound].as_i64() else { continue };
                        refused(format!("{name}={}", bound + beyond), 422, "invalid").await;
                        taken(&bound.to_string()).await;
                    }
                    refused(format!("{name}=many"), 422, "invalid").await;
                }
                (Some("boolean"), None) => {
                    refused(format!("{name}=yes"), 422, "invalid").await;
                    taken("true").await;
                    taken("false").await;
                }
                _ if schema["format"] == "date" => {
                    refused(format!("{name}=yesterday"), 422, "invalid").await;
                    taken("2026-11-27").await;
                }
                _ => {}
            }
        }
    }
    assert!(tried > 30, "{tried} parameters");
}

/// The names in backticks in an error message.
fn quoted(message: &str) -> BTreeSet<&str> {
    message.split('`').skip(1).step_by(2).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_may_have_the_fields_that_the_document_says_and_no_other() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let document = Document::of(shop.at()).await;
    let mut tried = 0;
    for (path, method, operation) in document.operations() {
        let content = &operation["requestBody"]["content"]["application/json"];
        let schema = document.resolve(&content["schema"]);
        if !path.starts_with("/api/") || schema.is_null() {
            continue;
        }
        assert_eq!(schema["additionalProperties"], false, "{method} {path}");
        let body = r#"{"no-such-field":1}"#;
        let (method, target) = (method.to_uppercase(), filled(path));
        let sent = send(shop.at(), &method, &target, "", body).await;
        let refused = sent.expect("an answer").json(422);
        let message = refused["message"].as_str().expect("a message");
        let Some((_, expected)) = message.split_once("expected ") else {
            panic!("{method} {path}: {message}");
        };
        let fields = schema["properties"].as_object().expect("fields").keys();
        let documented: BTreeSet<&str> = fields.map(String::as_str).collect();
        // A parameter without a typed list of names describes its values in words.
        let taken = quoted(expected);
        if taken.is_empty() {
            assert!(documented.iter().all(|name| message.contains(name)), "{path}: {message}");
        } else {
            assert_eq!(taken, documented, "{method} {path}");
        }
        tried += 1;
    }
    assert!(tried >= 5, "{tried} bodies");
}

/// For each optional or nullable part of a schema, how often it was present and absent.
#[derive(Default)]
struct Seen(BTreeMap<String, (u32, u32)>);

impl Seen {
    fn note(&mut self, place: String, there: bool) {
        let counts = self.0.entry(place).or_default();
        if there { counts.0 += 1 } else { counts.1 += 1 }
    }

    /// Checks a value against a schema. Members outside the schema are errors.
    fn check(&mut self, document: &Document, schema: &Value, value: &Value, place: &str) {
        let place = match schema["$ref"].as_str() {
            Some(target) => target.rsplit('/').next().unwrap_or_default(),
            None => place,
        };
        let mut parts = Vec::new();
        flatten(document, schema, &mut parts);
        let allowed: Vec<&str> = parts.iter().flat_map(|part| types(part)).collect();
        if !allowed.is_empty() {
            let kind = match value {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
                Value::Number(_) => "number",
                Value::String(_) => "string",
                Value::Array(_) => "array",
                Value::Object(_) => "object",
            };
            assert!(allowed.contains(&kind), "{place}: expected {allowed:?}, found {value}");
        }
        for part in &parts {
            if let (Some(words), false) = (part["enum"].as_array(), value.is_null()) {
                assert!(words.contains(value), "{place}: {value} is not in {words:?}");
            }
            if part["format"] == "date-time"
                && let Some(text) = value.as_str()
            {
                let time = text.parse::<jiff::Timestamp>();
                assert!(time.is_ok() && text.ends_with("+07:00"), "{place}: {text}");
            }
            if let Some(values) = value.as_array() {
                values.iter().for_each(|one| self.check(document, &part["items"], one, place));
            }
        }
        let properties: BTreeMap<&String, &Value> =
            parts.iter().filter_map(|part| part["properties"].as_object()).flatten().collect();
        // An object without properties has the caller's own members.
        let (Some(object), false) = (value.as_object(), properties.is_empty()) else { return };
        for name in object.keys() {
            assert!(properties.contains_key(name), "{place}: {name} is not in the document");
        }
        for (name, schema) in properties {
            let required = parts.iter().filter_map(|part| part["required"].as_array()).flatten();
            let is_required = required.into_iter().any(|one| one == name.as_str());
            let found = object.get(name);
            assert!(found.is_some() || !is_required, "{place}: {name} is required");
            let place = format!("{place}.{name}");
            if !is_required {
                self.note(format!("{place} may be absent"), found.is_none());
            }
            if let Some(found) = found {
                let mut parts = Vec::new();
                flatten(document, schema, &mut parts);
                if parts.iter().any(|part| types(part).contains(&"null")) {
                    self.note(format!("{place} may be null"), found.is_null());
                }
                self.check(document, schema, found, &place);
            }
        }
    }
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// A schema and all its parts.
fn flatten<'a>(document: &'a Document, schema: &'a Value, parts: &mut Vec<&'a Value>) {
    let schema = document.resolve(schema);
    parts.push(schema);
    for name in ["allOf", "oneOf"] {
        for part in schema[name].as_array().into_iter().flatten() {
            flatten(document, part, parts);
        }
    }
}

/// Sends requests and checks the answers against the document.
struct Walk<'a> {
    till: SocketAddr,
    document: &'a Document,
    seen: Seen,
}

impl Walk<'_> {
    /// Sends a request. `operation` is the path in the document.
    async fn ask(&mut self, method: &str, operation: &str, target: &str, body: &str) -> Answer {
        let sent = send(self.till, &method.to_uppercase(), target, "", body).await;
        let answer = sent.expect("an answer");
        let place = format!("{method} {operation} {}", answer.status);
        let responses = &self.document.0["paths"][operation][method]["responses"];
        let response = &responses[answer.status.to_string()];
        assert!(response.is_object(), "{place} is not in the document: {}", answer.body);
        let content = &self.document.resolve(response)["content"];
        let kind = answer.head.lines().find_map(|line| line.strip_prefix("content-type: "));
        let kind = kind.map(|kind| kind.split(';').next().unwrap_or_default());
        let said = kind.map_or(&Value::Null, |kind| &content[kind]["schema"]);
        match kind {
            Some("application/json") if operation != "/openapi.json" => {
                assert!(said.is_object(), "{place}: JSON is not in the document");
                let body = serde_json::from_str(&answer.body).expect("JSON");
                self.seen.check(self.document, said, &body, &place);
            }
            Some(kind) => assert!(said.is_object(), "{place}: {kind} is not in the document"),
            None => assert!(answer.body.is_empty(), "{place}: a body without a type"),
        }
        answer
    }

    async fn get(&mut self, operation: &str, target: &str) -> Answer {
        self.ask("get", operation, target, "").await
    }

    async fn post(&mut self, operation: &str, target: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.ask("post", operation, target, &body).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_has_the_shape_that_the_document_says_and_nothing_optional_is_always_there() {
    const ORDER: &str = "/api/orders/{number}";
    let shop = Shop::open().await;
    let document = Document::of(shop.at()).await;
    let mut walk = Walk { till: shop.at(), document: &document, seen: Seen::default() };
    let of = |what: &str| format!("{ORDER}{what}");
    walk.post("/api/endpoints", "/api/endpoints", &json!({"per_order": true})).await.json(201);
    let endpoint = json!({"url": "http://127.0.0.1:9/hook", "events": ["order.paid"]});
    let made = walk.post("/api/endpoints", "/api/endpoints", &endpoint).await.json(201);

    let full = json!({
        "number": "INV-1", "amount": 25_578, "channel": "ecommerce", "description": "two coffees",
        "reference": "order-7", "metadata": {"table": 4}, "due_at": "2026-11-30T10:00:00Z",
    });
    let paid = walk.post("/api/orders", "/api/orders", &full).await.json(201);
    walk.post("/api/orders", "/api/orders", &full).await.json(200);
    for (body, status) in [
        (json!({"number": "INV-1", "amount": 100}), 409),
        (json!({"number": "INV-1"}), 422),
        (json!({"number": "BIG", "amount": 10_000_001}), 422),
        (json!({"number": "NONE", "amount": 0}), 422),
        (json!({"number": "NONE", "amount": 99, "code": false}), 422),
        (json!({"number": "BIG", "amount": 10_000_001, "code": false}), 422),
    ] {
        let answer = walk.post("/api/orders", "/api/orders", &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
    }
    for (number, amount) in [("LEAST", 100), ("MOST", 10_000_000)] {
        let body = json!({"number": number, "amount": amount, "code": false});
        walk.post("/api/orders", "/api/orders", &body).await.json(201);
    }
    walk.get(ORDER, "/api/orders/INV-1").await.json(200);
    walk.get(ORDER, "/api/orders/LEAST").await.json(200);
    walk.post(&of("/check"), "/api/orders/INV-1/check", &Value::Null).await;
    walk.post(&of("/check"), "/api/orders/INV-1/check", &Value::Null).await.json(429);
    walk.post(&of("/check"), "/api/orders/LEAST/check", &Value::Null).await.json(409);
    walk.post(&of("/renew"), "/api/orders/INV-1/renew", &Value::Null).await.json(409);
    for kind in ["svg", "png", "escpos"] {
        let path = of(&format!("/qr.{kind}"));
        // A picture is not text, so only errors are read.
        walk.get(&path, &format!("/api/orders/LEAST/qr.{kind}")).await.json(410);
    }
    for kind in ["html", "txt", "escpos"] {
        let path = of(&format!("/receipt.{kind}"));
        walk.get(&path, &format!("/api/orders/LEAST/receipt.{kind}")).await.json(409);
    }
    walk.get("/api/receipts/{code}", "/api/receipts/1").await.json(422);
    shop.pay(&paid);
    reaches(shop.at(), "INV-1", "paid").await;
    walk.get(ORDER, "/api/orders/INV-1?while=pending&wait=1").await.json(200);
    walk.post(&of("/cancel"), "/api/orders/INV-1/cancel", &Value::Null).await.json(409);
    walk.post(&of("/cancel"), "/api/orders/LEAST/cancel", &Value::Null).await.json(200);
    walk.post(&of("/acknowledge"), "/api/orders/INV-1/acknowledge", &Value::Null).await.json(200);
    walk.post(&of("/acknowledge"), "/api/orders/MOST/acknowledge", &Value::Null).await.json(409);
    let not_made = json!({"not_made": true, "reason": "no invoice in the portal"});
    walk.post(&of("/resolve"), "/api/orders/MOST/resolve", &not_made).await.json(409);
    walk.post(&of("/resolve"), "/api/orders/MOST/resolve", &json!({})).await.json(422);

    for query in ["", "?limit=1", "?unacknowledged=true", "?state=gone", "?sate=paid"] {
        walk.get("/api/orders", &format!("/api/orders{query}")).await;
    }
    for by in
        ["", "?by=day", "?by=channel", "?by=merchant", "?by=payment", "?by=overpaid", "?by=hour"]
    {
        walk.get("/api/report", &format!("/api/report{by}")).await;
    }
    walk.get("/api/report", "/api/report?format=csv").await;
    let counter = "/api/counters/{till}";
    walk.get(counter, "/api/counters/K1").await.json(200);
    walk.ask("put", counter, "/api/counters/K1", r#"{"number":"INV-1"}"#).await.json(200);
    walk.ask("put", counter, "/api/counters/K1", "{").await.json(400);
    walk.get(counter, "/api/counters/K-1").await.json(422);
    walk.post("/api/tickets", "/api/tickets", &Value::Null).await.json(201);
    let shift = json!({"name": "Siti"});
    walk.post("/api/shifts", "/api/shifts", &shift).await.json(201);
    walk.post("/api/shifts", "/api/shifts", &shift).await.json(409);
    walk.post("/api/shifts", "/api/shifts", &json!({"name": ""})).await.json(422);
    walk.get("/api/shifts/{id}", "/api/shifts/1").await.json(200);
    let close = "/api/shifts/{id}/close";
    walk.post(close, "/api/shifts/1/close", &Value::Null).await.json(200);
    walk.post(close, "/api/shifts/1/close", &json!({"accept_unanswered": true})).await.json(409);
    walk.post(close, "/api/shifts/99/close", &Value::Null).await.json(404);
    let table =
        "tgl,nominal,idtrans,idinv\n27/11/2026 10:15,500,T-1,\n27/11/2026 10:16,500,T-2,1\n";
    let settlements = "/api/settlements";
    let ask = format!("{settlements}?preview=yes");
    walk.ask("post", settlements, &ask, table).await.json(200);
    walk.ask("post", settlements, settlements, table).await.json(200);
    walk.ask("post", settlements, settlements, &table.replace("500,T-2", "600,T-2"))
        .await
        .json(409);
    walk.ask("post", settlements, settlements, "tgl\n").await.json(422);
    let now = qris_api::WibTime::now().to_api_text();
    let other = format!("tgl,nominal,idtrans,idinv\n{now},26000,T-3,{}\n", paid["qris_invoiceid"]);
    // The recorded payments are in no table yet.
    walk.get(settlements, settlements).await.json(200);
    walk.ask("post", settlements, settlements, &other).await.json(200);
    let november = "/api/settlements?from=2026-11-01&to=2026-11-30";
    walk.get(settlements, november).await.json(200);
    walk.get(settlements, &format!("{november}&format=csv")).await;
    let book = "/api/settlements/{key}/book";
    walk.post(book, "/api/settlements/id%3AT-1/book", &Value::Null).await.json(201);
    walk.post(book, "/api/settlements/id%3AT-1/book", &Value::Null).await.json(200);
    walk.post(book, "/api/settlements/id%3ANO/book", &Value::Null).await.json(404);
    walk.get(settlements, november).await.json(200);
    let id = &made["id"];
    walk.post("/api/endpoints/{id}/rotate", &format!("/api/endpoints/{id}/rotate"), &Value::Null)
        .await
        .json(200);
    for what in ["disable", "enable"] {
        let path = format!("/api/endpoints/{{id}}/{what}");
        walk.post(&path, &format!("/api/endpoints/{id}/{what}"), &Value::Null).await.json(200);
    }
    // The other paths that can be read, with and without content.
    for (path, method, _) in document.operations() {
        let is_stream = matches!(path, "/api/stream" | "/api/orders/{number}/events");
        if method == "get" && !is_stream && !path.contains("/qr.") && path != "/openapi.json" {
            walk.get(path, &filled(path)).await;
            walk.get(path, &path.replace("{number}", "GONE").replace("{id}", "99")).await;
        }
    }
    walk.get("/api/events", "/api/events?since=x").await.json(422);
    let path = format!("/api/endpoints/{id}");
    walk.ask("delete", "/api/endpoints/{id}", &path, "").await;
    walk.ask("delete", "/api/endpoints/{id}", &path, "").await.json(404);

    for (place, (there, not)) in &walk.seen.0 {
        println!("{place}: {there} of {}", there + not);
    }
    let always = walk.seen.0.iter().filter(|(place, (absent, present))| {
        place.ends_with("absent") && *absent == 0 && *present > 3
    });
    let always: Vec<_> = always.map(|(place, _)| place).collect();
    assert!(always.is_empty(), "never absent: {always:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_or_a_path_that_is_not_in_the_document_takes_any_query() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    for path in ["/?till=K1", "/display?till=K1&x=1", "/healthz?once=1", "/readyz?once=1"] {
        assert_eq!(get(shop.at(), path).await.status, 200, "{path}");
    }
    let unknown = post(shop.at(), "/api/nowhere?x=1", "").await;
    assert_eq!(unknown.json(404)["error"], "not-found");
}
