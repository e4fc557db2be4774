/** A dispute between units on one screen: both sides' duties and words, what was ruled before, and the ruling. */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import "../shared/picker.js";
import { ticketHead } from "../shared/ticket-view.js";
import { askText, busy, toast, toastError } from "../shared/ui.js";
import { precedentCard } from "./precedents.js";

/** `<dispute-pane number request ?rules>`; events `back`, `ruled` (the ticket). */
class DisputePane extends PageElement {
  static properties = { number: {}, request: {}, rules: { type: Boolean }, found: { state: true }, ruling: { state: true }, errors: { state: true } };

  constructor() {
    super();
    /** @type {any} */
    this.found = null;
    this.rules = false;
    this.reset();
    this.shown = "";
  }

  reset() {
    this.ruling = { lead: "", supporting: "", reason: "", clause: "", beyond_area: "" };
    /** @type {Record<string, string>} */
    this.errors = {};
  }

  get path() {
    return `/tickets/${this.number}/disputes/${this.request}`;
  }

  updated() {
    if (this.shown === this.request) return;
    this.shown = this.request;
    this.found = null;
    this.reset();
    this.read();
  }

  async read() {
    if (!this.request) return;
    try {
      this.found = await api.get(this.path);
    } catch (error) {
      toastError(error);
    }
  }

  render() {
    if (!this.request) return html`<x-empty class="fill" icon="ticket" heading=${t("work.pickDispute")} text=${t("work.pickDisputeText")}></x-empty>`;
    const { found } = this;
    if (!found) return html`<div class="pane__body pad" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    return html`${ticketHead(found.ticket, () => this.tell("back"))}
      <div class="pane__body pad"><div class="stack ticket-page dispute">
        <p class="notice ${found.overdue ? "notice--red" : "notice--yellow"}"><x-icon name="clock"></x-icon>
          <span>${found.open ? html`${t("work.ruleBy", { when: when(found.decide_by) })}<br />${t("work.firstWorks")}` : found.state_label}</span></p>
        <p class="prewrap lead card card--tight">${found.ticket.text}</p>
        <div class="sides">${found.sides.map((/** @type {any} */ side) => this.side(side))}</div>
        <section class="card card--tight stack stack--s"><h2>${t("work.precedents")}</h2>
          ${found.precedents.length ? found.precedents.map((/** @type {any} */ one) => precedentCard(one, this.units)) : html`<p class="faint">${t("work.noneBefore")}</p>`}</section>
        ${found.open && this.rules ? this.form() : nothing}
      </div></div>`;
  }

  get units() {
    return this.found.sides.map((/** @type {any} */ side) => side.unit);
  }

  /** @param {any} side a SideView */
  side(side) {
    const leads = this.ruling.lead === side.unit;
    return html`<section class="card card--tight stack stack--s side" aria-label=${side.name}>
      <div class="row row--spread"><h2>${side.name}</h2>${side.first ? html`<span class="badge badge--primary">${t("work.first")}</span>` : nothing}</div>
      <dl class="facts"><dt>${t("work.dutyItem")}</dt>
        <dd>${side.duty_item ? side.duty : html`<span class="danger-text">${t("work.noDutyItem")}</span>`}</dd>
        <dt>${t("work.duties")}</dt><dd>${side.duties.join(t("common.listComma")) || t("common.none")}</dd>
        <dt>${t("work.areas")}</dt><dd>${side.areas.join(t("common.listComma"))}${side.covers_area ? nothing : html` <span class="badge badge--yellow">${t("work.outsideArea")}</span>`}</dd>
        ${side.has_power ? nothing : html`<dt></dt><dd class="danger-text">${t("work.noPower")}</dd>`}</dl>
      ${side.arguments.map((/** @type {any} */ said) => html`<blockquote class="said"><p class="prewrap">${said.text}</p>
        ${said.clause ? html`<p class="small"><span class="faint">${t("work.clause")}</span>${said.clause}</p>` : nothing}
        <p class="small faint">${t(said.own ? "work.ownWords" : "work.recorded")} · ${when(said.at)}${said.attachments.map((/** @type {any} */ file) => html` · <a href=${file.url} target="_blank" rel="noopener">${file.name}</a>`)}</p></blockquote>`)}
      ${side.arguments.length ? nothing : html`<p class="faint small">${t("work.saidNothing")}</p>`}
      ${this.found.open ? html`<div class="row"><button class="btn btn--small" type="button" @click=${(/** @type {Event} */ e) => this.argue(e, side)}>${t("work.argue")}</button>
        ${this.rules ? html`<button class="btn btn--small ${leads ? "btn--primary" : ""}" type="button" aria-pressed=${leads} data-lead=${side.unit}
          @click=${() => this.set("lead", side.unit)}>${t("work.toLead")}</button>` : nothing}</div>` : nothing}
    </section>`;
  }

  form() {
    const others = this.found.sides.filter((/** @type {any} */ side) => side.unit !== this.ruling.lead);
    return html`<form class="card card--tight stack" @submit=${this.submit}>
      <h2>${t("work.ruling")}</h2>
      <div class="field"><span class="label">${t("work.lead")} <span class="required" aria-hidden="true">*</span></span>
        <x-picker id="ruling-lead" kind="unit" label=${t("work.lead")} .value=${this.ruling.lead} .known=${this.known()} @choose=${(/** @type {CustomEvent} */ e) => this.set("lead", e.detail)}></x-picker>
        ${this.error("lead")}</div>
      <fieldset class="stack stack--s"><legend class="label">${t("work.supportedBy")}</legend>
        ${others.map((/** @type {any} */ side) => html`<label class="check"><input type="checkbox" .checked=${this.supporting.includes(side.unit)} @change=${() => this.turn(side.unit)} /><span>${side.name}</span></label>`)}${this.error("supporting")}</fieldset>
      ${this.lines("reason", t("work.reason"))} ${this.lines("clause", t("work.clauseField"))}
      ${this.errors.beyond_area || this.ruling.beyond_area ? this.lines("beyond_area", t("work.beyondArea")) : nothing}
      <div class="btn-row btn-row--end"><button class="btn btn--primary" type="submit">${t("work.rule")}</button></div>
    </form>`;
  }

  known() {
    const side = this.found.sides.find((/** @type {any} */ one) => one.unit === this.ruling.lead);
    return { code: side?.unit ?? "", name: side?.name ?? "" };
  }

  get supporting() {
    return this.ruling.supporting.split(",").filter(Boolean);
  }

  /** @param {string} unit */
  turn(unit) {
    const chosen = this.supporting.includes(unit) ? this.supporting.filter((one) => one !== unit) : [...this.supporting, unit];
    this.set("supporting", chosen.join(","));
  }

  /** @param {"reason" | "clause" | "beyond_area"} name @param {string} text */
  lines(name, text) {
    return html`<div class="field"><label for="ruling-${name}">${text} <span class="required" aria-hidden="true">*</span></label>
      <textarea class="textarea" id="ruling-${name}" rows="2" maxlength="2000" .value=${this.ruling[name]} aria-invalid=${Boolean(this.errors[name])}
        @input=${(/** @type {any} */ e) => this.set(name, e.target.value)}></textarea>${this.error(name)}</div>`;
  }

  /** @param {string} name */
  error(name) {
    return this.errors[name] ? html`<p class="field__error"><x-icon name="alert"></x-icon>${this.errors[name]}</p>` : nothing;
  }

  /** @param {string} name @param {string} value */
  set(name, value) {
    this.ruling = { ...this.ruling, [name]: value };
    this.errors = { ...this.errors, [name]: "" };
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    event.preventDefault();
    const button = /** @type {HTMLElement} */ (event.submitter ?? this.querySelector("form .btn--primary"));
    const supporting = this.supporting.filter((unit) => unit !== this.ruling.lead);
    await busy(button, async () => {
      try {
        const ticket = await api.post(`${this.path}/ruling`, { ...this.ruling, supporting });
        toast(t("work.ruled"), { kind: "good" });
        await this.read();
        this.tell("ruled", ticket);
      } catch (error) {
        if (!(error instanceof ApiError) || !Object.keys(error.fields).length) throw error;
        this.errors = { ...error.fields };
      }
    });
  }

  /** @param {Event} event @param {any} side */
  async argue(event, side) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const text = await askText({ title: t("work.argueOf", { unit: side.name }), label: t("work.argueText") });
    if (!text) return;
    await busy(button, async () => (this.found = await api.post(`${this.path}/arguments`, { unit: side.unit, text })));
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("dispute-pane", DisputePane);
