/** The right pane: one ticket, and under it what may be done next. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { askText, busy } from "../shared/ui.js";
import { ticketSections } from "./ticket-sections.js";

/** @typedef {import("../shared/action-form.js").Action} Action */

class UnitTicket extends PageElement {
  static properties = { ticket: { attribute: false }, number: {}, contact: { state: true } };

  constructor() {
    super();
    this.number = "";
    /** @type {{name: string, phone: string, address: string} | null} whom the handler asked to see, until another ticket opens */
    this.contact = null;
    this.contactOf = "";
  }

  willUpdate() {
    if (this.contactOf !== this.number) this.contact = null;
    this.contactOf = this.number;
  }

  render() {
    if (!this.number) return html`<x-empty class="fill only-wide" icon="inbox" heading=${t("unit.pick")} text=${t("unit.pickText")}></x-empty>`;
    const { ticket } = this;
    return html`<div class="pane__head row row--keep">
        <button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${() => this.tell("back")}>
          <x-icon name="back"></x-icon></button>
        <div class="grow"><div class="number strong clip">${this.number}</div>
          ${ticket ? html`<div class="small faint clip">${ticket.kind_label} · ${ticket.state_label}</div>` : nothing}</div>
        ${ticket ? html`<x-light light=${ticket.light} text=${ticket.remaining_text}></x-light>` : nothing}
      </div>
      ${ticket ? html`<div class="pane__body pad" tabindex="-1"><div class="stack unit-page">${this.matter()} ${ticketSections(ticket)}</div></div>${this.foot()}`
        : html`<div class="pane__body pad stack" aria-busy="true"><span class="skeleton skeleton--title"></span><span class="skeleton skeleton--block"></span></div>`}`;
  }

  matter() {
    const { ticket } = this;
    return html`<section class="card stack">
      <h1 class="unit-title">${ticket.title}</h1>
      ${ticket.notices?.length ? html`<div class="notice notice--yellow"><x-icon name="bell"></x-icon><span>${ticket.notices.map(
        (/** @type {any} */ one) => html`<span class="unit-notice">${one.text} <span class="small">${when(one.at)}</span></span>`)}</span></div>` : nothing}
      <p class="prewrap">${ticket.text}</p>
      <dl class="facts">
        <dt>${t("unit.where")}</dt><dd>${[ticket.area_name, ticket.where_text].filter(Boolean).join(" · ") || t("common.none")}</dd>
        ${ticket.when_text ? html`<dt>${t("unit.when")}</dt><dd>${ticket.when_text}</dd>` : nothing}
        <dt>${t("unit.matter")}</dt><dd>${ticket.matter_name || t("common.none")}</dd>
        <dt>${t("unit.due")}</dt><dd>${ticket.due_at ? when(ticket.due_at) : t("common.none")}</dd>
        <dt>${t("unit.citizen")}</dt><dd>${this.citizen()}</dd>
      </dl>
    </section>`;
  }

  citizen() {
    const { requester } = this.ticket;
    if (requester.secret) return html`<span class="badge badge--red">${t("unit.secret")}</span>`;
    if (this.contact) {
      const { name, phone, address } = this.contact;
      return html`<span class="row"><span class="strong">${name}</span>
        ${phone ? html`<a class="btn btn--small btn--soft" href=${`tel:${phone}`}><x-icon name="phone"></x-icon><span class="number">${phone}</span></a>` : nothing}
        ${address ? html`<span>${address}</span>` : nothing}</span>`;
    }
    return html`<span class="row"><span>${[requester.name, requester.phone].filter(Boolean).join(" ") || t("common.none")}</span>
      <button class="btn btn--small" type="button" @click=${this.unmask}><x-icon name="eye"></x-icon>${t("unit.unmask")}</button></span>`;
  }

  foot() {
    const actions = /** @type {Action[]} */ (this.ticket.actions);
    const first = actions.find((one) => one.primary);
    const rest = [...actions.filter((one) => one !== first), ...this.ticket.can_request];
    if (!first && !rest.length) return nothing;
    return html`<div class="thumb-bar only-phone">
        ${rest.length ? html`<button class="btn unit-more" type="button" @click=${(/** @type {Event} */ e) => this.tell("more", e.currentTarget)}>${t("common.more")}</button>` : nothing}
        ${first ? this.next(first) : nothing}</div>
      <div class="pane__foot unit-foot only-wide">${first ? this.next(first) : nothing}
        ${rest.map((action) => html`<button class="btn" type="button" data-action=${action.action}
          @click=${(/** @type {Event} */ e) => this.press(e, action)}><span class=${action.danger ? "danger-text" : ""}>${action.label}</span></button>`)}</div>`;
  }

  /** @param {Action} action */
  next(action) {
    return html`<button class="btn btn--primary" type="button" data-next data-action=${action.action}
      @click=${(/** @type {Event} */ e) => this.press(e, action)}>${action.label}</button>`;
  }

  /** @param {Event} event @param {Action} action */
  press(event, action) {
    this.tell("press", { button: event.currentTarget, action });
  }

  /** @param {Event} event */
  async unmask(event) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const purpose = await askText({ title: t("unit.unmask"), text: t("unit.unmaskText"), label: t("unit.purpose"), value: t("unit.purposeUsual"), rows: 2 });
    if (!purpose) return;
    await busy(button, async () => {
      this.contact = await api.post(`/tickets/${this.number}/unmask`, { purpose });
    });
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("unit-ticket", UnitTicket);
