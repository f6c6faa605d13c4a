//! Checks that `openapi.json` describes what the till does.

use std::collections::{BTreeMap, BTreeSet};

use qris_api::limits::{MAX_INVOICE_RUPIAH, MIN_INVOICE_RUPIAH};
use qris_codec::rules::limits::MAX_TRANSACTION_RUPIAH;
use qris_ledger::{Channel, InvoiceState, NewOrder, State};
use serde_json::{Value, json};

use super::{routes as router, *};
use crate::query::{DOCUMENT, OPERATIONS, Values, resolve};

fn document() -> Value {
    serde_json::from_str(DOCUMENT).expect("the document is JSON")
}

/// Routes for browsers, which are not in the document.
fn is_page(path: &str) -> bool {
    crate::pages::is_page(path) || path == "/login" || path.starts_with("/assets/")
}

/// The methods of each route, read from the router's `Debug` output.
fn routes() -> BTreeMap<String, BTreeSet<String>> {
    let text = format!("{:?}", router());
    let ids = |part: &str| part.split_once(')').map(|(id, _)| id.to_owned()).expect("an id");
    let (routes, rest) = text.split_once("node: Node { paths: {").expect("paths of routes");
    let (paths, _) = rest.split_once('}').expect("the end of the paths");
    let mut methods = BTreeMap::new();
    for route in routes.split("RouteId(").skip(1) {
        let allowed = route.rsplit_once("allow_header: Bytes(b\"").expect("methods").1;
        let allowed = allowed.split('"').next().expect("the end of the methods");
        let names = allowed.split(',').filter(|name| *name != "HEAD").map(str::to_lowercase);
        methods.insert(ids(route), names.collect::<BTreeSet<_>>());
    }
    let mut found = BTreeMap::new();
    // A path may have braces: `RouteId(1): "/api/orders/{number}", RouteId(2): …`.
    let all = text.split_once("node: Node { paths: {").expect("paths").1;
    for part in all.split("RouteId(").skip(1) {
        let id = ids(part);
        let Some(path) = part.split('"').nth(1).filter(|path| path.starts_with('/')) else {
            continue;
        };
        if let Some(methods) = methods.get(&id) {
            found.entry(path.to_owned()).or_insert_with(|| methods.clone());
        }
    }
    assert!(!paths.is_empty() && found.contains_key("/api/orders"), "{text}");
    found
}

#[test]
fn the_document_has_each_route_and_method_and_no_other() {
    let document = document();
    let mut documented = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let methods: BTreeSet<_> = item.as_object().expect("methods").keys().cloned().collect();
        documented.insert(path.clone(), methods);
    }
    let mut served = routes();
    assert!(served.remove("/").is_some(), "the cashier's page is a route too");
    served.retain(|path, _| !is_page(path) && !path.starts_with("/{*__private"));
    assert_eq!(served, documented, "left: the router, right: openapi.json");
}

#[test]
fn the_table_of_permissions_has_each_route_and_method_and_no_other() {
    let mut listed = BTreeSet::new();
    for line in crate::permissions::documented().lines().filter(|line| line.starts_with("| `")) {
        let mut words = line.split('`');
        let (method, path) = (words.nth(1).expect("a method"), words.nth(1).expect("a path"));
        listed.insert((method.to_owned(), path.to_owned()));
    }
    let mut served = BTreeSet::new();
    for (path, methods) in routes() {
        let methods = methods.into_iter().map(|method| method.to_uppercase());
        served.extend(methods.map(|method| (method, path.clone())));
    }
    served.retain(|(method, path)| {
        !crate::permissions::is_open(method, path) && !path.starts_with("/{*__private")
    });
    assert_eq!(served, listed, "left: the router, right: permissions.md");
}

#[test]
fn the_document_says_the_limits_that_are_checked() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let charge = &schemas["Charge"]["properties"];
    assert_eq!(charge["amount"]["minimum"], MIN_INVOICE_RUPIAH);
    assert_eq!(charge["amount"]["maximum"], MAX_INVOICE_RUPIAH);
    assert_eq!(MAX_INVOICE_RUPIAH, MAX_TRANSACTION_RUPIAH, "the national limit");
    assert_eq!(charge["description"]["maxLength"], charge::MAX_DESCRIPTION_CHARS);
    assert_eq!(charge["reference"]["maxLength"], NewOrder::MAX_REFERENCE_CHARS);
    assert_eq!(charge["shown_seconds"]["maximum"], charge::MAX_SHOWN_SECONDS);
    for plan in ["NewPlan", "PlanChange"] {
        let amount = &schemas[plan]["properties"]["amount"];
        assert_eq!(amount["minimum"], MIN_INVOICE_RUPIAH, "{plan}");
        assert_eq!(amount["maximum"], MAX_INVOICE_RUPIAH, "{plan}");
    }
    let keep_old = &schemas["Rotation"]["properties"]["keep_old_seconds"];
    assert_eq!((&keep_old["minimum"], &keep_old["maximum"]), (&json!(0), &json!(604_800)));
    let name = &schemas["NewShift"]["properties"]["name"];
    assert_eq!(name["maxLength"], shifts::MAX_NAME_CHARS);
    let states: Vec<_> = State::ALL.iter().map(|state| state.as_str()).collect();
    assert_eq!(schemas["State"]["enum"], json!(states));
    let states: Vec<_> = InvoiceState::ALL.iter().map(|state| state.as_str()).collect();
    assert_eq!(schemas["InvoiceState"]["enum"], json!(states));
    let channels: Vec<_> = Channel::ALL.iter().map(|channel| channel.as_str()).collect();
    assert_eq!(schemas["Channel"]["enum"], json!(channels));
    let get = |path: &str| OPERATIONS.get(&(path.to_owned(), "GET".to_owned()));
    let bounds = |path: &str, name: &str| {
        let found = get(path).expect("an operation").iter().find(|it| it.name == name);
        match found.map(|it| &it.values) {
            Some(Values::Integer { min, max }) => (*min, *max),
            other => panic!("{path} {name}: {other:?}"),
        }
    };
    for path in ["/api/orders", "/api/attention", "/api/webhooks/unbooked"] {
        assert_eq!(bounds(path, "limit"), (1, i64::from(orders::MAX_LIMIT)), "{path}");
    }
    let wait = i64::try_from(show::MAX_WAIT_SECONDS).expect("a small number");
    assert_eq!(bounds("/api/orders/{number}", "wait"), (0, wait));
}

#[test]
fn each_operation_says_how_it_refuses_and_whether_it_needs_a_token() {
    let document = document();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let place = format!("{method} {path}");
            assert!(operation["operationId"].is_string(), "{place}");
            let is_open = crate::permissions::is_open(&method.to_uppercase(), path);
            assert_eq!(operation["security"] == json!([]), is_open, "{place}");
            if path.starts_with("/api/") {
                for status in ["400", "401", "422", "429"] {
                    let response = resolve(&document, &operation["responses"][status]);
                    let schema = &response["content"]["application/json"]["schema"]["$ref"];
                    assert_eq!(*schema, "#/components/schemas/Refusal", "{place} {status}");
                }
            }
        }
    }
}

#[test]
fn each_value_of_the_document_has_a_type_and_each_id_and_amount_64_bits() {
    fn walk(place: &str, value: &Value) {
        match value {
            Value::Object(object) => {
                // Generated clients support only one type per value, or null.
                for choice in ["oneOf", "anyOf"] {
                    let Some(parts) = object.get(choice).and_then(Value::as_array) else {
                        continue;
                    };
                    let is_nullable = parts.len() == 2 && parts[1] == json!({"type": "null"});
                    assert!(is_nullable, "{place}: {choice}");
                }
                let integer = match &object.get("type") {
                    Some(Value::Array(types)) => types.contains(&json!("integer")),
                    Some(kind) => *kind == "integer",
                    None => false,
                };
                if integer && !place.contains("parameters") && !object.contains_key("enum") {
                    let format = if place.ends_with("/status") { "int32" } else { "int64" };
                    assert_eq!(object.get("format"), Some(&json!(format)), "{place}");
                }
                // Generators treat a property with a default as one that is always present.
                let has_default = place.contains("/schemas/") && object.contains_key("default");
                assert!(!has_default, "{place}: default");
                if object.contains_key("enum") || object.contains_key("const") {
                    assert!(object.contains_key("type"), "{place}");
                }
                for (name, value) in object {
                    walk(&format!("{place}/{name}"), value);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| walk(place, value)),
            _ => {}
        }
    }
    walk("", &document());
}

#[test]
fn where_an_answer_has_several_media_types_the_document_says_which_request_gets_which() {
    let document = document();
    let mut several = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            for (status, response) in operation["responses"].as_object().expect("answers") {
                let response = resolve(&document, response);
                let kinds = response["content"].as_object().into_iter().flatten();
                let kinds: Vec<&String> = kinds.map(|(kind, _)| kind).collect();
                if kinds.len() < 2 {
                    continue;
                }
                several += 1;
                let words = response["description"].as_str().expect("words");
                for kind in kinds {
                    assert!(words.contains(kind.as_str()), "{method} {path} {status}: {kind}");
                }
            }
        }
    }
    assert_eq!(several, 3, "the report, the settlements and the events");
}
