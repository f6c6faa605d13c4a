// The picture of a QR: a new element for each code, shown after it has loaded.

import { api, make, words } from "/assets/till.js";

/// Seconds until a failed picture is requested again, and until a picture that does not arrive is.
const AGAIN = [1, 2, 4, 8, 15];
const TIMEOUTS = [10, 20, 40, 60];

/// Part of each picture's address, which makes it unique: browsers cache pictures by address, and a page waits
/// while another page loads the same address.
const PAGE = Math.random().toString(36).slice(2);
let asks = 0;

const inSeconds = (work, seconds) => setTimeout(work, seconds * 1000);
const nth = (list, at) => list[Math.min(at, list.length - 1)];

/// Shows pictures in a frame: `show(record)` shows the QR of a sale, and `hide()` shows none.
export function pictureIn(frame) {
  const note = make("p", "loading", "");
  frame.append(note);
  let code = null;
  let image = null;
  let timer;

  function drop() {
    clearTimeout(timer);
    // When the address is removed, the browser also closes the waiting connection.
    image?.removeAttribute("src");
    image?.remove();
    image = null;
  }

  function say(word) {
    note.dataset.say = word;
    note.textContent = words()[word];
  }

  function load(record, attempt) {
    drop();
    const asked = code;
    const fresh = make("img", "", "");
    fresh.id = "qr";
    fresh.alt = "QRIS";
    fresh.hidden = true;
    fresh.dataset.number = record.number;
    const isShown = () => code === asked && image === fresh;
    fresh.addEventListener("load", () => {
      if (!isShown()) return;
      clearTimeout(timer);
      note.hidden = true;
      fresh.hidden = false;
    });
    const again = () => { if (isShown()) load(record, attempt + 1); };
    fresh.addEventListener("error", () => {
      if (!isShown()) return;
      clearTimeout(timer);
      say("loading_again");
      timer = inSeconds(again, nth(AGAIN, attempt));
    });
    timer = inSeconds(() => {
      if (isShown()) say("loading_again");
      again();
    }, nth(TIMEOUTS, attempt));
    image = fresh;
    frame.append(fresh);
    const query = new URLSearchParams({ plain: "yes", once: `${PAGE}-${asks += 1}` });
    fresh.src = api(`/api/orders/${encodeURIComponent(record.number)}/qr.svg?${query}`);
  }

  return {
    show(record) {
      const wanted = JSON.stringify([record.number, record.qris_invoiceid]);
      frame.hidden = false;
      if (code === wanted) return;
      code = wanted;
      note.hidden = false;
      say("loading");
      load(record, 0);
    },
    hide() {
      frame.hidden = true;
      code = null;
      drop();
    },
  };
}
