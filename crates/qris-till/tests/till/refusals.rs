//! Refused request bodies, with the API's own messages: each member of each route of `openapi.json`.

use std::net::SocketAddr;

use serde_json::{Map, Value, json};

use crate::running::{Answer, get, post, send};
use crate::shop::{HOUR, Shop};

/// A placeholder for text that a message must not repeat.
const PERSON: &str = "Siti Aminah 0812-3456-789";

/// Texts that occur only in messages of the JSON libraries.
const NOT_OURS: [&str; 12] = [
    "invalid type",
    "invalid value",
    "invalid length",
    "unknown field",
    "unknown variant",
    "missing field",
    "duplicate field",
    "expected value",
    "u64",
    "struct",
    "EOF",
    "deserialize",
];

/// A route with a JSON body.
struct Route {
    method: String,
    path: String,
    schema: Value,
    is_required: bool,
}

fn resolve(document: &Value, part: &Value) -> Value {
    let target = part["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
    target.and_then(|target| document.pointer(target)).unwrap_or(part).clone()
}

fn routes(document: &Value) -> Vec<Route> {
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let body = &operation["requestBody"];
            // A settlement file is not JSON.
            let is_json = body["content"]["application/json"].is_object();
            if path.starts_with("/api/") && is_json {
                routes.push(Route {
                    method: method.to_uppercase(),
                    path: filled(path),
                    schema: resolve(document, &body["content"]["application/json"]["schema"]),
                    is_required: body["required"] == true,
                });
            }
        }
    }
    routes
}

/// A path with a value for each of its parameters.
fn filled(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn kinds(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    }
}

/// A valid value of a member.
fn right(document: &Value, schema: &Value) -> Value {
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    match kinds(schema)[0] {
        "integer" => schema["minimum"].clone(),
        "boolean" => json!(true),
        "array" => json!([right(document, &resolve(document, &schema["items"]))]),
        "object" => json!({}),
        _ => match schema["format"].as_str() {
            Some("date") => json!("2026-11-30"),
            Some("date-time") => json!("2026-11-30T17:00:00+07:00"),
            Some("uri") => json!("https://shop.example/"),
            _ => json!("A"),
        },
    }
}

/// Invalid values of a member.
fn wrong(document: &Value, schema: &Value) -> Vec<Value> {
    let kinds = kinds(schema);
    let mut wrong = Vec::new();
    let mut unless = |kind: &str, value: Value| {
        if !kinds.contains(&kind) {
            wrong.push(value);
        }
    };
    unless("null", json!(null));
    unless("boolean", json!(true));
    unless("string", json!(PERSON));
    unless("string", json!("25578"));
    unless("array", json!([PERSON]));
    unless("object", json!({"name": PERSON}));
    unless("integer", json!(25_578));
    wrong.extend([json!(25_578.5), json!(25_578.0), json!(1e300)]);
    if kinds.contains(&"integer") {
        wrong.extend([json!(-1), json!(u64::MAX)]);
        wrong.extend(schema["maximum"].as_u64().map(|most| json!(most + 1)));
    }
    if schema["enum"].is_array() {
        wrong.extend([json!(""), json!("no-such-word"), json!(PERSON)]);
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        wrong.push(json!("Siti ".repeat(usize::try_from(most).expect("a length"))));
    }
    if kinds.contains(&"array") {
        let each = resolve(document, &schema["items"]);
        wrong.extend(self::wrong(document, &each).into_iter().map(|one| json!([one])));
    }
    wrong
}

/// The message of an error with this status. It must be the API's own.
#[track_caller]
fn message(answer: &Answer, status: u16, place: &str) -> String {
    assert_eq!(answer.status, status, "{place}: {}", answer.body);
    let refusal = answer.json(status);
    let word = if status == 422 { "invalid" } else { "bad-request" };
    assert_eq!(refusal["error"], word, "{place}: {refusal}");
    let message = refusal["message"].as_str().expect("a message").to_owned();
    for words in NOT_OURS {
        assert!(!message.contains(words), "{place}: {message}");
    }
    for word in ["Siti", "0812"] {
        assert!(!message.contains(word), "{place} repeats a person's name: {message}");
    }
    assert!(message.contains("expected ") && message.contains(", found "), "{place}: {message}");
    message
}

async fn ask(till: SocketAddr, route: &Route, body: &str) -> Answer {
    send(till, &route.method, &route.path, "", body).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_wrong_member_of_each_body_is_named_with_what_was_expected_and_found() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    let till = shop.at();
    let document = get(till, "/openapi.json").await.json(200);
    let (mut bodies, mut members) = (0, 0);
    for route in routes(&document) {
        let properties = route.schema["properties"].as_object().expect("members");
        let properties: Map<String, Value> = properties
            .iter()
            .map(|(name, schema)| (name.clone(), resolve(&document, schema)))
            .collect();
        let all: Map<String, Value> = properties
            .iter()
            .map(|(name, schema)| (name.clone(), right(&document, schema)))
            .collect();
        for (name, schema) in &properties {
            members += 1;
            for value in wrong(&document, schema) {
                bodies += 1;
                let mut body = all.clone();
                body.insert(name.clone(), value.clone());
                let body = Value::Object(body).to_string();
                let place = format!("{} {} {body:.200}", route.method, route.path);
                let said = message(&ask(till, &route, &body).await, 422, &place);
                assert!(said.starts_with(&format!("{name}: expected ")), "{place}: {said}");
            }
        }
        for name in route.schema["required"].as_array().into_iter().flatten() {
            let mut body = all.clone();
            body.remove(name.as_str().expect("a name"));
            let answer = ask(till, &route, &Value::Object(body).to_string()).await;
            let said = message(&answer, 422, &route.path);
            let name = name.as_str().expect("a name");
            assert!(said.starts_with(&format!("{name}: expected ")), "{said}");
            assert!(said.ends_with(", found nothing"), "{said}");
        }
        for (name, is_said) in [("no_such_member", true), (PERSON, false)] {
            let mut body = all.clone();
            body.insert(name.to_owned(), json!(PERSON));
            let answer = ask(till, &route, &Value::Object(body).to_string()).await;
            let said = message(&answer, 422, &route.path);
            assert_eq!(said.contains(name), is_said, "{said}");
            assert!(properties.keys().all(|known| said.contains(known)), "{said}");
        }
        let first = all.keys().next().expect("a member");
        let twice = format!(r#"{{"{first}":{0},"{first}":{0}}}"#, all[first]);
        let said = message(&ask(till, &route, &twice).await, 422, &route.path);
        assert_eq!(said, format!("{first}: expected it once, found it twice"));

        for body in ["{", "{]", "\"", "nonsense", r#"{"number":"Siti"#, "{} {}", "\u{feff}{}"] {
            message(&ask(till, &route, body).await, 400, &format!("{} {body}", route.path));
        }
        for body in ["[]", "null", "7", "\"Siti\""] {
            let said = message(&ask(till, &route, body).await, 422, &route.path);
            assert!(said.starts_with("expected a JSON object, found "), "{said}");
        }
        if route.is_required {
            let said = message(&ask(till, &route, "").await, 400, &route.path);
            assert_eq!(said, "expected a JSON object, found no body");
        }
        let body = Value::Object(all).to_string();
        let kind = "Content-Type: text/plain\r\n";
        let answer = send(till, &route.method, &route.path, kind, &body).await.expect("an answer");
        let said = message(&answer, 415, &route.path);
        assert_eq!(said, "expected the header Content-Type: application/json, found another type");
    }
    println!("{bodies} bodies, {members} members");
    assert!(members >= 35, "the document has {members} members");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amount_that_is_no_whole_number_is_refused_with_the_amount() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    for (amount, found) in [
        ("25578.5", "25578.5"),
        ("25578.0", "25578.0"),
        ("\"25578\"", "\"25578\""),
        ("\"25.578\"", "\"25.578\""),
        ("\"Rp25.578\"", "text"),
        ("null", "null"),
        ("true", "true"),
        ("[25578]", "a list"),
    ] {
        let body = format!(r#"{{"number":"INV-1","amount":{amount}}}"#);
        let refusal = post(shop.at(), "/api/orders", &body).await.json(422);
        let words = format!(
            "amount: expected whole rupiah as a number of digits only, such as 25578, found {found}"
        );
        assert_eq!(refusal, json!({"error": "invalid", "message": words}));
    }
    for (amount, found) in [("99", "99"), ("10000001", "10000001"), ("-5", "-5")] {
        let body = format!(r#"{{"number":"INV-1","amount":{amount}}}"#);
        let refusal = post(shop.at(), "/api/orders", &body).await.json(422);
        let words = format!("amount: expected 100 to 10000000 rupiah, found {found}");
        assert_eq!(refusal["message"], words);
    }
    assert_eq!(shop.sandbox.calls().creates(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_faults_of_a_body_say_what_belongs_there() {
    let shop = Shop::with(HOUR, |settings| settings).await;
    for (path, more, words) in [
        ("orders", r#""channel":"web""#, "channel: expected bill, ecommerce or pos, found \"web\""),
        (
            "orders",
            r#""channel":"Warung Siti""#,
            "channel: expected bill, ecommerce or pos, found another text",
        ),
        ("orders", r#""tip":"yes""#, "tip: expected true or false, found text"),
        ("orders", r#""description":7"#, "description: expected text, found a number"),
        ("orders", r#""metadata":[1]"#, "metadata: expected a JSON object, found a list"),
        ("orders", r#""shown_seconds":0"#, "shown_seconds: expected 1 to 86400, found 0"),
        (
            "orders",
            r#""due_at":"tomorrow""#,
            "due_at: expected a time such as 2026-11-30T17:00:00+07:00, found another text",
        ),
        ("orders", r#""reference":" ""#, "reference: expected a text, found none"),
        (
            "orders",
            r#""price":1"#,
            "expected only the members amount, channel, code, description, due_at, metadata, notify_url, number, reference, return_url, shown_seconds and tip, found price",
        ),
    ] {
        let body = format!(r#"{{"number":"INV-1","amount":25578,{more}}}"#);
        let refusal = post(shop.at(), &format!("/api/{path}"), &body).await.json(422);
        assert_eq!(refusal["message"], words);
    }
    let plan = json!({"prefix": "SITI", "amount": 150_000, "period": "monthly", "first_date": "30/11/2026", "day": 1});
    let refusal = post(shop.at(), "/api/plans", &plan.to_string()).await.json(422);
    let words = "first_date: expected a day such as 2026-11-30, found another text";
    assert_eq!(refusal["message"], words);
}
