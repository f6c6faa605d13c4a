// A service worker that stores nothing. If a page is opened while the till cannot be reached, it shows a
// message and tries again. All other requests go to the till unchanged.

const PAGE = `<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3"><title>Kasir terputus</title></head>
<body><main><h1>Kasir terputus</h1>
<p>Aplikasi kasir tidak bisa dihubungi. Halaman ini mencoba lagi secara otomatis.</p>
<p lang="en">The till cannot be reached. This page tries again automatically.</p></main></body></html>`;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode !== "navigate" || request.method !== "GET") return;
  event.respondWith(fetch(request).catch(() => new Response(PAGE, {
    status: 503,
    headers: {
      "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    },
  })));
});
