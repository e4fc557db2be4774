/** `<x-picker kind="unit" value="code" .known=${{code, name}} label="…" @choose=${(e) => e.detail}>`: finds a member unit or a matter by a few
 * letters of its name, or of a unit by its initials, and gives its code. `near` (an area) and `first` (codes) say which units come first; one that is `barred` ({value, label}) is shown with why and cannot be chosen. Texts: section `action`. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "./api.js";
import { define, PageElement } from "./element.js";
import { t } from "./i18n.js";
import { walk } from "./keys.js";

/** @typedef {{code: string, name: string, area_name?: string, level_label?: string, level1?: string, level2?: string}} Found */

const SOURCES = { unit: "/units", matter: "/matters" };
const SHOWN = 10;
const TYPING_MS = 200;

class Picker extends PageElement {
  static properties = {
    kind: {},
    value: {},
    known: { attribute: false },
    label: {},
    near: {},
    first: { attribute: false },
    barred: { attribute: false },
    wrong: { type: Boolean },
    query: { state: true },
    found: { state: true },
    chosen: { state: true },
  };

  constructor() {
    super();
    this.query = "";
    /** @type {Found[] | null} null before anything was looked for */
    this.found = null;
    /** @type {Found | null} */
    this.chosen = null;
    /** @type {Found | null} whose name is known beforehand */
    this.known = null;
    this.near = "";
    /** @type {string[]} */
    this.first = [];
    /** @type {{value: string, label: string}[]} */
    this.barred = [];
    this.timer = 0;
    this.asked = 0;
    this.more = 0;
  }

  willUpdate() {
    if (!this.chosen && this.value && this.value === this.known?.code) this.chosen = this.known;
  }

  render() {
    if (this.chosen) return this.choice(this.chosen);
    return html`<div class="search" @keydown=${this.onKey}>
        <x-icon name="search"></x-icon>
        <input class="input" type="text" role="combobox" autocomplete="off" aria-label=${this.label} aria-invalid=${this.wrong}
          aria-expanded=${Boolean(this.found?.length)} placeholder=${t(`action.find.${this.kind}`)}
          .value=${this.query} @input=${this.onInput} @focus=${() => this.look()} />
      </div>
      ${this.results()}`;
  }

  /** @param {Found} one */
  choice(one) {
    return html`<div class="row row--keep"><span class="badge badge--primary">${one.name}</span>
      <span class="faint clip grow">${detail(one)}</span>
      <button class="btn btn--small btn--quiet" type="button" @click=${this.change}>${t("action.change")}</button></div>`;
  }

  results() {
    if (!this.found) return nothing;
    if (!this.found.length) return html`<p class="field__hint" role="status">${t("action.nothingFound")}</p>`;
    return html`<div class="list picker__found" role="listbox" aria-label=${this.label} @keydown=${this.onKey}>${this.found.map(
      (one) => html`<button class="list__item" type="button" role="option" aria-selected=${one === this.open()[0]} aria-disabled=${Boolean(this.why(one))} @click=${() => this.choose(one)}>
        ${one.level_label ? html`<span class="badge">${one.level_label}</span>` : nothing}<span class="grow">${one.name}</span><span class="faint">${this.why(one) || detail(one)}</span></button>`,
    )}${this.more > 0 ? html`<p class="field__hint pad" role="status">${t("action.moreFound", { count: this.more })}</p>` : nothing}</div>`;
  }

  /** @param {InputEvent} event */
  onInput(event) {
    this.query = /** @type {HTMLInputElement} */ (event.target).value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), TYPING_MS);
  }

  async look() {
    const asked = ++this.asked;
    const path = SOURCES[/** @type {keyof typeof SOURCES} */ (this.kind)];
    const answer = await api.get(path, { q: this.query.trim(), limit: SHOWN, ...(this.kind === "unit" && { near: this.near, first: this.first.join(",") }) }).catch(() => ({ items: [] }));
    if (asked !== this.asked) return;
    this.more = Math.max(0, (answer.total ?? answer.items.length) - SHOWN);
    this.found = answer.items.slice(0, SHOWN);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.isComposing) return;
    const options = /** @type {HTMLElement[]} */ ([...this.querySelectorAll("[role=option]")]);
    const inField = event.target instanceof HTMLInputElement;
    if (event.key === "Enter" && inField) {
      event.preventDefault();
      if (this.open().length) this.choose(this.open()[0]);
    } else if (event.key === "ArrowUp" && event.target === options[0]) {
      event.preventDefault();
      this.querySelector("input")?.focus();
    } else if (!inField || event.key === "ArrowDown") walk(event, options);
  }

  /** Why one cannot be chosen, or nothing. @param {Found} one */
  why(one) {
    return this.barred.find((each) => each.value === one.code)?.label ?? "";
  }

  /** Those found that can be chosen. */
  open() {
    return (this.found ?? []).filter((one) => !this.why(one));
  }

  /** @param {Found} one */
  choose(one) {
    if (this.why(one)) return;
    Object.assign(this, { chosen: one, value: one.code, query: "", found: null });
    this.dispatchEvent(new CustomEvent("choose", { detail: one.code }));
  }

  async change() {
    this.chosen = null;
    this.value = "";
    this.dispatchEvent(new CustomEvent("choose", { detail: "" }));
    await this.updateComplete;
    this.querySelector("input")?.focus();
  }
}

/** @param {Found} one */
function detail(one) {
  return one.area_name ?? [one.level1, one.level2].filter(Boolean).join(" · ");
}

define("x-picker", Picker);
