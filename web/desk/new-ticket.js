/** `<new-ticket>`: a ticket written down from a telephone call, by keyboard alone and without a talk; what was written stays until
 * it is sent. Events `opened`, `show` (the number), `back`. */
import { html, nothing } from "../vendor/lit.js";
import "../shared/action-form.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { label, t } from "../shared/i18n.js";
import { dangerLine } from "../shared/ticket-view.js";
import { toast } from "../shared/ui.js";

const KINDS = ["complaint", "help", "consult", "report", "praise", "other"];
const URGENCIES = ["p0", "p1", "p2", "p3"];
const DRAFT = "new-ticket";
// Milliseconds of quiet, and letters that say something.
const PAUSE = 500, SHORTEST = 6;

/** @typedef {import("../shared/action-form.js").Field} Field */

/** @param {string} name @param {Field["type"]} type @param {Partial<Field>} [more] @returns {Field} */
function field(name, type, more = {}) {
  return { name, type, label: t(`desk.field.${name}`), required: false, options: [], hint: "", ...more };
}

/** What the API takes of a ticket, in the order it is told on the telephone. @param {{value: string, label: string}[]} areas */
function asked(areas) {
  const kinds = KINDS.map((value) => ({ value, label: label("type", value.toUpperCase()) }));
  const urgencies = URGENCIES.map((value) => ({ value, label: t(`desk.urgency.${value}`) }));
  return {
    action: "open", label: t("desk.openTicket"), primary: true, danger: false,
    fields: [
      field("text", "textarea", { required: true, hint: t("desk.new.textHint") }),
      field("where_text", "text", { hint: t("desk.new.whereHint") }),
      field("name", "text"),
      field("phone", "text"),
      field("kind", "choice", { required: true, options: kinds, value: "complaint" }),
      field("matter", "matter"),
      field("urgency", "choice", { required: true, options: urgencies, value: "p2" }),
      field("when_text", "text"),
      field("title", "text", { hint: t("desk.new.titleHint") }),
      field("area", "choice", { options: areas }),
      field("secrecy", "choice", { options: [{ value: "confidential", label: t("desk.new.secret") }] }),
      field("anonymous", "bool", { hint: t("desk.new.anonymousHint") }),
      field("enterprise", "bool"),
      field("attachments", "files"),
    ],
  };
}

class NewTicket extends PageElement {
  static properties = { opened: { state: true }, areas: { state: true }, again: { state: true }, alike: { state: true } };

  constructor() {
    super();
    /** @type {any} */
    this.opened = null;
    /** @type {{value: string, label: string}[] | null} null before they were read */
    this.areas = null;
    this.again = 0;
    /** @type {any} an AlikeView: what others told already of the same */
    this.alike = null;
    /** the number of the ticket the caller follows, while the form is being sent */
    this.follows = "";
    this.waiting = 0;
  }

  async connectedCallback() {
    super.connectedCallback();
    const levels = ["district", "town"].map((level) => api.all("/areas", { level }));
    const found = (await Promise.all(levels).catch(() => [])).flatMap((page) => page.items);
    this.areas = found.map((/** @type {any} */ one) => ({ value: one.code, label: one.name }));
  }

  async updated() {
    if (this.contains(document.activeElement)) return;
    await /** @type {any} */ (this.querySelector("action-form"))?.updateComplete;
    const target = this.opened ? "[data-act=again]" : "#open-text";
    /** @type {HTMLElement | null} */ (this.querySelector(target))?.focus();
  }

  render() {
    return html`<div class="pane__head row row--keep">
        <button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${() => this.tell("back")}><x-icon name="back"></x-icon></button>
        <h1 class="ticket-head__title grow">${t("desk.new")}</h1></div>
      <div class="pane__body pad"><div class="new-ticket">${this.opened ? this.card() : this.form()}</div></div>
      ${this.alike && !this.opened ? this.offer() : nothing}`;
  }

  /** What the caller may follow instead of having a ticket of their own. */
  offer() {
    const { number, persons, or_more: more, what, where, since, state_label: state, unit_name: unit } = this.alike;
    const told = t(more ? "desk.alike.more" : "desk.alike", { persons });
    return html`<div class="alike row row--spread" role="status">
      <div class="grow"><div class="strong">${told}</div>
        <div class="small">${[what, where].filter(Boolean).join(" · ")}</div>
        <div class="small faint"><span class="number">${number}</span> · ${state}${unit ? ` · ${unit}` : ""} · ${when(since)}</div></div>
      <button class="btn btn--soft" type="button" data-act="follow" @click=${() => this.follow()}>${t("desk.alike.follow")} <kbd>Alt+F</kbd></button>
    </div>`;
  }

  follow() {
    this.follows = this.alike.number;
    /** @type {HTMLFormElement | null} */ (this.querySelector("action-form form"))?.requestSubmit();
  }

  /** Asks what others told of the same once the agent pauses. @param {any} values what is written so far */
  edited(values) {
    this.follows = "";
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.compare(values), PAUSE);
  }

  /** @param {any} values */
  async compare({ attachments: _files, anonymous, enterprise, ...values }) {
    const told = String(values.text ?? "").trim();
    const form = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
    const asked = { ...form, anonymous: Boolean(anonymous), enterprise: Boolean(enterprise) };
    // Whoever writes goes on without an answer: it is only an offer.
    const found = told.length < SHORTEST ? [] : await api.post("/tickets/alike", asked).catch(() => []);
    if (told === String(this.querySelector("#open-text")?.value ?? "").trim()) this.alike = found[0] ?? null;
  }

  form() {
    if (!this.areas) return html`<div class="skeleton skeleton--block" aria-busy="true"></div>`;
    return html`<action-form class="card" .action=${asked(this.areas)} .send=${(/** @type {any} */ form) => this.send(form)} keep=${DRAFT}
      .upload=${async (/** @type {File[]} */ files) => (await api.upload("/tickets/attachments", files)).map((/** @type {any} */ one) => one.id)}
      .onEdit=${(/** @type {any} */ values) => this.edited(values)}
      @done=${(/** @type {CustomEvent} */ e) => this.done(e.detail)} @give-up=${() => this.tell("back")}></action-form>`;
  }

  /** @param {any} form */
  send({ anonymous, enterprise, ...form }) {
    const follows = this.follows;
    this.follows = "";
    return api.post("/tickets", { ...form, same_as: follows, anonymous: Boolean(anonymous), enterprise: Boolean(enterprise) });
  }

  /** @param {any} answer an OpenedView */
  done(answer) {
    this.opened = answer;
    clearTimeout(this.waiting);
    this.alike = null;
    toast(t(answer.parent ? "desk.followed" : "desk.opened"), { kind: "good" });
    this.tell("opened", answer);
  }

  card() {
    const { number, query_code: code, unit_name: unit, state_label: state, parent, dangers = [] } = this.opened;
    return html`<div class="card card--accent stack stack--s" role="status">
      ${dangers.map(dangerLine)}
      <div class="strong">${t(parent ? "desk.followed" : "desk.opened")}</div>
      <dl class="facts"><dt>${t("desk.number")}</dt><dd class="number">${number}</dd>
        <dt>${t("desk.code")}</dt><dd class="number">${code}</dd>
        <dt>${t("desk.state")}</dt><dd>${state}</dd>
        ${parent ? html`<dt>${t("desk.follows")}</dt><dd class="number">${parent}</dd>` : html`<dt>${t("desk.unit")}</dt><dd>${unit || t("desk.goesToPeople")}</dd>`}</dl>
      <p class="small faint">${t("desk.new.tell")}</p>
      <div class="btn-row"><button class="btn btn--primary" type="button" data-act="again" @click=${() => (this.opened = null)}>${t("desk.new.again")}</button>
        <button class="btn" type="button" @click=${() => this.tell("show", number)}>${t("desk.new.show")}</button></div>
    </div>`;
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("new-ticket", NewTicket);
