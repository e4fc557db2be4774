/** `<user-import>`: accounts made many at once from a sheet; their passwords come as a file. Events `back`, `made`. */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { loadTexts, t } from "../shared/i18n.js";
import { busy } from "../shared/ui.js";
import { faultTable, fileField, refusal, refused, showResult } from "./data-parts.js";
import { cardHead } from "./people-parts.js";

await loadTexts("data");

const INTO = "/admin/import-staff";
const FILE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/** So long a password takes to be kept safely. */
const SECONDS_EACH = 0.1;

class UserImport extends PageElement {
  static properties = { files: { state: true }, report: { state: true }, refused: { state: true }, address: { state: true }, making: { state: true } };

  constructor() {
    super();
    /** @type {File[]} */
    this.files = [];
    /** @type {any} */
    this.report = null;
    this.refused = "";
    /** the file of passwords, once it is there */
    this.address = "";
    this.making = false;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (this.address) URL.revokeObjectURL(this.address);
  }

  render() {
    return html`${cardHead(t("people.importTitle"), nothing, () => this.dispatchEvent(new CustomEvent("back")))}
      <div class="pane__body pad"><div class="stack">
        ${this.report?.made ? this.made() : this.form()}
        ${this.report?.count ? faultTable(this.report) : nothing}
      </div></div>`;
  }

  form() {
    const good = this.report && !this.report.count;
    return html`<section class="card stack"><p class="muted">${t("people.importText")}</p>
      <div class="btn-row"><a class="btn" href="/api/v1${INTO}" download="staff.xlsx"><x-icon name="download"></x-icon><span>${t("people.template")}</span></a>
        <a class="btn" href="/api/v1${INTO}?gaps=true" download="staff.xlsx"><x-icon name="download"></x-icon><span>${t("people.gapsFile")}</span></a></div>
      ${fileField({ accept: ".xlsx,.csv", files: this.files, hint: t("people.importHint"), take: (files) => this.take(files) })}
      ${good ? html`<p class="notice notice--green" role="status" data-result><x-icon name="check"></x-icon><span>${t("people.checkGood", { count: this.report.accounts })}</span></p>` : nothing}
      ${this.making ? html`<p class="muted" role="status">${t("people.importing", { seconds: Math.ceil(this.report.accounts * SECONDS_EACH) + 1 })}</p>` : nothing}
      <div class="btn-row">${good
        ? html`<button class="btn btn--primary" type="button" data-make @click=${this.make}><x-icon name="users"></x-icon><span>${t("people.importDo", { count: this.report.accounts })}</span></button>`
        : html`<button class="btn btn--primary" type="button" data-check ?disabled=${!this.files.length} @click=${this.check}><x-icon name="search"></x-icon><span>${t("people.check")}</span></button>`}</div>
      ${refused(this.refused)}</section>`;
  }

  made() {
    return html`<section class="card stack" data-result><p class="notice notice--green" role="status"><x-icon name="check"></x-icon><span>${t("people.imported", { count: this.report.made })}</span></p>
      <p>${t("people.importedText")}</p>
      <div class="btn-row"><a class="btn btn--primary" data-passwords href=${this.address} download="passwords.xlsx"><x-icon name="download"></x-icon><span>${t("people.importedFile")}</span></a>
        <button class="btn" type="button" @click=${() => this.dispatchEvent(new CustomEvent("back"))}>${t("people.backToList")}</button></div></section>`;
  }

  /** @param {File[]} files */
  take(files) {
    Object.assign(this, { files, report: null, refused: "" });
  }

  /** @param {Event} event */
  check(event) {
    return busy(event, () => this.send("true"));
  }

  /** @param {Event} event */
  async make(event) {
    this.making = true;
    await busy(event, () => this.send("false")).finally(() => (this.making = false));
    if (!this.report?.made) return;
    const bytes = Uint8Array.from(atob(this.report.file), (letter) => letter.charCodeAt(0));
    this.report = { ...this.report, file: "" };
    this.address = URL.createObjectURL(new Blob([bytes], { type: FILE }));
    this.dispatchEvent(new CustomEvent("made"));
  }

  /** @param {"true" | "false"} dry_run */
  async send(dry_run) {
    this.refused = "";
    try {
      this.report = await api.upload(INTO, this.files, { fields: { dry_run } });
      await showResult(this);
    } catch (error) {
      this.report = null;
      if (error instanceof ApiError && error.status === 409) this.refused = error.detail;
      else this.refused = refusal(error);
    }
  }
}

define("user-import", UserImport);
