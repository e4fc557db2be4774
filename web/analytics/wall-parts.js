/** The parts of the wall: numbers one presses for their tickets, the overdue with what may be done, urgent clocks. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { counted, when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { disputePage, lightOf } from "../shared/ticket-view.js";
import { bar, shown } from "../shared/bars.js";

const MOST_COUNTED = 10000;

/** @typedef {{open: (list: string) => void, show: (number: string) => void, act: (event: Event, row: any, action: string) => void, may: boolean}} Hands */

/** @param {any[]} numbers @param {string} heading @param {Hands} hands */
export function numbersOf(numbers, heading, hands) {
  return html`<section class="wall__numbers" aria-label=${heading}><h2 class="wall__label">${heading}</h2>
    <div class="wall__row">${numbers.map((one) => html`<button class="wall-number ${one.count ? `wall-number--${one.list}` : ""}" type="button"
      data-list=${one.list} ?disabled=${!one.count && !one.always} @click=${() => hands.open(one.list)}>
      <span class="wall-number__value number">${counted(one.count, MOST_COUNTED)}</span><span class="wall-number__label">${one.label}</span></button>`)}</div></section>`;
}

/** @param {any[]} rows WallRows @param {Hands} hands @param {boolean} whole with what may be done */
export function rowsOf(rows, hands, whole = true) {
  return html`<ul class="wall-list">${repeat(rows, (row) => row.ticket.number, (row) => rowOf(row, hands, whole))}</ul>`;
}

/** @param {any} row @param {Hands} hands @param {boolean} whole */
function rowOf(row, hands, whole) {
  const { ticket } = row;
  return html`<li class="wall-item" data-number=${ticket.number}>
    <button class="wall-item__face" type="button" @click=${() => hands.show(ticket.number)}>
      <span class="row row--spread row--keep"><span class="strong clip">${ticket.title}</span>
        ${faceLight(ticket)}</span>
      <span class="small faint clip"><span class="number">${ticket.number}</span> · ${[ticket.area_name, ticket.matter_name].filter(Boolean).join(" · ") || ticket.kind_label}
        ${ticket.supervision ? html`<span class="badge badge--red">${t("supervise.level", { level: ticket.supervision })}</span>` : nothing}</span>
      <span class="wall-item__why"><span><b>${t("supervise.owner")}</b>${row.owner}</span><span><b>${t("supervise.reason")}</b>${row.reason}</span>
        <span><b>${t("supervise.step")}</b>${row.step}${row.step_due ? html`<span class="faint">（${row.step_text || when(row.step_due)}）</span>` : nothing}</span></span>
    </button>
    ${whole && hands.may ? html`<div class="wall-item__do">
      <button class="btn btn--small btn--primary" type="button" data-do="supervise" @click=${(/** @type {Event} */ e) => hands.act(e, row, "supervise")}>${t("supervise.supervise")}</button>
      <button class="btn btn--small" type="button" data-do="urge" @click=${(/** @type {Event} */ e) => hands.act(e, row, "urge")}>${t("supervise.urge")}</button>
      ${row.disputed ? html`<a class="btn btn--small" data-do="rule" href=${disputePage(ticket.number)}>${t("supervise.rule")}</a>` : nothing}
    </div>` : nothing}</li>`;
}

/** What waits for a decision has that limit, unless the whole ticket is late. @param {any} ticket */
function faceLight(ticket) {
  const { light, step } = ticket;
  return step?.decides && light !== "red"
    ? html`<x-light class="nowrap" light=${step.light} text=${`${step.label} ${step.remaining_text}`}></x-light>`
    : html`<x-light class="nowrap" light=${light} text=${ticket.remaining_text || ticket.state_label}></x-light>`;
}

/** P0 and P1: what runs. @param {any[]} rows @param {Hands} hands */
export function urgentOf(rows, hands) {
  if (!rows.length) return html`<p class="pad faint">${t("supervise.noUrgent")}</p>`;
  return html`<ul class="wall-list">${repeat(rows, (row) => row.ticket.number, ({ ticket, ...row }) => html`<li>
    <button class="wall-item__face" type="button" @click=${() => hands.show(ticket.number)}>
      <span class="row row--spread row--keep"><span class="row row--keep clip"><span class="badge badge--red">${ticket.urgency_label}</span><span class="clip">${ticket.title}</span></span>
        <x-light class="nowrap" light=${lightOf(ticket)} text=${ticket.step ? `${ticket.step.label} ${ticket.step.remaining_text}` : row.step_text || ticket.remaining_text || ticket.state_label}></x-light></span>
      <span class="small faint clip">${row.owner} · ${row.step}</span></button></li>`)}</ul>`;
}

/** @param {any[]} items HotViews */
export function hotOf(items) {
  if (!items.length) return html`<p class="pad faint">${t("supervise.noHot")}</p>`;
  const greatest = items[0].count;
  return html`<ol class="wall-hot">${items.map((one) => html`<li><span class="clip-2 small" title="${one.matter_name} · ${one.area_name}">${one.area_name} ${one.matter_name}</span>
    ${bar(one.count, greatest)}<span class="number">${one.count}</span></li>`)}</ol>`;
}

/** @param {any[]} rates RateViews @param {string[]} names */
export function ratesOf(rates, names) {
  const found = names.map((name) => rates.find((one) => one.name === name)).filter(Boolean);
  return html`<dl class="wall-rates">${found.map((one) => html`<div title=${one.definition}><dt class="small faint">${one.label}</dt>
    <dd class="number">${shown(one, one.all)}${one.shape === "count" ? nothing : html`<small class="faint">${one.all.numerator}/${one.all.denominator}</small>`}</dd></div>`)}</dl>`;
}
