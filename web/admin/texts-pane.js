/** `<texts-pane .me>`: what citizens and officers are sent, worded otherwise with a preview, and back to the default. */
import { html, nothing, repeat } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { loadTexts, t } from "../shared/i18n.js";
import { askText, busy, toast, toastError } from "../shared/ui.js";
import { field } from "./unit-draft.js";

await loadTexts("texts");

const TYPING_MS = 250;

class TextsPane extends PageElement {
  static properties = {
    view: { state: true }, chosen: { state: true }, draft: { state: true }, errors: { state: true }, problem: { state: true }, preview: { state: true }, asked: { state: true },
  };

  constructor() {
    super();
    /** @type {any} null before it was read */
    this.view = null;
    /** @type {any} the text that is shown */
    this.chosen = null;
    /** @type {{text: string, why: string} | null} what is being typed */
    this.draft = null;
    /** @type {Record<string, string>} */
    this.errors = {};
    this.problem = "";
    /** @type {any} what the typed text would look like */
    this.preview = null;
    this.asked = { q: "", group: "", changed: "" };
    this.timer = 0;
    this.turn = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load().catch(toastError);
  }

  /** @param {any} fact */
  onFact(fact) {
    if (fact.kind === "hotline.TextChanged") this.onResync();
  }

  onResync() {
    this.load().catch(toastError);
  }

  async load() {
    const { asked } = this;
    const view = await api.all("/texts", asked);
    if (asked === this.asked) this.view = view;
  }

  /** @param {Partial<typeof this.asked>} change */
  ask(change) {
    this.asked = { ...this.asked, ...change };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load().catch(toastError), TYPING_MS);
  }

  /** @param {string} key */
  async open(key) {
    const found = await api.get(`/texts/${key}`).catch(toastError);
    if (found?.key) this.show(found);
  }

  /** @param {any} text */
  show(text) {
    Object.assign(this, { chosen: text, draft: { text: text.text, why: "" }, errors: {}, problem: "", preview: text.preview });
  }

  render() {
    if (!this.view) return html`<div class="pad stack" aria-busy="true">${[1, 2, 3].map(() => html`<span class="skeleton skeleton--block"></span>`)}</div>`;
    return html`<div class="panes panes--admin" data-show=${this.chosen ? "second" : "first"}>
      <section class="pane" aria-label=${t("admin.pane.texts")}>
        <div class="pane__head stack stack--s"><h1 class="admin-detail__title">${t("admin.pane.texts")}</h1>
          <span class="search"><x-icon name="search"></x-icon><input class="input" type="search" .value=${this.asked.q} placeholder=${t("texts.search")} aria-label=${t("common.search")} @input=${(/** @type {any} */ e) => this.ask({ q: e.target.value })} /></span>
          <div class="row row--keep"><select class="select select--small" aria-label=${t("texts.group")} @change=${(/** @type {any} */ e) => this.ask({ group: e.target.value })}>
              <option value="">${t("texts.anyGroup")}</option>${this.view.groups.map((/** @type {string} */ one) => html`<option>${one}</option>`)}</select>
            <label class="check small nowrap"><input type="checkbox" @change=${(/** @type {any} */ e) => this.ask({ changed: e.target.checked ? "true" : "" })} /><span>${t("texts.onlyChanged", { count: this.view.changed })}</span></label></div>
        </div>
        <div class="pane__body">${this.list()}</div>
      </section>
      <section class="pane pane--soft admin-detail">${this.chosen ? this.form() : html`<x-empty class="fill" icon="text" heading=${t("texts.pick")} text=${t("texts.pickText")}></x-empty>`}</section>
    </div>`;
  }

  list() {
    const { items } = this.view;
    if (!items.length) return html`<x-empty icon="text" heading=${t("texts.none")}></x-empty>`;
    return html`<ul class="list">${repeat(items, (/** @type {any} */ one) => one.key, (one) => html`<li><button class="list__item" type="button" data-key=${one.key} aria-current=${one.key === this.chosen?.key} @click=${() => this.open(one.key)}>
      <span class="grow"><span class="row small"><span class="strong">${one.what}</span><span class="faint">${one.group}</span></span><span class="small muted clip-2">${one.text}</span></span>
      ${one.changed ? html`<span class="badge badge--primary nowrap">${t("texts.changed")}</span>` : nothing}</button></li>`)}</ul>`;
  }

  form() {
    const { chosen, errors } = this;
    const draft = /** @type {NonNullable<typeof this.draft>} */ (this.draft);
    const touched = draft.text.trim() !== chosen.text;
    return html`<div class="pane__head row row--keep"><button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${() => (this.chosen = null)}><x-icon name="back"></x-icon></button>
        <div class="grow"><h2 class="admin-detail__title">${chosen.what}</h2><p class="row small faint"><span class="badge">${chosen.audience_label}</span><span>${chosen.group}</span><span class="number">${chosen.key}</span></p></div></div>
      <form class="pane__form" novalidate @submit=${this.submit}><div class="pane__body"><div class="pad stack">
        ${this.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
        ${field("texts-text", t("texts.text"), html`<textarea class="textarea" id="texts-text" rows="5" maxlength="1000" aria-invalid=${Boolean(errors.text)} .value=${draft.text} @input=${(/** @type {any} */ e) => this.type(e.target.value)}></textarea>`, errors.text)}
        ${chosen.placeholders.length ? html`<div class="row content-chips" role="group" aria-label=${t("texts.placeholders")}>${chosen.placeholders.map((/** @type {any} */ one) => html`<button class="btn btn--small" type="button" data-insert=${one.name} title=${one.sample} @click=${() => this.insert(one.name)}>
          {${one.name}} <span class="faint">${one.label}</span>${one.required ? html`<span class="required" title=${t("texts.mustStay")}>*</span>` : nothing}</button>`)}</div>` : nothing}
        ${this.previewed()}
        ${field("texts-why", t("texts.why"), html`<input class="input" id="texts-why" type="text" maxlength="500" placeholder=${t("texts.whyHint")} aria-invalid=${Boolean(errors.why)} .value=${draft.why} @input=${(/** @type {any} */ e) => (this.draft = { ...draft, why: e.target.value })} />`, errors.why)}
        ${chosen.changed ? html`<details class="card card--tight"><summary>${t("texts.default")}</summary><p class="prewrap small muted">${chosen.default}</p></details>` : nothing}
        ${chosen.history.length ? this.history() : nothing}
      </div></div>
      <div class="pane__foot actions-bar content-foot">${chosen.changed ? html`<button class="btn" type="button" data-reset @click=${(/** @type {Event} */ e) => busy(e, () => this.reset())}>${t("texts.reset")}</button>` : nothing}
        <button class="btn btn--primary" data-save ?disabled=${!touched}>${t("texts.save")}</button></div></form>`;
  }

  previewed() {
    const { preview } = this;
    if (!preview) return nothing;
    return html`<div class="card stack stack--s" data-preview><p class="row row--spread small faint"><span>${t("texts.preview")}</span><span class=${preview.parts > 2 ? "danger-text" : ""}>${t("texts.sms", { letters: preview.letters, parts: preview.parts })}</span></p>
      <p class="prewrap content-bubble">${preview.sample}</p></div>`;
  }

  history() {
    return html`<div class="card card--flush"><div class="card__head"><h3>${t("texts.history")}</h3></div><ul class="list">${this.chosen.history.map((/** @type {any} */ one) => html`<li class="admin-fate">
      <p class="row small"><span class="badge">${one.reset ? t("texts.wasReset") : t("texts.version", { version: one.version })}</span><span>${one.by_name}</span><span class="faint">${when(one.at)}</span></p>
      <p class="small prewrap">${one.text}</p><p class="small muted">${one.why}</p></li>`)}</ul></div>`;
  }

  /** @param {string} text */
  type(text) {
    this.draft = { .../** @type {any} */ (this.draft), text };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(text), TYPING_MS);
  }

  /** @param {string} text */
  async look(text) {
    const turn = ++this.turn;
    try {
      const preview = await api.post(`/texts/${this.chosen.key}/preview`, { text });
      if (turn === this.turn) Object.assign(this, { preview, errors: { ...this.errors, text: "" } });
    } catch (error) {
      if (turn === this.turn && error instanceof ApiError && error.fields.text) Object.assign(this, { preview: null, errors: { ...this.errors, text: error.fields.text } });
    }
  }

  /** @param {string} name */
  async insert(name) {
    const area = /** @type {HTMLTextAreaElement} */ (this.querySelector("#texts-text"));
    area.setRangeText(`{${name}}`, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    this.type(area.value);
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    busy(/** @type {HTMLElement} */ (this.querySelector("[data-save]")), () => this.save({ text: this.draft?.text ?? "", why: this.draft?.why ?? "" }));
  }

  async reset() {
    const why = await askText({ title: t("texts.reset"), text: this.chosen.default, label: t("texts.why") });
    if (why) await this.save({ reset: true, why });
  }

  /** @param {Record<string, unknown>} form */
  async save(form) {
    try {
      this.show(await api.put(`/texts/${this.chosen.key}`, { ...form, version: this.chosen.version }));
      toast(t("texts.saved"), { kind: "good" });
      await this.load();
    } catch (error) {
      this.errors = error instanceof ApiError ? error.fields : {};
      this.problem = sayError(error);
      await this.updateComplete;
      this.querySelector(".field__error, .notice--red")?.scrollIntoView({ block: "center" });
    }
  }
}

define("texts-pane", TextsPane);
