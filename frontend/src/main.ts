import "./ui/styles/colors.css";
import "./ui/styles/controls.css";
import "./ui/styles/layout.css";
import "./ui/styles/panels.css";
import "./ui/styles/dialogs.css";

import { createApi } from "./core/api";
import { systemClock } from "./core/clock";
import { createSession, type Storage } from "./core/session";
import { followImage, imageIn } from "./ui/address";
import { showPage } from "./ui/page";
import { useKeptTheme } from "./ui/theme";

const storage: Storage = {
  get: (key) => localStorage.getItem(key),
  set: (key, text) => localStorage.setItem(key, text),
  remove: (key) => localStorage.removeItem(key),
  keys: () => Object.keys(localStorage),
  onRemoved: (call) =>
    addEventListener("storage", ({ key, oldValue, newValue }) => {
      if (key !== null && oldValue !== null && newValue === null) call(key, oldValue);
    }),
};

useKeptTheme();
const api = createApi();
const session = createSession({ api, clock: systemClock, storage, newId });
showPage(document.getElementById("page")!, session, api);
followImage(session);
void session.start(imageIn(location.href));
addEventListener("pagehide", () => session.close());
// Back from the browser's own cache, where the session had been closed.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

/** crypto.randomUUID is missing where the page comes by plain HTTP from another machine. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
