/** `<leaks-tab ?may-act>`: suspected leaks — frozen, told within a day, traced, closed. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { askText, busy, toast, toastError } from "../shared/ui.js";

class LeaksTab extends PageElement {
  static properties = { mayAct: { type: Boolean, attribute: "may-act" }, items: { state: true } };

  constructor() {
    super();
    this.mayAct = false;
    /** @type {any[] | null} */
    this.items = null;
    /** @type {string | null} */
    this.next = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load().catch(toastError);
  }

  /** Reads the list, or a page more of it. @param {boolean} [more] */
  async load(more = false) {
    const page = await api.get("/privacy/leaks", more ? { cursor: this.next } : {});
    this.items = more ? [...(this.items ?? []), ...page.items] : page.items;
    this.next = page.next;
  }

  more() {
    return this.next ? html`<button class="btn btn--wide" type="button" data-more @click=${() => this.load(true).catch(toastError)}>${t("common.more")}</button>` : nothing;
  }

  /** @param {SubmitEvent} event */
  freeze(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = new FormData(form);
    busy(/** @type {HTMLElement} */ (event.submitter), async () => {
      await api.post("/privacy/leaks", { number: given.get("number"), why: given.get("why") });
      form.reset();
      toast(t("privacy.done"), { kind: "good" });
      await this.load();
    });
  }

  /** @param {Event} event @param {any} leak @param {"notify" | "close"} what */
  async act(event, leak, what) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    const question = what === "notify"
      ? { title: t("privacy.notify"), text: t(leak.writable ? "privacy.notifyWrite" : "privacy.notifyCall"), label: t("privacy.notice"),
          value: leak.writable ? t("privacy.notifyUsual", { number: leak.number }) : "", rows: 5 }
      : { title: t("privacy.close"), label: t("privacy.conclusion") };
    const said = await askText(question);
    if (!said) return;
    await busy(button, async () => {
      await api.post(`/privacy/leaks/${leak.id}/${what}`, what === "notify" ? { text: said } : { conclusion: said });
      await this.load();
    });
  }

  render() {
    return html`<div class="stack">${this.mayAct ? this.form() : nothing}${this.list()}${this.more()}</div>`;
  }

  form() {
    return html`<form class="card card--tight stack stack--s" @submit=${this.freeze}><h2>${t("privacy.freeze")}</h2>
      <p class="small faint">${t("privacy.freezeText")}</p>
      <div class="privacy__filters">
        <div class="field"><label for="leak-number">${t("privacy.number")}</label><input class="input" id="leak-number" name="number" required maxlength="24" /></div>
        <div class="field"><label for="leak-why">${t("privacy.why")}</label><input class="input" id="leak-why" name="why" required maxlength="1000" /></div>
        <div class="btn-row"><button class="btn btn--danger"><x-icon name="lock"></x-icon>${t("privacy.freeze")}</button></div>
      </div></form>`;
  }

  list() {
    if (!this.items) return html`<div class="card" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    if (!this.items.length) return html`<x-empty icon="lock" heading=${t("privacy.leaks.empty")}></x-empty>`;
    return this.items.map((one) => this.card(one));
  }

  /** @param {any} one a LeakView */
  card(one) {
    const state = one.closed_at ? html`<span class="badge">${t("privacy.closed")}</span>` : html`<span class="badge badge--red">${t("privacy.open")}</span>`;
    const told = one.notified_at ? t("privacy.notified", { when: when(one.notified_at) }) : t("privacy.notifyBy", { when: when(one.notify_by) });
    const press = (/** @type {"notify" | "close"} */ what) => (/** @type {Event} */ event) => this.act(event, one, what);
    return html`<section class="card card--tight stack stack--s ${one.closed_at ? "" : "leak--open"}">
      <div class="row row--spread"><h2 class="number">${one.number}</h2><span class="row">${one.late ? html`<span class="badge badge--red">${t("privacy.late")}</span>` : nothing}${state}</span></div>
      <p class="prewrap">${one.why}</p>
      <p class="small faint">${[one.opened_by, when(one.opened_at)].filter(Boolean).join(" · ")} · ${told}</p>
      ${one.notice ? html`<p class="small prewrap"><span class="faint">${t("privacy.notice")}</span> ${one.notice}</p>` : nothing}
      ${one.conclusion ? html`<p class="small prewrap"><span class="faint">${t("privacy.conclusion")}</span> ${one.conclusion}</p>` : nothing}
      <div class="btn-row"><a class="btn btn--small btn--soft" href=${`#looks/${one.number}`}>${t("privacy.trace")}</a>
        ${this.mayAct && !one.notified_at ? html`<button class="btn btn--small btn--primary" type="button" @click=${press("notify")}>${t("privacy.notify")}</button>` : nothing}
        ${this.mayAct && one.notified_at && !one.closed_at ? html`<button class="btn btn--small" type="button" @click=${press("close")}>${t("privacy.close")}</button>` : nothing}</div>
    </section>`;
  }
}

define("leaks-tab", LeaksTab);
