/** /supervise: the wall of the duty room, and what a supervisor does from it. It reads anew when a fact comes in. */
import { html, nothing, render } from "../vendor/lit.js";
import { actionButtons } from "../shared/action-form.js";
import { api } from "../shared/api.js";
import { timeOfDay } from "../shared/format.js";
import { loadTexts, t } from "../shared/i18n.js";
import { connect } from "../shared/live.js";
import { signedIn } from "../shared/shell.js";
import { doAction, ticketHead } from "../shared/ticket-view.js";
import { busy, toast, toastError } from "../shared/ui.js";
import { countUnreached, readUnreached, unreachedList } from "../shared/unreached.js";
import { drawAllFigures } from "./all-figures.js";
import { hotOf, numbersOf, ratesOf, rowsOf, urgentOf } from "./wall-parts.js";

// Facts come in bursts; one look after the burst is enough for all of them.
const REFRESH_MS = 1000;
const CLOCKS_MS = 60_000;
const SUPERVISES = ["supervisor", "joint_office"];
const UNREACHED = "unreached";
const RATES = ["volume", "connected", "first_reply", "responded", "on_time", "satisfied"];

const page = { wall: /** @type {any} */ (null), hot: /** @type {any[]} */ ([]), rates: /** @type {any[]} */ ([]), unreached: /** @type {import("../shared/unreached.js").Silent[]} */ ([]), may: false, figures: false };
const main = /** @type {HTMLElement} */ (document.querySelector("#main"));
const hands = { open: openList, show: showTicket, act, get may() { return page.may; } };

function draw() {
  const { wall } = page;
  if (!wall) return render(html`<p class="pad" aria-busy="true">${t("common.loading")}</p>`, main);
  render(html`<div class="wall__top">
      ${numbersOf(wall.lights, t("supervise.lights"), hands)}
      ${numbersOf(wall.levels, t("supervise.levels"), hands)}
      ${numbersOf([...wall.waiting, silentNumber()], t("supervise.waiting"), hands)}
    </div>
    <section class="wall__card wall__overdue"><header class="wall__head"><h1>${t("supervise.overdue")}</h1>
      <span class="small faint">${t("supervise.asOf", { time: timeOfDay(wall.at) })}</span></header>
      <div class="wall__scroll">${wall.overdue.length ? rowsOf(wall.overdue, hands)
        : html`<x-empty icon="check" heading=${t("supervise.noOverdue")} text=${t("supervise.noOverdueText")}></x-empty>`}</div></section>
    <section class="wall__card wall__urgent"><header class="wall__head"><h2>${t("supervise.urgent")}</h2>
      <span class="count ${wall.urgent.length ? "count--urgent" : ""}">${wall.urgent.length}</span></header>
      <div class="wall__scroll">${urgentOf(wall.urgent, hands)}</div></section>
    ${page.figures ? html`<section class="wall__card wall__hot"><header class="wall__head"><h2>${t("supervise.hot")}</h2></header>
        <div class="wall__scroll">${hotOf(page.hot)}</div></section>
      <section class="wall__card wall__figures"><header class="wall__head"><h2>${t("supervise.figures")}</h2>
        <button class="btn btn--small btn--quiet" type="button" data-all-figures @click=${() => drawAllFigures(sheet(t("supervise.allFigures")))}>${t("supervise.allFigures")}</button></header>
        ${ratesOf(page.rates, RATES)}</section>` : nothing}`, main);
}

/** How many units nobody answers for, as one more number of the wall. */
const silentNumber = () => ({ list: UNREACHED, label: t("unreached.title"), count: countUnreached(page.unreached), always: page.unreached.length > 0 });

/** What changes by the day, not with every fact. */
async function loadUnreached() {
  try {
    page.unreached = await readUnreached();
    draw();
  } catch (error) {
    toastError(error);
  }
}

async function load() {
  try {
    page.wall = await api.get("/wall");
    draw();
    if (!page.figures) return;
    const [hot, rates] = await Promise.all([api.get("/indicators/hottest", { days: 7 }), api.get("/indicators", { days: 1 })]);
    Object.assign(page, { hot: hot.items, rates: rates.rates });
    draw();
  } catch (error) {
    toastError(error);
  }
}

let timer = 0;

function refresh() {
  timer ||= setTimeout(() => {
    timer = 0;
    load();
  }, REFRESH_MS);
}

/** Does something to a ticket straight from its row. @param {Event} event @param {any} row @param {string} name */
async function act(event, row, name) {
  const button = /** @type {HTMLElement} */ (event.currentTarget);
  const { number } = row.ticket;
  const read = () => api.get(`/tickets/${number}`);
  const ticket = await busy(button, read);
  const action = ticket?.actions.find((/** @type {any} */ one) => one.action === name);
  if (!ticket) return;
  if (!action) return void toast(t("supervise.notNow"), { kind: "warn" });
  if (await doAction(button, ticket, action, { onConflict: read })) load();
}

/** A dialog that stands over the wall until it is closed. @param {string} label */
function sheet(label) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog dialog--wide wall-sheet";
  dialog.setAttribute("aria-label", label);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  return dialog;
}

/** @param {string} list */
async function openList(list) {
  if (list === UNREACHED) return drawUnreached(sheet(t("unreached.title")));
  try {
    const found = await api.get(`/wall/${list}`);
    drawList(sheet(found.label), list, found);
  } catch (error) {
    toastError(error);
  }
}

/** @param {HTMLDialogElement} dialog */
function drawUnreached(dialog) {
  render(html`<div class="dialog__body"><div class="row row--spread"><h2>${t("unreached.title")} <span class="count">${countUnreached(page.unreached)}</span></h2>
      <button class="btn btn--icon btn--quiet" type="button" aria-label=${t("common.close")} @click=${() => dialog.close()}><x-icon name="close"></x-icon></button></div>
    ${unreachedList(page.unreached)}</div>`, dialog);
}

/** @param {HTMLDialogElement} dialog @param {string} list @param {any} found a WallPage, with those of the pages before */
function drawList(dialog, list, found) {
  const more = (/** @type {Event} */ event) => busy(event, async () => {
    const next = await api.get(`/wall/${list}`, { cursor: found.next });
    drawList(dialog, list, { ...next, items: [...found.items, ...next.items] });
  });
  render(html`<div class="dialog__body"><div class="row row--spread"><h2>${found.label} <span class="count">${countOf(list)}</span></h2>
      <button class="btn btn--icon btn--quiet" type="button" aria-label=${t("common.close")} @click=${() => dialog.close()}><x-icon name="close"></x-icon></button></div>
    ${rowsOf(found.items, hands, false)}
    ${found.next ? html`<button class="btn btn--wide" type="button" data-more @click=${more}>${t("common.more")}</button>` : nothing}</div>`, dialog);
}

/** What the wall says how many there are. @param {string} list */
function countOf(list) {
  const { lights, levels, waiting } = page.wall;
  return [...lights, ...levels, ...waiting].find((one) => one.list === list)?.count ?? "";
}

/** @param {string} number */
async function showTicket(number) {
  try {
    const dialog = sheet(number);
    drawTicket(dialog, await api.get(`/tickets/${number}`));
  } catch (error) {
    document.querySelector("dialog.wall-sheet:last-of-type")?.remove();
    toastError(error);
  }
}

/** @param {HTMLDialogElement} dialog @param {any} ticket */
function drawTicket(dialog, ticket) {
  const changed = (/** @type {any} */ after) => {
    if (!after) return;
    drawTicket(dialog, after);
    refresh();
  };
  const press = async (/** @type {Event} */ event, /** @type {any} */ action) =>
    changed(await doAction(event, ticket, action, { onConflict: () => api.get(`/tickets/${ticket.number}`) }));
  render(html`<div class="row row--keep wall-sheet__head">${ticketHead(ticket, () => dialog.close())}
      <button class="btn btn--icon btn--quiet" type="button" aria-label=${t("common.close")} @click=${() => dialog.close()}><x-icon name="close"></x-icon></button></div>
    <div class="dialog__body"><ticket-view .ticket=${ticket} @changed=${(/** @type {CustomEvent} */ e) => changed(e.detail)}></ticket-view></div>
    ${ticket.actions.length ? html`<div class="dialog__foot actions-bar">${actionButtons(ticket.actions, press)}</div>` : nothing}`, dialog);
}

/** @param {{kind: string, subject: string}} fact */
function onFact(fact) {
  if (page.may && fact.kind === "ticketing.RulingLate") {
    toast(t("supervise.rulingLate", { number: String(fact.subject).replace("ticket:", "") }), { kind: "warn" });
  }
  if (/^(ticketing|desk|analytics)\./.test(String(fact.kind))) refresh();
}

await loadTexts("supervise", "ticket", "action", "work", "unreached");
document.title = `${t("nav.supervise")} · ${t("product.full")}`;
const me = await signedIn();
page.may = SUPERVISES.some((role) => me.roles.includes(role));
page.figures = ["supervisor", "shift_lead", "analyst", "admin", "auditor"].some((role) => me.roles.includes(role));
draw();
await Promise.all([load(), loadUnreached()]);
setInterval(refresh, CLOCKS_MS);
setInterval(loadUnreached, CLOCKS_MS);
connect({ onFact, onResync: refresh });
