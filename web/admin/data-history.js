/** `<data-history>`: closed tickets of the system before, taken in by their numbers; they teach the dispatcher. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { busy, confirmDialog, toastError } from "../shared/ui.js";
import { faultTable, fileField, refusal, refused, saveText, showResult } from "./data-parts.js";

/** @typedef {{field: string, label: string, required: boolean, headers: string[]}} Taken */
/** @typedef {{field: string, label: string, rows: number, silent: number, names: {name: string, count: number}[]}} Unmatched */

const PATH = "/admin/import-history";
const ACCEPTED = ".xlsx,.csv,.zip";

class DataHistory extends PageElement {
  static properties = { files: { state: true }, report: { state: true }, state: { state: true }, skip: { state: true }, mappingName: { state: true }, refused: { state: true } };

  constructor() {
    super();
    /** @type {File[]} */
    this.files = [];
    /** @type {any} */
    this.report = null;
    /** @type {any} what is there already */
    this.state = null;
    this.skip = false;
    this.mapping = "";
    this.mappingName = "";
    this.refused = "";
  }

  connectedCallback() {
    super.connectedCallback();
    this.onResync();
  }

  async onResync() {
    this.state = await api.get(PATH).catch(toastError) ?? this.state;
  }

  render() {
    return html`<div class="data-column">
      ${this.there()}
      <section class="card stack"><div class="card__head"><h2>${t("data.past")}</h2></div>
        <p class="muted">${t("data.pastText")}</p>
        ${fileField({ accept: ACCEPTED, files: this.files, hint: t("data.pastHint"), take: (files) => this.take(files) })}
        ${fileField({ accept: ".toml", files: [], hint: this.mappingName || t("data.mappingHint"), take: (files) => this.map(files) })}
        <div class="btn-row"><button class="btn btn--primary" type="button" ?disabled=${!this.files.length} @click=${this.check}>
          <x-icon name="search"></x-icon><span>${t("data.check")}</span></button></div>
        ${refused(this.refused)}</section>
      ${this.report ? this.result(this.report) : nothing}
    </div>`;
  }

  there() {
    const { state } = this;
    if (!state) return nothing;
    const sources = state.sources.map((/** @type {any} */ one) => html`<dt>${one.name}</dt>
      <dd>${t("data.tickets", { count: one.tickets })} <span class="faint">${when(one.imported_at)}</span></dd>`);
    return html`<section class="card stack"><div class="card__head"><h2>${t("data.there")}</h2></div>
      <dl class="facts">${sources.length ? sources : html`<dt>${t("data.source")}</dt><dd class="faint">${t("data.noSource")}</dd>`}
        <dt>${t("data.model")}</dt><dd>${state.model ? html`<span class="number">${state.model.slice(0, 8)}</span>
          <span class="faint">${t("data.learnt", { sentences: state.sentences, past: state.past })}</span>` : html`<span class="faint">${t("data.noModel")}</span>`}</dd></dl></section>`;
  }

  /** @param {File[]} files */
  take(files) {
    Object.assign(this, { files, report: null, refused: "" });
  }

  /** @param {File[]} files */
  async map([file]) {
    if (!file) return;
    Object.assign(this, { mapping: await file.text(), mappingName: file.name, report: null, refused: "" });
  }

  /** @param {any} report */
  result(report) {
    const fine = report.rows > 0 && (!report.count || this.skip);
    return html`${report.count ? faultTable(report, report.rows ? this.skipping() : nothing) : nothing}
      ${report.loaded ? html`<p class="notice notice--green" role="status"><x-icon name="check"></x-icon><span>${t("data.pastLoaded")}</span></p>` : nothing}
      <section class="card stack" data-result><div class="card__head"><h2>${t("data.pastReport", { source: report.source })}</h2>
          ${!report.loaded && fine && report.added + report.changed ? html`<button class="btn btn--primary" type="button" @click=${this.load}><x-icon name="upload"></x-icon><span>${t("data.confirm")}</span></button>` : nothing}</div>
        <div class="grid grid--tiles">${["added", "changed", "unchanged", "learnable", "placed"].map((name) => html`<div class="stat">
          <span class="stat__value">${report[name]}</span><span class="stat__label">${t(`data.past.${name}`)}</span></div>`)}</div>
      </section>
      ${this.columns(report)} ${report.rows ? this.unmatched(report) : nothing}`;
  }

  skipping() {
    return html`<div class="pad"><label class="check"><input type="checkbox" .checked=${this.skip}
      @change=${(/** @type {any} */ e) => (this.skip = e.target.checked)} /><span>${t("data.skip")}</span></label></div>`;
  }

  /** Which column says what; another choice is checked anew. @param {{headers: string[], taken: Taken[], loaded: boolean}} report */
  columns({ headers, taken, loaded }) {
    const change = (/** @type {string} */ field) => (/** @type {any} */ event) => this.choose(field, event.target.value);
    const own = (/** @type {Taken} */ one) => (one.headers.length > 1 ? one.headers.join(" + ") : (one.headers[0] ?? ""));
    const options = (/** @type {Taken} */ one) => [...new Set([own(one), ...headers].filter(Boolean))];
    return html`<section class="card stack"><div class="card__head"><h2>${t("data.columns")}</h2></div>
      <div class="data-columns">${taken.map((one) => html`<label class="field"><span>${one.label}${one.required ? html` <span class="faint small">${t("common.required")}</span>` : nothing}</span>
        <select class="select select--small" name=${one.field} ?disabled=${loaded} @change=${change(one.field)}><option value="">${t("data.noColumn")}</option>
          ${options(one).map((header) => html`<option value=${header} ?selected=${header === own(one)}>${header}</option>`)}</select></label>`)}</div></section>`;
  }

  /** @param {{unmatched: Unmatched[], mapping: string}} report */
  unmatched({ unmatched, mapping }) {
    const lists = unmatched.map((one) => html`<li><details class="data-details" ?open=${one.names.length > 0 && one.names.length < 12}>
      <summary class="list__item data-line"><span class="strong data-name">${one.label}</span>
        <span class="grow row">${one.rows ? html`<span class="badge badge--yellow">${t("data.unmatchedRows", { count: one.rows })}</span>` : html`<span class="badge badge--green">${t("data.allMatched")}</span>`}
          ${one.silent ? html`<span class="small faint">${t("data.silent", { count: one.silent })}</span>` : nothing}</span></summary>
      <ul class="data-words">${one.names.map((word) => html`<li><span>${word.name}</span> <span class="faint number">${word.count}</span></li>`)}</ul></details></li>`);
    return html`<section class="card card--flush"><div class="card__head"><h2>${t("data.unmatched")}</h2>
        <button class="btn btn--small" type="button" @click=${() => saveText("mapping.toml", mapping, "application/toml")}><x-icon name="download"></x-icon><span>${t("data.saveMapping")}</span></button></div>
      <p class="pad muted small">${t("data.unmatchedText")}</p><ul class="list">${lists}</ul></section>`;
  }

  /** @param {string} field @param {string} header */
  async choose(field, header) {
    // The report's mapping has one line a field; JSON's strings are TOML's.
    this.mapping = this.report.mapping.replace(new RegExp(`^${field} = .*$`, "m"), () => `${field} = ${JSON.stringify(header)}`);
    await this.ask().catch(toastError);
  }

  /** @param {Event} event */
  async check(event) {
    await busy(event, () => this.ask());
    await showResult(this);
  }

  async ask() {
    this.refused = "";
    try {
      this.report = await api.upload(PATH, this.files, { fields: { dry_run: "true", mapping: this.mapping } });
    } catch (error) {
      this.report = null;
      this.refused = refusal(error);
    }
  }

  /** @param {Event} event */
  async load(event) {
    const { added, changed } = this.report, button = /** @type {HTMLElement} */ (event.currentTarget);
    if (!(await confirmDialog({ title: t("data.pastSure"), text: t("data.pastSureText", { count: added + changed }), confirm: t("data.confirm") }))) return;
    await busy(button, async () => {
      const fields = { dry_run: "false", mapping: this.mapping, skip_faulty: String(this.skip) };
      this.report = await api.upload(PATH, this.files, { fields });
      await this.onResync();
    });
  }
}

define("data-history", DataHistory);
