/** Disputes that concern the unit: before the ruling it says in its own words, with the clause, what it has to say. */
import { html, nothing, render } from "../vendor/lit.js";
import { api, ApiError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { busy, toast, toastError } from "../shared/ui.js";

/** `<unit-hearings>`: a line above the list while a dispute waits; pressed, both sides' words and what the unit adds. */
class UnitHearings extends PageElement {
  static properties = { items: { state: true } };

  constructor() {
    super();
    /** @type {any[]} */
    this.items = [];
    /** @type {HTMLDialogElement | null} */
    this.dialog = null;
    /** what was typed and not sent, by request @type {Record<string, {text: string, clause: string}>} */
    this.drafts = {};
    /** @type {Record<string, Record<string, string>>} */
    this.errors = {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    try {
      this.items = (await api.all("/hearings")).items;
    } catch (error) {
      toastError(error);
    }
  }

  render() {
    const { items } = this;
    if (!items.length) return nothing;
    const late = items.some((one) => one.overdue || !one.stated);
    return html`<button class="notice ${late ? "notice--yellow" : ""} hearing-line" type="button" data-hearings @click=${this.open}>
      <x-icon name="alert"></x-icon><span class="grow">${t("unit.hearings", { many: items.length })}</span><x-icon name="forward"></x-icon></button>`;
  }

  open() {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog dialog--wide";
    dialog.setAttribute("aria-label", t("unit.hearingsTitle"));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    this.dialog = dialog;
    this.draw();
    dialog.showModal();
  }

  draw() {
    const { dialog } = this;
    if (!dialog) return;
    render(html`<div class="dialog__body stack"><div class="row row--spread row--keep"><h2>${t("unit.hearingsTitle")}</h2>
        <button class="btn btn--icon btn--quiet" type="button" aria-label=${t("common.close")} @click=${() => dialog.close()}><x-icon name="close"></x-icon></button></div>
      <p class="muted small">${t("unit.hearingsText")}</p>
      ${this.items.map((one) => this.card(one))}</div>`, dialog);
  }

  /** @param {any} one a HearingView */
  card(one) {
    return html`<section class="card card--tight stack stack--s" aria-label=${one.number}>
      <div class="row row--spread"><h3>${one.title}</h3><span class="badge ${one.overdue ? "badge--red" : "badge--yellow"}">${t("unit.rulingBy", { when: when(one.decide_by) })}</span></div>
      <p class="small faint"><span class="number">${one.number}</span> · ${[one.area_name, one.matter_name].filter(Boolean).join(" · ")}</p>
      ${one.text ? html`<p class="prewrap">${one.text}</p>` : nothing}
      <dl class="facts"><dt>${t("unit.worksMeanwhile")}</dt><dd>${one.works ? t("unit.thisUnit") : one.lead_name}</dd>
        <dt>${t("unit.ourDuty")}</dt><dd>${one.duty || t("unit.noDuty")}</dd></dl>
      ${one.words.map((/** @type {any} */ said) => html`<blockquote class="said"><p class="small strong">${said.ours ? t("unit.thisUnit") : said.unit_name}</p><p class="prewrap">${said.text}</p>
        ${said.clause ? html`<p class="small"><span class="faint">${t("unit.clause")} </span>${said.clause}</p>` : nothing}<p class="small faint">${when(said.at)}</p></blockquote>`)}
      <form class="stack stack--s" @submit=${(/** @type {SubmitEvent} */ event) => this.send(event, one)}>
        ${this.field(one, "text", t("unit.ourWords"))} ${this.field(one, "clause", t("unit.ourClause"))}
        <div class="btn-row btn-row--end"><button class="btn btn--primary" type="submit">${t("unit.state_words")}</button></div></form>
    </section>`;
  }

  /** @param {any} one @param {"text" | "clause"} name @param {string} text */
  field(one, name, text) {
    const id = `hearing-${one.request}-${name}`;
    const wrong = this.errors[one.request]?.[name];
    const draft = this.drafts[one.request] ?? { text: "", clause: "" };
    return html`<div class="field"><label for=${id}>${text} <span class="required" aria-hidden="true">*</span></label>
      <textarea class="textarea" id=${id} name=${name} rows="2" maxlength="2000" .value=${draft[name]} aria-invalid=${Boolean(wrong)}
        @input=${(/** @type {any} */ e) => (this.drafts = { ...this.drafts, [one.request]: { ...draft, ...this.drafts[one.request], [name]: e.target.value } })}></textarea>
      ${wrong ? html`<p class="field__error"><x-icon name="alert"></x-icon>${wrong}</p>` : nothing}</div>`;
  }

  /** @param {SubmitEvent} event @param {any} one */
  send(event, one) {
    event.preventDefault();
    return busy(/** @type {HTMLElement} */ (event.submitter), async () => {
      try {
        const said = this.drafts[one.request] ?? { text: "", clause: "" };
        await api.post(`/hearings/${one.number}/${one.request}`, said);
        this.items = (await api.all("/hearings")).items;
        this.drafts = { ...this.drafts, [one.request]: { text: "", clause: "" } };
        this.errors = {};
        toast(t("unit.stated"), { kind: "good" });
      } catch (error) {
        if (!(error instanceof ApiError) || !Object.keys(error.fields).length) throw error;
        this.errors = { [one.request]: { ...error.fields } };
      }
      this.draw();
    });
  }
}

define("unit-hearings", UnitHearings);
