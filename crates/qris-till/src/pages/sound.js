// Announces payments: a chime, then the amount in Indonesian. Each payment is announced once in a browser,
// no matter how many pages show it. Payments from before the page was opened are not announced.

import { element, merchant, say, words } from "/assets/till.js";
import { claim } from "/assets/live.js";
import { spoken, WORDS } from "/assets/spoken.js";

const KEPT = "sound";
/// A display without sound: `/display?sound=off`.
const OFF = new URLSearchParams(location.search).get("sound") === "off";

let settings = { muted: false, volume: 80 };
try { settings = { ...settings, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") }; } catch { /* the defaults */ }

// The browser suspends it until somebody touches the page.
const context = OFF || !("AudioContext" in window) ? null : new AudioContext();
const gain = context?.createGain();
gain?.connect(context.destination);

const isOn = () => context?.state === "running";
const isAudible = () => isOn() && !settings.muted && settings.volume > 0;

/// A promise of the sounds by name.
let loading = null;

async function load(name) {
  const answer = await fetch(`/assets/sound/${name}.mp3`);
  if (!answer.ok) throw new Error(name);
  return [name, await context.decodeAudioData(await answer.arrayBuffer())];
}

function loaded() {
  loading ??= Promise.all(["chime", ...WORDS].map(load)).then((pairs) => new Map(pairs));
  // After a failure, the next call loads them again.
  loading.catch(() => { loading = null; });
  return loading;
}

let playing = [];

/// Plays these sounds one after another, and stops the ones that are playing.
async function play(names) {
  const sounds = await loaded();
  for (const source of playing) source.stop();
  let at = context.currentTime + 0.05;
  playing = names.map((name) => {
    const source = context.createBufferSource();
    source.buffer = sounds.get(name);
    source.connect(gain);
    source.start(at);
    at += source.buffer.duration;
    return source;
  });
}

async function speak(record) {
  try {
    await play(["chime", ...spoken(record.amount)]);
  } catch { /* The till cannot be reached, or the browser plays no sound: the page still shows the payment. */ }
}

/// Announces a new payment, unless another page of this browser does.
export async function announcePaid(record) {
  if (!isAudible()) return;
  const key = ["paid", merchant, record.number, record.paid_at].join(" ");
  if (await claim(key)) speak(record);
}

/// Announces a payment again at the cashier's request.
export function repeatPaid(record) {
  context?.resume();
  if (!settings.muted) speak(record);
}

function keep(change) {
  Object.assign(settings, change);
  try { localStorage.setItem(KEPT, JSON.stringify(settings)); } catch { /* no storage: kept until the page is closed */ }
  draw();
}

function draw() {
  if (gain) gain.gain.value = settings.muted ? 0 : settings.volume / 100;
  const state = !isOn() ? "sound_waits" : settings.muted || !settings.volume ? "sound_off" : "sound_on";
  const title = element("sound-state");
  title.textContent = words()[state];
  title.classList.toggle("waits", state === "sound_waits");
  // A page for customers has only the request to touch it.
  if (title.tagName !== "SUMMARY") title.hidden = isOn() || !context;
  const mute = element("mute");
  if (!mute) return;
  mute.textContent = settings.muted ? words().unmute : words().mute;
  mute.setAttribute("aria-pressed", String(settings.muted));
  element("volume").value = settings.volume;
}

function wake() {
  if (!context || isOn()) return;
  // If the browser refuses, the page keeps asking for a touch.
  context.resume().then(() => { draw(); loaded().catch(() => {}); }, () => {});
}

for (const gesture of ["pointerup", "click", "keydown"]) addEventListener(gesture, wake, { capture: true });
context?.addEventListener("statechange", draw);
element("mute")?.addEventListener("click", () => keep({ muted: !settings.muted }));
element("volume")?.addEventListener("input", ({ target }) => keep({ volume: Number(target.value), muted: false }));
addEventListener("storage", ({ key, newValue }) => {
  if (key !== KEPT || !newValue) return;
  settings = { ...settings, ...JSON.parse(newValue) };
  draw();
});
say(draw);
if (isOn()) loaded().catch(() => {});

/// The amount of a payment in words.
export const inWords = (record) => spoken(record.amount).slice(0, -1).join(" ");
