// Starts Firefox or Chromium with the same driver.

import { createRequire } from "node:module";
import { ARGUMENTS, CHROMIUM } from "../../../qris-sandbox/tests/browser/chromium.mjs";

// The browsers' driver is installed beside the sandbox's test.
const beside = new URL("../../../qris-sandbox/tests/browser/package.json", import.meta.url);
const puppeteer = createRequire(beside)("puppeteer-core");

const PROGRAMS = {
  firefox: { executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr" },
  chrome: { executablePath: CHROMIUM, args: ARGUMENTS },
};

export const BROWSERS = Object.keys(PROGRAMS);

/** Starts the browser with this name, without a window. */
export const launch = (name) => puppeteer.launch({ browser: name, headless: true, ...PROGRAMS[name] });
