// Shows who is signed in, with the buttons "Ganti kasir" and "Keluar". A page includes it with
//
//   <script type="module" src="/assets/who.js"></script>
//
// It is shown in the element with the id "who", or at the end of the page's first <nav>. If nobody needs to
// sign in, nothing is shown. For a cashier, links to pages for supervisors and owners are hidden.

import { addWords, make, words } from "/assets/till.js";

addWords({
  id: { switch_cashier: "Ganti kasir", sign_out: "Keluar", signed_in: (name) => `Masuk sebagai ${name}`, owner_token: "pemilik" },
  en: { switch_cashier: "Switch cashier", sign_out: "Sign out", signed_in: (name) => `Signed in as ${name}`, owner_token: "owner" },
});

/// Where this browser stores the names of users for the sign-in page.
export const NAMES = "qris-people";

/// The stored names. No PIN is stored.
export function knownNames() {
  try {
    const names = JSON.parse(localStorage.getItem(NAMES) ?? "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string").slice(0, 24) : [];
  } catch { return []; }
}

/// Ends the session and opens the sign-in page.
async function leave() {
  try { await fetch("/api/session", { method: "DELETE" }); } catch { /* the session stays, and the page shows that */ }
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

function button(word, id) {
  const made = make("button", "quiet", words()[word]);
  made.type = "button";
  made.id = id;
  // Updated when the language is switched.
  made.dataset.say = word;
  made.addEventListener("click", leave);
  return made;
}

/// Hides the links to pages that a cashier may not open.
function hideLinks() {
  for (const path of ["/bills", "/report", "/settlement"]) {
    for (const link of document.querySelectorAll(`nav a[data-page="${path}"]`)) link.hidden = true;
  }
}

async function show() {
  const response = await fetch("/api/session");
  if (!response.ok) return;
  const { kind, name, role, people } = await response.json();
  if (kind === "anybody") return;
  if (role === "cashier") hideLinks();
  try { localStorage.setItem(NAMES, JSON.stringify(people)); } catch { /* no storage: the name is typed */ }
  const place = document.getElementById("who") ?? document.querySelector("nav");
  if (!place) return;
  const who = make("span", "fact who", name ?? words().owner_token);
  who.id = "who-name";
  if (!name) who.dataset.say = "owner_token";
  const more = kind === "user" ? [button("switch_cashier", "switch-cashier")] : [];
  place.append(who, ...more, button("sign_out", "sign-out"));
}

if (!document.body.classList.contains("login")) show().catch(() => { /* the page shows that the till cannot be reached */ });
