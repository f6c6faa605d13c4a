// Starts and stops the programs of the browser tests.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export const HOOK = "7d1e0b55c2a94be2a3f0";

/** Starts a program and reads its address from the line that begins with the marker. */
export async function start(program, env, marker, args = []) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, ...env } });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith(marker)) return { child, origin: new URL(line.split(/\s+/).at(-1)).origin };
  }
  throw new Error(`${program} did not start`);
}

export async function stop(running) {
  if (!running || running.child.exitCode !== null || running.child.signalCode !== null) return;
  running.child.kill();
  await once(running.child, "exit");
}

export const startSandbox = () => start(process.env.QRIS_SANDBOX, {}, "the payer:");

/** Starts a till with a sandbox and a database file. */
export const startTill = (sandbox, database, env = {}) => start(process.env.QRIS_TILL, {
  QRIS_API_KEY: "sandbox-key", QRIS_MERCHANT_ID: "123456",
  QRIS_BASE_URL: `${sandbox.origin}/restapi/qris/`,
  QRIS_DATABASE_URL: `sqlite://${database}`,
  QRIS_TILL_LISTEN: "127.0.0.1:0", QRIS_WEBHOOK_TOKEN: HOOK, ...env,
}, "listening on");
