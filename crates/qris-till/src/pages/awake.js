// Keeps the screen on while a code is shown. Browsers allow it on https and on this machine.

let wanted = false;
let lock = null;
let asking = false;

async function settle() {
  if (!wanted) {
    lock?.release();
    lock = null;
    return;
  }
  if (lock || asking || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
  asking = true;
  try {
    const got = await navigator.wakeLock.request("screen");
    // The browser releases the lock when the page is hidden.
    got.addEventListener("release", () => { if (lock === got) lock = null; });
    lock = got;
    if (!wanted) settle();
  } catch { /* The battery is low, or the browser forbids it: the device's own setting applies. */ }
  asking = false;
}

/// Sets whether the screen must stay on.
export function keepAwake(on) {
  if (wanted === on) return;
  wanted = on;
  settle();
}

document.addEventListener("visibilitychange", settle);
