/** /unit: a member unit's work, from the inbox by due time to the submitted result. */
import { html, render } from "../vendor/lit.js";
import { runAction } from "../shared/action-form.js";
import { api } from "../shared/api.js";
import { loadTexts, t } from "../shared/i18n.js";
import { shortcuts } from "../shared/keys.js";
import { connect } from "../shared/live.js";
import "../shared/shell.js";
import { askChoice, toast, toastError } from "../shared/ui.js";
import { whoIsThere } from "../login/me.js";
import "./unit-list.js";
import "./unit-ticket.js";

/** @typedef {import("../shared/action-form.js").Action} Action */

const REFRESH_MS = 300;

/** What both panes show. */
const page = {
  view: "inbox",
  q: "",
  /** @type {any[] | null} */
  rows: null,
  /** @type {string | null} */
  next: null,
  /** @type {Record<string, number>} */
  counts: {},
  number: "",
  /** @type {any} */
  ticket: null,
};

const main = /** @type {HTMLElement} */ (document.querySelector("#main"));

function draw() {
  render(html`<unit-list class="pane" .page=${{ ...page }}
      @view=${(/** @type {CustomEvent} */ e) => browse({ view: e.detail })}
      @search=${(/** @type {CustomEvent} */ e) => browse({ q: e.detail })}
      @more=${() => more()} @pick=${(/** @type {CustomEvent} */ e) => pick(e.detail)}></unit-list>
    <unit-ticket class="pane pane--soft" .ticket=${page.ticket} .number=${page.number}
      @back=${() => history.back()} @press=${(/** @type {CustomEvent} */ e) => press(e.detail.button, e.detail.action)}
      @more=${(/** @type {CustomEvent} */ e) => choose(e.detail)}></unit-ticket>`, main);
}

/** @param {Partial<typeof page>} change */
function browse(change) {
  Object.assign(page, change, { rows: null, next: null });
  draw();
  return loadList();
}

async function loadList() {
  const { view, q } = page;
  try {
    const [list, counts] = await Promise.all([api.get("/tickets", { view, q }), api.get("/tickets/counts")]);
    if (view !== page.view || q !== page.q) return;
    Object.assign(page, { rows: list.items, next: list.next, counts });
  } catch (error) {
    page.rows ??= [];
    toastError(error);
  }
  draw();
}

async function more() {
  const list = await api.get("/tickets", { view: page.view, q: page.q, cursor: page.next });
  Object.assign(page, { rows: [...(page.rows ?? []), ...list.items], next: list.next });
  draw();
}

/** Opens a ticket; on a phone the way back is the phone's own. @param {string} number */
function pick(number) {
  if (number !== page.number) history[page.number ? "replaceState" : "pushState"]({ number }, "", `/unit?t=${encodeURIComponent(number)}`);
  return show(number);
}

/** @param {string} number empty shows the list */
async function show(number) {
  page.number = number;
  if (page.ticket?.number !== number) page.ticket = null;
  main.dataset.show = number ? "second" : "first";
  draw();
  await loadTicket();
}

async function loadTicket() {
  const { number } = page;
  if (!number) return;
  try {
    const ticket = await api.get(`/tickets/${number}`);
    if (number === page.number) page.ticket = ticket;
  } catch (error) {
    toastError(error);
    if (number === page.number && !page.ticket) show("");
  }
  draw();
}

/** Actions and requests are drawn alike and sent to two addresses. @param {Action} action */
function send(action) {
  const { number } = page;
  const asked = page.ticket.can_request.includes(action);
  return (/** @type {object} */ form) => {
    const { version } = page.ticket;
    if (asked) return api.post(`/tickets/${number}/requests`, { kind: action.action, version, form });
    return api.post(`/tickets/${number}/actions/${action.action}`, { version, form });
  };
}

/** @param {File[]} files @returns {Promise<string[]>} */
async function upload(files) {
  const kept = await api.upload(`/tickets/${page.number}/attachments`, files);
  return kept.map((/** @type {{id: string}} */ file) => file.id);
}

/** @param {HTMLElement} button @param {Action} action */
async function press(button, action) {
  const { number } = page;
  const work = { send: send(action), upload, onConflict: loadTicket, keep: `${number} ${action.action}` };
  const ticket = await runAction(button, action, work);
  if (!ticket) return;
  toast(t("unit.done", { label: action.label }), { kind: "good" });
  if (number === page.number) page.ticket = ticket;
  draw();
  await loadList();
}

/** Under the thumb there is room for one action; the others are a list. @param {HTMLElement} button */
async function choose(button) {
  const all = others();
  const choices = all.map((action) => ({ value: action.action, text: action.label }));
  const chosen = await askChoice({ title: t("unit.moreTitle"), choices });
  const action = all.find((one) => one.action === chosen);
  if (action) await press(button, action);
}

/** @returns {Action[]} everything but the next step */
function others() {
  const { actions, can_request: requests } = page.ticket;
  const first = actions.find((/** @type {Action} */ one) => one.primary);
  return [...actions.filter((/** @type {Action} */ one) => one !== first), ...requests];
}

/** @param {number} by */
function step(by) {
  const rows = page.rows ?? [];
  const at = rows.findIndex((one) => one.number === page.number);
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (next) pick(next.number);
}

let timer = 0;

// Facts come in bursts; one look after the burst is enough for all of them.
function refresh() {
  clearTimeout(timer);
  timer = setTimeout(() => Promise.all([loadList(), loadTicket()]), REFRESH_MS);
}

await loadTexts("unit", "action");
document.title = `${t("nav.unit")} · ${t("product.full")}`;
await whoIsThere();
draw();
addEventListener("popstate", (event) => show(event.state?.number ?? ""));
const wanted = new URLSearchParams(location.search).get("t") ?? "";
if (wanted) history.replaceState(null, "", "/unit");
await loadList();
if (wanted) await pick(wanted);
connect({ onFact: refresh, onResync: refresh });
shortcuts([
  { keys: "j", text: "unit.keys.next", run: () => step(1) },
  { keys: "k", text: "unit.keys.previous", run: () => step(-1) },
  { keys: "alt+enter", text: "unit.keys.act", run: () => /** @type {HTMLElement | null} */ (document.querySelector("[data-next]"))?.click() },
  { keys: "/", text: "unit.keys.search", run: () => document.querySelector("input")?.focus() },
]);
