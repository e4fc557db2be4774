/** `<looks-tab number=… ?may-export>`: who looked in a stretch of time. */
import { html, nothing } from "../vendor/lit.js";
import { api } from "../shared/api.js";
import { define, PageElement } from "../shared/element.js";
import { when } from "../shared/format.js";
import { t } from "../shared/i18n.js";
import { busy, toastError } from "../shared/ui.js";

const DAY_MS = 86_400_000;
const KINDS = ["unmask", "talk", "view"];
const PAGE = 50;

/** @param {number} moment @returns {string} the day as a date field has it */
function dateOf(moment) {
  const at = new Date(moment);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
}

class LooksTab extends PageElement {
  static properties = { number: {}, mayExport: { type: Boolean, attribute: "may-export" }, items: { state: true }, next: { state: true } };

  constructor() {
    super();
    this.number = "";
    this.mayExport = false;
    /** @type {any[] | null} */
    this.items = null;
    /** @type {string | null} */
    this.next = null;
    this.asked = { since: dateOf(Date.now() - 6 * DAY_MS), until: dateOf(Date.now()), kind: "" };
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("number")) this.load().catch(toastError);
  }

  query() {
    const start = new Date(`${this.asked.since}T00:00:00`);
    const end = new Date(new Date(`${this.asked.until}T00:00:00`).getTime() + DAY_MS);
    return { since: start.toISOString(), until: end.toISOString(), number: this.number, kind: this.asked.kind };
  }

  /** @param {boolean} [more] */
  async load(more = false) {
    const page = await api.get("/privacy/looks", { ...this.query(), limit: PAGE, cursor: more ? this.next : "" });
    this.items = more ? [...(this.items ?? []), ...page.items] : page.items;
    this.next = page.next;
  }

  /** @param {SubmitEvent} event */
  search(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const given = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
    this.asked = { since: given("since"), until: given("until"), kind: given("kind") };
    this.number = given("number");
    busy(/** @type {HTMLElement} */ (event.submitter), () => this.load());
  }

  render() {
    return html`<div class="stack">${this.filters()}${this.table()}
      ${this.next ? html`<button class="btn btn--wide" type="button" @click=${(/** @type {Event} */ e) => busy(e, () => this.load(true))}>${t("common.more")}</button>` : nothing}</div>`;
  }

  filters() {
    const { since, until, kind } = this.asked;
    const file = `/api/v1/privacy/looks.csv?${new URLSearchParams(this.query())}`;
    return html`<form class="card card--tight privacy__filters" @submit=${this.search}>
      <div class="field"><label for="looks-since">${t("privacy.since")}</label><input class="input" id="looks-since" name="since" type="date" required .value=${since} /></div>
      <div class="field"><label for="looks-until">${t("privacy.until")}</label><input class="input" id="looks-until" name="until" type="date" required .value=${until} /></div>
      <div class="field"><label for="looks-number">${t("privacy.number")}</label><input class="input" id="looks-number" name="number" .value=${this.number} /></div>
      <div class="field"><label for="looks-kind">${t("privacy.kind")}</label><select class="select" id="looks-kind" name="kind">
        <option value="">${t("privacy.anyKind")}</option>${KINDS.map((one) => html`<option value=${one} ?selected=${one === kind}>${t(`privacy.kind.${one}`)}</option>`)}</select></div>
      <div class="btn-row"><button class="btn btn--primary">${t("privacy.search")}</button>
        ${this.mayExport ? html`<a class="btn" href=${file} download title=${t("privacy.exportHint")}><x-icon name="download"></x-icon>${t("privacy.export")}</a>` : nothing}</div>
    </form>`;
  }

  table() {
    if (!this.items) return html`<div class="card" aria-busy="true"><span class="skeleton skeleton--block"></span></div>`;
    if (!this.items.length) return html`<x-empty icon="eye" heading=${t("privacy.looks.empty")}></x-empty>`;
    const heads = ["at", "number", "kind", "who", "purpose", "fields"];
    return html`<div class="card card--flush table-wrap"><table class="table"><thead><tr>${heads.map((name) => html`<th>${t(`privacy.${name}`)}</th>`)}</tr></thead>
      <tbody>${this.items.map((one) => html`<tr><td class="nowrap">${when(one.at)}</td><td class="number nowrap">${one.number}</td><td class="nowrap">${one.kind_label}</td>
        <td class="wide">${[one.who, one.unit_name || one.role_label].filter(Boolean).join(" · ")}</td>
        <td class="wide">${[one.purpose_label, one.note].filter(Boolean).join("：")}</td><td>${one.fields.join(t("common.listComma"))}</td></tr>`)}</tbody></table></div>`;
  }
}

define("looks-tab", LooksTab);
