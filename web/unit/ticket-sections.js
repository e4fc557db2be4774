/** What a unit reads of a ticket below its text: files, clocks, other units, requests, results, the way so far. */
import { html, nothing } from "../vendor/lit.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";

const REQUEST_LOOK = { granted: "badge--green", refused: "badge--red", open: "badge--yellow", disputed: "badge--orange" };

/** @param {any} ticket a TicketView */
export function ticketSections(ticket) {
  return [files(ticket.attachments, t("unit.files")), clocks(ticket), asks(ticket), requests(ticket), units(ticket), result(ticket), answered(ticket), basis(ticket), way(ticket)];
}

/** @param {string} title @param {unknown} body */
const section = (title, body) => html`<section class="card stack stack--s"><h2 class="unit-heading">${title}</h2>${body}</section>`;

/** @param {any[]} list @param {string} title */
function files(list, title) {
  if (!list.length) return nothing;
  return section(title, html`<div class="row">${list.map((file) => file.media === "image"
    ? html`<a href=${file.url} target="_blank" rel="noopener"><img class="unit-photo" src=${file.url} alt=${file.name} /></a>`
    : html`<a class="btn btn--small btn--soft" href=${file.url} target="_blank" rel="noopener"><x-icon name="clip"></x-icon>${file.name}</a>`)}</div>`);
}

/** @param {any} ticket */
function clocks(ticket) {
  const running = ticket.clocks.filter((/** @type {any} */ one) => !one.stopped_at);
  if (!running.length) return nothing;
  return section(t("unit.clocks"), html`<dl class="facts">${running.map((/** @type {any} */ one) => html`<dt>${one.label}</dt>
    <dd class="row">${when(one.due_at)} <x-light light=${one.light} text=${one.remaining_text}></x-light></dd>`)}</dl>`);
}

/** @param {any} ticket */
function asks(ticket) {
  if (!ticket.asks?.length) return nothing;
  return section(t("unit.asks"), html`<ul>${ticket.asks.map((/** @type {string} */ one) => html`<li>${one}</li>`)}</ul>`);
}

/** @param {any} ticket */
function requests(ticket) {
  if (!ticket.requests.length) return nothing;
  return section(t("unit.requests"), ticket.requests.map((/** @type {any} */ one) => html`<div class="stack stack--s">
    <p class="row"><span class="strong">${one.kind_label}</span>
      <span class="badge ${REQUEST_LOOK[/** @type {keyof typeof REQUEST_LOOK} */ (one.state)] ?? ""}">${one.state_label}</span>
      <span class="faint">${when(one.asked_at)}</span></p>
    ${one.reason ? html`<p>${one.reason}</p>` : nothing}
    ${one.new_due ? html`<p class="muted">${t("unit.newDue", { when: when(one.new_due) })}</p>` : nothing}
    ${one.decision ? html`<p class="muted">${t("unit.decision", { text: one.decision })}</p>` : nothing}</div>`));
}

/** @param {any} ticket */
function units(ticket) {
  if (ticket.assignments.length < 2) return nothing;
  return section(t("unit.units"), html`<ul class="stack stack--s" role="list">${ticket.assignments.map((/** @type {any} */ one) => html`<li class="row">
    <span class="badge">${one.role_label}</span><span>${one.unit_name}</span><span class="faint">${one.state_label}</span>
    ${one.dissent ? html`<span class="danger-text">${one.dissent}</span>` : nothing}</li>`)}</ul>`);
}

/** @param {any} ticket */
function result(ticket) {
  const { result: one } = ticket;
  if (!one) return nothing;
  return [section(t("unit.result"), html`<p class="row"><span class="badge badge--green">${one.outcome_label}</span>
      <span class="faint">${[one.handler, one.phone, when(one.at)].filter(Boolean).join(" · ")}</span></p>
    <p class="prewrap">${one.findings}</p><p class="prewrap">${one.measures}</p><p class="prewrap muted">${one.basis}</p>`), files(ticket.proof ?? [], t("unit.proof"))];
}

/** @param {any} ticket */
function answered(ticket) {
  if (!ticket.reply) return nothing;
  const { rating } = ticket;
  return section(t("unit.reply"), html`<p class="prewrap">${ticket.reply.text}</p><p class="faint">${when(ticket.reply.at)}</p>
    ${rating ? html`<p class="row"><span class="badge badge--primary">${rating.score_label}</span><span class="badge">${rating.solved_label}</span>${rating.comment}</p>` : nothing}`);
}

/** @param {any} ticket */
function basis(ticket) {
  if (!ticket.basis?.length) return nothing;
  return section(t("unit.basis"), html`<ul>${ticket.basis.map((/** @type {string} */ line) => html`<li>${line}</li>`)}</ul>`);
}

/** @param {any} ticket */
function way(ticket) {
  const lines = [...ticket.timeline].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return section(t("unit.way"), html`<ol class="timeline">${lines.map((line, at) => html`<li class="timeline__item ${at === 0 ? "timeline__item--now" : "timeline__item--done"}">
    <p><span class="strong">${line.label}</span> <span class="muted">${line.who}</span></p>
    ${line.note ? html`<p class="muted">${line.note}</p>` : nothing}<p class="faint">${when(line.at)}</p></li>`)}</ol>`);
}
