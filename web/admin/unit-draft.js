/** `<unit-draft .draft .options .errors @draft=${(e) => e.detail}>`: the fields of a unit that is to be. `errors` by name. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import "../shared/picker.js";

/** @typedef {{code: string, name: string, short_name: string, level: string, area: string, parent: string, parent_name: string}} Draft */

/** @param {string} id @param {string} text @param {unknown} control @param {string} [error] @param {string} [hint] */
export function field(id, text, control, error = "", hint = "") {
  return html`<div class="field"><label for=${id}>${text}</label>${control}
    ${hint ? html`<p class="field__hint">${hint}</p>` : nothing}
    ${error ? html`<p class="field__error"><x-icon name="alert"></x-icon>${error}</p>` : nothing}</div>`;
}

/** @param {string} id @param {string} value @param {(value: string) => void} set @param {string} [error] */
export function line(id, value, set, error = "") {
  return html`<input class="input" id=${id} type="text" maxlength="100" autocomplete="off" .value=${value} aria-invalid=${Boolean(error)}
    @input=${(/** @type {any} */ e) => set(e.target.value)} />`;
}

class UnitDraft extends PageElement {
  static properties = { draft: { attribute: false }, options: { attribute: false }, errors: { attribute: false }, name: {}, areas: { state: true } };

  constructor() {
    super();
    /** @type {any[]} areas of the chosen level */
    this.areas = [];
    this.errors = {};
    this.level = "";
  }

  willUpdate() {
    if (this.draft && this.draft.level !== this.level) {
      this.level = this.draft.level;
      api.all("/areas", { level: this.level }).then((page) => (this.areas = page.items), () => (this.areas = []));
    }
  }

  render() {
    const { draft, errors, options } = this;
    const id = (/** @type {string} */ name) => `${this.name}-${name}`;
    const text = (/** @type {"code" | "name" | "short_name"} */ name) =>
      field(id(name), t(`admin.draft.${name}`), line(id(name), draft[name], (value) => this.set({ [name]: value }), errors[name]), errors[name]);
    const select = (/** @type {"level" | "area"} */ name, /** @type {any[]} */ choices) =>
      field(id(name), t(`admin.draft.${name}`), html`<select class="select" id=${id(name)} aria-invalid=${Boolean(errors[name])}
        @change=${(/** @type {any} */ e) => this.set(name === "level" ? { level: e.target.value, area: "" } : { area: e.target.value })}>
        <option value="" ?selected=${!draft[name]}>${t("action.pleaseChoose")}</option>
        ${choices.map((one) => html`<option value=${one.code} ?selected=${one.code === draft[name]}>${one.name}</option>`)}</select>`, errors[name]);
    return html`<div class="admin-draft">${text("name")} ${text("short_name")} ${text("code")} ${select("level", options.levels)} ${select("area", this.areas)}
      ${field(id("parent"), t("admin.draft.parent"), html`<x-picker id=${id("parent")} kind="unit" label=${t("admin.draft.parent")} .value=${draft.parent}
        .known=${{ code: draft.parent, name: draft.parent_name }} @choose=${(/** @type {CustomEvent} */ e) => this.set({ parent: e.detail })}></x-picker>`, errors.parent)}</div>`;
  }

  /** @param {Partial<Draft>} change */
  set(change) {
    this.dispatchEvent(new CustomEvent("draft", { detail: { ...this.draft, ...change } }));
  }
}

define("unit-draft", UnitDraft);
