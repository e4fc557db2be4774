/** /track/{link}: where a ticket is, who has it, what may be done now; /track: the way to it by number and code. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, sayError } from "../shared/api.js";
import { day, when } from "../shared/format.js";
import { known, t } from "../shared/i18n.js";
import { askText, busy, confirmDialog, toast } from "../shared/ui.js";
import { codeForm } from "./code-form.js";
import { openPage } from "./frame.js";
import { keepLink, tokenOf } from "./kept.js";
import "./rating-form.js";

const FRESH_MS = 20_000;
const STAY = { stayOn401: true };
// What is asked before it is done: a question to confirm, or words to give.
const CONFIRMED = new Set(["withdraw"]);
const SAID = new Set(["not_solved", "appeal", "rehandle"]);
const BUTTONS = ["confirm", "not_solved", "urge", "appeal", "rehandle", "withdraw"];
const ENDED = new Set(["closed", "archived"]);
const PRIMARY = new Set(["confirm", "urge", "appeal"]);

const token = tokenOf(location.href);
/** @type {any} the ticket as the API gives it */
let ticket = null;
let readAt = 0;
let ratingAgain = false;
/** whether the citizen lets the place of a photo be used */
let photoPlace = false;

/** @param {string} action @param {object} body */
async function post(action, body) {
  ticket = await api.post(`/track/${token}/${action}`, body, STAY);
  readAt = Date.now();
  ratingAgain = false;
  draw();
  toast(t(`citizen.track.done.${action}`), { kind: "good" });
}

/** @param {Event} event @param {string} action */
async function act(event, action) {
  const button = /** @type {HTMLElement} */ (event.currentTarget);
  const title = t(`citizen.track.${action}`);
  const text = t(`citizen.track.${action}.text`);
  if (CONFIRMED.has(action) && !(await confirmDialog({ title, text, confirm: title, danger: true }))) return;
  const said = SAID.has(action) ? await askText({ title, text, label: t(`citizen.track.${action}.say`), confirm: t("common.send") }) : "";
  if (said === null) return;
  await busy(button, () => post(action, said ? { text: said } : {}));
}

/** @param {SubmitEvent} event */
function supply(event) {
  event.preventDefault();
  const text = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("text") ?? "").trim();
  if (text) busy(/** @type {HTMLElement} */ (event.submitter), () => post("supply_info", { text }));
}

/** @param {CustomEvent} event */
function rate(event) {
  busy(event.detail.button, () => post("rate", event.detail.vote));
}

/** @param {Event} event */
function addPhotos(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const files = [...(input.files ?? [])];
  input.value = "";
  if (!files.length) return;
  busy(/** @type {HTMLElement} */ (input.closest(".photo-button")), async () => {
    ticket = await api.upload(`/track/${token}/photos${photoPlace ? "?place=true" : ""}`, files, STAY);
    draw();
    toast(t("citizen.track.done.add_photo"), { kind: "good" });
  });
}

const can = (/** @type {string} */ action) => ticket.can.includes(action);

function steps() {
  const done = ENDED.has(ticket.state) && ticket.step === ticket.steps.length - 1 ? ticket.steps.length : ticket.step;
  return html`<ol class="steps" role="list">${ticket.steps.map((/** @type {string} */ text, /** @type {number} */ at) => {
    const look = at < done ? "step--done" : at === done ? "step--now" : "";
    return html`<li class="step ${look}" aria-current=${at === done ? "step" : "false"}>
      <span class="step__dot">${at < done ? html`<x-icon name="check"></x-icon>` : at + 1}</span>${text}</li>`;
  })}</ol>`;
}

/** Where it stands; after a bad vote, that it is in and what comes next. */
function stateLabel() {
  return ticket.awaits ? t(`citizen.track.state.${ticket.awaits}`) : ticket.state_label;
}

function now() {
  const explained = `citizen.track.explain.${ticket.awaits || ticket.state}`;
  return html`<section class="card card--accent stack">
    <div class="row row--spread"><span class="number faint">${ticket.number}</span><span class="badge">${ticket.kind_label}</span></div>
    <h1>${ticket.title}</h1>
    ${steps()}
    <div class="now" role="status"><p class="now__state">${stateLabel()}</p>
      ${known(explained) ? html`<p class="muted">${t(explained, { told: ticket.told })}</p>` : nothing}</div>
    <dl class="facts">
      ${ticket.unit_name ? html`<dt>${t("citizen.track.who")}</dt><dd>${ticket.unit_name}</dd>` : nothing}
      ${ticket.due_at ? html`<dt>${t("citizen.track.due")}</dt><dd>${when(ticket.due_at)}${ticket.remaining_text ? html` <span class="badge badge--primary">${ticket.remaining_text}</span>` : nothing}</dd>` : nothing}
      ${ticket.received_at ? html`<dt>${t("citizen.track.received")}</dt><dd>${when(ticket.received_at)}</dd>` : nothing}
      ${ticket.hops > 1 ? html`<dt>${t("citizen.track.hops")}</dt><dd>${t("citizen.track.hopsCount", { count: ticket.hops })}</dd>` : nothing}
    </dl>
    ${ticket.awaits === "confirming" && can("rate") && !ratingAgain
      ? html`<div class="btn-row no-print"><button class="btn btn--primary" type="button" data-confirm-vote @click=${rateAgain}>${t("citizen.track.rateAgain")}</button></div>` : nothing}
    ${buttons()}
  </section>`;
}

function buttons() {
  const shown = BUTTONS.filter(can);
  if (!shown.length && !can("add_photo")) return nothing;
  return html`<div class="btn-row no-print">
    ${shown.map((action) => html`<button class="btn ${PRIMARY.has(action) && !can("supply_info") ? "btn--primary" : ""}" type="button"
      @click=${(/** @type {Event} */ event) => act(event, action)}>
      <span class=${action === "withdraw" ? "danger-text" : ""}>${t(`citizen.track.${action}`)}</span></button>`)}
    ${can("add_photo") ? html`<label class="btn photo-button"><x-icon name="image"></x-icon><span>${t("citizen.track.add_photo")}</span>
      <input class="unseen" type="file" multiple accept="image/*" @change=${addPhotos} /></label>` : nothing}
  </div>
  ${can("add_photo") ? html`<div class="no-print"><label class="check"><input type="checkbox" name="photo-place" .checked=${photoPlace}
      @change=${(/** @type {any} */ event) => (photoPlace = event.target.checked)} /><span>${t("citizen.track.photoPlace")}</span></label>
    <p class="faint small">${t("citizen.track.photoPlaceText")}</p></div>` : nothing}`;
}

function supplyCard() {
  if (!can("supply_info")) return nothing;
  return html`<form class="card card--accent stack no-print" @submit=${supply}>
    <h2>${t("citizen.track.supply_info")}</h2>
    ${ticket.wanted ? html`<p class="notice notice--yellow"><x-icon name="info"></x-icon><span class="prewrap">${ticket.wanted}</span></p>` : nothing}
    <div class="field"><label for="supply">${t("citizen.track.supply_info.say")}</label>
      <textarea class="textarea" id="supply" name="text" rows="4" required maxlength="2000"></textarea></div>
    <div class="btn-row"><button class="btn btn--primary">${t("common.send")}</button></div>
  </form>`;
}

function reply() {
  if (!ticket.reply) return nothing;
  const { text, unit_name: unit, at, basis } = ticket.reply;
  return html`<section class="card stack"><h2>${t("citizen.track.reply")}</h2>
    <p class="prewrap">${text}</p>
    ${basis && !text.includes(basis) ? html`<p class="muted small">${t("citizen.track.basis", { basis })}</p>` : nothing}
    <p class="faint">${[unit, when(at)].filter(Boolean).join(" · ")}</p></section>`;
}

function rating() {
  if (can("rate") && (!ticket.rating || ratingAgain)) return html`<rating-form class="no-print" @rate=${rate}></rating-form>`;
  if (!ticket.rating) return nothing;
  const { score_label: score, solved_label: solved, comment } = ticket.rating;
  return html`<section class="card stack stack--s"><h2>${t("citizen.track.rating")}</h2>
    <p class="row"><span class="badge badge--primary">${score}</span><span class="badge">${solved}</span>
      ${can("rate") ? html`<button class="btn btn--small btn--quiet push no-print" @click=${rateAgain}>${t("citizen.track.rateAgain")}</button>` : nothing}</p>
    ${comment ? html`<p class="prewrap">${comment}</p>` : nothing}</section>`;
}

function rateAgain() {
  ratingAgain = true;
  draw();
  main.querySelector("rating-form")?.scrollIntoView({ block: "center" });
}

function way() {
  // The newest first; of those at the same moment, too.
  const lines = [...ticket.timeline].reverse().sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return html`<section class="card stack"><h2>${t("citizen.track.way")}</h2>
    <ol class="timeline">${lines.map((line, at) => html`<li class="timeline__item ${at === 0 ? "timeline__item--now" : "timeline__item--done"}">
      <p class=${at === 0 ? "strong" : ""}>${line.label}</p>${line.note ? html`<p class="muted">${line.note}</p>` : nothing}
      <p class="faint">${when(line.at)}</p></li>`)}</ol></section>`;
}

function request() {
  return html`<section class="card stack"><h2>${t("citizen.track.request")}</h2>
    <p class="prewrap">${ticket.text}</p>
    ${ticket.where_text ? html`<dl class="facts"><dt>${t("citizen.track.where")}</dt><dd>${ticket.where_text}</dd></dl>` : nothing}
    ${ticket.attachments.length ? html`<div class="photos">${ticket.attachments.map((/** @type {any} */ file) => file.media === "image"
      ? html`<a href=${file.url} target="_blank" rel="noopener"><img class="photo" src=${file.url} alt=${file.name} /></a>`
      : html`<a class="btn btn--soft btn--small" href=${file.url} target="_blank" rel="noopener">${file.name}</a>`)}</div>` : nothing}
  </section>`;
}

/** Who saw the citizen's name, number or own words: role and unit, never a name. */
function looks() {
  const lines = ticket.looks ?? [];
  return html`<section class="card stack stack--s"><h2>${t("citizen.track.looks")}</h2>
    <p class="muted small">${t("citizen.track.looksText")}</p>
    ${lines.length
      ? html`<ul class="looks" role="list">${lines.map((/** @type {any} */ one) => html`<li>
          <span>${[one.unit_name, one.role, one.purpose].filter(Boolean).join(" · ")}</span><span class="faint nowrap">${when(one.at)}</span></li>`)}</ul>`
      : html`<p>${t("citizen.track.noLooks")}</p>`}</section>`;
}

function draw() {
  document.title = `${ticket.number} ${stateLabel()} · ${t("product.full")}`;
  render(html`<div class="stack">${supplyCard()} ${now()} ${reply()} ${rating()} ${way()} ${request()} ${looks()}
    <p class="row faint no-print"><span class="grow">${t("citizen.track.keep", { date: day(Date.now()) })}</span>
      <button class="btn btn--small btn--quiet" @click=${() => print()}>${t("citizen.track.print")}</button></p></div>`, main);
}

async function load() {
  readAt = Date.now();
  ticket = await api.get(`/track/${token}`, {}, STAY);
  draw();
}

/** Back on the screen after a while: what happened meanwhile. */
function refresh() {
  if (!document.hidden && ticket && Date.now() - readAt > FRESH_MS) load().catch(() => {});
}

async function open() {
  if (!token) return render(codePage(), main);
  render(html`<div class="card stack" aria-busy="true"><span class="skeleton skeleton--title"></span><span class="skeleton skeleton--block"></span></div>`, main);
  try {
    await load();
    keepLink(location.href);
    document.addEventListener("visibilitychange", refresh);
  } catch (error) {
    render(codePage(sayError(error)), main);
  }
}

/** @param {string} [problem] */
const codePage = (problem = "") => html`<div class="stack"><h1>${t("citizen.track.title")}</h1>
  ${problem ? html`<p class="notice notice--yellow" role="alert"><x-icon name="alert"></x-icon>${problem}</p>` : nothing}
  ${codeForm()}</div>`;

const main = await openPage("citizen.track.title");
await open();
