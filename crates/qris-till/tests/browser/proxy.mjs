// A proxy between browser and till that delays, breaks or changes traffic for a test.

import { once } from "node:events";
import http from "node:http";

export class Proxy {
  #server;
  #port = 0;
  #sockets = new Set();
  #rules = [];
  /** The open streams of events, and how many orders they have sent. */
  streams = new Set();
  ordersTold = 0;
  /** Each request as `GET /path`. */
  requests = [];
  /** The address of the till. */
  target;
  /** How many seconds a code may still be shown, from the time of the till's answer. */
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

  /** Breaks all connections, and accepts no others until it is opened again. */
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

  /** Holds matching requests until they are released, and reports how many wait. */
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

  /** Lets matching requests fail this many times: the connection breaks, or the answer is 503. */
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
    // The till has handled the request. Its answer is delayed or lost.
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
