/** `<knowledge-carry .asked>`: entries out as files, as the list is filtered, and back in, checked first; event `loaded`. */
import { html, nothing } from "../vendor/lit.js";
import { api, ApiError } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { t } from "../shared/i18n.js";
import { busy } from "../shared/ui.js";

const FORMS = ["xlsx", "jsonl", "markdown"];
const ACCEPTED = ".xlsx,.csv,.jsonl,.md,.zip";
const INTO = `/knowledge/import`;
const FAULTS_SHOWN = 200;

class KnowledgeCarry extends PageElement {
  static properties = { asked: { attribute: false }, files: { state: true }, seen: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {{state: string, q: string}} how the list is filtered */
    this.asked = { state: "", q: "" };
    /** @type {File[]} */
    this.files = [];
    /** @type {any} what a check or a loading has said */
    this.seen = null;
    this.problem = "";
  }

  render() {
    const { state, q } = this.asked;
    const filtered = [state && t(`knowledge.state.${state}`), q && `“${q}”`].filter(Boolean).join(" · ");
    return html`<div class="pad stack">
      <section class="stack stack--s"><h2>${t("knowledge.carry.out")}</h2>
        <p class="small muted">${filtered ? t("knowledge.carry.filtered", { filter: filtered }) : t("knowledge.carry.all")}</p>
        <div class="btn-row">${FORMS.map((form) => html`<a class="btn btn--small" data-out=${form} href=${address(form, this.asked)} download><x-icon name="download"></x-icon><span>${t(`knowledge.carry.${form}`)}</span></a>`)}</div></section>
      <section class="stack stack--s"><h2>${t("knowledge.carry.in")}</h2>
        <p class="small muted">${t("knowledge.carry.inText")} <a href=${`${address("xlsx", {})}&empty=true`} download>${t("knowledge.carry.template")}</a></p>
        <label class="btn knowledge-drop"><x-icon name="upload"></x-icon><span>${this.files.length ? this.files.map((one) => one.name).join(t("common.listComma")) : t("knowledge.carry.choose")}</span>
          <input class="unseen" type="file" multiple accept=${ACCEPTED} @change=${this.choose} /></label>
        ${this.problem ? html`<p class="notice notice--red" role="alert"><x-icon name="alert"></x-icon><span>${this.problem}</span></p>` : nothing}
        ${this.seen ? this.said() : nothing}</section></div>`;
  }

  said() {
    const { seen } = this;
    if (seen.count) return this.faults();
    const many = seen.added + seen.changed;
    const counts = t("knowledge.carry.counts", { added: seen.added, changed: seen.changed, unchanged: seen.unchanged });
    if (seen.loaded) return html`<p class="notice notice--green" role="status" data-loaded><x-icon name="check"></x-icon><span>${t("knowledge.carry.loaded")} ${counts}</span></p>`;
    return html`<div class="stack stack--s" role="status" data-checked><p class="notice">${many ? counts : t("knowledge.carry.nothing")}</p>
      <ul class="list">${seen.shown.map((/** @type {any} */ one) => html`<li class="list__item row row--spread row--keep"><span class="clip">${one.title} <span class="faint small">${one.id}</span></span><span class="badge ${one.what === "added" ? "badge--green" : "badge--blue"}">${t(`knowledge.carry.${one.what}`)}</span></li>`)}</ul>
      ${many ? html`<div class="btn-row"><button class="btn btn--primary" type="button" data-load @click=${(/** @type {Event} */ e) => this.send(e, false)}>${t("knowledge.carry.load", { count: many })}</button></div>` : nothing}</div>`;
  }

  faults() {
    const { count, faults } = this.seen;
    return html`<div class="stack stack--s" role="alert" data-faults><p class="notice notice--red"><x-icon name="alert"></x-icon><span>${t("knowledge.carry.faults", { count })}</span></p>
      <ul class="list">${faults.slice(0, FAULTS_SHOWN).map((/** @type {any} */ one) => html`<li class="list__item talk-row">
        <span class="strong">${[one.row ? t("knowledge.carry.row", { row: one.row }) : one.sheet_label, one.column_label, one.cell].filter(Boolean).join(" · ")}</span>
        <span>${one.text}</span>${one.value && !one.text.includes(one.value) ? html`<span class="small faint clip">${one.value}</span>` : nothing}</li>`)}</ul></div>`;
  }

  /** @param {Event} event */
  async choose(event) {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    Object.assign(this, { files: [...(input.files ?? [])], seen: null, problem: "" });
    // The same file, edited meanwhile, can be chosen again.
    input.value = "";
    if (this.files.length) await this.send(/** @type {HTMLElement} */ (input.parentElement), true);
  }

  /** @param {Event | HTMLElement} pressed @param {boolean} dry whether only to check */
  async send(pressed, dry) {
    await busy(pressed, async () => {
      try {
        this.seen = await api.upload(INTO, this.files, { fields: { dry_run: String(dry) } });
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 422) throw error;
        Object.assign(this, { seen: null, problem: Object.values(error.fields).join(" ") || error.message });
        return;
      }
      if (!this.seen.loaded) return;
      this.files = [];
      this.dispatchEvent(new CustomEvent("loaded"));
    });
  }
}

/** @param {string} format @param {Record<string, string>} asked */
function address(format, asked) {
  const given = Object.entries({ format, ...asked }).filter(([, value]) => value);
  return `/api/v1/knowledge/export?${new URLSearchParams(given)}`;
}

define("knowledge-carry", KnowledgeCarry);
