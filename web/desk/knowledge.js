/** The editors' page: entries with their versions, questions nothing answered, and what a question would find and why. */
import { html, nothing, render } from "../vendor/lit.js";
import { loadTexts } from "../shared/i18n.js";
import { connect } from "../shared/live.js";
import { signedIn } from "../shared/shell.js";
import { toastError } from "../shared/ui.js";
import "./entry-pane.js";
import "./knowledge-list.js";

const page = { view: "entries", selected: "", /** @type {any} what a new entry begins with */ begun: null, me: "", roles: /** @type {string[]} */ ([]) };
const CURATORS = ["editor", "admin"];
const JUDGES = ["editor", "knowledge_reviewer", "supervisor"];
const WRITERS = [...CURATORS, "liaison"];
const main = /** @type {HTMLElement} */ (document.querySelector("#main"));

/** @param {string[]} roles */
function may(roles) {
  return roles.some((role) => page.roles.includes(role));
}

function draw() {
  const on = (/** @type {(detail: any) => void} */ run) => (/** @type {CustomEvent} */ event) => run(event.detail);
  render(
    html`<knowledge-list class="pane" view=${page.view} selected=${page.selected} me=${page.me} ?curates=${may(CURATORS)} ?writes=${may(WRITERS)} ?judges=${may(JUDGES)} @view=${on(show)} @open=${on(open)} @begin=${on(begin)}></knowledge-list>
      <entry-pane class="pane pane--soft" entry=${page.selected || nothing} .begun=${page.begun} me=${page.me} ?writes=${may(WRITERS)} @back=${back} @left=${refresh} @kept=${on(kept)}></entry-pane>`,
    main,
  );
}

/** @param {string} view */
function show(view) {
  Object.assign(page, { view });
  draw();
}

/** @param {string} id */
function open(id) {
  Object.assign(page, { selected: id, begun: null });
  main.dataset.show = "second";
  draw();
}

/** @param {any} begun */
function begin(begun) {
  Object.assign(page, { selected: "", begun });
  main.dataset.show = "second";
  draw();
}

function back() {
  main.dataset.show = "first";
}

/** @param {string} id of the entry something was done to */
function kept(id) {
  Object.assign(page, { selected: id, begun: null });
  draw();
  refresh();
}

/** @param {any} fact */
function onFact(fact) {
  if (fact.kind.startsWith("knowledge.")) refresh();
}

function refresh() {
  /** @type {any} */ (document.querySelector("knowledge-list"))?.load();
}

try {
  const [, me] = await Promise.all([loadTexts("knowledge", "action"), signedIn()]);
  Object.assign(page, { roles: me?.roles ?? [], me: me?.id ?? "" });
  const entry = new URLSearchParams(location.search).get("entry");
  if (entry) open(entry);
  draw();
  connect({ onFact, onResync: refresh });
} catch (error) {
  toastError(error);
}
