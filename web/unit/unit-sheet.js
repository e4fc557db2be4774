/** `<unit-sheet unit>`: the work list as a workbook: downloaded, handed in filled, seen row by row, confirmed. Events `back`, `done`, `pick`. */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError, sayError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { fileField, refusal, refused, saveFile } from "../shared/file-field.js";
import { t } from "../shared/i18n.js";
import { busy } from "../shared/ui.js";

/** @typedef {{row: number, number: string, title: string, done: string[], faults: {heading: string, text: string}[]}} Row
 *  @typedef {{dry_run: boolean, done: number, refused: number, left: number, rows: Row[]}} Report */

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SHOWN = 200;

class UnitSheet extends PageElement {
  static properties = { unit: {}, file: { state: true }, report: { state: true }, problem: { state: true }, lost: { state: true }, working: { state: true } };

  constructor() {
    super();
    this.unit = "";
    /** @type {File | null} as it was when it was chosen: what is confirmed is what was seen */
    this.file = null;
    /** @type {Report | null} what would come of it, or what came of it */
    this.report = null;
    this.problem = "";
    /** whether to confirm or to look failed on the way, so that it may be tried again */
    this.lost = false;
    this.working = "";
  }

  get path() {
    return `/units/${encodeURIComponent(this.unit)}`;
  }

  render() {
    return html`<div class="pane__head row row--keep">
        <button class="btn btn--icon btn--quiet only-phone" type="button" aria-label=${t("common.back")} @click=${() => this.tell("back")}><x-icon name="back"></x-icon></button>
        <h1>${t("unit.sheet")}</h1></div>
      <div class="pane__body pad"><div class="unit-sheet stack">
        <section class="card stack"><p class="muted">${t("unit.sheetText")}</p>
          <div class="btn-row"><a class="btn" data-download href=${`/api/v1${this.path}/worklist.xlsx`} download><x-icon name="download"></x-icon><span>${t("unit.sheetDown")}</span></a></div>
          <h2>${t("unit.sheetUp")}</h2>
          ${fileField({ accept: ".xlsx", files: this.file ? [this.file] : [], hint: t("unit.sheetHint"), take: (files) => this.take(files) })}
          ${this.working ? html`<p class="muted" role="status">${this.working}</p>` : nothing}
          ${refused(this.problem)}
          ${this.lost ? html`<div class="row"><span class="small muted">${t("unit.sheetKept")}</span>
            <button class="btn btn--small" type="button" @click=${(/** @type {Event} */ e) => busy(e, () => this.send(this.report === null))}>${t("unit.sheetAgain")}</button></div>` : nothing}
        </section>
        ${this.report ? this.said(this.report) : nothing}
      </div></div>
      ${this.report?.dry_run && this.report.done ? this.foot(this.report) : nothing}`;
  }

  /** @param {Report} report */
  said(report) {
    const good = report.rows.filter((one) => one.done.length);
    const bad = report.rows.filter((one) => one.faults.length);
    const [done, not] = report.dry_run ? ["unit.sheetCan", "unit.sheetCannot"] : ["unit.sheetDone", "unit.sheetNotDone"];
    return html`<div class="stack" data-result>
      <p class="notice ${bad.length ? "notice--yellow" : good.length ? "notice--green" : ""}" role="status"><x-icon name=${bad.length || !good.length ? "alert" : "check"}></x-icon>
        <span>${good.length || bad.length ? [good.length && t(done, { count: good.length }), bad.length && t(not, { count: bad.length })].filter(Boolean).join(t("common.listComma")) : t("unit.sheetNothing")}
          ${report.left ? html`<span class="small sheet-left">${t("unit.sheetLeft", { count: report.left })}</span>` : nothing}</span></p>
      ${bad.length ? this.bad(report, bad) : nothing}
      ${good.length ? this.table(t(report.dry_run ? "unit.sheetCanHead" : "unit.sheetDoneHead"), t("unit.sheetSteps"), good, (one) => one.done.join(" → ")) : nothing}</div>`;
  }

  /** @param {Report} report @param {Row[]} rows */
  bad(report, rows) {
    const save = html`<p class="small muted">${t("unit.sheetCannotText")}</p>
      <div class="btn-row"><button class="btn btn--small" type="button" data-refused @click=${(/** @type {Event} */ e) => this.giveBack(e, rows)}><x-icon name="download"></x-icon>
        <span>${t(report.dry_run ? "unit.sheetSaveRefused" : "unit.sheetSaveNotDone", { count: rows.length })}</span></button></div>`;
    return this.table(t(report.dry_run ? "unit.sheetCannotHead" : "unit.sheetNotDoneHead"), t("unit.sheetWhy"), rows,
      (one) => one.faults.map((fault) => html`<div>${fault.heading ? t("unit.sheetColumn", fault) : fault.text}</div>`), save);
  }

  /** @param {string} title @param {string} last @param {Row[]} rows @param {(one: Row) => unknown} cell @param {unknown} [more] */
  table(title, last, rows, cell, more) {
    return html`<section class="card card--flush"><div class="card__head"><h2>${title} <span class="faint number">${rows.length}</span></h2></div>
      ${more ? html`<div class="stack stack--s sheet-more">${more}</div>` : nothing}
      <div class="table-wrap"><table class="table sheet-rows ${more ? "sheet-rows--bad" : ""}"><thead><tr><th class="end">${t("unit.sheetRow")}</th><th>${t("unit.sheetTicket")}</th><th>${last}</th></tr></thead>
        <tbody>${rows.slice(0, SHOWN).map((one) => html`<tr><td class="end number" data-label=${t("unit.sheetRow")}>${one.row}</td>
          <td><button class="link-button number" type="button" @click=${() => this.tell("pick", one.number)}>${one.number}</button><div class="small muted clip-2">${one.title}</div></td>
          <td class="sheet-said">${cell(one)}</td></tr>`)}</tbody></table></div></section>`;
  }

  /** @param {Report} report */
  foot(report) {
    const label = t(report.refused ? "unit.sheetConfirmGood" : "unit.sheetConfirm", { count: report.done });
    return html`<div class="thumb-bar sheet-foot"><button class="btn btn--primary" type="button" data-confirm @click=${(/** @type {Event} */ e) => busy(e, () => this.send(false))}>
      <x-icon name="check"></x-icon><span>${label}</span></button></div>`;
  }

  /** @param {File[]} files */
  async take([chosen]) {
    if (!chosen) return;
    Object.assign(this, { report: null, problem: "", lost: false });
    // A table program may write the file anew while it is looked at: its bytes are read once.
    const bytes = await chosen.arrayBuffer();
    this.file = new File([bytes], chosen.name, { type: XLSX, lastModified: chosen.lastModified });
    await this.send(true);
  }

  /** Looks, or does. What fails on the way leaves file and preview where they are. @param {boolean} look */
  async send(look) {
    if (!this.file) return;
    Object.assign(this, { problem: "", lost: false, working: t(look ? "unit.sheetReading" : "unit.sheetDoing") });
    try {
      this.report = await api.upload(`${this.path}/worklist.xlsx`, [this.file], { fields: { dry_run: String(look) } });
      if (!look) this.tell("done");
    } catch (error) {
      this.fail(error);
    } finally {
      this.working = "";
    }
    await this.updateComplete;
    this.querySelector(this.problem ? "[role=alert]" : "[data-result]")?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  /** @param {unknown} error */
  fail(error) {
    if (error instanceof ApiError && error.status === 422 && Object.keys(error.fields).length) this.problem = refusal(error);
    else Object.assign(this, { problem: sayError(error), lost: true });
  }

  /** @param {Event} event @param {Row[]} rows */
  giveBack(event, rows) {
    return busy(event, async () => {
      try {
        const fields = { rows: rows.map((one) => one.row).join(",") };
        const given = await api.upload(`${this.path}/worklist/refused`, /** @type {File[]} */ ([this.file]), { fields });
        saveFile(given.name, Uint8Array.from(atob(given.file), (letter) => letter.charCodeAt(0)), XLSX);
      } catch (error) {
        this.problem = sayError(error);
      }
    });
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("unit-sheet", UnitSheet);
