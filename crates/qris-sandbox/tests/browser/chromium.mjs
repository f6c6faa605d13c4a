// Starts Chromium, for the tests of all pages.

import { chromium } from "playwright-core";

/** Chromium without windows. For a page it needs half the processor time of `chromium --headless`. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell";

export const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
