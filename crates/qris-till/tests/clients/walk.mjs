// Starts a till before a sandbox and walks through an order with each generated client.
// Usage: walk.mjs FOLDER PYTHON

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { startSandbox, startTill, stop } from "../browser/programs.mjs";

const [folder, python] = process.argv.slice(2);
const token = "0c9f1d7ab4e84f3b9d62";
const sandbox = await startSandbox();
let till;
try {
  till = await startTill(sandbox, join(folder, "shop.db"), { QRIS_TILL_TOKEN: token });
  const walk = (program, script) =>
    execFileSync(program, [script, till.origin, sandbox.origin, token], { stdio: "inherit", timeout: 120_000 });
  walk(process.execPath, "generated/js/walk.js");
  walk(python, "walk.py");
} finally {
  await stop(till);
  await stop(sandbox);
}
