/** The two panes of the dispatchers' page: the list of what waits, and the ticket to decide on. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { actionButtons } from "../shared/action-form.js";
import { api } from "../shared/api.js";
import { resultsNotice } from "../shared/batch.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { label, t } from "../shared/i18n.js";
import { doAction, PARTS, ticketHead, ticketRow } from "../shared/ticket-view.js";
import "../shared/together.js";
import { askText, busy } from "../shared/ui.js";
import "./callback-pane.js";
import "./certain-list.js";
import "./past-found.js";
import "./reply-check.js";
import { asksWhy } from "./why-unit.js";

/** Whoever decides where it goes reads the citizen first, then why. */
const WORDS_FIRST = ["matter", ...PARTS.filter((part) => part !== "matter" && part !== "why")];
const PLAIN = new Set(["triage", "review", "requests", "exclusions", "callback", "all", "mine", "outside"]);
/** Where the hotline waits for the citizen or another platform. */
const OUTSIDE = ["need_info", "answered", "declined", "handed_over"];
/** All a search can be limited to. */
const STATES = ["received", "triage", ...OUTSIDE, "dispatched", "accepted", "in_progress", "suspended", "submitted", "review", "replied", "call_back", "rehandle", "shelved", "merged", "withdrawn", "closed"];

/** `<ticket-list .page ?writes>`: the lists, each with a search; with `writes` one may write a ticket down. */
class TicketList extends PageElement {
  static properties = { page: { attribute: false }, writes: { type: Boolean } };

  render() {
    const { view, views, counts, q } = this.page;
    const tabs = views.map((/** @type {string} */ id) => ({ id, text: t(`dispatch.view.${id}`), count: id === "all" ? 0 : (counts[id] ?? 0) }));
    return html`<div class="pane__head stack stack--s">
        ${/** @type {any} */ (this).writes ? this.writing() : nothing}
        <x-tabs label=${t("dispatch.views")} .tabs=${tabs} selected=${view}
          @choose=${(/** @type {CustomEvent} */ e) => this.tell("view", e.detail)}></x-tabs>
        ${PLAIN.has(view) ? html`<form class="row list-search" @submit=${this.search}>
          <input class="input grow" name="q" type="search" .value=${q} placeholder=${t("dispatch.search")} aria-label=${t("common.search")} />
          ${view === "all" ? this.states() : nothing}
          <button class="btn">${t("common.search")}</button>
          ${this.page.mayMerge ? html`<button class="btn" type="button" data-select aria-pressed=${this.page.selecting} @click=${() => this.tell("select", null)}>${t("work.select")}</button>` : nothing}
        </form>` : nothing}
        ${view === "outside" ? this.outside() : nothing}
        ${this.page.selecting ? this.mergeBar() : nothing}
        ${PLAIN.has(view) ? resultsNotice(this.page.results, () => this.tell("seen", null)) : nothing}
      </div>
      <div class="pane__body">${this.body()}</div>`;
  }

  /** Back to the talks that wait, and a new ticket. */
  writing() {
    const { talks } = this.page;
    return html`<div class="row row--spread row--keep">
      <a class="btn btn--small ${talks ? "btn--soft" : ""}" href="/desk#talks"><x-icon name="chat"></x-icon>${t("desk.talks")}${talks ? html` <span class="count count--urgent">${talks}</span>` : nothing}</a>
      <button class="btn btn--small btn--primary" type="button" data-act="write" @click=${() => this.tell("write", null)}><x-icon name="phone"></x-icon>${t("desk.new")}</button></div>`;
  }

  states() {
    const { state } = this.page;
    return html`<select class="select list-state" aria-label=${t("dispatch.state")} @change=${(/** @type {any} */ e) => this.tell("state", e.target.value)}>
      <option value="" ?selected=${!state}>${t("dispatch.state.any")}</option>
      ${STATES.map((one) => html`<option value=${one} ?selected=${one === state}>${label("state", one.toUpperCase())}</option>`)}</select>`;
  }

  /** For whom the hotline waits: one of the four, or all. */
  outside() {
    const { state, counts } = this.page;
    return html`<div class="row small" role="group" aria-label=${t("dispatch.view.outside")}>${OUTSIDE.map((one) => html`<button class="btn btn--small" type="button" data-state=${one}
      aria-pressed=${state === one} @click=${() => this.tell("state", state === one ? "" : one)}>${t(`dispatch.outside.${one}`)} ${counts[one] ?? 0}</button>`)}</div>`;
  }

  body() {
    const { view, certain, disputes } = this.page;
    if (view === "certain") {
      return html`<certain-list .items=${certain.items} .chosen=${certain.chosen} cursor=${this.page.selected} .results=${certain.results} ?busy=${certain.busy} ?wider=${certain.wider}
        @turn=${this.pass} @all=${this.pass} @confirm=${this.pass} @pick=${this.pass} @seen=${this.pass}></certain-list>`;
    }
    if (view === "inspect") {
      return html`<inspect-list selected=${this.page.inspection?.one.number ?? ""} @inspect=${this.pass}></inspect-list>`;
    }
    if (view === "precedents") return html`<x-empty icon="ticket" heading=${t("work.precedents")} text=${t("work.precedentsText")}></x-empty>`;
    return view === "disputes" ? this.disputes(disputes) : this.tickets();
  }

  tickets() {
    const { view, items, selected, next, selecting, chosen, q } = this.page;
    const box = (/** @type {any} */ one) => selecting
      ? html`<label class="pick-row__box"><input type="checkbox" .checked=${chosen.has(one.number)} aria-label=${t("work.choose", { number: one.number })} @change=${() => this.tell("turn-merge", one.number)} /></label>`
      : undefined;
    return html`${items.length
        ? html`<ul class="list">${repeat(items, (/** @type {any} */ one) => one.number, (/** @type {any} */ one) => ticketRow(one, one.number === selected, () => this.tell("pick", one.number), box(one)))}</ul>`
        : html`<x-empty icon="ticket" heading=${t(`dispatch.empty.${view}`)}></x-empty>`}
      ${next ? html`<div class="pad"><button class="btn btn--wide" @click=${() => this.tell("more", null)}>${t("common.more")}</button></div>` : nothing}
      <past-found q=${q}></past-found>`;
  }

  /** @param {any[]} list DisputeRows */
  disputes(list) {
    if (!list.length) return html`<x-empty icon="check" heading=${t("work.noDisputes")}></x-empty>`;
    return html`<ul class="list">${list.map((one) => html`<li><button class="list__item ticket-row" type="button" aria-current=${one.request === this.page.request} @click=${() => this.tell("dispute", one)}>
      <span class="row row--spread row--keep"><span class="number small faint">${one.ticket.number}</span>
        <x-light light=${one.overdue ? "red" : "orange"} text=${t("work.ruleBy", { when: when(one.decide_by) })}></x-light></span>
      <span class="strong clip-2">${one.ticket.title}</span>
      <span class="small">${one.unit_name} ⇄ ${one.suggested_name}</span></button></li>`)}</ul>
      ${this.page.moreDisputes ? html`<div class="pad"><button class="btn btn--wide" @click=${() => this.tell("more-disputes", null)}>${t("common.more")}</button></div>` : nothing}`;
  }

  mergeBar() {
    const many = this.page.chosen.size;
    return html`<div class="row merge-bar"><span class="grow small">${t("work.chosen", { many })}</span>
      <button class="btn btn--small btn--primary" type="button" ?disabled=${many < 2} @click=${(/** @type {Event} */ e) => this.tell("merge", e.currentTarget)}>${t("work.merge")}</button></div>`;
  }

  /** @param {SubmitEvent} event */
  search(event) {
    event.preventDefault();
    // Not "search": browsers have an event of that name, which comes by itself and says nothing.
    this.tell("find", String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("q") ?? ""));
  }

  /** @param {CustomEvent} event */
  pass(event) {
    this.tell(event.type === "turn" ? "turn-certain" : event.type, event.detail);
  }

  /** @param {string} name @param {unknown} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

class TicketPane extends PageElement {
  static properties = { ticket: { attribute: false }, unmask: { type: Boolean }, spans: { type: Boolean }, view: {} };

  render() {
    const { ticket } = this;
    if (!ticket) return html`<x-empty class="fill" icon="ticket" heading=${t("dispatch.pick")} text=${t("dispatch.pickText")}></x-empty>`;
    const why = asksWhy(ticket) && ticket.decision.lines.length > 0;
    const calls = ticket.call_back && ticket.actions.some((/** @type {any} */ one) => one.action === "log_call");
    // The form of a call stands open in the page: a button for it would ask twice.
    const rest = ticket.actions.filter((/** @type {any} */ one) => one.action !== "log_call");
    const actions = calls ? rest.map((/** @type {any} */ one) => ({ ...one, primary: false })) : ticket.actions;
    return html`${ticketHead(ticket, () => this.tell("back"))}
      <div class="pane__body pad"><div class="stack ticket-page">
        <x-together number=${ticket.number}></x-together>
        ${calls ? html`<call-back .ticket=${ticket} .onConflict=${() => this.reread()} @changed=${(/** @type {CustomEvent} */ e) => this.tell("changed", e.detail)}></call-back>` : nothing}
        ${ticket.actions.some((/** @type {any} */ one) => one.action === "release") ? html`<reply-check .ticket=${ticket}></reply-check>` : nothing}
        ${this.merged()}
        <ticket-view .ticket=${ticket} .parts=${why ? WORDS_FIRST : PARTS} .below=${why ? html`<why-unit .ticket=${ticket}></why-unit>` : nothing} ?unmask=${this.unmask} ?spans=${/** @type {any} */ (this).spans}
          @changed=${(/** @type {CustomEvent} */ e) => this.tell("changed", e.detail)}></ticket-view></div></div>
      ${actions.length
        ? html`<div class="pane__foot actions-bar">${actionButtons(actions, (event, action) => this.press(event, action))}</div>`
        : nothing}`;
  }

  merged() {
    const { merged } = this.ticket;
    if (!merged.length) return nothing;
    return html`<section class="card card--tight stack stack--s"><h2>${t("work.merged", { many: merged.length })}</h2>
      <ul class="stack stack--s plain">${merged.map((/** @type {any} */ one) => html`<li class="row row--spread">
        <span class="grow"><span class="number small faint">${one.number}</span> ${one.title}</span>
        <button class="btn btn--small" type="button" data-unmerge=${one.number} @click=${(/** @type {Event} */ e) => this.unmerge(e, one)}>${t("work.unmerge")}</button></li>`)}</ul></section>`;
  }

  /** @param {Event} event @param {any} one a MergedView */
  async unmerge(event, one) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const reason = await askText({ title: t("work.unmerge"), label: t("ticket.reason") });
    if (!reason) return;
    await busy(button, async () => {
      await api.post(`/tickets/${one.number}/actions/unmerge`, { version: one.version, form: { reason } });
      await this.reread();
    });
  }

  async reread() {
    const fresh = await api.get(`/tickets/${this.ticket.number}`);
    this.tell("changed", fresh);
    return fresh;
  }

  /** @param {Event} event @param {import("../shared/action-form.js").Action} action */
  async press(event, action) {
    const after = await doAction(event, this.ticket, action, { onConflict: () => this.reread() });
    if (after) this.tell("changed", after);
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("ticket-list", TicketList);
define("ticket-pane", TicketPane);
