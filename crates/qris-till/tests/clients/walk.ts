// Walks through an order with a client that was generated from openapi.json: create, wait, pay, paid,
// report. Usage: walk.js TILL SANDBOX TOKEN

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api.js";

const [till, sandbox, token] = process.argv.slice(2) as [string, string, string];
// Streams and CSV are not for this client.
const client = createClient<paths, "application/json">({ baseUrl: till, headers: { authorization: `Bearer ${token}` } });
const path = { number: "WEB/2026 #1" };

/** What an answer brought, if it is no refusal. */
function ok<T>({ data, error }: { data?: T; error?: components["schemas"]["Refusal"] }): T {
  if (error) throw new Error(`${error.error}: ${error.message}`);
  assert(data !== undefined);
  return data;
}

const made = ok(await client.POST("/api/orders", {
  body: { number: path.number, amount: 25_578, channel: "ecommerce", metadata: { cart: 7 } },
}));
assert.equal(made.state, "pending");
assert(made.qris_content?.startsWith("000201"));
const invoice: number | null = made.qris_invoiceid;
assert(invoice !== null);

const ticket = ok(await client.POST("/api/tickets"));
const stream = await fetch(`${till}/api/orders/${encodeURIComponent(path.number)}/events?ticket=${ticket.ticket}`);
const reader = stream.body!.getReader();
const first = new TextDecoder().decode((await reader.read()).value);
assert.match(first, /^event: order\n/);
await reader.cancel();

const waiting = client.GET("/api/orders/{number}", { params: { path, query: { while: "pending", wait: 50 } } });
const paid = await fetch(`${sandbox}/sandbox/invoices/${invoice}/pay`, { method: "POST" });
assert(paid.ok, `the payer's phone: ${paid.status}`);
const press = ok(await client.POST("/api/orders/{number}/check", { params: { path } }));
assert(press.left >= 0);
const order = ok(await waiting);
assert.equal(order.state, "paid");
assert.equal(order.overpaid, 0);

const report = ok(await client.GET("/api/report"));
const day: number = report.totals.reduce((sum, total) => sum + total.paid, 0);
assert.equal(day, 25_578);
const payments = ok(await client.GET("/api/report", { params: { query: { by: "payment" } } }));
assert.deepEqual(payments.orders.map(({ number }) => number), [path.number]);
const events = ok(await client.GET("/api/events", { params: { query: { since: "0" } } }));
assert.deepEqual(events.events.map(({ type }) => type), ["order.created", "order.paid"]);

const refused = await client.GET("/api/orders", { params: { query: { limit: 500 } } });
assert.equal(refused.response.status, 422);
assert.equal(refused.error?.error, "invalid");
// @ts-expect-error: no such state
await client.GET("/api/orders", { params: { query: { state: "gone" } } });
console.log("TypeScript: created, waited, paid, reported");
