// Who is signed in, "ganti kasir" and "keluar", in the head of a page. A page includes it with
//
//   <script type="module" src="/assets/who.js"></script>
//
// and says where it stands with an element whose id is "who"; without one it stands at the end of the
// page's first <nav>. Where the till asks nobody who they are, nothing is shown.

import { addWords, make, words } from "/assets/till.js";

addWords({
  id: { switch_cashier: "Ganti kasir", sign_out: "Keluar", signed_in: (name) => `Masuk sebagai ${name}`, owner_token: "pemilik" },
  en: { switch_cashier: "Switch cashier", sign_out: "Sign out", signed_in: (name) => `Signed in as ${name}`, owner_token: "owner" },
});

/// Where this browser keeps the names that may sign in, for the page that asks for one.
export const NAMES = "qris-people";

/// The names that this browser knows. No PIN is kept anywhere.
export function knownNames() {
  try {
    const names = JSON.parse(localStorage.getItem(NAMES) ?? "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string").slice(0, 24) : [];
  } catch { return []; }
}

/// Ends the session, and asks who comes next.
async function leave() {
  try { await fetch("/api/session", { method: "DELETE" }); } catch { /* the page asks again */ }
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

function button(word, id) {
  const made = make("button", "quiet", words()[word]);
  made.type = "button";
  made.id = id;
  // Said again whenever the language is switched.
  made.dataset.say = word;
  made.addEventListener("click", leave);
  return made;
}

async function show() {
  const response = await fetch("/api/session");
  if (!response.ok) return;
  const { kind, name, people } = await response.json();
  if (kind === "anybody") return;
  try { localStorage.setItem(NAMES, JSON.stringify(people)); } catch { /* the name is typed in */ }
  const place = document.getElementById("who") ?? document.querySelector("nav");
  if (!place) return;
  const who = make("span", "fact who", name ?? words().owner_token);
  who.id = "who-name";
  if (!name) who.dataset.say = "owner_token";
  const more = kind === "user" ? [button("switch_cashier", "switch-cashier")] : [];
  place.append(who, ...more, button("sign_out", "sign-out"));
}

if (!document.body.classList.contains("login")) show().catch(() => { /* away: the page says so itself */ });
