/** /admin: what administrators mind, one pane each. A pane is one line of PANES and an element `<ID-pane .me>` in its own
 * module, named `admin.pane.ID` in the texts; it may have `onFact(fact)` and `onResync()` to follow the live line. */
import { html, nothing, render } from "../vendor/lit.js";
import { loadTexts, t } from "../shared/i18n.js";
import { connect } from "../shared/live.js";
import { signedIn } from "../shared/shell.js";
import { toastError } from "../shared/ui.js";

/** @typedef {{id: string, icon: string, load: () => Promise<unknown>}} Pane */

/** @type {Pane[]} */
const PANES = [
  { id: "units", icon: "building", load: () => import("./units-pane.js") },
  { id: "users", icon: "users", load: () => import("./users-pane.js") },
  { id: "roles", icon: "shield", load: () => import("./roles-pane.js") },
  { id: "data", icon: "download", load: () => import("./data-pane.js") },
  { id: "catalogue", icon: "list", load: () => import("./catalogue-pane.js") },
  { id: "texts", icon: "text", load: () => import("./texts-pane.js") },
  { id: "words", icon: "shield", load: () => import("./words-pane.js") },
  { id: "limits", icon: "clock", load: () => import("./limits-pane.js") },
  { id: "calendar", icon: "calendar", load: () => import("./calendar-pane.js") },
  { id: "keys", icon: "lock", load: () => import("./keys-pane.js") },
  { id: "webhooks", icon: "send", load: () => import("./webhooks-pane.js") },
];

const main = /** @type {HTMLElement} */ (document.querySelector("#main"));
/** @type {any} the pane that is shown */
let shown = null;

/** The pane the address names, else the first. */
function wanted() {
  const id = location.hash.slice(1).split("?")[0];
  return PANES.find((pane) => pane.id === id) ?? PANES[0];
}

/** @param {Pane} current */
function draw(current) {
  const links = PANES.map((pane) => html`<a class="menu__item" href=${`#${pane.id}`} aria-current=${pane === current ? "page" : "false"}>
    <x-icon name=${pane.icon}></x-icon><span>${t(`admin.pane.${pane.id}`)}</span></a>`);
  // A choice of one is none: the rail comes with the second pane.
  render(html`${PANES.length > 1 ? html`<nav class="admin__rail" aria-label=${t("nav.admin")}>${links}</nav>` : nothing}
    <div class="admin__pane">${shown}</div>`, main);
}

async function open() {
  const pane = wanted();
  await pane.load();
  shown = Object.assign(document.createElement(`${pane.id}-pane`), { me });
  document.title = `${t(`admin.pane.${pane.id}`)} · ${t("product.full")}`;
  draw(pane);
}

await loadTexts("admin", "action");
const me = await signedIn();
addEventListener("hashchange", () => open().catch(toastError));
await open().catch(toastError);
connect({ onFact: (/** @type {any} */ fact) => shown?.onFact?.(fact), onResync: () => shown?.onResync?.() });
