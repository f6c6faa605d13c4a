// Receives the till's events. Needs `npm install standardwebhooks`; WEBHOOK_SECRET has the secret.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const seen = new Set(); // A shop keeps these ids in its database.

createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  try {
    const event = webhook.verify(Buffer.concat(pieces).toString(), request.headers);
    // The same event may come twice: ship once.
    if (!seen.has(request.headers["webhook-id"])) {
      seen.add(request.headers["webhook-id"]);
      console.log(event.type, event.data.number, event.data.amount);
    }
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
}).listen(Number(process.argv[2]), "127.0.0.1");
