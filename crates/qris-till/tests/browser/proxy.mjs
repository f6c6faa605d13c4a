// Stands between browser and till, and delays, breaks or changes what passes, as a test wants it.

import { once } from "node:events";
import http from "node:http";

export class Proxy {
  #server;
  #port = 0;
  #sockets = new Set();
  #rules = [];
  /** The streams of events that are open now, and how often one brought an order. */
  streams = new Set();
  ordersTold = 0;
  /** Each request as `GET /path`. */
  requests = [];
  /** Where the till is. */
  target;
  /** Seconds for which a code may still be shown, from when the till's answer passes. */
  shownFor = null;

  get origin() { return `http://127.0.0.1:${this.#port}`; }

  async open() {
    this.#server = http.createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = this.#server.address().port;
  }

  /** Breaks all connections and takes no more until it is opened again. */
  async cut() {
    if (!this.#server?.listening) return;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }

  /** Breaks the open streams of events. */
  dropStreams() {
    for (const response of this.streams) response.destroy();
  }

  /** Has what matches wait until it is released; says how many wait. */
  hold(method, pattern) {
    const waiting = [];
    let released = false;
    const rule = { method, pattern, act: () => new Promise((resolve) => {
      if (released) resolve();
      else waiting.push(resolve);
    }) };
    this.#rules.push(rule);
    return {
      get count() { return waiting.length; },
      release: () => {
        released = true;
        this.#rules = this.#rules.filter((one) => one !== rule);
        for (const resolve of waiting) resolve();
      },
    };
  }

  /** Has what matches fail this many times: the connection breaks, or the answer is a 503. */
  fail(method, pattern, times, how = "break") {
    let left = times;
    this.#rules.push({ method, pattern, act: (response) => {
      if (left === 0) return;
      left -= 1;
      if (how === "break") response.destroy();
      else response.writeHead(503).end();
    } });
  }

  async #pass(request, response) {
    this.requests.push(`${request.method} ${request.url}`);
    const body = Buffer.concat(await request.toArray());
    const asked = http.request(this.target + request.url, {
      method: request.method, agent: false,
      headers: { ...request.headers, connection: "close", "accept-encoding": "identity", ...(body.length && { "content-length": body.length }) },
    });
    asked.end(body);
    const [answer] = await once(asked, "response");
    response.on("close", () => { asked.destroy(); this.streams.delete(response); });
    // The till has done what it was asked for; its answer is late, or lost.
    const isOver = () => response.destroyed || response.writableEnded;
    for (const { method, pattern, act } of this.#rules) {
      if (!isOver() && request.method === method && pattern.test(request.url)) await act(response);
    }
    if (isOver()) return;
    const { "content-length": _, "transfer-encoding": __, ...kept } = answer.headers;
    const kind = answer.headers["content-type"] ?? "";
    response.writeHead(answer.statusCode, { ...kept, connection: "close" });
    if (kind.startsWith("text/event-stream")) {
      this.streams.add(response);
      let text = "";
      answer.on("error", () => response.destroy());
      answer.on("close", () => response.destroy());
      for await (const chunk of answer) {
        text += chunk;
        const end = text.lastIndexOf("\n\n") + 2;
        if (end < 2) continue;
        response.write(this.#changed(text.slice(0, end)));
        if (text.includes("event: order")) this.ordersTold += 1;
        text = text.slice(end);
      }
      response.end();
      return;
    }
    const bytes = Buffer.concat(await answer.toArray());
    response.end(kind.startsWith("application/json") ? this.#changed(bytes.toString()) : bytes);
  }

  #changed(text) {
    let changed = text;
    if (this.shownFor !== null) {
      changed = changed.replace(/"shown_until":(null|"[^"]*"),/g, "");
      changed = changed.replace(/"now":"([^"]*)"/g, (whole, now) => {
        const until = new Date(Date.parse(now) + this.shownFor * 1000).toISOString();
        return `"shown_until":"${until}",${whole}`;
      });
    }
    return changed;
  }
}
