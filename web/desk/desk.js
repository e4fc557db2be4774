/** The agent's desk: one queue over all channels, the live talk, and what may help beside it. */
import { html, render } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { loadTexts, t } from "../shared/i18n.js";
import { shortcuts } from "../shared/keys.js";
import { connect } from "../shared/live.js";
import { signedIn } from "../shared/shell.js";
import { toastError } from "../shared/ui.js";
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

function draw() {
  render(
    html`<desk-queue class="pane" .desk=${{ ...desk }}
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
        @close=${() => (main.dataset.show = "second")}></desk-assist>`,
    main,
  );
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
  /** @type {any} */ (document.querySelector("desk-talk")).focusField();
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
    await api.post(`/desk/conversations/${wanted}/seen`, {});
    await loadLists();
  } catch (error) {
    toastError(error);
  }
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
  if (fact.kind === "desk.CitizenSpoke" && about === desk.selected) loadAssist("");
  if (fact.kind === "desk.AgentTook" && fact.data?.agent === desk.me.id) changeView("mine");
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
  const list = desk.lists[desk.view];
  const at = list.findIndex((one) => one.id === desk.selected);
  const next = list[at < 0 ? 0 : Math.min(Math.max(at + step, 0), list.length - 1)];
  if (next) pick(next.id);
}

await loadTexts("desk", "ticket");
desk.me = await signedIn();
draw();
await setPresence("online");
await loadLists();
if (desk.lists.mine.length) changeView("mine");
connect({ onFact, onResync: refresh });
setInterval(() => api.put("/desk/presence", { state: desk.presence }).catch(() => {}), HEARTBEAT_MS);
shortcuts([
  { keys: "j", text: "desk.keys.next", run: () => step(1) },
  { keys: "k", text: "desk.keys.previous", run: () => step(-1) },
  { keys: "alt+1", text: "desk.view.waiting", run: () => changeView("waiting"), inFields: true },
  { keys: "alt+2", text: "desk.view.mine", run: () => changeView("mine"), inFields: true },
  { keys: "alt+3", text: "desk.view.bot", run: () => changeView("bot"), inFields: true },
  { keys: "alt+t", text: "desk.keys.ticket", run: () => click("[data-act=ticket]"), inFields: true },
  { keys: "alt+c", text: "desk.keys.claim", run: () => click("[data-act=claim]"), inFields: true },
  { keys: "alt+e", text: "desk.keys.close", run: () => click("[data-act=close]"), inFields: true },
]);

/** @param {string} selector */
function click(selector) {
  /** @type {HTMLElement | null} */ (document.querySelector(selector))?.click();
}
