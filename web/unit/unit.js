/** /unit: a member unit's work, from the inbox by due time to the submitted result. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, ApiError } from "../shared/api.js";
import { sendBatch, turned } from "../shared/batch.js";
import { followCalls, isCalling, readCalls, startCall } from "../shared/calling.js";
import { loadTexts, t } from "../shared/i18n.js";
import { shortcuts } from "../shared/keys.js";
import { connect } from "../shared/live.js";
import { signedIn } from "../shared/shell.js";
import { askRequest, doAction } from "../shared/ticket-view.js";
import { busy, toast, toastError } from "../shared/ui.js";
import "../shared/dictate.js";
import { openAbsences } from "./absences.js";
import { openApproval } from "./approval.js";
import { PhotoQueue } from "./photo-queue.js";
import { hereAndNow } from "./photo-tray.js";
import "./unit-figures.js";
import "./unit-list.js";
import "./unit-sheet.js";
import { readSuggestions } from "./unit-suggestions.js";
import { chooseAction } from "./unit-ticket.js";

/** @typedef {import("../shared/action-form.js").Action} Action */

/** Who calls citizens in their own right; a leader does while standing in. */
const WORKERS = ["liaison", "handler"];
const REFRESH_MS = 1000;
const PAGE = 50;
const MOST = 100;

/** What both panes show. */
const page = {
  view: "inbox",
  q: "",
  state: "",
  /** @type {any[] | null} null before the list was read */
  rows: null,
  /** @type {string | null} */
  next: null,
  /** @type {Record<string, number>} */
  counts: {},
  number: "",
  /** @type {any} */
  ticket: null,
  /** @type {any[]} what citizens suggest and the unit is to answer */
  suggestions: [],
  works: false,
  leads: false,
  figures: false,
  /** @type {"" | "open" | "kept"} the work list as a workbook: once opened it keeps what was handed in */
  sheet: "",
  hands: false,
  approves: false,
  light: "",
  selecting: false,
  /** @type {Set<string>} */
  chosen: new Set(),
  /** @type {any} how signing many went */
  results: null,
  /** @type {import("../shared/calling.js").Calls | null} calls about the chosen ticket */
  calls: null,
};

/** @returns {any} the bell, once it is drawn */
const myNotices = () => document.querySelector("my-notices");
/** @returns {any} the line of disputes, once it is drawn */
const hearings = () => document.querySelector("unit-hearings");
const main = /** @type {HTMLElement} */ (document.querySelector("#main"));

/** @param {unknown} [_after] something done before */
function draw(_after) {
  render(html`<unit-list class="pane" .page=${{ ...page }}
      @view=${(/** @type {CustomEvent} */ e) => (e.detail === "figures" ? showFigures() : browse({ view: e.detail, figures: false }))}
      @state=${(/** @type {CustomEvent} */ e) => browse({ state: e.detail })}
      @search=${(/** @type {CustomEvent} */ e) => browse({ q: e.detail })}
      @light=${(/** @type {CustomEvent} */ e) => light(e.detail)} @select=${select} @turn=${(/** @type {CustomEvent} */ e) => turn(e.detail)}
      @sign=${(/** @type {CustomEvent} */ e) => sign(e.detail)} @seen=${() => draw(void (page.results = null))} @approval=${() => openApproval(me.unit, page.approves)} @absences=${openAbsences} @sheet=${showSheet}
      @more=${() => loadList(true)} @pick=${(/** @type {CustomEvent} */ e) => pick(e.detail)}></unit-list>
    ${page.figures
      ? html`<unit-figures class="pane pane--soft" .unit=${me.unit} @pick=${(/** @type {CustomEvent} */ e) => pick(e.detail)} @back=${back}></unit-figures>`
      : nothing}
    ${page.sheet
      ? html`<unit-sheet class="pane pane--soft" ?hidden=${page.sheet !== "open"} .unit=${me.unit} @pick=${(/** @type {CustomEvent} */ e) => pick(e.detail)} @back=${back} @done=${() => loadList()}></unit-sheet>`
      : nothing}
    ${chosenSuggestion() && !aside()
      ? html`<unit-suggestion class="pane pane--soft" .item=${chosenSuggestion()} @back=${back} @done=${answered}></unit-suggestion>`
      : nothing}
    <unit-ticket class="pane pane--soft" ?hidden=${aside() || Boolean(chosenSuggestion())} .ticket=${page.ticket} number=${page.number} unmask
      .calls=${page.calls} .queue=${queue} @call=${(/** @type {CustomEvent} */ e) => call(e.detail)} @heard=${(/** @type {CustomEvent} */ e) => heard(e.detail)} @photo=${(/** @type {CustomEvent} */ e) => photo(e.detail)}
      @back=${back} @changed=${(/** @type {CustomEvent} */ e) => changed(e.detail)}
      @press=${(/** @type {CustomEvent} */ e) => press(e.detail.button, e.detail.action)}
      @choose=${(/** @type {CustomEvent} */ e) => choose(e.detail)}></unit-ticket>`, main);
}

/** @param {Partial<typeof page>} change */
function browse(change) {
  Object.assign(page, { light: "", selecting: false, chosen: new Set(), results: null }, change, { rows: null, next: null });
  draw();
  return loadList();
}

/** @param {string} one shows only tickets of this light, or all again */
function light(one) {
  page.light = page.light === one ? "" : one;
  draw();
}

function select() {
  Object.assign(page, { selecting: !page.selecting, chosen: new Set(), results: null });
  draw();
}

/** @param {string} number empty for all or none */
function turn(number) {
  const waiting = (page.rows ?? []).filter((one) => one.state === "dispatched" && !one.part_label).map((one) => one.number);
  if (number) page.chosen = turned(page.chosen, number);
  else page.chosen = new Set(waiting.every((one) => page.chosen.has(one)) ? [] : waiting);
  draw();
}

/** Signs what was chosen. @param {HTMLElement} button */
async function sign(button) {
  const chosen = (page.rows ?? []).filter((one) => page.chosen.has(one.number));
  await busy(button, async () => {
    page.results = await sendBatch("accept", chosen.map(({ number, version }) => ({ number, version })));
    Object.assign(page, { selecting: false, chosen: new Set() });
  });
  await Promise.all([loadList(), loadTicket()]);
}

/** Reads the list: as long as it is, or a page longer. @param {boolean} [more] */
async function loadList(more = false) {
  const { view, q, state } = page;
  const rows = page.rows ?? [];
  const asked = more ? { cursor: page.next, limit: PAGE } : { limit: Math.min(Math.max(rows.length, PAGE), MOST) };
  try {
    const [list, counts, suggestions] = await Promise.all([
      api.get("/tickets", { view, q, state, ...asked }), api.get("/tickets/counts"), readSuggestions(),
    ]);
    if (view !== page.view || q !== page.q || state !== page.state) return;
    Object.assign(page, { rows: more ? [...rows, ...list.items] : list.items, next: list.next, counts, suggestions });
  } catch (error) {
    page.rows ??= [];
    toastError(error);
  }
  draw();
}

/** The suggestion that is open in place of a ticket. */
function chosenSuggestion() {
  return page.suggestions.find((one) => one.suggestion.number === page.number);
}

/** Something was done to a suggestion: it goes to the next, or from the list. */
async function answered() {
  await loadList();
  if (!chosenSuggestion()) back();
}

/** Opens a ticket; on a phone the way back is the phone's own. @param {string} number */
function pick(number) {
  if (number !== page.number) history[page.number ? "replaceState" : "pushState"]({ number }, "", `/unit?t=${encodeURIComponent(number)}`);
  return show(number);
}

/** To the list, which a link into the middle has not behind it. */
function back() {
  if (history.state?.number) history.back();
  else show("");
}

/** Whether something else stands in place of a ticket. */
function aside() {
  return page.figures || page.sheet === "open";
}

/** The work list as a workbook, in place of a ticket. */
function showSheet() {
  Object.assign(page, { sheet: "open", figures: false });
  main.dataset.show = "second";
  draw();
}

/** The unit's own figures, in place of a ticket. */
function showFigures() {
  page.figures = true;
  page.sheet &&= "kept";
  main.dataset.show = "second";
  draw();
}

/** @param {string} number empty shows the list */
async function show(number) {
  page.number = number;
  page.figures = false;
  page.sheet &&= "kept";
  if (page.ticket?.number !== number) Object.assign(page, { ticket: null, calls: null });
  main.dataset.show = number ? "second" : "first";
  draw();
  await loadTicket();
}

/** A ticket that is no longer the unit's: returned, or taken over by another. @param {string} number */
function leave(number) {
  if (number !== page.number) return;
  Object.assign(page, { number: "", ticket: null });
  main.dataset.show = "first";
  history.replaceState(null, "", "/unit");
  toast(t("unit.gone", { number }), { kind: "warn" });
}

/** Reads the chosen ticket anew. @returns {Promise<any>} the ticket that is shown */
async function loadTicket() {
  const { number } = page;
  if (!number || chosenSuggestion()) return null;
  try {
    const early = page.works ? readCalls(number) : null;
    const ticket = await api.get(`/tickets/${number}`);
    const calls = await (early ?? (ticket.can_unmask ? readCalls(number) : null));
    if (number === page.number) Object.assign(page, { ticket, calls });
    listenOn();
    myNotices()?.opened(number);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) leave(number);
    else toastError(error);
  }
  draw();
  return page.ticket;
}

/** @param {any} ticket */
function changed(ticket) {
  if (ticket.number === page.number) page.ticket = ticket;
  draw();
  return loadList();
}

/** @param {HTMLElement} button @param {Action} action */
async function press(button, action) {
  const asking = page.ticket.can_request.includes(action);
  const { number } = page.ticket;
  const files = await queue.files(number);
  const after = await (asking ? askRequest : doAction)(button, page.ticket, action, { onConflict: loadTicket, files });
  if (after && action.action === "submit_result") await queue.handedIn(number);
  if (after) await changed(after);
}

/** Has the officer rung and put through; where that cannot be, says what is missing and offers the number instead.
 * @param {HTMLElement} button */
async function call(button) {
  const { number, calls, ticket } = page;
  if (!calls) return;
  const look = ticket.can_unmask ? { text: t("ticket.unmask"), run: () => /** @type {any} */ (document.querySelector("ticket-view"))?.askContact() } : undefined;
  const after = await startCall(button, number, calls, look);
  if (after && number === page.number) page.calls = after;
  draw();
  listenOn();
}

/** Who picked up was said: a talk with the citizen is the first contact, which the ticket knows now. @param {any} calls */
async function heard(calls) {
  page.calls = calls;
  draw();
  await loadTicket();
}

let stopListening = () => {};

/** While somebody is being rung, how it goes; at its end the ticket knows of it. */
function listenOn() {
  stopListening();
  const { number } = page;
  stopListening = followCalls(number, page.calls, async (calls) => {
    if (number !== page.number) return;
    page.calls = calls;
    draw();
    if (!isCalling(calls)) await loadTicket();
  });
}

/** @param {File} file */
async function photo(file) {
  const { number } = page;
  await queue.add(number, file, await hereAndNow());
}

/** @param {{button: HTMLElement, title: string, choices: Action[]}} asked */
async function choose({ button, title, choices }) {
  const action = await chooseAction(title, choices);
  if (action) await press(button, action);
}

/** @param {number} by */
function step(by) {
  const rows = page.rows ?? [];
  const at = rows.findIndex((one) => one.number === page.number);
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (next) pick(next.number);
}

function doNext() {
  const bars = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("unit-ticket .btn--primary[data-action]")]);
  bars.find((button) => button.offsetParent)?.click();
}

let timer = 0;

// Facts come in bursts; one look after the burst is enough for all of them. What somebody is deciding on stays as it is.
function refresh() {
  timer ||= setTimeout(() => {
    timer = 0;
    loadList();
    myNotices()?.load();
    hearings()?.load();
    if (!document.querySelector("dialog[open]")) loadTicket();
  }, REFRESH_MS);
}

/** @param {{kind: string}} fact */
function onFact(fact) {
  const kind = String(fact.kind);
  if (/^(ticketing|suggestions)\./.test(kind) && kind !== "ticketing.TicketWatched") refresh();
}

await loadTexts("unit", "ticket", "action", "work", "spot");
document.title = `${t("nav.unit")} · ${t("product.full")}`;
const me = await signedIn();
page.approves = me.roles.includes("unit_leader");
page.works = me.roles.some((role) => WORKERS.includes(role));
if (page.approves) page.view = "approval";
page.hands = page.works && Boolean(me.unit);
page.leads = me.roles.includes("unit_leader");
const queue = new PhotoQueue(me.login ?? me.name);
queue.flush();
draw();
addEventListener("popstate", (event) => show(event.state?.number ?? ""));
const wanted = new URLSearchParams(location.search).get("t") ?? "";
if (wanted) history.replaceState(null, "", "/unit");
await Promise.all([loadList(), wanted ? pick(wanted) : null]);
connect({ onFact, onResync: refresh });
shortcuts([
  { keys: "j", text: "unit.keys.next", run: () => step(1) },
  { keys: "k", text: "unit.keys.previous", run: () => step(-1) },
  { keys: "ctrl+enter", text: "unit.keys.primary", run: doNext },
  { keys: "/", text: "unit.keys.search", run: () => document.querySelector("input")?.focus() },
]);
