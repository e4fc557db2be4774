/** `<data-city>`: all data of the city out as a workbook or CSV, and in again once nothing is wrong with them. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { ApiError } from "../shared/errors.js";
import { t } from "../shared/i18n.js";
import { busy, confirmDialog } from "../shared/ui.js";
import { faultTable, fileField, refusal, refused, showResult } from "./data-parts.js";

/** @typedef {{what: string, key: string, name: string, cells: {column_label: string, before: string, after: string}[]}} RowChange */
/** @typedef {{sheet: string, label: string, given: boolean, rows: number, added: number, changed: number, removed: number, gone: string, shown: RowChange[]}} Change */
/** @typedef {{loaded: boolean, dry_run: boolean, count: number, faults: any[], changes: Change[], basis: string, undone: string[]}} Report */

const OUT = "/api/v1/admin/export";
const INTO = `/admin/import`;
const ACCEPTED = ".xlsx,.zip,.csv";

class DataCity extends PageElement {
  static properties = { files: { state: true }, report: { state: true }, refused: { state: true } };

  constructor() {
    super();
    /** @type {File[]} */
    this.files = [];
    /** @type {Report | null} */
    this.report = null;
    this.refused = "";
  }

  render() {
    return html`<div class="data-column">
      <section class="card stack"><div class="card__head"><h2>${t("data.out")}</h2></div>
        <p class="muted">${t("data.outText")}</p>
        <div class="btn-row">
          <a class="btn btn--primary" href="${OUT}?format=xlsx" download="city-data.xlsx"><x-icon name="download"></x-icon><span>${t("data.outXlsx")}</span></a>
          <a class="btn" href="${OUT}?format=csv" download="city-data.zip"><x-icon name="download"></x-icon><span>${t("data.outCsv")}</span></a>
          <a class="btn btn--quiet" href="${OUT}?format=xlsx&empty=true" download="city-template.xlsx"><x-icon name="clipboard"></x-icon><span>${t("data.outEmpty")}</span></a>
        </div></section>
      <section class="card stack"><div class="card__head"><h2>${t("data.into")}</h2></div>
        <p class="muted">${t("data.intoText")}</p>
        ${fileField({ accept: ACCEPTED, multiple: true, files: this.files, hint: t("data.intoHint"), take: (files) => this.take(files) })}
        <div class="btn-row"><button class="btn btn--primary" type="button" ?disabled=${!this.files.length} @click=${this.check}>
          <x-icon name="search"></x-icon><span>${t("data.check")}</span></button></div>
        ${refused(this.refused)}</section>
      ${this.report ? this.result(this.report) : nothing}
    </div>`;
  }

  /** @param {File[]} files */
  take(files) {
    Object.assign(this, { files, report: null, refused: "" });
  }

  /** @param {Report} report */
  result(report) {
    if (report.count) return faultTable(report);
    const touched = report.changes.filter((one) => one.added + one.changed + one.removed);
    return html`${report.loaded ? html`<p class="notice notice--green" role="status"><x-icon name="check"></x-icon><span>${t("data.loaded")}</span></p>` : nothing}
      ${!report.loaded && !touched.length ? html`<p class="notice notice--green" role="status"><x-icon name="check"></x-icon><span>${t("data.nothing")}</span></p>` : nothing}
      ${report.undone.length ? html`<p class="notice notice--yellow"><x-icon name="alert"></x-icon><span>${t("data.undone", { names: report.undone.join(t("common.listComma")) })}</span></p>` : nothing}
      <section class="card card--flush" data-result aria-label=${t("data.changes")}>
        <div class="card__head"><h2>${t(report.loaded ? "data.changed" : "data.changes")}</h2>
          ${!report.loaded && touched.length ? html`<button class="btn btn--primary" type="button" @click=${this.load}><x-icon name="upload"></x-icon><span>${t("data.confirm")}</span></button>` : nothing}</div>
        <ul class="list">${report.changes.map((one) => this.change(one))}</ul>
      </section>`;
  }

  /** @param {Change} one */
  change(one) {
    const counts = [["data.added", one.added, "green"], ["data.edited", one.changed, "blue"], [one.gone, one.removed, "red"]];
    const badges = counts.filter(([, count]) => count).map(([word, count, look]) =>
      html`<span class="badge badge--${look} nowrap">${String(word).includes(".") ? t(String(word)) : word} ${count}</span>`);
    const face = html`<span class="strong data-name">${one.label}</span>
      <span class="grow row">${badges.length ? badges : html`<span class="faint small">${t(one.given ? "data.same" : "data.notGiven")}</span>`}</span>
      <span class="faint small nowrap">${t("data.rows", { count: one.rows })}</span>`;
    if (!badges.length) return html`<li class="list__item data-line">${face}</li>`;
    const all = one.added + one.changed + one.removed;
    return html`<li><details class="data-details"><summary class="list__item data-line">${face}</summary>
      <ul class="list data-rows">${one.shown.map((row) => this.row(row, one.gone))}</ul>
      ${all > one.shown.length ? html`<p class="pad small faint">${t("data.rowsLeft", { count: all - one.shown.length })}</p>` : nothing}</details></li>`;
  }

  /** @param {RowChange} row @param {string} gone */
  row(row, gone) {
    const word = { added: t("data.added"), changed: t("data.edited"), removed: gone }[row.what];
    const look = { added: "green", changed: "blue", removed: "red" }[row.what];
    return html`<li class="data-row"><span class="badge badge--${look} nowrap">${word}</span>
      <span class="grow"><span class="number">${row.key}</span> ${row.name}
        ${row.cells.map((cell) => html`<span class="data-cell small"><span class="faint">${cell.column_label}</span>
          <del>${cell.before || t("data.blank")}</del><x-icon name="right"></x-icon><ins>${cell.after || t("data.blank")}</ins></span>`)}</span></li>`;
  }

  /** @param {Event} event */
  async check(event) {
    await busy(event, () => this.ask());
    await showResult(this);
  }

  async ask() {
    Object.assign(this, { report: null, refused: "" });
    try {
      this.report = await api.upload(INTO, this.files, { fields: { dry_run: "true" } });
    } catch (error) {
      this.refused = refusal(error);
    }
  }

  /** @param {Event} event */
  async load(event) {
    const { report } = this, button = /** @type {HTMLElement} */ (event.currentTarget);
    const removed = report?.changes.reduce((sum, one) => sum + one.removed, 0) ?? 0;
    const sure = await confirmDialog({
      title: t("data.sure"), text: removed ? t("data.sureRemoved", { count: removed }) : t("data.sureText"),
      confirm: t("data.confirm"), danger: removed > 0,
    });
    if (!sure) return;
    await busy(button, async () => {
      try {
        this.report = await api.upload(INTO, this.files, { fields: { dry_run: "false", basis: report?.basis ?? "" } });
      } catch (error) {
        // Somebody has changed the data meanwhile: what would be done now is shown before it is done.
        if (error instanceof ApiError && error.code === "data_changed") {
          await this.ask();
        }
        throw error;
      }
    });
    await showResult(this);
  }
}

define("data-city", DataCity);
