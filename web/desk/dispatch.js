/** The dispatchers' and reviewers' page: what waits for a person's decision, and the ticket to decide on. */
import { html, nothing, render, repeat } from "../vendor/lit.js";
import { actionButtons } from "../shared/action-form.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { loadTexts, t } from "../shared/i18n.js";
import { shortcuts } from "../shared/keys.js";
import { connect } from "../shared/live.js";
import { signedIn } from "../shared/shell.js";
import { doAction, ticketHead, ticketRow } from "../shared/ticket-view.js";
import { toastError } from "../shared/ui.js";
import "./reply-check.js";

const VIEWS = ["triage", "review", "requests", "callback", "all"];
const MAY_UNMASK = ["agent", "shift_lead", "callback", "supervisor"];
const MAY_DECIDE_SPANS = ["dispatcher", "privacy_officer"];
/** What each role came for; the first that fits. */
const FIRST_VIEW = { dispatcher: "triage", reviewer: "review", callback: "callback", supervisor: "requests", joint_office: "requests" };
const REFRESH_MS = 300;
const PAGE = 30;
const MOST = 100;

class TicketList extends PageElement {
  static properties = { page: { attribute: false } };

  render() {
    const { view, items, counts, selected, next, q, past } = this.page;
    const tabs = VIEWS.map((id) => ({ id, text: t(`dispatch.view.${id}`), count: id === "all" ? 0 : (counts[id] ?? 0) }));
    return html`<div class="pane__head stack stack--s">
        <x-tabs label=${t("dispatch.views")} .tabs=${tabs} selected=${view}
          @choose=${(/** @type {CustomEvent} */ e) => this.tell("view", e.detail)}></x-tabs>
        <form class="row row--keep" @submit=${this.search}>
          <input class="input grow" name="q" type="search" .value=${q} placeholder=${t("dispatch.search")} aria-label=${t("common.search")} />
          <button class="btn">${t("common.search")}</button>
        </form>
      </div>
      <div class="pane__body">
        ${items.length
          ? html`<ul class="list">${repeat(items, (one) => one.number, (one) => ticketRow(one, one.number === selected, () => this.tell("pick", one.number)))}</ul>`
          : html`<x-empty icon="ticket" heading=${t(`dispatch.empty.${view}`)}></x-empty>`}
        ${next ? html`<div class="pad"><button class="btn btn--wide" @click=${() => this.tell("more", null)}>${t("common.more")}</button></div>` : nothing}
        ${past.length ? html`<section class="pad stack stack--s" aria-label=${t("ticket.past")}><h2 class="small muted">${t("ticket.past")} ${past.length}</h2>
          <past-tickets .items=${past.map((/** @type {any} */ ticket) => ({ ticket }))}></past-tickets></section>` : nothing}
      </div>`;
  }

  /** @param {SubmitEvent} event */
  search(event) {
    event.preventDefault();
    // Not "search": browsers have an event of that name, which comes by itself and says nothing.
    this.tell("find", String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("q") ?? ""));
  }

  /** @param {string} name @param {unknown} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

class TicketPane extends PageElement {
  static properties = { ticket: { attribute: false }, unmask: { type: Boolean }, spans: { type: Boolean } };

  render() {
    const { ticket } = this;
    if (!ticket) return html`<x-empty class="fill" icon="ticket" heading=${t("dispatch.pick")} text=${t("dispatch.pickText")}></x-empty>`;
    return html`${ticketHead(ticket, () => this.tell("back"))}
      <div class="pane__body pad stack">${ticket.actions.some((/** @type {any} */ one) => one.action === "release")
        ? html`<reply-check .ticket=${ticket}></reply-check>` : nothing}<ticket-view .ticket=${ticket} ?unmask=${this.unmask} ?spans=${/** @type {any} */ (this).spans}
        @changed=${(/** @type {CustomEvent} */ e) => this.tell("changed", e.detail)}></ticket-view></div>
      ${ticket.actions.length
        ? html`<div class="pane__foot actions-bar">${actionButtons(ticket.actions, (event, action) => this.press(event, action))}</div>`
        : nothing}`;
  }

  /** @param {Event} event @param {import("../shared/action-form.js").Action} action */
  async press(event, action) {
    const { number } = this.ticket;
    const onConflict = async () => {
      const fresh = await api.get(`/tickets/${number}`);
      this.tell("changed", fresh);
      return fresh;
    };
    const after = await doAction(event, this.ticket, action, { onConflict });
    if (after) this.tell("changed", after);
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("ticket-list", TicketList);
define("ticket-pane", TicketPane);

const page = {
  view: "triage",
  items: /** @type {any[]} */ ([]),
  next: /** @type {string | null} */ (null),
  counts: /** @type {Record<string, number>} */ ({}),
  selected: "",
  q: "",
  past: /** @type {any[]} */ ([]),
  ticket: /** @type {any} */ (null),
  unmask: false,
  spans: false,
};
const main = /** @type {HTMLElement} */ (document.querySelector("#main"));

function draw() {
  render(
    html`<ticket-list class="pane" .page=${{ ...page }} @view=${(/** @type {CustomEvent} */ e) => open(e.detail)}
        @pick=${(/** @type {CustomEvent} */ e) => pick(e.detail)} @more=${() => load(true)}
        @find=${(/** @type {CustomEvent} */ e) => search(e.detail)}></ticket-list>
      <ticket-pane class="pane pane--soft" .ticket=${page.ticket} ?unmask=${page.unmask} ?spans=${page.spans}
        @changed=${(/** @type {CustomEvent} */ e) => show(e.detail)} @back=${() => (main.dataset.show = "first")}></ticket-pane>`,
    main,
  );
}

/** Reads the list: as long as it is, or a page longer. @param {boolean} [more] */
async function load(more = false) {
  const { view, q, items } = page;
  const asked = more ? { cursor: page.next, limit: PAGE } : { limit: Math.min(Math.max(items.length, PAGE), MOST) };
  try {
    const [list, counts, past] = await Promise.all([
      api.get("/tickets", { view, q, ...asked }), api.get("/tickets/counts"), q ? api.get("/history", { q }) : [],
    ]);
    if (view !== page.view || q !== page.q) return;
    Object.assign(page, { items: more ? [...items, ...list.items] : list.items, next: list.next, counts, past });
    draw();
  } catch (error) {
    toastError(error);
  }
}

/** @param {string} view */
function open(view) {
  Object.assign(page, { view, q: "", items: [], next: null, past: [] });
  load();
}

/** @param {string} q */
function search(q) {
  page.q = q;
  if (q) page.view = "all";
  load();
}

/** @param {string} number */
function pick(number) {
  page.selected = number;
  main.dataset.show = "second";
  draw();
  return read();
}

/** Reads the chosen ticket. */
async function read() {
  const number = page.selected;
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
  clearTimeout(timer);
  timer = setTimeout(() => load(), REFRESH_MS);
}

/** @param {any} fact */
function onFact(fact) {
  if (!String(fact.kind).startsWith("ticketing.")) return;
  refresh();
  if (fact.subject === `ticket:${page.selected}` && !document.querySelector("dialog[open]")) read();
}

/** @param {number} by */
function step(by) {
  const at = page.items.findIndex((one) => one.number === page.selected);
  const next = page.items[at < 0 ? 0 : Math.min(Math.max(at + by, 0), page.items.length - 1)];
  if (next) pick(next.number);
}

await loadTexts("dispatch", "ticket", "action");
const me = await signedIn();
page.unmask = MAY_UNMASK.some((role) => me.roles.includes(role));
page.spans = MAY_DECIDE_SPANS.some((role) => me.roles.includes(role));
page.view = Object.entries(FIRST_VIEW).find(([role]) => me.roles.includes(role))?.[1] ?? "all";
draw();
await load();
connect({ onFact, onResync: refresh });
shortcuts([
  { keys: "j", text: "dispatch.keys.next", run: () => step(1) },
  { keys: "k", text: "dispatch.keys.previous", run: () => step(-1) },
  { keys: "ctrl+enter", text: "dispatch.keys.primary", run: () => /** @type {HTMLElement | null} */ (document.querySelector(".actions-bar .btn--primary"))?.click() },
]);
