// A web shop that shows the QR on its own page and waits there until it is paid.
//
// It needs Node alone, and a running till:
//
//     TILL=http://127.0.0.1:8080 TILL_TOKEN=... node shop_embed.mjs
//
// The till's token stays in this program: the browser asks the shop, and the shop asks the till.

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";

const TILL = process.env.TILL ?? "http://127.0.0.1:8080";
const TOKEN = process.env.TILL_TOKEN;
const PORT = Number(process.env.PORT ?? 3000);
const PRICE = 25_578;

// What was ordered here: a browser may ask for nothing else of the till. A real shop has a database.
const ordered = new Set();

/** Asks the till; the longest answer is the one that waits. */
function till(path, body) {
  const headers = { "content-type": "application/json" };
  if (TOKEN) headers.authorization = `Bearer ${TOKEN}`;
  const init = body ? { method: "POST", body: JSON.stringify(body) } : {};
  return fetch(TILL + path, { ...init, headers, signal: AbortSignal.timeout(60_000) });
}

const document = (content) => `<!doctype html><html lang="id"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Toko</title>${content}`;

const start = document(`<form method="post" action="/buy"><button>Beli kopi, Rp25.578</button></form>`);

/** The QR, and a script that asks again whenever an answer says that it is still pending. */
const payment = (number) => document(`
<h1>Pindai untuk membayar Rp25.578</h1>
<img src="/order/${number}/qr.svg" alt="Kode QRIS" width="320">
<p id="state" role="status">menunggu pembayaran</p>
<script type="module">
  let order = { state: "pending" };
  while (order.state === "pending") {
    try {
      order = await (await fetch("/order/${number}/state")).json();
    } catch {
      await new Promise((done) => setTimeout(done, 5000));
    }
  }
  const words = { paid: "LUNAS, terima kasih", expired: "waktu kode habis, jangan dibayar" };
  document.getElementById("state").textContent = words[order.state] ?? order.state;
  if (order.state !== "paid") document.querySelector("img").remove();
</script>`);

async function answer(request, response) {
  const html = { "content-type": "text/html; charset=utf-8" };
  const [, page, number, part] = request.url.split("/");
  const what = `${request.method} ${page}`;
  if (what === "GET " ) return response.writeHead(200, html).end(start);
  if (what === "POST buy") {
    const fresh = `WEB-${randomBytes(8).toString("hex").toUpperCase()}`;
    const order = { number: fresh, amount: PRICE, channel: "ecommerce", description: "Kopi" };
    const made = await till("/api/orders", order);
    if (!made.ok) return response.writeHead(502, html).end(document("<p>Coba lagi sebentar lagi.</p>"));
    ordered.add(fresh);
    return response.writeHead(303, { location: `/order/${fresh}` }).end();
  }
  if (what !== "GET order" || !ordered.has(number)) return response.writeHead(404).end();
  if (part === undefined) return response.writeHead(200, html).end(payment(number));
  if (part === "qr.svg") {
    const picture = await till(`/api/orders/${number}/qr.svg?plain=yes`);
    response.writeHead(picture.status, { "content-type": "image/svg+xml", "cache-control": "no-store" });
    return response.end(await picture.text());
  }
  // Answered as soon as the state is another one, or after 25 s. Before anything is shipped, this
  // program asks the till itself: what a browser says counts for nothing.
  const { state } = await (await till(`/api/orders/${number}?while=pending&wait=25`)).json();
  if (state === "paid") console.log(`shipped ${number}`);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ state }));
}

createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(502).end());
}).listen(PORT, "127.0.0.1", () => console.log(`the shop: http://127.0.0.1:${PORT}`));
