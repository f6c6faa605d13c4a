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
    // The browser takes it back when the page goes out of sight.
    got.addEventListener("release", () => { if (lock === got) lock = null; });
    lock = got;
    if (!wanted) settle();
  } catch { /* The battery is low, or the browser forbids it: the screen does as it is set. */ }
  asking = false;
}

/// Says whether the screen has to stay on.
export function keepAwake(on) {
  if (wanted === on) return;
  wanted = on;
  settle();
}

document.addEventListener("visibilitychange", settle);
