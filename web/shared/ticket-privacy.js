/** What guards the citizen on a ticket's page: a purpose is asked before the identity is shown, it goes again by itself,
 * and doubtful words of a report are decided about. Texts: section `ticket`. */
import { html, nothing, render } from "../vendor/lit.js";
import { api } from "./api.js";
import { define, PageElement } from "./element.js";
import { t } from "./i18n.js";
import { busy } from "./ui.js";

/** So many Chinese characters at least say what for. */
const LEAST_HAN = 8;

/** How many of them are said, and whether that is a reason: not the same word over and over. @param {string} text */
function weigh(text) {
  const said = [...text].filter((letter) => /\p{Script=Han}/u.test(letter)).join("");
  const repeats = Array.from({ length: Math.floor(said.length / 2) }, (_, at) => at + 1).some((length) => said.slice(length) === said.slice(0, -length));
  const enough = said.length >= LEAST_HAN;
  return { count: said.length, enough, repeats: enough && (repeats || 2 * new Set(said).size < LEAST_HAN) };
}

/** Asks what an identity is needed for; what has to be said, and what is shown for it, stands there before it is pressed.
 * @param {{value: string, label: string, shows?: string[]}[]} purposes
 * @returns {Promise<{reason: string, purpose: string} | null>} null if given up */
export function askPurpose(purposes) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", t("ticket.unmask"));
  const giveUp = () => dialog.close("");
  let [chosen] = purposes;
  let words = "";
  const choose = (/** @type {any} */ event) => {
    chosen = purposes.find((one) => one.value === event.target.value) ?? chosen;
    draw();
  };
  const write = (/** @type {any} */ event) => {
    words = event.target.value;
    draw();
  };
  const send = (/** @type {Event} */ event) => {
    const { enough, repeats } = weigh(words);
    if (!enough || repeats) event.preventDefault();
  };
  const draw = () => render(form(), dialog);
  const form = () => {
    const { count, enough, repeats } = weigh(words);
    return html`<form method="dialog" @submit=${send}>
      <div class="dialog__body stack">
        <h2>${t("ticket.unmask")}</h2>
        <p class="muted">${t("ticket.unmaskText")}</p>
        <div class="field"><label for="purpose-kind">${t("ticket.purposeKind")}</label>
          <select class="select" id="purpose-kind" name="reason" @change=${choose}>${purposes.map((one) => html`<option value=${one.value}>${one.label}</option>`)}</select>
          ${chosen?.shows?.length ? html`<p class="field__hint" data-shows>${t("ticket.purposeShows", { what: chosen.shows.join("、") })}</p>` : nothing}</div>
        <div class="field"><label for="purpose-words">${t("ticket.purposeWords")} <span class="required" aria-hidden="true">*</span></label>
          <textarea class="textarea" id="purpose-words" name="purpose" rows="2" required maxlength="500" aria-describedby="purpose-needs" @input=${write}></textarea>
          <p class=${repeats ? "field__error" : "field__hint"} id="purpose-needs" role="status">${t(repeats ? "ticket.purposeRepeats" : "ticket.purposeNeeds", { least: LEAST_HAN, count })}</p></div>
      </div>
      <div class="dialog__foot"><button class="btn" type="button" @click=${giveUp}>${t("common.cancel")}</button>
        <button class="btn btn--primary" value="yes" ?disabled=${!enough || repeats}>${t("common.confirm")}</button></div>
    </form>`;
  };
  draw();
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const given = new FormData(/** @type {HTMLFormElement} */ (dialog.querySelector("form")));
      dialog.remove();
      if (dialog.returnValue !== "yes") return resolve(null);
      resolve({ reason: String(given.get("reason")), purpose: String(given.get("purpose")).trim() });
    });
  });
}

/** `<mask-timer .until=${ms}>`: how long an identity stays in sight; event `over` when it is to go. */
class MaskTimer extends PageElement {
  static properties = { until: { type: Number }, left: { state: true } };

  constructor() {
    super();
    this.until = 0;
    this.left = 0;
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  willUpdate() {
    this.left = Math.max(0, Math.ceil((this.until - Date.now()) / 1000));
  }

  tick() {
    this.left = Math.max(0, Math.ceil((this.until - Date.now()) / 1000));
    if (this.until && this.left <= 0) this.over();
  }

  over() {
    this.dispatchEvent(new CustomEvent("over"));
  }

  render() {
    const time = `${Math.floor(this.left / 60)}:${String(this.left % 60).padStart(2, "0")}`;
    return html`<span class="row small faint"><span class="number">${t("ticket.masksAgain", { time })}</span>
      <button class="btn btn--small btn--quiet no-print" type="button" @click=${this.over}>${t("ticket.maskNow")}</button></span>`;
  }
}

/** `<span-cards .spans=${SpansView}>`: doubtful words with what decides about them; event `decided` (the new SpansView). */
class SpanCards extends PageElement {
  static properties = { spans: { attribute: false } };

  render() {
    return html`${this.all()}<ul class="span-cards" role="list">${this.spans.items.map((/** @type {any} */ one) => this.card(one))}</ul>`;
  }

  /** One key for all that wait, where it is more than one. */
  all() {
    const waiting = this.spans.items.filter((/** @type {any} */ one) => one.shown === null).length;
    if (waiting < 2) return nothing;
    const button = (/** @type {boolean} */ shown) => html`<button class="btn btn--small" type="button" data-all=${shown}
      @click=${(/** @type {Event} */ event) => this.decide(event, "", shown)}>${t(shown ? "ticket.spanShowAll" : "ticket.spanHideAll")}</button>`;
    return html`<div class="row"><span class="faint">${t("ticket.spansWaiting", { count: waiting })}</span><span class="btn-row push">${button(false)}${button(true)}</span></div>`;
  }

  /** @param {any} one a SpanView */
  card(one) {
    const state = one.shown === null ? nothing : html`<span class="badge ${one.shown ? "badge--green" : "badge--orange"}">${t(one.shown ? "ticket.spanShown" : "ticket.spanHidden")}</span>`;
    const button = (/** @type {boolean} */ shown) => html`<button class="btn btn--small" type="button" aria-pressed=${one.shown === shown}
      @click=${(/** @type {Event} */ event) => this.decide(event, one.mark, shown)}>${t(shown ? "ticket.spanShow" : "ticket.spanHide")}</button>`;
    return html`<li class="span-card">
      <p><span class="faint">${one.before}</span><mark>${one.text}</mark><span class="faint">${one.after}</span></p>
      <div class="row"><span class="badge">${one.kind_label}</span>${state}<span class="btn-row push">${button(false)}${button(true)}</span></div></li>`;
  }

  /** @param {Event} event @param {string} mark of one span, empty for all that wait @param {boolean} shown */
  decide(event, mark, shown) {
    return busy(event, async () => {
      const after = await api.post(`/tickets/${this.spans.number}/spans${mark && `/${mark}`}`, { shown });
      this.dispatchEvent(new CustomEvent("decided", { detail: after, bubbles: true }));
    });
  }
}

/** `<ticket-spans number=…>`: the doubtful words of one ticket, for those who may decide about them; else nothing. */
class TicketSpans extends PageElement {
  static properties = { number: {}, version: { type: Number }, spans: { state: true } };

  constructor() {
    super();
    /** @type {any} */
    this.spans = null;
    this.number = "";
    this.asked = "";
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("number")) this.spans = null;
  }

  updated() {
    const wanted = `${this.number}/${/** @type {any} */ (this).version}`;
    if (this.asked === wanted) return;
    this.asked = wanted;
    const { number } = this;
    api.get(`/tickets/${number}/spans`).then((spans) => number === this.number && (this.spans = spans)).catch(() => {});
  }

  render() {
    if (!this.spans?.items.length) return nothing;
    return html`<section class="card card--tight card--accent stack stack--s"><h2>${t("ticket.spans")}</h2>
      <p class="small faint">${t("ticket.spansText")}</p>
      <span-cards .spans=${this.spans} @decided=${(/** @type {CustomEvent} */ event) => (this.spans = event.detail)}></span-cards></section>`;
  }
}

define("mask-timer", MaskTimer);
define("span-cards", SpanCards);
define("ticket-spans", TicketSpans);
