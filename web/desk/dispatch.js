/** The page of dispatchers, reviewers, call-back workers and supervisors: what waits for a person's decision, and the
 * ticket or dispute to decide on. */
import { html, render } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { sendBatch, turned } from "../shared/batch.js";
import { loadTexts } from "../shared/i18n.js";
import { shortcuts } from "../shared/keys.js";
import { connect } from "../shared/live.js";
import { signedIn } from "../shared/shell.js";
import { toast, toastError } from "../shared/ui.js";
import { mostlySure, unsure } from "./certain-list.js";
import "./dispatch-panes.js";
import "./dispute-pane.js";
import "./inspect-pane.js";
import { mergeChosen } from "./merging.js";

const MAY_UNMASK = ["agent", "shift_lead", "callback", "supervisor"];
const MAY_DECIDE_SPANS = ["dispatcher", "privacy_officer"];
const MAY_RULE = ["supervisor", "joint_office"];
/** The lists each role works with, the first of them what they came for; whoever has several roles has them all. */
const VIEWS = {
  dispatcher: ["triage", "certain", "requests", "disputes", "outside", "all", "precedents"],
  reviewer: ["review", "requests", "exclusions", "all", "inspect"],
  callback: ["callback", "all", "inspect"],
  supervisor: ["requests", "disputes", "triage", "review", "callback", "outside", "all", "precedents", "inspect"],
  joint_office: ["disputes", "requests", "all", "precedents"],
  shift_lead: ["all", "triage", "outside", "review", "callback"],
};
const REFRESH_MS = 1000;
const PAGE = 30;
const MOST = 100;
const MOST_DISPUTES = 200;

const page = {
  view: "all",
  views: ["all"],
  items: /** @type {any[]} */ ([]),
  next: /** @type {string | null} */ (null),
  counts: /** @type {Record<string, number>} */ ({}),
  selected: "",
  q: "",
  state: "",
  ticket: /** @type {any} */ (null),
  unmask: false,
  spans: false,
  rules: false,
  request: "",
  disputes: /** @type {any[]} */ ([]),
  moreDisputes: /** @type {string | null} */ (null),
  certain: { items: /** @type {any[] | null} */ (null), chosen: new Set(), results: /** @type {any} */ (null), busy: false, wider: false },
  inspection: /** @type {any} the reply that is inspected */ (null),
  mayMerge: false,
  selecting: false,
  chosen: new Set(),
  results: /** @type {any} */ (null),
};
const main = /** @type {HTMLElement} */ (document.querySelector("#main"));

function draw() {
  const on = (/** @type {(detail: any) => void} */ run) => (/** @type {CustomEvent} */ event) => run(event.detail);
  render(
    html`<ticket-list class="pane" .page=${{ ...page, certain: { ...page.certain } }} @view=${on(open)} @pick=${on(pick)}
        @more=${() => load(true)} @find=${on(search)} @state=${on(filter)} @dispute=${on(openDispute)} @more-disputes=${moreDisputes} @turn-certain=${on(turn)} @all=${chooseAll}
        @confirm=${confirm} @inspect=${on(inspect)} @select=${select} @turn-merge=${on(turnMerge)} @merge=${on(merge)} @seen=${forgetResults}></ticket-list>${second()}`,
    main,
  );
}

function second() {
  const back = () => (main.dataset.show = "first");
  if (page.view === "precedents") return html`<precedent-list class="pane pane--soft" ?rules=${page.rules}></precedent-list>`;
  if (page.view === "inspect") {
    return html`<inspect-pane class="pane pane--soft" .found=${page.inspection} @back=${back} @inspected=${() => /** @type {any} */ (document.querySelector("inspect-list"))?.load()}></inspect-pane>`;
  }
  if (page.view === "disputes") {
    return html`<dispute-pane class="pane pane--soft" number=${page.selected} request=${page.request} ?rules=${page.rules} @back=${back} @ruled=${() => load()}></dispute-pane>`;
  }
  return html`<ticket-pane class="pane pane--soft" .ticket=${page.ticket} ?unmask=${page.unmask} ?spans=${page.spans}
    @changed=${(/** @type {CustomEvent} */ e) => show(e.detail)} @back=${back}></ticket-pane>`;
}

// -- lists --------------------------------------------------------------------------------------------------

/** Reads the list: as long as it is, or a page longer. @param {boolean} [more] */
async function load(more = false) {
  const { view, q, state, items } = page;
  const asked = more ? { cursor: page.next, limit: PAGE } : { limit: Math.min(Math.max(items.length, PAGE), MOST) };
  try {
    const [list, counts, proposals, disputes] = await Promise.all([
      page.views.includes(view) && !["certain", "disputes", "precedents", "inspect"].includes(view) ? api.get("/tickets", { view, q, state, ...asked }) : null,
      api.get("/tickets/counts"),
      page.views.includes("certain") ? api.get("/proposals") : null,
      page.views.includes("disputes") ? api.get("/disputes", { limit: Math.min(Math.max(page.disputes.length, PAGE), MOST_DISPUTES) }) : null,
    ]);
    if (view !== page.view || q !== page.q || state !== page.state) return;
    if (list) Object.assign(page, { items: more ? [...items, ...list.items] : list.items, next: list.next });
    page.counts = { ...counts, certain: proposals?.total ?? 0, disputes: disputes?.total ?? 0 };
    Object.assign(page, { disputes: disputes?.items ?? [], moreDisputes: disputes?.next ?? null });
    keepCertain(proposals?.items ?? []);
    draw();
  } catch (error) {
    toastError(error);
  }
}

/** @param {string} view */
function open(view) {
  Object.assign(page, { view, q: "", state: "", items: [], next: null, selecting: false, chosen: new Set(), results: null });
  if (view === "certain") Object.assign(page.certain, { results: null, wider: false });
  if (view === "precedents") main.dataset.show = "second";
  draw();
  return load();
}

/** @param {string} q */
function search(q) {
  Object.assign(page, { q, state: "", view: q ? "all" : page.view });
  load();
}

/** @param {string} state of a list only those in it, or all again */
function filter(state) {
  Object.assign(page, { state, items: [], next: null });
  draw();
  return load();
}

// -- what is certain ----------------------------------------------------------------------------------------

/** New proposals; what was chosen and is still there stays chosen. @param {any[]} items */
function keepCertain(items) {
  const there = new Set(items.map((one) => one.ticket.number));
  page.certain.items = [...mostlySure(items), ...unsure(items)];
  page.certain.chosen = new Set([...page.certain.chosen].filter((number) => there.has(number)));
  if (page.view !== "certain" || there.has(page.selected)) return;
  if (items.length) pick(page.certain.items[0].ticket.number, false);
  else Object.assign(page, { selected: "", ticket: null });
}

/** @param {string} number */
function turn(number) {
  page.certain.chosen = turned(page.certain.chosen, number);
  draw();
}

/** Those that are mostly sure, be it none; with the next press all, then none. */
function chooseAll() {
  const { certain } = page;
  const [sure, all] = [mostlySure(certain.items ?? []), certain.items ?? []].map((some) => some.map((one) => one.ticket.number));
  const lacks = (/** @type {string[]} */ numbers) => numbers.some((number) => !certain.chosen.has(number));
  if (!lacks(all)) Object.assign(certain, { chosen: new Set(), wider: false });
  else if (certain.wider && !lacks(sure)) certain.chosen = new Set(all);
  else Object.assign(certain, { chosen: new Set(sure), wider: sure.length < all.length });
  draw();
}

async function confirm() {
  const { certain } = page;
  const chosen = (certain.items ?? []).filter((one) => certain.chosen.has(one.ticket.number));
  if (!chosen.length || certain.busy) return;
  certain.busy = true;
  draw();
  try {
    certain.results = await sendBatch("dispatch", chosen.map((one) => ({
      number: one.ticket.number, version: one.ticket.version, form: { unit: one.unit },
    })));
    Object.assign(certain, { chosen: new Set(), wider: false });
  } catch (error) {
    toastError(error);
  } finally {
    certain.busy = false;
  }
  await load();
}

// -- merging ------------------------------------------------------------------------------------------------

function select() {
  Object.assign(page, { selecting: !page.selecting, chosen: new Set(), results: null });
  draw();
}

/** @param {string} number */
function turnMerge(number) {
  page.chosen = turned(page.chosen, number);
  draw();
}

function forgetResults() {
  page.results = page.certain.results = null;
  draw();
}

/** The chosen tickets into one of them. @param {HTMLElement} button */
async function merge(button) {
  const done = await mergeChosen(button, page.items.filter((one) => page.chosen.has(one.number)));
  if (!done) return;
  Object.assign(page, { results: done.results, selecting: false, chosen: new Set() });
  await pick(done.parent);
  await load();
}

// -- one ticket ---------------------------------------------------------------------------------------------

/** @param {any} one a DisputeRow */
function openDispute(one) {
  Object.assign(page, { request: one.request, selected: one.ticket.number });
  main.dataset.show = "second";
  draw();
  /** @type {any} */ (document.querySelector("my-notices"))?.opened?.(one.ticket.number);
}

/** The dispute of a ticket that waits for a ruling; null where none does. @param {string} number */
async function disputeOf(number) {
  try {
    const ticket = await api.get(`/tickets/${number}`);
    const request = ticket.requests.find((/** @type {any} */ one) => one.state === "disputed");
    return request ? { request: request.id, ticket: { number } } : null;
  } catch (error) {
    toastError(error);
    return null;
  }
}

/** @param {any} inspection what the list told: {one, page} */
function inspect(inspection) {
  page.inspection = inspection;
  main.dataset.show = "second";
  draw();
}

async function moreDisputes() {
  try {
    const next = await api.get("/disputes", { cursor: page.moreDisputes, limit: PAGE });
    Object.assign(page, { disputes: [...page.disputes, ...next.items], moreDisputes: next.next });
    draw();
  } catch (error) {
    toastError(error);
  }
}

/** @param {string} number @param {boolean} [turns] whether a phone turns to it */
function pick(number, turns = true) {
  page.selected = number;
  if (turns) main.dataset.show = "second";
  draw();
  /** @type {any} */ (document.querySelector("my-notices"))?.opened?.(number);
  return read();
}

/** Reads the chosen ticket. */
async function read() {
  const number = page.selected;
  if (["disputes", "inspect"].includes(page.view) || !number) return;
  try {
    const ticket = await api.get(`/tickets/${number}`);
    if (page.selected === number) page.ticket = ticket;
    draw();
  } catch (error) {
    toastError(error);
  }
}

/** @param {any} ticket */
function show(ticket) {
  if (ticket.number === page.selected) page.ticket = ticket;
  draw();
  load();
}

let timer = 0;

function refresh() {
  // Not put off by the next fact: at a busy desk there is always a next one, and the list would stand still.
  timer ||= setTimeout(() => {
    timer = 0;
    load();
  }, REFRESH_MS);
}

/** @param {any} fact */
function onFact(fact) {
  const kind = String(fact.kind);
  if (!kind.startsWith("ticketing.") || kind === "ticketing.TicketWatched") return;
  if (page.rules && kind === "ticketing.RulingLate") toast(t("work.rulingLate", { number: String(fact.subject).replace("ticket:", "") }), { kind: "warn" });
  refresh();
  if (fact.subject === `ticket:${page.selected}` && !document.querySelector("dialog[open]")) read();
}

/** @param {number} by */
function step(by) {
  if (page.view === "disputes") return stepIn(page.disputes, by, (one) => one.request === page.request, openDispute);
  const rows = page.view === "certain" ? (page.certain.items ?? []).map((one) => one.ticket) : page.items;
  stepIn(rows, by, (one) => one.number === page.selected, (one) => pick(one.number));
}

/** @param {any[]} rows @param {number} by @param {(one: any) => boolean} here @param {(one: any) => void} go */
function stepIn(rows, by, here, go) {
  const at = rows.findIndex(here);
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (next) go(next);
}

/** What Enter means something to by itself: the tab that is open and a box to tick are not among them. */
const ENTERED = "button:not([role=tab][aria-selected=true]), a, input:not([type=checkbox]), select, summary";
const SPACED = "button, a, input, select, summary";

/** Enter and the space bar press the button that has the keyboard; elsewhere they are the list's.
 * @param {string} holding @param {() => void} run */
function inCertain(holding, run) {
  return () => {
    const at = /** @type {HTMLElement | null} */ (document.activeElement);
    const holds = at?.matches(holding) && !at.closest("certain-list li");
    if (holds) at?.click();
    else if (page.view === "certain") run();
    else if (at?.matches("button, a")) at.click();
  };
}

await loadTexts("dispatch", "ticket", "action", "work");
const me = await signedIn();
const has = (/** @type {string[]} */ roles) => roles.some((role) => me.roles.includes(role));
page.unmask = has(MAY_UNMASK);
page.spans = has(MAY_DECIDE_SPANS);
page.rules = has(MAY_RULE);
page.mayMerge = has(["dispatcher", "agent", "shift_lead"]);
const mine = Object.entries(VIEWS).filter(([role]) => me.roles.includes(role)).flatMap(([, views]) => views);
page.views = mine.length ? [...new Set(mine)] : ["all"];
page.view = page.views[0];
draw();
await load();
const asked = new URLSearchParams(location.search);
const wanted = asked.get("t") ?? "";
if (wanted) {
  history.replaceState(null, "", "/dispatch");
  const dispute = asked.get("view") === "disputes" && page.views.includes("disputes") ? await disputeOf(wanted) : null;
  if (dispute) {
    await open("disputes");
    openDispute(dispute);
  } else await pick(wanted);
}
connect({ onFact, onResync: refresh });
shortcuts([
  { keys: "j", text: "dispatch.keys.next", run: () => step(1) },
  { keys: "k", text: "dispatch.keys.previous", run: () => step(-1) },
  { keys: "ctrl+enter", text: "dispatch.keys.primary", run: () => /** @type {HTMLElement | null} */ (document.querySelector(".actions-bar .btn--primary"))?.click() },
  ...(page.views.includes("certain")
    ? [
        { keys: "c", text: "work.keys.certain", run: () => void open("certain") },
        { keys: "a", text: "work.keys.all", run: () => page.view === "certain" && chooseAll() },
        { keys: " ", text: "work.keys.turn", run: inCertain(SPACED, () => turn(page.selected)) },
        { keys: "enter", text: "work.keys.confirm", run: inCertain(ENTERED, () => void confirm()) },
      ]
    : []),
]);
