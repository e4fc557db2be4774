/** `<my-notices>`: one's own notices behind a bell, and on which ways and in which hours they come. Event `pick` (a
 * ticket's number and the page it is opened on). `opened(number)` tells that a ticket was opened: what was said of it is read. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, ApiError, sayError } from "./api.js";
import { define, PageElement } from "./element.js";
import { ago } from "./format.js";
import { known, loadTexts, t } from "./i18n.js";
import { busy, toast } from "./ui.js";

/** @typedef {{ways: {way: string, label: string, address: string, problem: string}[], quiet_from: string, quiet_to: string, unread: number, phone: string, preferred: string | null, all_urgent: boolean,
 *   notices: {number: string, what: string, at: string, read: boolean, page: string}[]}} View */

await loadTexts("reach");

class MyNotices extends PageElement {
  static properties = { view: { state: true } };

  constructor() {
    super();
    /** @type {View | null} */
    this.view = null;
    /** @type {HTMLDialogElement | null} */
    this.dialog = null;
    /** @type {Record<string, string>} */
    this.errors = {};
    this.problem = "";
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.view = await api.get("/my/notices").catch(() => null);
  }

  /** @param {string} number */
  async opened(number) {
    if (!this.view?.notices.some((one) => one.number === number && !one.read)) return;
    await api.post("/my/notices/read", { number }).catch(() => {});
    await this.load();
  }

  render() {
    if (!this.view) return nothing;
    const { unread } = this.view;
    return html`<button class="btn btn--small" type="button" data-notices @click=${this.open} aria-haspopup="dialog" aria-label=${unread ? `${t("reach.title")} ${t("reach.unread", { count: unread })}` : t("reach.title")}>
      <x-icon name=${this.view.ways?.some((one) => one.problem) ? "alert" : "bell"}></x-icon><span class="unit-bell">${t("reach.title")}</span>${unread ? html`<span class="count count--urgent">${unread}</span>` : nothing}</button>`;
  }

  open() {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    dialog.setAttribute("aria-label", t("reach.title"));
    dialog.addEventListener("close", () => {
      dialog.remove();
      this.dialog = null;
    });
    Object.assign(this, { dialog, errors: {}, problem: "" });
    this.draw();
    document.body.append(dialog);
    dialog.showModal();
  }

  draw() {
    const { dialog, view } = this;
    if (!dialog || !view) return;
    const { errors } = this;
    const error = (/** @type {string} */ name) => (errors[name] ? html`<p class="field__error"><x-icon name="alert"></x-icon>${errors[name]}</p>` : nothing);
    const type = (/** @type {string} */ way) => (way === "email" ? "email" : way === "sms" ? "tel" : "text");
    render(html`<form novalidate @submit=${(/** @type {SubmitEvent} */ e) => this.submit(e)}><div class="dialog__body stack">
        <h2>${t("reach.title")}</h2>
        ${this.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
        ${view.notices.length ? html`<ul class="list reach-list">${view.notices.map((one) => html`<li><button class="list__item" type="button" data-read=${one.read} @click=${() => this.pick(one)}>
            <span class="grow"><span class=${one.read ? "" : "strong"}>${one.what}</span> <span class="number small faint">${one.number}</span></span>
            <span class="small faint nowrap">${ago(one.at)}</span></button></li>`)}</ul>` : html`<p class="muted">${t("reach.none")}</p>`}
        <fieldset class="stack stack--s"><legend class="strong">${t("reach.ways")}</legend>
          <p class="field__hint">${t(view.ways.length ? "reach.waysText" : "reach.noWays")}</p>
          ${view.ways.map((one) => html`<div class="field"><label for=${`way-${one.way}`}>${one.label}</label>
            <input class="input" id=${`way-${one.way}`} name=${one.way} type=${type(one.way)} autocomplete="off" maxlength="180" value=${one.address} placeholder=${t(`reach.hint.${one.way}`)} aria-invalid=${Boolean(errors[`ways.${one.way}`])} />
            ${view.ways.length > 1 ? html`<label class="check small"><input type="radio" name="preferred" value=${one.way} ?checked=${one.way === view.preferred} /><span>${t("reach.preferred")}</span></label>` : nothing}
            ${one.problem ? html`<p class="field__error" data-problem=${one.problem}><x-icon name="alert"></x-icon>${problem(one.problem)}</p>` : nothing}
            ${error(`ways.${one.way}`)}</div>`)}
          ${view.ways.length > 1 ? html`<p class="field__hint">${t("reach.preferredText")}</p>
            <label class="check"><input type="checkbox" name="all_urgent" ?checked=${view.all_urgent} /><span>${t("reach.allUrgent")}</span></label>` : nothing}
          <div class="field"><label for="own-phone">${t("reach.phone")}</label>
            <input class="input" id="own-phone" name="phone" type="tel" autocomplete="tel" maxlength="30" value=${view.phone} aria-invalid=${Boolean(errors.phone)} />
            <p class="field__hint">${t("reach.phoneText")}</p>${error("phone")}</div></fieldset>
        <fieldset class="stack stack--s"><legend class="strong">${t("reach.quiet")}</legend>
          <p class="field__hint">${t("reach.quietText")}</p>
          <span class="row row--keep"><input class="input input--small" type="time" name="quiet_from" aria-label=${t("reach.begins")} value=${view.quiet_from} /><span>–</span>
            <input class="input input--small" type="time" name="quiet_to" aria-label=${t("reach.ends")} value=${view.quiet_to} /></span>
          ${error("quiet_from")}${error("quiet_to")}</fieldset>
      </div><div class="dialog__foot"><button class="btn" type="button" @click=${() => dialog.close()}>${t("common.close")}</button>
        <button class="btn btn--primary" data-save>${t("reach.save")}</button></div></form>`, dialog);
  }

  /** @param {{number: string, page: string}} one */
  pick({ number, page }) {
    this.dialog?.close();
    this.dispatchEvent(new CustomEvent("pick", { detail: { number, page } }));
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const text = (/** @type {string} */ name) => String(form.get(name) ?? "");
    const ways = Object.fromEntries((this.view?.ways ?? []).map((one) => [one.way, text(one.way)]));
    // Whoever empties every way wants no notices, and nothing need be preferred.
    const none = !Object.values(ways).some((address) => address.trim()) && text("preferred") === (this.view?.preferred ?? "");
    const preferred = none ? null : text("preferred") || null;
    return busy(/** @type {HTMLElement} */ (this.dialog?.querySelector("[data-save]")), async () => {
      try {
        this.view = await api.put("/my/notices", { ways, quiet_from: text("quiet_from"), quiet_to: text("quiet_to"), phone: text("phone"), preferred, all_urgent: form.has("all_urgent") });
        this.dialog?.close();
        toast(t("reach.saved"), { kind: "good" });
      } catch (error) {
        this.errors = error instanceof ApiError ? error.fields : {};
        this.problem = Object.keys(this.errors).length ? "" : sayError(error);
        this.draw();
      }
    });
  }
}

/** Why a way is not used. @param {string} code */
function problem(code) {
  const key = `reach.problem.${code}`;
  return t(known(key) ? key : "reach.problem.other");
}

define("my-notices", MyNotices);
