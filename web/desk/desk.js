/** The agent's desk: one queue over all channels, the live talk, and what may help beside it. */
import { html, render } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { loadTexts, t } from "../shared/i18n.js";
import { shortcuts } from "../shared/keys.js";
import { connect } from "../shared/live.js";
import { signedIn } from "../shared/shell.js";
import { toastError } from "../shared/ui.js";
import { AgentTickets } from "./agent-tickets.js";
import "./assist-pane.js";
import "./queue-pane.js";
import "./talk-pane.js";

const HEARTBEAT_MS = 15_000;
const REFRESH_MS = 1000;

/** What all three panes show. */
const desk = {
  me: /** @type {any} */ (null),
  presence: "online",
  view: "waiting",
  lists: /** @type {Record<string, any[]>} */ ({ waiting: [], mine: [], bot: [] }),
  selected: "",
  shown: /** @type {any} */ (null),
  assist: /** @type {any} */ (null),
};

const main = /** @type {HTMLElement} */ (document.querySelector("#main"));

const tickets = new AgentTickets({ draw: () => draw(), main });

/** Whether the agent is with the tickets instead of the talks; the address says it, so that presence lasts meanwhile. */
const atTickets = () => location.hash === "#tickets" || location.hash === "#new";

function draw() {
  const there = atTickets();
  main.className = there ? "panes panes--dispatch" : "panes panes--3";
  const shell = /** @type {any} */ (document.querySelector("x-shell"));
  if (shell) shell.page = there ? "tickets" : "desk";
  const waiting = desk.lists.waiting.length + desk.lists.mine.filter((one) => one.unread).length;
  render(there ? tickets.panes(waiting) : talks(), main);
}

/** The address has changed: to the talks, the tickets or a new ticket. */
async function turn() {
  main.dataset.show = "first";
  if (location.hash === "#new") tickets.write();
  draw();
  if (atTickets()) await tickets.load();
}

function talks() {
  return html`<desk-queue class="pane" .desk=${{ ...desk }}
        @pick=${(/** @type {CustomEvent} */ e) => pick(e.detail)}
        @view=${(/** @type {CustomEvent} */ e) => changeView(e.detail)}
        @presence=${(/** @type {CustomEvent} */ e) => setPresence(e.detail)}></desk-queue>
      <desk-talk class="pane pane--soft" .shown=${desk.shown} .me=${desk.me} .presence=${desk.presence}
        @changed=${(/** @type {CustomEvent} */ e) => show(e.detail)}
        @left=${() => leave()}
        @typing=${(/** @type {CustomEvent} */ e) => loadAssist(e.detail)}
        @back=${() => (main.dataset.show = "first")}
        @help=${() => (main.dataset.show = main.dataset.show === "third" ? "second" : "third")}></desk-talk>
      <desk-assist class="pane" .shown=${desk.shown} .assist=${desk.assist} .me=${desk.me}
        @use=${(/** @type {CustomEvent} */ e) => use(e.detail)}
        @opened=${() => refresh()}
        @close=${() => (main.dataset.show = "second")}></desk-assist>`;
}

/** @param {any} shown a ConversationView */
function show(shown) {
  desk.shown = shown;
  desk.selected = shown.conversation.id;
  draw();
  loadLists();
}

function leave() {
  desk.shown = null;
  desk.assist = null;
  desk.selected = "";
  main.dataset.show = "first";
  draw();
  loadLists();
}

/** @param {string} text an answer the agent took from the side */
function use(text) {
  const talk = /** @type {any} */ (document.querySelector("desk-talk"));
  talk.insert(text);
  main.dataset.show = "second";
}

/** @param {string} id */
async function pick(id) {
  desk.selected = id;
  main.dataset.show = "second";
  desk.assist = null;
  await loadShown();
  loadAssist("");
  /** @type {any} */ (document.querySelector("desk-talk"))?.focusField();
}

async function loadShown() {
  if (!desk.selected) return;
  const wanted = desk.selected;
  try {
    const shown = await api.get(`/desk/conversations/${wanted}`);
    if (desk.selected !== wanted) return;
    desk.shown = shown;
    draw();
    const own = shown.conversation.agent_id === desk.me.id;
    if (!own || !shown.conversation.unread || document.hidden) return;
    await tellSeen(wanted);
    await loadLists();
  } catch (error) {
    toastError(error);
  }
}

/** @type {Map<string, Promise<any>>} */
const telling = new Map();

/** That a talk was seen, said once at a time: facts come in bursts, and the same call twice is refused as in use.
 * @param {string} id */
function tellSeen(id) {
  const told = telling.get(id) ?? api.post(`/desk/conversations/${id}/seen`, {}).finally(() => telling.delete(id));
  telling.set(id, told);
  return told;
}

/** @param {string} typing */
async function loadAssist(typing) {
  if (!desk.selected) return;
  const wanted = desk.selected;
  const assist = await api.get(`/desk/conversations/${wanted}/assist`, { typing }).catch(() => null);
  if (desk.selected !== wanted || !assist) return;
  desk.assist = assist;
  draw();
}

async function loadLists() {
  try {
    const views = ["waiting", "mine", "bot"];
    const pages = await Promise.all(views.map((view) => api.get("/desk/conversations", { view })));
    views.forEach((view, index) => (desk.lists[view] = pages[index].items));
    draw();
  } catch (error) {
    toastError(error);
  }
}

/** @param {string} view */
function changeView(view) {
  desk.view = view;
  draw();
}

let timer = 0;
let ticketTimer = 0;

// Facts come in bursts; one look after the burst is enough for all of them.
function refresh() {
  timer ||= setTimeout(() => {
    timer = 0;
    Promise.all([loadLists(), loadShown()]);
  }, REFRESH_MS);
}

/** @param {any} fact */
function onFact(fact) {
  const about = String(fact.subject).replace("conversation:", "");
  refresh();
  if (atTickets() && String(fact.kind).startsWith("ticketing.") && fact.kind !== "ticketing.TicketWatched") followTickets(fact);
  if (fact.kind === "desk.CitizenSpoke" && about === desk.selected) loadAssist("");
  if (fact.kind === "desk.AgentTook" && fact.data?.agent === desk.me.id) changeView("mine");
}

/** @param {any} fact of a ticket */
function followTickets(fact) {
  ticketTimer ||= setTimeout(() => {
    ticketTimer = 0;
    tickets.load();
  }, REFRESH_MS);
  if (fact.subject === `ticket:${tickets.page.selected}` && !document.querySelector("dialog[open]")) tickets.read();
}

/** @param {string} state */
async function setPresence(state) {
  try {
    await api.put("/desk/presence", { state });
    desk.presence = state;
    draw();
  } catch (error) {
    toastError(error);
  }
}

/** @param {number} step */
function step(step) {
  if (atTickets()) return tickets.step(step);
  const list = desk.lists[desk.view];
  const at = list.findIndex((one) => one.id === desk.selected);
  const next = list[at < 0 ? 0 : Math.min(Math.max(at + step, 0), list.length - 1)];
  if (next) pick(next.id);
}

await loadTexts("desk", "dispatch", "ticket", "action", "work");
desk.me = await signedIn();
draw();
await setPresence("online");
await loadLists();
if (desk.lists.mine.length) changeView("mine");
addEventListener("hashchange", turn);
if (atTickets()) await turn();
connect({ onFact, onResync: refresh });
setInterval(() => api.put("/desk/presence", { state: desk.presence }).catch(() => {}), HEARTBEAT_MS);
shortcuts([
  { keys: "j", text: "desk.keys.next", run: () => step(1) },
  { keys: "k", text: "desk.keys.previous", run: () => step(-1) },
  { keys: "alt+1", text: "desk.view.waiting", run: () => changeView("waiting"), inFields: true },
  { keys: "alt+2", text: "desk.view.mine", run: () => changeView("mine"), inFields: true },
  { keys: "alt+3", text: "desk.view.bot", run: () => changeView("bot"), inFields: true },
  { keys: "alt+w", text: "desk.keys.tickets", run: () => void (location.hash = atTickets() ? "talks" : "tickets"), inFields: true },
  { keys: "alt+n", text: "desk.keys.new", run: writeDown, inFields: true },
  { keys: "/", text: "desk.keys.search", run: () => /** @type {HTMLElement | null} */ (document.querySelector("ticket-list input[type=search]"))?.focus() },
  { keys: "ctrl+enter", text: "dispatch.keys.primary", run: () => click(".actions-bar .btn--primary") },
  { keys: "alt+t", text: "desk.keys.ticket", run: () => click("[data-act=ticket]"), inFields: true },
  { keys: "alt+c", text: "desk.keys.claim", run: () => click("[data-act=claim]"), inFields: true },
  { keys: "alt+f", text: "desk.alike.follow", run: () => click("[data-act=follow]"), inFields: true },
  { keys: "alt+k", text: "desk.article", run: () => click("[data-act=article]"), inFields: true },
  { keys: "alt+e", text: "desk.keys.close", run: () => click("[data-act=close]"), inFields: true },
]);

/** A new ticket of a telephone call, wherever the agent is. */
function writeDown() {
  if (location.hash === "#new") tickets.write();
  else location.hash = "new";
}

/** @param {string} selector */
function click(selector) {
  /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click();
}
